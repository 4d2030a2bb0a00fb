"""What came of a meeting, as its provider sees it: the draft and who confirmed it, then the outcome and its actions."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, get_template_attribute, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.access.domain import Fresh, Permission, requires
from parley.casework.domain import CaseState
from parley.casework.timeline import Happening
from parley.casework.views import CaseView
from parley.casework.wording import Names, party_name
from parley.compartment import queries
from parley.compartment.queries import CopyView, DraftView, FeedbackView
from parley.db.scope import Side
from parley.db.session import LoginUnavailableError
from parley.kernel.errors import Conflict
from parley.meetings.queries import held_meeting
from parley.outcomes import service
from parley.outcomes.wording import KINDS, NOT_BINDING, PROVIDER_BUTTONS, RIGHTS
from parley.web import current
from parley.web.runtime import runtime
from parley.workspaces import own_outcome as pages
from parley.workspaces.outcome_forms import RATINGS
from parley.workspaces.outcome_words import OwnOutcome, outcome_words, party_words, recorded
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.forms import ConfirmForm
from parley.workspaces.provider.opening import Opened, opened

_OUTCOME = "/cases/<uuid:authority_id>/<uuid:case_id>/outcome"
_BOTH = ("GET", "POST")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CopyWords:
    """Who has a copy, what they said to it, and where a family's answer by phone is recorded."""

    who: str
    state: str
    tone: str
    at: dt.datetime
    change: str
    spoken: str | None


@requires(Permission.WORKLIST_READ, fresh=Fresh.CONFIDENTIAL)
def outcome(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Show how far the draft has come, or the outcome and how its actions stand; and what people thought."""
    found = opened(authority_id, case_id)
    own = provider_side(found.view, found.names)
    reachable, draft, feedback = True, None, []
    try:
        with runtime().database.begin(own.scope) as session:
            draft, feedback = queries.newest_draft(session), list(queries.feedback(session))
    except LoginUnavailableError:
        reachable = False
    may_mediate = current.actor().may(Permission.CASE_MEDIATE)
    waits = found.view.state is CaseState.MEETING_HELD
    return render_template(
        "provider/outcome.html",
        own=own,
        view=found.view,
        back=own.address("case"),
        reachable=reachable,
        draft=draft if waits else None,
        kind=KINDS[draft.text.kind] if draft else "",
        actions=[(one, party_words(own, one.owner_id)) for one in draft.text.actions] if draft else [],
        copies=[_copy(own, copy, draft) for copy in draft.copies] if draft else [],
        outcomes=[outcome_words(own, one) for one in recorded(found.view)],
        feedback=[(_speaker(found, own, one), RATINGS[one.rating], one.words, one.given_at) for one in feedback],
        waits=waits,
        is_open=found.view.state is CaseState.OUTCOME_RECORDED,
        may_mediate=may_mediate,
        may_close=current.actor().may(Permission.CASE_COORDINATE) or may_mediate,
        not_binding=NOT_BINDING,
        rights=RIGHTS,
    )


@requires(Permission.CASE_MEDIATE)
def nothing_agreed(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Record that a meeting was held and nothing agreed."""
    found = opened(authority_id, case_id)
    _require(found, CaseState.MEETING_HELD)

    def do() -> str:
        meeting = held_meeting(current.session(), authority_id=authority_id, case_id=case_id)
        service.record_nothing_agreed(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            meeting_id=meeting.id if meeting else None,
        )
        return "outcome"

    page = ActPage(
        title="Record that nothing was agreed",
        does=(
            "Every side sees that the meeting was held and that nothing was agreed. Nothing of what was said is "
            "recorded, so nobody has to confirm anything.",
            "If the sides want their open issues written down, write a draft instead: each side then confirms its own "
            "copy, and the family can print the page for an appeal.",
        ),
        button="Record that nothing was agreed",
    )
    return act(found, page, ConfirmForm(), do)


@requires(Permission.WORKLIST_READ)
def close(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Close a case whose outcome is recorded."""
    found = opened(authority_id, case_id)
    _require(found, CaseState.OUTCOME_RECORDED)
    page = ActPage(
        title="Close the case",
        does=(
            "Everybody in the case sees that it is closed. They can still read the outcome.",
            "Agreed actions are not followed up here any more, done or not.",
        ),
        button="Close the case",
        warning="This closes the case for everybody.",
        tone="warning",
    )
    return act(found, page, ConfirmForm(), _doing(service.close_case, authority_id, case_id, "closed-with-outcome"))


@requires(Permission.WORKLIST_READ)
def another_meeting(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Open the case for another meeting."""
    found = opened(authority_id, case_id)
    _require(found, CaseState.OUTCOME_RECORDED)
    page = ActPage(
        title="Arrange another meeting",
        does=(
            "For when those who take part want to meet again. The outcome so far stays as it is.",
            "Next you suggest times, as you did for the first meeting.",
        ),
        button="Open the case for another meeting",
    )
    do = _doing(service.arrange_another, authority_id, case_id, "another-meeting", policy=found.policy())
    return act(found, page, ConfirmForm(), do)


@requires(Permission.WORKLIST_READ)
def action(authority_id: uuid.UUID, case_id: uuid.UUID, action_id: uuid.UUID) -> ResponseReturnValue:
    """Record what somebody told the provider of an agreed action."""
    found = opened(authority_id, case_id)
    return pages.change_action(provider_side(found.view, found.names), action_id)


@requires(Permission.WORKLIST_READ)
def dispute(authority_id: uuid.UUID, case_id: uuid.UUID, action_id: uuid.UUID) -> ResponseReturnValue:
    """Record what the family says is not done."""
    found = opened(authority_id, case_id)
    return pages.dispute_page(provider_side(found.view, found.names), action_id)


def provider_side(view: CaseView, names: Names) -> OwnOutcome:
    """Return the case as the signed-in person of the provider's staff opens what came of its meeting."""
    return OwnOutcome(
        view=view,
        names=names,
        side=Side.PROVIDER,
        person_id=current.identity_id(),
        buttons=PROVIDER_BUTTONS,
    )


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages, and the block on the page of a case, to the provider's."""
    blueprint.context_processor(lambda: {"outcome_block": _block})
    add = blueprint.add_url_rule
    add(_OUTCOME, "outcome", outcome)
    add(f"{_OUTCOME}/nothing-agreed", "nothing_agreed", nothing_agreed, methods=_BOTH)
    add(f"{_OUTCOME}/close", "close", close, methods=_BOTH)
    add(f"{_OUTCOME}/another-meeting", "another_meeting", another_meeting, methods=_BOTH)
    add(f"{_OUTCOME}/<uuid:action_id>", "outcome_action", action, methods=["POST"])
    add(f"{_OUTCOME}/<uuid:action_id>/not-done", "outcome_dispute", dispute, methods=_BOTH)


def _block(view: CaseView) -> Markup:
    """Return what the page of a case says of the time after its meeting. Never opens the compartment."""
    known = any(entry.happening == Happening.OUTCOME_RECORDED.value for entry in view.timeline)
    own = provider_side(view, Names(council="", provider=""))
    block: Callable[..., Markup] = get_template_attribute("provider/outcome_block.html", "block")
    actor = current.actor()
    return block(
        own,
        known=known,
        waits=view.state is CaseState.MEETING_HELD,
        may_note=actor.may(Permission.CASE_MEDIATE),
        may_raise=actor.may(Permission.CONCERN_RAISE),
    )


def _copy(own: OwnOutcome, copy: CopyView, draft: DraftView) -> CopyWords:
    member = next((member.name for member in own.view.members if member.id == copy.member_id), "")
    party = next(party for party in own.view.parties if party.id == copy.party_id)
    state, tone, at = "Has not answered", "waiting", copy.given_at
    if copy.confirmed_at is not None:
        state, tone, at = ("Confirmed by phone" if copy.spoken else "Confirmed"), "good", copy.confirmed_at
    elif copy.change:
        state, tone = "Asks for a change", "bad"
    may_speak = copy.side is Side.FAMILY and not draft.settled and not draft.superseded
    return CopyWords(
        who=f"{member}, {party_name(party, own.names)}" if member else party_words(own, copy.party_id),
        state=state,
        tone=tone,
        at=at,
        change=copy.change,
        spoken=own.address("draft_spoken", copy_id=copy.id) if may_speak else None,
    )


def _speaker(found: Opened, own: OwnOutcome, said: FeedbackView) -> str:
    """Return who gave feedback: a person of a party by name, a council by its own."""
    if said.side is Side.COUNCIL:
        return found.desk.council
    member = next((member for member in own.view.members if member.id == said.author_id), None)
    return member.name if member is not None else "Somebody who took part"


def _doing(
    do: Callable[..., object], authority_id: uuid.UUID, case_id: uuid.UUID, done: str, **more: Any
) -> Callable[[], str]:
    def doing() -> str:
        do(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            **more,
        )
        return done

    return doing


def _require(found: Opened, state: CaseState) -> None:
    if found.view.state is not state:
        raise Conflict(
            "This case has moved on since the page was opened. Open it again to see how it stands now.",
            code="case-moved-on",
        )

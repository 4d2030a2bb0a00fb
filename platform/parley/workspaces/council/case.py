"""The open side of one case, as the council's officers read it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from flask import render_template

from parley.access.domain import Permission, requires
from parley.casework.domain import Capacity, CaseState, Channel, ClockBasis, ClockCode, PartyKind, Viewer
from parley.casework.service.coordinating import record_read
from parley.casework.views import ClockView, PartyView
from parley.casework.wording import (
    answer_words,
    clock_words,
    decline_words,
    next_step,
    party_name,
    state_words,
    timeline_words,
)
from parley.kernel.calendar import age_on
from parley.web import current
from parley.web.formatting import long_date
from parley.workspaces import rules
from parley.workspaces.council.listing import ASKED, officer_words
from parley.workspaces.council.opening import Opened, authority_id, opened, today

CAPACITIES = {
    Capacity.PARENT_CARER: "parent or carer",
    Capacity.YOUNG_PERSON: "young person",
    Capacity.ALTERNATIVE_PERSON: "acts for the young person",
    Capacity.OFFICER: "officer",
    Capacity.DECISION_MAKER: "can decide in the meeting",
    Capacity.SETTING_CONTACT: "school or setting",
    Capacity.ICB_CONTACT: "NHS body",
}

#: What a date rests on, in a sentence of its own.
BASES = {
    ClockBasis.LAW: "Set by law.",
    ClockBasis.POLICY: "A rule of {council}.",
    ClockBasis.CONTRACT: "Agreed in the contract with {council}.",
    ClockBasis.OUR_AIM: "Our aim. Neither the law nor {council} has set this date.",
}
OWN_WORD = "The date that {council} gave the family."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Silence:
    """That the council's own date went by unanswered."""

    due_on: dt.date
    basis: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SideWords:
    """One side's answer, in words."""

    name: str
    answer: str
    tone: str
    reason: str
    words: str
    holding_until: dt.date | None
    answered_at: dt.datetime | None
    people: Sequence[str]
    not_asked: bool
    unavailable: str


@requires(Permission.CASE_READ_OPEN)
def case(case_id: uuid.UUID) -> str:
    """Show what is next, who asks about what, what was shared and answered, and who at the council has it."""
    found = opened(case_id)
    view, names = found.view, found.names
    asked = own_clock(found)
    page = render_template(
        "council/case.html",
        view=view,
        council=names.council,
        provider=names.provider,
        state=own_state(found),
        next=next_step(view, names, today()),
        basis=basis_words(asked, names.council) if asked else "",
        silence=silence(found),
        may_answer=may_answer(found),
        facts=_facts(found),
        statements=[(rules.STATEMENTS[statement.kind], statement.body) for statement in view.statements],
        sides=[side_words(found, party) for party in view.parties if party.kind is not PartyKind.FAMILY],
        clocks=[clock_words(clock, view.viewer, names, today()) for clock in view.clocks if not clock.stopped],
        timeline=timeline_words(view, names),
        officer=officer_words(view.assigned_id, view.assigned_name),
        is_mine=view.assigned_id is not None and view.assigned_id == current.actor().identity_id,
    )
    # After the page is made, so that what failed to be shown is not recorded as read.
    record_read(
        current.session(), actor=current.actor(), at=current.now(), authority_id=authority_id(), case_id=case_id
    )
    return page


def may_answer(found: Opened) -> bool:
    """Tell whether the council can answer, or change its answer, now."""
    return found.view.state is CaseState.COUNCIL_TOLD and not found.own.removed


def own_clock(found: Opened) -> ClockView | None:
    """Return the date by which the council's own answer is asked for, if it runs."""
    running = [clock for clock in found.view.clocks if clock.is_running() and clock.code in ASKED]
    return min(running, key=lambda clock: clock.due_on, default=None)


def silence(found: Opened) -> Silence | None:
    """Return that the council has let its date go by, or None."""
    asked = own_clock(found)
    if asked is None or not asked.is_missed(today()) or not may_answer(found):
        return None
    return Silence(due_on=asked.due_on, basis=basis_words(asked, found.names.council))


def own_state(found: Opened) -> tuple[str, str]:
    """Return where the case stands for the council, and the tone."""
    if silence(found) is not None:
        return "No answer given", "bad"
    if own_clock(found) is not None and may_answer(found):
        return "Your answer is needed", "action"
    return state_words(found.view.state, Viewer.LOCAL_AUTHORITY, found.names, found.view.close_reason)


def basis_words(clock: ClockView, council: str) -> str:
    """Return in a sentence whose date it is: the law's, the council's, or an aim of the service."""
    own_word = clock.code is ClockCode.HOLDING_UNTIL
    return (OWN_WORD if own_word else BASES[clock.basis]).format(council=council)


def side_words(found: Opened, party: PartyView) -> SideWords:
    """Return a side's answer in words. Reasons and words of others are the family's and the provider's to read."""
    answer, tone = answer_words(party)
    own = party.kind is PartyKind.LOCAL_AUTHORITY
    not_asked = not party.may_be_invited and not party.removed
    return SideWords(
        name=f"{found.names.council} (you)" if own else _name(found, party),
        answer="Not asked" if not_asked else answer,
        tone="neutral" if not_asked else tone,
        reason=decline_words(party.reason, found.names),
        words=party.words,
        holding_until=party.holding_until,
        answered_at=party.answered_at,
        people=[
            f"{member.name} ({CAPACITIES[member.capacity]})"
            for member in found.view.members
            if member.party_id == party.id and member.name
        ],
        not_asked=not_asked,
        unavailable=party.unavailable,
    )


def _name(found: Opened, party: PartyView) -> str:
    name = party_name(party, found.names)
    return name[:1].upper() + name[1:]


def _facts(found: Opened) -> list[tuple[str, str]]:
    view = found.view
    of_family = {party.id for party in view.parties if party.kind is PartyKind.FAMILY}
    askers = [member for member in view.members if member.party_id in of_family]
    born = view.child.date_of_birth
    others = [_name(found, party) for party in view.parties if party.kind in {PartyKind.SETTING, PartyKind.ICB}]
    against_council = [found.names.council] if PartyKind.LOCAL_AUTHORITY.value in view.against else []
    pairs = [
        ("Child or young person", view.child.name),
        ("Date of birth", f"{long_date(born)} ({age_on(born, today())} years old)" if born else ""),
        ("School or setting", view.child.setting),
        ("Who asks", "\n".join(f"{member.name} ({CAPACITIES[member.capacity]})" for member in askers)),
        ("About", "\n".join(rules.area_texts(found.policy, view.areas))),
        ("With", "\n".join([*against_council, *others])),
        ("Stage", rules.stage_text(found.policy, view.facts)),
        ("Decision letter dated", _date(view.facts.get("decision_letter_date"))),
        ("Asked on", f"{long_date(view.sent_at)}{' by phone' if view.channel is Channel.PHONE else ''}"),
        ("You were told on", long_date(view.council_told_at) if view.council_told_at else ""),
    ]
    if view.asked_as_question:
        pairs.append(("Sent as a question", "The check on this site did not say yes; the family asks all the same."))
    return [(name, value) for name, value in pairs if value]


def _date(iso: object) -> str:
    return long_date(dt.date.fromisoformat(iso)) if isinstance(iso, str) else ""

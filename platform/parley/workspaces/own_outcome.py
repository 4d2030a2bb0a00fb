"""What came of a meeting, as one of its sides reads and answers it: alike for family, council and invited people.

The draft and the feedback are opened on the compartment's own connection, after the open side has shown that the person
has a place in the case; the outcome is open text. Each audience says how it opens a case and which
permission each page takes (``add_pages``).
"""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from parley.access.domain import Fresh, Permission
from parley.casework.domain import CaseState
from parley.casework.service.coordinating import record_read
from parley.casework.timeline import Happening
from parley.casework.views import CaseView
from parley.compartment import drafts, queries
from parley.compartment.domain import Rating
from parley.compartment.feedback import give_feedback
from parley.db.session import LoginUnavailableError
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings.queries import held_meeting
from parley.outcomes.domain import ActionChange
from parley.outcomes.queries import ActionView
from parley.outcomes.service import say_of_action
from parley.outcomes.wording import DONE, KINDS, NOT_BINDING, RIGHTS, TONES
from parley.web import current
from parley.web.runtime import runtime
from parley.workspaces.case_pages import CasePages
from parley.workspaces.outcome_forms import AnswerForm, DisputeForm, FeedbackForm
from parley.workspaces.outcome_words import CLICKS, OwnOutcome, outcome_words, party_words, recorded

_BOTH = ("GET", "POST")


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutcomePermissions:
    """What each of these pages takes of an audience's people.

    ``dispute`` is None where nobody of the audience may say that an action is not done: they have no such page.
    """

    outcome: Permission
    remaining: Permission
    action: Permission
    dispute: Permission | None = None
    draft: Permission
    feedback: Permission


def add_pages(
    blueprint: Blueprint, address: str, opened: Callable[[uuid.UUID], OwnOutcome], permissions: OutcomePermissions
) -> None:
    """Add these pages, and the block on the page of a case, to an audience's."""
    case = CasePages(blueprint=blueprint, address=address, opened=opened)
    case.add("/outcome", "outcome", outcome_page, permissions.outcome)
    case.add("/outcome/still-open", "outcome_remaining", remaining_page, permissions.remaining)
    case.add("/outcome/<uuid:action_id>", "outcome_action", change_action, permissions.action, methods=["POST"])
    if permissions.dispute is not None:
        address = "/outcome/<uuid:action_id>/not-done"
        case.add(address, "outcome_dispute", dispute_page, permissions.dispute, methods=_BOTH)
    case.add("/your-copy", "draft", draft_page, permissions.draft, methods=_BOTH, fresh=Fresh.CONFIDENTIAL)
    case.add("/feedback", "feedback", feedback_page, permissions.feedback, methods=_BOTH)
    blueprint.context_processor(lambda: {"outcome_block": in_short})


def outcome_page(own: OwnOutcome) -> str:
    """Show what came of the case's meetings, newest first. Raises NotFound before there is anything."""
    found, done = recorded(own.view), _change(request.args.get("done", ""))
    page = render_template(
        "outcome/own.html",
        own=own,
        view=own.view,
        back=own.address("case"),
        outcomes=[outcome_words(own, one) for one in found],
        waits=own.view.state is CaseState.MEETING_HELD,
        not_binding=NOT_BINDING,
        rights=RIGHTS,
        done=DONE[done] if done is not None else "",
    )
    _read(own)
    return page


def remaining_page(own: OwnOutcome) -> str:
    """Show the issues that remain, and what was agreed about them, as a page to print: open text only."""
    found = [one for one in recorded(own.view) if one.remaining]
    if not found:
        raise NotFound
    page = render_template(
        "outcome/remaining.html",
        own=own,
        view=own.view,
        back=own.address("outcome"),
        outcome=outcome_words(own, found[0], for_others=True),
        not_binding=NOT_BINDING,
    )
    _read(own)
    return page


def change_action(own: OwnOutcome, action_id: uuid.UUID) -> ResponseReturnValue:
    """Record one click about an action."""
    change = _change(request.form.get("change", ""))
    if change not in CLICKS:
        raise NotFound
    _say(own, action_id, change)
    return redirect(own.address("outcome", done=change.value), 303)


def dispute_page(own: OwnOutcome, action_id: uuid.UUID) -> ResponseReturnValue:
    """Ask what is not done, or not as agreed."""
    action, form = _action(own.view, action_id), DisputeForm()
    if form.validate_on_submit():
        try:
            _say(own, action_id, ActionChange.DISPUTE, str(form.words.data))
            return redirect(own.address("outcome", done=ActionChange.DISPUTE.value), 303)
        except Invalid as invalid:
            form.take_errors(invalid)
        except Conflict as conflict:
            # The page is shown again with what was typed, so that nothing of it is lost.
            current.session().rollback()
            form.form_errors = [conflict.message]
    page = render_template(
        "outcome/dispute.html", form=form, own=own, view=own.view, back=own.address("outcome"), what=action.what
    )
    return page, 422 if form.was_sent else 200


def draft_page(own: OwnOutcome) -> ResponseReturnValue:
    """Show this side's own copy of the draft, and take its answer: confirmed, or what is to be changed."""
    form = AnswerForm()
    try:
        may_confirm = own.may_answer and own.may_confirm and not own.view.on_hold
        said = _answer(own, form) if form.was_sent and may_confirm else ""
        if said:
            flash(said)
            return redirect(own.address("draft"), 303)
        with runtime().database.begin(own.scope) as session:
            draft = queries.newest_draft(session)
    except LoginUnavailableError:
        return _unreachable(own, typed=str(form.change.data or ""))
    copy = draft.copies[0] if draft is not None and draft.copies else None
    if copy is not None:
        form.offer(confirmed=copy.confirmed_at is not None)
    page = render_template(
        "outcome/draft.html",
        form=form,
        own=own,
        view=own.view,
        back=own.address("case"),
        draft=draft,
        copy=copy,
        kind=KINDS[draft.text.kind] if draft is not None else "",
        actions=[(action, party_words(own, action.owner_id)) for action in draft.text.actions] if draft else [],
        is_open=own.view.standing is CaseState.MEETING_HELD,
        not_binding=NOT_BINDING,
    )
    _read(own)
    return page, 422 if form.was_sent else 200


def feedback_page(own: OwnOutcome) -> ResponseReturnValue:
    """Ask what the person thought of the meeting. Only the provider reads it."""
    meeting = held_meeting(current.session(), authority_id=own.view.authority_id, case_id=own.view.id)
    if meeting is None:
        raise NotFound
    form = FeedbackForm()
    try:
        with runtime().database.begin(own.scope) as session:
            said = [one for one in queries.feedback(session) if one.author_id == own.person_id]
            if not said and form.validate_on_submit():
                give_feedback(
                    session,
                    actor=current.actor(),
                    at=current.now(),
                    meeting_id=meeting.id,
                    rating=Rating(form.rating.data),
                    words=str(form.words.data or ""),
                )
                flash("Thank you. What you wrote went to the service.")
                return redirect(own.address("case"), 303)
    except LoginUnavailableError:
        return _unreachable(own, typed=str(form.words.data or ""))
    page = render_template(
        "outcome/feedback.html", form=form, own=own, view=own.view, back=own.address("case"), said=bool(said)
    )
    return page, 422 if form.was_sent else 200


def in_short(view: CaseView) -> Markup:
    """Return the outcome in a few lines for the page of the case; nothing before a meeting was held.

    Never opens the compartment: whether there is a draft to check, its own page says.
    """
    block: Callable[..., Markup] = get_template_attribute("components/outcome.html", "in_short")
    if any(entry.happening == Happening.OUTCOME_RECORDED.value for entry in view.timeline):
        newest, today = recorded(view)[0], current.today()
        late = sum(action.facts.is_overdue(today) for action in newest.actions)
        to_do = sum(not action.facts.is_settled for action in newest.actions)
        href = url_for(".outcome", case_id=view.id)
        return block(KINDS[newest.kind], TONES[newest.kind], href, to_do, late)
    if view.state is CaseState.MEETING_HELD:
        return block(None, None, url_for(".draft", case_id=view.id), 0, 0)
    return Markup()


def _answer(own: OwnOutcome, form: AnswerForm) -> str:
    """Record what was said to the copy that was shown; return what the page says then, "" when it could not be."""
    with runtime().database.begin(own.scope) as session:
        draft = queries.newest_draft(session)
        if draft is None or not form.validate():
            return ""
        if request.form.get("version") != str(draft.version):
            # Confirmed is what was read, never what took its place meanwhile.
            form.form_errors = ["There is a newer version now. Read it before you answer."]
            return ""
        try:
            return _record(own, form, draft.copies[0].id, session)
        except Invalid as invalid:
            form.take_errors(invalid)
        except Conflict as conflict:
            form.form_errors = [conflict.message]
    return ""


def _record(own: OwnOutcome, form: AnswerForm, copy_id: uuid.UUID, session: Any) -> str:
    actor, at = current.actor(), current.now()
    match form.answer.data:
        case "confirm":
            drafts.confirm(session, actor=actor, at=at, copy_id=copy_id)
            return "You confirmed your copy. It becomes an agreement when everybody has confirmed theirs."
        case "take_back":
            drafts.take_back(session, actor=actor, at=at, copy_id=copy_id)
            return "Your confirmation was taken back."
        case _:
            drafts.ask_for_change(session, actor=actor, at=at, copy_id=copy_id, words=str(form.change.data or ""))
            return f"{own.names.provider} was told what you would like to be changed. Nobody else reads it."


def _unreachable(own: OwnOutcome, *, typed: str) -> ResponseReturnValue:
    page = render_template("outcome/unreachable.html", own=own, view=own.view, back=own.address("case"), typed=typed)
    return page, 503


def _say(own: OwnOutcome, action_id: uuid.UUID, change: ActionChange, words: str = "") -> None:
    say_of_action(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        case=own.view,
        action_id=action_id,
        change=change,
        words=words,
    )


def _action(view: CaseView, action_id: uuid.UUID) -> ActionView:
    for outcome in recorded(view):
        for action in outcome.actions:
            if action.id == action_id:
                return action
    raise NotFound


def _change(value: str) -> ActionChange | None:
    try:
        return ActionChange(value)
    except ValueError:
        return None


def _read(own: OwnOutcome) -> None:
    # After the page is made, so that what failed to be shown is not recorded as read.
    record_read(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=own.view.authority_id,
        case_id=own.view.id,
    )

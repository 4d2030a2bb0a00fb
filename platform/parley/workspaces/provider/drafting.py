"""Writing a draft after a meeting, giving each side its copy, and recording what a family says to it on the phone."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.casework.agreement import MOST_ITEMS
from parley.casework.domain import CaseState
from parley.compartment import drafts, queries
from parley.compartment.domain import CopyHolder, Participant, copy_holders
from parley.compartment.queries import CopyView, DraftView
from parley.db.scope import Side
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings.queries import held_meeting
from parley.meetings.views import HeldMeeting
from parley.outcomes.wording import KINDS
from parley.web import current
from parley.web.runtime import runtime
from parley.workspaces.outcome_forms import SpokenForm
from parley.workspaces.outcome_words import OwnOutcome, party_words
from parley.workspaces.provider.draft_form import DraftForm, draft_form, errors_by_row, read_text, rows_for
from parley.workspaces.provider.forms import ConfirmForm
from parley.workspaces.provider.opening import opened
from parley.workspaces.provider.outcome import provider_side

_DRAFT = "/cases/<uuid:authority_id>/<uuid:case_id>/draft"
_BOTH = ("GET", "POST")

MORE = "more"


@requires(Permission.CASE_MEDIATE, fresh=Fresh.CONFIDENTIAL)
def write(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Write the first version of a draft, or the next; nobody outside the provider sees it before copies are given."""
    own, meeting = _after_meeting(authority_id, case_id)
    newest = _newest(own, meeting)
    text = newest.text if newest else None
    sent = request.method == "POST"
    rows = _rows() if sent else rows_for(text)
    adds = sent and request.form.get("step") == MORE
    doing = {one: party_words(own, one) for one in (*_parties(meeting), None)}
    form = draft_form(doing, text, min(rows + adds, MOST_ITEMS))
    if sent and not adds and form.validate() and _write(own, meeting, form, rows):
        flash("The draft is saved. Nobody outside your team sees it yet.")
        return redirect(own.address("outcome"), 303)
    seen = request.form.get("instead_of", str(newest.version if newest else 0))
    page = render_template(
        "provider/draft.html",
        form=form,
        rows=min(rows + adds, MOST_ITEMS),
        may_add=rows + adds < MOST_ITEMS,
        view=own.view,
        back=own.address("outcome"),
        seen=seen,
        was_given=newest is not None and newest.was_given,
        others=", ".join(name for party, name in doing.items() if party is not None),
    )
    return page, 422 if sent and not adds else 200


@requires(Permission.CASE_MEDIATE, fresh=Fresh.CONFIDENTIAL)
def give(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Give each side that was at the meeting its own copy to confirm."""
    own, meeting = _after_meeting(authority_id, case_id)
    draft, holders = _newest(own, meeting), _holders(own, meeting)
    if draft is None:
        raise NotFound
    form = ConfirmForm()
    if form.validate_on_submit():
        if request.form.get("version") != str(draft.version):
            raise Conflict("There is a newer version now. Look at it before you give it out.", code="draft-moved-on")
        with runtime().database.begin(own.scope) as session:
            drafts.give_copies(session, actor=current.actor(), at=current.now(), draft_id=draft.id, holders=holders)
        flash("Each side has its copy, and is told that it is there")
        return redirect(own.address("outcome"), 303)
    names = {member.id: member.name for member in own.view.members}
    return render_template(
        "provider/give_copies.html",
        form=form,
        view=own.view,
        back=own.address("outcome"),
        draft=draft,
        kind=KINDS[draft.text.kind],
        actions=[(one, party_words(own, one.owner_id)) for one in draft.text.actions],
        holders=[
            (party_words(own, holder.party_id), names.get(holder.member_id, "") if holder.member_id else "")
            for holder in holders
        ],
    )


@requires(Permission.WORKLIST_READ, fresh=Fresh.CONFIDENTIAL)
def spoken(authority_id: uuid.UUID, case_id: uuid.UUID, copy_id: uuid.UUID) -> ResponseReturnValue:
    """Record what a member of the family said to their copy when it was read to them on the phone."""
    own, meeting = _after_meeting(authority_id, case_id)
    draft = _newest(own, meeting)
    copy = _copy(draft, copy_id)
    form = SpokenForm()
    if form.validate_on_submit():
        try:
            _record_spoken(own, form, copy_id)
            flash("What they said is recorded")
            return redirect(own.address("outcome"), 303)
        except Invalid as invalid:
            form.take_errors(invalid)
        except Conflict as conflict:
            form.form_errors = [conflict.message]
    who = next((member.name for member in own.view.members if member.id == copy.member_id), "")
    page = render_template(
        "provider/spoken_answer.html",
        form=form,
        view=own.view,
        back=own.address("outcome"),
        draft=draft,
        who=who,
        kind=KINDS[draft.text.kind] if draft else "",
        actions=[(one, party_words(own, one.owner_id)) for one in draft.text.actions] if draft else [],
    )
    return page, 422 if form.was_sent else 200


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to the provider's."""
    blueprint.add_url_rule(_DRAFT, "draft", write, methods=_BOTH)
    blueprint.add_url_rule(f"{_DRAFT}/give", "draft_give", give, methods=_BOTH)
    blueprint.add_url_rule(f"{_DRAFT}/<uuid:copy_id>/by-phone", "draft_spoken", spoken, methods=_BOTH)


def _after_meeting(authority_id: uuid.UUID, case_id: uuid.UUID) -> tuple[OwnOutcome, HeldMeeting]:
    """Return the case and its held meeting. Raises Conflict unless the case waits for what came of it."""
    found = opened(authority_id, case_id)
    meeting = held_meeting(current.session(), authority_id=authority_id, case_id=case_id)
    if meeting is None or found.view.standing is not CaseState.MEETING_HELD:
        raise Conflict(
            "This case does not wait for the outcome of a meeting. Open it again to see how it stands now.",
            code="case-moved-on",
        )
    return provider_side(found.view, found.names), meeting


def _newest(own: OwnOutcome, meeting: HeldMeeting) -> DraftView | None:
    with runtime().database.begin(own.scope) as session:
        return queries.newest_draft(session, meeting_id=meeting.id)


def _write(own: OwnOutcome, meeting: HeldMeeting, form: DraftForm, rows: int) -> bool:
    """Write the version that was typed; tell whether it was taken. What is wrong stands beside what was typed."""
    try:
        text = read_text(form, rows)
        with runtime().database.begin(own.scope) as session:
            drafts.write_draft(
                session,
                actor=current.actor(),
                at=current.now(),
                meeting_id=meeting.id,
                parties=frozenset(_parties(meeting)),
                text=text,
                instead_of=int(request.form.get("instead_of") or 0),
            )
    except Invalid as invalid:
        form.take_errors(errors_by_row(invalid, form, rows))
        return False
    except Conflict as conflict:
        form.form_errors = [conflict.message]
        return False
    return True


def _record_spoken(own: OwnOutcome, form: SpokenForm, copy_id: uuid.UUID) -> None:
    actor, at = current.actor(), current.now()
    with runtime().database.begin(own.scope) as session:
        if form.answer.data == "confirm":
            drafts.confirm(session, actor=actor, at=at, copy_id=copy_id)
        elif form.answer.data == "take_back":
            drafts.take_back(session, actor=actor, at=at, copy_id=copy_id)
        else:
            drafts.ask_for_change(session, actor=actor, at=at, copy_id=copy_id, words=str(form.change.data or ""))


def _copy(draft: DraftView | None, copy_id: uuid.UUID) -> CopyView:
    for copy in draft.copies if draft else ():
        if copy.id == copy_id and copy.side is Side.FAMILY:
            return copy
    raise NotFound


def _parties(meeting: HeldMeeting) -> list[uuid.UUID]:
    return list(dict.fromkeys(meeting.attended.values()))


def _holders(own: OwnOutcome, meeting: HeldMeeting) -> list[CopyHolder]:
    kinds = {party.id: party.kind for party in own.view.parties}
    return list(
        copy_holders(
            Participant(
                member_id=member.id,
                party_id=member.party_id,
                party=kinds[member.party_id],
                is_rights_holder=member.is_rights_holder,
                attended=member.id in meeting.attended,
            )
            for member in own.view.members
        )
    )


def _rows() -> int:
    typed = request.form.get("rows", "")
    return min(int(typed), MOST_ITEMS) if typed.isdecimal() and len(typed) <= 2 else rows_for(None)

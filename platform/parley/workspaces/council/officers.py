"""Who at the council has a case, and the council's own number for it."""

import uuid

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, Role, requires
from parley.casework.service.answers import assign, set_council_number
from parley.identity.queries import staff_in_role
from parley.kernel.errors import Conflict
from parley.web import current
from parley.web.fields import Choice
from parley.workspaces.council.answering import moved_on
from parley.workspaces.council.forms import ColleagueForm, NumberForm
from parley.workspaces.council.opening import Opened, back_to, opened

#: Who can have a case.
ROLES = (Role.OFFICER, Role.TEAM_MANAGER)
NOBODY = "nobody"


@requires(Permission.CASE_ASSIGN)
def take(case_id: uuid.UUID) -> ResponseReturnValue:
    """Give the case to the officer who asks for it."""
    return _give(opened(case_id), current.identity_id(), "This case is yours now.")


@requires(Permission.CASE_ASSIGN)
def hand_over(case_id: uuid.UUID) -> ResponseReturnValue:
    """Give the case to a colleague, or back to nobody."""
    found, form, colleagues = opened(case_id), ColleagueForm(), _colleagues()
    form.officer.choices = _choices(found, colleagues)
    if form.validate_on_submit():
        if form.officer.data == NOBODY:
            return _give(found, None, "The case is back among the unassigned ones.")
        chosen = uuid.UUID(str(form.officer.data))
        return _give(found, chosen, f"The case was given to {colleagues[chosen] or 'a colleague'}.")
    page = render_template(
        "council/hand_over.html",
        form=form,
        view=found.view,
        has_colleagues=any(one != found.view.assigned_id for one in colleagues),
        nobody=NOBODY,
        back=_case_page(found),
    )
    return page, 422 if form.was_sent else 200


@requires(Permission.CASE_ASSIGN)
def number(case_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the council's own number for the case."""
    found = opened(case_id)
    form = NumberForm(data={"number": found.view.council_number})
    if form.validate_on_submit():
        set_council_number(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=current.authority_id(),
            case_id=case_id,
            number=str(form.number.data),
        )
        return back_to(case_id, "Your number was kept." if form.number.data else "Your number was taken out.")
    page = render_template("council/number.html", form=form, view=found.view, back=_case_page(found))
    return page, 422 if form.was_sent else 200


def _give(found: Opened, to: uuid.UUID | None, done: str) -> ResponseReturnValue:
    try:
        assign(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=current.authority_id(),
            case_id=found.view.id,
            officer_id=to,
            instead_of=_from_whom(),
        )
    except Conflict:
        current.session().rollback()
        return moved_on(opened(found.view.id))
    return back_to(found.view.id, done)


def _from_whom() -> uuid.UUID | None:
    """Return who had the case when the page was opened. Raises Conflict for what no page sent."""
    sent = request.form.get("instead_of", "")
    try:
        return uuid.UUID(sent) if sent else None
    except ValueError:
        raise Conflict("Open the case again to see who has it.", code="unknown-officer") from None


def _colleagues() -> dict[uuid.UUID, str]:
    """Return the council's officers and team managers, by id, as they are called."""
    found = [
        member
        for role in ROLES
        for member in staff_in_role(current.session(), realm_id=current.authority_id(), role=role)
        if member.id != current.identity_id()
    ]
    return {member.id: member.shown_as for member in sorted(found, key=lambda member: member.shown_as.casefold())}


def _choices(found: Opened, colleagues: dict[uuid.UUID, str]) -> tuple[Choice, ...]:
    holder = found.view.assigned_id
    offered = [
        Choice(value=str(one), text=name or "A colleague whose sign-in gives no name")
        for one, name in colleagues.items()
        if one != holder
    ]
    if holder is not None:
        divider = "or" if offered else None
        offered.append(Choice(value=NOBODY, text="Nobody: put it back among the unassigned ones", divider=divider))
    return tuple(offered)


def _case_page(found: Opened) -> str:
    return url_for("council.case", case_id=found.view.id)

"""Who at the provider looks after a case."""

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, Role, requires
from parley.casework.domain import Attention, CaseState
from parley.casework.service.coordinating import assign_coordinator, settle_conflict_of_interest
from parley.identity.queries import staff_in_role
from parley.kernel.errors import Conflict
from parley.web import current
from parley.web.fields import Choice
from parley.workspaces.provider import forms
from parley.workspaces.provider.act_page import ActPage, act
from parley.workspaces.provider.lists import coordinator_words
from parley.workspaces.provider.opening import Opened, opened, provider_id

NOBODY = "nobody"


@requires(Permission.CASE_COORDINATE)
def coordinator(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Take a case, hand it to a colleague, or let it go."""
    return _hand_over(_open(authority_id, case_id))


@requires(Permission.PROVIDER_ADMINISTER)
def hand_over(authority_id: uuid.UUID, case_id: uuid.UUID) -> ResponseReturnValue:
    """Give a case to somebody; where there is a conflict of interest, to somebody who can act independently."""
    found = _open(authority_id, case_id)
    if found.desk.attention is Attention.CONFLICT_OF_INTEREST:
        return _settle(found)
    return _hand_over(found)


def _hand_over(found: Opened) -> ResponseReturnValue:
    form = forms.HandOverForm(data={"coordinator": str(found.desk.coordinator_id or NOBODY)})
    form.coordinator.choices = (*_staff(found), Choice(value=NOBODY, text="Nobody for now", divider="or"))

    def do() -> str:
        chosen = _chosen(form)
        assign_coordinator(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=found.view.authority_id,
            case_id=found.view.id,
            coordinator_id=chosen,
            instead_of=_had(),
        )
        mine = chosen is not None and chosen == current.actor().identity_id
        return "let-go" if chosen is None else "taken" if mine else "handed-over"

    page = ActPage(
        title="Who looks after this case?",
        does=("Everybody here can open it. Whoever looks after it finds it under “Mine”.",),
        button="Save",
        template="provider/hand_over.html",
    )
    return act(found, page, form, do, had=str(found.desk.coordinator_id or NOBODY))


def _settle(found: Opened) -> ResponseReturnValue:
    form = forms.HandOverForm()
    form.coordinator.choices = _staff(found)

    def do() -> str:
        settle_conflict_of_interest(
            current.session(),
            actor=current.actor(),
            at=current.now(),
            authority_id=found.view.authority_id,
            case_id=found.view.id,
            coordinator_id=uuid.UUID(form.coordinator.data),
        )
        return "settled"

    page = ActPage(
        title="Give this case to somebody independent",
        does=(
            "Somebody said that they cannot act independently in it. Choose who can. If nobody here can, ring the "
            "family and the council: another provider has to be found.",
        ),
        button="Hand it over",
        template="provider/hand_over.html",
    )
    return act(found, page, form, do, had=str(found.desk.coordinator_id or NOBODY))


def _open(authority_id: uuid.UUID, case_id: uuid.UUID) -> Opened:
    found = opened(authority_id, case_id)
    if found.view.state is CaseState.CLOSED:
        raise Conflict("This case is closed.", code="closed")
    return found


def _staff(found: Opened) -> tuple[Choice, ...]:
    """Return the coordinators, oneself first; where somebody has it who is none any more, they stay on the list."""
    me = current.actor()
    staff = {
        person.id: person.shown_as
        for person in staff_in_role(current.session(), realm_id=provider_id(), role=Role.COORDINATOR)
    }
    if found.desk.coordinator_id is not None:
        staff.setdefault(found.desk.coordinator_id, found.desk.coordinator)
    ordered = sorted(staff, key=lambda person_id: person_id != me.identity_id)
    return tuple(
        Choice(value=str(person_id), text=coordinator_words(person_id, staff[person_id])) for person_id in ordered
    )


def _chosen(form: forms.HandOverForm) -> uuid.UUID | None:
    return None if form.coordinator.data == NOBODY else uuid.UUID(form.coordinator.data)


def _had() -> uuid.UUID | None:
    """Return who had the case when the page was opened, as the page said; whatever it cannot have said is not it."""
    had = request.form.get("had", NOBODY)
    try:
        return None if had == NOBODY else uuid.UUID(had)
    except ValueError:
        raise Conflict("Open the case again to see how it stands now.", code="case-moved-on") from None

"""Requests that no provider could take: the council says which one does, and is shown nothing of them."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import placing
from parley.casework.domain import PassedOnBecause
from parley.casework.service import passing
from parley.kernel.errors import NotFound
from parley.policy.queries import current_policy, receiving
from parley.tenancy.domain import CouncilCommission
from parley.web import current
from parley.web.fields import Choice, RadioField, Required
from parley.web.forms import BaseForm

REASONS = {
    PassedOnBecause.CONFLICT_OF_INTEREST: "could not be neutral in it",
    PassedOnBecause.NO_ROOM: "has no room for it",
    PassedOnBecause.CONTRACT_ENDED: "let go of it when its contract ended early",
}


class PlaceForm(BaseForm):
    """Which provider takes a request."""

    provider = RadioField(
        "Which provider takes this request?",
        [Required("Select a provider")],
        hint="Ask the provider first. It gets the request when you press the button.",
    )


@requires(Permission.CASE_PLACE)
def waiting() -> str:
    """List the requests that wait for the council to name a provider."""
    return render_template(
        "council/placing.html",
        waiting=placing.unplaced(current.session(), current.authority_id()),
        reasons=REASONS,
    )


@requires(Permission.CASE_PLACE)
def place(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which provider takes one request, and give it to that one."""
    session, authority_id = current.session(), current.authority_id()
    found = next((one for one in placing.unplaced(session, authority_id) if one.case_id == case_id), None)
    if found is None:
        raise NotFound
    form, able = PlaceForm(), _able()
    refused = {name for name, because in found.passed_on if because is PassedOnBecause.CONFLICT_OF_INTEREST}
    form.provider.choices = tuple(
        Choice(value=str(one.provider.id), text=one.provider.name) for one in able if one.provider.name not in refused
    )
    if form.validate_on_submit():
        passing.place(
            session,
            actor=current.actor(),
            at=current.now(),
            authority_id=authority_id,
            case_id=case_id,
            provider_id=uuid.UUID(form.provider.data),
            terms=placing.terms_of(session, authority_id, case_id, current.today()),
        )
        flash(f"{found.reference} was given to the provider that you chose")
        return redirect(url_for("council.placing"), 303)
    page = render_template(
        "council/place.html", form=form, found=found, reasons=REASONS, back=url_for("council.placing")
    )
    return page, 422 if form.was_sent else 200


def _able() -> list[CouncilCommission]:
    session, authority_id, today = current.session(), current.authority_id(), current.today()
    return receiving(session, authority_id, current_policy(session, authority_id, today).policy, today)

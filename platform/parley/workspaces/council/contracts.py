"""With whom the council has a contract for a service, for those who answer for it. No case is shown here."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.placing import open_cases_with
from parley.kernel.errors import Invalid, NotFound
from parley.tenancy import queries as tenancy
from parley.tenancy import service
from parley.tenancy.domain import ContractStanding, CouncilCommission, EarlyEnd, EarlyEndBecause, Service
from parley.web import current
from parley.web.fields import Choice, DateField, RadioField, Required, TextField
from parley.web.formatting import long_date
from parley.web.forms import BaseForm

SERVICES: Mapping[Service, str] = {
    Service.DISAGREEMENT_RESOLUTION: "Disagreement resolution",
    Service.MEDIATION_ADVICE: "Mediation advice",
    Service.MEDIATION: "Mediation",
    Service.INFORMAL_RESOLUTION: "Informal resolution",
}

EARLY: Mapping[EarlyEndBecause, str] = {
    EarlyEndBecause.ENDED: "The contract ends before its time. The provider can finish the cases that it has",
    EarlyEndBecause.FAILED: "The provider cannot go on, or may not, also with the cases that it has",
}


class EarlyEndForm(BaseForm):
    """Why and when a contract ends before its time, and how the council knows."""

    because = RadioField(
        "What happens?",
        [Required("Select what happens")],
        choices=tuple(Choice(value=because.value, text=text) for because, text in EARLY.items()),
    )
    on = DateField(
        "From which day do no new requests go to this provider?",
        [Required("Enter the day")],
        noun="the day",
        hint="It may be today, or a day that has passed.",
    )
    source = TextField(
        "How do you know?",
        [Required("Enter how you know")],
        max_length=300,
        hint="For example, the provider’s letter of 20 November 2026. Write nothing about a family.",
    )


@requires(Permission.MEASURES_READ)
def contracts() -> str:
    """List the council's contracts, each with what was agreed in it, as far as it was published."""
    today, may_end = current.today(), current.actor().may(Permission.CONTRACT_END)
    held = tenancy.commissions(current.session(), current.authority_id())
    return render_template(
        "council/contracts.html",
        contracts=[
            {
                "id": one.id,
                "provider": one.provider.name,
                "service": SERVICES[one.service],
                "standing": standing(one, today),
                "facts": list(_facts(one)),
                "ends_early": one.early_end is not None,
                "may_end": may_end and (one.early_end is not None or _runs(one, today)),
            }
            for one in held
        ],
    )


@requires(Permission.CONTRACT_END)
def early_end(commission_id: uuid.UUID) -> ResponseReturnValue:
    """Record that a contract ends early, having said what that means; or show what was recorded of it."""
    found, today = _contract(commission_id), current.today()
    form = EarlyEndForm()
    if found.early_end is None and form.validate_on_submit():
        try:
            service.end_early(
                current.session(),
                **_act(commission_id),
                because=EarlyEndBecause(form.because.data),
                on=form.on.data,
                source=str(form.source.data),
            )
        except Invalid as invalid:
            form.take_errors(invalid)
        else:
            flash("The early end is recorded")
            return redirect(url_for(".early_end", commission_id=commission_id), 303)
    page = render_template(
        "council/early_end.html",
        form=form if found.early_end is None else None,
        found=found,
        service=SERVICES[found.service],
        facts=list(_early_facts(found.early_end)) if found.early_end else [],
        standing=standing(found, today),
        count=open_cases_with(current.session(), current.authority_id(), found.provider.id),
        is_resolution=found.service is Service.DISAGREEMENT_RESOLUTION,
        back=url_for(".contracts"),
    )
    return page, 422 if form.was_sent else 200


@requires(Permission.CONTRACT_END)
def take_early_end_back(commission_id: uuid.UUID) -> ResponseReturnValue:
    """Let a contract run on as if its early end had not been recorded."""
    found = _contract(commission_id)
    service.take_early_end_back(current.session(), **_act(commission_id))
    flash(f"The early end is taken back: new requests can go to {found.provider.name} again")
    return redirect(url_for(".contracts"), 303)


def standing(one: CouncilCommission, today: dt.date) -> tuple[str, str]:
    """Return how a contract stands on a day, in words, and the tone of it (``components/status.html``)."""
    terms, early = one.terms, one.early_end
    if terms.standing is ContractStanding.TO_BE_CONFIRMED:
        return "To be confirmed", "waiting"
    if terms.standing is ContractStanding.ENDED or (terms.ends is not None and terms.ends < today):
        return "Ended", "neutral"
    if terms.begins is not None and terms.begins > today:
        return "Begins later", "waiting"
    if early is None or (terms.begins is not None and terms.begins > early.on):
        return "In force", "good"
    if early.on > today:
        return "Ends early", "waiting"
    return ("Cannot go on", "bad") if early.because is EarlyEndBecause.FAILED else ("Ended early", "neutral")


def _runs(one: CouncilCommission, today: dt.date) -> bool:
    terms = one.terms
    over = terms.ends is not None and terms.ends < today
    return terms.standing is ContractStanding.CURRENT and not over


def _contract(commission_id: uuid.UUID) -> CouncilCommission:
    """Return a contract of the council. Raises NotFound."""
    held = tenancy.commissions(current.session(), current.authority_id())
    found = next((one for one in held if one.id == commission_id), None)
    if found is None:
        raise NotFound
    return found


def _act(commission_id: uuid.UUID) -> dict[str, Any]:
    return {
        "actor": current.actor(),
        "at": current.now(),
        "authority_id": current.authority_id(),
        "commission_id": commission_id,
    }


def _facts(one: CouncilCommission) -> Iterator[tuple[str, str]]:
    terms = one.terms
    yield "From", long_date(terms.begins) if terms.begins else "Not published"
    yield "To", long_date(terms.ends) if terms.ends else "Not published"
    if one.early_end:
        yield "Ends early", f"No new request goes there from {long_date(one.early_end.on)}"
    if terms.may_be_extended_to:
        yield "May be extended to", f"{long_date(terms.may_be_extended_to)}, if the council decides so"
    yield "Bought", f"Through {one.framework}" if one.framework else "By the council itself"
    yield "Open cases at a time", str(terms.capacity) if terms.capacity else "No number was published"
    if terms.languages:
        yield "Languages", ", ".join(terms.languages)
    if terms.specialisms:
        yield "Specialisms", ", ".join(terms.specialisms)


def _early_facts(early: EarlyEnd) -> Iterator[tuple[str, str]]:
    yield "What happens", EARLY[early.because]
    yield "No new requests from", long_date(early.on)
    yield "How you know", early.source
    yield "Recorded on", long_date(early.recorded_at)

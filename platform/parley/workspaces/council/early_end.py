"""A contract that ends early: recording it, asking the families of its cases who goes on, and taking it back.

Numbers are shown, and no case.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.allocation import Receiver, Receiving
from parley.casework.changing import ChangeCounts, change_counts
from parley.casework.placing import open_cases_with
from parley.casework.service import changing_over
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.notifications.tasks import council_tasks
from parley.policy.queries import current_policy, receiving
from parley.tenancy import queries as tenancy
from parley.tenancy import service
from parley.tenancy.domain import CouncilCommission, EarlyEnd, EarlyEndBecause, Service
from parley.web import current
from parley.web.fields import Choice, DateField, RadioField, Required, TextField
from parley.web.formatting import long_date
from parley.web.forms import BaseForm
from parley.workspaces.council.contracts import SERVICES, standing

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


class AskForm(BaseForm):
    """Which provider families are asked about."""

    provider = RadioField(
        "Which provider can take over?",
        [Required("Select a provider")],
        hint="Ask the provider first whether it can take so many cases.",
    )


@requires(Permission.CONTRACT_END)
def early_end(commission_id: uuid.UUID) -> ResponseReturnValue:
    """Record that a contract ends early, having said what that means; or show what was recorded of it."""
    found, form = contract_of(commission_id), EarlyEndForm()
    if found.early_end is not None:
        return _recorded(found, found.early_end)
    if form.validate_on_submit():
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
        "council/end_early.html",
        form=form,
        found=found,
        service=SERVICES[found.service],
        count=open_cases_with(current.session(), current.authority_id(), found.provider.id),
        is_resolution=found.service is Service.DISAGREEMENT_RESOLUTION,
        back=url_for(".contracts"),
    )
    return page, 422 if form.was_sent else 200


@requires(Permission.CONTRACT_END)
def ask_families(commission_id: uuid.UUID) -> ResponseReturnValue:
    """Name the provider that can take over, and have the families of the open cases asked."""
    found = contract_of(commission_id)
    if not _may_ask(found):
        raise Conflict("This contract has not ended early, so nobody is asked.", code="not-ended-early")
    form, able = AskForm(), _able(found)
    form.provider.choices = tuple(Choice(value=str(one.provider.id), text=one.provider.name) for one in able)
    if form.validate_on_submit():
        changing_over.ask_families(
            current.session(),
            **_act(commission_id),
            new_provider_id=uuid.UUID(form.provider.data),
            receiving=Receiving(receivers=tuple(Receiver(provider_id=one.provider.id) for one in able)),
        )
        flash("The families are being asked")
        return redirect(url_for(".early_end", commission_id=commission_id), 303)
    page = render_template(
        "council/ask_families.html",
        form=form,
        found=found,
        count=_counts(found).unasked,
        can_finish=found.early_end is not None and found.early_end.because is EarlyEndBecause.ENDED,
        back=url_for(".early_end", commission_id=commission_id),
    )
    return page, 422 if form.was_sent else 200


@requires(Permission.CONTRACT_END)
def take_early_end_back(commission_id: uuid.UUID) -> ResponseReturnValue:
    """Let a contract run on as if its early end had not been recorded."""
    found = contract_of(commission_id)
    if found.service is Service.DISAGREEMENT_RESOLUTION:
        changing_over.take_early_end_back(current.session(), **_act(commission_id), provider_id=found.provider.id)
    else:
        service.take_early_end_back(current.session(), **_act(commission_id))
    flash(f"The early end is taken back: new requests can go to {found.provider.name} again")
    return redirect(url_for(".contracts"), 303)


def _recorded(found: CouncilCommission, early: EarlyEnd) -> str:
    """Return the page of what was recorded, and of how it stands with the cases."""
    is_resolution = found.service is Service.DISAGREEMENT_RESOLUTION
    counts = _counts(found)
    return render_template(
        "council/early_end.html",
        found=found,
        service=SERVICES[found.service],
        standing=standing(found, current.today()),
        facts=list(_early_facts(found, early)),
        counts=counts,
        stand=list(_stand(found, counts)) if is_resolution else [],
        to_ring=_to_ring(found, early),
        may_ask=_may_ask(found) and counts.unasked > 0,
        may_take_back=not (is_resolution and (counts.moved or counts.moving)),
        back=url_for(".contracts"),
    )


def _may_ask(found: CouncilCommission) -> bool:
    has_ended = found.early_end is not None and found.early_end.on <= current.today()
    return has_ended and found.service is Service.DISAGREEMENT_RESOLUTION


def _to_ring(found: CouncilCommission, early: EarlyEnd) -> int:
    """Return how many families the council has to ring by itself."""
    if found.service is not Service.DISAGREEMENT_RESOLUTION or early.because is not EarlyEndBecause.FAILED:
        return 0
    return len(council_tasks(current.session(), authority_id=current.authority_id(), on=current.today()))


def _counts(found: CouncilCommission) -> ChangeCounts:
    return change_counts(current.session(), current.authority_id(), found.provider.id)


def _able(found: CouncilCommission) -> list[CouncilCommission]:
    """Return the council's other providers that can take requests today."""
    session, authority_id, today = current.session(), current.authority_id(), current.today()
    able = receiving(session, authority_id, current_policy(session, authority_id, today).policy, today)
    return [one for one in able if one.provider.id != found.provider.id]


def contract_of(commission_id: uuid.UUID) -> CouncilCommission:
    """Return a contract of the council. Raises NotFound."""
    found = tenancy.commission_by_id(current.session(), current.authority_id(), commission_id)
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


def _early_facts(found: CouncilCommission, early: EarlyEnd) -> Iterator[tuple[str, str]]:
    yield "What happens", EARLY[early.because]
    yield "No new requests from", long_date(early.on)
    yield "How you know", early.source
    yield "Recorded on", long_date(early.recorded_at)
    if found.new_provider_id is not None:
        yield "Families are asked about", tenancy.provider_by_id(current.session(), found.new_provider_id).name


def _stand(found: CouncilCommission, counts: ChangeCounts) -> Iterator[tuple[str, str]]:
    """Return how many families were asked and what they said; what never happened is left out."""
    name = found.provider.name
    yield "Not asked", str(counts.unasked)
    if found.new_provider_id is not None:
        yield "Have not answered yet", str(counts.waiting)
        yield f"Stay with {name}", str(counts.staying)
        yield "Moved, or about to", str(counts.moved + counts.moving)

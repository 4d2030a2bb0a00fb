"""With whom the council has a contract for a service, for those who answer for it. No case is shown here."""

import datetime as dt
from collections.abc import Iterator, Mapping

from flask import render_template

from parley.access.domain import Permission, requires
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import ContractStanding, CouncilCommission, EarlyEndBecause, Service
from parley.web import current
from parley.web.formatting import long_date

SERVICES: Mapping[Service, str] = {
    Service.DISAGREEMENT_RESOLUTION: "Disagreement resolution",
    Service.MEDIATION_ADVICE: "Mediation advice",
    Service.MEDIATION: "Mediation",
    Service.INFORMAL_RESOLUTION: "Informal resolution",
}


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

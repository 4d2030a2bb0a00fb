"""Closed cases whose time is nearly over, and legal holds."""

import datetime as dt

from parley.casework.domain import CaseState
from parley.retention import service
from support.factories import OPERATOR, Factory, MadeCase
from support.family import Served

#: How long a closed case is kept where the council states no time, through the whole of the last day.
YEARS = 6


def closed_case(make: Factory, council: Served, *, days_left: int, told: bool = True) -> MadeCase:
    """Make a case that goes in so many days."""
    ends = make.clock.now() + dt.timedelta(days=days_left - 1)
    closed_at = ends.replace(year=ends.year - YEARS)
    return make.case(
        council.authority,
        provider=council.provider,
        state=CaseState.CLOSED,
        closed_at=closed_at,
        council_told_at=closed_at if told else None,
        policy_version_id=council.policy_version_id,
    )


def hold(make: Factory, case: MadeCase, reason: str) -> None:
    """Place a legal hold on a case."""
    with make.database.begin(case.authority_scope) as session:
        service.place_hold(
            session,
            actor=OPERATOR,
            at=make.clock.now(),
            authority_id=case.authority.id,
            reference=case.reference,
            by="operator1",
            reason=reason,
        )

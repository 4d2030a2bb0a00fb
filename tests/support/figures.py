"""Cases that are counted, made at moments of the past, and what was counted of them."""

import datetime as dt
import uuid
from typing import Any

from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from parley.reporting.models import MeasureRow
from parley.reporting.queries import council_figures
from parley.reporting.service import count_figures
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.factories import NOW, Factory, MadeCase


def asked_on(
    make: Factory, authority: Authority, provider: ProviderOrganisation, *days: dt.date, **columns: Any
) -> list[MadeCase]:
    """Make a case for each of ``days``, on which at noon it reached the provider."""
    made = []
    for day in days:
        at = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
        made.append(Factory(make.database, FixedClock(at)).case(authority, provider=provider, **columns))
    return made


def count_now(database: Database, authority: Authority, at: dt.datetime = NOW) -> None:
    """Count the council's figures, as the worker does."""
    with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
        count_figures(session, authority_id=authority.id, at=at)


def counts_of(database: Database, authority: Authority, year: int = 2026) -> dict[tuple[uuid.UUID, dt.date], Any]:
    """Return what is kept for a financial year, as the council reads it: provider and first day to counts."""
    with database.begin(authority_scope(authority.id)) as session:
        rows = council_figures(session, authority.id, year)
    return {(row.provider_id, row.quarter.begins): row.tally.counts for row in rows}


def keep_row(database: Database, authority: Authority, commission_id: uuid.UUID, **values: Any) -> MeasureRow:
    """Keep a row of figures as the worker would."""
    row = MeasureRow(
        **{
            "authority_id": authority.id,
            "commission_id": commission_id,
            "quarter_begins": dt.date(2026, 7, 1),
            "counts": {},
            "median_days": {},
            "bases": {},
            "counted_at": NOW,
            **values,
        }
    )
    with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
        session.add(row)
        session.commit()
    return row

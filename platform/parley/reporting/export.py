"""Figures as a CSV file: exactly those of the page. The columns are documented in docs/figures.md, and stay. Pure."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from parley.kernel.clock import london
from parley.reporting.domain.measures import breakdowns
from parley.reporting.domain.publication import Cell, ContractQuarter, Figure
from parley.reporting.domain.quarters import quarters_of_year
from parley.web.csv_file import csv_text

COLUMNS = (
    "area",
    "gss_code",
    "provider",
    "contract_from",
    "contract_to",
    "period",
    "from",
    "to",
    "measure",
    "breakdown",
    "part",
    "count",
    "at_least",
    "at_most",
    "median_days",
    "due_dates_rest_on",
    "counted_at",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """What the figures of one year are of: who counts as the whole, and what each council and provider is called.

    ``councils`` maps a council's id to its name and GSS code.
    """

    year: int
    whole: str
    councils: Mapping[uuid.UUID, tuple[str, str]]
    providers: Mapping[uuid.UUID, str]


def csv_of(figures: Mapping[Cell, Figure], rows: Collection[ContractQuarter], named: Named) -> str:
    """Return the figures as CSV (RFC 4180), a line for each; ``rows`` are those that they were put together from."""
    contracts = {row.commission_id: row for row in rows}
    counted_at = max((row.counted_at for row in rows), default=None)
    lines = (
        _line(cell, figure, contracts[cell.commission_id] if cell.commission_id else None, named, counted_at)
        for cell, figure in figures.items()
    )
    return csv_text(COLUMNS, lines)


def _line(
    cell: Cell, figure: Figure, contract: ContractQuarter | None, named: Named, counted_at: dt.datetime | None
) -> tuple[object, ...]:
    area, gss_code = named.councils[cell.authority_id] if cell.authority_id else (named.whole, "")
    quarters = (cell.quarter,) if cell.quarter else quarters_of_year(named.year)
    breakdown = next((name for name, parts in breakdowns(cell.measure).items() if cell.part in parts), "")
    count = figure.count
    return (
        area,
        gss_code,
        named.providers.get(contract.provider_id, "") if contract else "",
        contract.starts_on if contract else None,
        contract.ends_on if contract else None,
        "quarter" if cell.quarter else "year",
        quarters[0].begins,
        quarters[-1].ends,
        cell.measure.value,
        breakdown,
        cell.part,
        count.exact if count else None,
        count.least if count else None,
        count.most if count else None,
        figure.median_days,
        " ".join(figure.bases),
        london(counted_at).isoformat(timespec="seconds") if counted_at else None,
    )

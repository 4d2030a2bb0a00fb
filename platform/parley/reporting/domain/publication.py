"""The figures of one financial year as they are shown: on pages and in the CSV alike. Pure.

While a quarter runs, its counts alone are shown. Breakdowns and days come when it is over, because parts that grow from
day to day beside their sum give away what was left out the day before.
"""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator

from parley.reporting.domain.counting import Tally
from parley.reporting.domain.measures import Measure, breakdowns, figure_key
from parley.reporting.domain.quarters import Quarter
from parley.reporting.domain.suppression import Range, hidden_parts, shown_count, shown_sum


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContractQuarter:
    """What was counted for one contract of one council in one quarter, and between which days the contract runs."""

    authority_id: uuid.UUID
    commission_id: uuid.UUID
    provider_id: uuid.UUID
    quarter: Quarter
    starts_on: dt.date | None
    ends_on: dt.date | None
    tally: Tally
    counted_at: dt.datetime

    def count(self, measure: Measure, part: str = "") -> int:
        """Return the count of a measure, or of one part of it."""
        return self.tally.counts.get(figure_key(measure, part), 0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """What one figure is of. Of no council: the region; of no contract: all of them; of no quarter: the year."""

    measure: Measure
    part: str = ""
    authority_id: uuid.UUID | None = None
    commission_id: uuid.UUID | None = None
    quarter: Quarter | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure as it is shown; ``count`` is None for a part that is left out.

    ``median_days`` is the middle of the days that it took, ``bases`` what its due dates rest on.
    """

    count: Range | None
    median_days: float | None = None
    bases: tuple[str, ...] = ()


def publish(rows: Collection[ContractQuarter], on: dt.date, *, for_region: bool) -> dict[Cell, Figure]:
    """Return every figure of one financial year that there is to show on the London date ``on``, in a fixed order.

    ``rows`` are those of one council or of all councils of a region. What is shown of a council is the same for both.
    """
    ordered = sorted(rows, key=lambda row: (row.authority_id, row.commission_id, row.quarter))
    found: dict[Cell, Figure] = {}
    for measure in Measure:
        sums: dict[Cell, list[Range]] = defaultdict(list)
        for row in ordered:
            found |= _of_contract(row, measure, on)
            for cell in _summed_up_in(row, measure, for_region=for_region):
                sums[cell].append(shown_count(row.count(measure)))
        found |= {cell: Figure(count=shown_sum(counts)) for cell, counts in sums.items()}
    return found


def _of_contract(row: ContractQuarter, measure: Measure, on: dt.date) -> dict[Cell, Figure]:
    cell = Cell(measure=measure, authority_id=row.authority_id, commission_id=row.commission_id, quarter=row.quarter)
    count = shown_count(row.count(measure))
    bases = tuple(row.tally.bases.get(measure, ()))
    if not row.quarter.is_over(on):
        return {cell: Figure(count=count, bases=bases)}
    median = None if count.exact is None else row.tally.median_days.get(measure)
    found = {cell: Figure(count=count, median_days=median, bases=bases)}
    for parts in breakdowns(measure).values():
        counts = {part: row.count(measure, part) for part in parts}
        hidden = hidden_parts(counts)
        for part, value in counts.items():
            shown = None if part in hidden else Range(least=value, most=value)
            found[dataclasses.replace(cell, part=part)] = Figure(count=shown)
    return found


def _summed_up_in(row: ContractQuarter, measure: Measure, *, for_region: bool) -> Iterator[Cell]:
    """Yield what the count of one contract in one quarter is part of."""
    council = Cell(measure=measure, authority_id=row.authority_id)
    yield dataclasses.replace(council, commission_id=row.commission_id)
    yield dataclasses.replace(council, quarter=row.quarter)
    yield council
    if for_region:
        yield Cell(measure=measure, quarter=row.quarter)
        yield Cell(measure=measure)

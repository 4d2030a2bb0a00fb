"""Figures of one year laid out for a page: who held which contract, a chart, and tables in words. Pure."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from parley.reporting import wording
from parley.reporting.domain.measures import Measure, breakdowns
from parley.reporting.domain.publication import Cell, ContractQuarter, Figure
from parley.reporting.domain.quarters import Quarter, quarters_of_year
from parley.reporting.export import Named
from parley.web.formatting import long_date

#: In place of a figure that there is none of: no contract ran, or the quarter is not over.
NONE = ""


class Held(NamedTuple):
    """Which provider held a contract of which council, and from when to when, in words."""

    council: str
    provider: str
    when: str


class Bar(NamedTuple):
    """One bar of the chart: whose, in which quarter, the count in words, and its length in percent of the longest."""

    quarter: str
    whose: str
    text: str
    percent: float | None


class Row(NamedTuple):
    """One line of a table: what it is, and its figures, quarter by quarter and for the year."""

    text: str
    figures: tuple[str, ...]
    is_part: bool = False


class Table(NamedTuple):
    """A table of one group of measures; ``notes`` say what due dates rest on."""

    title: str
    columns: tuple[str, ...]
    rows: list[Row]
    notes: list[str]


class Section(NamedTuple):
    """The tables of one contract, of several together, or of the region."""

    title: str
    note: str
    tables: list[Table]


def contracts(rows: Sequence[ContractQuarter], named: Named) -> list[Held]:
    """Return who held a contract in the year, by council and then in the order in which the contracts began."""
    return [
        Held(council=named.councils[row.authority_id][0], provider=_provider(row, named), when=_when(row))
        for row in _in_order(rows, named)
    ]


def bars(rows: Sequence[ContractQuarter], figures: Mapping[Cell, Figure], named: Named, on: dt.date) -> list[Bar]:
    """Return the chart of requests: a bar for each contract in each quarter in which there is a figure of it."""
    found = []
    several = len(named.councils) > 1
    for quarter in quarters_of_year(named.year):
        for row in _in_order(rows, named):
            cell = _cell(Measure.REQUESTS, row.authority_id, row.commission_id, quarter)
            if cell in figures:
                council = named.councils[row.authority_id][0]
                whose = f"{council}, {_provider(row, named)}" if several else _provider(row, named)
                found.append((_quarter(quarter, on), whose, figures[cell].count))
    longest = max((count.least for _, _, count in found if count and count.exact), default=0)
    return [
        Bar(
            quarter=quarter,
            whose=whose,
            text=wording.count_words(count),
            percent=round(100 * count.least / longest, 1) if count and count.exact and longest else None,
        )
        for quarter, whose, count in found
    ]


def sections(
    rows: Sequence[ContractQuarter],
    figures: Mapping[Cell, Figure],
    named: Named,
    on: dt.date,
    *,
    for_region: bool,
) -> list[Section]:
    """Return the tables: what is summed up first (the region, a council's several contracts), then each contract."""
    layout = _Layout(figures, named.year, on)
    found = []
    if for_region and rows:
        found.append(Section(title=f"{named.whole} together", note="", tables=layout.tables(None, None)))
    ordered = _in_order(rows, named)
    for council in dict.fromkeys(row.authority_id for row in ordered):
        own = [row for row in ordered if row.authority_id == council]
        of_council = f"{named.councils[council][0]}: " if for_region else ""
        if len(own) > 1:
            title = f"{of_council}{' and '.join(_provider(row, named) for row in own)} together"
            found.append(Section(title=title, note="", tables=layout.tables(council, None)))
        for row in own:
            title = f"{of_council}{_provider(row, named)}"
            found.append(Section(title=title, note=_when(row), tables=layout.tables(council, row.commission_id)))
    return found


class _Layout:
    """Lays out one year's figures."""

    def __init__(self, figures: Mapping[Cell, Figure], year: int, on: dt.date) -> None:
        self._figures, self._quarters = figures, quarters_of_year(year)
        self._columns = (*(_quarter(quarter, on) for quarter in self._quarters), "Year")

    def tables(self, council: uuid.UUID | None, contract: uuid.UUID | None) -> list[Table]:
        """Return the tables of a contract; without one, of a council's contracts; without either, of the region."""
        return [
            Table(
                title=title,
                columns=self._columns,
                rows=[row for measure in measures for row in self._rows(measure, council, contract)],
                notes=[note for measure in measures for note in self._notes(measure, council, contract)],
            )
            for title, measures in wording.GROUPS.items()
        ]

    def _rows(self, measure: Measure, council: uuid.UUID | None, contract: uuid.UUID | None) -> Iterator[Row]:
        yield Row(text=wording.TITLES[measure], figures=self._counts(measure, council, contract))
        if contract is None:
            return
        for name, parts in breakdowns(measure).items():
            yield from self._breakdown(name, {part: self._counts(measure, council, contract, part) for part in parts})
        found = [self._found(measure, council, contract, quarter) for quarter in self._quarters]
        days = [wording.days_words(f.median_days) if f and f.median_days is not None else NONE for f in found]
        if any(days):
            yield Row(text="Days, the middle one", figures=(*days, NONE), is_part=True)

    def _breakdown(self, name: str, parts: Mapping[str, tuple[str, ...]]) -> Iterator[Row]:
        """Yield the parts that say something: not those of noughts alone, nor line by line what is left out whole."""
        left_out = [set(quarter) == {wording.NOT_SHOWN} for quarter in zip(*parts.values(), strict=True)]
        told = {
            part: counts
            for part, counts in parts.items()
            if any(count not in {NONE, "0"} and not out for count, out in zip(counts, left_out, strict=True))
        }
        for part, counts in told.items():
            yield Row(text=wording.PARTS[part], figures=counts, is_part=True)
        if not told and any(left_out):
            shown = tuple(wording.NOT_SHOWN if out else NONE for out in left_out)
            yield Row(text=wording.BREAKDOWNS[name], figures=shown, is_part=True)

    def _counts(
        self, measure: Measure, council: uuid.UUID | None, contract: uuid.UUID | None, part: str = ""
    ) -> tuple[str, ...]:
        found = [self._found(measure, council, contract, quarter, part) for quarter in (*self._quarters, None)]
        return tuple(wording.count_words(figure.count) if figure else NONE for figure in found)

    def _found(
        self,
        measure: Measure,
        council: uuid.UUID | None,
        contract: uuid.UUID | None,
        quarter: Quarter | None,
        part: str = "",
    ) -> Figure | None:
        return self._figures.get(_cell(measure, council, contract, quarter, part))

    def _notes(self, measure: Measure, council: uuid.UUID | None, contract: uuid.UUID | None) -> Iterator[str]:
        found = [self._found(measure, council, contract, quarter) for quarter in self._quarters]
        bases = sorted({basis for figure in found if figure for basis in figure.bases})
        if bases:
            yield f"{wording.TITLES[measure]}: by {'; and by '.join(wording.BASES[basis] for basis in bases)}."


def _cell(
    measure: Measure,
    council: uuid.UUID | None,
    contract: uuid.UUID | None,
    quarter: Quarter | None,
    part: str = "",
) -> Cell:
    return Cell(measure=measure, part=part, authority_id=council, commission_id=contract, quarter=quarter)


def _in_order(rows: Sequence[ContractQuarter], named: Named) -> list[ContractQuarter]:
    """Return one row of each contract, by council and then in the order in which the contracts began."""
    newest = {row.commission_id: row for row in sorted(rows, key=lambda row: row.quarter)}
    return sorted(
        newest.values(),
        key=lambda row: (named.councils[row.authority_id][0], row.starts_on or dt.date.min, row.commission_id),
    )


def _provider(row: ContractQuarter, named: Named) -> str:
    return named.providers.get(row.provider_id, "A provider")


def _when(row: ContractQuarter) -> str:
    begins = f"from {long_date(row.starts_on)}" if row.starts_on else "with no first day published"
    ends = f"to {long_date(row.ends_on)}" if row.ends_on else "with no last day published"
    return f"Contract {begins} {'and ' if not (row.starts_on or row.ends_on) else ''}{ends}"


def _quarter(quarter: Quarter, on: dt.date) -> str:
    name = wording.quarter_name(quarter)
    return name if quarter.is_over(on) or quarter.begins > on else f"{name}, so far"

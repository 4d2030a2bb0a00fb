"""What is shown of a year: of one contract, of both of a change-over, of a region. By hand, and in general."""

import datetime as dt
import uuid
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from parley.reporting.domain.counting import Tally
from parley.reporting.domain.measures import Measure, figure_key
from parley.reporting.domain.publication import Cell, ContractQuarter, Figure, publish
from parley.reporting.domain.quarters import Quarter, quarters_of_year
from parley.reporting.domain.suppression import Range, is_small

ON = dt.date(2026, 11, 24)
DERBY, RUTLAND = uuid.UUID(int=10), uuid.UUID(int=11)
OLD, NEW, THEIRS = uuid.UUID(int=20), uuid.UUID(int=21), uuid.UUID(int=22)
SPRING, SUMMER, AUTUMN, _ = quarters_of_year(2026)
COUNTED_AT = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


def a_row(
    quarter: Quarter,
    *,
    council: uuid.UUID = DERBY,
    contract: uuid.UUID = OLD,
    days: float | None = None,
    **counts: int,
) -> ContractQuarter:
    """Return a contract's quarter with these counts; a part is written with two underscores before it."""
    return ContractQuarter(
        authority_id=council,
        commission_id=contract,
        provider_id=uuid.UUID(int=1),
        quarter=quarter,
        starts_on=None,
        ends_on=None,
        tally=Tally(
            counts={name.replace("__", "."): count for name, count in counts.items()},
            median_days={} if days is None else {"requests": days},
            bases={},
        ),
        counted_at=COUNTED_AT,
    )


def requests(
    found: Mapping[Cell, Figure],
    *,
    part: str = "",
    council: uuid.UUID | None = DERBY,
    contract: uuid.UUID | None = None,
    quarter: Quarter | None = None,
) -> tuple[int, int] | None:
    """Return the least and the most that the requests may be, as shown; None for a part that is left out."""
    cell = Cell(measure=Measure.REQUESTS, part=part, authority_id=council, commission_id=contract, quarter=quarter)
    count = found[cell].count
    return (count.least, count.most) if count else None


def test_a_quarter_that_is_over_is_broken_down_where_no_part_is_small() -> None:
    found = publish([a_row(SUMMER, requests=12, requests__online=7, requests__phone=5)], ON, for_region=False)
    assert requests(found, contract=OLD, quarter=SUMMER) == (12, 12)
    assert requests(found, part="online", contract=OLD, quarter=SUMMER) == (7, 7)
    assert requests(found, part="phone", contract=OLD, quarter=SUMMER) == (5, 5)


def test_a_small_part_takes_its_complement_with_it() -> None:
    found = publish([a_row(SUMMER, requests=12, requests__online=9, requests__phone=3)], ON, for_region=False)
    assert requests(found, contract=OLD, quarter=SUMMER) == (12, 12)
    assert requests(found, part="online", contract=OLD, quarter=SUMMER) is None
    assert requests(found, part="phone", contract=OLD, quarter=SUMMER) is None


def test_the_running_quarter_is_counted_and_not_broken_down() -> None:
    running = a_row(AUTUMN, requests=12, requests__online=12, days=3)
    found = publish([running], ON, for_region=False)
    cell = Cell(measure=Measure.REQUESTS, authority_id=DERBY, commission_id=OLD, quarter=AUTUMN)
    assert found[cell] == Figure(count=Range(least=12, most=12))
    assert not any(cell.part for cell in found)


def test_days_are_shown_with_their_count_and_not_without() -> None:
    def days(count: int) -> float | None:
        found = publish([a_row(SUMMER, requests=count, days=3)], ON, for_region=False)
        return found[Cell(measure=Measure.REQUESTS, authority_id=DERBY, commission_id=OLD, quarter=SUMMER)].median_days

    assert (days(5), days(4)) == (3, None)


def test_a_years_sum_does_not_give_away_its_one_small_quarter() -> None:
    found = publish([a_row(SPRING, requests=9), a_row(SUMMER, requests=3)], ON, for_region=False)
    assert requests(found, contract=OLD, quarter=SUMMER) == (1, 4)
    assert requests(found, contract=OLD) == (10, 13)
    assert requests(found) == (10, 13)


def test_a_changeover_is_summed_up_over_both_providers() -> None:
    rows = [a_row(SPRING, requests=9), a_row(SUMMER, requests=6), a_row(SUMMER, contract=NEW, requests=5)]
    found = publish(rows, ON, for_region=False)
    assert requests(found, quarter=SUMMER) == (11, 11)
    assert requests(found, contract=OLD) == (15, 15)
    assert requests(found, contract=NEW) == (5, 5)
    assert requests(found) == (20, 20)


def test_a_region_less_its_councils_gives_nothing_away() -> None:
    rows = [a_row(SUMMER, requests=9), a_row(SUMMER, council=RUTLAND, contract=THEIRS, requests=2)]
    found = publish(rows, ON, for_region=True)
    assert requests(found, council=None, quarter=SUMMER) == (10, 13)
    assert requests(found, council=None) == (10, 13)


def test_nothing_of_a_region_is_shown_to_a_council() -> None:
    found = publish([a_row(SUMMER, requests=9)], ON, for_region=False)
    assert all(cell.authority_id for cell in found)


COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 60))


@given(st.data(), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_every_small_figure_of_a_region_could_be_any_other_small_one(data: st.DataObject, contracts: list[int]) -> None:
    """Whatever councils, contracts and quarters there are: with other small counts, exactly the same is shown.

    So no figure that is not shown can be worked out from figures, sums of a year, of both providers of a change-over or
    of the region, or from any of these less others, by whoever knows the rule.
    """
    places = [
        (uuid.UUID(int=100 + council), uuid.UUID(int=1000 + 10 * council + contract), quarter)
        for council, many in enumerate(contracts)
        for contract in range(many)
        for quarter in quarters_of_year(2026)[:3]
    ]
    true = [data.draw(COUNTS) for _ in places]
    other = [data.draw(st.integers(1, 4)) if is_small(count) else count for count in true]
    of_part = {count: data.draw(st.integers(0, count)) for count in {*true, *other}}

    def shown(counts: list[int]) -> dict[Cell, Figure]:
        rows = [
            a_row(
                quarter,
                council=council,
                contract=contract,
                days=2,
                requests=count,
                requests__online=of_part[count],
                requests__phone=count - of_part[count],
            )
            for (council, contract, quarter), count in zip(places, counts, strict=True)
        ]
        return publish(rows, ON, for_region=True)

    assert shown(true) == shown(other)


@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_no_small_number_is_ever_shown(counts: list[int]) -> None:
    rows = [a_row(quarter, requests=count) for quarter, count in zip(quarters_of_year(2026), counts, strict=False)]
    shown = [figure.count.exact for figure in publish(rows, ON, for_region=True).values() if figure.count]
    assert not [count for count in shown if count is not None and is_small(count)]


def test_figures_are_kept_under_plain_names() -> None:
    assert figure_key(Measure.REQUESTS) == "requests"
    assert figure_key(Measure.REQUESTS, "online") == "requests.online"

"""No figure that was left out can be worked out: not by sums, and not by knowing the rule as well.

The attacker knows everything that is shown and how it is decided what is shown. What they cannot rule out are all
tables that look the same; so a figure is safe if among those it has more than one value.
"""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.reporting.domain.suppression import SMALL, Range, hidden_parts, is_small, shown_count, shown_sum


def look(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Return what is shown of a breakdown with these parts, and of their sum."""
    parts = dict(enumerate(counts))
    hidden = hidden_parts(parts)
    return (*(None if part in hidden else count for part, count in parts.items()), shown_count(sum(counts)).exact)


@pytest.mark.parametrize(("many", "most"), [(2, 30), (3, 24), (4, 18), (5, 12)])
def test_no_part_of_a_breakdown_can_be_worked_out(many: int, most: int) -> None:
    """Of all breakdowns into ``many`` parts that come to at most ``most``, those that look alike differ in what is
    left out; and every part that is left out of one is something else in another.
    """
    alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=many):
        # The largest sums are there to be looked like, and not looked at: what is like them may come to more.
        if sum(counts) <= most:
            alike[look(counts)].append((*counts, sum(counts)))
    given_away = {
        (seen, place)
        for seen, tables in alike.items()
        for place, shown in enumerate(seen)
        if shown is None and len({table[place] for table in tables}) == 1
    }
    assert given_away == set()


@given(st.lists(st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 60)), min_size=2, max_size=8))
def test_a_part_that_is_left_out_could_be_another(counts: list[int]) -> None:
    """For each there is another breakdown in which it is something else, and of which exactly the same is shown."""
    seen = look(counts)
    for place in (place for place, shown in enumerate(seen[:-1]) if shown is None):
        assert any(look(other) == seen for other in _others(counts, place))


def _others(counts: Sequence[int], place: int) -> list[list[int]]:
    """Return breakdowns in which the part in ``place`` is another: alone, or taken from or given to one of the rest."""
    found = []
    for value in {*range(8), *counts} - {counts[place]}:
        alone = [*counts[:place], value, *counts[place + 1 :]]
        found.append(alone)
        for partner in (other for other in range(len(counts)) if other != place):
            together = list(alone)
            together[partner] += counts[place] - value
            found.append(together)
    return [breakdown for breakdown in found if min(breakdown) >= 0]


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ({"a": 12, "b": 9}, {"a", "b"}),
        ({"a": 12, "b": 0}, {"a", "b"}),
        ({"a": 0, "b": 0}, {"a", "b"}),
        # One small part is its sum without the others.
        ({"a": 12, "b": 3}, set()),
        ({"a": 12, "b": 9, "c": 3, "d": 0}, set()),
        # Two that come to 5 are 1 and 4, 2 and 3, or the other way round.
        ({"a": 12, "b": 9, "c": 3, "d": 2, "e": 0}, {"a", "b", "e"}),
        # Two that come to 2 or to 8 are known, and those that come to 3 or to 7 nearly.
        ({"a": 12, "b": 9, "c": 1, "d": 1}, set()),
        ({"a": 12, "b": 9, "c": 4, "d": 4}, set()),
        ({"a": 12, "b": 9, "c": 1, "d": 2}, set()),
        ({"a": 12, "b": 1, "c": 1, "d": 4}, {"a"}),
        # A small sum takes everything with it.
        ({"a": 3, "b": 0}, set()),
        ({"a": 2, "b": 2, "c": 0}, set()),
    ],
)
def test_what_goes_with_a_small_part(parts: dict[str, int], shown: set[str]) -> None:
    assert set(parts) - hidden_parts(parts) == shown


def test_a_small_count_is_said_to_be_small_and_nought_is_nought() -> None:
    assert [shown_count(count).exact for count in (0, 1, 4, 5, 6)] == [0, None, None, 5, 6]
    assert shown_count(1) == shown_count(4) == Range(least=1, most=4)


COUNTS = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 300)), min_size=1, max_size=12)


@given(COUNTS, st.data())
def test_a_sum_says_nothing_that_the_counts_in_it_do_not(counts: list[int], data: st.DataObject) -> None:
    """Any small count may be any other small one: no sum changes, whichever counts it is of."""
    other = [data.draw(st.integers(SMALL.least, SMALL.most)) if is_small(count) else count for count in counts]
    members = data.draw(st.lists(st.sampled_from(range(len(counts)))))
    assert shown_sum(shown_count(counts[i]) for i in members) == shown_sum(shown_count(other[i]) for i in members)


@given(COUNTS)
def test_a_sum_lies_in_its_range_and_is_exact_where_nothing_small_is_in_it(counts: list[int]) -> None:
    shown = shown_sum(shown_count(count) for count in counts)
    assert shown.least <= sum(counts) <= shown.most
    assert (shown.exact == sum(counts)) == (not any(is_small(count) for count in counts))

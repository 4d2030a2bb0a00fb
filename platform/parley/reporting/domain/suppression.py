"""Which figures are shown, so that none that was left out can be worked out from those that were. Pure.

A count of 1 to 4 could point at somebody and is not shown; nought counts nobody and is. What would give a count away is
left out with it. docs/figures.md has the rule in plain words, and why it is this one.
"""

import dataclasses
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

#: Counts from one to just under this are not shown.
SMALLEST_SHOWN = 5

K = TypeVar("K", bound=Hashable)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Range:
    """A count as it may be known: from ``least`` to ``most``, both included; exactly, where they are the same."""

    least: int
    most: int

    @property
    def exact(self) -> int | None:
        """The count itself, or None where it is not shown."""
        return self.least if self.least == self.most else None


SMALL = Range(least=1, most=SMALLEST_SHOWN - 1)


def is_small(count: int) -> bool:
    """Tell whether a count could point at somebody."""
    return SMALL.least <= count <= SMALL.most


def shown_count(count: int) -> Range:
    """Return a count as it is shown: itself, or that it is small."""
    return SMALL if is_small(count) else Range(least=count, most=count)


def shown_sum(shown: Iterable[Range]) -> Range:
    """Return the sum of counts as they are shown.

    It is put together from what is shown, never from the counts themselves: so it tells nothing that they do not, in
    whatever way sums overlap (a year, both providers of a change-over, a region and its councils), and a count that was
    shown never has to be taken back for the sake of a sum.
    """
    known = list(shown)
    return Range(least=sum(one.least for one in known), most=sum(one.most for one in known))


def hidden_parts(parts: Mapping[K, int]) -> frozenset[K]:
    """Return which parts of one breakdown, of which the sum is shown unless it is small, are left out.

    The small ones, where there are several and their sum leaves open for each whether it is 1, 2, 3 or 4. Otherwise the
    whole breakdown, nought and all: to leave out only some larger part besides would tell, by which one it is, what the
    others cannot be. With a small sum always the whole, because even how many parts are not nought would tell.
    """
    small = frozenset(part for part, count in parts.items() if is_small(count))
    if not small or (not is_small(sum(parts.values())) and _could_each_be_any([parts[part] for part in small])):
        return small
    return frozenset(parts)


def _could_each_be_any(counts: list[int]) -> bool:
    """Tell whether small counts of which the sum is known could each be any number from 1 to 4."""
    others = len(counts) - 1
    return sum(counts) - others * SMALL.least >= SMALL.most and sum(counts) - others * SMALL.most <= SMALL.least

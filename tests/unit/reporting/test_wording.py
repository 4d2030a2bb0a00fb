"""Every figure has a name and a meaning, and docs/figures.md has them too."""

import pathlib
import re

import pytest

from parley.casework.domain import ClockBasis
from parley.reporting import wording
from parley.reporting.domain.measures import BREAKDOWNS, Measure
from parley.reporting.domain.quarters import quarters_of_year
from parley.reporting.domain.suppression import Range
from parley.reporting.export import COLUMNS
from parley.workspaces.hand_over import COLUMNS as HAND_OVER_COLUMNS

PAGE = (pathlib.Path(__file__).parents[3] / "docs" / "figures.md").read_text(encoding="utf-8")


def test_every_measure_and_part_is_named() -> None:
    assert set(wording.TITLES) == set(wording.MEANINGS) == set(Measure)
    assert {part for named in BREAKDOWNS.values() for parts in named.values() for part in parts} == set(wording.PARTS)
    assert {name for named in BREAKDOWNS.values() for name in named} == set(wording.BREAKDOWNS)
    assert set(wording.BASES) == {basis.value for basis in ClockBasis}


def test_every_measure_stands_on_the_page_once() -> None:
    assert sorted(measure for measures in wording.GROUPS.values() for measure in measures) == sorted(Measure)


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_is_documented_with_its_parts(measure: Measure) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{measure}` ")]
    parts = [part for parts in BREAKDOWNS.get(measure, {}).values() for part in parts]
    assert [part for part in parts if f"`{part}`" not in row] == []


@pytest.mark.parametrize(
    ("heading", "columns"),
    [("## The CSV", COLUMNS), ("## Another file: the hand-over report", HAND_OVER_COLUMNS)],
    ids=["figures", "hand-over"],
)
def test_every_column_is_documented_in_its_order(heading: str, columns: tuple[str, ...]) -> None:
    section = PAGE.partition(f"{heading}\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` ", section, re.MULTILINE) == list(columns)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "not shown"),
        (Range(least=0, most=0), "0"),
        (Range(least=1204, most=1204), "1,204"),
        (Range(least=1, most=4), "1 to 4"),
    ],
)
def test_how_a_count_is_said(count: Range | None, said: str) -> None:
    assert wording.count_words(count) == said


def test_how_days_and_quarters_are_said() -> None:
    first = quarters_of_year(2026)[0]
    assert (wording.days_words(3.0), wording.days_words(3.5), wording.days_words(0)) == ("3", "3½", "0")
    assert wording.quarter_name(first) == "Apr to Jun 2026"
    assert wording.year_name(2026) == "April 2026 to March 2027"

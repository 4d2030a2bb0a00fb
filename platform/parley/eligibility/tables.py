"""Which gates and rows belong to a version of the law: when each applies, and what it says. Pure.

A version names its table. A change of law that only moves dates, stages or citations keeps the table it had.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.eligibility.england_2014.gates import GATES
from parley.eligibility.england_2014.row_texts import ROW_TEXTS
from parley.eligibility.england_2014.rows import ROWS
from parley.eligibility.gates import COUNCIL_GATES, Gate
from parley.eligibility.rules import Rule, RuleText
from parley.law.domain import LawVersion, Subject


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Everything that is tried, in order: the law's gates and then the council's; for each subject its rows."""

    gates: tuple[Gate, ...]
    rows: Mapping[Subject, tuple[Rule, ...]]
    texts: Mapping[str, RuleText]


def table(gates: Iterable[Gate], rows: Iterable[Rule], texts: Mapping[str, RuleText]) -> Table:
    """A table of the law's `gates` and `rows`."""
    ordered = tuple(rows)
    by_subject = {subject: tuple(row for row in ordered if subject in row.about) for subject in Subject}
    return Table((*gates, *COUNCIL_GATES), by_subject, texts)


TABLES: Mapping[str, Table] = {"england-2014": table(GATES, ROWS, ROW_TEXTS)}


def table_of(law: LawVersion) -> Table:
    """The table that `law` names. Raises KeyError if there is none, which is a fault of ours."""
    return TABLES[law.table]

"""The tables of gates and rows: complete, with words for everything, and one for every version of the law."""

from itertools import chain, combinations
from types import SimpleNamespace
from typing import Any

import pytest

from parley.eligibility.rules import Rule
from parley.eligibility.tables import TABLES, table_of
from parley.law.domain import Body, Subject
from parley.law.versions import LAW_VERSIONS

laws = pytest.mark.parametrize("law", LAW_VERSIONS, ids=lambda law: law.id)
tables = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))

EVERY_SIDE = [
    frozenset(bodies) for bodies in chain.from_iterable(combinations(Body, count) for count in range(len(Body) + 1))
]


def rows_of(table: Any) -> list[Rule]:
    return list(dict.fromkeys(chain.from_iterable(table.rows.values())))


def applies_whatever_else_holds(rule: Rule, facts: Any) -> bool:
    """Whether `rule` applies by who is on the other side alone: what it asks beyond that, nobody here can answer."""
    try:
        return rule.applies(facts)
    except AttributeError:
        return False


@tables
@pytest.mark.parametrize("subject", list(Subject))
def test_some_row_applies_whoever_is_on_the_other_side_and_whatever_else_was_answered(table, subject):
    """All 512 sets of bodies; with them alone a row applies, so no other answer can leave a family without one."""
    for against in EVERY_SIDE:
        facts = SimpleNamespace(against=against)
        assert any(applies_whatever_else_holds(rule, facts) for rule in table.rows[subject]), (subject, against)


@tables
def test_every_row_has_words_and_every_word_a_row(table):
    assert {rule.text for rule in rows_of(table)} == set(table.texts)


@tables
def test_a_text_belongs_to_one_row(table):
    owners: dict[str, set[tuple[str, str]]] = {}
    for rule in rows_of(table):
        owners.setdefault(rule.text, set()).add((rule.id, rule.cites))
    assert {text for text, rules in owners.items() if len(rules) > 1} == set()


@laws
def test_every_version_of_the_law_has_a_table_for_its_gates_and_rows(law):
    table = table_of(law)
    assert {rule.id for rule in rows_of(table)} == set(law.rows)
    assert {rule.cites for rule in rows_of(table)} <= {"", *law.citations}
    of_the_law = {gate.rule for gate in table.gates if not gate.title}
    # A young person who asks for themselves is stopped by nothing, and so by no gate.
    assert of_the_law == set(law.gates) - {"G2"}

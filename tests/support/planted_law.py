"""A version of the law that no parliament made, to stand beside the real one: other lengths, ages, stages and rows."""

from dataclasses import replace
from datetime import date

import pytest

from parley.eligibility import tables
from parley.eligibility.england_2014.gates import GATES
from parley.eligibility.england_2014.row_texts import ROW_TEXTS
from parley.eligibility.england_2014.rows import ROWS
from parley.eligibility.result import Answer
from parley.eligibility.rules import RuleText
from parley.kernel.periods import Period, Unit
from parley.law import versions
from parley.law.domain import Area, LawVersion, Limit, Stage, Subject
from parley.law.england_2014 import ENGLAND_2014

ID = "planted"
THREE_MONTHS = Period(3, Unit.MONTHS)


def plant(monkeypatch: pytest.MonkeyPatch, *, begins: date) -> LawVersion:
    """Plant a version that begins on a day. Under it there are three months to contact the adviser and to appeal, young
    people are under 26, a plan in force opens health and social care, and an exclusion is within the service.
    """
    limits = {
        limit: replace(one, period=THREE_MONTHS) if limit in (Limit.CONTACT_ADVISER, Limit.APPEAL_FROM_LETTER) else one
        for limit, one in ENGLAND_2014.limits.items()
    }
    in_force = replace(ENGLAND_2014.stages[Stage.PLAN_IN_FORCE], health_and_care_window=True)
    law = replace(
        ENGLAND_2014,
        id=ID,
        title="Act That Nobody Passed",
        effective_from=begins,
        table=ID,
        upper_age=26,
        limits=limits,
        stages={**ENGLAND_2014.stages, Stage.PLAN_IN_FORCE: in_force},
    )
    rows = [
        replace(row, answer=Answer.YES, area=Area.DUTIES, codes=frozenset()) if row.text == "exclusion" else row
        for row in ROWS
    ]
    assert [row.about for row in rows if row not in ROWS] == [frozenset({Subject.EXCLUSION})]
    texts = {**ROW_TEXTS, "exclusion": RuleText("An exclusion is within the service.")}
    monkeypatch.setattr(versions, "LAW_VERSIONS", (*versions.LAW_VERSIONS, law))
    monkeypatch.setattr(tables, "TABLES", {**tables.TABLES, ID: tables.table(GATES, rows, texts)})
    return law

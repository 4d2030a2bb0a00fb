"""When the law changes, a check goes by the new law and a case by the one it began under; both say so."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from parley.casework.domain import ClockCode
from parley.casework.models import Case, CaseClock
from parley.db.scope import authority_scope
from parley.eligibility.models import AssessmentRecord
from support.asking import send
from support.checking import answer
from support.factories import NOW, Factory
from support.family import Family, words
from support.planted_law import ID, plant

LETTER = {"has_letter": "yes", "letter__day": "2", "letter__month": "10", "letter__year": "2026"}


def kept(make: Factory, family: Family, case_id: uuid.UUID) -> tuple[str, dt.date]:
    """Return the law version a case has kept, and until when its family has to contact the adviser."""
    authority_id = family.council.authority.id
    with make.database.begin(authority_scope(authority_id)) as session:
        law = session.scalars(select(Case.law_version).where(Case.id == case_id)).one()
        due = session.scalars(
            select(CaseClock.due_on).where(CaseClock.case_id == case_id, CaseClock.code == ClockCode.ADVISER_BY)
        ).one()
    return law, due


def test_a_case_stays_under_the_law_it_began_under(
    parent: Family, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = send(parent, letter=LETTER)
    plant(monkeypatch, begins=NOW.date())
    after = send(parent, letter=LETTER)
    assert kept(make, parent, before) == ("england-2014", dt.date(2026, 12, 2))
    assert kept(make, parent, after) == (ID, dt.date(2027, 1, 2))
    assert "SEND Code of Practice of January 2015 (version england-2014)" in words(parent.get(f"/requests/{before}"))
    assert f"Act That Nobody Passed (version {ID})" in words(parent.get(f"/requests/{after}"))


@pytest.mark.parametrize(("begins", "law"), [(NOW.date(), ID), (NOW.date() + dt.timedelta(days=1), "england-2014")])
def test_a_check_says_and_keeps_the_law_of_its_day(
    family: Family, make: Factory, monkeypatch: pytest.MonkeyPatch, begins: dt.date, law: str
) -> None:
    plant(monkeypatch, begins=begins)
    answer(family)
    assert f"(version {law})" in words(family.get("/check/result"))
    with make.database.begin(authority_scope(family.council.authority.id)) as session:
        assert session.scalars(select(AssessmentRecord.law_version)).all() == [law]
    told = family.client.post(
        "/api/v1/eligibility",
        base_url=family.council.url,
        json={"asker": "parent_carer", "lives_in_area": "yes", "send": "yes", "stage": "none", "matters": []},
    )
    assert told.json is not None
    assert told.json["law_version"] == law

"""Which law governs a day, whose request it knows, and that it claims no number it has not verified."""

from dataclasses import replace
from datetime import date

import pytest

from parley.law import versions
from parley.law.domain import SETTINGS, Area, Body, Limit, Stage
from parley.law.england_2014 import ENGLAND_2014
from parley.law.versions import LAW_VERSIONS, first_day, law_by_id, law_on

FUTURE = replace(ENGLAND_2014, id="england-2029", effective_from=date(2029, 9, 1))


def test_a_new_version_stands_beside_the_old_until_its_day(monkeypatch):
    monkeypatch.setattr(versions, "LAW_VERSIONS", (FUTURE, *LAW_VERSIONS))
    assert law_on(date(2029, 8, 31)).id == "england-2014"
    assert law_on(date(2029, 9, 1)) is law_by_id("england-2029") is FUTURE
    assert first_day() == date(2014, 9, 1)


def test_no_two_versions_share_an_id_or_a_first_day():
    assert (
        len({law.id for law in LAW_VERSIONS}) == len({law.effective_from for law in LAW_VERSIONS}) == len(LAW_VERSIONS)
    )


def test_no_law_is_known_before_the_first_version():
    with pytest.raises(LookupError, match="2014-08-31"):
        law_on(date(2014, 8, 31))


def test_a_version_is_found_by_its_id():
    assert law_by_id("england-2014") is ENGLAND_2014
    with pytest.raises(LookupError, match="england-1999"):
        law_by_id("england-1999")


def test_health_and_social_care_are_open_at_four_stages():
    assert ENGLAND_2014.window == {Stage.IN_ASSESSMENT, Stage.DRAFT_PLAN, Stage.IN_REVIEW, Stage.REASSESSMENT}


def test_areas_name_the_bodies_of_the_code():
    areas = ENGLAND_2014.areas
    assert areas[Area.DUTIES].against == {Body.EARLY_YEARS, Body.SCHOOL, Body.COLLEGE, Body.LOCAL_AUTHORITY}
    assert areas[Area.PROVISION].against == SETTINGS
    assert areas[Area.HEALTH_AND_CARE].against == {Body.LOCAL_AUTHORITY, Body.ICB}
    assert areas[Area.BETWEEN_COMMISSIONERS].against == frozenset()


@pytest.mark.parametrize("law", LAW_VERSIONS, ids=lambda law: law.id)
def test_every_stage_and_area_has_a_rule(law):
    assert set(law.stages) == set(Stage)
    assert set(law.areas) == set(Area) - {Area.OPEN}
    assert set(law.limits) == set(Limit)
    assert set(law.gates) == {*(f"G{number}" for number in range(1, 11)), "E4"}
    assert set(law.rows) == {*(f"R{number}" for number in range(1, 27)), "E1", "E2", "E3"}


@pytest.mark.parametrize("law", LAW_VERSIONS, ids=lambda law: law.id)
def test_every_rule_and_statement_is_filed_under_its_own_id_and_cites_something(law):
    for group in (law.gates, law.rows, law.texts, law.who, law.duties, law.never, law.cases):
        assert [key for key, one in group.items() if key != one.id] == []
    assert [limit for limit, one in law.limits.items() if limit is not one.limit] == []
    assert all(citation.title for citation in law.cited())


@pytest.mark.parametrize("law", LAW_VERSIONS, ids=lambda law: law.id)
def test_the_service_gives_no_certificate_and_extends_nothing(law):
    assert set(law.never) == {"no-certificate", "extends-nothing", "voluntary", "independent", "no-effect"}
    assert "does not give a mediation certificate" in law.never["no-certificate"].text
    assert "does not stop or extend" in law.never["extends-nothing"].text

"""Checks under way: kept sealed, found by their token alone, gone in time; assessments keep derived facts only."""

import datetime as dt
import json

import pytest
from sqlalchemy import select, text

from parley.db.scope import authority_scope
from parley.eligibility import service
from parley.eligibility.models import AssessmentRecord
from parley.kernel.errors import NotFound
from parley.kernel.ids import new_id
from support.answers import assessed, family, matter
from support.factories import NOW
from support.policies import policy_of

DERBY = policy_of("derby")
LATER = NOW + dt.timedelta(days=31)


@pytest.fixture
def council(make):
    return make.authority()


@pytest.fixture
def session(database, council):
    with database.begin(authority_scope(council.id)) as opened:
        yield opened


def started(session, council, **answers):
    return service.start_check(session, at=NOW, authority_id=council.id, policy=DERBY, answers=answers)


def loaded(session, council, token, at=NOW):
    return service.load_check(session, at=at, authority_id=council.id, token=token)


def test_answers_are_there_again_for_whoever_holds_the_token(session, council):
    check = started(session, council, asker="parent_carer")
    service.save_answers(
        session,
        at=NOW,
        authority_id=council.id,
        policy=DERBY,
        token=check.token,
        answers={"asker": "parent_carer", "matters": [{"about": "duties"}]},
    )
    kept = loaded(session, council, check.token)
    assert (kept.id, kept.answers) == (check.id, {"asker": "parent_carer", "matters": [{"about": "duties"}]})


def test_an_unknown_token_finds_nothing(session, council):
    started(session, council)
    with pytest.raises(NotFound) as raised:
        loaded(session, council, "guessed")
    assert raised.value.code == "check-gone"


def test_another_councils_token_finds_nothing(database, make, session, council):
    check = started(session, council)
    other = make.authority()
    with database.begin(authority_scope(other.id)) as theirs, pytest.raises(NotFound):
        loaded(theirs, other, check.token)


def test_answers_and_tokens_are_not_in_the_table_as_they_are(session, council):
    check = started(session, council, date_of_birth="2010-07-15")
    row = session.execute(text("SELECT * FROM eligibility_check WHERE id = :id"), {"id": check.id}).one()
    stored = b" ".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row)
    assert b"2010-07-15" not in stored
    assert check.token.encode() not in stored


def test_a_check_left_alone_goes_and_one_that_is_used_stays(session, council):
    check = started(session, council)
    with pytest.raises(NotFound):
        loaded(session, council, check.token, at=LATER)
    used_at = NOW + dt.timedelta(days=29)
    service.save_answers(
        session, at=used_at, authority_id=council.id, policy=DERBY, token=check.token, answers={"asker": "child"}
    )
    assert loaded(session, council, check.token, at=LATER).answers == {"asker": "child"}


def test_what_is_over_is_deleted(session, council):
    check = started(session, council)
    assert service.drop_expired(session, at=NOW, authority_id=council.id) == 0
    assert service.drop_expired(session, at=LATER, authority_id=council.id) == 1
    with pytest.raises(NotFound):
        loaded(session, council, check.token)


def test_an_assessment_keeps_versions_and_derived_facts_and_no_date(session, council):
    answers = family(
        matter("decision", "local_authority", decision_letter_date=dt.date(2026, 10, 1)),
        date_of_birth=dt.date(2009, 5, 1),
        decision_letter_date=dt.date(2026, 10, 2),
    )
    version_id = new_id()
    record_id = service.record_assessment(
        session,
        at=NOW,
        authority_id=council.id,
        policy_version_id=version_id,
        policy=DERBY,
        answers=answers,
        assessment=assessed(answers),
    )
    record = session.scalars(select(AssessmentRecord).where(AssessmentRecord.id == record_id)).one()
    assert (record.policy_version_id, record.law_version) == (version_id, "england-2014")
    assert record.facts["rights"] == "young_person"
    assert record.facts["matters"][0]["answer"] == "not_now"
    assert "2009" not in json.dumps(record.facts)
    assert "2026" not in json.dumps(record.facts)
    assert service.drop_expired(session, at=LATER, authority_id=council.id) == 1

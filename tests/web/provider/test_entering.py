"""A caller's request: from the council to the code, stored once and only when it is sent."""

import re

import pytest
from sqlalchemy import func, select

from parley.access.domain import Role
from parley.casework.domain import CaseState, Channel
from parley.casework.models import Case, Consent, PartyMember
from parley.casework.service import invitations
from parley.db.scope import authority_scope
from parley.tenancy.domain import Authority
from support.calls import CHECK, begin_call, sends
from support.factories import Factory, acting
from support.family import Served, heading, words
from support.provider import Staff, case_path


@pytest.fixture
def entry(coordinator: Staff, council: Served) -> str:
    """The address of a request being entered: made when the council was chosen."""
    return begin_call(coordinator, council)


def cases(make: Factory, authority: Authority) -> int:
    """Return how many cases the council has."""
    with make.database.begin(authority_scope(authority.id)) as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_only_councils_that_commission_the_provider_are_offered(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    stranger = make.authority(name="A Council Elsewhere")
    page = words(coordinator.get("/enter"))
    assert council.authority.name in page
    assert stranger.name not in page


def test_a_coordinator_is_told_that_postcodes_are_not_looked_up_and_where_a_council_is_found(
    coordinator: Staff,
) -> None:
    page = coordinator.get("/enter")
    assert "Postcodes cannot be looked up on this page" in words(page)
    assert 'href="https://www.gov.uk/find-local-council"' in page.text


def test_the_check_asks_what_the_answers_open_and_keeps_what_was_said(coordinator: Staff, entry: str) -> None:
    first = {name: value for name, value in CHECK.items() if name not in {"matters.0.in_plan", "educated"}}
    page = coordinator.post(entry, asked=[*first, "date_of_birth", "tried"], go="details", **first)
    assert page.status_code == 200
    assert "Is this support written in the plan?" in words(page)
    assert re.search(r'value="plan_in_force" checked', page.text)


def test_on_a_page_with_several_dates_each_wrong_one_is_named(coordinator: Staff, entry: str) -> None:
    wrong = {"date_of_birth-day": "4", "date_of_birth-month": "5", "date_of_birth-year": "2099"}
    wrong |= {"stage_since-day": "99", "stage_since-month": "5", "stage_since-year": "2026"}
    said = CHECK | {"stage": "in_review"}
    page = words(coordinator.post(entry, asked=[*CHECK, "date_of_birth", "stage_since"], go="details", **said, **wrong))
    assert "The date of birth must be today or in the past" in page
    assert "The date when this began" in page


def test_nothing_is_stored_before_the_request_is_sent(
    coordinator: Staff, entry: str, make: Factory, council: Served
) -> None:
    for go in ("details", "read", "check"):
        assert sends(coordinator, entry, go).status_code == 200
    assert cases(make, council.authority) == 0


def test_what_was_typed_is_carried_from_page_to_page(coordinator: Staff, entry: str) -> None:
    read = sends(coordinator, entry, "read")
    assert heading(read) == "Read it back to the caller"
    assert "The help stopped 🙂" in words(read)
    back = coordinator.post(entry, page=read, go="details")
    assert 'value="Ash Marsh"' in back.text
    assert re.search(r'name="asked" value="matters.0.about"', back.text)


def test_a_coordinator_sees_why_the_check_came_to_its_answer(coordinator: Staff, entry: str) -> None:
    said = words(sends(coordinator, entry, "details"))
    assert "Why this answer" in said
    assert "What decided:" in said
    assert "(version england-2014)" in said


def test_a_request_is_sent_once_however_often_the_button_is_pressed(
    coordinator: Staff, entry: str, make: Factory, council: Served
) -> None:
    first, second = sends(coordinator, entry, "send"), sends(coordinator, entry, "send")
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert cases(make, council.authority) == 1
    page = coordinator.get(first.headers["Location"])
    assert heading(page) == "Request entered"


def test_it_works_without_email_and_every_yes_is_recorded_as_spoken(
    coordinator: Staff, entry: str, make: Factory, council: Served
) -> None:
    sends(coordinator, entry, "send")
    with make.database.begin(authority_scope(council.authority.id)) as session:
        case = session.scalars(select(Case)).one()
        asker = session.scalars(select(PartyMember)).one()
        said = {(one.kind.value, one.means.value) for one in session.scalars(select(Consent))}
        assert (case.channel, case.state) == (Channel.PHONE, CaseState.SENT)
        assert (asker.name, asker.email, asker.identity_id) == ("Ash Marsh", "", None)
        assert said == {("tell_council", "spoken"), ("take_part", "spoken")}
    assert "Rowan Marsh" in words(coordinator.get("/?view=new"))


@pytest.mark.parametrize("missing", ["read_back", "take_part", "tell_council", "ask_setting"])
def test_nothing_is_sent_before_the_caller_said_yes_to_each_thing(
    coordinator: Staff, entry: str, make: Factory, council: Served, missing: str
) -> None:
    page = sends(coordinator, entry, "send", **{missing: ()})
    assert page.status_code == 422
    assert cases(make, council.authority) == 0


def test_a_decision_letter_needs_the_word_that_this_is_not_the_adviser(coordinator: Staff, entry: str) -> None:
    letter = {"letter-day": "1", "letter-month": "10", "letter-year": "2026"}
    assert sends(coordinator, entry, "send", **letter).status_code == 422
    assert sends(coordinator, entry, "send", **letter, knows_adviser="yes").status_code == 303


def test_a_young_persons_request_waits_until_their_answer_is_recorded(
    coordinator: Staff, entry: str, make: Factory, council: Served
) -> None:
    grown = {"born-year": "2009"}
    refused = sends(coordinator, entry, "read", **grown)
    assert refused.status_code == 422
    assert "their own yes is needed" in words(refused)
    answer = sends(coordinator, entry, "send", **grown, young_person_phone="01632 960 002")
    assert "waits for the young person’s own yes" in words(coordinator.get(answer.headers["Location"]))
    with make.database.begin(authority_scope(council.authority.id)) as session:
        case = session.scalars(select(Case)).one()
    page = coordinator.does(case_path(case, "young-person"), agrees="yes")
    assert "The young person’s yes is recorded" in words(page)
    with make.database.begin(authority_scope(council.authority.id)) as session:
        assert session.get_one(Case, (case.authority_id, case.id)).state is CaseState.SENT


def test_a_professional_cannot_ask_for_a_family(coordinator: Staff, entry: str) -> None:
    page = sends(coordinator, entry, "send", asker="professional")
    assert "A professional cannot ask for the family" in words(page)


def test_a_caller_takes_the_request_over_with_the_code_that_is_read_out(
    coordinator: Staff, entry: str, make: Factory, council: Served
) -> None:
    sends(coordinator, entry, "send")
    with make.database.begin(authority_scope(council.authority.id)) as session:
        case, asker = session.scalars(select(Case)).one(), session.scalars(select(PartyMember)).one()
    path = case_path(case, f"claim-code/{asker.id}")
    assert "Code " not in words(coordinator.get(path)).partition("Make a code")[2]
    found = re.search(r"Code ([A-Z]{3} [A-Z]{3})", words(coordinator.post(path)))
    assert found
    family = acting(Role.FAMILY, council.authority)
    with make.database.begin(authority_scope(council.authority.id)) as session:
        claimed = invitations.claim(
            session,
            actor=family,
            at=make.clock.now(),
            authority_id=council.authority.id,
            reference=case.reference,
            code=found[1],
        )
    assert claimed == case.id
    assert coordinator.get(path).status_code == 409

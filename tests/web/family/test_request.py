"""Asking: what is typed is kept, safety comes first, one request becomes one case, and nobody else sees it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from parley.casework.domain import CaseState
from parley.casework.models import Case, Party, PartyMember, RequestDraft, Share, Statement
from parley.db.scope import authority_scope
from support.asking import ANSWERS, begin, fill, send
from support.factories import Factory
from support.family import Family, Served, heading, served_council, without_secrets, words


@contextmanager
def rows_of(make: Factory, council: Served, *models: type) -> Iterator[dict[type, list[Any]]]:
    """Give the council's rows of each model, within the session that can open what is sealed in them."""
    with make.database.begin(authority_scope(council.authority.id)) as session:
        yield {model: list(session.scalars(select(model))) for model in models}


def test_what_the_council_will_see_is_said_before_anybody_signs_in(family: Family) -> None:
    said = words(family.get("/requests/before"))
    assert "sees that you signed in here, and nothing that you write" in said
    assert "is told only if you say so" in said
    assert "/sign-in?next=" in family.get("/requests/before").text


def test_sign_in_leads_back_to_where_one_was_going(family: Family) -> None:
    answer = family.get("/requests")
    assert answer.headers["Location"] == "/sign-in?next=%2Frequests"


def test_safety_is_asked_before_any_contact_detail(parent: Family) -> None:
    path = begin(parent)
    assert path.endswith("/safe-ways")
    slugs = []
    while not path.endswith("/contact"):
        slugs.append(path.rpartition("/")[2])
        path = parent.follow_path(path, ANSWERS[slugs[-1]])
    assert slugs[:3] == ["safe-ways", "must-not-learn", "apart"]


def test_a_question_opened_for_the_first_time_shows_no_error(parent: Family) -> None:
    page = parent.get(begin(parent))
    assert page.status_code == 200
    assert "There is a problem" not in page.text


def test_a_request_becomes_a_case_with_everything_that_was_said(parent: Family, make: Factory) -> None:
    case_id = send(parent)
    tables = (Case, Party, PartyMember, Statement, Share, RequestDraft)
    with rows_of(make, parent.council, *tables) as found:
        (case,) = found[Case]
        assert case.id == case_id
        assert case.state is CaseState.SENT
        assert case.child_name == "محمد الأمين"
        assert case.policy_version_id == parent.council.policy_version_id
        assert found[RequestDraft] == []
        (member,) = found[PartyMember]
        assert member.name == "Zoë 🌻 Ní Bhriain"
        assert '"hide_address": true' in member.safety
        assert "my former partner" in member.safety
        assert "Polski" in member.access_needs
        assert {(party.kind.value, party.may_be_invited) for party in found[Party]} == {
            ("family", True),
            ("local_authority", True),
            ("setting", True),
        }
        bodies = {statement.kind.value: statement for statement in found[Statement]}
        assert bodies["story"].body == "It began in September."
        council = next(party.id for party in found[Party] if party.kind.value == "local_authority")
        assert [(share.item_id, share.party_id) for share in found[Share]] == [(bodies["wish"].id, council)]


def test_the_confirmation_says_reference_next_step_date_and_phone(parent: Family) -> None:
    said = words(parent.get(f"/requests/{send(parent)}/sent"))
    assert "-2026-00001" in said
    assert "confirms that it has it" in said
    assert "26 November 2026" in said
    assert "0800 064 4488" in said
    assert "2 December 2026" in said
    assert "does not contact a mediation adviser" in said


def test_the_dates_that_run_are_shown_before_sending_and_must_be_known(parent: Family) -> None:
    path = begin(parent)
    while not path.endswith("/dates"):
        path = parent.follow_path(path, ANSWERS[path.rpartition("/")[2]])
    assert "2 December 2026" in words(parent.get(path))
    refused = parent.post(path)
    assert refused.status_code == 422
    assert "Tick the box to show that you know" in words(refused)


def test_the_check_goes_with_the_request_and_is_not_asked_again(parent: Family, make: Factory) -> None:
    for name, value in (("risk_now", "no"), ("asker", "parent_carer"), ("lives_in_area", "yes"), ("send", "yes")):
        parent.follow_path(f"/check/{name}", {"answer": value})
    born = {"answer-day": "29", "answer-month": "2", "answer-year": "2016"}
    parent.follow_path("/check/date_of_birth", born)
    parent.follow_path("/check/stage", {"answer": "none"})
    parent.follow_path("/check/matters.0.against", {"answer": ["school"]})
    parent.follow_path("/check/matters.0.about", {"answer": "educational_provision"})
    parent.follow_path("/check/educated", {"answer": "school"})
    parent.follow_path("/check/tried", {})
    first = begin(parent, question=True)
    assert 'value="2016"' in parent.get(first.replace("safe-ways", "child")).text
    answers = fill(parent, first, letter={"has_letter": "no"})
    said = words(parent.get(answers))
    assert "Special educational support (with: A school)" in said
    parent.follow(parent.post(answers, tell_council="yes"))
    with rows_of(make, parent.council, Case) as found:
        (case,) = found[Case]
        assert case.areas == ["B"]
        assert case.against == ["setting"]
        assert case.asked_as_question
        assert case.facts["matters"][0]["answer"] == "yes"
        assert "name" not in str(case.facts)


def test_every_answer_is_read_back_with_three_columns_of_who_sees_it(parent: Family) -> None:
    page = parent.get(fill(parent, begin(parent)))
    said = words(page)
    for typed in ("Zoë 🌻 Ní Bhriain", "محمد الأمين", "29 February 2016", "my former partner", "Polski", "my sister"):
        assert typed in said
    columns = page.text.partition("parley-visibility__caption")[2]
    assert columns.count('scope="col"') == 4
    assert "You share it" in columns
    assert "Only if you share it" in columns
    assert "?to=answers" in page.text


def test_an_answer_changed_from_the_end_leads_back_to_the_end(parent: Family) -> None:
    answers = fill(parent, begin(parent))
    path = answers.replace("/answers", "/your-name?to=answers")
    assert parent.follow_path(path, {"name": "Another Name"}) == answers
    assert "Another Name" in words(parent.get(answers))


def test_an_answer_that_opens_a_question_leads_there_first(parent: Family) -> None:
    answers = fill(parent, begin(parent), letter={"has_letter": "no"})
    path = parent.follow_path(answers.replace("/answers", "/letter?to=answers"), ANSWERS["letter"])
    assert path.endswith("/certificate?to=answers")
    assert "2 questions are still to be answered" in words(parent.get(answers))
    assert parent.post(answers, page="/requests/before", tell_council="yes").status_code in {409, 422}


def test_a_double_click_makes_one_case(parent: Family, make: Factory) -> None:
    answers = fill(parent, begin(parent))
    page = parent.get(answers)
    first = parent.post_from(page, answers, tell_council="yes")
    second = parent.post_from(page, answers, tell_council="yes")
    assert first.status_code == second.status_code == 303
    assert second.headers["Location"].startswith(first.headers["Location"].removesuffix("/sent"))
    with make.database.begin(authority_scope(parent.council.authority.id)) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(parent: Family) -> None:
    path = begin(parent).replace("safe-ways", "child")
    refused = parent.post(path, name="", born__day="30", born__month="2", born__year="2016")
    assert refused.status_code == 422
    said = words(refused)
    assert "Enter the name of the child or young person" in said
    assert "The date of birth must be a real date" in said
    assert 'value="30"' in refused.text


@pytest.mark.parametrize(("year", "status"), [("1999", 303), ("2027", 422)])
def test_a_letter_may_be_old_and_not_from_the_future(parent: Family, year: str, status: int) -> None:
    path = begin(parent).replace("safe-ways", "letter")
    sent = parent.post(path, has_letter="yes", letter__day="24", letter__month="3", letter__year=year)
    assert sent.status_code == status


def test_what_is_half_typed_can_be_saved_and_is_there_later(parent: Family) -> None:
    path = begin(parent).replace("safe-ways", "child")
    later = parent.follow_path(
        path, {"name": "", "born__day": "31", "born__month": "", "born__year": "", "then": "later"}
    )
    assert heading(parent.get(later)) == "Your request"
    assert 'value="31"' in parent.get(path).text
    assert "Go on with the request" in words(parent.get("/requests"))


def test_a_page_that_was_open_when_the_answer_changed_keeps_what_was_typed(parent: Family) -> None:
    path = begin(parent).replace("safe-ways", "story")
    old_page = parent.get(path)
    parent.follow_path(path, {"story": "From the other window."})
    answer = parent.post_from(old_page, path, story="From this window.")
    assert answer.status_code == 409
    said = words(answer)
    assert "From this window." in said
    assert "From the other window." in said
    assert parent.post_from(answer, path, story="From this window.").status_code == 303


def test_going_back_and_sending_the_same_again_is_no_conflict(parent: Family) -> None:
    path = begin(parent)
    old_page = parent.get(path)
    parent.follow_path(path, ANSWERS["safe-ways"])
    assert parent.post_from(old_page, path, **ANSWERS["safe-ways"]).status_code == 303


def test_what_is_sent_is_what_was_shown(parent: Family) -> None:
    answers = fill(parent, begin(parent))
    old_page = parent.get(answers)
    parent.follow_path(answers.replace("/answers", "/your-name"), {"name": "Changed Elsewhere"})
    answer = parent.post_from(old_page, answers, tell_council="yes")
    assert answer.status_code == 409
    assert "Nothing was sent" in words(answer)
    assert "Changed Elsewhere" in words(answer)


def test_a_sign_in_that_ended_in_the_middle_loses_nothing(parent: Family, make: Factory) -> None:
    path = begin(parent).replace("safe-ways", "story")
    page = parent.get(path)
    parent.sign_out()
    answer = parent.post_from(page, path, story="Typed for an hour.")
    assert answer.status_code == 401
    assert "Typed for an hour." in words(answer)


def test_a_young_persons_own_yes_is_asked_for_and_nothing_is_sent_on_before_it(parent: Family, make: Factory) -> None:
    young = {"name": "Rowan", "born__day": "1", "born__month": "3", "born__year": "2009"}
    case_id = send(parent, child=young)
    with rows_of(make, parent.council, Case) as found:
        (case,) = found[Case]
        assert case.state is CaseState.WAITING_FOR_YOUNG_PERSON
    assert heading(parent.get(f"/requests/{case_id}/sent")).startswith("Waiting for the young person")
    said = words(parent.get(f"/requests/{case_id}"))
    assert "Rowan says whether they agree that you ask" in said
    assert parent.get(f"/requests/{case_id}/your-say").status_code == 404


def test_a_young_persons_address_must_be_their_own(parent: Family) -> None:
    young = {"name": "Rowan", "born__day": "1", "born__month": "3", "born__year": "2009"}
    path = begin(parent)
    answers = ANSWERS | {"child": young}
    while not path.endswith("/young-person"):
        path = parent.follow_path(path, answers[path.rpartition("/")[2]])
    refused = parent.post(path, email="ZOE@family.example")
    assert refused.status_code == 422
    assert "not yours" in words(refused)


def test_a_young_person_asks_for_themselves(parent: Family, make: Factory) -> None:
    own = {"born__day": "1", "born__month": "3", "born__year": "2009"}
    send(parent, who__you__are={"capacity": "young_person"}, your__birth=own)
    with rows_of(make, parent.council, Case) as found:
        (case,) = found[Case]
        assert case.state is CaseState.SENT
        assert case.child_name == "Zoë 🌻 Ní Bhriain"


def test_a_request_that_was_not_sent_can_be_deleted(parent: Family, make: Factory) -> None:
    overview = begin(parent).removesuffix("/safe-ways")
    parent.follow(parent.post(f"{overview}/delete"))
    with rows_of(make, parent.council, RequestDraft) as found:
        assert found[RequestDraft] == []


def test_another_persons_request_reads_as_one_that_never_was(
    parent: Family, visit: Callable[..., Family], make: Factory
) -> None:
    path = begin(parent)
    other = visit()
    other.sign_in(make)
    never = path.replace(path.split("/")[3], str(uuid.uuid4()))
    for suffix in ("", "/answers", "/delete", "/safe-ways"):
        seen = other.get(path.removesuffix("/safe-ways") + suffix)
        unseen = other.get(never.removesuffix("/safe-ways") + suffix)
        assert seen.status_code == unseen.status_code == 404
        assert without_secrets(seen) == without_secrets(unseen)
    assert other.post(path, page="/requests", ways="any").status_code == 404


def test_another_councils_site_does_not_know_it(parent: Family, visit: Callable[..., Family], make: Factory) -> None:
    path = begin(parent)
    elsewhere = visit(served_council(make, "staffordshire"))
    elsewhere.sign_in(make)
    assert elsewhere.get(path).status_code == 404


def test_where_no_provider_is_published_nothing_can_be_begun(visit: Callable[..., Family], make: Factory) -> None:
    person = visit(served_council(make, "derbyshire"))
    person.sign_in(make)
    assert person.post("/requests/new", page="/requests").status_code == 409


def test_an_unknown_question_is_not_found_and_one_that_does_not_apply_leads_back(parent: Family) -> None:
    path = begin(parent)
    assert parent.get(path.replace("safe-ways", "nonsense")).status_code == 404
    assert parent.get(path.replace("safe-ways", "dates")).headers["Location"] == path.removesuffix("/safe-ways")

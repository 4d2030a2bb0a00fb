"""Can this help me? The first page, the questions, the result."""

from collections.abc import Callable

import pytest

from support.checking import PROVISION, answer
from support.factories import Factory
from support.family import Family, Served, heading, served_council, words


@pytest.fixture
def derbyshire(make: Factory) -> Served:
    return served_council(make, "derbyshire")


def test_the_first_page_says_what_the_council_publishes(family: Family) -> None:
    page = family.get("/")
    assert page.status_code == 200
    said = words(page)
    assert "Global Mediation" in said
    assert "0800 064 4488" in said
    assert "You do not need a plan (EHCP)" in said
    assert "Opening hours are not published" in said
    assert "SEND Code of Practice, paragraphs 11.6 to 11.10" in said
    assert "Global Mediation tells Derby City Council that you have asked" in said
    assert "Exit this page" in page.text


def test_a_council_whose_provider_is_not_published_offers_no_way_to_send(
    visit: Callable[..., Family], derbyshire: Served
) -> None:
    family = visit(derbyshire)
    said = words(family.get("/"))
    assert "We have not found it published who runs this service" in said
    assert "/requests/before" not in family.get("/").text.partition("<main")[2]
    answer(family)
    result = family.get("/check/result")
    assert "ask Derbyshire County Council" in words(result)
    assert "/requests/before" not in result.text.partition("<main")[2]
    assert heading(family.get("/requests/before")) == "You cannot send a request here"


@pytest.mark.parametrize("page", ["/about/contact", "/about/accessibility", "/sign-in"])
def test_where_no_phone_number_is_published_nobody_is_told_to_ring(
    derbyshire: Served, family: Family, visit: Callable[..., Family], page: str
) -> None:
    assert "by phone" not in words(visit(derbyshire).get(page))
    assert "by phone" in words(family.get(page))


def test_a_result_says_which_rules_were_tried_which_one_decided_and_under_which_law(family: Family) -> None:
    answer(family)
    said = words(family.get("/check/result"))
    assert "Why this answer" in said
    assert "Between parents: does not fit" in said
    assert "With a nursery, school or college, about special educational support: this fits (rule R6" in said
    assert "From the council’s own rules: Derby City Council lists this as area 2" in said
    assert "What decided: With a nursery, school or college, about special educational support (rule R6" in said
    assert "in force since 1 September 2014 (version england-2014)" in said


def test_a_disagreement_about_support_at_school_fits(family: Family) -> None:
    answer(family)
    result = family.get("/check/result")
    assert heading(result) == "This service can help you"
    said = words(result)
    assert "Special educational support, with a school" in said
    assert "Where this rule comes from" in said
    assert "Talk first, if you can" in said
    assert "never stops you asking" in said
    assert "Ask Global Mediation for help" in said
    assert "0800 064 4488" in said


def test_a_no_always_offers_to_ask_anyway(family: Family) -> None:
    answer(family, **{"matters.0.about": "transport"})
    result = family.get("/check/result")
    assert heading(result) == "Somewhere else is the right place for this"
    assert "Ask Global Mediation anyway" in words(result)
    assert "/requests/before?question=yes" in result.text
    assert "What would change this" in words(result)


def test_a_decision_letter_shows_the_dates_that_run(family: Family) -> None:
    answer(
        family,
        stage="assessment_refused",
        appeal="none",
        decision_letter_date={"answer-day": "27", "answer-month": "9", "answer-year": "2026"},
        certificate_date="",
        **{"matters.0.against": ["local_authority"], "matters.0.about": "decision"},
    )
    said = words(family.get("/check/result"))
    assert "27 November 2026" in said
    assert "gives no certificate, and does not extend the time to appeal" in said


@pytest.mark.parametrize(("year", "status"), [("1999", 303), ("2027", 422)])
def test_a_letter_may_be_old_and_not_from_the_future(family: Family, year: str, status: int) -> None:
    family.follow_path("/check/risk_now", {"answer": "no"})
    for name, value in (("asker", "parent_carer"), ("lives_in_area", "yes"), ("send", "yes")):
        family.follow_path(f"/check/{name}", {"answer": value})
    family.follow_path("/check/stage", {"answer": "assessment_refused"})
    page = family.post("/check/decision_letter_date", answer__day="24", answer__month="March", answer__year=year)
    assert page.status_code == status
    if status == 422:
        assert "There is a problem" in words(page)
        assert 'value="March"' in page.text


def test_a_question_without_an_answer_is_asked_again(family: Family) -> None:
    page = family.post("/check/asker")
    assert page.status_code == 422
    assert "<title>Error: Who are you?" in page.text
    assert "Select an answer" in words(page)


def test_back_leads_to_the_question_before_with_its_answer(family: Family) -> None:
    answer(family)
    page = family.get("/check/asker")
    assert 'href="/check/risk_now" class="govuk-back-link"' in page.text
    assert 'value="parent_carer" checked' in page.text


def test_one_answer_can_be_changed_from_the_result(family: Family) -> None:
    answer(family)
    path = family.follow_path("/check/matters.0.about", {"answer": "transport"})
    while not path.endswith("/result"):
        path = family.follow_path(path, {"answer": PROVISION[path.rpartition("/")[2]]})
    assert heading(family.get("/check/result")) == "Somewhere else is the right place for this"


def test_a_second_disagreement_gets_its_own_answer_and_can_be_taken_out(family: Family) -> None:
    answer(family)
    path = family.post("/check/another", page="/check/result").headers["Location"]
    assert path == "/check/matters.1.against"
    family.follow_path(path, {"answer": ["school"]})
    family.follow_path("/check/matters.1.about", {"answer": "transport"})
    result = family.get("/check/result")
    assert heading(result) == "This service can help with part of this"
    family.follow(family.post("/check/without/1", page="/check/result"))
    assert heading(family.get("/check/result")) == "This service can help you"


def test_every_question_says_whom_to_ring_if_someone_is_at_risk_now(family: Family) -> None:
    for path in ("/check/risk_now", "/check/asker"):
        assert "If someone is at risk now" in words(family.get(path))
    answer(family, risk_now="yes")
    said = words(family.get("/check/result"))
    assert said.index("999") < said.index("This service can help you")


def test_a_check_is_nobody_elses_and_can_be_started_again(family: Family, visit: Callable[..., Family]) -> None:
    answer(family)
    assert visit().get("/check/result").headers["Location"] == "/check/risk_now"
    family.post("/check/start-again", page="/check/result")
    assert family.get("/check").headers["Location"] == "/check/risk_now"


@pytest.mark.parametrize(
    "path", ["/check/nonsense", "/check/matters.9.about", "/check/matters.x.about", "/check/matters."]
)
def test_a_question_that_is_not_asked_is_not_found(family: Family, path: str) -> None:
    assert family.get(path).status_code == 404


def test_a_check_whose_time_has_run_out_begins_anew(family: Family) -> None:
    family.client.set_cookie("parley-check", "gone", domain=family.council.authority.host)
    assert family.get("/check/result").headers["Location"] == "/check/risk_now"
    assert family.post("/check/risk_now", answer="no").status_code == 303

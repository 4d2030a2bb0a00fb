"""The council's answer: written, read as the family will read it, sent, and never lost."""

from collections.abc import Callable

import pytest

from parley.casework import queries
from parley.casework.domain import AnswerValue, Capacity, CaseState, DeclineReason, PartyKind
from parley.casework.service import answers
from parley.casework.views import PartyView
from support.factories import NOW, Factory, MadeCase
from support.family import Served, heading, words
from support.staff import Officer, as_provider, stored_case, told_case

NO = {"reason": "already_resolved", "words": "We met on 3 November.\nThe hours are back. 🙂 نعم"}
YES = {"decision_maker": "Kit Decider", "email": "kit@council.example", "unavailable": "Never Mondays"}
LATER = {"holding_until-day": "4", "holding_until-month": "12", "holding_until-year": "2026", "words": "We wait."}


def answer_of(make: Factory, case: MadeCase) -> PartyView:
    party = as_provider(make, case).party(PartyKind.LOCAL_AUTHORITY)
    assert party is not None
    return party


def test_a_no_is_read_as_the_family_will_before_it_is_sent(officer: Officer, case: MadeCase, make: Factory) -> None:
    address = f"/council/cases/{case.id}/answer/decline"
    preview = officer.post(address, **NO)
    assert heading(preview) == "Check what the family will read"
    assert "Derby City Council Said no It thinks this has been settled. We met on 3 November." in words(preview)
    assert answer_of(make, case).answer is None
    said = officer.follow(officer.post_from(preview, address, step="send"))
    assert "Your answer was sent" in words(said)
    answered = answer_of(make, case)
    assert (answered.answer, answered.reason, answered.words) == (
        AnswerValue.DECLINED,
        DeclineReason.ALREADY_RESOLVED,
        NO["words"],
    )


def test_a_preview_can_be_changed_without_typing_again(officer: Officer, case: MadeCase) -> None:
    address = f"/council/cases/{case.id}/answer/decline"
    page = officer.post_from(officer.post(address, **NO), address, step="change")
    assert page.status_code == 200
    assert "The hours are back. 🙂 نعم" in page.text
    assert "There is a problem" not in page.text


def test_a_yes_names_who_can_decide(officer: Officer, case: MadeCase, make: Factory) -> None:
    address = f"/council/cases/{case.id}/answer/agree"
    preview = officer.post(address, **YES)
    assert "Kit Decider" in words(preview)
    officer.follow(officer.post_from(preview, address, step="send"))
    assert answer_of(make, case).unavailable == "Never Mondays"
    decider = next(member for member in as_provider(make, case).members if member.capacity is Capacity.DECISION_MAKER)
    assert (decider.name, decider.email) == ("Kit Decider", "kit@council.example")
    assert stored_case(make, case).state is CaseState.AGREED


def test_a_holding_reply_says_by_when(officer: Officer, case: MadeCase, make: Factory) -> None:
    address = f"/council/cases/{case.id}/answer/holding"
    preview = officer.post(address, **LATER)
    assert "It said that it will answer by 4 December 2026" in words(preview)
    page = officer.follow(officer.post_from(preview, address, step="send"))
    assert "The date that Derby City Council gave the family." in words(page)
    assert "You promised an answer" in words(officer.get("/council/cases?view=team"))
    assert answer_of(make, case).answer is AnswerValue.HOLDING


@pytest.mark.parametrize(
    ("kind", "form", "message"),
    [
        ("decline", {"words": "No."}, "Select why"),
        ("decline", {"reason": "other"}, "Write the reason in words for the family"),
        ("decline", {"reason": "other", "words": "x" * 2001}, "2,000 characters or fewer"),
        ("agree", {"email": "kit@council.example"}, "Enter the name of the person who can decide"),
        ("agree", {"decision_maker": "Kit"}, "Enter a work email address or a work phone number"),
        ("agree", {"decision_maker": "Kit", "email": "kit"}, "Enter an email address in the correct format"),
        ("holding", {}, "Enter the date by which you will answer"),
        ("holding", {**LATER, "holding_until-year": "2025", "step": "send"}, "The date must be in the future"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    officer: Officer, case: MadeCase, kind: str, form: dict[str, str], message: str
) -> None:
    answer = officer.post(f"/council/cases/{case.id}/answer/{kind}", **form)
    assert answer.status_code == 422
    assert message in words(answer)


def test_two_clicks_send_one_answer(officer: Officer, case: MadeCase, make: Factory) -> None:
    address = f"/council/cases/{case.id}/answer/decline"
    preview = officer.post(address, **NO)
    assert officer.post_from(preview, address, step="send").status_code == 303
    again = officer.post_from(preview, address, step="send")
    assert again.status_code == 409
    with make.database.begin(case.authority_scope) as session:
        view = queries.council_view(session, authority_id=case.authority.id, case_id=case.id)
    assert [entry.happening for entry in view.timeline] == ["answered"]


def test_a_colleague_who_answered_meanwhile_is_not_overruled_and_nothing_typed_is_lost(
    officer: Officer, visit: Callable[..., Officer], case: MadeCase, make: Factory
) -> None:
    address = f"/council/cases/{case.id}/answer"
    opened = officer.get(f"{address}/decline")
    colleague = visit()
    colleague.sign_in(make)
    colleague.follow(
        colleague.post_from(colleague.post(f"{address}/holding", **LATER), f"{address}/holding", step="send")
    )
    preview = officer.post_from(opened, f"{address}/decline", **NO)
    answer = officer.post_from(preview, f"{address}/decline", step="send")
    assert answer.status_code == 409
    assert "This case has moved on" in words(answer)
    assert "Needs more time" in words(answer)
    assert "The hours are back." in words(answer)
    assert NO["reason"] not in words(answer)
    assert answer_of(make, case).answer is AnswerValue.HOLDING


def test_an_answer_may_be_changed_knowingly(officer: Officer, case: MadeCase, make: Factory) -> None:
    for kind, form in (("holding", LATER), ("decline", NO)):
        address = f"/council/cases/{case.id}/answer/{kind}"
        assert officer.post_from(officer.post(address, **form), address, step="send").status_code == 303
    assert answer_of(make, case).answer is AnswerValue.DECLINED


def test_a_case_that_was_withdrawn_says_so_and_shows_what_was_typed(
    officer: Officer, case: MadeCase, make: Factory
) -> None:
    address = f"/council/cases/{case.id}/answer/decline"
    preview = officer.post(address, **NO)
    with make.database.begin(case.authority_scope) as session:
        answers.withdraw(session, actor=case.family_actor, at=NOW, authority_id=case.authority.id, case_id=case.id)
    answer = officer.post_from(preview, address, step="send")
    assert answer.status_code == 409
    assert "Withdrawn" in words(answer)
    assert "The hours are back." in words(answer)
    assert officer.get(f"/council/cases/{case.id}/answer").status_code == 409


def test_words_survive_a_sign_in_that_ran_out(officer: Officer, case: MadeCase, make: Factory) -> None:
    address = f"/council/cases/{case.id}/answer/decline"
    preview = officer.post(address, **NO)
    officer.sign_out()
    waiting = officer.post_from(preview, address, step="send")
    assert waiting.status_code == 401
    assert "The hours are back." in waiting.text
    officer.sign_in(make)
    assert officer.post_from(waiting, address).status_code == 303
    assert answer_of(make, case).words == NO["words"]


def test_words_survive_a_stale_page(officer: Officer, case: MadeCase) -> None:
    address = f"/council/cases/{case.id}/answer/decline"
    form = {**NO, "csrf_token": "old"}
    stale = officer.client.post(
        address, base_url=officer.council.url, data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert stale.status_code == 400
    again = officer.post_from(stale, address)
    assert heading(again) == "Check what the family will read"
    assert "The hours are back." in words(again)


def test_answer_and_open_the_next(officer: Officer, case: MadeCase, council: Served, make: Factory) -> None:
    later = told_case(make, council, assigned_id=officer.identity_id, due_in=9)
    mine = told_case(make, council, assigned_id=officer.identity_id, due_in=6)
    taken = told_case(make, council, assigned_id=make.case().id, due_in=1)
    for current, following in ((case, mine), (mine, later), (later, None)):
        address = f"/council/cases/{current.id}/answer/decline"
        onward = officer.post_from(officer.post(address, **NO), address, step="send-next").headers["Location"]
        assert onward == (f"/council/cases/{following.id}" if following else "/council/cases")
    page = words(officer.get(onward))
    assert "Nothing else waits for your answer" in page
    assert stored_case(make, taken).next_due_code is not None

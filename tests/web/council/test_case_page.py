"""The open side of one case: what it says, what it keeps back, and who may open it."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from parley.audit.models import AuditEvent
from parley.casework.domain import (
    CaseState,
    ClockBasis,
    ClockCode,
    PartyKind,
    Viewer,
)
from parley.db.scope import Login
from parley.kernel.ids import new_id
from support.factories import Factory, MadeCase
from support.family import Family, Served, served_council, without_secrets, words
from support.staff import Officer, start_clock, stored_case, told_case
from support.statements import statements_of


def test_it_says_who_asks_about_whom_and_in_the_councils_own_words_about_what(
    officer: Officer, council: Served, make: Factory
) -> None:
    case = told_case(make, council, areas=["B"], against=["setting"], facts={"stage": "plan_in_force"})
    make.party(case)
    page = words(officer.get(f"/council/cases/{case.id}"))
    assert "Rowan Marsh" in page
    assert "2 March 2015 (11 years old)" in page
    assert "Ash Marsh (parent or carer)" in page
    assert "Area 2: the special educational provision a nursery, school or college is making" in page
    assert "EHCP in force" in page
    assert "Oak Hill School" in page


def test_it_shows_what_the_family_shared_and_nothing_else(officer: Officer, council: Served, make: Factory) -> None:
    case = told_case(make, council)
    before = officer.get(f"/council/cases/{case.id}").text
    assert "in our own words" not in before
    assert "only if they share it" in before
    assert "parent@family.invalid" not in before
    make.share(case, case.council, case.story)
    assert "What happened, in our own words." in officer.get(f"/council/cases/{case.id}").text


def test_what_was_shared_with_the_school_alone_stays_there(officer: Officer, council: Served, make: Factory) -> None:
    case = told_case(make, council)
    make.share(case, make.party(case), case.story)
    assert "in our own words" not in officer.get(f"/council/cases/{case.id}").text


def test_every_date_says_whose_it_is(officer: Officer, council: Served, make: Factory) -> None:
    case = told_case(make, council)
    start_clock(make, case, ClockCode.APPEAL_BY, 30, binds=Viewer.FAMILY, basis=ClockBasis.LAW)
    page = words(officer.get(f"/council/cases/{case.id}"))
    assert "Our aim. Neither the law nor Derby City Council has set this date." in page
    assert "Set by law" in page
    start_clock(make, case, ClockCode.ANSWER_BY, 3, basis=ClockBasis.POLICY)
    assert "A rule of Derby City Council." in words(officer.get(f"/council/cases/{case.id}"))


def test_silence_says_what_to_do_next(officer: Officer, council: Served, make: Factory) -> None:
    case = told_case(make, council, due_in=-4)
    page = words(officer.get(f"/council/cases/{case.id}"))
    assert "The council has not answered. Its answer was due on 20 November 2026, 4 days ago." in page
    assert "send a holding reply" in page
    assert "No answer given" in page


def test_every_opening_is_recorded(officer: Officer, council: Served, make: Factory) -> None:
    case = told_case(make, council)
    officer.get(f"/council/cases/{case.id}")
    with make.database.begin(case.authority_scope) as session:
        read = session.scalars(sa.select(AuditEvent).where(AuditEvent.case_id == case.id)).all()
    opened = [event for event in read if event.action == "case.read"]
    assert [event.actor_id for event in opened] == [officer.identity_id]


def test_the_case_page_asks_the_database_nine_times_at_most_and_records_the_reading(
    officer: Officer, council: Served, make: Factory, app: Flask
) -> None:
    case = told_case(make, council, assigned_id=officer.identity_id)
    make.share(case, case.council, case.story)
    officer.get(f"/council/cases/{case.id}")
    with statements_of(app.extensions["parley"].database, Login.APP) as asked:
        assert officer.get(f"/council/cases/{case.id}").status_code == 200
    audit = [statement for statement in asked if statement.startswith("INSERT INTO audit_event")]
    assert len(audit) == 1
    assert len(asked) - len(audit) <= 9, "\n".join(asked)


def test_what_is_not_this_councils_reads_as_what_never_was(
    officer: Officer, visit: Callable[..., Officer], council: Served, make: Factory
) -> None:
    other = served_council(make)
    theirs, untold = told_case(make, other), make.case(council.authority, provider=council.provider)
    nothing = without_secrets(officer.get(f"/council/cases/{new_id()}"))
    pages = ("", "/answer", "/answer/decline", "/hand-over", "/number", "/messages")
    for case in (theirs, untold):
        for page in pages:
            answer = officer.get(f"/council/cases/{case.id}{page}")
            assert answer.status_code == 404
            assert without_secrets(answer) == nothing


def test_nothing_can_be_done_to_what_is_not_this_councils(officer: Officer, council: Served, make: Factory) -> None:
    case = make.case(council.authority, provider=council.provider)
    for path, form in (
        ("take", {"instead_of": ""}),
        ("hand-over", {"officer": "nobody"}),
        ("number", {"number": "1"}),
        ("answer/decline", {"reason": "other", "words": "No.", "step": "send"}),
        ("messages", {"body": "Hello"}),
    ):
        answer = officer.post(f"/council/cases/{case.id}/{path}", page="/council/search", **form)
        assert answer.status_code == 404, path
    assert stored_case(make, case).version == 1


def test_a_family_has_no_business_here_and_an_officer_none_on_their_pages(
    app: Flask, officer: Officer, council: Served, make: Factory
) -> None:
    case = told_case(make, council)
    app.extensions["parley"].sites.forget()
    parent = Family(app.test_client(), council)
    parent.sign_in(make)
    for path in ("", "/cases", "/search", f"/cases/{case.id}", f"/cases/{case.id}/messages"):
        assert parent.get(f"/council{path}").status_code == 403
    assert officer.get(f"/requests/{case.id}").status_code == 403
    assert officer.get("/requests").status_code == 403


def test_whoever_is_not_signed_in_is_led_to_the_staff_door(visit: Callable[..., Officer], council: Served) -> None:
    answer = visit().get("/council/cases?view=due")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/staff/sign-in?next=%2Fcouncil%2Fcases%3Fview%3Ddue")


def test_a_cookie_of_one_council_opens_nothing_at_another(officer: Officer, council: Served, make: Factory) -> None:
    other = served_council(make)
    case = told_case(make, other)
    cookie = officer.client.get_cookie("parley", domain=council.authority.host)
    officer.client.set_cookie("parley", cookie.value, domain=other.authority.host)
    officer.client.application.extensions["parley"].sites.forget()
    answer = officer.client.get(f"/council/cases/{case.id}", base_url=other.url)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/staff/sign-in")


def test_an_officer_takes_a_case_and_hands_it_over(
    officer: Officer, visit: Callable[..., Officer], council: Served, make: Factory
) -> None:
    case = told_case(make, council)
    colleague = visit()
    colleague.sign_in(make, name="Sam Colleague")
    address = f"/council/cases/{case.id}"
    officer.follow_path_from(address, f"{address}/take", {})
    assert stored_case(make, case).assigned_id == officer.identity_id
    page = officer.get(f"{address}/hand-over")
    assert "Sam Colleague" in page.text
    assert "Jo Officer</" not in page.text.partition("<form")[2]
    said = officer.follow(officer.post(f"{address}/hand-over", officer=str(colleague.identity_id)))
    assert "The case was given to Sam Colleague." in words(said)
    assert stored_case(make, case).assigned_id == colleague.identity_id
    officer.follow_path(f"{address}/hand-over", {"officer": "nobody"})
    assert stored_case(make, case).assigned_id is None


def test_before_any_colleague_has_signed_in_the_page_says_so_and_what_to_do(
    officer: Officer, council: Served, make: Factory
) -> None:
    case = told_case(make, council, assigned_id=officer.identity_id)
    page = officer.get(f"/council/cases/{case.id}/hand-over")
    assert "No colleague has signed in yet" in words(page)
    assert "Ask them to sign in, and open this page again." in words(page)
    assert 'type="radio"' not in page.text
    officer.follow_path(f"/council/cases/{case.id}/hand-over", {})
    assert stored_case(make, case).assigned_id is None


def test_a_case_is_given_to_officers_of_the_council_alone(
    officer: Officer, app: Flask, council: Served, make: Factory
) -> None:
    case = told_case(make, council, assigned_id=officer.identity_id)
    parent = Family(app.test_client(), council)
    stranger = parent.sign_in(make)
    answer = officer.post(f"/council/cases/{case.id}/hand-over", officer=str(stranger))
    assert answer.status_code == 422
    assert stored_case(make, case).assigned_id == officer.identity_id


def test_who_was_faster_keeps_the_case(
    officer: Officer, visit: Callable[..., Officer], council: Served, make: Factory
) -> None:
    case = told_case(make, council)
    faster, address = visit(), f"/council/cases/{case.id}"
    faster.sign_in(make)
    opened = officer.get(address)
    faster.follow_path_from(address, f"{address}/take", {})
    answer = officer.post_from(opened, f"{address}/take")
    assert answer.status_code == 409
    assert "This case has moved on" in answer.text
    assert stored_case(make, case).assigned_id == faster.identity_id


def test_a_closed_case_says_why_and_asks_for_nothing(officer: Officer, council: Served, make: Factory) -> None:
    case = told_case(make, council, state=CaseState.CLOSED, due_in=None, close_reason="withdrawn")
    page = words(officer.get(f"/council/cases/{case.id}"))
    assert "Withdrawn" in page
    assert "Answer " not in page.partition("What happens next")[2].partition("The request")[0]


def test_a_body_that_the_family_does_not_want_asked_is_said_to_be_so(
    officer: Officer, council: Served, make: Factory
) -> None:
    case = told_case(make, council)
    body = make.party(case, PartyKind.ICB, name="An ICB")
    _refuse(make, case, body)
    assert "The family has not agreed to this body being asked." in words(officer.get(f"/council/cases/{case.id}"))


def _refuse(make: Factory, case: MadeCase, party_id: object) -> None:
    with make.database.begin(case.authority_scope) as session:
        session.execute(sa.text("UPDATE party SET may_be_invited = false WHERE id = :id"), {"id": party_id})
        session.commit()

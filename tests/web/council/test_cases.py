"""The tray of cases: lists, pages of them, what each row says, and finding one case."""

from collections.abc import Callable

from flask import Flask

from parley.access.domain import Role
from parley.casework.domain import CaseState
from parley.db.scope import Login
from support.factories import Factory
from support.family import Served, heading, words
from support.staff import Officer, told_case
from support.statements import statements_of


def test_an_officer_begins_with_their_own_cases(officer: Officer, council: Served, make: Factory) -> None:
    told_case(make, council, child_name="Mine Marsh", assigned_id=officer.identity_id)
    told_case(make, council, child_name="Other Marsh")
    page = officer.follow(officer.get("/council"))
    assert heading(page) == "Cases"
    assert "Mine Marsh" in page.text
    assert "Other Marsh" not in page.text


def test_each_list_holds_what_it_says(officer: Officer, council: Served, make: Factory) -> None:
    told_case(make, council, child_name="Mine Marsh", assigned_id=officer.identity_id, due_in=20)
    told_case(make, council, child_name="Nobodys Marsh", due_in=20)
    told_case(make, council, child_name="Due Marsh", assigned_id=officer.identity_id, due_in=2)
    told_case(make, council, child_name="Closed Marsh", state=CaseState.CLOSED, due_in=None)
    make.case(council.authority, provider=council.provider, child_name="Untold Marsh")
    listed = {
        view: {
            name
            for name in ("Mine", "Nobodys", "Due", "Closed", "Untold")
            if f"{name} Marsh" in officer.get(f"/council/cases?view={view}").text
        }
        for view in ("mine", "unassigned", "team", "due", "closed")
    }
    assert listed == {
        "mine": {"Mine", "Due"},
        "unassigned": {"Nobodys"},
        "team": {"Mine", "Nobodys", "Due"},
        "due": {"Due"},
        "closed": {"Closed"},
    }


def test_a_row_says_who_about_what_by_when_and_who_has_it(officer: Officer, council: Served, make: Factory) -> None:
    told_case(make, council, assigned_id=officer.identity_id, areas=["A"], against=["local_authority", "setting"])
    page = words(officer.get("/council/cases"))
    assert "Rowan Marsh" in page
    assert "Area 1. With the council and the school or setting" in page
    assert "Your answer is needed" in page
    assert "Has it: You" in page
    assert "Answer by 29 November 2026 in 5 days" in page


def test_silence_is_a_state_of_its_own(officer: Officer, council: Served, make: Factory) -> None:
    told_case(make, council, due_in=-3)
    page = words(officer.get("/council/cases?view=due"))
    assert "No answer given" in page
    assert "Answer: was due 21 November 2026 3 days ago" in page


def test_long_lists_come_in_pages_and_no_case_is_lost_between_them(
    officer: Officer, council: Served, make: Factory
) -> None:
    made = {told_case(make, council, due_in=n % 3).reference for n in range(27)}
    first = officer.get("/council/cases?view=team")
    onward = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = officer.get(f"/council/cases{onward}")
    on_first = {reference for reference in made if reference in first.text}
    on_second = {reference for reference in made if reference in second.text}
    assert len(on_first) == 25
    assert on_first | on_second == made
    assert not on_first & on_second
    assert 'rel="next"' not in second.text


def test_closed_cases_come_newest_first(officer: Officer, council: Served, make: Factory) -> None:
    made = [told_case(make, council, state=CaseState.CLOSED, due_in=None).reference for _ in range(3)]
    page = officer.get("/council/cases?view=closed").text
    assert sorted(made, key=page.index) == made[::-1]


def test_an_address_that_was_tampered_with_begins_at_the_beginning(
    officer: Officer, council: Served, make: Factory
) -> None:
    told_case(make, council)
    for after in ("x", "2026-01-01_x", "_", "x_y"):
        assert "Rowan Marsh" in officer.get(f"/council/cases?view=team&after={after}").text


def test_a_list_that_is_not_there_is_not_found(officer: Officer) -> None:
    assert officer.get("/council/cases?view=everything").status_code == 404


def test_an_empty_list_says_what_to_do(officer: Officer) -> None:
    assert "Open one from Unassigned" in words(officer.get("/council/cases"))
    assert "Global Mediation tells the council" in words(officer.get("/council/cases?view=unassigned"))


def test_tabs_count_what_waits(officer: Officer, council: Served, make: Factory) -> None:
    for _ in range(3):
        told_case(make, council)
    told_case(make, council, assigned_id=officer.identity_id, due_in=30)
    page = words(officer.get("/council/cases"))
    assert "Mine (1) Unassigned (3) Team Due (3) Closed" in page


def test_a_single_find_opens_at_once(officer: Officer, council: Served, make: Factory) -> None:
    made = told_case(make, council, child_name="Zoë O’Hara-Núñez")
    for wanted in (made.reference.lower(), " zoë  o’hara-núñez "):
        answer = officer.post("/council/search", q=wanted)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/council/cases/{made.id}"


def test_several_of_a_name_are_listed_and_a_name_never_stands_in_an_address(
    officer: Officer, council: Served, make: Factory
) -> None:
    made = [told_case(make, council, child_name="Rowan Marsh") for _ in range(2)]
    page = officer.post("/council/search", q="Rowan Marsh")
    assert all(case.reference in page.text for case in made)
    assert "Rowan" not in officer.get("/council/search?q=Rowan+Marsh").text


def test_a_case_is_found_by_the_councils_own_number(officer: Officer, council: Served, make: Factory) -> None:
    made = told_case(make, council)
    officer.follow_path(f"/council/cases/{made.id}/number", {"number": "CAP 4711"})
    assert officer.post("/council/search", q="cap 4711").headers["Location"].endswith(str(made.id))
    officer.follow_path(f"/council/cases/{made.id}/number", {"number": ""})
    assert "No case was found" in words(officer.post("/council/search", q="CAP 4711"))


def test_what_the_council_was_not_told_is_not_found(officer: Officer, council: Served, make: Factory) -> None:
    made = make.case(council.authority, provider=council.provider)
    for wanted in (made.reference, made.child_name):
        assert "No case was found" in words(officer.post("/council/search", q=wanted))


def test_an_empty_search_says_what_to_enter(officer: Officer) -> None:
    answer = officer.post("/council/search", q=" ")
    assert answer.status_code == 422
    assert "Enter a reference" in words(answer)


def test_the_tray_asks_the_database_six_times_at_most(
    officer: Officer, council: Served, make: Factory, app: Flask
) -> None:
    for n in range(26):
        told_case(make, council, assigned_id=officer.identity_id if n % 2 else None)
    officer.get("/council/cases?view=team")
    with statements_of(app.extensions["parley"].database, Login.APP) as asked:
        assert officer.get("/council/cases?view=team").status_code == 200
    assert len(asked) <= 6, "\n".join(asked)


def test_a_team_manager_works_on_cases_and_a_commissioner_sees_none(
    visit: Callable[..., Officer], council: Served, make: Factory
) -> None:
    made = told_case(make, council)
    manager, commissioner = visit(), visit()
    manager.sign_in(make, role=Role.TEAM_MANAGER)
    commissioner.sign_in(make, role=Role.COMMISSIONER)
    assert manager.get(f"/council/cases/{made.id}").status_code == 200
    start = commissioner.follow(commissioner.get("/council"))
    assert heading(start) == "Figures"
    assert "Find a case" not in start.text
    for path in ("cases", "search", f"cases/{made.id}", f"cases/{made.id}/answer", f"cases/{made.id}/messages"):
        assert commissioner.get(f"/council/{path}").status_code == 403

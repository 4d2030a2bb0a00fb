"""Each side reads and confirms its own copy, then the outcome, then says what became of the agreed actions."""

import datetime as dt
import pathlib

import pytest

from parley.app import create_app
from parley.casework.agreement import ActionText
from parley.casework.domain import CaseState
from parley.db.scope import Login, Side
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import Factory
from support.family import words
from support.outcome_room import Room
from support.outcomes import ALL, CANARY, days
from support.statements import statements_of


def confirm(room: Room) -> None:
    """Have every side confirm, and the worker release."""
    room.held.write()
    room.held.confirm(*ALL)
    room.work()


def test_a_family_confirms_its_copy_on_its_page(room: Room) -> None:
    assert "There is no copy for you yet" in words(room.parent.get(room.own("your-copy")))
    room.held.write()
    page = words(room.parent.get(room.own("your-copy")))
    assert "not legally binding" in page
    assert "The number of hours." in page
    said = room.parent.follow(room.parent.post(room.own("your-copy"), answer="confirm"))
    assert "You confirmed your copy" in words(said)
    assert room.held.draft(Side.FAMILY).copies[0].confirmed_at is not None


def test_what_was_agreed_at_a_meeting_is_not_called_a_rule_of_the_council(room: Room) -> None:
    confirm(room)
    page = words(room.officer.get(room.councils()))
    assert "Agreed at the meeting" in page
    assert "A rule of" not in page


def test_a_family_takes_its_confirmation_back(room: Room) -> None:
    room.held.write()
    room.held.confirm(Side.FAMILY)
    page = room.parent.follow(room.parent.post(room.own("your-copy"), answer="take_back"))
    assert "Your confirmation was taken back" in words(page)
    assert room.held.draft(Side.FAMILY).copies[0].confirmed_at is None


def test_what_somebody_wants_changed_goes_to_the_provider_alone(room: Room) -> None:
    room.held.write()
    page = room.officer.post(room.councils("your-copy"), answer="change", change="")
    assert page.status_code == 422
    room.officer.follow(room.officer.post(room.councils("your-copy"), answer="change", change="Not 14 days, 21."))
    assert "Not 14 days, 21." in words(room.officer.get(room.councils("your-copy")))
    assert "Not 14 days, 21." not in room.parent.get(room.own("your-copy")).text
    assert [copy.change for copy in room.held.draft(Side.PROVIDER).copies] == ["", "Not 14 days, 21.", ""]


def test_a_page_that_shows_an_older_version_confirms_nothing(room: Room) -> None:
    room.held.write()
    stale = room.parent.get(room.own("your-copy"))
    room.held.write(room.held.text(points=("Another point",)), instead_of=1)
    answer = room.parent.post_from(stale, room.own("your-copy"), answer="change", change="Kept words")
    assert answer.status_code == 422
    assert "There is a newer version now" in words(answer)
    assert "Kept words" in answer.text
    assert room.held.draft(Side.FAMILY).copies[0].confirmed_at is None


def test_before_the_release_no_page_of_the_council_but_its_own_copy_holds_a_word(room: Room) -> None:
    room.held.write(give=False)
    for page in ("", "outcome", "outcome/still-open", "your-copy", "feedback", "messages", "meeting"):
        assert CANARY not in room.officer.get(room.councils(page)).text, page
    room.held.write(instead_of=1)
    room.held.confirm(Side.FAMILY, Side.INVITED)
    room.work()
    for page in ("", "outcome", "outcome/still-open", "feedback", "messages", "meeting"):
        assert CANARY not in room.officer.get(room.councils(page)).text, page
    assert CANARY in room.officer.get(room.councils("your-copy")).text


def test_a_councils_case_page_never_opens_the_compartment(room: Room) -> None:
    confirm(room)
    with statements_of(room.officer.client.application.extensions["parley"].database, Login.COMPARTMENT) as asked:
        assert room.officer.get(room.councils()).status_code == 200
        assert room.officer.get(room.councils("outcome")).status_code == 200
    assert asked == []


def test_the_outcome_says_what_was_agreed_and_that_it_is_not_binding(room: Room) -> None:
    confirm(room)
    for page in (room.parent.get(room.own("outcome")), room.officer.get(room.councils("outcome"))):
        text = words(page)
        assert "Some things were agreed, and some were not" in text
        assert "not legally binding" in text
        assert "Speech therapy goes on." in text
        assert "The number of hours." in text
    assert "1 action to do" in words(room.parent.get(room.own()))


def test_what_is_still_open_is_a_page_to_print_with_the_confirmed_words_alone(room: Room) -> None:
    confirm(room)
    page = words(room.parent.get(room.own("outcome/still-open")))
    for said in (
        "Issues that remain",
        "The number of hours.",
        room.held.case.reference,
        "gives no mediation certificate",
    ):
        assert said in page


def test_an_action_is_done_by_its_owner_and_confirmed_by_the_family(room: Room) -> None:
    confirm(room)
    (action,) = room.held.outcomes()[0].actions
    assert "Mark as done" not in words(room.parent.get(room.own("outcome")))
    done = room.officer.post(room.councils(f"outcome/{action.id}"), page=room.councils("outcome"), change="done")
    assert "It is marked as done." in words(room.officer.follow(done))
    page = words(room.parent.get(room.own("outcome")))
    assert "Yes, it is done" in page
    assert "Say that it is not done" in page
    again = room.officer.post(room.councils(f"outcome/{action.id}"), page=room.councils("outcome"), change="done")
    assert again.status_code == 303
    room.parent.post(room.own(f"outcome/{action.id}"), page=room.own("outcome"), change="confirm")
    assert "Done" in words(room.officer.get(room.councils("outcome")))
    # A partial agreement stays open: its provider closes it.
    assert room.held.view().state is CaseState.OUTCOME_RECORDED


def test_a_family_disputes_in_words_that_every_side_reads(room: Room) -> None:
    confirm(room)
    (action,) = room.held.outcomes()[0].actions
    room.officer.post(room.councils(f"outcome/{action.id}"), page=room.councils("outcome"), change="done")
    assert room.parent.post(room.own(f"outcome/{action.id}/not-done"), words=" ").status_code == 422
    room.parent.follow(room.parent.post(room.own(f"outcome/{action.id}/not-done"), words="No letter came."))
    page = words(room.officer.get(room.councils("outcome")))
    assert "Not done, the family says" in page
    assert "No letter came." in page
    assert "Mark as done" in page


def test_what_was_said_of_an_action_can_be_undone_for_a_day(room: Room, make: Factory, clock: FixedClock) -> None:
    confirm(room)
    (action,) = room.held.outcomes()[0].actions
    where = room.councils(f"outcome/{action.id}")
    room.officer.post(where, page=room.councils("outcome"), change="done")
    clock.advance(dt.timedelta(hours=5))
    room.officer.sign_in(make)
    room.officer.post(where, page=room.councils("outcome"), change="take_back")
    assert "To do" in words(room.officer.get(room.councils("outcome")))
    room.officer.post(where, page=room.councils("outcome"), change="done")
    clock.advance(dt.timedelta(hours=25))
    room.officer.sign_in(make)
    assert "Undo" not in words(room.officer.get(room.councils("outcome")))
    assert room.officer.post(where, page=room.councils("outcome"), change="take_back").status_code == 409


def test_an_overdue_action_is_seen_by_all_and_a_family_can_say_that_it_is_not_done(
    room: Room, make: Factory, clock: FixedClock
) -> None:
    confirm(room)
    clock.advance(dt.timedelta(days=15))
    room.parent.sign_in(make, subject="parent")
    room.officer.sign_in(make)
    assert "1 action overdue" in words(room.parent.get(room.own()))
    assert "Overdue" in words(room.officer.get(room.councils("outcome")))
    (action,) = room.held.outcomes()[0].actions
    room.parent.follow(room.parent.post(room.own(f"outcome/{action.id}/not-done"), words="Nothing came."))
    assert "Nothing came." in words(room.officer.get(room.councils("outcome")))


@pytest.mark.parametrize("page", ["outcome", "outcome/still-open", "your-copy", "feedback"])
def test_another_councils_and_another_familys_case_is_not_there(room: Room, page: str) -> None:
    stranger = f"/requests/{room.held.meeting_id}/{page}"
    assert room.parent.get(stranger).status_code == 404
    assert room.officer.get(f"/council/cases/{room.held.meeting_id}/{page}").status_code == 404


def test_feedback_is_read_by_the_provider_and_not_by_the_council(room: Room) -> None:
    room.parent.follow(room.parent.post(room.own("feedback"), rating="poor", words="A canary-feedback word."))
    assert "You have told" in words(room.parent.get(room.own("feedback")))
    room.officer.post(room.councils("feedback"), rating="good", words="Fine.")
    assert "canary-feedback" not in room.officer.get(room.councils("feedback")).text


def test_a_schools_contact_confirms_its_copy_and_does_its_own_action(room: Room) -> None:
    actions = (ActionText(what="Keep a diary", owner_id=room.held.school, due_on=days(7)),)
    room.held.write(room.held.text(actions=actions))
    assert "After the meeting" in words(room.contact.get(room.invited()))
    said = room.contact.follow(room.contact.post(room.invited("your-copy"), answer="confirm"))
    assert "You confirmed your copy" in words(said)
    room.held.confirm(Side.FAMILY, Side.COUNCIL)
    room.work()
    (action,) = room.held.outcomes()[0].actions
    where = room.invited(f"outcome/{action.id}")
    done = room.contact.follow(room.contact.post(where, page=room.invited("outcome"), change="done"))
    assert "Marked as done" in words(done)
    assert room.contact.get(room.invited("outcome/still-open")).status_code == 200
    assert room.contact.get(f"/invited/cases/{room.held.meeting_id}/outcome").status_code == 404


def test_before_it_has_a_copy_a_school_reads_no_word_of_a_draft(room: Room) -> None:
    room.held.write(give=False)
    for page in ("", "outcome", "your-copy", "meeting", "feedback"):
        assert CANARY not in room.contact.get(room.invited(page)).text, page


def test_a_process_without_the_compartments_login_says_so_and_loses_nothing(
    tmp_path: pathlib.Path, login_urls: dict[str, str], room: Room, clock: FixedClock
) -> None:
    room.held.write()
    page = room.parent.get(room.own("your-copy"))
    folder = tmp_path / "open"
    folder.mkdir()
    urls = {login: url for login, url in login_urls.items() if login != "compartment"}
    app = create_app(deployment(folder, urls), clock=clock)
    room.parent.client, cookie = (
        app.test_client(),
        room.parent.client.get_cookie("parley", domain=room.parent.council.authority.host),
    )
    room.parent.client.set_cookie("parley", cookie.value, domain=room.parent.council.authority.host)
    answer = room.parent.get(room.own("your-copy"))
    assert answer.status_code == 503
    assert "Nothing is lost" in words(answer)
    assert room.parent.get(room.own()).status_code == 200
    assert page.status_code == 200
    app.extensions["parley"].database.dispose()

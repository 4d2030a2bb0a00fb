"""A meeting through the pages of every side: suggested, answered, fixed, prepared, moved, held."""

import json
import re

import pytest
from icalendar import Calendar

from parley.access.domain import Role
from parley.casework.domain import CaseState
from parley.casework.models import PartyMember
from parley.casework.request import MeetingMode, Safety
from parley.meetings.domain import MeetingState, OwnPlace, Place, Places
from parley.meetings.service.fixing import Arrangement
from support.family import heading, words
from support.meetings import HALL, Arranging, at_ten
from support.provider import sign_in_staff

TIMES = {
    "mode": "in_person",
    "day_0__day": "8",
    "day_0__month": "12",
    "day_0__year": "2026",
    "begins_0": "10am",
    "ends_0": "12:00",
}


@pytest.fixture
def path(arranging):
    """The address of the case at its provider."""
    return f"/cases/{arranging.made.authority.id}/{arranging.made.id}"


@pytest.fixture
def own_path(arranging):
    """The address of the case for its family."""
    return f"/requests/{arranging.made.id}"


def answers_of(page, value):
    return {name: value for name in set(re.findall(r'name="(slot_[0-9a-f]{32})"', page.text))}


def fixing(coordinator, path):
    page = coordinator.get(f"{path}/meeting/fix")
    slot = re.search(r'name="slot"[^>]*value="([0-9a-f]{32})"', page.text)[1]
    return {"slot": slot, "mode": "in_person", "place": HALL, "link": "", "for_everybody": "A break after an hour."}


def test_a_meeting_goes_through_the_pages_of_all_sides(coordinator, parent, officer, arranging, path, own_path):
    case_page = coordinator.get(path)
    assert "Arrange a meeting" in words(case_page)
    shown = coordinator.does(f"{path}/meeting/times", **TIMES)
    assert "Tuesday 8 December 2026, 10am to midday" in words(shown)

    assert "Say which of the times suit, if you have not yet. See the suggested times" in words(parent.get(own_path))
    form = parent.get(f"{own_path}/meeting/times")
    answered = parent.follow(parent.post_from(form, f"{own_path}/meeting/times", **answers_of(form, "can")))
    assert "Your answers were sent to Global Mediation" in words(answered)

    council_path = f"/council/cases/{arranging.made.id}"
    form = officer.get(f"{council_path}/meeting/times")
    answered = officer.post_from(form, f"{council_path}/meeting/times", **answers_of(form, "if_needed"))
    assert "We can come" in form.text
    assert answered.status_code == 303

    mediator = re.search(r'<option value="([0-9a-f]{32})"', coordinator.get(f"{path}/meeting/mediator").text)[1]
    coordinator.does(f"{path}/meeting/mediator", mediator=mediator)
    page = coordinator.get(f"{path}/meeting/fix")
    assert "can: Ash Marsh; only if needed: Kim Rowe" in words(page)
    fixed = coordinator.does(f"{path}/meeting/fix", **fixing(coordinator, path))
    assert "The meeting is fixed" in words(fixed)
    assert arranging.case.state is CaseState.MEETING_ARRANGED

    own = words(parent.get(f"{own_path}/meeting"))
    assert "Robin Vale (Civil Mediation Council, number SEND-1042, until 31 March 2028)" in own
    assert HALL in own
    assert "A break after an hour." in own
    assert "Kim Rowe" not in own
    assert "Kim Rowe" in words(officer.get(f"{council_path}/meeting"))


def test_a_person_downloads_their_own_calendar_entry_and_nobody_elses(parent, officer, arranging, own_path):
    arranging.fixed()
    page = parent.get(f"{own_path}/meeting")
    link = re.search(r'href="([^"]+\.ics)"', page.text)[1]
    file = parent.get(link)
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "no-store" in file.headers["Cache-Control"]
    event = Calendar.from_ical(file.data).events[0]
    assert event.start == at_ten().begins_at
    assert str(event["URL"]) == f"{parent.council.url}{own_path}/meeting"
    assert b"Rowan" not in file.data
    deciders = link.replace(str(arranging.made.parent), str(arranging.decider))
    assert parent.get(deciders).status_code == 404
    council = f"/council/cases/{arranging.made.id}/meeting"
    assert officer.get(f"{council}/{arranging.decider}.ics").status_code == 200
    assert officer.get(f"{council}/{arranging.made.parent}.ics").status_code == 404


def test_the_other_member_of_the_family_sees_neither_link_nor_answer_nor_supporter(
    parent, other_parent, arranging, own_path
):
    kept_apart = Safety(attend_apart=True, must_not_learn="The other parent").as_json()
    other = other_parent(safety=json.dumps(kept_apart), email="kit@family.invalid")
    arranging.propose(mode=MeetingMode.VIDEO)
    form = parent.get(f"{own_path}/meeting/times")
    parent.post_from(form, f"{own_path}/meeting/times", **answers_of(form, "cannot"))
    parent.follow_path(f"{own_path}/meeting/preparation", {"supporter_name": "Bo Hart", "brings": "Two reports"})
    seen = words(other.get(f"{own_path}/meeting"))
    assert "Not answered yet" in seen
    assert "You can also answer by phone" in seen
    assert "Bo Hart" not in seen
    assert "Two reports" not in seen
    arranging.assign()
    own = {
        arranging.made.parent: OwnPlace(link="https://meet.example/parent"),
        arranging.other: OwnPlace(link="https://meet.example/other"),
    }
    places = Places(common=Place(link="https://meet.example/all"), own=own)
    arranging.fix(Arrangement(mode=MeetingMode.VIDEO, places=places))
    for person, mine, theirs in ((parent, "parent", "other"), (other, "other", "parent")):
        page = person.get(f"{own_path}/meeting")
        assert f"https://meet.example/{mine}" in page.text
        assert f"https://meet.example/{theirs}" not in page.text
        assert "https://meet.example/all" not in page.text
    assert "Kit Marsh" not in parent.get(f"{own_path}/meeting").text
    assert "Not arranged yet" in words(other.get(f"{own_path}/meeting"))


def test_a_supporter_is_named_to_the_council_only_if_the_family_wants(parent, officer, arranging, own_path):
    arranging.fixed()
    council = f"/council/cases/{arranging.made.id}/meeting"
    form = {"supporter_name": "Bo Hart", "supporter_relation": "Teacher at the school"}
    parent.follow_path(f"{own_path}/meeting/preparation", form)
    assert "A supporter comes with the family" in words(officer.get(council))
    assert "Bo Hart" not in officer.get(council).text
    parent.follow_path(f"{own_path}/meeting/preparation", {**form, "supporter_shared": "yes"})
    assert "Bo Hart (Teacher at the school) comes to support the family" in words(officer.get(council))


def test_what_is_missing_is_said_beside_its_field(coordinator, arranging, path):
    arranging.propose()
    page = coordinator.post(f"{path}/meeting/fix", **{**fixing(coordinator, path), "place": ""})
    assert page.status_code == 422
    assert "Enter where the meeting is" in words(page)
    assert "Assign a mediator first" in words(page)
    page = coordinator.post(f"{path}/meeting/times", **{**TIMES, "ends_0": "9:30am"})
    assert "The meeting must end after it begins" in words(page)
    page = coordinator.post(f"{path}/meeting/times", **{**TIMES, "ends_0": "later"})
    assert "Enter a time, such as 10:30am or 14:15" in words(page)
    page = coordinator.post(f"{path}/meeting/times", **{**TIMES, "ends_0": ""})
    assert "Enter the date, when it begins and when it ends" in words(page)


def test_who_must_be_kept_apart_is_named_where_the_places_are_asked(coordinator, other_parent, arranging, path):
    other_parent(safety=json.dumps(Safety(attend_apart=True).as_json()))
    arranging.propose()
    arranging.assign()
    page = coordinator.post(f"{path}/meeting/fix", **fixing(coordinator, path))
    assert page.status_code == 422
    assert "Kit Marsh asked to take part apart from the others: enter a place of their own" in words(page)
    room = {f"place_{arranging.other.hex}": "Side door, room 2"}
    coordinator.does(f"{path}/meeting/fix", **fixing(coordinator, path), **room)
    assert arranging.meeting.person(arranging.other).place == "Side door, room 2"


def test_a_short_notice_needs_the_familys_waiver(coordinator, arranging, path):
    sooner = {**TIMES, "day_0__day": "27", "day_0__month": "11"}
    coordinator.does(f"{path}/meeting/times", **sooner)
    arranging.assign()
    assert "Less than 5 working days from now" in words(coordinator.get(f"{path}/meeting/fix"))
    page = coordinator.post(f"{path}/meeting/fix", **fixing(coordinator, path))
    assert "The family hears of it too late" in words(page)
    coordinator.does(f"{path}/meeting/fix", **fixing(coordinator, path), notice_waived="yes")
    assert arranging.meeting.notice_waived


def test_a_meeting_is_moved_by_whom_and_cancelled(coordinator, parent, arranging, path, own_path):
    arranging.fixed()
    page = coordinator.get(f"{path}/meeting/move")
    assert HALL in page.text
    moved = {
        "asked_by": "setting",
        "day__day": "9",
        "day__month": "12",
        "day__year": "2026",
        "begins": "2:00pm",
        "ends": "4:00pm",
        "mode": "in_person",
        "place": HALL,
    }
    coordinator.does(f"{path}/meeting/move", **moved)
    assert "Wednesday 9 December 2026" in words(parent.get(f"{own_path}/meeting"))
    coordinator.does(f"{path}/meeting/new-times", asked_by="family", **{**TIMES, "day_0__day": "15"})
    assert "does not take place at the time that was fixed" in words(parent.get(f"{own_path}/meeting"))
    coordinator.does(f"{path}/meeting/cancel", asked_by="provider")
    assert "This meeting was cancelled" in words(parent.get(f"{own_path}/meeting"))
    assert arranging.case.state is CaseState.AGREED


def test_a_held_meeting_names_who_was_there_to_the_provider_alone(
    coordinator, parent, arranging, clock, path, own_path
):
    arranging.fixed()
    clock.advance(at_ten().ends_at - clock.now())
    # Their sign-ins have run out by then.
    coordinator = sign_in_staff(coordinator.client, arranging.make, arranging.made.provider, Role.MEDIATOR, name="m")
    held = {"attended": [arranging.made.parent.hex], "decision_maker": "no"}
    page = coordinator.does(f"{path}/meeting/held", **held)
    assert "Nobody was there who could decide for the council." in words(page)
    assert arranging.meeting.state is MeetingState.HELD
    assert arranging.case.state is CaseState.MEETING_HELD


def test_needs_are_ticked_and_the_person_sees_it(coordinator, parent, arranging, make, path, own_path):
    with make.database.begin(arranging.made.authority_scope) as session:
        member = session.get_one(PartyMember, (arranging.made.authority.id, arranging.made.parent))
        member.access_needs = json.dumps({"needs": "A BSL interpreter"})
        session.commit()
    arranging.fixed()
    assert "A BSL interpreter Not arranged yet" in words(parent.get(f"{own_path}/meeting"))
    coordinator.does(f"{path}/meeting/needs/{arranging.made.parent}", met=["access"])
    assert "A BSL interpreter Arranged" in words(parent.get(f"{own_path}/meeting"))


def test_a_mediator_is_kept_with_a_register_entry(coordinator, arranging):
    form = {"name": "Jo Brook", "register_body": "College of Mediators", "register_number": "S-7"}
    shown = coordinator.does("/mediators/add", **form)
    assert "Jo Brook" in words(shown)
    assert "Cannot be assigned" in words(shown)
    until = {"registered_until__day": "1", "registered_until__month": "5", "registered_until__year": "2028"}
    link = re.search(r'href="(/mediators/[0-9a-f-]+)"><bdi>Jo Brook', shown.text)[1]
    shown = coordinator.does(link, **form, **until)
    assert "Cannot be assigned" not in words(shown)


def test_a_side_that_takes_its_yes_back_leaves_a_meeting_that_stands_for_the_others(coordinator, arranging, make):
    school = make.party(arranging.made)
    make.member(arranging.made, school, name="Sam Field")
    arranging.fixed()
    case = f"/cases/{arranging.made.authority.id}/{arranging.made.id}"
    assert "Go on without Oak Hill School" in words(coordinator.get(case))
    page = words(coordinator.get(f"{case}/without/{school}"))
    assert "taken out of their calendars" in page
    coordinator.does(f"{case}/without/{school}")
    assert arranging.case.state is CaseState.MEETING_ARRANGED
    assert arranging.meeting.state is MeetingState.FIXED
    assert "Sam Field" not in [person.name for person in arranging.meeting.people]


def test_before_anything_is_suggested_there_is_no_meeting_to_see(parent, officer, arranging, own_path):
    assert parent.get(f"{own_path}/meeting").status_code == 404
    assert officer.get(f"/council/cases/{arranging.made.id}/meeting").status_code == 404
    assert "Meeting" not in heading(parent.get(own_path))


def test_another_familys_meeting_is_not_there(parent, arranging, make, council):
    strange = Arranging(make, make.case(council.authority, provider=council.provider, state=CaseState.AGREED)).fixed()
    for page in ("", "/times", "/preparation", f"/{strange.made.parent}.ics"):
        answer = parent.get(f"/requests/{strange.made.id}/meeting{page}")
        assert answer.status_code == 404
        assert "Robin" not in answer.text


def test_another_providers_meeting_is_not_there(coordinator, make):
    strange = Arranging(make).fixed()
    path = f"/cases/{strange.made.authority.id}/{strange.made.id}/meeting"
    for page in ("", "/fix", "/move", "/held", "/calendar.ics"):
        assert coordinator.get(path + page).status_code == 404


def test_a_video_meeting_is_offered_the_providers_own_room(app, make, parent, council, clock):
    provider = make.provider(name="Rooms", meeting_link="https://meet.example/{meeting}")
    make.commission(council.authority, provider)
    case = make.case(
        council.authority, provider=provider, state=CaseState.AGREED, policy_version_id=council.policy_version_id
    )
    arranging = Arranging(make, case)
    arranging.propose(mode=MeetingMode.VIDEO)
    coordinator = sign_in_staff(app.test_client(), make, provider, Role.COORDINATOR, name="rooms")
    page = coordinator.get(f"/cases/{case.authority.id}/{case.id}/meeting/fix")
    assert re.search(r'value="https://meet\.example/[0-9a-f]{32}"', page.text)

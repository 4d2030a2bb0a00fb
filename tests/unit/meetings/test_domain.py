"""Times, notice, places and moves of meetings."""

import dataclasses
import datetime as dt
import itertools

import pytest

from parley.casework.domain import PartyKind
from parley.casework.request import MeetingMode, Safety
from parley.kernel.clock import london
from parley.kernel.errors import Conflict
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from parley.meetings.domain import (
    MOST_SLOTS,
    MOVES,
    CalendarMethod,
    Invitee,
    MeetingState,
    Need,
    OwnPlace,
    Period,
    Place,
    Places,
    Registration,
    calendar_method,
    notice_is_short,
    own_field,
    period_on,
    place_problems,
    require_move,
    room_link,
    slot_problems,
)

NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
LAW = law_on(NOW.date())
DAY = dt.date(2026, 12, 8)
TEN, NOON = dt.time(10), dt.time(12)
MEETING = period_on(DAY, TEN, NOON)

PARENT = Invitee(member_id=new_id(), name="Ash Marsh", party=PartyKind.FAMILY, safety=Safety())


def apart(**wishes: bool) -> Invitee:
    return dataclasses.replace(PARENT, safety=Safety(**wishes))


def on(hour: int, to: int, day: dt.date = DAY) -> Period:
    return period_on(day, dt.time(hour), dt.time(to))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (on(10, 12), on(11, 13), True),
        (on(10, 13), on(11, 12), True),
        (on(10, 12), on(10, 12), True),
        (on(10, 12), on(12, 14), False),
        (on(10, 12), on(13, 14), False),
    ],
)
def test_two_times_overlap_when_a_moment_is_in_both(one: Period, other: Period, overlap: bool) -> None:
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("day", "utc_hour", "offset"),
    [
        (dt.date(2027, 3, 27), 10, 0),
        (dt.date(2027, 3, 28), 9, 1),
        (dt.date(2027, 10, 30), 9, 1),
        (dt.date(2027, 10, 31), 10, 0),
    ],
)
def test_ten_o_clock_is_ten_o_clock_in_england_before_and_after_the_clocks_change(
    day: dt.date, utc_hour: int, offset: int
) -> None:
    begins = period_on(day, TEN, NOON).begins_at
    assert begins.hour == utc_hour
    assert (london(begins).hour, london(begins).utcoffset()) == (10, dt.timedelta(hours=offset))


def test_a_meeting_across_the_hour_that_is_skipped_is_as_long_as_it_really_is() -> None:
    night = period_on(dt.date(2027, 3, 28), dt.time(0, 30), dt.time(2, 30))
    assert night.ends_at - night.begins_at == dt.timedelta(hours=1)


def test_good_times_have_no_problems() -> None:
    assert slot_problems([on(10, 12), on(13, 15)], NOW) == {}


@pytest.mark.parametrize(
    ("slots", "wrong"),
    [
        ([], {"slots"}),
        ([on(10, 12, DAY + dt.timedelta(days=n)) for n in range(MOST_SLOTS + 1)], {"slots"}),
        ([on(10, 12), on(12, 10)], {"slot_1"}),
        ([on(10, 10)], {"slot_0"}),
        ([period_on(DAY, TEN, dt.time(10, 10))], {"slot_0"}),
        ([on(7, 18)], {"slot_0"}),
        ([on(10, 12, NOW.date() - dt.timedelta(days=1)), on(10, 12)], {"slot_0"}),
        ([on(10, 12, dt.date(2028, 1, 1))], {"slot_0"}),
        ([on(10, 12), on(11, 13)], {"slot_1"}),
    ],
)
def test_times_that_cannot_be_are_named(slots: list[Period], wrong: set[str]) -> None:
    assert set(slot_problems(slots, NOW)) == wrong


@pytest.mark.parametrize(
    ("meeting_on", "told_on", "short"),
    [
        # Tuesday 8 December: five working days before is Tuesday 1 December.
        (dt.date(2026, 12, 8), dt.date(2026, 12, 1), False),
        (dt.date(2026, 12, 8), dt.date(2026, 12, 2), True),
        # Monday 4 January: Christmas, Boxing Day's substitute and New Year's Day do not count.
        (dt.date(2027, 1, 4), dt.date(2026, 12, 23), False),
        (dt.date(2027, 1, 4), dt.date(2026, 12, 24), True),
    ],
)
def test_a_family_hears_five_working_days_before(meeting_on: dt.date, told_on: dt.date, short: bool) -> None:
    assert notice_is_short(meeting_on, told_on, LAW) is short


def test_a_meeting_makes_only_the_moves_there_are() -> None:
    for before, after in itertools.product(MeetingState, MeetingState):
        if after in MOVES[before]:
            require_move(before, after)
        else:
            with pytest.raises(Conflict):
                require_move(before, after)


def test_a_calendar_hears_of_a_meeting_that_was_fixed_and_takes_it_out_when_it_is_not() -> None:
    assert {state: calendar_method(state) for state in MeetingState} == {
        MeetingState.PROPOSED: None,
        MeetingState.FIXED: CalendarMethod.REQUEST,
        MeetingState.MOVED: CalendarMethod.CANCEL,
        MeetingState.HELD: CalendarMethod.REQUEST,
        MeetingState.CANCELLED: CalendarMethod.CANCEL,
    }


@pytest.mark.parametrize(
    ("registration", "valid"),
    [
        (Registration(body="Civil Mediation Council", number="S-1", until=DAY), True),
        (Registration(body="Civil Mediation Council", number="S-1", until=DAY - dt.timedelta(days=1)), False),
        (Registration(body="Civil Mediation Council", number="S-1", until=None), False),
        (Registration(body="Civil Mediation Council", number="", until=DAY), False),
        (Registration(body="", number="S-1", until=DAY), False),
    ],
)
def test_a_register_entry_counts_when_it_is_whole_and_has_not_run_out(registration: Registration, valid: bool) -> None:
    assert registration.is_valid_on(DAY) is valid


def test_what_a_person_needs_is_what_they_asked_for() -> None:
    everything = dataclasses.replace(apart(wait_apart=True, attend_apart=True), needs="A BSL interpreter")
    assert everything.asked_for == (Need.ACCESS, Need.WAIT_APART, Need.ATTEND_APART)
    assert PARENT.asked_for == ()


HALL = Place(place="Friends Meeting House, St Helen's Street")
ROOM = Place(link="https://meet.example/a")


@pytest.mark.parametrize(
    ("mode", "common", "wrong"),
    [
        (MeetingMode.IN_PERSON, HALL, set()),
        (MeetingMode.IN_PERSON, ROOM, {"place"}),
        (MeetingMode.PHONE, Place(place="We ring you"), set()),
        (MeetingMode.PHONE, Place(), {"place"}),
        (MeetingMode.VIDEO, ROOM, set()),
        (MeetingMode.VIDEO, HALL, {"link"}),
        (MeetingMode.VIDEO, Place(link="http://meet.example/a"), {"link"}),
        (MeetingMode.VIDEO, Place(link="javascript:alert(1)"), {"link"}),
        (MeetingMode.VIDEO, Place(link="https://meet.example/a b"), {"link"}),
        (MeetingMode.SEPARATE_ROOMS, HALL, {own_field(PARENT.member_id)}),
    ],
)
def test_each_way_to_meet_needs_its_own_kind_of_place(mode: MeetingMode, common: Place, wrong: set[str]) -> None:
    assert set(place_problems(mode, Places(common=common), [PARENT], MEETING)) == wrong


@pytest.mark.parametrize(
    ("mode", "common", "invitee", "own", "is_enough"),
    [
        (MeetingMode.IN_PERSON, HALL, apart(wait_apart=True), OwnPlace(), False),
        (MeetingMode.IN_PERSON, HALL, apart(wait_apart=True), OwnPlace(arrives=dt.time(9, 45)), True),
        (MeetingMode.IN_PERSON, HALL, apart(wait_apart=True), OwnPlace(place="Room 2"), True),
        (MeetingMode.VIDEO, ROOM, apart(wait_apart=True), OwnPlace(), True),
        (MeetingMode.IN_PERSON, HALL, apart(attend_apart=True), OwnPlace(arrives=dt.time(9, 45)), False),
        (MeetingMode.IN_PERSON, HALL, apart(attend_apart=True), OwnPlace(place="Room 2"), True),
        (MeetingMode.VIDEO, ROOM, apart(attend_apart=True), OwnPlace(), False),
        (MeetingMode.VIDEO, ROOM, apart(attend_apart=True), OwnPlace(link="https://meet.example/b"), True),
        (MeetingMode.SEPARATE_ROOMS, HALL, PARENT, OwnPlace(place="Room 2"), True),
        (MeetingMode.IN_PERSON, HALL, PARENT, OwnPlace(arrives=dt.time(6)), False),
        (MeetingMode.IN_PERSON, HALL, PARENT, OwnPlace(arrives=dt.time(12)), False),
        (MeetingMode.VIDEO, ROOM, PARENT, OwnPlace(link="not an address"), False),
    ],
)
def test_who_asked_to_be_apart_gets_a_time_or_place_of_their_own(
    mode: MeetingMode, common: Place, invitee: Invitee, own: OwnPlace, is_enough: bool
) -> None:
    places = Places(common=common, own={invitee.member_id: own})
    found = place_problems(mode, places, [invitee], MEETING)
    assert set(found) == (set() if is_enough else {own_field(invitee.member_id)})


def test_a_video_room_has_a_name_that_stays_and_tells_nothing_and_is_another_for_who_is_apart() -> None:
    meeting_id, template = new_id(), "https://meet.example/{meeting}?lobby=1"
    link = room_link(template, meeting_id)
    assert link == room_link(template, meeting_id)
    assert link.startswith("https://meet.example/")
    assert link.endswith("?lobby=1")
    assert meeting_id.hex not in link
    assert room_link(template, meeting_id, str(PARENT.member_id)) != link


@pytest.mark.parametrize(("begins", "ends"), [(dt.time(2), dt.time(4)), (dt.time(21, 30), dt.time(22, 30))])
def test_a_meeting_at_night_is_a_slip_of_the_pen(begins: dt.time, ends: dt.time) -> None:
    assert set(slot_problems([period_on(DAY, begins, ends)], NOW)) == {"slot_0"}

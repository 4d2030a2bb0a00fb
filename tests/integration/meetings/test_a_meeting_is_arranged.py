"""A meeting from the first suggested time to the end, as the logins that pages really use; everything commits."""

import datetime as dt

import pytest

from parley.casework import queries as cases
from parley.casework.domain import NEVER, CaseState, ClockCode, Viewer
from parley.casework.service import answers, referral
from parley.casework.timeline import CaseNews, Happening
from parley.db.events import Subscriptions
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.meetings import queries
from parley.meetings.domain import (
    AskedBy,
    CalendarMethod,
    MeetingState,
    OwnPlace,
    Place,
    Places,
    Registration,
    SlotAnswer,
)
from parley.meetings.models import MediatorBooking
from parley.meetings.service import changing, fixing, proposing
from parley.meetings.service.ending import on_case_news
from parley.meetings.service.fixing import Arrangement
from support.factories import NOW
from support.meetings import DAY, HALL, IN_THE_HALL, REGISTERED, Arranging, at_ten, mediator_of


@pytest.fixture
def arranging(make):
    """A case in which everybody agreed."""
    return Arranging(make)


@pytest.fixture
def listening(database, monkeypatch):
    """Meetings listen to cases, as in a process of Parley."""
    heard = Subscriptions()
    heard.subscribe(CaseNews, on_case_news)
    monkeypatch.setattr(database, "subscriptions", heard)


def running(arranging):
    with arranging.make.database.begin(arranging.made.provider_scope) as session:
        view = cases.provider_view(session, **arranging.ids)
    return {clock.code: clock.due_on for clock in view.clocks if clock.is_running()}


def happened(arranging):
    with arranging.make.database.begin(arranging.made.authority_scope) as session:
        view = cases.council_view(session, **arranging.ids)
    return [(entry.happening, entry.codes.get("asked_by")) for entry in view.timeline]


def bookings(arranging):
    with arranging.make.database.begin(arranging.made.provider_scope) as session:
        return [(row.mediator_id, row.begins_at) for row in session.query(MediatorBooking)]


def entry(arranging, member_id=None):
    with arranging.make.database.begin(arranging.made.authority_scope) as session:
        return queries.calendar_entry(session, member_id=member_id or arranging.made.parent, url="", **arranging.ids)


def test_times_are_suggested_answered_and_one_is_fixed(arranging):
    arranging.propose(at_ten(), at_ten(DAY + dt.timedelta(days=1)))
    first, second = arranging.meeting.slots
    arranging.family(proposing.answer_own, answers={first.id: SlotAnswer.CAN, second.id: SlotAnswer.CANNOT})
    arranging.council(proposing.answer_for_council, answers={first.id: SlotAnswer.IF_NEEDED})
    assert arranging.meeting.slots[0].answers == {
        arranging.made.parent: SlotAnswer.CAN,
        arranging.decider: SlotAnswer.IF_NEEDED,
    }
    arranging.assign()
    arranging.fix()
    meeting = arranging.meeting
    assert (meeting.state, meeting.period, meeting.place) == (MeetingState.FIXED, at_ten(), HALL)
    assert arranging.case.state is CaseState.MEETING_ARRANGED
    assert running(arranging) == {ClockCode.MEETING_ON: DAY}
    assert happened(arranging) == [(Happening.MEETING_PROPOSED, None), (Happening.MEETING_FIXED, None)]


def test_an_answer_may_be_changed_and_another_persons_may_not(arranging, make):
    arranging.propose()
    arranging.answer(SlotAnswer.CANNOT)
    arranging.answer(SlotAnswer.CAN)
    slot = arranging.meeting.slots[0]
    assert slot.answers == {arranging.made.parent: SlotAnswer.CAN}
    stranger = make.case(authority=arranging.made.authority, provider=arranging.made.provider)
    with make.database.begin(arranging.made.authority_scope) as session, pytest.raises(NotFound):
        proposing.answer_own(
            session, actor=stranger.family_actor, at=NOW, answers={slot.id: SlotAnswer.CAN}, **arranging.ids
        )


def test_times_that_were_taken_back_cannot_be_answered_or_fixed(arranging):
    arranging.propose()
    old = arranging.meeting.slots[0]
    arranging.propose(at_ten(DAY + dt.timedelta(days=2)))
    with pytest.raises(Conflict):
        arranging.family(proposing.answer_own, answers={old.id: SlotAnswer.CAN})
    arranging.assign()
    with pytest.raises(Invalid) as refused:
        arranging.provider(fixing.fix_meeting, slot_id=old.id, arrangement=IN_THE_HALL, seen=arranging.seen)
    assert set(refused.value.errors) == {"slot"}


@pytest.mark.parametrize("state", [CaseState.COUNCIL_TOLD, CaseState.MEETING_HELD, CaseState.CLOSED])
def test_nothing_is_arranged_before_everybody_agreed_or_after_it_is_over(make, state):
    arranging = Arranging(make, make.case(state=state))
    with pytest.raises(Conflict):
        arranging.propose()


def test_a_page_that_shows_an_older_meeting_changes_nothing(arranging):
    arranging.propose()
    stale = arranging.seen
    arranging.assign()
    with pytest.raises(Conflict):
        arranging.provider(changing.cancel_meeting, asked_by=AskedBy.FAMILY, policy=None, seen=stale)
    with pytest.raises(Conflict):
        arranging.provider(proposing.propose_times, mode=arranging.meeting.mode, slots=[at_ten()], seen=None)


@pytest.mark.parametrize(
    "registration",
    [
        Registration(body="Civil Mediation Council", number="S-1", until=NOW.date() - dt.timedelta(days=1)),
        Registration(body="Civil Mediation Council", number="S-1", until=None),
        Registration(body="", number="", until=dt.date(2030, 1, 1)),
    ],
)
def test_a_mediator_whose_register_entry_ran_out_or_is_incomplete_is_not_assigned(arranging, make, registration):
    arranging.propose()
    with pytest.raises(Invalid) as refused:
        arranging.assign(mediator_of(make, arranging.made.provider, registration=registration))
    assert set(refused.value.errors) == {"mediator"}


def test_a_register_entry_that_runs_out_before_the_day_keeps_the_meeting_from_being_fixed(arranging, make):
    arranging.propose()
    until = DAY - dt.timedelta(days=1)
    soon = Registration(body=REGISTERED.body, number=REGISTERED.number, until=until)
    arranging.assign(mediator_of(make, arranging.made.provider, registration=soon))
    with pytest.raises(Invalid) as refused:
        arranging.fix()
    assert set(refused.value.errors) == {"mediator"}
    assert arranging.meeting.state is MeetingState.PROPOSED


def test_another_providers_mediator_cannot_be_assigned(arranging, make):
    arranging.propose()
    with pytest.raises(Invalid):
        arranging.assign(mediator_of(make, make.provider()))


def test_the_parties_read_the_mediators_register_entry_and_never_the_providers_list(arranging):
    arranging.fixed()
    seen = arranging.seen_by(arranging.made.parent_identity)
    assert (seen.mediator.name, seen.mediator.registration) == ("Robin Vale", REGISTERED)


def test_everything_that_is_missing_is_named_at_once(arranging):
    day = NOW.date() + dt.timedelta(days=3)
    arranging.propose(at_ten(day))
    empty = Arrangement(mode=arranging.meeting.mode, places=Places(common=Place()))
    with pytest.raises(Invalid) as refused:
        arranging.fix(empty)
    assert set(refused.value.errors) == {"place", "mediator", "notice_waived"}


def test_a_family_that_waives_its_notice_can_meet_sooner(arranging):
    arranging.propose(at_ten(NOW.date() + dt.timedelta(days=3)))
    arranging.assign()
    arranging.fix(Arrangement(mode=IN_THE_HALL.mode, places=IN_THE_HALL.places, notice_waived=True))
    assert arranging.meeting.notice_waived


def test_a_meeting_moves_at_once_to_a_time_that_all_agreed_to(arranging):
    mediator = arranging.fixed().meeting.mediator.id
    later = at_ten(DAY + dt.timedelta(days=1))
    arranging.move(later, asked_by=AskedBy.SETTING)
    assert (arranging.meeting.state, arranging.meeting.period) == (MeetingState.FIXED, later)
    assert arranging.case.state is CaseState.MEETING_ARRANGED
    assert running(arranging) == {ClockCode.MEETING_ON: later.day}
    assert happened(arranging)[-1] == (Happening.MEETING_MOVED, "setting")
    assert bookings(arranging) == [(mediator, later.begins_at)]
    assert (entry(arranging).method, entry(arranging).sequence) == (CalendarMethod.REQUEST, 1)


def test_giving_up_a_time_asks_again_and_the_same_calendar_entry_comes_back(arranging):
    arranging.fixed()
    first = entry(arranging)
    arranging.ask_again()
    assert arranging.meeting.state is MeetingState.MOVED
    assert arranging.case.state is CaseState.AGREED
    assert set(running(arranging)) == {ClockCode.ARRANGE_BY}
    assert bookings(arranging) == []
    away = entry(arranging)
    assert (away.uid, away.sequence, away.method) == (first.uid, 1, CalendarMethod.CANCEL)
    arranging.answer()
    arranging.fix()
    back = entry(arranging)
    assert (back.uid, back.sequence, back.method) == (first.uid, 2, CalendarMethod.REQUEST)
    assert arranging.case.state is CaseState.MEETING_ARRANGED


def test_a_cancelled_meeting_frees_everything_and_another_can_be_arranged(arranging):
    arranging.fixed()
    arranging.cancel(asked_by=AskedBy.LOCAL_AUTHORITY)
    assert arranging.meeting.state is MeetingState.CANCELLED
    assert arranging.case.state is CaseState.AGREED
    assert bookings(arranging) == []
    assert entry(arranging).method is CalendarMethod.CANCEL
    assert happened(arranging)[-1] == (Happening.MEETING_CANCELLED, "local_authority")
    before = arranging.meeting.id
    arranging.fixed()
    assert arranging.meeting.id != before


def test_what_was_only_suggested_can_be_cancelled_and_no_calendar_hears_of_it(arranging):
    arranging.propose()
    arranging.cancel()
    assert arranging.case.state is CaseState.AGREED
    assert entry(arranging) is None


def test_a_held_meeting_says_who_was_there_and_whether_somebody_could_decide(arranging):
    arranging.fixed()
    arranging.hold(arranging.made.parent, decision_maker_present=False)
    assert arranging.case.state is CaseState.MEETING_HELD
    assert running(arranging) == {}
    with arranging.make.database.begin(arranging.made.provider_scope) as session:
        held = queries.held_meeting(session, **arranging.ids)
    assert held.attended == {arranging.made.parent: arranging.made.family}
    assert (held.period, held.decision_maker_present) == (at_ten(), False)


def test_a_meeting_is_not_held_before_it_began_nor_by_nobody_nor_by_strangers(arranging, make):
    arranging.fixed()
    values = {"decision_maker_present": True, "seen": arranging.seen}
    with pytest.raises(Conflict):
        arranging.provider(changing.hold_meeting, attended=[arranging.made.parent], **values)
    for attended in ([], [make.case().parent]):
        with pytest.raises(Invalid):
            arranging.provider(changing.hold_meeting, at=at_ten().ends_at, attended=attended, **values)


def test_after_a_meeting_no_other_is_suggested_while_the_case_waits_for_its_outcome(arranging):
    arranging.fixed()
    arranging.hold()
    with pytest.raises(Conflict):
        arranging.propose()


def test_a_family_that_withdraws_takes_its_meeting_with_it(arranging, listening):
    arranging.fixed()
    arranging.family(answers.withdraw)
    assert arranging.case.state is CaseState.CLOSED
    assert arranging.meeting.state is MeetingState.CANCELLED
    assert bookings(arranging) == []
    assert (entry(arranging).method, entry(arranging).sequence) == (CalendarMethod.CANCEL, 1)


def test_a_case_that_the_provider_ends_takes_its_meeting_with_it(arranging, listening):
    arranging.propose()
    arranging.provider(referral.end_without_meeting)
    assert arranging.meeting.state is MeetingState.CANCELLED
    assert arranging.case.next_due_on == NEVER


def test_a_withdrawal_after_the_meeting_leaves_it_held(arranging, listening):
    arranging.fixed()
    arranging.hold()
    arranging.family(answers.withdraw)
    assert arranging.meeting.state is MeetingState.HELD


def test_only_those_hear_of_a_change_of_places_for_whom_something_changed(arranging):
    arranging.fixed()
    own = OwnPlace(arrives=dt.time(9, 45), place="Side door, room 2")
    changed = Places(common=IN_THE_HALL.places.common, own={arranging.made.parent: own})
    arrangement = Arrangement(mode=IN_THE_HALL.mode, places=changed)
    assert arranging.provider(fixing.change_places, arrangement=arrangement, seen=arranging.seen) == 1
    parents, deciders = entry(arranging), entry(arranging, arranging.decider)
    assert (parents.place, parents.sequence) == ("Side door, room 2", 1)
    assert (deciders.place, deciders.sequence) == (HALL, 0)
    assert arranging.provider(fixing.change_places, arrangement=arrangement, seen=arranging.seen) == 0


def test_the_council_is_not_asked_about_times_before_it_was_told(make):
    arranging = Arranging(make, make.case(state=CaseState.AGREED, council_told_at=None))
    arranging.propose()
    with pytest.raises(NotFound):
        arranging.council(proposing.answer_for_council, answers={})
    assert Viewer.LOCAL_AUTHORITY is arranging.seen_by_council().viewer

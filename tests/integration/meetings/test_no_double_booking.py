"""Nobody is in two meetings at once, however many click at the same moment (ASVS 2.3.4). Real threads, real commits."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from parley.casework.domain import CaseState
from parley.casework.timeline import CaseNews, Happening
from parley.db.events import Subscriptions
from parley.kernel.errors import Conflict, Invalid
from parley.meetings.domain import MeetingState, period_on
from parley.meetings.models import MediatorBooking, Meeting
from parley.meetings.service import fixing
from support.meetings import DAY, IN_THE_HALL, Arranging, at_ten, mediator_of

WAIT = 20.0


@pytest.fixture
def two_cases(make):
    """Cases of two councils at one provider, each with the same mediator and the same time suggested."""
    provider = make.provider()
    authorities = [make.authority(), make.authority()]
    for authority in authorities:
        make.commission(authority, provider)
    mediator = mediator_of(make, provider)
    cases = [
        Arranging(make, make.case(authority=authority, provider=provider, state=CaseState.AGREED))
        for authority in authorities
    ]
    for case in cases:
        case.propose()
        case.assign(mediator)
    return cases


def booked(case):
    with case.make.database.begin(case.made.provider_scope) as session:
        return sorted(row.begins_at for row in session.query(MediatorBooking))


def outcome(act):
    try:
        act()
    except (Invalid, Conflict) as refused:
        return refused
    return None


def somebody_waits_for_a_lock(admin_url):
    with psycopg.connect(admin_url, autocommit=True) as admin:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return admin.execute(waiting).fetchone()[0] > 0


def test_a_mediator_fixed_by_two_councils_cases_at_once_is_taken_once(two_cases, database, admin_url, monkeypatch):
    """The first transaction is held open until the second waits for it, so that they truly meet."""
    first_is_inside, let_it_commit = threading.Event(), threading.Event()
    heard = Subscriptions()

    def hold_the_first(_session, news):
        if news.happening is Happening.MEETING_FIXED and not first_is_inside.is_set():
            first_is_inside.set()
            assert let_it_commit.wait(WAIT)

    heard.subscribe(CaseNews, hold_the_first)
    monkeypatch.setattr(database, "subscriptions", heard)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(outcome, two_cases[0].fix)
        assert first_is_inside.wait(WAIT)
        second = threads.submit(outcome, two_cases[1].fix)
        give_up = time.monotonic() + WAIT
        while not somebody_waits_for_a_lock(admin_url):
            assert time.monotonic() < give_up, "the second did not wait for the first"
            time.sleep(0.02)
        let_it_commit.set()
        assert first.result(WAIT) is None
        refused = second.result(WAIT)
    assert isinstance(refused, Invalid)
    assert set(refused.errors) == {"mediator"}
    assert [case.meeting.state for case in two_cases] == [MeetingState.FIXED, MeetingState.PROPOSED]
    assert booked(two_cases[0]) == [at_ten().begins_at]


def test_many_tries_at_once_fix_one(make):
    """Without a stage manager: eight cases, one mediator, one moment."""
    provider = make.provider()
    authority = make.authority()
    make.commission(authority, provider)
    mediator = mediator_of(make, provider)
    cases = []
    for _ in range(8):
        case = Arranging(make, make.case(authority=authority, provider=provider, state=CaseState.AGREED))
        case.propose()
        case.assign(mediator)
        cases.append(case)
    # Read before the start, so that the threads do nothing but fix.
    seen = [(case, case.meeting.slots[0].id, case.seen) for case in cases]
    together = threading.Barrier(4)

    def fix(case, slot_id, version):
        together.wait(WAIT)
        case.provider(fixing.fix_meeting, slot_id=slot_id, arrangement=IN_THE_HALL, seen=version)

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda one: outcome(lambda: fix(*one)), seen))
    assert sum(refused is None for refused in outcomes) == 1
    assert booked(cases[0]) == [at_ten().begins_at]


def test_one_case_has_one_meeting_although_two_coordinators_suggest_times_at_once(make):
    case = Arranging(make)
    together = threading.Barrier(2)

    def propose():
        together.wait(WAIT)
        case.propose()

    with ThreadPoolExecutor(2) as threads:
        tries = [threads.submit(outcome, propose) for _ in range(2)]
        outcomes = [one.result(WAIT) for one in tries]
    # Whoever came second read the meeting of the first, or was told that the page is old; either way there is one.
    assert sum(refused is None for refused in outcomes) >= 1
    with case.make.database.begin(case.made.provider_scope) as session:
        assert session.query(Meeting).count() == 1


def test_a_meeting_fixed_twice_at_once_is_fixed_once(make):
    case = Arranging(make)
    case.propose()
    case.assign()
    slot, seen, together = case.meeting.slots[0].id, case.seen, threading.Barrier(2)

    def fix():
        together.wait(WAIT)
        case.provider(fixing.fix_meeting, slot_id=slot, arrangement=IN_THE_HALL, seen=seen)

    with ThreadPoolExecutor(2) as threads:
        tries = [threads.submit(outcome, fix) for _ in range(2)]
        outcomes = [one.result(WAIT) for one in tries]
    assert sorted(type(refused).__name__ for refused in outcomes) == ["Conflict", "NoneType"]


def test_meetings_that_only_touch_are_both_held(two_cases):
    first, second = two_cases
    first.fix()
    second.propose(period_on(DAY, dt.time(12), dt.time(14)))
    second.fix()
    assert booked(first) == [at_ten().begins_at, at_ten().ends_at]


def test_a_time_that_was_given_up_can_be_taken(two_cases):
    first, second = two_cases
    first.fix()
    assert isinstance(outcome(second.fix), Invalid)
    first.cancel()
    second.fix()
    assert second.meeting.state is MeetingState.FIXED


def test_moving_into_another_meeting_of_the_mediator_is_refused(two_cases):
    first, second = two_cases
    first.fix()
    second.propose(at_ten(DAY + dt.timedelta(days=1)))
    second.fix()
    refused = outcome(lambda: second.move(period_on(DAY, dt.time(11), dt.time(13))))
    assert set(refused.errors) == {"mediator"}
    assert second.meeting.period == at_ten(DAY + dt.timedelta(days=1))


def test_another_mediator_may_take_over_a_fixed_meeting_if_free(two_cases, make):
    first, second = two_cases
    first.fix()
    other = mediator_of(make, second.made.provider, name="Jo Brook")
    second.assign(other)
    second.fix()
    refused = outcome(lambda: first.assign(other))
    assert set(refused.errors) == {"mediator"}
    first.assign(mediator_of(make, first.made.provider, name="Lee Marsh"))
    assert first.meeting.mediator.name == "Lee Marsh"
    assert len(booked(first)) == 2

"""The breaker opens when half of the last calls failed, rests longer each time, and lets one probe decide."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.plugin_host.domain import (
    FEWEST_CALLS,
    FIRST_REST,
    LONGEST_REST,
    PROBE_LEASE,
    WINDOW,
    Breaker,
    BreakerState,
)

NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def after(*worked: bool, breaker: Breaker | None = None) -> Breaker:
    breaker = breaker or Breaker()
    for outcome in worked:
        breaker = breaker.after(outcome, NOW)
    return breaker


def test_it_lets_calls_through_while_they_work() -> None:
    breaker = after(*[True] * 30)
    assert breaker.state is BreakerState.CLOSED
    assert breaker.wait(NOW) is None
    assert len(breaker.recent) == WINDOW


def test_it_does_not_open_before_it_saw_enough() -> None:
    assert after(*[False] * (FEWEST_CALLS - 1)).state is BreakerState.CLOSED
    assert after(*[False] * FEWEST_CALLS).state is BreakerState.OPEN


@pytest.mark.parametrize(("failures", "opens"), [(4, False), (5, True)])
def test_it_opens_when_half_of_the_last_calls_failed(failures: int, opens: bool) -> None:
    outcomes = [True] * (WINDOW - failures) + [False] * failures
    assert (after(*outcomes).state is BreakerState.OPEN) is opens


def test_calls_wait_until_its_rest_is_over() -> None:
    breaker = after(*[False] * FEWEST_CALLS)
    assert breaker.wait(NOW) == FIRST_REST
    assert breaker.wait(NOW + FIRST_REST - SECOND) == SECOND
    assert breaker.wait(NOW + FIRST_REST) is None


def test_after_its_rest_one_call_goes_and_others_wait_for_it() -> None:
    later = NOW + FIRST_REST
    probing = after(*[False] * FEWEST_CALLS).admitted(later)
    assert probing.state is BreakerState.HALF_OPEN
    assert probing.wait(later) == PROBE_LEASE


def test_a_probe_that_works_closes_it_with_a_clean_slate() -> None:
    probing = after(*[False] * FEWEST_CALLS).admitted(NOW + FIRST_REST)
    assert probing.after(True, NOW) == Breaker()


def test_a_probe_that_fails_makes_the_next_rest_longer_up_to_a_limit() -> None:
    breaker, rests = after(*[False] * FEWEST_CALLS), []
    for _ in range(7):
        wait = breaker.wait(NOW)
        assert wait is not None
        rests.append(wait)
        breaker = breaker.admitted(NOW + wait).after(False, NOW)
    assert rests[:3] == [FIRST_REST, FIRST_REST * 2, FIRST_REST * 4]
    assert rests[-1] == LONGEST_REST


def test_a_probe_that_was_lost_with_its_worker_is_followed_by_another() -> None:
    probing = after(*[False] * FEWEST_CALLS).admitted(NOW)
    assert probing.wait(NOW + PROBE_LEASE) is None


def test_a_call_that_ends_after_it_opened_changes_nothing() -> None:
    breaker = after(*[False] * FEWEST_CALLS)
    assert breaker.after(True, NOW) == breaker.after(False, NOW) == breaker


def test_a_probe_that_never_reached_the_plugin_may_go_again_at_once() -> None:
    probing = after(*[False] * FEWEST_CALLS).admitted(NOW + FIRST_REST)
    again = probing.unanswered(NOW + FIRST_REST)
    assert again.state is BreakerState.OPEN
    assert again.wait(NOW + FIRST_REST) is None
    assert Breaker(recent="ox").unanswered(NOW) == Breaker(recent="ox")


@given(st.lists(st.booleans(), max_size=60))
def test_whatever_happens_it_never_waits_longer_than_the_longest_rest(outcomes: list[bool]) -> None:
    breaker, now = Breaker(), NOW
    for worked in outcomes:
        wait = breaker.wait(now)
        if wait is not None:
            assert wait <= LONGEST_REST
            now += wait
        breaker = breaker.admitted(now).after(worked, now)

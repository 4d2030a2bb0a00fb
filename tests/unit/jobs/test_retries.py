"""How often a task is tried, and how long it waits in between."""

import datetime as dt

import pytest

from parley.jobs.domain import DELIVERY_DELAYS, RetryLater, Task, wait_before_retry
from parley.jobs.worker import Pace


def task(*seconds: float) -> Task:
    return Task(name="a.task", run=lambda **_: None, delays=tuple(dt.timedelta(seconds=each) for each in seconds))


def wait(failures: int, *, error: BaseException | None = None, chance: float = 0.0) -> dt.timedelta | None:
    return wait_before_retry(task(10, 60), failures=failures, error=error or ValueError(), chance=chance)


def test_each_failure_waits_for_its_own_delay() -> None:
    assert [wait(0), wait(1)] == [dt.timedelta(seconds=10), dt.timedelta(seconds=60)]


def test_after_the_last_delay_it_is_not_tried_again() -> None:
    assert wait(2) is None
    assert wait_before_retry(task(), failures=0, error=ValueError(), chance=0.5) is None


def test_chance_only_ever_lengthens_the_wait() -> None:
    assert wait(0, chance=1.0) == dt.timedelta(seconds=12)


def test_the_other_sides_wish_to_wait_longer_is_honoured() -> None:
    later = RetryLater(dt.timedelta(minutes=5))
    assert wait(0, error=later) == dt.timedelta(minutes=5)
    assert wait(0, error=RetryLater(dt.timedelta(seconds=1))) == dt.timedelta(seconds=10)
    assert wait(2, error=later) is None


def test_the_last_attempt_knows_that_it_is_the_last() -> None:
    assert [task(1, 1).attempt(failures).is_last for failures in range(4)] == [False, False, True, True]
    assert task().attempt(0).is_last
    assert task(1).attempt(1).number == 2


def test_deliveries_are_tried_for_about_a_day() -> None:
    assert dt.timedelta(hours=20) < sum(DELIVERY_DELAYS, dt.timedelta()) < dt.timedelta(hours=30)


def test_a_worker_is_not_presumed_dead_for_one_late_heartbeat() -> None:
    with pytest.raises(ValueError, match="presumed dead"):
        Pace(heartbeat=10, presumed_dead=15)

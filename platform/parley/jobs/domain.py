"""What a background task is. Pure."""

import dataclasses
import datetime as dt
from collections.abc import Callable

#: Immediate second try, then minutes, then hours: about a day in all, after which the task says so visibly.
DELIVERY_DELAYS = tuple(
    dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 300, 900, 1800, 3600, 3600, 7200, 14400, 28800, 28800)
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attempt:
    """Which try this is: ``number`` counts from 1; ``is_last`` when a failure now will not be tried again."""

    number: int
    is_last: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Task:
    """A named piece of background work.

    ``run`` takes the attempt, and as keyword arguments the ids that the job was enqueued with (as text or numbers). It
    opens its own transactions and may run more than once for one job, so it must be idempotent. A raised exception is
    tried again after the next of ``delays``; when they are used up the job fails for good, and ``run`` must have made
    that visible on its last attempt. ``every`` is a cron line (five fields, or six with seconds last), in UTC, for
    periodic tasks.
    """

    name: str
    run: Callable[..., None]
    delays: tuple[dt.timedelta, ...] = ()
    every: str | None = None

    def attempt(self, failures: int) -> Attempt:
        """Return which try it is after ``failures`` that did not succeed."""
        return Attempt(number=failures + 1, is_last=failures >= len(self.delays))


class RetryLater(Exception):
    """The other side asked to be tried again, not before ``after`` has passed."""

    def __init__(self, after: dt.timedelta) -> None:
        """Keep how long to wait."""
        super().__init__(f"try again in {after}")
        self.after = after


#: Waiting is stretched by up to this share, so that what failed together does not come back together.
JITTER = 0.2


def wait_before_retry(task: Task, *, failures: int, error: BaseException, chance: float) -> dt.timedelta | None:
    """Return how long to wait after one more failure, or None when the task is not tried again.

    ``failures`` counts the earlier ones; ``chance`` is a random number from 0 to 1. The wait is never shorter than
    the other side asked for by RetryLater.
    """
    if task.attempt(failures).is_last:
        return None
    wait = task.delays[failures]
    if isinstance(error, RetryLater):
        wait = max(wait, error.after)
    return wait * (1 + JITTER * chance)

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

    ``run`` takes the attempt and the ids the job was enqueued with, as keyword arguments. It opens its own
    transactions and may run more than once for one job, so it must be idempotent. A raised exception is tried again
    after the next of ``delays``; when they are used up the job fails for good, and ``run`` must have made that visible
    on its last attempt. ``every`` is a cron line (five fields, or six with seconds last) for periodic tasks.
    """

    name: str
    run: Callable[..., None]
    delays: tuple[dt.timedelta, ...] = ()
    every: str | None = None


class RetryLater(Exception):
    """The other side asked to be tried again, not before ``after`` has passed."""

    def __init__(self, after: dt.timedelta) -> None:
        """Keep how long to wait."""
        super().__init__(f"try again in {after}")
        self.after = after

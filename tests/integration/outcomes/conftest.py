"""A meeting that was held, and a worker that releases what came of it."""

from collections.abc import Callable

import psycopg
import pytest

from parley.db.session import Database
from parley.kernel.clock import FixedClock
from support.factories import NOW, Factory
from support.outcomes import HeldMeeting, held_meeting, run_releases


@pytest.fixture
def held(make: Factory, database: Database) -> HeldMeeting:
    """A case whose meeting was held between a family, its council and a school."""
    return held_meeting(make, database)


@pytest.fixture
def work(database: Database, login_urls: dict[str, str]) -> Callable[[], int]:
    """Run what is due of releases, and forget what else was enqueued, as far as it is not about releases."""
    with psycopg.connect(login_urls["worker"]) as worker:
        # Of tests that ran before.
        worker.execute("DELETE FROM jobs.procrastinate_jobs")

    def run() -> int:
        with psycopg.connect(login_urls["worker"]) as worker:
            worker.execute("DELETE FROM jobs.procrastinate_jobs WHERE task_name <> 'outcomes.release'")
        return run_releases(database, FixedClock(NOW), login_urls["worker"])

    return run

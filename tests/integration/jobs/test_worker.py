"""Jobs run if and only if their transaction committed, at least once, and again when they fail or their worker dies."""

import contextlib
import datetime as dt
import pathlib
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from parley.db.scope import Login, authority_scope, platform_scope, provider_case_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt, RetryLater, Task
from parley.jobs.jobs import tasks
from parley.jobs.service import enqueue
from parley.jobs.worker import Worker
from parley.kernel.clock import SystemClock
from parley.kernel.ids import new_id
from support import job_process
from support.job_process import QUICK

NO_TIME = dt.timedelta()


def eventually(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until ``condition`` holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextlib.contextmanager
def working(url: str, *tasks: Task, stop_seconds: float = 10) -> Iterator[Worker]:
    """Keep a worker running in a thread for the length of the block."""
    worker = Worker(tasks, url, pace=QUICK, stop_seconds=stop_seconds)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(15)
        assert not thread.is_alive()


def put(database: Database, task: str, **ids: uuid.UUID | str | int) -> None:
    with database.begin(platform_scope(Login.APP)) as session:
        enqueue(session, task, **ids)
        session.commit()


def jobs(admin_url: str, task: str) -> list[tuple[str, int]]:
    with psycopg.connect(admin_url) as connection:
        found = connection.execute(
            "SELECT status::text, attempts FROM jobs.procrastinate_jobs WHERE task_name = %s ORDER BY id", (task,)
        )
        return [(str(status), int(attempts)) for status, attempts in found.fetchall()]


def test_a_job_runs_with_its_ids_when_the_transaction_committed(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    ran: list[dict[str, object]] = []
    authority_id, provider_id, case_id = new_id(), new_id(), new_id()
    for scope in (
        authority_scope(authority_id),
        provider_case_scope(provider_id, authority_id, case_id),
        authority_scope(authority_id, login=Login.WORKER),
    ):
        with database.begin(scope) as session:
            enqueue(session, "tests.committed", case_id=case_id)
            session.commit()
    worker = Worker(
        [Task(name="tests.committed", run=lambda attempt, **given: ran.append({"attempt": attempt} | given))],
        login_urls["worker"],
    )
    assert worker.run_due() == 3
    assert ran == [{"attempt": Attempt(number=1, is_last=True), "case_id": str(case_id)}] * 3
    assert jobs(admin_url, "tests.committed") == []


def test_a_job_of_a_rolled_back_transaction_never_runs(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    with database.begin(platform_scope(Login.APP)) as session:
        assert enqueue(session, "tests.rolled_back")
        session.rollback()
    assert jobs(admin_url, "tests.rolled_back") == []
    assert Worker([Task(name="tests.rolled_back", run=lambda _attempt, **_: None)], login_urls["worker"]).run_due() == 0


def test_only_one_job_of_a_queueing_lock_waits_and_the_transaction_goes_on(
    database: Database, login_urls: dict[str, str]
) -> None:
    ran: list[object] = []
    with database.begin(platform_scope(Login.APP)) as session:
        answers = [enqueue(session, "tests.single", queueing_lock="tests.single") for _ in range(2)]
        session.commit()
    assert answers == [True, False]
    Worker([Task(name="tests.single", run=lambda _attempt, **_: ran.append(1))], login_urls["worker"]).run_due()
    assert len(ran) == 1


def test_a_failing_job_is_tried_again_until_it_succeeds(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    attempts: list[Attempt] = []

    def third_time_lucky(attempt: Attempt) -> None:
        attempts.append(attempt)
        if attempt.number == 1:
            raise ValueError
        if attempt.number == 2:
            raise RetryLater(NO_TIME)

    put(database, "tests.third")
    with working(login_urls["worker"], Task(name="tests.third", run=third_time_lucky, delays=(NO_TIME,) * 4)):
        eventually(lambda: len(attempts) == 3)
        eventually(lambda: jobs(admin_url, "tests.third") == [])
    assert [attempt.is_last for attempt in attempts] == [False, False, False]


def test_when_the_delays_are_used_up_the_job_has_failed_for_good(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    attempts: list[Attempt] = []

    def hopeless(attempt: Attempt) -> None:
        attempts.append(attempt)
        raise ValueError

    put(database, "tests.hopeless")
    with working(login_urls["worker"], Task(name="tests.hopeless", run=hopeless, delays=(NO_TIME,))):
        eventually(lambda: jobs(admin_url, "tests.hopeless") == [("failed", 2)])
    assert [attempt.is_last for attempt in attempts] == [False, True]


def test_a_job_waits_for_its_time(database: Database, login_urls: dict[str, str]) -> None:
    with database.begin(platform_scope(Login.APP)) as session:
        enqueue(session, "tests.later", at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
        session.commit()
    assert Worker([Task(name="tests.later", run=lambda _attempt, **_: None)], login_urls["worker"]).run_due() == 0


def test_a_periodic_task_runs_by_itself(login_urls: dict[str, str]) -> None:
    ran: list[dict[str, object]] = []
    every_second = Task(
        name="tests.periodic",
        run=lambda attempt, **given: ran.append({"attempt": attempt} | given),
        every="* * * * * *",
    )
    with working(login_urls["worker"], every_second):
        eventually(lambda: len(ran) >= 2)
    assert ran[0] == {"attempt": Attempt(number=1, is_last=True)}


def test_jobs_run_beside_each_other(database: Database, login_urls: dict[str, str]) -> None:
    together = threading.Barrier(2, timeout=10)
    met: list[int] = []
    for _ in range(2):
        put(database, "tests.together")
    Worker(
        [Task(name="tests.together", run=lambda _attempt, **_: met.append(together.wait()))], login_urls["worker"]
    ).run_due()
    assert sorted(met) == [0, 1]


def test_a_job_whose_worker_is_killed_runs_again(
    database: Database, login_urls: dict[str, str], admin_url: str, tmp_path: pathlib.Path
) -> None:
    lines = tmp_path / "lines"
    lines.touch()
    command = [sys.executable, job_process.__file__, login_urls["worker"], str(lines)]
    put(database, "tests.slow")
    first = subprocess.Popen(command)
    try:
        eventually(lambda: lines.read_text() == "1\n")
    finally:
        first.kill()
        first.wait()
    assert jobs(admin_url, "tests.slow") == [("doing", 0)]
    second = subprocess.Popen(command)
    try:
        eventually(lambda: jobs(admin_url, "tests.slow") == [])
    finally:
        second.kill()
        second.wait()
    assert lines.read_text() == "1\n2\n"


def test_a_worker_that_lost_its_connections_goes_on(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    ran: list[object] = []
    with working(login_urls["worker"], Task(name="tests.after", run=lambda _attempt, **_: ran.append(1))):
        put(database, "tests.after")
        eventually(lambda: len(ran) == 1)
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = 'parley_worker'"
            )
        put(database, "tests.after")
        eventually(lambda: len(ran) == 2)


def test_stopping_waits_for_running_jobs_but_not_for_ever(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    started, may_end = threading.Event(), threading.Event()

    def long(_attempt: Attempt) -> None:
        started.set()
        may_end.wait(20)

    put(database, "tests.long")
    with working(login_urls["worker"], Task(name="tests.long", run=long), stop_seconds=0.3):
        assert started.wait(10)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert jobs(admin_url, "tests.long") == [("doing", 0)]
    may_end.set()


@pytest.mark.parametrize("login", [Login.APP, Login.PROVIDER])
def test_a_page_cannot_read_what_waits_in_the_queue(
    database: Database, login: Login, login_urls: dict[str, str]
) -> None:
    with (
        psycopg.connect(login_urls[login.value]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT args FROM jobs.procrastinate_jobs")


def test_what_ended_long_ago_is_forgotten_and_what_waits_or_ended_lately_is_not(
    database: Database, login_urls: dict[str, str], admin_url: str
) -> None:
    def fail(_attempt: Attempt, **_ids: object) -> None:
        raise ValueError("never")

    for number in (0, 1):
        put(database, f"tests.ends_{number}")
    Worker([Task(name=f"tests.ends_{number}", run=fail) for number in (0, 1)], login_urls["worker"]).run_due()
    put(database, "tests.ends_2")
    with psycopg.connect(admin_url) as connection:
        # The first two have failed; the first and the third lie a hundred days back.
        connection.execute(
            "UPDATE jobs.procrastinate_events SET at = at - interval '100 days' WHERE job_id IN"
            " (SELECT id FROM jobs.procrastinate_jobs WHERE task_name IN ('tests.ends_0', 'tests.ends_2'))"
        )
    (forget,) = tasks(database, SystemClock())
    for attempt in (1, 2):
        forget.run(Attempt(number=attempt, is_last=False))
    assert [jobs(admin_url, f"tests.ends_{number}") for number in range(3)] == [[], [("failed", 1)], [("todo", 0)]]

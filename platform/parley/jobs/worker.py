"""The worker: takes jobs from the queue and runs each task's function in a thread, until it is told to stop.

Built on procrastinate. A job runs at least once: one that was running when its worker was killed is found by the
missing heartbeat of that worker and put back. A job that succeeded is deleted; one that failed for good stays, so that
an operator sees it.
"""

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import datetime as dt
import random
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate import jobs as queue
from procrastinate.exceptions import ProcrastinateException
from procrastinate.worker import Worker as QueueWorker

from parley.db.connections import connect_arguments
from parley.jobs.domain import Attempt, RetryLater, Task, wait_before_retry

_log = structlog.get_logger("parley.jobs")
#: Jitter needs no secrecy; the system's generator just needs no seeding after a fork.
_chance = random.SystemRandom()

#: How often a job that took its worker down with it is tried again, whatever its task says of failures.
RESCUES = 3
#: How long the queue's connection is left alone after it broke.
RECONNECT_SECONDS = 1.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a worker notices things, in seconds.

    A worker whose heartbeat is older than ``presumed_dead`` loses its jobs to others. That must be several
    heartbeats, or jobs of workers that live are run twice at once.
    """

    heartbeat: float = 10.0
    presumed_dead: float = 30.0
    rescue: float = 5.0
    poll: float = 5.0

    def __post_init__(self) -> None:
        """Refuse a pace at which the living are presumed dead."""
        if self.presumed_dead < 3 * self.heartbeat:
            raise ValueError("a worker may be presumed dead after three missing heartbeats, not earlier")


class Worker:
    """Runs ``tasks`` from the queue in the database at ``url`` (a libpq address of the worker's login).

    ``concurrency`` is the number of jobs at a time, each in its own thread. ``stop_seconds`` is how long a job may go
    on after ``stop``; one that takes longer cannot be interrupted, and ``run`` then returns while its thread goes on.
    ``pooled``: the address leads to a pooler in transaction mode, through which nobody is notified of anything, so jobs
    are looked for at the pace of ``poll``.
    """

    def __init__(
        self,
        tasks: Iterable[Task],
        url: str,
        *,
        concurrency: int = 4,
        stop_seconds: float = 10.0,
        pace: Pace | None = None,
        pooled: bool = False,
    ) -> None:
        """Take what to run, where, and how."""
        self._tasks = {task.name: task for task in tasks}
        self._url = url
        self._concurrency = concurrency
        self._stop_seconds = stop_seconds
        self._pace = pace or Pace()
        self._pooled = pooled
        self._stopping = False
        self._stop_current: Callable[[], None] | None = None
        self._ran = 0

    def run(self) -> None:
        """Work until ``stop`` is called. A database that goes away is waited for."""
        _log.info("worker_starts", concurrency=self._concurrency, count=len(self._tasks))
        self._in_loop(self._until_stopped)
        _log.info("worker_stopped")

    def run_due(self) -> int:
        """Run every job that is due now, and those they lead to; return how many runs that took.

        Periodic tasks are left out, and so are jobs whose time has not come. For tests and for demonstrations.
        """
        before = self._ran

        async def until_nothing_is_due() -> None:
            while True:
                ran = self._ran
                await self._work(wait=False)
                if self._ran == ran:
                    return

        self._in_loop(until_nothing_is_due)
        return self._ran - before

    def stop(self) -> None:
        """Let running jobs finish and take no more. May be called from any thread, or by a signal's handler."""
        self._stopping = True
        if self._stop_current is not None:
            self._stop_current()

    def _in_loop(self, main: Callable[[], Any]) -> None:
        """Run ``main`` in an event loop that does not wait for threads which cannot be interrupted."""
        threads = concurrent.futures.ThreadPoolExecutor(self._concurrency, thread_name_prefix="job")
        loop = asyncio.new_event_loop()
        loop.set_default_executor(threads)
        try:
            loop.run_until_complete(main())
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            loop.run_until_complete(_cancel_the_rest())
            loop.close()

    async def _until_stopped(self) -> None:
        while not self._stopping:
            try:
                await self._work(wait=True)
            except (ProcrastinateException, psycopg.Error) as error:
                _log.warning("queue_lost", exc_info=error)
            if not self._stopping:
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _work(self, *, wait: bool) -> None:
        app = self._app(periodic=wait)
        async with app.open_async():
            worker = QueueWorker(
                app=app,
                concurrency=self._concurrency,
                wait=wait,
                fetch_job_polling_interval=self._pace.poll,
                listen_notify=wait and not self._pooled,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=self._pace.heartbeat,
                stalled_worker_timeout=self._pace.presumed_dead,
            )
            self._stop_current = worker.stop
            run: Callable[[], Coroutine[Any, Any, None]] = worker.run
            working = asyncio.create_task(run())
            rescuing = asyncio.create_task(self._rescue_now_and_then(app))
            try:
                await self._end_of(working)
            finally:
                self._stop_current = None
                rescuing.cancel()

    async def _end_of(self, working: "asyncio.Task[None]") -> None:
        """Wait until the worker has ended; once it was told to stop, only for as long as running jobs may take."""
        while not working.done():
            if self._stopping:
                # Again, because the first time may have been before the worker listened.
                self.stop()
                await asyncio.wait({working}, timeout=self._stop_seconds)
                if not working.done():
                    _log.warning("jobs_left_running")
                    return
            else:
                await asyncio.wait({working}, timeout=0.2)
        await working

    async def _rescue_now_and_then(self, app: procrastinate.App) -> None:
        while True:
            with contextlib.suppress(ProcrastinateException, psycopg.Error):
                await self._rescue(app)
            await asyncio.sleep(self._pace.rescue)

    async def _rescue(self, app: procrastinate.App) -> None:
        """Put back the jobs of workers that died; give up those that seem to kill whoever runs them."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._pace.presumed_dead):
            known = self._tasks.get(job.task_name)
            if known is None or job.attempts < max(len(known.delays), RESCUES):
                await app.job_manager.retry_job(job)
                _log.warning("job_rescued", job_id=job.id, task=job.task_name)
            else:
                await app.job_manager.finish_job(job, status=queue.Status.FAILED, delete_job=False)
                _log.error("job_given_up", job_id=job.id, task=job.task_name)

    def _app(self, *, periodic: bool) -> procrastinate.App:
        # Besides the jobs' acknowledgements: fetching, heartbeat, deferring, rescuing, and one that listens.
        connector = procrastinate.PsycopgConnector(
            conninfo=self._url,
            min_size=1,
            max_size=self._concurrency + 5,
            kwargs=connect_arguments(pooled=self._pooled),
        )
        app = procrastinate.App(connector=connector)
        for task in self._tasks.values():
            registered = app.task(name=task.name, retry=_Retries(task), pass_context=True)(self._runner(task))
            if periodic and task.every is not None:
                app.periodic(cron=task.every, queueing_lock=task.name, lock=task.name)(registered)
        return app

    def _runner(self, task: Task) -> Callable[..., None]:
        def run(context: procrastinate.JobContext, **ids: Any) -> None:
            if task.every is not None:
                ids.pop("timestamp", None)
            attempt = task.attempt(context.job.attempts)
            self._ran += 1
            bound = {"job_id": context.job.id, "task": task.name, "attempt": attempt.number}
            with structlog.contextvars.bound_contextvars(**bound):
                _run(task, attempt, ids)

        return run


def _run(task: Task, attempt: Attempt, ids: dict[str, Any]) -> None:
    began = time.monotonic()
    try:
        task.run(attempt, **ids)
    except RetryLater as later:
        _log.info("job_put_off", seconds=later.after.total_seconds(), is_last=attempt.is_last)
        raise
    except Exception as error:
        log = _log.error if attempt.is_last else _log.warning
        log("job_failed", is_last=attempt.is_last, milliseconds=_since(began), exc_info=error)
        raise
    _log.info("job_done", milliseconds=_since(began))


class _Retries(procrastinate.BaseRetryStrategy):
    """Tries a task again as its delays say."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def get_retry_decision(self, *, exception: BaseException, job: queue.Job) -> procrastinate.RetryDecision | None:
        wait = wait_before_retry(self._task, failures=job.attempts, error=exception, chance=_chance.random())
        if wait is None:
            return None
        return procrastinate.RetryDecision(retry_at=dt.datetime.now(dt.UTC) + wait)


async def _cancel_the_rest() -> None:
    """End what still runs in this loop; how it ends no longer matters, the jobs in it are found by their heartbeat."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)

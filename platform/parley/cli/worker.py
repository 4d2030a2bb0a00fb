"""``parley worker``: runs background jobs until it is told to stop."""

import os
import signal
import sys
from types import FrameType

import click
from flask import Flask

from parley import logging as logs
from parley.app import all_tasks, open_database
from parley.cli import settings
from parley.db.logins import read_logins
from parley.db.scope import Login
from parley.jobs.worker import Worker
from parley.kernel.clock import SystemClock
from parley.settings import Pooler


@click.command("worker")
@click.option("--concurrency", type=click.IntRange(1, 8), default=4, show_default=True, help="Jobs at a time.")
@click.option(
    "--stop-seconds",
    type=click.FloatRange(0, 600),
    default=10.0,
    show_default=True,
    help="How long running jobs may take to finish after SIGTERM or Ctrl-C; the rest is run again later.",
)
def worker(concurrency: int, stop_seconds: float) -> None:
    """Run background jobs until SIGTERM or Ctrl-C. Any number of workers may run beside each other."""
    logs.configure()
    config = settings()
    database = open_database(Flask("parley"), config, Login.WORKER, Login.APP, Login.COMPARTMENT, Login.DISPOSAL)
    working = Worker(
        all_tasks(config, database, SystemClock()),
        read_logins(config)[Login.WORKER],
        concurrency=concurrency,
        stop_seconds=stop_seconds,
        pooled=config.pooler is Pooler.TRANSACTION,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        working.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    working.run()
    sys.stdout.flush()
    # Not by returning: that would wait for jobs that are not done in time, and those cannot be interrupted.
    os._exit(0)

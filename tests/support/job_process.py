"""A worker in a process of its own, for tests that kill it: ``python job_process.py DATABASE_URL FILE``.

Its one task, "tests.slow", writes a line to FILE, and on its first attempt then takes a minute.
"""

import pathlib
import sys
import time

from parley import logging as logs
from parley.jobs.domain import Attempt, Task
from parley.jobs.worker import Pace, Worker

QUICK = Pace(heartbeat=0.3, presumed_dead=1.5, rescue=0.3, poll=0.5)


def main(url: str, path: str) -> None:
    """Run the worker until it is killed."""

    def slow(attempt: Attempt) -> None:
        with pathlib.Path(path).open("a") as file:
            file.write(f"{attempt.number}\n")
        if attempt.number == 1:
            time.sleep(60)

    logs.configure()
    Worker([Task(name="tests.slow", run=slow)], url, pace=QUICK).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

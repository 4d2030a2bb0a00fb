"""What the walls in the database cost: two pages behind them, and in a copy of the database that has none.

Both by the same login, within this process, in turn. The processors' time counts, here and in PostgreSQL, so that
neighbours do not: on a machine that has nothing else to do, it is what limits how many pages a second there are. Then
the statements that the pages send are replayed without the pages: there the walls show most. And every
plan, of more pages than are timed, must go by the column on which the wall of its table hangs.
"""

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import psycopg
from flask import Flask

from bench import plans
from bench.generate import Made
from bench.options import Options, Run, bar
from bench.report import Figure, Part
from bench.scenes import Asked, Cast
from bench.stand import Deployed, processor_time
from parley.app import create_app
from parley.db.connections import LastingConnection
from parley.db.scope import Login
from support.statements import Sent, sent_by

#: The least speed behind the walls as a share of that without, by page.
WANTED = {"council inbox": 0.93, "case page": 0.80}
#: Turns in a round, so that what slows the machine for a moment slows both.
TURNS = 4


def measure(run: Run) -> Part:
    """Measure, and look at the plans."""
    england = run.few
    pages = pages_of(england.casts[-1], england.made[-1])
    sent = {name: sent_for(england.app, asked) for name, asked in pages.items()}
    england.app.extensions["parley"].database.dispose()
    _forget_reads(england.deployed)
    bare = run.here.deploy("bare", like="few")
    _take_walls_down(bare)
    with _side(england.deployed, england.deployed) as here, _side(england.deployed, bare) as there:
        wrong = [
            f"{name}: {line}"
            for name, statements in sent.items()
            for line in plans.faults(here.connections, statements)
        ]
        same = [
            plans.same_way(here.connections, there.connections, one)
            for statements in sent.values()
            for one in plans.asking(statements)
        ]
        figures = [
            *(
                Figure(
                    name=f"{name}: speed behind walls beside none",
                    rounds=_ratios(here.opening(pages[name]), there.opening(pages[name]), run.options),
                    wanted=wanted,
                )
                for name, wanted in WANTED.items()
            ),
            *(
                Figure(
                    name=f"{name}: the same of its statements alone",
                    rounds=_ratios(here.replaying(sent[name]), there.replaying(sent[name]), run.options),
                )
                for name in WANTED
            ),
        ]
    return Part(
        name="walls",
        figures=figures,
        wrong=wrong,
        told=f"{england.number_of_cases:,} cases at {len(england.casts)} councils. Plans of {len(same)} statements were"
        f" looked at; {same.count(True)} go by the same indexes as without walls. Pages: {', '.join(sent)}.",
    )


def pages_of(cast: Cast, made: Sequence[Made]) -> dict[str, Asked]:
    """Return one of each page of a council whose statements are looked at."""
    listed = {
        "council inbox": cast.inbox(),
        "case page": cast.case_pages(made),
        "council's closed cases": cast.opens(cast.officers[0], "/council/cases?view=closed"),
        "family's requests": cast.opens(cast.family, "/requests"),
        "family page": cast.family_pages(made),
        "provider list": cast.provider_list(),
        "provider's case page": cast.held_case(made),
    }
    return {name: asked[0] for name, asked in listed.items()} | {"council's search": cast.search("Rowan Marsh")}


def sent_for(app: Flask, asked: Asked) -> list[Sent]:
    """Return what a page sends to the database, once the process knows what it keeps."""
    client, database = app.test_client(use_cookies=False), app.extensions["parley"].database
    asked.by(client)
    with sent_by(database, *Login) as seen:
        status = asked.by(client)
    # A search that finds one case leads to it.
    if status not in (200, 303):
        raise LookupError(f"{asked.path} is answered with {status}")
    return seen


@contextlib.contextmanager
def connections_to(login_urls: Mapping[str, str]) -> Iterator[plans.Connections]:
    """Connect once as each login, as a process of Parley's does."""
    with contextlib.ExitStack() as stack:
        yield {
            login: stack.enter_context(contextlib.closing(LastingConnection.connect(login_urls[login])))
            for login in Login
        }


def _forget_reads(deployed: Deployed) -> None:
    """Take away what the pages recorded, so that replaying them can record it."""
    with psycopg.connect(deployed.admin) as admin:
        admin.execute("DELETE FROM audit_event")


def _take_walls_down(deployed: Deployed) -> None:
    with psycopg.connect(deployed.admin) as admin:
        walled = admin.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity").fetchall()
        for (table,) in walled:
            # A name that PostgreSQL itself quoted where it must be.
            admin.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY".encode())


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Side:
    """A database, behind walls or not; an application over it, and a connection of each login beside it."""

    deployed: Deployed
    app: Flask
    connections: plans.Connections

    def opening(self, asked: Asked) -> "_Turns":
        """Open a page again and again."""
        client = self.app.test_client(use_cookies=False)

        def once() -> None:
            if asked.by(client) != 200:
                raise LookupError(f"{asked.path} is not answered with 200")

        return _Turns(once, self._processor_time)

    def replaying(self, statements: Sequence[Sent]) -> "_Turns":
        """Send the statements of a page again and again, one transaction each time.

        It is taken back, so that what was recorded can be recorded again: what a commit costs is left out.
        """
        connection, own = self.connections[Login.APP], [one for one in statements if one.login is Login.APP]

        def once() -> None:
            with connection.cursor() as cursor:
                for sent in own:
                    cursor.execute(sent.statement, sent.parameters)
                    if cursor.description:
                        cursor.fetchall()
            connection.rollback()

        return _Turns(once, self._processor_time)

    def _processor_time(self) -> float:
        """How long this process and all that serve the database were on a processor."""
        with psycopg.connect(self.deployed.admin) as admin:
            serving = admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            pids = [pid for (pid,) in serving if pid != admin.info.backend_pid]
        return time.process_time() + sum(map(processor_time, pids))


@contextlib.contextmanager
def _side(served: Deployed, deployed: Deployed) -> Iterator[_Side]:
    """Give the side of ``deployed``, with the keys of ``served``, whose copy it may be."""
    app = create_app(dataclasses.replace(served.settings, login_urls=deployed.settings.login_urls))
    with connections_to(deployed.settings.login_urls) as connections:
        try:
            yield _Side(deployed=deployed, app=app, connections=connections)
        finally:
            app.extensions["parley"].database.dispose()


def _ratios(behind: "_Turns", without: "_Turns", options: Options) -> list[float]:
    ratios, show = [], bar(options.rounds, "Measuring walls")
    for one in (behind, without):
        one.go_on(1)
    for number in range(options.rounds):
        behind.begin()
        without.begin()
        for turn in range(TURNS):
            for one in (behind, without) if turn % 2 else (without, behind):
                one.go_on(options.seconds / TURNS)
        ratios.append(behind.speed / without.speed)
        show(number + 1)
    return ratios


class _Turns:
    """Does something over and over, and counts how often in a second of the processors' time."""

    def __init__(self, once: Callable[[], None], processor_time: Callable[[], float]) -> None:
        """Take what is done, and what tells the processors' time."""
        self._once, self._processor_time = once, processor_time
        self.begin()

    def begin(self) -> None:
        """Count from nothing."""
        self._times, self._used = 0, 0.0

    @property
    def speed(self) -> float:
        """How often a second of the processors' time, since the beginning."""
        return self._times / self._used

    def go_on(self, seconds: float) -> None:
        """Do it for so long."""
        began, until = self._processor_time(), time.monotonic() + seconds
        while time.monotonic() < until:
            self._once()
            self._times += 1
        self._used += self._processor_time() - began

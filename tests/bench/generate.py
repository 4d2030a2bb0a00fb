"""Cases by the ten thousand, as councils have them: some just sent, many with the council, most of them closed.

One council at a time, in its own scope and behind the walls, so that the same works for one council and for all of
England's 153. The cases are planned here, copied into a temporary table as one wide row each (COPY into a table behind
row-level security is refused), and become the rows of all tables there.
"""

import dataclasses
import datetime as dt
import itertools
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from bench.plan import planned_cases
from bench.planned import Council, put
from bench.rows import inserts
from parley.casework.domain import CaseState
from parley.db.scope import authority_scope
from parley.db.session import Database

#: Cases written in one transaction.
BATCH = 10_000

#: Councils that are written at once: while one is planned here, the database writes the others.
AT_ONCE = 3


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A case that was made."""

    id: uuid.UUID
    state: CaseState

    @property
    def told(self) -> bool:
        """Whether its council may open it."""
        return self.state not in {CaseState.SENT, CaseState.ACKNOWLEDGED}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """How many cases a council is to have. ``seed``: the same makes the same spread."""

    council: Council
    count: int
    seed: int = 1


def generate(
    database: Database,
    wanted: Wanted,
    *,
    at: dt.datetime,
    checked: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Made]:
    """Make the cases of one council as they stand ``at``; return them. ``progress`` hears of each further number.

    Unless ``checked``, foreign keys are taken on trust, which the login of council pages must have been allowed.
    """
    planned = planned_cases(wanted.count, at=at, seed=wanted.seed)
    made: list[Made] = []
    while batch := list(itertools.islice(planned, BATCH)):
        with database.begin(authority_scope(wanted.council.authority.id)) as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            if not checked:
                session.execute(text("SET LOCAL session_replication_role = replica"))
            put(session, wanted.council, batch)
            for statement in inserts(wanted.council):
                session.execute(statement)
            session.commit()
        made += [Made(id=case.id, state=case.state) for case in batch]
        progress(len(batch))
    return made


def generate_all(
    database: Database, wanted: Sequence[Wanted], *, at: dt.datetime, progress: Callable[[int], None]
) -> list[list[Made]]:
    """Make the cases of many councils, several at once, with foreign keys taken on trust; return each one's.

    ``progress`` hears how many there are in all. An interrupt ends it after the batches at hand.
    """
    lock, done = threading.Lock(), 0

    def count(more: int) -> None:
        nonlocal done
        with lock:
            done += more
            progress(done)

    threads = ThreadPoolExecutor(AT_ONCE)
    try:
        running = [threads.submit(generate, database, one, at=at, checked=False, progress=count) for one in wanted]
        return [one.result() for one in running]
    finally:
        threads.shutdown(cancel_futures=True)

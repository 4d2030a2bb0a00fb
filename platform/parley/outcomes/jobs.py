"""Background work of outcomes: carrying out of the compartment what every side confirmed."""

import datetime as dt
import uuid
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from parley.access.domain import Realm, RealmKind, system_actor
from parley.casework.agreement import RELEASE, ConfirmedAgreement
from parley.db.scope import Login, authority_scope, release_scope
from parley.db.session import Database
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.kernel.clock import Clock
from parley.outcomes import service

_log = structlog.get_logger("parley.outcomes")


class Settle(Protocol):
    """Reads, in ``release_scope``, a draft that every side confirmed, and lets nothing of it change from then on."""

    def __call__(self, session: Session, *, at: dt.datetime, draft_id: uuid.UUID) -> ConfirmedAgreement | None:
        """Return it, or None while one side has not confirmed."""
        ...


class OutcomeJobs:
    """The work itself; built once for each process that runs jobs."""

    def __init__(self, database: Database, clock: Clock, settle: Settle) -> None:
        """Take what the work needs; ``database`` must hold the logins of the worker and of the compartment."""
        self._database = database
        self._clock = clock
        self._settle = settle

    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks."""
        return (Task(name=RELEASE, run=self.release, delays=DELIVERY_DELAYS),)

    def release(self, _attempt: Attempt, *, authority_id: str, case_id: str, draft_id: str) -> None:
        """Release a draft if this confirmation was the last.

        Read on the compartment's login, written on the worker's, in two transactions: whoever dies between them has
        settled a draft, and the next run writes it. The words are in this process's memory alone meanwhile.
        """
        authority, case, draft = uuid.UUID(authority_id), uuid.UUID(case_id), uuid.UUID(draft_id)
        with self._database.begin(release_scope(authority, case)) as session:
            agreement = self._settle(session, at=self._clock.now(), draft_id=draft)
        if agreement is None:
            return
        with self._database.begin(authority_scope(authority, login=Login.WORKER)) as session:
            released = service.release(
                session,
                actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority)),
                at=self._clock.now(),
                authority_id=authority,
                case_id=case,
                agreement=agreement,
            )
        _log.info(
            "outcome_released" if released else "outcome_not_released", authority_id=authority_id, case_id=case_id
        )

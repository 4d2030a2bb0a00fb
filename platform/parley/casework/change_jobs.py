"""Background work after the early end of a contract: asking each family who goes on, and moving a case at its word."""

import uuid
from typing import Any

from parley.access.domain import Realm, RealmKind, system_actor
from parley.casework import changing
from parley.casework.placing import policy_of_case
from parley.casework.service import changing_over
from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.kernel.clock import Clock
from parley.tenancy.queries import directory


class ChangeJobs:
    """The work itself; built once for each process that runs jobs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Take what the work needs."""
        self._database = database
        self._clock = clock

    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks."""
        return (
            Task(name=changing_over.SEE_TO_CHANGES, run=self.see_to_changes, delays=DELIVERY_DELAYS),
            Task(name=changing_over.MOVE_CASE, run=self.move_case, delays=DELIVERY_DELAYS),
            Task(name="casework.change_overs", run=self.look_again, every="20 6 * * *"),
        )

    def see_to_changes(self, attempt: Attempt, *, authority_id: str, commission_id: str) -> None:
        """Ask the families of a contract that ended early who goes on, or end that question, case by case."""
        authority = uuid.UUID(authority_id)
        with self._database.begin(authority_scope(authority, login=Login.WORKER)) as session:
            found = changing.to_do(session, authority, uuid.UUID(commission_id))
        for case_id in found.end:
            with self._database.begin(authority_scope(authority, login=Login.WORKER)) as session:
                changing_over.end_question(session, case_id=case_id, **self._about(authority))
        for case_id, change_id in found.move:
            # Whose own job found it on hold.
            self.move_case(attempt, authority_id=authority_id, case_id=str(case_id), change_id=str(change_id))
        for case_id, new_provider_id in found.ask:
            with self._database.begin(authority_scope(authority, login=Login.WORKER)) as session:
                changing_over.ask_family(
                    session, case_id=case_id, new_provider_id=new_provider_id, **self._about(authority)
                )

    def move_case(self, _attempt: Attempt, *, authority_id: str, case_id: str, change_id: str) -> None:
        """Give a case to the provider that its family said goes on with it."""
        authority, case = uuid.UUID(authority_id), uuid.UUID(case_id)
        with self._database.begin(authority_scope(authority, login=Login.WORKER)) as session:
            changing_over.move_case(
                session,
                case_id=case,
                change_id=uuid.UUID(change_id),
                policy=policy_of_case(session, authority, case),
                **self._about(authority),
            )

    def look_again(self, _attempt: Attempt, **_ids: object) -> None:
        """See to each contract that ended early: a young person's yes, say, may have brought one more case there."""
        with self._database.begin(platform_scope(Login.WORKER)) as session:
            authorities = [one.id for one in directory(session)]
        for authority_id in authorities:
            with self._database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
                changing_over.see_to_all_changes(session, authority_id=authority_id)

    def _about(self, authority_id: uuid.UUID) -> dict[str, Any]:
        return {
            "actor": system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id)),
            "at": self._clock.now(),
            "authority_id": authority_id,
        }

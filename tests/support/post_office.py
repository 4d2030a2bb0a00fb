"""A post office for tests: the subscribed database, a real mail server on this machine, a worker to run what is due."""

import contextlib
import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from sqlalchemy import select

from parley.access.domain import Role
from parley.casework.domain import Viewer
from parley.casework.models import PartyMember
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.db.scope import Scope, provider_scope
from parley.db.session import Database
from parley.jobs.worker import Worker
from parley.kernel.clock import FixedClock
from parley.notifications import local_inbox, tasks
from parley.notifications.immediate import ImmediateMail
from parley.notifications.jobs import NotificationJobs
from parley.notifications.local_inbox import InboxMessage
from parley.notifications.models import Notification
from parley.notifications.tasks import TaskView
from support.factories import Factory, MadeCase, acting

#: Where the parent of a made case reads mail.
PARENT = "parent@family.invalid"


@dataclasses.dataclass
class PostOffice:
    """Everything that messages need, with the means to look at what came of them."""

    database: Database
    clock: FixedClock
    jobs: NotificationJobs
    immediate: ImmediateMail
    make: Factory
    folder: pathlib.Path
    port: int
    worker_url: str
    admin_url: str

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Have the mail server take mail inside the block; outside it nothing listens."""
        with local_inbox.serve(self.folder, "127.0.0.1", self.port):
            yield

    @contextlib.contextmanager
    def refusing(self, answer: str) -> Iterator[None]:
        """Have the mail server give ``answer`` ("550 no such mailbox") to every recipient inside the block."""
        server = Controller(_Refusing(answer), hostname="127.0.0.1", port=self.port)
        server.start()
        try:
            yield
        finally:
            server.stop()

    def run_due(self) -> int:
        """Run every job that is due."""
        return Worker(self.jobs.tasks(), self.worker_url).run_due()

    def make_due(self) -> None:
        """Let the time pass that jobs were told to wait."""
        with psycopg.connect(self.worker_url) as worker:
            worker.execute("UPDATE jobs.procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")

    def lose_jobs(self) -> None:
        """Let every job that waits be lost."""
        with psycopg.connect(self.worker_url) as worker:
            worker.execute("DELETE FROM jobs.procrastinate_jobs")

    def inbox(self, recipient: str | None = None) -> tuple[InboxMessage, ...]:
        """Return what arrived, newest first."""
        return local_inbox.messages(self.folder, recipient=recipient)

    def happen(
        self, case: MadeCase, happening: Happening, *, by: Viewer, scope: Scope | None = None, **codes: str
    ) -> None:
        """Let something happen in ``case``, as the use cases of casework do, and commit it."""
        with self.database.begin(scope or case.authority_scope) as session:
            row = case_for_update(session, case.authority.id, case.id)
            actor = acting(Role.FAMILY, case.authority)
            Act(session=session, case=row, actor=actor, by=by, at=self.clock.now()).happened(happening, **codes)
            session.commit()

    def change_parent(self, case: MadeCase, **columns: Any) -> None:
        """Change columns of the parent's place in ``case``."""
        with self.database.begin(case.authority_scope) as session:
            parent = session.get_one(PartyMember, (case.authority.id, case.parent))
            for name, value in columns.items():
                setattr(parent, name, value)
            session.commit()

    def notifications(self, case: MadeCase) -> list[Notification]:
        """Return the messages of ``case``, oldest first."""
        with self.database.begin(case.authority_scope) as session:
            rows = select(Notification).where(Notification.case_id == case.id).order_by(Notification.id)
            return list(session.scalars(rows))

    def tasks(self, case: MadeCase) -> list[TaskView]:
        """Return what the coordinators of the case's provider have to tell."""
        with self.database.begin(provider_scope(case.provider.id)) as session:
            return tasks.open_tasks(session, provider_id=case.provider.id, on=self.clock.now().date())

    def sources(self) -> str:
        """Return every byte that arrived, as text."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.eml")))


class _Refusing:
    """What aiosmtpd asks about each recipient."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802  its name
        return self._answer

"""Background work of messages: sending what waits, and looking at each council's dates."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.orm import Session

from parley.access.domain import Actor, Realm, RealmKind, system_actor
from parley.compartment.domain import DraftNews, MessageChannel
from parley.compartment.drafts import TELL_OF_DRAFT
from parley.compartment.safeguarding import TELL_OF_CONCERN
from parley.compartment.service import TELL_OF_MESSAGE
from parley.db.scope import Login, Scope, Side, authority_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.jobs.service import enqueue
from parley.kernel.clock import Clock, london, london_date
from parley.notifications import clock_notices, lead, outgoing, queries, service
from parley.notifications.decisions import MessageCode
from parley.notifications.domain import ClockNoticeKind, RecipientKind, TaskReason
from parley.notifications.letters import Letters, Provider, Subject
from parley.notifications.mailer import Letter, MailboxRefused, Mailer, MailNotTaken
from parley.notifications.service import SEND
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority

DATES = "notifications.dates"
DATES_OF = "notifications.dates_of"
REMIND = "notifications.remind"
MISS = "notifications.miss"
GIVE_UP = "notifications.give_up"

#: Within the hour, after which the next look at the dates finds again what is not done.
_SOON = (dt.timedelta(minutes=1), dt.timedelta(minutes=10))

#: Nobody is reminded at night: hours of the day in London.
FIRST_HOUR, LAST_HOUR = 8, 20

#: Longer than all tries of sending together: what waits still then has lost its job, and is given up visibly.
STUCK_AFTER = dt.timedelta(hours=36)

#: ``page(recipient, authority, case_id)`` is the address of the recipient's own page of the case.
Page = Callable[[RecipientKind, Authority, uuid.UUID], str]

_log = structlog.get_logger("parley.notifications")


@dataclasses.dataclass(frozen=True, kw_only=True)
class NotificationJobs:
    """The work itself; built once for each process that runs jobs."""

    database: Database
    clock: Clock
    mailer: Mailer
    letters: Letters
    page: Page
    concerns_url: str

    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks."""
        return (
            Task(name=SEND, run=self.send, delays=DELIVERY_DELAYS),
            Task(name=DATES, run=self.dates, every="5 * * * *"),
            Task(name=DATES_OF, run=self.dates_of, delays=_SOON),
            Task(name=REMIND, run=self.remind, delays=_SOON),
            Task(name=MISS, run=self.miss, delays=_SOON),
            Task(name=GIVE_UP, run=self.give_up, delays=_SOON),
            Task(name=TELL_OF_MESSAGE, run=self.tell_of_private_message, delays=_SOON),
            Task(name=TELL_OF_DRAFT, run=self.tell_of_draft, delays=_SOON),
            Task(name=TELL_OF_CONCERN, run=self.tell_of_concern, delays=DELIVERY_DELAYS),
        )

    def send(self, attempt: Attempt, *, authority_id: str, notification_id: str) -> None:
        """Send one message. No transaction is open while the mail server is spoken to.

        A process that dies between the server's yes and the record of it sends the letter again, under the same
        Message-ID. What cannot be sent becomes a coordinator's task, and is counted.
        """
        authority, notification = uuid.UUID(authority_id), uuid.UUID(notification_id)
        with self.database.begin(_worker(authority)) as session:
            letter = self._write(session, authority, notification)
        if letter is None:
            return
        try:
            self.mailer.send(letter)
        except MailboxRefused as refused:
            self._not_sent(authority, notification, refused.code, for_good=True)
        except MailNotTaken as failed:
            self._not_sent(authority, notification, failed.code, for_good=attempt.is_last)
            raise
        else:
            self._sent(authority, notification)

    def dates(self, _attempt: Attempt) -> None:
        """Have every council's dates looked at, hourly through the day: an hour that was missed is made up for."""
        if not FIRST_HOUR <= london(self.clock.now()).hour < LAST_HOUR:
            return
        with self.database.begin(platform_scope(Login.WORKER)) as session:
            for authority in tenancy.directory(session):
                enqueue(session, DATES_OF, queueing_lock=f"{DATES_OF}:{authority.id}", authority_id=authority.id)
            session.commit()

    def dates_of(self, _attempt: Attempt, *, authority_id: str) -> None:
        """Find what is due at one council; each thing is a job of its own, so that one that fails holds up no other."""
        authority, at = uuid.UUID(authority_id), self.clock.now()
        today = london_date(at)
        with self.database.begin(_worker(authority)) as session:
            for clock_id, kind in queries.reminders_due(session, authority_id=authority, today=today):
                enqueue(session, REMIND, authority_id=authority, clock_id=clock_id, kind=kind.value)
            for clock_id in queries.clocks_missed(session, authority_id=authority, today=today):
                enqueue(session, MISS, authority_id=authority, clock_id=clock_id)
            for notification_id in queries.stuck_since(session, authority, at - STUCK_AFTER):
                enqueue(session, GIVE_UP, authority_id=authority, notification_id=notification_id)
            session.commit()

    def remind(self, _attempt: Attempt, *, authority_id: str, clock_id: str, kind: str) -> None:
        """Remind a family of one date."""
        authority = uuid.UUID(authority_id)
        with self.database.begin(_worker(authority)) as session:
            clock_notices.remind(
                session,
                at=self.clock.now(),
                authority_id=authority,
                clock_id=uuid.UUID(clock_id),
                kind=ClockNoticeKind(kind),
            )

    def miss(self, _attempt: Attempt, *, authority_id: str, clock_id: str) -> None:
        """Make it visible that one clock was missed."""
        authority = uuid.UUID(authority_id)
        with self.database.begin(_worker(authority)) as session:
            clock_notices.miss(
                session,
                actor=_system(authority),
                at=self.clock.now(),
                authority_id=authority,
                clock_id=uuid.UUID(clock_id),
            )

    def give_up(self, _attempt: Attempt, *, authority_id: str, notification_id: str) -> None:
        """Give up a message that has lost its job."""
        self._not_sent(uuid.UUID(authority_id), uuid.UUID(notification_id), "stuck", for_good=True)

    def tell_of_private_message(
        self, _attempt: Attempt, *, authority_id: str, case_id: str, by: str, channel: str, member_id: str
    ) -> None:
        """Tell the other side of a private message that it is there."""
        authority = uuid.UUID(authority_id)
        with self.database.begin(_worker(authority)) as session:
            service.tell_of_private_message(
                session,
                at=self.clock.now(),
                authority_id=authority,
                case_id=uuid.UUID(case_id),
                by=Side(by),
                channel=MessageChannel(channel),
                member_id=uuid.UUID(member_id) if member_id else None,
            )

    def tell_of_draft(
        self, _attempt: Attempt, *, authority_id: str, case_id: str, news: str, side: str, member_id: str
    ) -> None:
        """Tell of a draft that waits to be checked, or that one was answered."""
        authority = uuid.UUID(authority_id)
        with self.database.begin(_worker(authority)) as session:
            service.tell_of_draft(
                session,
                at=self.clock.now(),
                authority_id=authority,
                case_id=uuid.UUID(case_id),
                news=DraftNews(news),
                side=Side(side),
                member_id=uuid.UUID(member_id) if member_id else None,
            )

    def tell_of_concern(self, attempt: Attempt, *, authority_id: str, provider_id: str, notice_id: str) -> None:
        """Tell a provider's safeguarding lead that there is a concern, and nothing of it. No trace of it is kept."""
        ids = {"authority_id": uuid.UUID(authority_id), "provider_id": uuid.UUID(provider_id)}
        with self.database.begin(_worker(ids["authority_id"])) as session:
            letter = lead.letter_to_lead(session, self.letters, **ids, key=notice_id, url=self.concerns_url)
        if letter is None:
            self._have_lead_told(ids, notice_id, TaskReason.NO_EMAIL)
            return
        try:
            self.mailer.send(letter)
        except MailboxRefused:
            self._have_lead_told(ids, notice_id, TaskReason.MAIL_FAILED)
        except MailNotTaken:
            if attempt.is_last:
                self._have_lead_told(ids, notice_id, TaskReason.MAIL_FAILED)
            raise

    def _have_lead_told(self, ids: Mapping[str, uuid.UUID], notice_id: str, reason: TaskReason) -> None:
        with self.database.begin(_worker(ids["authority_id"])) as session:
            lead.have_lead_told(session, at=self.clock.now(), **ids, notice_id=uuid.UUID(notice_id), reason=reason)

    def _write(self, session: Session, authority_id: uuid.UUID, notification_id: uuid.UUID) -> Letter | None:
        """Return the letter that a waiting message has become, or None when there is nothing to send any more."""
        message = outgoing.take_waiting(session, authority_id, notification_id, at=self.clock.now())
        if message is None:
            return None
        case = queries.case_facts(session, authority_id, message.case_id)
        authority = tenancy.authority_by_id(session, authority_id)
        provider = tenancy.provider_by_id(session, case.provider_id)
        subject = Subject(
            council=authority.name,
            provider=Provider.of(provider.name, provider.profile["contact"]),
            reference=case.reference,
            url=self.page(message.recipient, authority, case.id),
            codes=message.codes,
            due=queries.running_dates(session, case),
            words=json.loads(message.words) if message.words else {},
            places=queries.places_told_of(session, message),
        )
        return self.letters.write(
            MessageCode(message.message),
            subject,
            key=str(message.id),
            to=message.address,
            calendar=queries.calendar_with(session, message, url=subject.url),
        )

    def _sent(self, authority_id: uuid.UUID, notification_id: uuid.UUID) -> None:
        with self.database.begin(_worker(authority_id)) as session:
            outgoing.message_sent(
                session,
                actor=_system(authority_id),
                at=self.clock.now(),
                authority_id=authority_id,
                notification_id=notification_id,
            )
        _log.info("message_sent", authority_id=authority_id, notification_id=notification_id)

    def _not_sent(self, authority_id: uuid.UUID, notification_id: uuid.UUID, error: str, *, for_good: bool) -> None:
        with self.database.begin(_worker(authority_id)) as session:
            outgoing.message_failed(
                session,
                actor=_system(authority_id),
                at=self.clock.now(),
                authority_id=authority_id,
                notification_id=notification_id,
                error=error,
                for_good=for_good,
            )
        log = _log.error if for_good else _log.warning
        log("message_not_sent", authority_id=authority_id, notification_id=notification_id, code=error)


def _worker(authority_id: uuid.UUID) -> Scope:
    return authority_scope(authority_id, login=Login.WORKER)


def _system(authority_id: uuid.UUID) -> Actor:
    return system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id))

"""Background work of casework: handing referrals over, mailing invitations, clearing drafts."""

import contextlib
import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from parley.access.domain import Realm, RealmKind, system_actor
from parley.casework.coming_of_age import coming_of_age
from parley.casework.domain import ClockCode, InvitationKind, ReferralState
from parley.casework.models import Case, CaseClock
from parley.casework.placing import terms_of
from parley.casework.service import drafts, invitations, own_yes, passing, questions, referral
from parley.casework.timeline import OutgoingInvitation, ProviderNotice
from parley.db.scope import Login, Scope, authority_scope, platform_scope
from parley.db.session import Database
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, RetryLater, Task
from parley.jobs.service import enqueue
from parley.kernel.clock import Clock, london_date
from parley.kernel.errors import Conflict
from parley.plugin_api.contracts import Area, Notice, Referral, Service, SubmissionReceipt
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.domain import Waiting
from parley.plugin_host.queries import plugin_for_provider
from parley.plugin_host.results import Failed, Ok
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority

ExternalUrl = Callable[[str, str], str]
SendInvitation = Callable[[OutgoingInvitation], None]

#: A provider's system may take this long to accept a referral; afterwards its plugin is stopped and tried again.
SUBMIT_WITHIN = dt.timedelta(seconds=30)

#: Looks at every council; at one council, whose id it takes.
OWN_CHOICE, OWN_CHOICE_AT = "casework.own_choice", "casework.own_choice_at"

_PATHS = {
    InvitationKind.YOUNG_PERSON: "/your-answer/{token}",
    InvitationKind.BODY_CONTACT: "/invited/{token}",
}


class DeliveryFailed(Exception):
    """The referral was not taken this time; the job is tried again."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class _ToDeliver:
    """What one delivery needs, read before the plugin is called."""

    authority: Authority
    provider_id: uuid.UUID
    mailbox: str
    plugin: str | None
    referral: Referral


class CaseworkJobs:
    """The work itself; built once for each process that runs jobs."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        delivery: PluginDelivery,
        *,
        provider_case_url: Callable[[uuid.UUID, uuid.UUID], str],
        external_url: ExternalUrl,
        send_invitation: SendInvitation,
    ) -> None:
        """Take what the work needs.

        ``provider_case_url(authority_id, case_id)`` and ``external_url(host, path)`` make addresses that a browser
        opens; ``send_invitation`` mails one invitation or code and raises when the mail was not taken.
        """
        self._database = database
        self._clock = clock
        self._delivery = delivery
        self._provider_case_url = provider_case_url
        self._external_url = external_url
        self._send_invitation = send_invitation

    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks."""
        return (
            Task(name=referral.DELIVER, run=self.deliver_referral, delays=DELIVERY_DELAYS),
            Task(name=invitations.SEND_INVITATION, run=self.send_invitation, delays=DELIVERY_DELAYS),
            Task(name=invitations.SEND_CODE, run=self.send_code, delays=DELIVERY_DELAYS[:3]),
            Task(name=questions.RECORD_QUESTION, run=self.record_question, delays=DELIVERY_DELAYS),
            Task(name=questions.RECORD_ANSWER, run=self.record_answer, delays=DELIVERY_DELAYS),
            Task(name=passing.FIND_NEXT, run=self.find_next_provider, delays=DELIVERY_DELAYS),
            Task(name=OWN_CHOICE, run=self.own_choice, every="10 6 * * *"),
            Task(name=OWN_CHOICE_AT, run=self.own_choice_at, delays=DELIVERY_DELAYS),
            Task(name=own_yes.OWN_CHOICE_IN, run=self.own_choice_in, delays=DELIVERY_DELAYS),
            Task(name="casework.sweep", run=self.sweep, every="41 3 * * *"),
        )

    def deliver_referral(self, attempt: Attempt, *, authority_id: str, case_id: str, referral_id: str) -> None:
        """Hand one referral to the provider: to its plugin, or by a notice to its mailbox where it has none.

        A plugin is called under the referral's id as the constant key; no transaction is open meanwhile. What fails for
        good is shown as needing attention: the provider's people have it in their list.
        """
        authority, case = uuid.UUID(authority_id), uuid.UUID(case_id)
        found = self._to_deliver(authority, case, uuid.UUID(referral_id))
        if found is None:
            return
        if found.plugin is None:
            # No system of theirs to reach: Parley writes the notice itself, and their people work in their list.
            self._submitted(authority, case, found, SubmissionReceipt(notice=_own_notice(found)))
            return
        result = self._delivery.deliver(
            found.plugin,
            "provider_submit",
            authority_id=authority,
            authority=found.authority.slug,
            idempotency_key=referral_id,
            within=SUBMIT_WITHIN,
            referral=found.referral,
        )
        if isinstance(result, Waiting):
            raise RetryLater(result.after)
        if isinstance(result, Ok):
            self._submitted(authority, case, found, result.value)
        elif isinstance(result, Failed) and result.kind.may_work_later and not attempt.is_last:
            self._failed(authority, case, result.code, for_good=False)
            if result.after is not None:
                raise RetryLater(result.after)
            raise DeliveryFailed(result.code)
        else:
            self._failed(authority, case, result.code if isinstance(result, Failed) else "unsupported", for_good=True)

    def find_next_provider(
        self, _attempt: Attempt, *, authority_id: str, case_id: str, referral_id: str | None = None
    ) -> None:
        """Give a case that its provider passed on, or could not be sent, to the next by the council's rule, or ask the
        council for one."""
        authority, case, at = uuid.UUID(authority_id), uuid.UUID(case_id), self._clock.now()
        with self._database.begin(_worker(authority)) as session:
            passing.find_next(
                session,
                actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority)),
                at=at,
                authority_id=authority,
                case_id=case,
                referral_id=uuid.UUID(referral_id) if referral_id else None,
                terms=terms_of(session, authority, case, london_date(at)),
            )

    def send_invitation(self, _attempt: Attempt, *, authority_id: str, invitation_id: str) -> None:
        """Mail an invitation with a token made now; an earlier mail's token is void."""
        authority = uuid.UUID(authority_id)
        with self._database.begin(_worker(authority)) as session:
            host = tenancy.authority_by_id(session, authority).host
            minted = invitations.mint_invitation(
                session, authority_id=authority, invitation_id=uuid.UUID(invitation_id), at=self._clock.now()
            )
        if minted is None:
            return
        path = _PATHS[minted.kind].format(token=minted.token)
        self._send_invitation(
            OutgoingInvitation(
                authority_id=authority,
                case_id=minted.case_id,
                kind=minted.kind,
                to=minted.mailbox,
                url=self._external_url(host, path),
            )
        )

    def send_code(self, _attempt: Attempt, *, authority_id: str, invitation_id: str) -> None:
        """Mail a code that confirms an invitation's mailbox, made now; an earlier code is void."""
        authority = uuid.UUID(authority_id)
        with self._database.begin(_worker(authority)) as session:
            minted = invitations.mint_code(
                session, authority_id=authority, invitation_id=uuid.UUID(invitation_id), at=self._clock.now()
            )
        if minted is not None:
            self._send_invitation(
                OutgoingInvitation(
                    authority_id=authority,
                    case_id=minted.case_id,
                    kind=InvitationKind.BODY_CONTACT,
                    to=minted.mailbox,
                    code=minted.code,
                )
            )

    def own_choice(self, _attempt: Attempt, **_ids: object) -> None:
        """Have each council's open cases looked at for young people whose own the choice becomes: early each morning,
        since those it concerns are told at once."""
        with self._database.begin(platform_scope(Login.WORKER)) as session:
            for authority in tenancy.directory(session):
                enqueue(
                    session, OWN_CHOICE_AT, queueing_lock=f"{OWN_CHOICE_AT}:{authority.id}", authority_id=authority.id
                )
            session.commit()

    def own_choice_at(self, _attempt: Attempt, *, authority_id: str) -> None:
        """Find those cases of one council, a batch at a time; each is a job of its own."""
        authority, on = uuid.UUID(authority_id), london_date(self._clock.now())
        after: uuid.UUID | None = None
        while True:
            with self._database.begin(_worker(authority)) as session:
                batch = coming_of_age(session, authority_id=authority, on=on, after=after)
                for case_id in batch.due:
                    enqueue(
                        session, own_yes.OWN_CHOICE_IN, lock=f"case:{case_id}", authority_id=authority, case_id=case_id
                    )
                session.commit()
            if batch.after is None:
                return
            after = batch.after

    def own_choice_in(self, _attempt: Attempt, *, authority_id: str, case_id: str) -> None:
        """Announce in one case that the choice becomes the young person's own, or put it on hold."""
        authority = uuid.UUID(authority_id)
        with self._database.begin(_worker(authority)) as session:
            own_yes.begin_own_choice(
                session,
                actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority)),
                at=self._clock.now(),
                authority_id=authority,
                case_id=uuid.UUID(case_id),
            )

    def sweep(self, _attempt: Attempt, **_ids: object) -> None:
        """Delete the drafts of every council whose time has run out."""
        now = self._clock.now()
        with self._database.begin(platform_scope(Login.WORKER)) as session:
            authorities = [one.id for one in tenancy.directory(session) if one.lets_lapse(now)]
        for authority_id in authorities:
            with self._database.begin(_worker(authority_id)) as session:
                drafts.drop_expired(session, authority_id=authority_id, at=now)

    def _to_deliver(self, authority_id: uuid.UUID, case_id: uuid.UUID, referral_id: uuid.UUID) -> _ToDeliver | None:
        with self._database.begin(_worker(authority_id)) as session:
            case = session.get(Case, (authority_id, case_id))
            if case is None:
                return None
            row = referral.current_referral(session, case)
            if row.id != referral_id or row.state is not ReferralState.PENDING:
                return None
            authority = tenancy.authority_by_id(session, authority_id)
            plugin = plugin_for_provider(session, authority_id, case.provider_id)
            due = dict(
                session.execute(
                    select(CaseClock.code, CaseClock.due_on).where(
                        CaseClock.authority_id == authority_id,
                        CaseClock.case_id == case_id,
                        CaseClock.met_at.is_(None),
                        CaseClock.stopped_at.is_(None),
                    )
                ).all()
            )
            return _ToDeliver(
                authority=authority,
                provider_id=case.provider_id,
                mailbox=tenancy.provider_by_id(session, case.provider_id).profile["mailbox"],
                plugin=plugin.plugin if plugin else None,
                referral=Referral(
                    referral_id=referral_id,
                    reference=case.reference,
                    council=authority.name,
                    service=Service.DISAGREEMENT_RESOLUTION,
                    areas=tuple(Area(area) for area in case.areas),
                    requested_on=london_date(case.sent_at),
                    acknowledge_by=due.get(ClockCode.ACKNOWLEDGE_BY),
                    tell_council_by=due.get(ClockCode.TELL_COUNCIL_BY),
                    url=self._provider_case_url(authority_id, case_id),
                ),
            )

    def record_question(
        self, _attempt: Attempt, *, authority_id: str, case_id: str, member_id: str, message_id: str
    ) -> None:
        """Record that a family was asked something, where the page that sent the question could not.

        A case that was closed meanwhile is left alone: nothing is due in it, and the question stands in its thread.
        """
        authority = uuid.UUID(authority_id)
        with self._database.begin(_worker(authority)) as session, contextlib.suppress(Conflict):
            questions.ask_for_information(session, **self._told(authority, case_id, member_id, message_id))

    def record_answer(
        self, _attempt: Attempt, *, authority_id: str, case_id: str, member_id: str, message_id: str
    ) -> None:
        """Record that a family answered a question, where the page that sent the answer could not."""
        authority = uuid.UUID(authority_id)
        with self._database.begin(_worker(authority)) as session:
            questions.information_given(session, **self._told(authority, case_id, member_id, message_id))

    def _told(self, authority_id: uuid.UUID, case_id: str, member_id: str, message_id: str) -> dict[str, Any]:
        return {
            "actor": system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id)),
            "at": self._clock.now(),
            "authority_id": authority_id,
            "case_id": uuid.UUID(case_id),
            "member_id": uuid.UUID(member_id),
            "message_id": uuid.UUID(message_id),
        }

    def _submitted(
        self, authority_id: uuid.UUID, case_id: uuid.UUID, found: _ToDeliver, receipt: SubmissionReceipt
    ) -> None:
        at = self._clock.now()
        notice = _notice(authority_id, case_id, found.provider_id, at, receipt.notice)
        with self._database.begin(_worker(authority_id)) as session:
            referral.referral_submitted(
                session,
                actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id)),
                at=at,
                authority_id=authority_id,
                case_id=case_id,
                provider_reference=receipt.provider_reference,
                notice=notice,
            )

    def _failed(self, authority_id: uuid.UUID, case_id: uuid.UUID, error: str, *, for_good: bool) -> None:
        with self._database.begin(_worker(authority_id)) as session:
            referral.referral_failed(
                session,
                actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id)),
                at=self._clock.now(),
                authority_id=authority_id,
                case_id=case_id,
                error=error,
                for_good=for_good,
            )


def _worker(authority_id: uuid.UUID) -> Scope:
    return authority_scope(authority_id, login=Login.WORKER)


def _own_notice(found: _ToDeliver) -> Notice:
    """Return what a provider without a plugin is mailed: which case, and what waits in its list. Nothing personal."""
    asked = found.referral
    then = f", then tell {found.authority.name} about it" if asked.tell_council_by else ""
    return Notice(
        mailbox=found.mailbox,
        reference=asked.reference or "",
        council=found.authority.name,
        service=Service.DISAGREEMENT_RESOLUTION,
        what_to_do=f"Acknowledge this request in Parley{then}.",
        by_when=asked.acknowledge_by,
        url=asked.url,
    )


def _notice(
    authority_id: uuid.UUID, case_id: uuid.UUID, provider_id: uuid.UUID, at: dt.datetime, notice: Notice | None
) -> ProviderNotice | None:
    if notice is None:
        return None
    return ProviderNotice(
        authority_id=authority_id,
        case_id=case_id,
        provider_id=provider_id,
        at=at,
        mailbox=notice.mailbox,
        reference=notice.reference,
        council=notice.council,
        what_to_do=notice.what_to_do,
        by_when=notice.by_when,
        url=notice.url,
        addressed_to=notice.addressed_to,
    )

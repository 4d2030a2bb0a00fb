"""Background work of sign-in: mailing one-time links, and clearing away what is over."""

import datetime as dt
import uuid
from collections.abc import Callable

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from parley.db.models import DataKey
from parley.db.scope import Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity import limits, links
from parley.identity.domain import LINK_LIFETIME, OutgoingLink
from parley.identity.models import OneTimeLink, SignInAttempt, SignInSession
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.kernel.clock import Clock

#: How long what is over stays, so that a question about it can still be answered.
SESSIONS_KEPT = dt.timedelta(days=30)
ATTEMPTS_KEPT = dt.timedelta(days=1)

SendLink = Callable[[OutgoingLink], None]
ExternalUrl = Callable[[str, str], str]


def tasks(database: Database, clock: Clock, *, external_url: ExternalUrl, send_mail: SendLink) -> tuple[Task, ...]:
    """Return the tasks of sign-in.

    ``external_url(host, path)`` makes an address that a browser can open. ``send_mail`` mails one link, is called
    while no transaction is open, and raises when the mail was not taken; the task then tries again with a new link,
    and the link in any earlier mail is void.
    """

    def send_link(_attempt: Attempt, *, realm_id: str, link_id: str) -> None:
        realm, link = uuid.UUID(realm_id), uuid.UUID(link_id)
        with database.begin(_realm_scope(realm)) as session:
            minted = links.mint(session, realm_id=realm, link_id=link, at=clock.now())
        if minted is None:
            return
        send_mail(
            OutgoingLink(
                authority_id=realm,
                link_id=link,
                to=minted.mailbox,
                url=external_url(minted.host, f"/sign-in/link/{minted.token}"),
                valid_for=LINK_LIFETIME,
            )
        )

    def sweep(_attempt: Attempt, **_ids: object) -> None:
        with database.begin(platform_scope(Login.WORKER)) as session:
            realms = list(session.scalars(select(DataKey.realm_id)))
        for realm in realms:
            with database.begin(_realm_scope(realm)) as session:
                _clear(session, realm, clock.now())

    return (
        Task(name=links.SEND_LINK, run=send_link, delays=DELIVERY_DELAYS),
        Task(name="identity.sweep", run=sweep, every="17 * * * *"),
    )


def _realm_scope(realm_id: uuid.UUID) -> Scope:
    return Scope(login=Login.WORKER, realm_id=realm_id)


def _clear(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> None:
    """Delete one realm's sessions, attempts, links and counts that are over. Commits."""
    attempts_before, sessions_before = at - ATTEMPTS_KEPT, at - SESSIONS_KEPT
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.realm_id == realm_id, SignInAttempt.expires_at < attempts_before)
    )
    session.execute(
        delete(OneTimeLink).where(OneTimeLink.realm_id == realm_id, OneTimeLink.expires_at < attempts_before)
    )
    session.execute(
        delete(SignInSession).where(
            SignInSession.realm_id == realm_id,
            or_(SignInSession.expires_at < sessions_before, SignInSession.ended_at < sessions_before),
        )
    )
    limits.forget_past(session, realm_id, at)
    session.commit()

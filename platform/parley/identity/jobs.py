"""Background work of sign-in: mailing one-time links, and clearing away what is over."""

import uuid
from collections.abc import Callable

from sqlalchemy import select

from parley.db.models import DataKey
from parley.db.scope import Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity import links
from parley.identity.clearing import clear
from parley.identity.domain import LINK_LIFETIME, OutgoingLink
from parley.identity.looking import Vantage, look_at_everybody
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.kernel.clock import Clock

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
            realms = list(session.scalars(select(DataKey.realm_id).distinct()))
        for realm in realms:
            with database.begin(_realm_scope(realm)) as session:
                clear(session, realm, clock.now())

    return (
        Task(name=links.SEND_LINK, run=send_link, delays=DELIVERY_DELAYS),
        Task(name="identity.sweep", run=sweep, every="17 * * * *"),
    )


def look_task(database: Database, clock: Clock, around: Vantage) -> Task:
    """Return the nightly task that looks at every sign-in, so that operators hear of it before anybody is shut out."""

    def look(_attempt: Attempt, **_ids: object) -> None:
        look_at_everybody(database, clock, around)

    return Task(name="identity.look", run=look, every="41 3 * * *")


def _realm_scope(realm_id: uuid.UUID) -> Scope:
    return Scope(login=Login.WORKER, realm_id=realm_id)

"""Background work of memberships: mailing invitations."""

import uuid
from collections.abc import Callable

from parley.db.scope import Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity import members
from parley.identity.domain import SignInKind
from parley.identity.membership import INVITATION_LIFETIME, PLATFORM, OutgoingMembershipInvitation
from parley.jobs.domain import DELIVERY_DELAYS, Attempt, Task
from parley.kernel.clock import Clock
from parley.tenancy import queries as tenancy

SendInvitation = Callable[[OutgoingMembershipInvitation], None]
#: The address of a path on the site where people of a kind work.
SiteUrl = Callable[[SignInKind, str], str]


def tasks(database: Database, clock: Clock, *, site_url: SiteUrl, send_mail: SendInvitation) -> tuple[Task, ...]:
    """Return the tasks of memberships.

    ``send_mail`` mails one invitation, is called while no transaction is open, and raises when the mail was not taken;
    the task then tries again with a new link, and the link in any earlier mail is void.
    """

    def invite(_attempt: Attempt, *, realm_id: str, membership_id: str) -> None:
        realm = uuid.UUID(realm_id)
        with database.begin(Scope(login=Login.WORKER, realm_id=realm)) as session:
            minted = members.mint(session, realm_id=realm, membership_id=uuid.UUID(membership_id), at=clock.now())
        if minted is None:
            return
        at_provider = minted.kind is SignInKind.PROVIDER
        with database.begin(platform_scope(Login.WORKER)) as session:
            provider = tenancy.provider_by_id(session, realm) if at_provider else None
        door = f"/sign-in/{provider.slug}" if provider else "/sign-in"
        send_mail(
            OutgoingMembershipInvitation(
                organisation=provider.name if provider else PLATFORM,
                to=minted.mailbox,
                url=site_url(minted.kind, f"{door}/join/{minted.token}"),
                valid_for=INVITATION_LIFETIME,
            )
        )

    return (Task(name=members.SEND_INVITATION, run=invite, delays=DELIVERY_DELAYS),)

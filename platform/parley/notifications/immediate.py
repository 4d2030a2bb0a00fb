"""Mail that is sent at once and never stored, because a secret is in it: one-time links, invitations, codes.

Whoever mints the secret calls this from a job, outside any transaction, and mints another when it fails.
"""

import datetime as dt

from parley.casework.domain import InvitationKind
from parley.casework.service.invitations import CODE_LIFETIME, LIFETIME
from parley.casework.timeline import OutgoingInvitation
from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.identity.domain import OutgoingLink
from parley.identity.membership import OutgoingMembershipInvitation
from parley.kernel.ids import new_id
from parley.notifications.decisions import MessageCode
from parley.notifications.letters import Letters, Provider, Subject
from parley.notifications.mailer import Mailer
from parley.notifications.queries import case_facts
from parley.tenancy import queries as tenancy

_INVITATIONS = {
    InvitationKind.YOUNG_PERSON: MessageCode.INVITATION_YOUNG_PERSON,
    InvitationKind.BODY_CONTACT: MessageCode.INVITATION_BODY,
}


class ImmediateMail:
    """Sends one-offs. Its methods are the ports that identity and casework ask for."""

    def __init__(self, database: Database, mailer: Mailer, letters: Letters) -> None:
        """Take the database with the worker's login, where letters go, and who writes them."""
        self._database = database
        self._mailer = mailer
        self._letters = letters

    def send_link(self, link: OutgoingLink) -> None:
        """Mail a one-time link. Raises MailNotTaken."""
        with self._database.begin(authority_scope(link.authority_id, login=Login.WORKER)) as session:
            council = tenancy.authority_by_id(session, link.authority_id).name
        words = {"minutes": str(_minutes(link.valid_for))}
        self.send_now(
            to=link.to, code=MessageCode.SIGN_IN_LINK, subject=Subject(council=council, url=link.url, words=words)
        )

    def send_member_invitation(self, invitation: OutgoingMembershipInvitation) -> None:
        """Mail somebody that they may work in a realm. Raises MailNotTaken."""
        words = {"days": str(invitation.valid_for.days)}
        self.send_now(
            to=invitation.to,
            code=MessageCode.INVITATION_MEMBER,
            subject=Subject(council=invitation.organisation, url=invitation.url, words=words),
        )

    def send_invitation(self, invitation: OutgoingInvitation) -> None:
        """Mail an invitation, or the code that confirms one. Raises MailNotTaken."""
        if invitation.code:
            code = MessageCode.INVITATION_CODE
            words = {"code": invitation.code, "minutes": str(_minutes(CODE_LIFETIME))}
        else:
            code = _INVITATIONS[invitation.kind]
            words = {"days": str(LIFETIME.days)}
        self.send_now(to=invitation.to, code=code, subject=self._subject(invitation, words))

    def send_now(self, *, to: str, code: MessageCode, subject: Subject) -> None:
        """Mail ``code`` about ``subject`` to ``to``. Raises MailNotTaken.

        Each has a Message-ID of its own: the next try carries another secret, and must not pass for the same mail.
        """
        self._mailer.send(self._letters.write(code, subject, key=str(new_id()), to=to))

    def _subject(self, invitation: OutgoingInvitation, words: dict[str, str]) -> Subject:
        authority_id = invitation.authority_id
        with self._database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
            case = case_facts(session, authority_id, invitation.case_id)
            provider = tenancy.provider_by_id(session, case.provider_id)
            return Subject(
                council=tenancy.authority_by_id(session, authority_id).name,
                provider=Provider.of(provider.name, provider.profile["contact"]),
                # Who would rather ring can say which request it is, and nothing else of it.
                reference=case.reference,
                url=invitation.url,
                words=words,
            )


def _minutes(time: dt.timedelta) -> int:
    return round(time.total_seconds() / 60)

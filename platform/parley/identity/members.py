"""Members: people whom somebody invites, one by one, to work in a realm that has no issuer to vouch for them.

An invitation is mailed as a link that works once and makes a passkey; from then on that passkey is the way in, for as
long as the membership lasts. Roles are the membership's, so taking one away, or ending it, counts at once.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from parley.access.domain import Actor, Role
from parley.audit import service as audit
from parley.identity import passkeys
from parley.identity.domain import (
    PASSKEY_ISSUER,
    ROLES_OF_KIND,
    SessionLimits,
    SignInKind,
    SignInReason,
    SignInRefused,
    digest,
    new_secret,
)
from parley.identity.membership import ADMINISTERS, INVITATION_LIFETIME
from parley.identity.models import Membership, Passkey
from parley.identity.passkeys import NewPasskey, Site
from parley.identity.sessions import NewSession, Person, Place, Proof, begin_session, end_sessions_of
from parley.jobs.service import enqueue
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id

SEND_INVITATION = "identity.send_membership_invitation"


@dataclasses.dataclass(frozen=True, kw_only=True)
class MintedInvitation:
    """An invitation ready to be mailed; the token exists here and in the mail only."""

    token: str = dataclasses.field(repr=False)
    mailbox: str = dataclasses.field(repr=False)
    kind: SignInKind


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenInvitation:
    """What the page of an invitation shows, and what the passkey is made for."""

    membership_id: uuid.UUID
    name: str = dataclasses.field(repr=False)
    mailbox: str = dataclasses.field(repr=False)
    roles: frozenset[Role]


def invite(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    realm_id: uuid.UUID,
    kind: SignInKind,
    name: str,
    mailbox: str,
    roles: Collection[Role],
) -> uuid.UUID:
    """Invite somebody to the realm by mail; return their membership's id. Commits.

    ``mailbox`` is an address already found to be one. Raises Invalid for no role or one that the realm does not have,
    Conflict when somebody with that mailbox is a member or invited already.
    """
    _check_roles(kind, roles)
    if any(_same_mailbox(member.mailbox, mailbox) for member in _present(session, realm_id)):
        raise Conflict(
            "Somebody with this email address is invited already. To send them a new link, use “Send a new "
            "invitation” beside their name.",
            code="already-invited",
        )
    member = Membership(
        realm_id=realm_id,
        id=new_id(),
        kind=kind,
        roles=sorted(roles),
        invited_at=at,
        token_expires_at=at + INVITATION_LIFETIME,
    )
    member.name = name
    member.mailbox = mailbox
    session.add(member)
    _send(session, member)
    _note(session, actor, at, member, "membership.invite", roles="+".join(sorted(roles)))
    session.commit()
    return member.id


def invite_again(
    session: Session, *, actor: Actor, at: dt.datetime, realm_id: uuid.UUID, membership_id: uuid.UUID
) -> None:
    """Mail a member a new link: the last one was lost or ran out, or the device with their passkey was. Commits.

    A passkey they have works until the new one is made. Raises NotFound.
    """
    member = _member(session, realm_id, membership_id)
    member.token_expires_at = at + INVITATION_LIFETIME
    _send(session, member)
    _note(session, actor, at, member, "membership.invite_again")
    session.commit()


def change_roles(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    realm_id: uuid.UUID,
    membership_id: uuid.UUID,
    roles: Collection[Role],
) -> None:
    """Give a member these roles and no others; they are signed out everywhere, and come back with them. Commits.

    Raises NotFound, Invalid as ``invite``, and Conflict when nobody would be left who invites others.
    """
    member = _member(session, realm_id, membership_id)
    _check_roles(member.kind, roles)
    if sorted(roles) == member.roles:
        return
    if ADMINISTERS[member.kind] not in roles:
        _someone_must_stay(session, member)
    member.roles = sorted(roles)
    _sign_out(session, member, at)
    _note(session, actor, at, member, "membership.change_roles", roles="+".join(member.roles))
    session.commit()


def end_membership(
    session: Session, *, actor: Actor, at: dt.datetime, realm_id: uuid.UUID, membership_id: uuid.UUID
) -> None:
    """End a membership: from now on neither invitation nor passkey nor a session of theirs opens anything. Commits.

    Raises NotFound, and Conflict when nobody would be left who invites others.
    """
    member = _member(session, realm_id, membership_id)
    _someone_must_stay(session, member)
    member.ended_at = at
    member.token_hash = None
    member.mailbox = None
    _end_passkeys(session, member, at)
    _sign_out(session, member, at)
    _note(session, actor, at, member, "membership.end")
    session.commit()


def mint(
    session: Session, *, realm_id: uuid.UUID, membership_id: uuid.UUID, at: dt.datetime
) -> MintedInvitation | None:
    """Give an invitation a new token, which voids the one it had, and seven days from now. Commits.

    Returns None when the membership has ended, or was joined since and no new link was asked for.
    """
    member = session.get(Membership, (realm_id, membership_id), with_for_update=True)
    if member is None or member.ended_at is not None or member.token_expires_at <= at:
        return None
    token = new_secret()
    member.token_hash = digest(token)
    member.token_expires_at = at + INVITATION_LIFETIME
    minted = MintedInvitation(token=token, mailbox=member.mailbox, kind=member.kind)
    session.commit()
    return minted


def open_invitation(session: Session, *, realm_id: uuid.UUID, token: str, at: dt.datetime) -> OpenInvitation:
    """Return what the invitation offers. Writes nothing: mail scanners open links too.

    Raises SignInRefused(INVITATION_UNKNOWN), in the same words for one made up, used, ended or too old.
    """
    member = _invited(session, realm_id, token, at)
    return OpenInvitation(
        membership_id=member.id,
        name=member.name,
        mailbox=member.mailbox,
        roles=frozenset(map(Role, member.roles)),
    )


def join(
    session: Session,
    *,
    token: str,
    site: Site,
    challenge: str,
    answer: str,
    place: Place,
    limits: SessionLimits,
    replaces: uuid.UUID | None,
    at: dt.datetime,
) -> NewSession:
    """Take up an invitation with the passkey in ``answer``, and sign in. Commits.

    It becomes the member's only passkey: whoever asks for a new link has lost the device with the last one. Raises
    SignInRefused for an invitation that does not count, or an answer that is no passkey made here and now.
    """
    member = _invited(session, place.realm_id, token, at, to_use=True)
    made = passkeys.check_made(site, challenge=challenge, answer=answer)
    _end_passkeys(session, member, at)
    if member.identity_id is not None:
        end_sessions_of(session, realm_id=member.realm_id, identity_ids=[member.identity_id], at=at)
    begun = begin_session(session, _person(member), place, Proof(at=at), limits, replaces=replaces, at=at)
    member.identity_id = begun.identity_id
    member.joined_at = member.joined_at or at
    member.token_hash = None
    member.token_expires_at = at
    _keep(session, begun.identity_id, made, place, at)
    session.commit()
    return begun


def sign_in_with_passkey(
    session: Session,
    *,
    kind: SignInKind,
    site: Site,
    challenge: str,
    answer: str,
    place: Place,
    limits: SessionLimits,
    replaces: uuid.UUID | None,
    at: dt.datetime,
) -> NewSession:
    """Sign in the member whose passkey made ``answer`` for ``challenge``. Commits.

    Raises SignInRefused(PASSKEY_REFUSED) for one that is not known here, of a membership that has ended, or that
    proves nothing.
    """
    claimed = passkeys.presented(answer)
    found = session.execute(
        select(Passkey, Membership)
        .join(
            Membership,
            (Membership.realm_id == Passkey.realm_id) & (Membership.identity_id == Passkey.identity_id),
        )
        .where(
            Passkey.realm_id == place.realm_id,
            Passkey.credential_id == claimed.credential_id,
            Passkey.ended_at.is_(None),
            Membership.id == claimed.user,
            Membership.kind == kind,
            Membership.ended_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise SignInRefused(SignInReason.PASSKEY_REFUSED, "unknown")
    passkey, member = found
    passkey.sign_count = passkeys.check_use(
        site, challenge=challenge, answer=answer, public_key=passkey.public_key, sign_count=passkey.sign_count
    )
    passkey.last_used_at = at
    begun = begin_session(session, _person(member), place, Proof(at=at), limits, replaces=replaces, at=at)
    session.commit()
    return begun


def _person(member: Membership) -> Person:
    return Person(
        kind=member.kind,
        issuer=PASSKEY_ISSUER,
        subject=member.id.hex,
        roles=frozenset(map(Role, member.roles)),
        shown_as=member.name,
    )


def _keep(session: Session, identity_id: uuid.UUID, made: NewPasskey, place: Place, at: dt.datetime) -> None:
    row = Passkey(
        realm_id=place.realm_id,
        id=new_id(),
        identity_id=identity_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        created_at=at,
        last_used_at=at,
    )
    row.device = place.browser.device
    session.add(row)


def _check_roles(kind: SignInKind, roles: Collection[Role]) -> None:
    if not roles:
        raise Invalid({"roles": ["Select what this person will do"]})
    if not set(roles) <= ROLES_OF_KIND[kind]:
        raise Invalid({"roles": ["Select from the roles listed"]})


def _present(session: Session, realm_id: uuid.UUID) -> list[Membership]:
    return list(
        session.scalars(select(Membership).where(Membership.realm_id == realm_id, Membership.ended_at.is_(None)))
    )


def _same_mailbox(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _member(session: Session, realm_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    member = session.get(Membership, (realm_id, membership_id), with_for_update=True)
    if member is None or member.ended_at is not None:
        raise NotFound
    return member


def _invited(session: Session, realm_id: uuid.UUID, token: str, at: dt.datetime, *, to_use: bool = False) -> Membership:
    statement = select(Membership).where(
        Membership.realm_id == realm_id,
        Membership.token_hash == digest(token),
        Membership.token_expires_at > at,
        Membership.ended_at.is_(None),
    )
    member = session.scalars(statement.with_for_update() if to_use else statement).one_or_none()
    if member is None:
        raise SignInRefused(SignInReason.INVITATION_UNKNOWN, "opened")
    return member


def _someone_must_stay(session: Session, leaving: Membership) -> None:
    """Raise Conflict if nobody but ``leaving`` has joined who may invite others."""
    role = ADMINISTERS[leaving.kind]
    if role not in leaving.roles:
        return
    others = (one for one in _present(session, leaving.realm_id) if one.id != leaving.id and one.kind is leaving.kind)
    if not any(one.joined_at is not None and role in one.roles for one in others):
        raise Conflict(
            "Nobody else here could let people in. Invite another administrator first, and wait until they have "
            "joined.",
            code="last-administrator",
        )


def _end_passkeys(session: Session, member: Membership, at: dt.datetime) -> None:
    session.execute(
        update(Passkey)
        .where(
            Passkey.realm_id == member.realm_id, Passkey.identity_id == member.identity_id, Passkey.ended_at.is_(None)
        )
        .values(ended_at=at)
    )


def _sign_out(session: Session, member: Membership, at: dt.datetime) -> None:
    if member.identity_id is not None:
        end_sessions_of(session, realm_id=member.realm_id, identity_ids=[member.identity_id], at=at)


def _send(session: Session, member: Membership) -> None:
    enqueue(session, SEND_INVITATION, realm_id=member.realm_id, membership_id=member.id)


def _note(session: Session, actor: Actor, at: dt.datetime, member: Membership, action: str, **codes: str) -> None:
    audit.record(
        session, at=at, actor=actor, action=action, realm_id=member.realm_id, subject_id=member.id, codes=codes
    )

"""Inviting a named person to one case, and their taking their own place in it.

A mailed token only shows what the invitation is; a young person or a caller then signs in for themselves, and a contact
at a school or health body confirms by a code sent to the mailbox that was invited. A forwarded mail gives nothing.
"""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor, Role
from parley.casework.domain import InvitationKind, Viewer
from parley.casework.models import Case, Invitation, PartyMember
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.db.sealed import is_fingerprint, search_fingerprint
from parley.identity.domain import (
    DEFAULT_LIMITS,
    INVITATION_ISSUER,
    Browser,
    Limited,
    SignInKind,
    digest,
    new_secret,
    short_code,
    typed_code,
)
from parley.identity.limits import within_limit
from parley.identity.sessions import NewSession, Person, Place, Proof, begin_session
from parley.jobs.service import enqueue
from parley.kernel.errors import Conflict, Invalid, NotFound, Refused

SEND_INVITATION = "casework.send_invitation"
SEND_CODE = "casework.send_invitation_code"

#: An invitation to answer; long enough for a school's holidays, short enough to forget.
LIFETIME = dt.timedelta(days=14)
CODE_LIFETIME = dt.timedelta(minutes=15)
CODE_TRIES = 5

_NOT_IT = "That code is not the one we sent, or it has run out. Check it, or ask for a new one."

_TOO_MANY = "There were too many tries in a short time. Wait an hour, or ring the number on your invitation."


@dataclasses.dataclass(frozen=True, kw_only=True)
class MintedInvitation:
    """An invitation ready to be mailed; the token exists here and in the mail only."""

    token: str = dataclasses.field(repr=False)
    mailbox: str = dataclasses.field(repr=False)
    kind: InvitationKind
    case_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class MintedCode:
    """A code ready to be mailed, and where it goes."""

    code: str = dataclasses.field(repr=False)
    mailbox: str = dataclasses.field(repr=False)
    case_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenedInvitation:
    """What the page of an invitation may show before anybody confirmed who they are."""

    id: uuid.UUID
    kind: InvitationKind
    case_id: uuid.UUID
    reference: str
    expires_at: dt.datetime


def invite(act: Act, member: PartyMember, kind: InvitationKind) -> Invitation:
    """Invite ``member``, in the caller's transaction; a job mails it where there is a mailbox.

    A claim is never mailed: its code is read out.
    """
    invitation = Invitation(
        authority_id=act.case.authority_id,
        case_id=act.case.id,
        member_id=member.id,
        kind=kind,
        code_tries=0,
        made_at=act.at,
        expires_at=act.at + LIFETIME,
    )
    act.session.add(invitation)
    if member.email and kind is not InvitationKind.CLAIM:
        enqueue(act.session, SEND_INVITATION, authority_id=act.case.authority_id, invitation_id=invitation.id)
    return invitation


def mint_invitation(
    session: Session, *, authority_id: uuid.UUID, invitation_id: uuid.UUID, at: dt.datetime
) -> MintedInvitation | None:
    """Give the invitation a new token, which voids the one it had. Commits. None when there is nothing left to send."""
    invitation = session.get(Invitation, (authority_id, invitation_id), with_for_update=True)
    if invitation is None or not is_open(invitation, at):
        return None
    member = session.get_one(PartyMember, (authority_id, invitation.member_id))
    token = new_secret()
    invitation.token_hash = digest(token)
    invitation.sent_at = at
    minted = MintedInvitation(token=token, mailbox=member.email, kind=invitation.kind, case_id=invitation.case_id)
    session.commit()
    return minted


def open_invitation(session: Session, *, authority_id: uuid.UUID, token: str, at: dt.datetime) -> OpenedInvitation:
    """Return what the invitation is for; changes nothing, since mail scanners open links too. Raises NotFound."""
    invitation = by_token(session, authority_id, token)
    if invitation is None or not is_open(invitation, at):
        raise NotFound("This link is no longer valid. It may have been used already, or it has run out.", code="gone")
    case = session.get_one(Case, (authority_id, invitation.case_id))
    return OpenedInvitation(
        id=invitation.id,
        kind=invitation.kind,
        case_id=case.id,
        reference=case.reference,
        expires_at=invitation.expires_at,
    )


def accept_for_family(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, token: str
) -> uuid.UUID:
    """Give the signed-in person the invited place in the family's party; return the case's id. Commits.

    Raises NotFound for a link that is gone, Conflict when the person already has another place in the case: a parent
    cannot answer for a young person by following the young person's link.
    """
    found = by_token(session, authority_id, token)
    if found is None or not is_open(found, at) or found.kind is not InvitationKind.YOUNG_PERSON:
        raise NotFound("This link is no longer valid.", code="gone")
    return _take_place(session, actor, at, found)


def claim(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, reference: str, code: str
) -> uuid.UUID:
    """Give the signed-in caller the place that a coordinator entered for them; return the case's id. Commits.

    ``code`` was read out or posted by the coordinator. Raises Invalid for a wrong pair, always in the same words, and
    stops trying the code after a few wrong ones.
    """
    invitation = session.scalar(
        select(Invitation)
        .join(Case, (Case.authority_id == Invitation.authority_id) & (Case.id == Invitation.case_id))
        .where(
            Invitation.authority_id == authority_id,
            Invitation.kind == InvitationKind.CLAIM,
            Case.reference == reference.strip().upper(),
        )
        .order_by(Invitation.made_at.desc())
        .limit(1)
        .with_for_update(of=Invitation)
    )
    wrong = Invalid({"code": ["That reference and code do not belong together. Check both, or ring the service."]})
    if invitation is None or not is_open(invitation, at) or invitation.code_tries >= CODE_TRIES:
        raise wrong
    if not _is_its_code(session, invitation, code):
        invitation.code_tries += 1
        session.commit()
        raise wrong
    return _take_place(session, actor, at, invitation)


def offer_claim(act: Act, member: PartyMember) -> str:
    """Let a caller take over their request online later; return the code to read out. In the caller's transaction."""
    invitation = invite(act, member, InvitationKind.CLAIM)
    code = short_code(new_secret())
    invitation.code_hash = _code_hash(act.session, invitation, code)
    return code


def ask_for_code(session: Session, *, authority_id: uuid.UUID, token: str, at: dt.datetime) -> None:
    """Have a code mailed to the mailbox that was invited. Commits.

    Raises NotFound for a link that is gone, Refused when too many were asked for: nobody's mailbox is to be flooded.
    """
    invitation = by_token(session, authority_id, token)
    if invitation is None or not is_open(invitation, at):
        raise NotFound("This link is no longer valid.", code="gone")
    mailbox = session.get_one(PartyMember, (authority_id, invitation.member_id)).email
    if not within_limit(session, realm_id=authority_id, what=Limited.LINK_BY_MAILBOX, of=mailbox, at=at):
        session.commit()
        raise Refused(_TOO_MANY, code="too-many")
    enqueue(
        session,
        SEND_CODE,
        queueing_lock=f"invitation-code:{invitation.id}",
        authority_id=authority_id,
        invitation_id=invitation.id,
    )
    session.commit()


def mint_code(
    session: Session, *, authority_id: uuid.UUID, invitation_id: uuid.UUID, at: dt.datetime
) -> MintedCode | None:
    """Make a new code, which voids the last. Commits. None when it is too late to send one."""
    invitation = session.get(Invitation, (authority_id, invitation_id), with_for_update=True)
    if invitation is None or not is_open(invitation, at):
        return None
    code = short_code(new_secret())
    invitation.code_hash = _code_hash(session, invitation, code)
    invitation.code_expires_at = at + CODE_LIFETIME
    invitation.code_tries = 0
    member = session.get_one(PartyMember, (authority_id, invitation.member_id))
    minted = MintedCode(code=code, mailbox=member.email, case_id=invitation.case_id)
    session.commit()
    return minted


def confirm_code(
    session: Session, *, at: dt.datetime, authority_id: uuid.UUID, token: str, code: str, host: str, browser: Browser
) -> NewSession:
    """Begin the invited contact's own session, which sees this one case and ends with it. Commits.

    Raises NotFound for a link that is gone, Invalid for a wrong or late code or after too many tries.
    """
    if not within_limit(session, realm_id=authority_id, what=Limited.CODE_BY_NETWORK, of=browser.network, at=at):
        session.commit()
        raise Invalid({"code": [_TOO_MANY]})
    invitation = by_token(session, authority_id, token, lock=True)
    if invitation is None or not is_open(invitation, at):
        raise NotFound("This link is no longer valid.", code="gone")
    late = invitation.code_expires_at is None or invitation.code_expires_at <= at
    if late or invitation.code_tries >= CODE_TRIES:
        raise Invalid({"code": [_NOT_IT]})
    if not _is_its_code(session, invitation, code):
        invitation.code_tries += 1
        session.commit()
        raise Invalid({"code": [_NOT_IT]})
    member = session.get_one(PartyMember, (authority_id, invitation.member_id))
    begun = begin_session(
        session,
        Person(
            kind=SignInKind.INVITED,
            issuer=INVITATION_ISSUER,
            subject=str(member.id),
            roles=frozenset({Role.INVITED}),
            shown_as=member.name,
        ),
        Place(realm_id=authority_id, host=host, browser=browser, case_id=invitation.case_id),
        Proof(at=at),
        DEFAULT_LIMITS[SignInKind.INVITED],
        replaces=None,
        at=at,
    )
    member.identity_id = begun.identity_id
    invitation.code_hash = None
    session.commit()
    return begun


def _take_place(session: Session, actor: Actor, at: dt.datetime, invitation: Invitation) -> uuid.UUID:
    case = case_for_update(session, invitation.authority_id, invitation.case_id)
    taken = session.scalar(
        select(PartyMember.id).where(
            PartyMember.authority_id == case.authority_id,
            PartyMember.case_id == case.id,
            PartyMember.identity_id == actor.identity_id,
        )
    )
    if taken is not None and taken != invitation.member_id:
        raise Conflict(
            "You already have a place of your own in this request. "
            "The person who was invited has to sign in themselves.",
            code="has-a-place",
        )
    member = session.get_one(PartyMember, (case.authority_id, invitation.member_id))
    member.identity_id = actor.identity_id
    invitation.accepted_at = at
    act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
    if invitation.kind is InvitationKind.CLAIM:
        act.happened(Happening.CLAIMED_BY_FAMILY)
    else:
        act.audited("invitation_accepted", subject_id=invitation.id)
    session.commit()
    return case.id


def is_open(invitation: Invitation, at: dt.datetime) -> bool:
    """Tell whether the invitation can still be answered."""
    ended = invitation.accepted_at or invitation.returned_at or invitation.revoked_at
    return ended is None and at < invitation.expires_at


def by_token(session: Session, authority_id: uuid.UUID, token: str, *, lock: bool = False) -> Invitation | None:
    """Return the invitation that a mailed token opens, with ``lock`` until the transaction ends; None for no such."""
    asked = select(Invitation).where(Invitation.authority_id == authority_id, Invitation.token_hash == digest(token))
    return session.scalar(asked.with_for_update() if lock else asked)


def _code_hash(session: Session, invitation: Invitation, code: str) -> bytes:
    """Return the code's keyed fingerprint: a short code may not be kept under a plain digest."""
    return search_fingerprint(session, invitation.authority_id, _code_context(invitation), typed_code(code))


def _is_its_code(session: Session, invitation: Invitation, code: str) -> bool:
    context, typed = _code_context(invitation), typed_code(code)
    return is_fingerprint(session, invitation.authority_id, context, typed, invitation.code_hash)


def _code_context(invitation: Invitation) -> str:
    return f"invitation.code:{invitation.id}"

"""One-time links by e-mail, for families: asked for, minted by the job that mails them, opened once.

Whether a mailbox is known to us is never looked up, so it can never show. A link works in the browser that asked for
it; opened anywhere else it shows a short code, to be typed where the person began: a forwarded link gives nothing.
"""

import dataclasses
import datetime as dt
import enum
import uuid

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from parley.access.domain import Role
from parley.db.sealed import is_fingerprint, search_fingerprint, search_fingerprints
from parley.identity.domain import (
    LINK_CODE_TRIES,
    LINK_ISSUER,
    LINK_LIFETIME,
    LINK_SENT_WITHIN,
    Browser,
    Limited,
    LinkPurpose,
    SessionLimits,
    SignInKind,
    SignInReason,
    SignInRefused,
    digest,
    new_secret,
    short_code,
    typed_code,
)
from parley.identity.limits import within_limit
from parley.identity.models import Identity, OneTimeLink
from parley.identity.sessions import NewSession, Person, Place, Proof, begin_session
from parley.jobs.service import enqueue

SEND_LINK = "identity.send_link"

#: What a mailbox and a code are fingerprinted as.
_MAILBOX = "identity.mailbox"
_CODE = "one_time_link.code"


class LinkState(enum.StrEnum):
    """What a link is good for in the browser that opened it."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    GONE = "gone"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenedLink:
    """What the page of a link shows. ``code`` is set when the person began in another browser."""

    state: LinkState
    code: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MintedLink:
    """A link ready to be mailed; the token exists here and in the mail only."""

    token: str = dataclasses.field(repr=False)
    mailbox: str = dataclasses.field(repr=False)
    host: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class UsedLink:
    """The session a link opened, and where the person wanted to go."""

    session: NewSession
    next_path: str


def ask_for_link(
    session: Session,
    *,
    realm_id: uuid.UUID,
    mailbox: str,
    host: str,
    browser: Browser,
    next_path: str,
    at: dt.datetime,
) -> None:
    """Have a link mailed to ``mailbox``. Commits. The same happens, and takes as long, whoever's mailbox it is.

    Past the limit of one mailbox nothing more is sent and nothing is said, since the page answers whoever asks; past
    the limit of one network SignInRefused(TOO_MANY) is raised.
    """
    network_ok = within_limit(session, realm_id=realm_id, what=Limited.LINK_BY_NETWORK, of=browser.network, at=at)
    mailbox_ok = within_limit(session, realm_id=realm_id, what=Limited.LINK_BY_MAILBOX, of=mailbox, at=at)
    if network_ok and mailbox_ok:
        link = OneTimeLink(
            realm_id=realm_id,
            purpose=LinkPurpose.SIGN_IN,
            host=host,
            mailbox_hash=search_fingerprint(session, realm_id, _MAILBOX, mailbox),
            browser_hash=digest(browser.secret),
            code_tries=0,
            next_path=next_path,
            created_at=at,
            expires_at=at + LINK_SENT_WITHIN,
        )
        link.mailbox = mailbox
        session.add(link)
        enqueue(session, SEND_LINK, realm_id=realm_id, link_id=link.id)
    session.commit()
    if not network_ok:
        raise SignInRefused(SignInReason.TOO_MANY, Limited.LINK_BY_NETWORK)


def mint(session: Session, *, realm_id: uuid.UUID, link_id: uuid.UUID, at: dt.datetime) -> MintedLink | None:
    """Give the link a new token, which voids the one it had, and fifteen minutes from now. Commits.

    Returns None for a link that is used, gone, or asked for too long ago to be worth sending.
    """
    link = session.get(OneTimeLink, (realm_id, link_id), with_for_update=True)
    if link is None or link.used_at is not None or link.created_at + LINK_SENT_WITHIN <= at:
        return None
    token = new_secret()
    link.token_hash = digest(token)
    link.code_hash = _code_hash(session, link, short_code(token))
    link.expires_at = at + LINK_LIFETIME
    minted = MintedLink(token=token, mailbox=link.mailbox, host=link.host)
    session.commit()
    return minted


def open_link(session: Session, *, realm_id: uuid.UUID, token: str, browser: Browser, at: dt.datetime) -> OpenedLink:
    """Tell what the link is good for here. Writes nothing: mail scanners open links too."""
    browser_hash = session.scalar(
        select(OneTimeLink.browser_hash).where(
            OneTimeLink.realm_id == realm_id,
            OneTimeLink.token_hash == digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
            OneTimeLink.code_tries < LINK_CODE_TRIES,
        )
    )
    if browser_hash is None:
        return OpenedLink(state=LinkState.GONE)
    if browser_hash == digest(browser.secret):
        return OpenedLink(state=LinkState.HERE)
    return OpenedLink(state=LinkState.ELSEWHERE, code=short_code(token))


def use_link(
    session: Session,
    *,
    token: str,
    place: Place,
    limits: SessionLimits,
    replaces: uuid.UUID | None,
    at: dt.datetime,
) -> UsedLink:
    """Sign in with the link, in the browser that asked for it. Commits. Raises SignInRefused(LINK_UNKNOWN)."""
    wanted = and_(OneTimeLink.token_hash == digest(token), OneTimeLink.code_tries < LINK_CODE_TRIES)
    return _use(session, wanted, place, limits, replaces, at)


def use_code(
    session: Session,
    *,
    code: str,
    place: Place,
    limits: SessionLimits,
    replaces: uuid.UUID | None,
    at: dt.datetime,
) -> UsedLink:
    """Sign in with the short code that the link showed elsewhere, typed in the browser that asked. Commits.

    A wrong code counts against every link this browser waits for; after five they are void. Raises
    SignInRefused(LINK_UNKNOWN), or SignInRefused(TOO_MANY) for a network that guesses.
    """
    realm_id = place.realm_id
    allowed = within_limit(session, realm_id=realm_id, what=Limited.CODE_BY_NETWORK, of=place.browser.network, at=at)
    waiting = session.scalars(
        update(OneTimeLink)
        .where(
            OneTimeLink.realm_id == realm_id,
            OneTimeLink.browser_hash == digest(place.browser.secret),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
            OneTimeLink.code_tries < LINK_CODE_TRIES,
        )
        .values(code_tries=OneTimeLink.code_tries + 1)
        .returning(OneTimeLink)
    ).all()
    session.commit()
    if not allowed:
        raise SignInRefused(SignInReason.TOO_MANY, Limited.CODE_BY_NETWORK)
    typed = typed_code(code)
    matching = [link.id for link in waiting if _is_its_code(session, link, typed)]
    if not matching:
        raise SignInRefused(SignInReason.LINK_UNKNOWN, "code")
    return _use(session, OneTimeLink.id == matching[0], place, limits, replaces, at)


def _use(
    session: Session,
    wanted: ColumnElement[bool],
    place: Place,
    limits: SessionLimits,
    replaces: uuid.UUID | None,
    at: dt.datetime,
) -> UsedLink:
    link = session.scalars(
        update(OneTimeLink)
        .where(
            OneTimeLink.realm_id == place.realm_id,
            wanted,
            OneTimeLink.browser_hash == digest(place.browser.secret),
            OneTimeLink.host == place.host,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(OneTimeLink)
    ).one_or_none()
    if link is None:
        raise SignInRefused(SignInReason.LINK_UNKNOWN, "link")
    person = Person(
        kind=SignInKind.FAMILY,
        issuer=LINK_ISSUER,
        subject=_subject(session, link),
        roles=frozenset({Role.FAMILY}),
        shown_as=link.mailbox,
    )
    begun = begin_session(session, person, place, Proof(at=at), limits, replaces=replaces, at=at)
    used = UsedLink(session=begun, next_path=link.next_path)
    link.mailbox = None
    session.commit()
    return used


def _code_hash(session: Session, link: OneTimeLink, code: str) -> bytes:
    return search_fingerprint(session, link.realm_id, _CODE, f"{link.id} {code}")


def _is_its_code(session: Session, link: OneTimeLink, code: str) -> bool:
    return is_fingerprint(session, link.realm_id, _CODE, f"{link.id} {code}", link.code_hash)


def _subject(session: Session, link: OneTimeLink) -> str:
    """Return as whom the person is known: by the mailbox's fingerprint, the one that is there if they signed in before.

    While the realm's key is renewed it may be there under either version, and stays as it is until this is committed.
    """
    subjects = [one.hex() for one in search_fingerprints(session, link.realm_id, _MAILBOX, link.mailbox)]
    known = None
    if len(subjects) > 1:
        known = session.scalar(
            select(Identity.subject)
            .where(Identity.realm_id == link.realm_id, Identity.issuer == LINK_ISSUER, Identity.subject.in_(subjects))
            .with_for_update(key_share=True)
        )
    return known or link.mailbox_hash.hex()

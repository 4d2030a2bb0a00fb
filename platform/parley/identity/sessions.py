"""Sessions: begun at sign-in, read on every request, ended by the person or by time."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor, ActorKind, Realm, RealmKind, Role
from parley.audit import service as audit
from parley.db.reading import Reading
from parley.db.scope import Scope
from parley.db.sealed import search_fingerprint, search_fingerprints
from parley.db.session import Database, scope_of
from parley.identity.domain import (
    LAST_SEEN_STEP,
    REALM_OF_KIND,
    Browser,
    EndedBy,
    SessionLimits,
    SignInKind,
    digest,
    new_secret,
)
from parley.identity.models import Identity, SignInSession
from parley.identity.queries import has_lapsed
from parley.kernel.errors import NotFound
from parley.kernel.ids import new_id
from parley.web.runtime import SignedIn, SignedOut
from parley.web.sites import Audience, Site

#: Of no more columns than are read: every page of a signed-in person asks it first.
_HELD_BY = Reading(
    select(
        SignInSession.id,
        SignInSession.identity_id,
        SignInSession.kind,
        SignInSession.host,
        SignInSession.roles,
        SignInSession.case_id,
        SignInSession.auth_time,
        SignInSession.last_seen_at,
        SignInSession.idle_seconds,
        SignInSession.fresh_seconds,
        SignInSession.expires_at,
        SignInSession.ended_at,
        SignInSession.ended_by,
        Identity.shown_as_sealed,
    )
    .join(Identity, (Identity.realm_id == SignInSession.realm_id) & (Identity.id == SignInSession.identity_id))
    .where(SignInSession.realm_id == bindparam("realm_id"), SignInSession.token_hash == bindparam("token_hash"))
)

#: What the name of an issuer's session is fingerprinted as.
_ISSUER_SESSION = "sign_in_session.issuer_session"

_REALM_OF_SITE = {
    Audience.COUNCIL: RealmKind.AUTHORITY,
    Audience.PROVIDER: RealmKind.PROVIDER,
    Audience.OPERATOR: RealmKind.PLATFORM,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Person:
    """Who signs in: as which issuer knows them, through which door, and what the page header calls them."""

    kind: SignInKind
    issuer: str
    subject: str
    roles: frozenset[Role]
    shown_as: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """Where a session holds: one realm, one host, one browser; for an invited person, one case."""

    realm_id: uuid.UUID
    host: str
    browser: Browser
    case_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Proof:
    """How the person proved who they are, and what signing out there needs. ``at`` is when they did.

    ``issuer_session`` is what the issuer calls the session it has with them, "" where it does not say.
    """

    at: dt.datetime
    id_token: str = ""
    end_session_endpoint: str | None = None
    issuer_session: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewSession:
    """A session just begun. ``cookie`` is the only copy of its secret."""

    session_id: uuid.UUID
    identity_id: uuid.UUID
    cookie: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EndedSession:
    """A session just ended, with what signing out at its issuer needs, if it came through one."""

    kind: SignInKind
    id_token: str = dataclasses.field(repr=False)
    end_session_endpoint: str | None


def begin_session(
    session: Session,
    person: Person,
    place: Place,
    proof: Proof,
    limits: SessionLimits,
    *,
    replaces: uuid.UUID | None,
    at: dt.datetime,
) -> NewSession:
    """Make the person's identity known, end the session this one ``replaces``, and begin a new one under a new secret.

    Writes the audit event and leaves the commit to the use case that called it.
    """
    identity_id = _known_identity(session, person, place.realm_id, at)
    if replaces is not None:
        _end(session, place.realm_id, replaces, at)
    token = new_secret()
    row = _session_row(person, place, proof, limits, at)
    row.identity_id = identity_id
    row.token_hash = digest(token)
    if proof.issuer_session:
        row.issuer_session_hash = issuer_session_hash(session, place.realm_id, person.issuer, proof.issuer_session)
    session.add(row)
    actor = Actor(
        kind=ActorKind.PERSON,
        realm=Realm(kind=REALM_OF_KIND[person.kind], id=place.realm_id),
        identity_id=identity_id,
        roles=person.roles,
    )
    audit.record(
        session,
        at=at,
        actor=actor,
        action="sign_in.begin",
        realm_id=place.realm_id,
        subject_id=row.id,
        case_id=place.case_id,
        codes={"kind": person.kind.value, "roles": "+".join(sorted(person.roles))},
    )
    session.flush()
    return NewSession(session_id=row.id, identity_id=identity_id, cookie=f"{place.realm_id.hex}.{token}")


def open_signed_in(
    database: Database, scope: Scope, site: Site, token: str, now: dt.datetime
) -> tuple[Session, SignedIn | SignedOut | None]:
    """Return a session begun with ``scope``, and who holds ``token`` on ``site``, or who was signed out, or None; one
    round trip, and every few minutes a second.

    See ``parley.web.runtime.SignInReader``. The realm is that of the scope, so a token of another council finds
    nothing; the host is compared as well, so a cookie carried to another host of the same council finds nothing either.
    """
    asked = {"realm_id": scope.realm_id, "token_hash": digest(token)}
    session, rows = database.session_asking(_HELD_BY.asking(asked), scope)
    try:
        return session, _signed_in(session, site, rows[0], now) if rows else None
    except BaseException:
        session.close()
        raise


def _signed_in(session: Session, site: Site, row: Any, now: dt.datetime) -> SignedIn | SignedOut | None:
    """Return whose session ``row`` is, if it holds on ``site`` at ``now``; who ended it, if that was elsewhere."""
    realm_id = scope_of(session).realm_id
    realm_kind = _REALM_OF_SITE.get(site.audience)
    if realm_kind is None:
        return None
    if row.host != site.host or realm_kind is not REALM_OF_KIND[row.kind]:
        return None
    if has_lapsed(row, now):
        return SignedOut(by_issuer=row.ended_by is EndedBy.ISSUER) if row.ended_by else None
    shown_as = Identity.shown_as.opener(session, realm_id)(row.identity_id, row.shown_as_sealed)
    signed_in = SignedIn(
        actor=Actor(
            kind=ActorKind.PERSON,
            realm=Realm(kind=realm_kind, id=realm_id),
            identity_id=row.identity_id,
            roles=frozenset(map(Role, row.roles)),
        ),
        session_id=row.id,
        shown_as=shown_as or "Your account",
        fresh_until=row.auth_time + dt.timedelta(seconds=row.fresh_seconds),
        idle=dt.timedelta(seconds=row.idle_seconds),
        case_id=row.case_id,
    )
    if now - row.last_seen_at >= LAST_SEEN_STEP:
        _note_seen(session, realm_id, row.id, now)
    return signed_in


def end_session(session: Session, *, actor: Actor, session_id: uuid.UUID, at: dt.datetime) -> EndedSession:
    """End one of the actor's own sessions. Commits. Raises NotFound for anybody else's."""
    row = session.get(SignInSession, (actor.realm.id, session_id))
    if row is None or row.identity_id != actor.identity_id:
        raise NotFound
    ended = EndedSession(kind=row.kind, id_token=row.id_token, end_session_endpoint=row.end_session_endpoint)
    _end(session, actor.realm.id, session_id, at, by=EndedBy.PERSON)
    audit.record(session, at=at, actor=actor, action="sign_in.end", realm_id=actor.realm.id, subject_id=session_id)
    session.commit()
    return ended


def end_other_sessions(session: Session, *, actor: Actor, session_id: uuid.UUID, at: dt.datetime) -> None:
    """End all of the actor's own sessions but the one at hand. Commits."""
    ended = session.scalars(
        update(SignInSession)
        .where(
            SignInSession.realm_id == actor.realm.id,
            SignInSession.identity_id == actor.identity_id,
            SignInSession.id != session_id,
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=at, ended_by=EndedBy.PERSON)
        .returning(SignInSession.id)
    ).all()
    for ended_id in ended:
        audit.record(session, at=at, actor=actor, action="sign_in.end", realm_id=actor.realm.id, subject_id=ended_id)
    session.commit()


def end_sessions_of(
    session: Session, *, realm_id: uuid.UUID, identity_ids: Iterable[uuid.UUID], at: dt.datetime
) -> None:
    """End every session of these identities, in the caller's transaction (an invitation taken back, a case closed)."""
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.realm_id == realm_id,
            SignInSession.identity_id.in_(list(identity_ids)),
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def _session_row(person: Person, place: Place, proof: Proof, limits: SessionLimits, at: dt.datetime) -> SignInSession:
    """Return the row of a session that begins at ``at``, without its identity and its secret."""
    row = SignInSession(
        realm_id=place.realm_id,
        kind=person.kind,
        host=place.host,
        roles=sorted(person.roles),
        case_id=place.case_id,
        auth_time=proof.at,
        created_at=at,
        last_seen_at=at,
        # A row says when a person was last seen to within a step; the step is given, never taken.
        idle_seconds=int((limits.idle + LAST_SEEN_STEP).total_seconds()),
        fresh_seconds=int(limits.fresh.total_seconds()),
        expires_at=at + limits.longest,
        end_session_endpoint=proof.end_session_endpoint,
    )
    row.device = place.browser.device
    row.id_token = proof.id_token
    return row


def know_person(session: Session, person: Person, *, realm_id: uuid.UUID, at: dt.datetime) -> uuid.UUID:
    """Make somebody known before they first sign in, as they will be when they do; return their id. Commits."""
    identity_id = _known_identity(session, person, realm_id, at)
    session.commit()
    return identity_id


def _known_identity(session: Session, person: Person, realm_id: uuid.UUID, at: dt.datetime) -> uuid.UUID:
    """Return the identity's id, having made or renewed its row. Two first sign-ins at once make one identity."""
    statement = (
        insert(Identity)
        .values(
            realm_id=realm_id,
            id=new_id(),
            issuer=person.issuer,
            subject=person.subject,
            kind=person.kind,
            created_at=at,
            last_sign_in_at=at,
        )
        .on_conflict_do_update(index_elements=["realm_id", "issuer", "subject"], set_={"last_sign_in_at": at})
        .returning(Identity)
    )
    identity = session.scalars(statement, execution_options={"populate_existing": True}).one()
    if identity.shown_as != person.shown_as:
        identity.shown_as = person.shown_as
    return identity.id


def issuer_session_hash(session: Session, realm_id: uuid.UUID, issuer: str, issuer_session: str) -> bytes:
    """Return what is kept of an issuer's name for its own session with somebody: a keyed digest."""
    return search_fingerprint(session, realm_id, _ISSUER_SESSION, f"{issuer} {issuer_session}")


def issuer_session_hashes(session: Session, realm_id: uuid.UUID, issuer: str, issuer_session: str) -> list[bytes]:
    """Return everything that ``issuer_session_hash`` may have returned for a session that goes on."""
    return search_fingerprints(session, realm_id, _ISSUER_SESSION, f"{issuer} {issuer_session}")


def _end(
    session: Session, realm_id: uuid.UUID, session_id: uuid.UUID, at: dt.datetime, *, by: EndedBy | None = None
) -> None:
    session.execute(
        update(SignInSession)
        .where(SignInSession.realm_id == realm_id, SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=at, ended_by=by)
    )


def _note_seen(session: Session, realm_id: uuid.UUID, session_id: uuid.UUID, now: dt.datetime) -> None:
    """Write that the person was here, in a transaction of its own: most pages only read and commit nothing."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.realm_id == realm_id, SignInSession.id == session_id, SignInSession.last_seen_at < now)
        .values(last_seen_at=now)
    )
    session.commit()

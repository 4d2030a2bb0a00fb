"""Signing in through an issuer: doors are loaded, an attempt begins, comes back once, and becomes a session.

The conversation with the issuer itself (``oidc``) happens between these use cases, while no transaction is open.
"""

import contextlib
import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor, Realm, system_actor
from parley.audit import service as audit
from parley.identity import queries
from parley.identity.domain import (
    ATTEMPT_LIFETIME,
    CLIENT_ALGORITHM,
    REALM_OF_KIND,
    Browser,
    ClientAuth,
    Environment,
    IssuerConfig,
    Limited,
    SignInConfig,
    SignInKind,
    SignInReason,
    SignInRefused,
    Verified,
    digest,
    new_secret,
    roles_from_claims,
)
from parley.identity.limits import within_limit
from parley.identity.models import Identity, SignInAttempt, SignInConfigRow
from parley.identity.oidc import ClientProof
from parley.identity.schemas import ParsedSignIn
from parley.identity.sessions import (
    NewSession,
    Person,
    Place,
    Proof,
    begin_session,
    end_other_sessions,
    end_session,
    end_sessions_of,
    open_signed_in,
)
from parley.identity.signing_keys import ensure_key, key_to_sign_with, private_key

__all__ = [
    "BegunAttempt",
    "TakenAttempt",
    "begin_attempt",
    "begin_session",
    "client_proof",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "load_sign_in_config",
    "open_signed_in",
    "published_keys",
    "record_refusal",
    "sign_in",
    "take_attempt",
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BegunAttempt:
    """What goes into the authorisation request. ``state`` and ``verifier`` are known here for the last time."""

    state: str = dataclasses.field(repr=False)
    nonce: str = dataclasses.field(repr=False)
    verifier: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TakenAttempt:
    """An attempt that came back, taken for the only time. ``begun_at`` is when its request was made.

    ``max_age`` is set where it asked somebody who is signed in for a fresh proof.
    """

    nonce: str = dataclasses.field(repr=False)
    verifier: str = dataclasses.field(repr=False)
    redirect_uri: str
    next_path: str
    begun_at: dt.datetime
    max_age: dt.timedelta | None

    @property
    def proved_since(self) -> dt.datetime | None:
        """Return the earliest time at which the person may have proved who they are; None for any."""
        return self.begun_at - self.max_age if self.max_age is not None else None


def load_sign_in_config(
    session: Session, *, realm_id: uuid.UUID, parsed: Iterable[ParsedSignIn], actor: Actor, at: dt.datetime
) -> None:
    """Make the realm's doors those of its file, in the realm's scope; give it a signing key if a door needs one.

    Commits. Sessions that began through a door taken away end by themselves.
    """
    doors = list(parsed)
    kept = [(door.kind, door.environment) for door in doors]
    session.execute(
        delete(SignInConfigRow).where(
            SignInConfigRow.realm_id == realm_id,
            tuple_(SignInConfigRow.kind, SignInConfigRow.environment).not_in(kept),
        )
    )
    for door in doors:
        content = dict(door.content)
        statement = insert(SignInConfigRow).values(
            realm_id=realm_id, kind=door.kind, environment=door.environment, content=content, loaded_at=at
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["realm_id", "kind", "environment"],
                set_={"content": content, "loaded_at": at},
            )
        )
    if any(door.has_issuer and _signs_with_our_key(door.config.issuer) for door in doors):
        ensure_key(session, realm_id, at)
    audit.record(
        session, at=at, actor=actor, action="sign_in.configure", realm_id=realm_id, codes={"doors": len(doors)}
    )
    session.commit()


def begin_attempt(
    session: Session,
    *,
    realm_id: uuid.UUID,
    kind: SignInKind,
    browser: Browser,
    redirect_uri: str,
    next_path: str,
    at: dt.datetime,
    max_age: dt.timedelta | None = None,
) -> BegunAttempt:
    """Remember that this browser is off to the issuer. Commits. Raises SignInRefused(TOO_MANY)."""
    if not within_limit(session, realm_id=realm_id, what=Limited.START_BY_NETWORK, of=browser.network, at=at):
        session.commit()
        raise SignInRefused(SignInReason.TOO_MANY, Limited.START_BY_NETWORK)
    begun = BegunAttempt(state=new_secret(), nonce=new_secret(), verifier=new_secret())
    attempt = SignInAttempt(
        realm_id=realm_id,
        kind=kind,
        state_hash=digest(begun.state),
        browser_hash=digest(browser.secret),
        redirect_uri=redirect_uri,
        next_path=next_path,
        max_age_seconds=int(max_age.total_seconds()) if max_age is not None else None,
        created_at=at,
        expires_at=at + ATTEMPT_LIFETIME,
    )
    attempt.nonce = begun.nonce
    attempt.verifier = begun.verifier
    session.add(attempt)
    session.commit()
    return begun


def take_attempt(
    session: Session, *, realm_id: uuid.UUID, kind: SignInKind, state: str, browser: Browser, at: dt.datetime
) -> TakenAttempt:
    """Take the attempt that ``state`` names, if this browser began it and nobody took it before. Commits.

    It counts as used from here on, whatever the issuer says next. Raises SignInRefused(ATTEMPT_UNKNOWN), in the same
    words for a state that was made up, replayed, too old, another browser's or another council's.
    """
    attempt = session.scalars(
        update(SignInAttempt)
        .where(
            SignInAttempt.realm_id == realm_id,
            SignInAttempt.kind == kind,
            SignInAttempt.state_hash == digest(state),
            SignInAttempt.browser_hash == digest(browser.secret),
            SignInAttempt.used_at.is_(None),
            SignInAttempt.expires_at > at,
        )
        .values(used_at=at)
        .returning(SignInAttempt)
    ).one_or_none()
    if attempt is None:
        raise SignInRefused(SignInReason.ATTEMPT_UNKNOWN)
    taken = TakenAttempt(
        nonce=attempt.nonce,
        verifier=attempt.verifier,
        redirect_uri=attempt.redirect_uri,
        next_path=attempt.next_path,
        begun_at=attempt.created_at,
        max_age=dt.timedelta(seconds=attempt.max_age_seconds) if attempt.max_age_seconds is not None else None,
    )
    session.commit()
    return taken


def sign_in(
    session: Session,
    *,
    config: SignInConfig,
    verified: Verified,
    place: Place,
    replaces: uuid.UUID | None,
    at: dt.datetime,
    confirms: uuid.UUID | None = None,
) -> NewSession:
    """Begin the session of the person whom ``verified`` names. Commits.

    ``confirms`` is who was signed in and asked for a fresh proof. Raises SignInRefused: NO_ROLE, or OTHER_PERSON where
    it is not that person's.
    """
    if confirms is not None:
        known = session.get(Identity, (place.realm_id, confirms))
        if known is None or (known.issuer, known.subject) != (verified.issuer, verified.subject):
            raise SignInRefused(SignInReason.OTHER_PERSON)
    roles = roles_from_claims(config.issuer, config.kind, verified.claims)
    name = verified.claims.get(config.issuer.name_claim) if config.issuer.name_claim else None
    person = Person(
        kind=config.kind,
        issuer=verified.issuer,
        subject=verified.subject,
        roles=roles,
        # A family's issuer is not asked for a name: the header then says which account it is.
        shown_as=name[:200] if isinstance(name, str) else config.label,
    )
    proof = Proof(
        at=verified.auth_time,
        id_token=verified.id_token,
        end_session_endpoint=verified.end_session_endpoint,
        issuer_session=verified.issuer_session,
    )
    begun = begin_session(session, person, place, proof, config.limits, replaces=replaces, at=at)
    session.commit()
    return begun


def record_refusal(
    session: Session,
    *,
    realm: Realm,
    kind: SignInKind,
    refused: SignInRefused,
    at: dt.datetime,
    action: str = "sign_in.refuse",
) -> None:
    """Write into the audit that a sign-in, or an issuer's word to sign somebody out, was refused, and why. Commits."""
    audit.record(
        session,
        at=at,
        actor=system_actor(realm),
        action=action,
        realm_id=realm.id,
        codes={"kind": kind.value, "reason": refused.reason.value, "detail": refused.detail},
    )
    session.commit()


def client_proof(
    session: Session, *, realm_id: uuid.UUID, config: IssuerConfig, environ: Mapping[str, str], at: dt.datetime
) -> ClientProof:
    """Return what proves us to the issuer at ``at``. Raises SignInRefused(NOT_SET_UP) when it is not there."""
    if config.client_auth is ClientAuth.BASIC:
        return ClientProof(secret=_from_environment(environ, config.secret_variable))
    if config.key_variable:
        return ClientProof(key=private_key(_from_environment(environ, config.key_variable)))
    return ClientProof(key=key_to_sign_with(session, realm_id, at))


def published_keys(
    session: Session, *, realm_id: uuid.UUID, environment: Environment, environ: Mapping[str, str], at: dt.datetime
) -> list[dict[str, Any]]:
    """Return the public keys with which issuers check proofs that the realm makes: Parley's, and the environment's.

    A key of the environment that cannot be read is left out; signing in with it says what is wrong.
    """
    found = queries.public_keys(session, realm_id, at)
    for config in queries.doors(session, realm_id, environment):
        if config.issuer.key_variable:
            with contextlib.suppress(SignInRefused):
                key = private_key(_from_environment(environ, config.issuer.key_variable))
                found.append({"use": "sig", "alg": CLIENT_ALGORITHM, **key.as_dict(private=False)})
    return list({key["kid"]: key for key in found}.values())


def _from_environment(environ: Mapping[str, str], variable: str | None) -> str:
    value = environ.get(variable or "")
    if not value:
        raise SignInRefused(SignInReason.NOT_SET_UP, f"variable_{variable}")
    return value


def _signs_with_our_key(config: IssuerConfig) -> bool:
    return config.client_auth is ClientAuth.PRIVATE_KEY and config.key_variable is None


def realm_of(kind: SignInKind, realm_id: uuid.UUID) -> Realm:
    """Return the realm that identities of ``kind`` live in."""
    return Realm(kind=REALM_OF_KIND[kind], id=realm_id)

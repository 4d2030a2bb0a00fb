"""Keys with which Parley proves to a realm's issuers that it is their client (private_key_jwt): made, used, replaced.

A new key is published a day before it is used, and the one before it a day after, so that an issuer which keeps what we
publish for a while never meets a proof by a key that it does not know. Time does both; nobody has to come back.
"""

import dataclasses
import datetime as dt
import enum
import json
import uuid
from collections.abc import Sequence

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.identity.domain import CLIENT_ALGORITHM, SignInReason, SignInRefused
from parley.identity.models import SigningKey
from parley.kernel.errors import Conflict
from parley.kernel.ids import new_id

#: How long a key is published before it is first used, and after it was last used.
PUBLISHED_BEFORE = dt.timedelta(days=1)
PUBLISHED_AFTER = dt.timedelta(days=1)
#: How long a key is used before operators are told that another should take its place.
KEY_LASTS = dt.timedelta(days=365)


class KeyState(enum.StrEnum):
    """What a key is for at a moment."""

    COMING = "coming"
    """Published, so that issuers know it, and not used yet."""
    USED = "used"
    LEAVING = "leaving"
    """Used no more, and still published."""
    GONE = "gone"


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownKey:
    """One of a realm's keys: its id as issuers see it (``kid``), from when it is used, until when it is published."""

    kid: str
    state: KeyState
    used_from: dt.datetime
    published_until: dt.datetime | None


def keys_of(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> Sequence[KnownKey]:
    """Return the realm's keys, the newest first."""
    rows = session.scalars(
        select(SigningKey).where(SigningKey.realm_id == realm_id).order_by(_used_from().desc(), SigningKey.id.desc())
    ).all()
    in_use = next((row.id for row in rows if _starts(row) <= at and not _is_over(row, at)), None)
    return [
        KnownKey(
            kid=str(row.public_jwk["kid"]),
            state=_state(row, at, in_use),
            used_from=_starts(row),
            published_until=row.retired_at,
        )
        for row in rows
    ]


def key_to_sign_with(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> ECKey:
    """Return the private key in use at ``at``. Raises SignInRefused(NOT_SET_UP) when there is none."""
    row = session.scalars(
        select(SigningKey)
        .where(
            SigningKey.realm_id == realm_id,
            _used_from() <= at,
            or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > at),
        )
        .order_by(_used_from().desc(), SigningKey.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise SignInRefused(SignInReason.NOT_SET_UP, "signing_key")
    return private_key(row.private_jwk)


def private_key(jwk: str) -> ECKey:
    """Return the private key that ``jwk`` (JSON) is. Raises SignInRefused(NOT_SET_UP) when it is none."""
    try:
        key = ECKey.import_key(json.loads(jwk))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInRefused(SignInReason.NOT_SET_UP, "client_key") from error
    if not key.is_private:
        raise SignInRefused(SignInReason.NOT_SET_UP, "client_key_public")
    key.ensure_kid()
    return key


def ensure_key(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> None:
    """Give the realm a key, used at once, if it has none. In the caller's transaction."""
    known = select(SigningKey.id).where(SigningKey.realm_id == realm_id, SigningKey.retired_at.is_(None))
    if session.scalars(known.limit(1)).one_or_none() is None:
        session.add(_new_key(realm_id, at, used_from=at))


def replace_key(
    session: Session, *, realm_id: uuid.UUID, actor: Actor, at: dt.datetime, at_once: bool = False
) -> KnownKey:
    """Make the key that takes the place of the one in use, and return it. Commits.

    With ``at_once`` it is used from now on and the others are neither used nor published any more, for a key that may
    have leaked; sign-in fails at an issuer until that issuer has fetched the new one. Raises Conflict when a new key is
    already on its way.
    """
    present = session.scalars(
        select(SigningKey)
        .where(SigningKey.realm_id == realm_id, or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > at))
        .with_for_update()
    ).all()
    coming = [row for row in present if _starts(row) > at]
    if coming and not at_once:
        raise Conflict(f"A new key is published already, and used from {coming[0].used_from:%d %B %Y, %H:%M} UTC on.")
    used_from = at if at_once else at + PUBLISHED_BEFORE
    for row in present:
        until = at if at_once else used_from + PUBLISHED_AFTER
        row.retired_at = min(row.retired_at or until, until)
    fresh = _new_key(realm_id, at, used_from=used_from)
    session.add(fresh)
    kid = str(fresh.public_jwk["kid"])
    audit.record(
        session,
        at=at,
        actor=actor,
        action="sign_in.replace_key",
        realm_id=realm_id,
        codes={"kid": kid, "at_once": at_once},
    )
    session.commit()
    state = KeyState.USED if at_once else KeyState.COMING
    return KnownKey(kid=kid, state=state, used_from=used_from, published_until=None)


def _new_key(realm_id: uuid.UUID, at: dt.datetime, *, used_from: dt.datetime) -> SigningKey:
    key_id = new_id()
    key = ECKey.generate_key("P-256", {"kid": key_id.hex, "use": "sig", "alg": CLIENT_ALGORITHM}, private=True)
    row = SigningKey(
        realm_id=realm_id,
        id=key_id,
        public_jwk=dict(key.as_dict(private=False)),
        created_at=at,
        used_from=used_from,
    )
    row.private_jwk = json.dumps(key.as_dict(private=True))
    return row


def _used_from() -> ColumnElement[dt.datetime]:
    """Keys from before it was written down are used since they were made."""
    return func.coalesce(SigningKey.used_from, SigningKey.created_at)


def _starts(row: SigningKey) -> dt.datetime:
    return row.used_from or row.created_at


def _is_over(row: SigningKey, at: dt.datetime) -> bool:
    return row.retired_at is not None and row.retired_at <= at


def _state(row: SigningKey, at: dt.datetime, in_use: uuid.UUID | None) -> KeyState:
    if _is_over(row, at):
        return KeyState.GONE
    if _starts(row) > at:
        return KeyState.COMING
    return KeyState.USED if row.id == in_use else KeyState.LEAVING

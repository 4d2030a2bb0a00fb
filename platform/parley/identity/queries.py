"""Reading doors, published keys and the list of one's own sign-ins."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from parley.access.domain import Role
from parley.identity.domain import Environment, SignInConfig, SignInKind
from parley.identity.membership import PasskeyDoor
from parley.identity.models import Identity, Membership, SignInConfigRow, SigningKey, SignInSession
from parley.identity.schemas import config_of, passkey_door_of
from parley.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignInRow:
    """One line of "where you are signed in"."""

    id: uuid.UUID
    device: str
    host: str
    began_at: dt.datetime
    last_seen_at: dt.datetime
    is_this_one: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class StaffMember:
    """Somebody who works in a realm, as its pages name them to their colleagues; "" where their sign-in gives none."""

    id: uuid.UUID
    shown_as: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who was invited to work in a realm. ``joined_at`` is None until they have made their passkey."""

    id: uuid.UUID
    name: str = dataclasses.field(repr=False)
    mailbox: str = dataclasses.field(repr=False)
    roles: tuple[Role, ...]
    invited_at: dt.datetime
    invitation_ends_at: dt.datetime
    joined_at: dt.datetime | None
    last_sign_in_at: dt.datetime | None


def door(session: Session, realm_id: uuid.UUID, kind: SignInKind, environment: Environment) -> SignInConfig | None:
    """Return the realm's door of that kind, or None where its file names no issuer for ``environment``."""
    content = _content(session, realm_id, kind, environment)
    return config_of(kind, environment, content) if content is not None and environment.value in content else None


def passkey_door(
    session: Session, realm_id: uuid.UUID, kind: SignInKind, environment: Environment
) -> PasskeyDoor | None:
    """Return the realm's door of that kind if people come in by passkey there, else None."""
    content = _content(session, realm_id, kind, environment)
    return passkey_door_of(kind, environment, content) if content is not None else None


def doors(session: Session, realm_id: uuid.UUID, environment: Environment) -> list[SignInConfig]:
    """Return every door of the realm in ``environment``."""
    found = (door(session, realm_id, kind, environment) for kind in SignInKind)
    return [config for config in found if config is not None]


def public_keys(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the public keys with which Parley's proofs to the realm's issuers can be checked at ``at``."""
    rows = session.scalars(
        select(SigningKey.public_jwk)
        .where(SigningKey.realm_id == realm_id, or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > at))
        .order_by(SigningKey.created_at)
    )
    return list(rows)


def live_sign_ins(
    session: Session, *, realm_id: uuid.UUID, identity_id: uuid.UUID, this_one: uuid.UUID, at: dt.datetime
) -> Sequence[SignInRow]:
    """Return where the person is signed in, the latest first."""
    rows = session.scalars(
        select(SignInSession)
        .where(
            SignInSession.realm_id == realm_id,
            SignInSession.identity_id == identity_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > at,
        )
        .order_by(SignInSession.last_seen_at.desc())
    )
    return [
        SignInRow(
            id=row.id,
            device=row.device,
            host=row.host,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this_one=row.id == this_one,
        )
        for row in rows
        if not has_lapsed(row, at)
    ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class HowSignedIn:
    """By which door somebody came in, and which issuer knows them: one of ours for links and invitations."""

    kind: SignInKind
    issuer: str


def how_signed_in(session: Session, *, realm_id: uuid.UUID, session_id: uuid.UUID) -> HowSignedIn:
    """Return how a session began. For one that was just read."""
    kind, issuer = session.execute(
        select(SignInSession.kind, Identity.issuer)
        .join(Identity, (Identity.realm_id == SignInSession.realm_id) & (Identity.id == SignInSession.identity_id))
        .where(SignInSession.realm_id == realm_id, SignInSession.id == session_id)
    ).one()
    return HowSignedIn(kind=kind, issuer=issuer)


def staff_in_role(session: Session, *, realm_id: uuid.UUID, role: Role) -> Sequence[StaffMember]:
    """Return the people of the realm who ever signed in with ``role``, the last seen first."""
    in_role = exists().where(
        SignInSession.realm_id == Identity.realm_id,
        SignInSession.identity_id == Identity.id,
        SignInSession.roles.contains([role.value]),
    )
    rows = session.scalars(
        select(Identity).where(Identity.realm_id == realm_id, in_role).order_by(Identity.last_sign_in_at.desc())
    )
    return [StaffMember(id=row.id, shown_as=row.shown_as) for row in rows]


def members_of(session: Session, realm_id: uuid.UUID) -> Sequence[Member]:
    """Return the realm's members and those invited, the latest invited first; nobody whose membership has ended."""
    rows = session.execute(
        select(Membership, Identity.last_sign_in_at)
        .outerjoin(Identity, (Identity.realm_id == Membership.realm_id) & (Identity.id == Membership.identity_id))
        .where(Membership.realm_id == realm_id, Membership.ended_at.is_(None))
        .order_by(Membership.invited_at.desc(), Membership.id)
    )
    return [_member(row, last_sign_in_at) for row, last_sign_in_at in rows]


def member_by_id(session: Session, realm_id: uuid.UUID, membership_id: uuid.UUID) -> Member:
    """Return one of the realm's members. Raises NotFound, also once the membership has ended."""
    for member in members_of(session, realm_id):
        if member.id == membership_id:
            return member
    raise NotFound


def _member(row: Membership, last_sign_in_at: dt.datetime | None) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        mailbox=row.mailbox,
        roles=tuple(map(Role, row.roles)),
        invited_at=row.invited_at,
        invitation_ends_at=row.token_expires_at,
        joined_at=row.joined_at,
        last_sign_in_at=last_sign_in_at,
    )


def names_of(session: Session, *, realm_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what these people of the realm are called, by id; nobody who is not of the realm is among them."""
    rows = session.scalars(select(Identity).where(Identity.realm_id == realm_id, Identity.id.in_(list(ids))))
    return {row.id: row.shown_as for row in rows}


def _content(
    session: Session, realm_id: uuid.UUID, kind: SignInKind, environment: Environment
) -> dict[str, Any] | None:
    return session.scalar(
        select(SignInConfigRow.content).where(
            SignInConfigRow.realm_id == realm_id,
            SignInConfigRow.kind == kind,
            SignInConfigRow.environment == environment,
        )
    )


class Lasting(Protocol):
    """What tells how long a session lasts."""

    @property
    def ended_at(self) -> dt.datetime | None: ...
    @property
    def expires_at(self) -> dt.datetime: ...
    @property
    def last_seen_at(self) -> dt.datetime: ...
    @property
    def idle_seconds(self) -> int: ...


def has_lapsed(row: Lasting, at: dt.datetime) -> bool:
    """Tell whether a session is over at ``at``: ended, too old, or idle too long."""
    from_last_seen = dt.timedelta(seconds=row.idle_seconds)
    return row.ended_at is not None or row.expires_at <= at or row.last_seen_at + from_last_seen <= at

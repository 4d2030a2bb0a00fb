"""Tables of sign-in. Each row lives in one realm: a council, a provider or the platform."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.db.sealed import SealedText
from parley.identity.domain import EndedBy, Environment, LinkPurpose, SignInKind

_PERSONAL = Record(wall=Wall.REALM, record_class=RecordClass.IDENTITY, controller=Controller.AUTHORITY)
_CONFIGURED = Record(wall=Wall.REALM, record_class=RecordClass.CONFIGURATION, controller=Controller.AUTHORITY)
_OPERATIONAL = Record(wall=Wall.REALM, record_class=RecordClass.OPERATION, controller=Controller.AUTHORITY)


class SignInConfigRow(Base):
    """A door of the realm as its file described it when it was loaded; ``content`` holds no secret."""

    __tablename__ = "sign_in_config"
    __record__ = _CONFIGURED

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[SignInKind] = enum_column(SignInKind, primary_key=True)
    environment: Mapped[Environment] = enum_column(Environment, primary_key=True)
    content: Mapped[dict[str, Any]]
    loaded_at: Mapped[dt.datetime]


class SigningKey(Base):
    """A key with which Parley proves to the realm's issuers that it is their client (private_key_jwt).

    ``public_jwk`` is published until ``retired_at``, and used from ``used_from`` on (None: since it was made) until
    another is; the private half is sealed with the realm's data key.
    """

    __tablename__ = "signing_key"
    __record__ = _CONFIGURED

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    public_jwk: Mapped[dict[str, Any]]
    private_jwk_sealed: Mapped[bytes | None]
    private_jwk = SealedText(realm="realm_id")
    created_at: Mapped[dt.datetime]
    used_from: Mapped[dt.datetime | None]
    retired_at: Mapped[dt.datetime | None]


class Identity(Base):
    """Somebody as one issuer knows them in one realm. The same subject at another issuer is somebody else.

    ``kind`` is the door they first came through. Roles belong to a session, for they hold as long as it does.
    """

    __tablename__ = "identity"
    __record__ = _PERSONAL
    __table_args__ = (UniqueConstraint("realm_id", "issuer", "subject"),)

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[SignInKind] = enum_column(SignInKind)
    shown_as_sealed: Mapped[bytes | None]
    shown_as = SealedText(realm="realm_id")
    created_at: Mapped[dt.datetime]
    last_sign_in_at: Mapped[dt.datetime]


class SignInSession(Base):
    """One browser signed in on one host. The cookie's token is known to that browser only; here is its digest."""

    __tablename__ = "sign_in_session"
    __record__ = _PERSONAL
    __table_args__ = (
        ForeignKeyConstraint(["realm_id", "identity_id"], ["identity.realm_id", "identity.id"]),
        UniqueConstraint("realm_id", "token_hash"),
        Index(None, "realm_id", "identity_id"),
        Index(None, "realm_id", "issuer_session_hash"),
    )

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    identity_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes]
    kind: Mapped[SignInKind] = enum_column(SignInKind)
    host: Mapped[str]
    roles: Mapped[list[str]]
    case_id: Mapped[uuid.UUID | None]
    auth_time: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    idle_seconds: Mapped[int]
    #: How long after ``auth_time`` the proof counts as fresh.
    fresh_seconds: Mapped[int]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[EndedBy | None] = enum_column(EndedBy)
    #: The blind index of what the issuer calls the session it has with the person; it may end that one, and so this.
    issuer_session_hash: Mapped[bytes | None]
    device_sealed: Mapped[bytes | None]
    device = SealedText(realm="realm_id")
    #: What signing out at the issuer needs, if one vouched for the person; left out when a request reads its session.
    id_token_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    id_token = SealedText(realm="realm_id")
    end_session_endpoint: Mapped[str | None]


class SignInAttempt(Base):
    """A sign-in on its way through an issuer: once only, by the browser that began it, for ten minutes."""

    __tablename__ = "sign_in_attempt"
    __record__ = _OPERATIONAL
    __table_args__ = (UniqueConstraint("realm_id", "state_hash"),)

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[SignInKind] = enum_column(SignInKind)
    state_hash: Mapped[bytes]
    browser_hash: Mapped[bytes]
    nonce_sealed: Mapped[bytes | None]
    nonce = SealedText(realm="realm_id")
    verifier_sealed: Mapped[bytes | None]
    verifier = SealedText(realm="realm_id")
    redirect_uri: Mapped[str]
    next_path: Mapped[str]
    #: How old the proof may be, where somebody who is signed in is asked for a fresh one.
    max_age_seconds: Mapped[int | None]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class OneTimeLink(Base):
    """A link asked for by one browser, to be mailed to one mailbox. The job that mails it mints the token.

    ``mailbox_hash`` is the blind index that makes the identity's subject. Until the job ran, nothing opens it.
    """

    __tablename__ = "one_time_link"
    __record__ = _PERSONAL
    __table_args__ = (UniqueConstraint("realm_id", "token_hash"),)

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = enum_column(LinkPurpose)
    host: Mapped[str]
    mailbox_sealed: Mapped[bytes | None]
    mailbox = SealedText(realm="realm_id")
    mailbox_hash: Mapped[bytes]
    browser_hash: Mapped[bytes]
    token_hash: Mapped[bytes | None]
    code_hash: Mapped[bytes | None]
    code_tries: Mapped[int]
    next_path: Mapped[str]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class AttemptLimit(Base):
    """How often something was tried in the present window, by whom it concerns (a keyed digest, never the thing)."""

    __tablename__ = "attempt_limit"
    __record__ = _OPERATIONAL

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    window_ends_at: Mapped[dt.datetime]
    count: Mapped[int]


class Membership(Base):
    """Somebody invited to work in a realm, with the roles they have there until it ends.

    Invited people have no issuer that vouches for them: they prove themselves with a passkey. ``token_hash`` is that of
    the link mailed last, good once and until ``token_expires_at``; None when there is none to open.
    """

    __tablename__ = "membership"
    __record__ = _PERSONAL
    __table_args__ = (
        ForeignKeyConstraint(["realm_id", "identity_id"], ["identity.realm_id", "identity.id"]),
        UniqueConstraint("realm_id", "token_hash"),
        Index(None, "realm_id", "identity_id", unique=True),
    )

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[SignInKind] = enum_column(SignInKind)
    roles: Mapped[list[str]]
    name_sealed: Mapped[bytes | None]
    name = SealedText(realm="realm_id")
    mailbox_sealed: Mapped[bytes | None]
    mailbox = SealedText(realm="realm_id")
    invited_at: Mapped[dt.datetime]
    token_hash: Mapped[bytes | None]
    token_expires_at: Mapped[dt.datetime]
    identity_id: Mapped[uuid.UUID | None]
    joined_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]


class Passkey(Base):
    """A member's public key, made and kept by a device of theirs (WebAuthn). It opens nothing without that device."""

    __tablename__ = "passkey"
    __record__ = _PERSONAL
    __table_args__ = (
        ForeignKeyConstraint(["realm_id", "identity_id"], ["identity.realm_id", "identity.id"]),
        UniqueConstraint("realm_id", "credential_id"),
        Index(None, "realm_id", "identity_id"),
    )

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    identity_id: Mapped[uuid.UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    device_sealed: Mapped[bytes | None]
    device = SealedText(realm="realm_id")
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class SignInLook(Base):
    """What the last nightly look at the sign-ins of one realm found to mend, by the name of its file; for operators."""

    __tablename__ = "sign_in_look"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.OPERATION, controller=Controller.PLATFORM)

    who: Mapped[str] = mapped_column(primary_key=True)
    looked_at: Mapped[dt.datetime]
    troubles: Mapped[list[str]]

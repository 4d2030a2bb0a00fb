"""Audit events."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from parley.access.domain import ActorKind, RealmKind
from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column


class AuditEvent(Base):
    """One thing that happened. Nobody may change or delete it; erasing a case never needs to, for it names nobody."""

    __tablename__ = "audit_event"
    __record__ = Record(wall=Wall.REALM, record_class=RecordClass.AUDIT, controller=Controller.AUTHORITY)
    __table_args__ = (Index(None, "realm_id", "case_id", "at"), Index(None, "realm_id", "at"))

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    action: Mapped[str]
    actor_kind: Mapped[ActorKind] = enum_column(ActorKind)
    actor_realm_kind: Mapped[RealmKind] = enum_column(RealmKind)
    actor_realm_id: Mapped[uuid.UUID]
    actor_id: Mapped[uuid.UUID | None]
    subject: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    case_id: Mapped[uuid.UUID | None]
    codes: Mapped[dict[str, Any]]

"""Tables of the plugin host. Nothing in them is about a person."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.plugin_api.contracts import HealthState
from parley.plugin_host.domain import BreakerState, EnablementState


class PluginEnablement(Base):
    """A plugin that a council enabled: its configuration (secrets by name only), and the plugin's own word then.

    ``suspended_at`` is the emergency stop by an operator; it outlives a reload of the council's file. The breaker's
    columns are ``parley.plugin_host.domain.Breaker``; the health columns what the plugin last said of itself.
    """

    __tablename__ = "plugin_enablement"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.CONFIGURATION, controller=Controller.AUTHORITY)
    __table_args__ = (UniqueConstraint("authority_id", "plugin"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    provider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    state: Mapped[EnablementState] = enum_column(EnablementState)
    version: Mapped[str]
    config: Mapped[dict[str, Any]]
    manifest: Mapped[dict[str, Any]]
    config_schema: Mapped[dict[str, Any]]
    enabled_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    suspended_at: Mapped[dt.datetime | None]
    breaker_state: Mapped[BreakerState] = enum_column(BreakerState)
    breaker_recent: Mapped[str]
    breaker_rests: Mapped[int]
    breaker_until: Mapped[dt.datetime | None]
    health_state: Mapped[HealthState | None] = enum_column(HealthState)
    health_message: Mapped[str | None]
    health_at: Mapped[dt.datetime | None]


class PluginCall(Base):
    """One call of a plugin, for counts and support. It holds neither what was sent nor what came back."""

    __tablename__ = "plugin_call"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.OPERATION, controller=Controller.AUTHORITY)
    __table_args__ = (Index(None, "authority_id", "plugin", "at"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    plugin: Mapped[str]
    version: Mapped[str]
    hook: Mapped[str]
    api: Mapped[str]
    result: Mapped[str]
    code: Mapped[str]
    duration_ms: Mapped[int]

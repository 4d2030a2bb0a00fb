"""Tables of messages: what was sent, what a coordinator has to tell, what was said of a date, what went wrong."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column, of_case, points_at
from parley.db.sealed import SealedText
from parley.notifications.domain import (
    ClockNoticeKind,
    MessageChannel,
    NotificationState,
    RecipientKind,
    TaskReason,
    Trouble,
)


class Notification(Base):
    """One message to one person. Its words are made when it is sent; ``codes`` holds ids and words of ours only.

    ``message`` is a MessageCode, without a check in the database: messages come and go with releases, rows stay.
    """

    __tablename__ = "notification"
    __record__ = Record(wall=Wall.CASE, record_class=RecordClass.MESSAGE, controller=Controller.AUTHORITY)
    __table_args__ = (
        of_case(),
        points_at("party_member", "member_id"),
        Index(None, "authority_id", "case_id", "created_at"),
        Index(
            "notification_waiting_idx",
            "authority_id",
            "created_at",
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    recipient: Mapped[RecipientKind] = enum_column(RecipientKind)
    address_sealed: Mapped[bytes | None]
    address = SealedText()
    """Where it goes, or went; empty when a coordinator tells the person."""
    message: Mapped[str]
    codes: Mapped[dict[str, Any]]
    words_sealed: Mapped[bytes | None]
    words = SealedText()
    """What a plugin's notice says, as JSON; empty for every other message."""
    channel: Mapped[MessageChannel] = enum_column(MessageChannel)
    state: Mapped[NotificationState] = enum_column(NotificationState)
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    attempts: Mapped[int]
    last_error: Mapped[str | None]


class ProviderTask(Base):
    """Something that a coordinator has to tell somebody. It says whom and what by ids and codes, never a number."""

    __tablename__ = "provider_task"
    __record__ = Record(wall=Wall.PROVIDER, record_class=RecordClass.MESSAGE, controller=Controller.PROVIDER)
    __table_args__ = (
        of_case(),
        Index(None, "authority_id", "case_id"),
        Index(
            "provider_task_open_idx",
            "provider_id",
            "created_at",
            postgresql_where=text("done_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    provider_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID | None]
    """None where not even the case is to be known: that there is a safeguarding concern."""
    member_id: Mapped[uuid.UUID | None]
    recipient: Mapped[RecipientKind] = enum_column(RecipientKind)
    message: Mapped[str]
    codes: Mapped[dict[str, Any]]
    reason: Mapped[TaskReason] = enum_column(TaskReason)
    created_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[uuid.UUID | None]
    cancelled_at: Mapped[dt.datetime | None]


class ClockNotice(Base):
    """That something was said of a clock: its key is what keeps it from being said twice."""

    __tablename__ = "clock_notice"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.MESSAGE, controller=Controller.AUTHORITY)
    __table_args__ = (points_at("case_clock", "clock_id", goes_with_it=True),)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[ClockNoticeKind] = enum_column(ClockNoticeKind, primary_key=True)
    said_at: Mapped[dt.datetime]


class TroubleCount(Base):
    """How often something went wrong at a council on a day (in London). Operators see it; no case is in it."""

    __tablename__ = "trouble_count"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.OPERATION, controller=Controller.PLATFORM)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    on_date: Mapped[dt.date] = mapped_column(primary_key=True)
    trouble: Mapped[Trouble] = enum_column(Trouble, primary_key=True)
    count: Mapped[int]

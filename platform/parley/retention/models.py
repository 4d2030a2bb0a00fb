"""What keeps a case's records from going, and which of them went."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.db.sealed import SealedText
from parley.retention.domain import Part


def _of_entry() -> ForeignKeyConstraint:
    """Point at the provider's list, whose entry is the last of a case to go."""
    return ForeignKeyConstraint(
        ["authority_id", "case_id"],
        ["provider_worklist.authority_id", "provider_worklist.case_id"],
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


class LegalHold(Base):
    """As long as one of a case is not lifted, nothing of that case is disposed of, by whoever's clock.

    ``placed_by`` and ``lifted_by`` are the accounts that ran the command.
    """

    __tablename__ = "legal_hold"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.CASE, controller=Controller.AUTHORITY)
    __table_args__ = (
        _of_entry(),
        Index(
            "legal_hold_running_key",
            "authority_id",
            "case_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    placed_at: Mapped[dt.datetime]
    placed_by: Mapped[str]
    reason_sealed: Mapped[bytes | None]
    reason = SealedText()
    lifted_at: Mapped[dt.datetime | None]
    lifted_by: Mapped[str | None]
    lift_reason_sealed: Mapped[bytes | None]
    lift_reason = SealedText()


class Disposal(Base):
    """A part of a case that is gone, and when the case was closed, which nothing else may know any more."""

    __tablename__ = "disposal"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.OPERATION, controller=Controller.AUTHORITY)
    __table_args__ = (_of_entry(),)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part: Mapped[Part] = enum_column(Part, primary_key=True)
    closed_on: Mapped[dt.date]
    at: Mapped[dt.datetime]

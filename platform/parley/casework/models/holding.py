"""What stays at a provider of a case that another has taken over."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.domain import PassedOnBecause
from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.db.sealed import SealedText


class FormerHolding(Base):
    """That a provider had a case, from when to when, and why no longer: its own record, the name under its own key.

    It opens nothing of the case. What was said in confidence while the provider had it stays its own (compartment).
    """

    __tablename__ = "former_holding"
    __record__ = Record(wall=Wall.PROVIDER, record_class=RecordClass.CASE, controller=Controller.PROVIDER)
    __table_args__ = (
        # It goes with the case's line in its present provider's list.
        ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["provider_worklist.authority_id", "provider_worklist.case_id"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(None, "provider_id", "held_until"),
        Index(None, "authority_id", "case_id"),
    )

    provider_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    held_until: Mapped[dt.datetime] = mapped_column(primary_key=True)
    reference: Mapped[str]
    held_from: Mapped[dt.datetime]
    because: Mapped[PassedOnBecause] = enum_column(PassedOnBecause)
    name_sealed: Mapped[bytes | None]
    name = SealedText(realm="provider_id", row="case_id")

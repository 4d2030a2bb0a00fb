"""The question to a family who goes on with its request, where its provider's contract ended early."""

import datetime as dt
import uuid

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.change_over import ProviderChoice
from parley.db.base import RECORD_OF_CASE, Base, enum_column, of_case


class ChangeOver(Base):
    """That a family was asked whether ``new_provider_id`` takes over from ``provider_id``, and what it last said.

    Its yes or no itself is a consent. While both ``moved_at`` and ``ended_at`` are empty it is open; it ends without a
    move when the early end was taken back, or the council named another provider.
    """

    __tablename__ = "change_over"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        Index(None, "authority_id", "case_id"),
        Index(
            "change_over_open_key",
            "authority_id",
            "case_id",
            unique=True,
            postgresql_where=text("moved_at IS NULL AND ended_at IS NULL"),
        ),
        Index("change_over_provider_idx", "authority_id", "provider_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    provider_id: Mapped[uuid.UUID]
    new_provider_id: Mapped[uuid.UUID]
    asked_at: Mapped[dt.datetime]
    choice: Mapped[ProviderChoice | None] = enum_column(ProviderChoice, nullable=True)
    chosen_at: Mapped[dt.datetime | None]
    moved_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]

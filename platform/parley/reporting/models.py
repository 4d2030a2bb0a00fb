"""The table of figures: counts by council, contract and quarter, which outlast the cases they were counted from."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall, points_at


class MeasureRow(Base):
    """What was counted for one contract in one quarter. No row says which cases it was counted from.

    ``counts`` and ``median_days`` are by ``figure_key``, ``bases`` by measure (``reporting.domain``). The provider and
    the days of the contract stand here too, because whoever reads figures for a region reads nothing else of a council.
    """

    __tablename__ = "measure_row"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.FIGURES, controller=Controller.AUTHORITY)
    __table_args__ = (points_at("commission", "commission_id"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    commission_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    quarter_begins: Mapped[dt.date] = mapped_column(primary_key=True)
    provider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider.id"))
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    counts: Mapped[dict[str, Any]]
    median_days: Mapped[dict[str, Any]]
    bases: Mapped[dict[str, Any]]
    counted_at: Mapped[dt.datetime]

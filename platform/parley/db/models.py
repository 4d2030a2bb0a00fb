"""The tables of the database layer itself: wrapped keys."""

import datetime as dt
import uuid

from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall


class DataKey(Base):
    """A realm's data key, wrapped by the master key; destroying the row makes the realm's sealed text unreadable."""

    __tablename__ = "data_key"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.OPERATION, controller=Controller.PLATFORM)

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[dt.datetime]


class CaseKey(Base):
    """The key of one case's compartment, wrapped by the compartment's own master key and never by the authority's."""

    __tablename__ = "case_key"
    __table_args__ = {"schema": "compartment"}
    __record__ = Record(wall=Wall.COMPARTMENT, record_class=RecordClass.COMPARTMENT, controller=Controller.PROVIDER)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[dt.datetime]

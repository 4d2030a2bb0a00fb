"""Tables of the compartment: in its own schema, reached by its own login only."""

import datetime as dt
import uuid

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from parley.compartment.domain import MessageChannel
from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.db.scope import Side
from parley.db.sealed import SealedText

SCHEMA = "compartment"
_PRIVATE = Record(wall=Wall.COMPARTMENT, record_class=RecordClass.COMPARTMENT, controller=Controller.PROVIDER)


class PrivateMessage(Base):
    """A message between one side and the provider. ``member_id`` says with which member of the family."""

    __tablename__ = "private_message"
    __record__ = _PRIVATE
    __table_args__ = (Index(None, "authority_id", "case_id", "sent_at"), {"schema": SCHEMA})

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[MessageChannel] = enum_column(MessageChannel)
    member_id: Mapped[uuid.UUID | None]
    by: Mapped[Side] = enum_column(Side)
    author_id: Mapped[uuid.UUID]
    body_sealed: Mapped[bytes | None]
    body = SealedText(realm="case_id")
    sent_at: Mapped[dt.datetime]


class MediatorNote(Base):
    """A mediator's own note: nobody else reads it, not a coordinator, not another mediator."""

    __tablename__ = "mediator_note"
    __record__ = _PRIVATE
    __table_args__ = (Index(None, "authority_id", "case_id", "written_at"), {"schema": SCHEMA})

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    author_id: Mapped[uuid.UUID]
    body_sealed: Mapped[bytes | None]
    body = SealedText(realm="case_id")
    written_at: Mapped[dt.datetime]

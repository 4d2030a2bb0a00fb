"""Tables of the compartment: in its own schema, reached by its own login only.

``provider_id`` is the provider that had the case when a row was written: the row stays its own when another takes over.
"""

import datetime as dt
import uuid

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.domain import ConsentMeans
from parley.compartment.domain import MessageChannel, Rating, Told
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
    provider_id: Mapped[uuid.UUID]
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
    provider_id: Mapped[uuid.UUID]
    author_id: Mapped[uuid.UUID]
    body_sealed: Mapped[bytes | None]
    body = SealedText(realm="case_id")
    written_at: Mapped[dt.datetime]


class DraftAgreement(Base):
    """One version of what a mediator wrote after a meeting. Its words never change: a new version takes its place.

    ``settled_at`` is set once, when every copy was found confirmed and the draft is carried out of the compartment.
    """

    __tablename__ = "draft_agreement"
    __record__ = _PRIVATE
    __table_args__ = (UniqueConstraint("authority_id", "case_id", "meeting_id", "version"), {"schema": SCHEMA})

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    version: Mapped[int]
    author_id: Mapped[uuid.UUID]
    text_sealed: Mapped[bytes | None]
    text = SealedText(realm="case_id")
    written_at: Mapped[dt.datetime]
    superseded_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]


class DraftCopy(Base):
    """A draft in the hands of one side: of a member of the family or of a body, or of the council's officers."""

    __tablename__ = "draft_copy"
    __record__ = _PRIVATE
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "case_id", "draft_id"],
            [f"{SCHEMA}.draft_agreement.{column}" for column in ("authority_id", "case_id", "id")],
        ),
        # One for each person, and one for a council.
        UniqueConstraint(
            "authority_id", "case_id", "draft_id", "side", "member_id", postgresql_nulls_not_distinct=True
        ),
        {"schema": SCHEMA},
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[uuid.UUID]
    draft_id: Mapped[uuid.UUID]
    side: Mapped[Side] = enum_column(Side)
    party_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    given_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[uuid.UUID | None]
    means: Mapped[ConsentMeans | None] = enum_column(ConsentMeans, nullable=True)
    change_asked_at: Mapped[dt.datetime | None]
    change_sealed: Mapped[bytes | None]
    change = SealedText(realm="case_id")


class Feedback(Base):
    """What one participant thought of a meeting: for the provider, never for a council."""

    __tablename__ = "feedback"
    __record__ = _PRIVATE
    __table_args__ = (UniqueConstraint("authority_id", "case_id", "meeting_id", "author_id"), {"schema": SCHEMA})

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    side: Mapped[Side] = enum_column(Side)
    author_id: Mapped[uuid.UUID]
    rating: Mapped[Rating] = enum_column(Rating)
    words_sealed: Mapped[bytes | None]
    words = SealedText(realm="case_id")
    given_at: Mapped[dt.datetime]


class SafeguardingConcern(Base):
    """A concern for somebody's safety, raised from a case: for the provider's named lead, not for who wrote it."""

    __tablename__ = "safeguarding_concern"
    __record__ = Record(wall=Wall.SAFEGUARDING, record_class=RecordClass.COMPARTMENT, controller=Controller.PROVIDER)
    __table_args__ = (Index(None, "provider_id", "raised_at"), {"schema": SCHEMA})

    provider_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    author_id: Mapped[uuid.UUID]
    told: Mapped[Told] = enum_column(Told)
    body_sealed: Mapped[bytes | None]
    body = SealedText(realm="case_id")
    raised_at: Mapped[dt.datetime]
    taken_up_at: Mapped[dt.datetime | None]
    taken_up_by: Mapped[uuid.UUID | None]

"""Tables of meetings: times asked and answered, who comes to where, and when each mediator is taken."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.request import MeetingMode
from parley.db.base import RECORD_OF_CASE, Base, Controller, Record, RecordClass, Wall, enum_column, of_case, points_at
from parley.db.sealed import SealedText
from parley.meetings.domain import MeetingState, SlotAnswer


class Mediator(Base):
    """A mediator of a provider, and their entry in a register. ``realm_id`` is the provider; no council reads it.

    ``identity_id`` is whom they sign in as, where that is known.
    """

    __tablename__ = "mediator"
    __record__ = Record(wall=Wall.REALM, record_class=RecordClass.CONFIGURATION, controller=Controller.PROVIDER)

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    identity_id: Mapped[uuid.UUID | None]
    name_sealed: Mapped[bytes | None]
    name = SealedText(realm="realm_id")
    register_body: Mapped[str]
    register_number: Mapped[str]
    registered_until: Mapped[dt.date | None]
    retired_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]


class MediatorBooking(Base):
    """A time at which a mediator is taken, over all councils: ids and times only. Freed by deleting the row."""

    __tablename__ = "mediator_booking"
    __record__ = Record(wall=Wall.PROVIDER, record_class=RecordClass.OPERATION, controller=Controller.PROVIDER)
    __table_args__ = (
        points_at("meeting", "meeting_id", goes_with_it=True),
        CheckConstraint("ends_at > begins_at", name="period"),
        Index(None, "provider_id", "mediator_id", "begins_at"),
        Index(None, "authority_id", "meeting_id"),
    )

    provider_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mediator_id: Mapped[uuid.UUID]
    begins_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]


class Meeting(Base):
    """One meeting of a case. The mediator's name and register entry are copied here as they stood when assigned,
    because the parties read them and the provider's own list is not theirs.
    """

    __tablename__ = "meeting"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        Index(None, "authority_id", "case_id"),
        Index(
            "meeting_open_key",
            "authority_id",
            "case_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'fixed', 'moved')"),
        ),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    state: Mapped[MeetingState] = enum_column(MeetingState)
    mode: Mapped[MeetingMode] = enum_column(MeetingMode)
    begins_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime | None]
    place_sealed: Mapped[bytes | None]
    place = SealedText()
    link_sealed: Mapped[bytes | None]
    link = SealedText()
    for_everybody_sealed: Mapped[bytes | None]
    for_everybody = SealedText()
    """What the provider tells all who come: that an interpreter takes part, when breaks are."""
    mediator_id: Mapped[uuid.UUID | None]
    mediator_name_sealed: Mapped[bytes | None]
    mediator_name = SealedText()
    register_body: Mapped[str | None]
    register_number: Mapped[str | None]
    registered_until: Mapped[dt.date | None]
    notice_waived: Mapped[bool]
    """The family said that less than the notice it has a right to is enough."""
    decision_maker_present: Mapped[bool | None]
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class MeetingSlot(Base):
    """A suggested time. ``withdrawn_at`` is set when other times take its place."""

    __tablename__ = "meeting_slot"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("meeting", "meeting_id"),
        Index(None, "authority_id", "meeting_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    begins_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]


class MeetingSlotAnswer(Base):
    """What one person says to one suggested time; they may change it while the meeting is not fixed."""

    __tablename__ = "meeting_slot_answer"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("meeting_slot", "slot_id"),
        points_at("party_member", "member_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slot_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    value: Mapped[SlotAnswer] = enum_column(SlotAnswer)
    answered_at: Mapped[dt.datetime]
    recorded_by: Mapped[uuid.UUID | None]


class Attendance(Base):
    """One person's place in one meeting: when and where they go, who supports them, whether they came.

    ``sequence`` and ``invited_at`` are their calendar entry's: how often it changed, and since when they have one.
    ``left_at`` is set when they are no longer expected, though the meeting stands.
    """

    __tablename__ = "attendance"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("meeting", "meeting_id"),
        points_at("party_member", "member_id"),
        UniqueConstraint("authority_id", "meeting_id", "member_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    arrives_at: Mapped[dt.datetime | None]
    place_sealed: Mapped[bytes | None]
    place = SealedText()
    link_sealed: Mapped[bytes | None]
    link = SealedText()
    supporter_name_sealed: Mapped[bytes | None]
    supporter_name = SealedText()
    supporter_relation_sealed: Mapped[bytes | None]
    supporter_relation = SealedText()
    supporter_shared: Mapped[bool]
    """The person lets the other sides read who supports them; otherwise those read that somebody does."""
    brings_sealed: Mapped[bytes | None]
    brings = SealedText()
    """Reports and other papers they mean to bring, in their own words; for the provider."""
    needs: Mapped[dict[str, Any]]
    """Which needs are met: the need's code to true or false."""
    attended: Mapped[bool | None]
    sequence: Mapped[int]
    invited_at: Mapped[dt.datetime | None]
    left_at: Mapped[dt.datetime | None]
    changed_at: Mapped[dt.datetime]

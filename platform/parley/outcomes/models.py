"""Tables of outcomes on the open side: what every side confirmed, and what became of the agreed actions."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import Viewer
from parley.db.base import RECORD_OF_CASE, Base, enum_column, of_case, points_at
from parley.db.sealed import SealedText
from parley.outcomes.domain import ActionState


class Outcome(Base):
    """What came of one meeting. One that was released has the id of the draft that every side confirmed."""

    __tablename__ = "outcome"
    __record__ = RECORD_OF_CASE
    __table_args__ = (of_case(), Index(None, "authority_id", "case_id"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID | None]
    kind: Mapped[OutcomeKind] = enum_column(OutcomeKind)
    was_confirmed: Mapped[bool]
    """Every side confirmed its words; else the provider recorded that nothing was agreed, and there are no words."""
    recorded_at: Mapped[dt.datetime]


class Agreement(Base):
    """The version of the draft that was confirmed, and by whom when: party id to {"at", "spoken"}."""

    __tablename__ = "agreement"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("outcome", "outcome_id"),
        Index("agreement_outcome_key", "authority_id", "outcome_id", unique=True),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    outcome_id: Mapped[uuid.UUID]
    version: Mapped[int]
    confirmed: Mapped[dict[str, Any]]


class AgreedPoint(Base):
    """Something the parties agree on."""

    __tablename__ = "agreed_point"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("outcome", "outcome_id"),
        Index(None, "authority_id", "outcome_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    outcome_id: Mapped[uuid.UUID]
    words_sealed: Mapped[bytes | None]
    words = SealedText()


class RemainingIssue(Base):
    """Something the parties still see differently, in words that all of them confirmed."""

    __tablename__ = "remaining_issue"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("outcome", "outcome_id"),
        Index(None, "authority_id", "outcome_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    outcome_id: Mapped[uuid.UUID]
    words_sealed: Mapped[bytes | None]
    words = SealedText()


class AgreedAction(Base):
    """Something a party, or the provider, is to do by a date, and how it stands.

    ``owner_id`` is the party, None for the provider; ``clock_id`` its running due date.
    """

    __tablename__ = "agreed_action"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("outcome", "outcome_id"),
        points_at("party", "owner_id"),
        Index(None, "authority_id", "outcome_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    outcome_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID | None]
    what_sealed: Mapped[bytes | None]
    what = SealedText()
    due_on: Mapped[dt.date]
    clock_id: Mapped[uuid.UUID | None]
    state: Mapped[ActionState] = enum_column(ActionState)
    state_since: Mapped[dt.datetime]
    state_by: Mapped[Viewer | None] = enum_column(Viewer, nullable=True)
    done_at: Mapped[dt.datetime | None]
    disputed_sealed: Mapped[bytes | None]
    disputed = SealedText()
    """What the family says is missing, in words that every side reads."""

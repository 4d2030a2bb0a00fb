"""Checks that families have begun, and what was found. A check belongs to whoever holds its token."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall
from parley.db.sealed import SealedText

_CHECK = Record(wall=Wall.AUTHORITY, record_class=RecordClass.CHECK, controller=Controller.AUTHORITY)


class EligibilityCheck(Base):
    """Answers in progress, kept without sign-in so that back always works. The browser holds the token, we its hash."""

    __tablename__ = "eligibility_check"
    __record__ = _CHECK
    __table_args__ = (
        UniqueConstraint("authority_id", "token_hash"),
        Index(None, "authority_id", "expires_at"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes]
    answers_sealed: Mapped[bytes | None]
    answers = SealedText()
    updated_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class AssessmentRecord(Base):
    """What a check found: derived facts by the contract's words, no date of birth, nothing anybody typed."""

    __tablename__ = "assessment"
    __record__ = _CHECK
    __table_args__ = (Index(None, "authority_id", "expires_at"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    made_at: Mapped[dt.datetime]
    policy_version_id: Mapped[uuid.UUID]
    law_version: Mapped[str]
    facts: Mapped[dict[str, Any]]
    expires_at: Mapped[dt.datetime]

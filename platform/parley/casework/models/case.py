"""Tables of the open side of a case, and of requests not yet sent."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.allocation import AllocatedBecause
from parley.casework.domain import (
    AnswerValue,
    Attention,
    Capacity,
    CaseState,
    Channel,
    ClockBasis,
    ClockCode,
    CloseReason,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    CouncilList,
    DeclineReason,
    ItemKind,
    PartyKind,
    PassedOnBecause,
    ReferralState,
    StatementKind,
)
from parley.db.base import RECORD_OF_CASE, Base, Controller, Record, RecordClass, Wall, enum_column, of_case, points_at
from parley.db.sealed import SealedText


class RequestDraft(Base):
    """A request being written: everything typed so far, sealed, until it is sent or runs out."""

    __tablename__ = "request_draft"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.CHECK, controller=Controller.AUTHORITY)
    __table_args__ = (Index(None, "authority_id", "owner_id"), Index(None, "authority_id", "expires_at"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[uuid.UUID]
    answers_sealed: Mapped[bytes | None]
    answers = SealedText()
    version: Mapped[int]
    updated_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class CaseCounter(Base):
    """The last number given to a case of one council in one year."""

    __tablename__ = "case_counter"
    __record__ = Record(wall=Wall.AUTHORITY, record_class=RecordClass.OPERATION, controller=Controller.AUTHORITY)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Base):
    """A request that was sent, and all that came of it. Its id is the id of the draft it was sent from."""

    __tablename__ = "case"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        UniqueConstraint("authority_id", "reference"),
        ForeignKeyConstraint(
            ["authority_id", "id"],
            ["provider_worklist.authority_id", "provider_worklist.case_id"],
            name="case_has_a_holder_fkey",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index("case_inbox_idx", "authority_id", "listed", "next_due_on", "id"),
        Index("case_mine_idx", "authority_id", "listed", "assigned_id", "next_due_on", "id"),
        Index("case_child_idx", "authority_id", "child_fingerprint"),
        Index("case_council_number_idx", "authority_id", "council_number_fingerprint"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str]
    state: Mapped[CaseState] = enum_column(CaseState)
    state_since: Mapped[dt.datetime]
    listed: Mapped[CouncilList] = enum_column(CouncilList)
    close_reason: Mapped[CloseReason | None] = enum_column(CloseReason, nullable=True)
    channel: Mapped[Channel] = enum_column(Channel)
    policy_version_id: Mapped[uuid.UUID]
    law_version: Mapped[str]
    provider_id: Mapped[uuid.UUID]
    allocated_because: Mapped[AllocatedBecause] = enum_column(AllocatedBecause)
    """Why this provider has it, of those that the council commissions."""
    areas: Mapped[list[str]]
    against: Mapped[list[str]]
    facts: Mapped[dict[str, Any]]
    """Derived facts of the assessment the family sent: stages, codes, letter date; no names, no date of birth."""
    asked_as_question: Mapped[bool]
    """Sent by "ask the provider anyway" after a result that was not yes."""
    sent_at: Mapped[dt.datetime]
    council_told_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    assigned_id: Mapped[uuid.UUID | None]
    next_due_on: Mapped[dt.date]
    next_due_code: Mapped[ClockCode | None] = enum_column(ClockCode, nullable=True)
    child_name_sealed: Mapped[bytes | None]
    child_name = SealedText()
    child_fingerprint: Mapped[bytes | None]
    council_number_sealed: Mapped[bytes | None]
    council_number = SealedText()
    council_number_fingerprint: Mapped[bytes | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Child(Base):
    """The child or young person a case is about: what the provider needs to begin."""

    __tablename__ = "child"
    __record__ = RECORD_OF_CASE
    __table_args__ = (of_case(), UniqueConstraint("authority_id", "case_id"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    date_of_birth_sealed: Mapped[bytes | None]
    date_of_birth = SealedText()
    address_sealed: Mapped[bytes | None]
    address = SealedText()
    setting_sealed: Mapped[bytes | None]
    setting = SealedText()
    given_by: Mapped[uuid.UUID | None]
    """The member who gave the address; another member of the family does not read it."""


class Party(Base):
    """One side of a case. ``removed_at`` is set when its no, or the family's wish, takes it out."""

    __tablename__ = "party"
    __record__ = RECORD_OF_CASE
    __table_args__ = (of_case(), Index(None, "authority_id", "case_id"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    kind: Mapped[PartyKind] = enum_column(PartyKind)
    name_sealed: Mapped[bytes | None]
    name = SealedText()
    may_be_invited: Mapped[bool]
    """The family said yes to asking this body; without it nobody there hears of the case."""
    removed_at: Mapped[dt.datetime | None]


class PartyMember(Base):
    """A person in a party, with contact and safety wishes of their own."""

    __tablename__ = "party_member"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("party", "party_id"),
        Index(None, "authority_id", "case_id"),
        Index(None, "authority_id", "identity_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    party_id: Mapped[uuid.UUID]
    identity_id: Mapped[uuid.UUID | None]
    capacity: Mapped[Capacity] = enum_column(Capacity)
    is_rights_holder: Mapped[bool]
    name_sealed: Mapped[bytes | None]
    name = SealedText()
    email_sealed: Mapped[bytes | None]
    email = SealedText()
    phone_sealed: Mapped[bytes | None]
    phone = SealedText()
    role_sealed: Mapped[bytes | None]
    role = SealedText()
    """What a contact is at the body they answer for, in their own words ("SENCo"); empty for everybody else."""
    safety_sealed: Mapped[bytes | None]
    safety = SealedText()
    """Safe ways and times, who must not learn of this, what must be hidden, waiting apart: JSON, provider only."""
    access_needs_sealed: Mapped[bytes | None]
    access_needs = SealedText()
    left_at: Mapped[dt.datetime | None]


class Consent(Base):
    """One person's yes or no to one thing, to a dated text; the newest row of a kind counts."""

    __tablename__ = "consent"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("party_member", "member_id"),
        Index(None, "authority_id", "case_id", "at"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    kind: Mapped[ConsentKind] = enum_column(ConsentKind)
    state: Mapped[ConsentState] = enum_column(ConsentState)
    means: Mapped[ConsentMeans] = enum_column(ConsentMeans)
    text_version: Mapped[str]
    at: Mapped[dt.datetime]
    recorded_by: Mapped[uuid.UUID | None]


class Statement(Base):
    """Something the family wrote: the story, what they wish for, the child's own views."""

    __tablename__ = "statement"
    __record__ = RECORD_OF_CASE
    __table_args__ = (of_case(), Index(None, "authority_id", "case_id"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    kind: Mapped[StatementKind] = enum_column(StatementKind)
    body_sealed: Mapped[bytes | None]
    body = SealedText()
    written_at: Mapped[dt.datetime]


class Share(Base):
    """An item shown to a party: by whom, since when, until when. Without one, only author and provider see it."""

    __tablename__ = "share"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        Index(None, "authority_id", "case_id"),
        Index(
            "share_running_key",
            "authority_id",
            "item_id",
            "party_id",
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    item_kind: Mapped[ItemKind] = enum_column(ItemKind)
    item_id: Mapped[uuid.UUID]
    party_id: Mapped[uuid.UUID]
    shared_by: Mapped[uuid.UUID]
    shared_at: Mapped[dt.datetime]
    stopped_at: Mapped[dt.datetime | None]


class Referral(Base):
    """The case handed to a provider, and how far the hand-over has come."""

    __tablename__ = "referral"
    __record__ = RECORD_OF_CASE
    __table_args__ = (of_case(), Index(None, "authority_id", "case_id"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    provider_id: Mapped[uuid.UUID]
    state: Mapped[ReferralState] = enum_column(ReferralState)
    passed_on_because: Mapped[PassedOnBecause | None] = enum_column(PassedOnBecause, nullable=True)
    provider_reference: Mapped[str | None]
    made_at: Mapped[dt.datetime]
    submitted_at: Mapped[dt.datetime | None]
    acknowledged_at: Mapped[dt.datetime | None]
    last_error: Mapped[str | None]


class Answer(Base):
    """What a party answered, newest last; the reason is in words the family reads."""

    __tablename__ = "answer"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("party", "party_id"),
        Index(None, "authority_id", "case_id", "answered_at"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    party_id: Mapped[uuid.UUID]
    value: Mapped[AnswerValue] = enum_column(AnswerValue)
    reason: Mapped[DeclineReason | None] = enum_column(DeclineReason, nullable=True)
    words_sealed: Mapped[bytes | None]
    words = SealedText()
    holding_until: Mapped[dt.date | None]
    unavailable_sealed: Mapped[bytes | None]
    unavailable = SealedText()
    answered_at: Mapped[dt.datetime]
    answered_by: Mapped[uuid.UUID | None]


class CaseClock(Base):
    """A due date of a case: what, by when, on what basis, whom it binds, and whose own it is, if one's alone."""

    __tablename__ = "case_clock"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("party", "party_id"),
        points_at("party_member", "member_id"),
        Index(None, "authority_id", "case_id"),
        Index(None, "authority_id", "due_on"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    code: Mapped[ClockCode] = enum_column(ClockCode)
    basis: Mapped[ClockBasis] = enum_column(ClockBasis)
    binds: Mapped[str]
    party_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    due_on: Mapped[dt.date]
    started_at: Mapped[dt.datetime]
    met_at: Mapped[dt.datetime | None]
    stopped_at: Mapped[dt.datetime | None]


class TimelineEntry(Base):
    """Something that happened, for people to read: a code, and for whom. The words are made when it is shown."""

    __tablename__ = "timeline_entry"
    __record__ = RECORD_OF_CASE
    __table_args__ = (of_case(), Index(None, "authority_id", "case_id", "at"))

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    at: Mapped[dt.datetime]
    code: Mapped[str]
    by: Mapped[str]
    viewers: Mapped[list[str]]
    codes: Mapped[dict[str, Any]]


class WorklistEntry(Base):
    """A case in its provider's list: ids, dates and states, and the name under the provider's own key.

    Every case has exactly one, written in the same transaction; while ``held_until`` is empty the provider holds the
    case, and the walls let its staff open it.
    """

    __tablename__ = "provider_worklist"
    __record__ = Record(wall=Wall.PROVIDER, record_class=RecordClass.CASE, controller=Controller.PROVIDER)
    __table_args__ = (
        UniqueConstraint("authority_id", "case_id"),
        Index("provider_worklist_open_idx", "provider_id", "is_open", "next_due_on", "case_id"),
        Index("provider_worklist_child_idx", "provider_id", "child_fingerprint"),
        Index("provider_worklist_attention_idx", "provider_id", postgresql_where=text("attention IS NOT NULL")),
    )

    provider_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reference: Mapped[str]
    state: Mapped[CaseState] = enum_column(CaseState)
    is_open: Mapped[bool]
    channel: Mapped[Channel] = enum_column(Channel)
    received_at: Mapped[dt.datetime]
    next_due_on: Mapped[dt.date]
    next_due_code: Mapped[ClockCode | None] = enum_column(ClockCode, nullable=True)
    next_due_basis: Mapped[ClockBasis | None] = enum_column(ClockBasis, nullable=True)
    attention: Mapped[Attention | None] = enum_column(Attention, nullable=True)
    coordinator_id: Mapped[uuid.UUID | None]
    name_sealed: Mapped[bytes | None]
    name = SealedText(realm="provider_id", row="case_id")
    child_fingerprint: Mapped[bytes | None]
    held_until: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]

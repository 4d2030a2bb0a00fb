"""Invitations: how a person who is named in a case, and nobody else, takes their own place in it."""

import datetime as dt
import uuid

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from parley.casework.domain import InvitationKind
from parley.db.base import RECORD_OF_CASE, Base, enum_column, of_case, points_at


class Invitation(Base):
    """One person's invitation to one case. The token is in the mail only; here is its digest."""

    __tablename__ = "invitation"
    __record__ = RECORD_OF_CASE
    __table_args__ = (
        of_case(),
        points_at("party_member", "member_id"),
        Index(None, "authority_id", "case_id"),
        Index("invitation_token_key", "authority_id", "token_hash", unique=True),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    kind: Mapped[InvitationKind] = enum_column(InvitationKind)
    token_hash: Mapped[bytes | None]
    code_hash: Mapped[bytes | None]
    code_expires_at: Mapped[dt.datetime | None]
    code_tries: Mapped[int]
    made_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    returned_at: Mapped[dt.datetime | None]
    """The person said that they are not the right one."""
    revoked_at: Mapped[dt.datetime | None]

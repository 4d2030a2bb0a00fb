"""The versions of each council's policy. Nothing here is about a person."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall


class PolicyVersion(Base):
    """One version of a council's policy. No login may change a row: a case keeps the version it began under.

    ``document`` is the file as JSON, ``content`` names it (``parley.policy.loading.document_version``), ``author_id``
    is the identity that applied it, or None for Parley itself.
    """

    __tablename__ = "policy_version"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.CONFIGURATION, controller=Controller.AUTHORITY)
    __table_args__ = (UniqueConstraint("authority_id", "number"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("local_authority.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    content: Mapped[str]
    document: Mapped[dict[str, Any]]
    effective_from: Mapped[dt.date]
    author_id: Mapped[uuid.UUID | None]
    reason: Mapped[str]
    created_at: Mapped[dt.datetime]

"""The versions of each council's policy. Nothing here is about a person."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall


class PolicyVersion(Base):
    """One version of a council's policy. No login may change a row: a case keeps the version it began under.

    ``document`` is the file as JSON, ``content`` names it (``parley.policy.loading.document_version``). ``author_id``
    is the identity that applied it on a page, ``author`` the account that did by command, empty for a load of all
    files. One that needs a second person holds only once a PolicyApproval is there.
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
    author: Mapped[str] = mapped_column(server_default="")
    needs_second_person: Mapped[bool] = mapped_column(server_default=false())
    reason: Mapped[str]
    created_at: Mapped[dt.datetime]


class PolicyApproval(Base):
    """A second person's yes to a version. ``approver`` is the account that gave it by command; never its author's."""

    __tablename__ = "policy_approval"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.CONFIGURATION, controller=Controller.AUTHORITY)
    __table_args__ = (
        ForeignKeyConstraint(["authority_id", "version_id"], ["policy_version.authority_id", "policy_version.id"]),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    approver: Mapped[str]
    approved_at: Mapped[dt.datetime]

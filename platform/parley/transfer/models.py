"""What is left of a council that was removed."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall


class RemovalCertificate(Base):
    """That a council's records and key were destroyed: what, how many, when, by whom. Nothing in it is about a person.

    ``tables`` is table to {"rows", "sha256"} as they were, ``content_sha256`` the hash of all the rest of the row.
    ``council_id`` points at nothing any more; the council's audit stays under it.
    """

    __tablename__ = "removal_certificate"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.AUDIT, controller=Controller.PLATFORM)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    council_id: Mapped[uuid.UUID]
    slug: Mapped[str]
    name: Mapped[str]
    gss_code: Mapped[str]
    removed_at: Mapped[dt.datetime]
    removed_by: Mapped[str]
    reason: Mapped[str]
    tables: Mapped[dict[str, Any]]
    content_sha256: Mapped[str]

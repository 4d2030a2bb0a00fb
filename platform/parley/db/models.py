"""The tables of the database layer itself: wrapped keys, and which master key wraps them."""

import datetime as dt
import uuid

from sqlalchemy.orm import Mapped, mapped_column

from parley.db.base import Base, Controller, Record, RecordClass, Wall, enum_column
from parley.db.keys import Ring


def _version() -> Mapped[int]:
    """Return the column that counts the versions of a key. The release before, which knows of one, leaves it out."""
    return mapped_column(primary_key=True, autoincrement=False, default=1, server_default="1")


class DataKey(Base):
    """A version of a realm's data key, wrapped by a master key; destroying its rows makes the realm's text unreadable.

    ``wrapped_by`` is the id of that master key; None in rows that are older than the column. There is a second version
    while it takes the first one's place: every process knows of it before ``seals_from``, when it begins to seal.
    ``author`` and ``reason`` say by whose account it was made and why; all three are None for a realm's first key.
    """

    __tablename__ = "data_key"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.OPERATION, controller=Controller.PLATFORM)

    realm_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = _version()
    wrapped: Mapped[bytes]
    wrapped_by: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    seals_from: Mapped[dt.datetime | None]
    author: Mapped[str | None]
    reason: Mapped[str | None]


class CaseKey(Base):
    """The key of one case's compartment, wrapped by the compartment's own master key and never by the authority's.

    ``version``, ``wrapped_by`` and ``seals_from`` as in DataKey.
    """

    __tablename__ = "case_key"
    __table_args__ = {"schema": "compartment"}
    __record__ = Record(wall=Wall.COMPARTMENT, record_class=RecordClass.COMPARTMENT, controller=Controller.PROVIDER)

    authority_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = _version()
    wrapped: Mapped[bytes]
    wrapped_by: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    seals_from: Mapped[dt.datetime | None]


class KeyAdoption(Base):
    """From when on a master key wraps the keys of its ring, by whose account and why. The newest says which one does.

    Without a row it is the oldest in the key file. ``former_id`` is the one that did before. Ids of keys, not keys.
    """

    __tablename__ = "key_adoption"
    __record__ = Record(wall=Wall.PLATFORM, record_class=RecordClass.OPERATION, controller=Controller.PLATFORM)

    ring: Mapped[Ring] = enum_column(Ring, primary_key=True)
    adopted_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    master_id: Mapped[str]
    former_id: Mapped[str]
    author: Mapped[str]
    reason: Mapped[str]

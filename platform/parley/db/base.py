"""What every table has in common."""

import dataclasses
import datetime as dt
import enum
import uuid
from typing import Any, ClassVar, TypeVar

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint, MetaData, Text, Uuid, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from parley.kernel.ids import new_id

E = TypeVar("E", bound=enum.StrEnum)

NAMING = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


class Wall(enum.StrEnum):
    """Which rows of a table a login sees: the row-level security it carries (docs/walls.md)."""

    AUTHORITY = "authority"
    """Rows of the authority the transaction is scoped to."""
    CASE = "case"
    """As AUTHORITY; and for provider staff the rows of the one open case that their provider holds."""
    PROVIDER = "provider"
    """For provider staff, rows of their provider; for authority processes, rows of the authority."""
    REALM = "realm"
    """Rows of the realm (an authority, a provider or the platform) that the transaction is scoped to."""
    COMPARTMENT = "compartment"
    """A table of the without-prejudice side: its own schema and login, one case at a time."""
    SAFEGUARDING = "safeguarding"
    """Concerns for somebody's safety: for the provider's named lead alone, over all of its cases."""
    PLATFORM = "platform"
    """No row-level security, because nothing in it is about a person; named in platform_tables.txt with its reason."""


class Controller(enum.StrEnum):
    """Who answers for the records of a table under data protection law (design section 5.6)."""

    AUTHORITY = "authority"
    PROVIDER = "provider"
    PLATFORM = "platform"


class RecordClass(enum.StrEnum):
    """How long records of a table are kept; a policy gives each class its time."""

    CHECK = "check"
    CASE = "case"
    COMPARTMENT = "compartment"
    IDENTITY = "identity"
    MESSAGE = "message"
    AUDIT = "audit"
    CONFIGURATION = "configuration"
    OPERATION = "operation"
    FIGURES = "figures"
    """Counts that point at nobody; they outlast what they were counted from."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record:
    """What a table holds, for whom, and behind which wall. Every model states one as ``__record__``."""

    wall: Wall
    record_class: RecordClass
    controller: Controller


#: What belongs to the open side of a case.
RECORD_OF_CASE = Record(wall=Wall.CASE, record_class=RecordClass.CASE, controller=Controller.AUTHORITY)


class Base(DeclarativeBase):
    """Declarative base of all tables. Datetimes are aware and in UTC; enumerations are stored by value."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: DateTime(timezone=True),
        uuid.UUID: Uuid(),
        str: Text(),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
    }
    __record__: ClassVar[Record]


def points_at(table: str, column: str, *, goes_with_it: bool = False) -> ForeignKeyConstraint:
    """Point at a row of the same council. Checked when the transaction commits, so rows may be written in any order.

    ``goes_with_it`` deletes the row with the one it points at.
    """
    return ForeignKeyConstraint(
        ["authority_id", column],
        [f"{table}.authority_id", f"{table}.id"],
        ondelete="CASCADE" if goes_with_it else None,
        deferrable=True,
        initially="DEFERRED",
    )


def of_case() -> ForeignKeyConstraint:
    """Point at the case the row belongs to, and goes with when that is disposed of."""
    return points_at("case", "case_id", goes_with_it=True)


@event.listens_for(Base, "init", propagate=True)
def _give_id(target: Base, _arguments: tuple[Any, ...], values: dict[str, Any]) -> None:
    """Give a new row its own ``id`` at once, not when it is written: sealing names the row."""
    if hasattr(type(target), "id"):
        values.setdefault("id", new_id())


def enum_column(kind: type[E], **options: Any) -> Mapped[E]:
    """Return a column that stores ``kind`` by value, as text, with a check that only its values get in."""
    column = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        name=_snake(kind.__name__),
        length=40,
    )
    return mapped_column(column, **options)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")

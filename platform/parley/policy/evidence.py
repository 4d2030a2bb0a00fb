"""How we know what a policy says. Pure.

A council that has not said something is not a council that has said no: every value carries a status, and a
value that is missing says why it is missing.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Status(StrEnum):
    """How a value is known, or why it is not."""

    PUBLISHED = "published"
    NOT_STATED = "not_stated"
    NOT_SEEN = "not_seen"
    CONFLICTING = "conflicting"
    INFERRED = "inferred"
    DOUBTFUL = "doubtful"
    INHERITED = "inherited"


WITHOUT_VALUE = frozenset({Status.NOT_STATED, Status.NOT_SEEN})
STAFF_ONLY = frozenset({Status.INFERRED, Status.DOUBTFUL})


class Extent(StrEnum):
    """How much of a source was read."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True)
class Source:
    """A page or paper a value was read from, who answers for it, and when and how far it was read.

    `written_before` is a day by which its own words show that it had been written, where they do.
    """

    key: str
    title: str
    owner: str
    url: str
    read: date
    extent: Extent
    written_before: date | None = None
    note: str = ""

    @property
    def citation(self) -> str:
        """Title, owner and date read, as a person reads it."""
        return f"{self.title} ({self.owner}, read {self.read.day} {self.read:%B %Y})"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The status of a value, and the source it was read from, or looked for in."""

    status: Status
    source: Source | None = None
    note: str = ""

    @property
    def shown(self) -> bool:
        """Whether a family may be shown the value; inferred and doubtful ones are for staff."""
        return self.status not in STAFF_ONLY and self.status not in WITHOUT_VALUE


NEVER_LOOKED = Evidence(Status.NOT_SEEN)


@dataclass(frozen=True, slots=True)
class Evidenced(Generic[T]):
    """A value with its evidence. `value` is None exactly when the status says that there is none."""

    value: T | None
    evidence: Evidence

    def __post_init__(self) -> None:
        """Refuse a value that is said to be missing, and a missing one that is said to be known."""
        if (self.value is None) != (self.evidence.status in WITHOUT_VALUE):
            raise ValueError(f"a value of status {self.evidence.status} {'needs' if self.value is None else 'has'} one")

    @property
    def shown(self) -> T | None:
        """The value if a family may see it, else None."""
        return self.value if self.evidence.shown else None

    @property
    def unstated(self) -> bool:
        """True if the council has not said, or nobody has seen whether it has."""
        return self.evidence.status in WITHOUT_VALUE


def absent() -> Evidenced[T]:
    """What a key that is not in the file means: nobody has looked. Not the same as an empty value."""
    return Evidenced(None, NEVER_LOOKED)

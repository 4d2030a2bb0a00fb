"""What is said of a renewal: what is to be done, what was done, and what is left and why."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

#: How long a new version of a key is there before it seals: every process asks for its keys anew after a minute, and so
#: knows it by then.
ANNOUNCED = dt.timedelta(minutes=2)
#: How far the clocks of two machines may lie apart, at most.
CLOCKS_APART = dt.timedelta(seconds=30)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose key it is: a council, a provider, or the platform."""

    id: uuid.UUID
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Version:
    """The version that takes the place of a realm's key, by whose account and why."""

    number: int
    created_at: dt.datetime
    seals_from: dt.datetime
    author: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunningOut:
    """What is known by a fingerprint that cannot be made anew, and runs out: codes, and sign-ins through an issuer.

    ``until`` is when the last of them has run out by itself.
    """

    count: int
    until: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Left:
    """What is under the former version still: rows (or pieces of documents) by table, and what runs out."""

    rows: Mapping[str, int]
    running_out: RunningOut

    @property
    def count(self) -> int:
        """How many rows and pieces there are."""
        return sum(self.rows.values())


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unopened:
    """A row, or the content of a document, that no version at hand opens: where it is, and what was said of it."""

    table: str
    row: str
    because: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resealed:
    """What came of going once through everything."""

    rows: int
    unopened: tuple[Unopened, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Renewed:
    """What came of a run. ``finished``: the former version is gone; else ``left`` says what hangs on it."""

    version: int
    resealed: int
    unopened: tuple[Unopened, ...]
    left: Left
    finished: bool

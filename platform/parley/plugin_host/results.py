"""What a plugin call comes back as: data, never an exception."""

import dataclasses
import datetime as dt
import enum
from typing import Any


class FailureKind(enum.StrEnum):
    """What the caller can do about a failure."""

    RETRYABLE = "retryable"
    PERMANENT = "permanent"
    TIMEOUT = "timeout"
    CONTRACT = "contract"

    @property
    def may_work_later(self) -> bool:
        """Tell whether the same call with the same key is worth repeating."""
        return self in {FailureKind.RETRYABLE, FailureKind.TIMEOUT}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallRecord:
    """One call, for the record: no argument, no answer, nothing personal.

    ``result`` is ``ok``, ``unsupported`` or a FailureKind's value; ``code`` the failure's code, else empty;
    ``version`` the plugin distribution's version as the supervisor found it, empty when no supervisor answered.
    """

    authority: str
    plugin: str
    version: str
    hook: str
    api: str
    result: str
    code: str
    duration_ms: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ok:
    """The plugin did it; ``value`` is of the hook's return type."""

    value: Any
    call: CallRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unsupported:
    """The plugin does not implement this optional hook: take the manual step."""

    call: CallRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failed:
    """The plugin did not do it, or nobody can tell; ``message`` is redacted, ``after`` the shortest useful wait."""

    kind: FailureKind
    code: str
    message: str
    call: CallRecord
    after: dt.timedelta | None = None


HookResult = Ok | Unsupported | Failed

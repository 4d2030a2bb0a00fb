"""Unwrapped data keys that a process keeps for a while, so that not every page asks for its council's anew."""

import time
import uuid
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")

#: How long a process goes on with a key that it unwrapped. Short: where a council was removed, or the key of a case was
#: destroyed, running processes are to forget it by themselves.
KEPT_SECONDS = 60.0


class KeptKeys(Generic[K]):
    """Keys by realm, each from when it was put in. Whatever key is asked for, all that are too old are dropped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take what tells the seconds that go by."""
        self._clock = clock
        # The oldest first.
        self._known: dict[uuid.UUID, tuple[float, K]] = {}

    def get(self, realm_id: uuid.UUID) -> K | None:
        """Return what is kept of the realm, or None where it is not known or has been for too long."""
        self._drop_old()
        known = self._known.get(realm_id)
        return known[1] if known else None

    def __setitem__(self, realm_id: uuid.UUID, key: K) -> None:
        """Keep the realm's keys from now on."""
        self.forget(realm_id)
        self._known[realm_id] = (self._clock(), key)

    def __len__(self) -> int:
        """Return how many there are, old ones that nobody asked past yet included."""
        return len(self._known)

    def forget(self, realm_id: uuid.UUID) -> None:
        """Drop the realm's keys."""
        self._known.pop(realm_id, None)

    def _drop_old(self) -> None:
        too_old = self._clock() - KEPT_SECONDS
        while self._known:
            oldest = next(iter(self._known))
            if self._known[oldest][0] > too_old:
                return
            del self._known[oldest]

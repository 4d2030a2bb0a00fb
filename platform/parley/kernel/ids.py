"""Identifiers."""

import os
import threading
import time
import uuid

_RANDOM_BITS = 74
_last = 0
_lock = threading.Lock()


def new_id() -> uuid.UUID:
    """Return a new identifier (UUID version 7, RFC 9562 section 5.7) that sorts after all this process made before.

    Ids in order of time keep inserts at the right-hand edge of an index, and keep what one transaction wrote in the
    order it was written. They tell when a row was made, so they are never used as a secret.
    """
    global _last
    with _lock:
        milliseconds = time.time_ns() // 1_000_000
        fresh = milliseconds << _RANDOM_BITS | int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM_BITS)
        # Within a millisecond, and when the clock is set back, count on instead of drawing anew (RFC 9562, 6.2).
        _last = max(fresh, _last + 1)
        value = _last
    milliseconds, random_part = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
    return uuid.UUID(
        int=milliseconds << 80 | 0x7 << 76 | random_part >> 62 << 64 | 0b10 << 62 | random_part & ((1 << 62) - 1)
    )

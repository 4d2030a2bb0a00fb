"""Identifiers."""

import os
import time
import uuid


def new_id() -> uuid.UUID:
    """Return a new time-ordered identifier (UUID version 7, RFC 9562 section 5.7).

    Time-ordered keys keep inserts at the right-hand edge of an index, which matters with many millions of rows;
    they tell when a row was made, so they are never used as a secret.
    """
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return uuid.UUID(int=value)

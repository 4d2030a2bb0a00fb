"""A document's content as sealed pieces: each opens only as that piece of that document of that council."""

import uuid
from collections.abc import Callable, Iterator
from typing import BinaryIO

from parley.db.realm_keys import RealmKeys

#: What opens sealed content, given its context: ``parley.db.sealed.unsealer`` or a realm's keys themselves.
Unsealer = Callable[[str, bytes], bytes]

#: Of plain content; what is sealed is a little longer. One piece at a time is in memory, whatever the file's size.
PIECE_BYTES = 256 * 1024


def piece_count(size: int) -> int:
    """Return into how many pieces content of ``size`` bytes (more than none) is cut."""
    return -(-size // PIECE_BYTES)


def sealed_pieces(
    keys: RealmKeys, authority_id: uuid.UUID, document_id: uuid.UUID, stream: BinaryIO, size: int
) -> Iterator[bytes]:
    """Yield the pieces of ``stream`` in order, sealed with ``keys``, reading one at a time.

    Raises ValueError when the stream does not hold exactly ``size`` bytes.
    """
    count, seen = piece_count(size), 0
    for number in range(count):
        plain = stream.read(PIECE_BYTES)
        seen += len(plain)
        yield keys.seal(_context(authority_id, document_id, number, count), plain)
    if seen != size or stream.read(1):
        raise ValueError(f"the file is not of the {size} bytes that were counted")


def opened_piece(
    unseal: Unsealer, authority_id: uuid.UUID, document_id: uuid.UUID, number: int, count: int, sealed: bytes
) -> bytes:
    """Return the plain content of piece ``number`` of ``count``.

    Raises SealBrokenError for a piece of another document, another place in it, or a document cut short.
    """
    return unseal(_context(authority_id, document_id, number, count), sealed)


def resealed_piece(
    keys: RealmKeys, authority_id: uuid.UUID, document_id: uuid.UUID, number: int, count: int, sealed: bytes
) -> bytes:
    """Return piece ``number`` of ``count`` under the version that seals now. Raises SealBrokenError as opening does."""
    context = _context(authority_id, document_id, number, count)
    return keys.seal(context, keys.open(context, sealed))


def _context(authority_id: uuid.UUID, document_id: uuid.UUID, number: int, count: int) -> str:
    return f"{authority_id}|document_chunk.sealed|{document_id}|{number}/{count}"

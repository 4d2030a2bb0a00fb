"""Messages on a socket: four bytes of length, then that many bytes of JSON holding one object."""

import asyncio
import json
import socket
import struct
from typing import Any

#: No contract value comes near this; a longer message is a fault, not a need.
MAX_FRAME = 256 * 1024

_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """What arrived is not a message: too long, not JSON, or not an object."""


class FrameClosed(Exception):
    """The other side went away, before or within a message."""


def pack(message: dict[str, Any]) -> bytes:
    """Return ``message`` as bytes to send; FrameError if it is longer than ``MAX_FRAME``."""
    body = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    if len(body) > MAX_FRAME:
        raise FrameError(f"a message of {len(body)} bytes is over the limit of {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send ``message``; OSError as the socket raises it."""
    connection.sendall(pack(message))


def receive(connection: socket.socket) -> dict[str, Any]:
    """Return the next message; FrameClosed at the end, FrameError for what is not one, TimeoutError by the socket."""
    return _unpack(_exactly(connection, _checked_length(_exactly(connection, _LENGTH.size))))


async def read(reader: asyncio.StreamReader) -> dict[str, Any]:
    """As ``receive``, for asyncio."""
    try:
        length = _checked_length(await reader.readexactly(_LENGTH.size))
        return _unpack(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise FrameClosed from error


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            raise FrameClosed
        parts += part
    return bytes(parts)


def _checked_length(head: bytes) -> int:
    length: int = _LENGTH.unpack(head)[0]
    if length > MAX_FRAME:
        raise FrameError(f"a message of {length} bytes is over the limit of {MAX_FRAME}")
    return length


def _unpack(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError("a message that is not JSON") from error
    if not isinstance(message, dict):
        raise FrameError("a message that is not an object")
    return message

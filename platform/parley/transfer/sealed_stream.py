"""A stream that one key opens: written and read piece by piece, each authenticated in its place and to the last one.

A key of the file's own is sealed to the receiver's public key (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). Under
it every piece is AES-256-GCM with its number and whether it is the last as nonce, and the file's beginning as further
authenticated data: pieces that are altered, moved, left out or added, and an end that is cut off, are found.
"""

import base64
import hashlib
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from parley.db.keys import KEY_BYTES
from parley.kernel.errors import DomainError

MAGIC = b"parley sealed stream 1\n"
#: Of plain content, in every piece but the last.
PIECE_BYTES = 64 * 1024

#: How a public key is written, so that no other key is taken for one.
PUBLIC_PREFIX = "parley-public:"

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_TAG_BYTES = 16
_LENGTH = struct.Struct(">I")


class SealedFileError(DomainError):
    """The file cannot be used; nothing of it was."""

    code = "sealed-file"


def public_text(private_key: bytes) -> str:
    """Return the public half of a key as a line that may be sent to anybody."""
    public = X25519PrivateKey.from_private_bytes(private_key).public_key()
    return PUBLIC_PREFIX + base64.b64encode(public.public_bytes_raw()).decode()


def public_key(line: str) -> X25519PublicKey:
    """Return the key that ``public_text`` wrote. Raises SealedFileError."""
    try:
        raw = base64.b64decode(line.strip().removeprefix(PUBLIC_PREFIX), validate=True)
        if not line.strip().startswith(PUBLIC_PREFIX):
            raise ValueError(line)
        return X25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise SealedFileError(
            f"That is no public key: it begins with {PUBLIC_PREFIX} and `parley keys public FILE` prints it."
        ) from None


class Sealer:
    """Seals what is written to it; ``finish`` makes it whole."""

    def __init__(self, file: BinaryIO, receiver: X25519PublicKey) -> None:
        """Write the beginning, which only ``receiver`` opens, to ``file``."""
        key = os.urandom(KEY_BYTES)
        sealed_key = _SUITE.encrypt(key, receiver, MAGIC)
        head = MAGIC + _LENGTH.pack(len(sealed_key)) + sealed_key
        file.write(head)
        self._file, self._cipher, self._about = file, AESGCM(key), hashlib.sha256(head).digest()
        self._waiting, self._number = bytearray(), 0

    def write(self, plain: bytes) -> None:
        """Seal some more."""
        self._waiting += plain
        while len(self._waiting) > PIECE_BYTES:
            self._piece(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]

    def finish(self) -> None:
        """Seal the last piece, without which nothing of the file is taken."""
        self._piece(bytes(self._waiting), last=True)

    def _piece(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), plain, self._about)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def unsealed(file: BinaryIO, private_key: bytes) -> Iterator[bytes]:
    """Yield what was sealed, a piece at a time.

    Raises SealedFileError for a file of another kind, another's key, and anything altered, added or cut off; what was
    yielded before is to be thrown away then.
    """
    cipher, about = _begin(file, private_key)
    number, length = 0, file.read(_LENGTH.size)
    while True:
        sealed = _read(file, length)
        length = file.read(_LENGTH.size)
        last = not length
        try:
            yield cipher.decrypt(_nonce(number, last=last), sealed, about)
        except InvalidTag:
            raise SealedFileError(_what_is_wrong(cipher, number, sealed, about, last=last)) from None
        if last:
            return
        number += 1


def _begin(file: BinaryIO, private_key: bytes) -> tuple[AESGCM, bytes]:
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        raise SealedFileError("This is not a sealed export of Parley, or one of a newer kind.")
    length = file.read(_LENGTH.size)
    sealed_key = _read(file, length)
    try:
        key = _SUITE.decrypt(sealed_key, X25519PrivateKey.from_private_bytes(private_key), MAGIC)
    except InvalidTag:
        raise SealedFileError("This key does not open the file: it was sealed for another one.") from None
    return AESGCM(key), hashlib.sha256(magic + length + sealed_key).digest()


def _read(file: BinaryIO, length: bytes) -> bytes:
    if len(length) < _LENGTH.size:
        raise SealedFileError(_CUT_OFF)
    (size,) = _LENGTH.unpack(length)
    if not _TAG_BYTES <= size <= PIECE_BYTES + _TAG_BYTES:
        raise SealedFileError(_ALTERED)
    content = file.read(size)
    if len(content) < size:
        raise SealedFileError(_CUT_OFF)
    return content


_CUT_OFF = "The file ends before its end: it was not copied whole. Copy it again."
_ALTERED = "The file was altered after it was made. Get it anew, and ask how that came about."


def _what_is_wrong(cipher: AESGCM, number: int, sealed: bytes, about: bytes, *, last: bool) -> str:
    """Return whether an end was cut off right between two pieces, or something was altered."""
    try:
        cipher.decrypt(_nonce(number, last=not last), sealed, about)
    except InvalidTag:
        return _ALTERED
    return _CUT_OFF if last else _ALTERED


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])

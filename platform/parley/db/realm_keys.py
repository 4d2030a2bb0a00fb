"""Sealing and opening: a realm's data keys by version, of which the newest seals and each opens what it sealed.

A sealed value is, under the first version of a key: a byte 1, nonce, text. Under every later one: a byte 2, the
version in four bytes, nonce, text; byte and version are authenticated. A fingerprint is 32 bytes under the first
version, and begins with the same five bytes under every later one. So each says itself which version it needs, and
as long as no key was ever renewed nothing is written that older releases do not know.
"""

import dataclasses
import datetime as dt
import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parley.kernel.clock import Clock, SystemClock

NONCE_BYTES = 12
#: First byte of what the first version of a key sealed.
FIRST_FORMAT = b"\x01"
#: First byte of what a later version sealed or made a fingerprint with; its number follows.
LATER_FORMAT = b"\x02"
VERSION_BYTES = 4
#: How long the beginning is that names a later version.
HEADER_BYTES = len(LATER_FORMAT) + VERSION_BYTES
DIGEST_BYTES = hashlib.sha256().digest_size


class SealBrokenError(Exception):
    """A sealed value does not open: it was moved to another row, column, realm or version, or altered."""


class UnknownVersionError(SealBrokenError):
    """A sealed value names a version of its realm's key that is not at hand; it may be newer than these keys."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeyVersion:
    """One version of a realm's data key. ``seals_from``: when it begins to seal; None for one that always did."""

    key: bytes = dataclasses.field(repr=False)
    seals_from: dt.datetime | None = None


class RealmKeys:
    """The data keys of one realm: usually one, and two while one takes the other's place."""

    def __init__(self, versions: Mapping[int, KeyVersion], clock: Clock | None = None) -> None:
        """Take the keys by version, counted from 1. One of them at least seals by now."""
        self._clock = clock or SystemClock()
        self._versions = dict(sorted(versions.items(), reverse=True))
        self._ciphers = {version: AESGCM(one.key) for version, one in self._versions.items()}

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions at hand, the newest first."""
        return tuple(self._versions)

    @property
    def sealing(self) -> int:
        """The version that seals now: the newest whose time has come."""
        if len(self._versions) > 1:
            now = self._clock.now()
            return next(v for v, one in self._versions.items() if one.seals_from is None or one.seals_from <= now)
        return next(iter(self._versions))

    def key(self, version: int) -> bytes:
        """Return the key of ``version``, one of ``versions``: for carrying it elsewhere."""
        return self._versions[version].key

    def seal(self, context: str, plaintext: bytes) -> bytes:
        """Encrypt ``plaintext`` (AES-256-GCM); ``context`` names realm, column and row and must be given to open it."""
        version = self.sealing
        header, nonce = header_of(version), os.urandom(NONCE_BYTES)
        return header + nonce + self._ciphers[version].encrypt(nonce, plaintext, _authenticated(header, context))

    def open(self, context: str, sealed: bytes) -> bytes:
        """Open what ``seal`` made. Raises SealBrokenError when context or content differ.

        Raises UnknownVersionError for a version that is not at hand.
        """
        version = version_of(sealed)
        cipher = self._ciphers.get(version)
        if cipher is None:
            raise UnknownVersionError(f"{context} is sealed under version {version} of its key, which is not at hand")
        header = sealed[: len(header_of(version))]
        nonce, body = sealed[len(header) : len(header) + NONCE_BYTES], sealed[len(header) + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, _authenticated(header, context))
        except (InvalidTag, ValueError):
            raise SealBrokenError(f"the sealed value does not belong in {context}") from None

    def fingerprint(self, context: str, text: str) -> bytes:
        """Return a keyed fingerprint of ``text`` for exact search, under the version that seals now.

        Equal text and context, equal result, case and spaces aside; nothing else can be told from it.
        """
        return self._fingerprint(self.sealing, context, text)

    def fingerprints(self, context: str, text: str) -> list[bytes]:
        """Return what ``fingerprint`` returns or returned, under each version at hand, the newest first: to search."""
        return [self._fingerprint(version, context, text) for version in self._versions]

    def _fingerprint(self, version: int, context: str, text: str) -> bytes:
        index_key = hmac.digest(self.key(version), b"parley blind index", hashlib.sha256)
        folded = " ".join(text.casefold().split())
        digest = hmac.digest(index_key, f"{context}\x00{folded}".encode(), hashlib.sha256)
        return digest if version == 1 else header_of(version) + digest


def header_of(version: int) -> bytes:
    """Return how a value begins that ``version`` sealed."""
    return FIRST_FORMAT if version == 1 else LATER_FORMAT + version.to_bytes(VERSION_BYTES)


def version_of(sealed: bytes) -> int:
    """Return the version of its realm's key that sealed a value. Raises SealBrokenError for no sealed value at all."""
    if sealed[:1] == FIRST_FORMAT:
        return 1
    if sealed[:1] == LATER_FORMAT and len(sealed) > HEADER_BYTES:
        return int.from_bytes(sealed[1:HEADER_BYTES])
    raise SealBrokenError("the value is of no format that this release knows")


def _authenticated(header: bytes, context: str) -> bytes:
    """Return what is authenticated with a value: under the first version its context alone, as it always was."""
    return context.encode() if header == FIRST_FORMAT else header + context.encode()

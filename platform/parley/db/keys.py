"""Keys: each realm's data key, wrapped by a master key that never enters the database."""

import base64
import dataclasses
import enum
import hashlib
import hmac
import os
import pathlib
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from parley.db.kept_keys import KeptKeys

KEY_BYTES = 32
NONCE_BYTES = 12
#: First byte of every sealed value, so that the format can change without guessing.
FORMAT = b"\x01"


class KeyFileError(Exception):
    """A key file is missing or does not hold a key; the message says which and what to do."""


class SealBrokenError(Exception):
    """A sealed value does not open: it was moved to another row, column or realm, or altered."""


class Ring(enum.StrEnum):
    """Which kind of keys a set of master keys wraps. The two sets have no key in common."""

    MASTER = "master"
    """The data keys of councils, providers and the platform."""
    COMPARTMENT = "compartment"
    """The keys of cases, on the confidential side."""


@dataclasses.dataclass(frozen=True)
class WrappedKey:
    """A data key as the database holds it: wrapped (RFC 3394), and by which master key.

    ``by`` is that one's ``key_id``, or None for a key that was wrapped before keys said so.
    """

    wrapped: bytes
    by: str | None


class Vault:
    """Seals and opens personal text with the key of the realm it belongs to.

    It holds one master key, or several while one takes another's place: it opens what any of them wrapped. The
    authenticated data of every value names its realm, column and row, so ciphertext copied elsewhere never opens.
    """

    def __init__(self, *master_keys: bytes, read_again: Callable[[], tuple[bytes, ...]] | None = None) -> None:
        """Take the 32-byte master keys, the newest first.

        ``read_again`` returns them as they are by now. It is called when something is met that none of them wrapped,
        so that a process learns of a new key without being restarted. It may raise KeyFileError.
        """
        self._read_again = read_again
        self._master_keys = _by_id(master_keys)
        self._keys = KeptKeys()
        self._lock = threading.Lock()

    @classmethod
    def of_file(cls, path: pathlib.Path) -> Self:
        """Return the vault of the master keys in ``path``. Raises KeyFileError as ``read_master_keys`` does."""
        return cls(*read_master_keys(path), read_again=lambda: read_master_keys(path))

    @property
    def master_ids(self) -> tuple[str, ...]:
        """The ids of the master keys, the newest first, as they were when they were last read."""
        return tuple(self._master_keys)

    def holds(self, master_id: str) -> bool:
        """Tell whether the master key of that id is at hand, reading the key file again where it was not."""
        return master_id in self._master_keys or master_id in self._read_master_keys()

    def new_wrapped_key(self, by: str | None = None) -> WrappedKey:
        """Return a new data key, wrapped: what the tables data_key and case_key store. ``by`` as in ``wrap``."""
        return self.wrap(os.urandom(KEY_BYTES), by)

    def wrap(self, key: bytes, by: str | None = None) -> WrappedKey:
        """Return a data key, wrapped by the master key of that id; by the oldest at hand where none is named.

        Raises KeyFileError when that master key is not at hand.
        """
        by = by or self.master_ids[-1]
        if not self.holds(by):
            raise KeyFileError(_not_at_hand(by, "is the one that wraps keys now"))
        return WrappedKey(aes_key_wrap(self._master_keys[by], key), by)

    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """Return the data key. Raises KeyFileError when no master key at hand opens it."""
        if wrapped.by is not None:
            if not self.holds(wrapped.by):
                raise KeyFileError(_not_at_hand(wrapped.by, "wrapped it"))
            candidates = {wrapped.by: self._master_keys[wrapped.by]}
        else:
            candidates = dict(self._master_keys)
        for master_key in candidates.values():
            try:
                return aes_key_unwrap(master_key, wrapped.wrapped)
            except InvalidUnwrap:
                continue
        raise KeyFileError(f"no master key of this process opens it; tried: {', '.join(candidates)}")

    def key(self, realm_id: uuid.UUID, load_wrapped: Callable[[], WrappedKey]) -> bytes:
        """Return the realm's data key, unwrapping what ``load_wrapped`` returns the first time, and now and then again.

        Raises KeyFileError when no master key at hand wrapped it.
        """
        with self._lock:
            known = self._keys.get(realm_id)
        if known is not None:
            return known
        try:
            key = self.unwrap(load_wrapped())
        except KeyFileError as error:
            raise KeyFileError(f"the data key of realm {realm_id} cannot be opened: {error}") from None
        with self._lock:
            self._keys[realm_id] = key
        return key

    def forget(self, realm_id: uuid.UUID) -> None:
        """Drop the realm's unwrapped key from memory."""
        with self._lock:
            self._keys.forget(realm_id)

    def _read_master_keys(self) -> Mapping[str, bytes]:
        """Return the master keys as they are now, and use them from here on."""
        if self._read_again is not None:
            self._master_keys = _by_id(self._read_again())
        return self._master_keys


def key_id(key: bytes) -> str:
    """Return the short name of a master key: eight hexadecimal digits, which tell nothing of the key itself."""
    return hmac.digest(key, b"parley key id", hashlib.sha256)[:4].hex()


def _by_id(master_keys: tuple[bytes, ...]) -> Mapping[str, bytes]:
    return {key_id(key): key for key in master_keys}


def _not_at_hand(master_id: str, what: str) -> str:
    return (
        f"master key {master_id} {what}, and this process does not have it: is it in the key file on this machine? "
        "`parley doctor` says which are"
    )


def seal(key: bytes, context: str, plaintext: bytes) -> bytes:
    """Encrypt ``plaintext`` (AES-256-GCM); ``context`` names realm, column and row and must be given to open it."""
    return sealer(key)(context, plaintext)


def sealer(key: bytes) -> Callable[[str, bytes], bytes]:
    """Return what seals many values under one key, given each one's context; as ``seal``."""
    cipher = AESGCM(key)

    def sealed(context: str, plaintext: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + cipher.encrypt(nonce, plaintext, context.encode())

    return sealed


def unseal(key: bytes, context: str, sealed: bytes) -> bytes:
    """Open what ``seal`` made. Raises SealBrokenError when key, context or content differ."""
    return unsealer(key)(context, sealed)


def unsealer(key: bytes) -> Callable[[str, bytes], bytes]:
    """Return what opens many values sealed under one key, given each one's context; as ``unseal``."""
    cipher = AESGCM(key)

    def opened(context: str, sealed: bytes) -> bytes:
        if sealed[:1] != FORMAT:
            raise SealBrokenError(f"unknown format in {context}")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, context.encode())
        except InvalidTag:
            raise SealBrokenError(f"the sealed value does not belong in {context}") from None

    return opened


def blind_index(key: bytes, context: str, text: str) -> bytes:
    """Return a keyed fingerprint of ``text`` for exact search: equal text and context, equal result; nothing else."""
    index_key = hmac.digest(key, b"parley blind index", hashlib.sha256)
    folded = " ".join(text.casefold().split())
    return hmac.digest(index_key, f"{context}\x00{folded}".encode(), hashlib.sha256)


def new_key_text() -> str:
    """Return a new random key as a key file holds it: one line of base64."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n"


def read_key_file(path: pathlib.Path) -> bytes:
    """Return the one 32-byte key in ``path``. Raises KeyFileError saying what is wrong and how to make one."""
    keys = read_master_keys(path)
    if len(keys) != 1:
        raise KeyFileError(f"{path}: holds {len(keys)} keys; there is room for one.")
    return keys[0]


def read_master_keys(path: pathlib.Path) -> tuple[bytes, ...]:
    """Return the 32-byte keys in ``path``, one in each line, in that order.

    Raises KeyFileError saying what is wrong and how to make one.
    """
    try:
        lines = path.read_text(encoding="ascii").split()
        keys = tuple(base64.b64decode(line, validate=True) for line in lines)
    except FileNotFoundError:
        raise KeyFileError(f"{path}: there is no key file. Make one with `parley keys new {path}`.") from None
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{path}: cannot be read as a key ({error}).") from None
    if not keys:
        raise KeyFileError(f"{path}: holds no key. Make one with `parley keys new {path}.new` and put it there.")
    for number, key in enumerate(keys, 1):
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"{path}: line {number} holds {len(key)} bytes; a key is {KEY_BYTES} bytes in base64.")
    if len({key_id(key) for key in keys}) != len(keys):
        raise KeyFileError(f"{path}: holds the same key twice. Take one of the lines away.")
    return keys

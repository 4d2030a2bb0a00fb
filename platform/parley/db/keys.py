"""Keys: each realm's data key, wrapped by a master key that never enters the database."""

import base64
import dataclasses
import datetime as dt
import enum
import hashlib
import hmac
import os
import pathlib
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Self

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from parley.db.kept_keys import KeptKeys
from parley.db.realm_keys import KeyVersion, RealmKeys

KEY_BYTES = 32


class KeyFileError(Exception):
    """A key file is missing or does not hold a key; the message says which and what to do."""


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class WrappedVersion:
    """One version of a realm's data key as the database holds it; ``seals_from`` as in KeyVersion."""

    wrapped: WrappedKey
    seals_from: dt.datetime | None = None


class Vault:
    """Opens the data keys of realms.

    It holds one master key, or several while one takes another's place: it opens what any of them wrapped.
    """

    def __init__(self, *master_keys: bytes, read_again: Callable[[], tuple[bytes, ...]] | None = None) -> None:
        """Take the 32-byte master keys, the newest first.

        ``read_again`` returns them as they are by now. It is called when something is met that none of them wrapped,
        so that a process learns of a new key without being restarted. It may raise KeyFileError.
        """
        self._read_again = read_again
        self._master_keys = _by_id(master_keys)
        self._keys: KeptKeys[RealmKeys] = KeptKeys()
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

    def keys_of(self, realm_id: uuid.UUID, load: Callable[[], Mapping[int, WrappedVersion]]) -> RealmKeys:
        """Return the realm's data keys, unwrapping what ``load`` returns the first time, and now and then again.

        Raises KeyFileError when no master key at hand wrapped one of them.
        """
        with self._lock:
            known = self._keys.get(realm_id)
        if known is not None:
            return known
        try:
            keys = RealmKeys(
                {
                    version: KeyVersion(key=self.unwrap(one.wrapped), seals_from=one.seals_from)
                    for version, one in load().items()
                }
            )
        except KeyFileError as error:
            raise KeyFileError(f"the data key of realm {realm_id} cannot be opened: {error}") from None
        with self._lock:
            self._keys[realm_id] = keys
        return keys

    def forget(self, realm_id: uuid.UUID) -> None:
        """Drop the realm's unwrapped keys from memory."""
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

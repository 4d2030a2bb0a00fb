"""Keys: each realm's data key, wrapped by a master key that never enters the database."""

import base64
import hashlib
import hmac
import os
import pathlib
import threading
import uuid
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32
NONCE_BYTES = 12
#: First byte of every sealed value, so that the format can change without guessing.
FORMAT = b"\x01"


class KeyFileError(Exception):
    """A key file is missing or does not hold a key; the message says which and what to do."""


class SealBrokenError(Exception):
    """A sealed value does not open: it was moved to another row, column or realm, or altered."""


class Vault:
    """Seals and opens personal text with the key of the realm it belongs to.

    The authenticated data of every value names its realm, column and row, so ciphertext copied elsewhere never opens.
    """

    def __init__(self, master_key: bytes) -> None:
        """Take the 32-byte master key that wraps the realms' data keys."""
        self._master_key = master_key
        self._keys: dict[uuid.UUID, bytes] = {}
        self._lock = threading.Lock()

    def new_wrapped_key(self) -> bytes:
        """Return a new data key, wrapped (RFC 3394): what the table data_key stores."""
        return aes_key_wrap(self._master_key, os.urandom(KEY_BYTES))

    def wrapped(self, key: bytes) -> bytes:
        """Return a data key that came from elsewhere, wrapped."""
        return aes_key_wrap(self._master_key, key)

    def key(self, realm_id: uuid.UUID, load_wrapped: Callable[[], bytes]) -> bytes:
        """Return the realm's data key, unwrapping what ``load_wrapped`` returns the first time.

        Raises KeyFileError when the master key is not the one that wrapped it.
        """
        with self._lock:
            known = self._keys.get(realm_id)
        if known is not None:
            return known
        try:
            key = aes_key_unwrap(self._master_key, load_wrapped())
        except InvalidUnwrap:
            raise KeyFileError(
                f"the master key does not open the data key of realm {realm_id}: "
                "is PARLEY_MASTER_KEY_FILE the right one?"
            ) from None
        with self._lock:
            self._keys[realm_id] = key
        return key

    def forget(self, realm_id: uuid.UUID) -> None:
        """Drop the realm's unwrapped key from memory."""
        with self._lock:
            self._keys.pop(realm_id, None)


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
    """Return the 32-byte key in ``path``. Raises KeyFileError saying what is wrong and how to make one."""
    try:
        key = base64.b64decode(path.read_text(encoding="ascii"), validate=False)
    except FileNotFoundError:
        raise KeyFileError(f"{path}: there is no key file. Make one with `parley keys new {path}`.") from None
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{path}: cannot be read as a key ({error}).") from None
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"{path}: holds {len(key)} bytes; a key is {KEY_BYTES} bytes in base64.")
    return key

"""Personal text in the database: ciphertext in the column, plain text on the object."""

import uuid
from collections.abc import Callable
from typing import Any, overload

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from parley.db.keys import KeyFileError, Vault, WrappedKey, WrappedVersion
from parley.db.models import CaseKey, DataKey
from parley.db.realm_keys import RealmKeys, UnknownVersionError
from parley.db.scope import CONFIDENTIAL

#: Opens one column of many rows, given a row's id (or its text) and ciphertext; no ciphertext reads as "".
Opener = Callable[[uuid.UUID | str, bytes | None], str]

_PENDING = "_sealed_pending"


class SealedText:
    """A text attribute kept as ciphertext in the ``LargeBinary`` column named ``<attribute>_sealed``.

    Reads and writes ``str``; an empty column reads as "". The owner of the key is the realm in the model's
    ``authority_id`` (or the attribute named by ``realm``); the row is the model's ``id`` (or ``row``).
    """

    def __init__(self, *, realm: str = "authority_id", row: str = "id") -> None:
        """Name the attributes that hold the realm whose key seals the text, and the row it belongs to."""
        self.realm = realm
        self.row = row
        self._owner: Any = None
        self._column = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the attribute's own name, and so its column's."""
        self._owner = owner
        self._column = f"{name}_sealed"

    @property
    def column(self) -> str:
        """The name of the column with the ciphertext."""
        return self._column

    def context(self, realm_id: uuid.UUID, row_id: uuid.UUID) -> str:
        """Return what is authenticated with the text of a row: its realm, column and row."""
        return f"{self._where(realm_id, self._owner)}|{row_id}"

    @overload
    def __get__(self, instance: None, owner: type) -> "SealedText": ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...
    def __get__(self, instance: object | None, owner: type) -> "SealedText | str":
        """Open the text. Raises SealBrokenError when the ciphertext was moved or altered."""
        if instance is None:
            return self
        pending = instance.__dict__.get(_PENDING, {})
        if self._column in pending:
            return str(pending[self._column][1])
        sealed = getattr(instance, self._column)
        if sealed is None:
            return ""
        realm_id, context = self._context(instance)
        return unsealer(_session_of(instance), realm_id)(context, sealed).decode()

    def __set__(self, instance: object, value: str | None) -> None:
        """Seal the text now, or, for an object that no session knows yet, when it is first written."""
        session = object_session(instance)
        if session is None:
            instance.__dict__.setdefault(_PENDING, {})[self._column] = (self, value or "")
            return
        self.write(session, instance, value or "")

    def opener(self, session: Session, realm_id: uuid.UUID) -> Opener:
        """Return what opens this column of the realm's rows, given a row's id and ciphertext.

        For lists, which read the few columns that they show and make no objects. What it returns raises SealBrokenError
        for ciphertext that does not belong in that row.
        """
        unseal, where = unsealer(session, realm_id), self._where(realm_id, self._owner)

        def opened(row_id: uuid.UUID | str, sealed: bytes | None) -> str:
            return "" if sealed is None else unseal(f"{where}|{row_id}", sealed).decode()

        return opened

    def sealer(self, session: Session, realm_id: uuid.UUID) -> Callable[[uuid.UUID | str, str], bytes]:
        """Return what seals texts of this column for the realm's rows, given a row's id: for rows written as SQL."""
        keys, where = realm_keys(session, realm_id), self._where(realm_id, self._owner)
        return lambda row_id, value: keys.seal(f"{where}|{row_id}", value.encode())

    def write(self, session: Session, instance: object, value: str) -> None:
        """Put the ciphertext of ``value`` into the column."""
        if not value:
            setattr(instance, self._column, None)
            return
        realm_id, context = self._context(instance)
        setattr(instance, self._column, realm_keys(session, realm_id).seal(context, value.encode()))

    def _context(self, instance: Any) -> tuple[uuid.UUID, str]:
        realm_id: uuid.UUID = getattr(instance, self.realm)
        return realm_id, f"{self._where(realm_id, instance)}|{getattr(instance, self.row)}"

    def _where(self, realm_id: uuid.UUID, owner: Any) -> str:
        return f"{realm_id}|{owner.__tablename__}.{self._column}"


def realm_keys(session: Session, realm_id: uuid.UUID) -> RealmKeys:
    """Return the realm's data keys; in the compartment, where a case is its own realm, the case's.

    Raises KeyFileError when they are gone or no master key at hand opens one of them.
    """
    in_compartment = session.info["scope"].login in CONFIDENTIAL

    def load() -> dict[int, WrappedVersion]:
        model, whose = (CaseKey, CaseKey.case_id) if in_compartment else (DataKey, DataKey.realm_id)
        asked = select(model.version, model.wrapped, model.wrapped_by, model.seals_from).where(whose == realm_id)
        # Sealing happens within a flush, which a query must not start again.
        with session.no_autoflush:
            found = session.execute(asked).all()
        if not found:
            raise KeyFileError("it is gone, and with it what was sealed under it")
        return {
            version: WrappedVersion(wrapped=WrappedKey(wrapped, by), seals_from=seals_from)
            for version, wrapped, by, seals_from in found
        }

    vault: Vault = session.info["vault"]
    return vault.keys_of(realm_id, load)


def unsealer(session: Session, realm_id: uuid.UUID) -> Callable[[str, bytes], bytes]:
    """Return what opens values of the realm, given each one's context; it raises SealBrokenError as RealmKeys does.

    Where it meets a version of the key that this process does not know, it asks the database for it.
    """
    keys = realm_keys(session, realm_id)

    def opened(context: str, sealed: bytes) -> bytes:
        nonlocal keys
        try:
            return keys.open(context, sealed)
        except UnknownVersionError:
            session.info["vault"].forget(realm_id)
            keys = realm_keys(session, realm_id)
            return keys.open(context, sealed)

    return opened


def search_fingerprint(session: Session, realm_id: uuid.UUID, column: str, text: str) -> bytes:
    """Return the blind index of ``text`` in ``column`` (``table.column``) under the realm's key, to be stored."""
    return realm_keys(session, realm_id).fingerprint(column, text)


def search_fingerprints(session: Session, realm_id: uuid.UUID, column: str, text: str) -> list[bytes]:
    """Return every blind index under which rows with ``text`` in ``column`` may be stored now, for exact search."""
    return realm_keys(session, realm_id).fingerprints(column, text)


def is_fingerprint(session: Session, realm_id: uuid.UUID, column: str, text: str, stored: bytes | None) -> bool:
    """Tell whether ``stored`` is the blind index of ``text`` in ``column``, under whichever version of the key."""
    return stored is not None and stored in search_fingerprints(session, realm_id, column, text)


def _session_of(instance: object) -> Session:
    session = object_session(instance)
    if session is None:
        raise RuntimeError("sealed text is read while its session is open")
    return session


def seal_pending(session: Session) -> None:
    """Seal what new objects were given before the session knew them. May ask the database for a realm's key."""
    for instance in session.new:
        for descriptor, value in instance.__dict__.pop(_PENDING, {}).values():
            descriptor.write(session, instance, value)

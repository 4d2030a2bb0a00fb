"""Personal text in the database: ciphertext in the column, plain text on the object."""

import uuid
from collections.abc import Callable
from typing import Any, overload

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from parley.db import keys
from parley.db.models import CaseKey, DataKey
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
        session = _session_of(instance)
        realm_id, context = self._context(instance)
        return keys.unseal(realm_key(session, realm_id), context, sealed).decode()

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
        unseal, where = keys.unsealer(realm_key(session, realm_id)), self._where(realm_id, self._owner)

        def opened(row_id: uuid.UUID | str, sealed: bytes | None) -> str:
            return "" if sealed is None else unseal(f"{where}|{row_id}", sealed).decode()

        return opened

    def sealer(self, session: Session, realm_id: uuid.UUID) -> Callable[[uuid.UUID | str, str], bytes]:
        """Return what seals texts of this column for the realm's rows, given a row's id: for rows written as SQL."""
        seal, where = keys.sealer(realm_key(session, realm_id)), self._where(realm_id, self._owner)
        return lambda row_id, value: seal(f"{where}|{row_id}", value.encode())

    def write(self, session: Session, instance: object, value: str) -> None:
        """Put the ciphertext of ``value`` into the column."""
        if not value:
            setattr(instance, self._column, None)
            return
        realm_id, context = self._context(instance)
        setattr(instance, self._column, keys.seal(realm_key(session, realm_id), context, value.encode()))

    def _context(self, instance: Any) -> tuple[uuid.UUID, str]:
        realm_id: uuid.UUID = getattr(instance, self.realm)
        return realm_id, f"{self._where(realm_id, instance)}|{getattr(instance, self.row)}"

    def _where(self, realm_id: uuid.UUID, owner: Any) -> str:
        return f"{realm_id}|{owner.__tablename__}.{self._column}"


def realm_key(session: Session, realm_id: uuid.UUID) -> bytes:
    """Return the realm's data key; in the compartment, where a case is its own realm, the case's key.

    Raises KeyFileError when it is gone or no master key at hand opens it.
    """
    in_compartment = session.info["scope"].login in CONFIDENTIAL

    def load() -> keys.WrappedKey:
        key = select(DataKey.wrapped, DataKey.wrapped_by).where(DataKey.realm_id == realm_id)
        if in_compartment:
            key = select(CaseKey.wrapped, CaseKey.wrapped_by).where(CaseKey.case_id == realm_id)
        # Sealing happens within a flush, which a query must not start again.
        with session.no_autoflush:
            found = session.execute(key).first()
        if found is None:
            raise keys.KeyFileError("it is gone, and with it what was sealed under it")
        return keys.WrappedKey(*found)

    vault: keys.Vault = session.info["vault"]
    return vault.key(realm_id, load)


def search_fingerprint(session: Session, realm_id: uuid.UUID, column: str, text: str) -> bytes:
    """Return the blind index of ``text`` in ``column`` (``table.column``) under the realm's key, for exact search."""
    return keys.blind_index(realm_key(session, realm_id), column, text)


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

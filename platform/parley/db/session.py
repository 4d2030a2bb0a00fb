"""Sessions: one transaction at a time, and never without a scope."""

import contextlib
import copy
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session, SessionTransaction

from parley.db.connections import connect_arguments, keep_prepared
from parley.db.events import Subscriptions
from parley.db.held_back import hold_back, one_round_trip
from parley.db.keys import Ring, Vault
from parley.db.reading import Question
from parley.db.scope import CONFIDENTIAL, Login, Scope
from parley.db.sealed import seal_pending
from parley.db.straight import Sent, straight

#: Pages name the session's type, and need nothing else of SQLAlchemy.
__all__ = [
    "UNAVAILABLE",
    "Database",
    "LoginUnavailableError",
    "ScopeMissingError",
    "Session",
    "engine_for",
    "psycopg_url",
    "scope_of",
]

#: A page that takes longer than this is broken; the limit keeps one query from holding a connection for ever.
STATEMENT_TIMEOUT = "15s"

#: Where a session keeps what its first transaction asks at once, and what the answer was.
_QUESTION, _ANSWER = "question", "answer"

#: What is raised when PostgreSQL cannot be reached, is being restarted, or has no connection or time left for this.
UNAVAILABLE: tuple[type[Exception], ...] = (OperationalError, InterfaceError, NoConnectionLeft)


class ScopeMissingError(RuntimeError):
    """A transaction was about to begin without saying whose rows it may see."""


class LoginUnavailableError(RuntimeError):
    """This process was not handed the address of that database login, and must not need it."""


class _ScopedSession(Session):
    """A session that begins no transaction without its scope, and writes what is new in one round trip."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is new or was changed, its personal text sealed. Raises what SQLAlchemy's own does.

        Of rows that are changed or deleted SQLAlchemy wants to know how many there were, each by itself.
        """
        seal_pending(self)
        if not self.new or self.dirty or self.deleted:
            super().flush(objects)
            return
        with one_round_trip(self.connection()):
            super().flush(objects)


class Database:
    """The engines of the logins this process holds, and the vaults that open sealed columns."""

    def __init__(self, engines: Mapping[str, Engine], vault: Vault, compartment_vault: Vault | None = None) -> None:
        """Take one engine per login value (see ``Login``); logins left out cannot be used.

        ``compartment_vault`` opens the compartment's case keys; a process without that login needs none.
        """
        self._engines = dict(engines)
        for engine in self._engines.values():
            keep_prepared(engine)
            hold_back(engine)
        self.vault = vault
        self.vaults = {Ring.MASTER: vault}
        if compartment_vault is not None:
            self.vaults[Ring.COMPARTMENT] = compartment_vault
        self.subscriptions = Subscriptions()

    @contextlib.contextmanager
    def begin(self, scope: Scope) -> Iterator[Session]:
        """Open a session as ``session`` does, for a block; roll back what is not committed at its end."""
        session = self.session(scope)
        try:
            yield session
        finally:
            session.close()

    def session(self, scope: Scope) -> Session:
        """Return a session whose every transaction carries ``scope``, the first one begun; the caller closes it.

        Raises LoginUnavailableError when this process does not hold the scope's login.
        """
        return self._begun(scope)

    def session_asking(self, question: Question, scope: Scope) -> tuple[Session, list[Any]]:
        """Return what ``session`` does, and the rows that answer ``question``, asked in the same round trip.

        Raises what ``session`` does, and what asking does.
        """
        session = self._begun(scope, question)
        return session, session.info.pop(_ANSWER)

    def _begun(self, scope: Scope, question: Question | None = None) -> Session:
        """Return a session whose first transaction has begun, and has answered ``question``.

        A connection that the server dropped while it lay in the pool is replaced before anything was done with it.
        """
        engine = self._engines.get(scope.login)
        if engine is None:
            raise LoginUnavailableError(f"this process was not given the database login {scope.login.value!r}")
        vault = self.vaults.get(Ring.COMPARTMENT if scope.login in CONFIDENTIAL else Ring.MASTER)
        if vault is None:
            raise LoginUnavailableError("this process was not given the compartment's key")
        if scope.snapshot:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        info = {"scope": scope, "vault": vault, "subscriptions": self.subscriptions, _QUESTION: question}
        session = _ScopedSession(engine, expire_on_commit=False, info=info)
        try:
            _connect(session)
        except BaseException:
            session.close()
            raise
        return session

    def engine(self, login: Login) -> Engine:
        """Return the engine of ``login`` (for health checks and metrics only)."""
        if login not in self._engines:
            raise LoginUnavailableError(f"this process was not given the database login {login.value!r}")
        return self._engines[login]

    def without_news(self) -> "Database":
        """Return the same database, in which nobody hears of what happens: for putting in what is long over."""
        quiet = copy.copy(self)
        quiet.subscriptions = Subscriptions()
        return quiet

    def answers(self, login: Login) -> bool:
        """Tell whether ``login`` reaches a database that was prepared. Raises LoginUnavailableError."""
        try:
            with self.engine(login).connect() as connection:
                connection.execute(text("SELECT 1 FROM local_authority LIMIT 1"))
        except SQLAlchemyError:
            return False
        return True

    def dispose(self) -> None:
        """Close every pooled connection."""
        for engine in self._engines.values():
            engine.dispose()


def scope_of(session: Session) -> Scope:
    """Return the scope that ``session`` was opened with. Raises ScopeMissingError when there is none."""
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise ScopeMissingError("open sessions through Database.begin(scope)")
    return scope


def engine_for(url: str, *, pool_size: int = 5, pooled: bool = False) -> Engine:
    """Return an engine for a ``postgresql://`` address; ``pooled`` as in ``connect_arguments``."""
    return create_engine(
        psycopg_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        connect_args=connect_arguments(pooled=pooled),
    )


def psycopg_url(url: str) -> str:
    """Return ``url`` with psycopg 3 named as its driver."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


def _connect(session: Session) -> None:
    try:
        session.connection()
    except OperationalError as error:
        if not error.connection_invalidated:
            raise
        session.rollback()
        session.connection()


def _apply_scope(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    settings = scope_of(session).settings() | {"statement_timeout": STATEMENT_TIMEOUT}
    if connection.in_nested_transaction():
        return
    scope = Sent(_setting(tuple(settings)), tuple(settings.values()))
    question: Question | None = session.info.get(_QUESTION)
    if question is None:
        straight(connection, scope)
        return
    _, answer = straight(connection, scope, question.sent(connection.dialect))
    session.info[_ANSWER] = question.read(answer, connection.dialect)
    # A transaction that this session begins later has a scope to set, and nothing to ask.
    session.info[_QUESTION] = None


@functools.cache
def _setting(names: tuple[str, ...]) -> bytes:
    """Return SQL that sets these settings until the transaction ends, all of them in one round trip."""
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in names)
    return f"SELECT {calls}".encode()


event.listen(_ScopedSession, "after_begin", _apply_scope)

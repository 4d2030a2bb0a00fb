"""Connections that stay quick: what PostgreSQL has planned once is not planned again for every page."""

from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event


def connect_arguments(*, pooled: bool) -> dict[str, Any]:
    """Return what psycopg is told when it connects.

    With ``pooled`` there is a pooler in transaction mode in between: what was prepared in one transaction is not there
    in the next, which another connection of the pooler's serves, or stands there under a name that somebody else took.
    So nothing is prepared. Whatever else a session would carry over does not exist: the scope and the time limit are
    set for a transaction alone (db/session.py).
    """
    return {"prepare_threshold": None} if pooled else {}


class LastingConnection(psycopg.Connection[Any]):
    """A connection whose prepared statements outlast a rollback.

    psycopg forgets them all after each one, in case the rollback took back a table that they name. Pages, jobs and
    commands make no tables, and a page that only reads ends with a rollback: every statement of every such page would
    be planned anew, which takes PostgreSQL longer than answering it. After an error they are forgotten, as is usual.
    """

    def rollback(self) -> None:
        """Take back what the transaction did, if one is open. Raises OperationalError when the connection is lost."""
        status = self.pgconn.transaction_status
        if status == TransactionStatus.IDLE:
            return
        if status == TransactionStatus.INERROR:
            # What was sent in one round trip with what failed, and after it, was never prepared.
            super().rollback()
            return
        with self.lock:
            result = self.pgconn.exec_(b"ROLLBACK")
            if result.status != ExecStatus.COMMAND_OK:
                raise psycopg.OperationalError(f"the rollback failed: {result.get_error_message()}")


def keep_prepared(engine: Engine) -> None:
    """Have ``engine`` open lasting connections."""
    event.listen(engine, "do_connect", _connect)


def _connect(_dialect: Any, _record: Any, cargs: tuple[Any, ...], cparams: dict[str, Any]) -> LastingConnection:
    return LastingConnection.connect(*cargs, **cparams)

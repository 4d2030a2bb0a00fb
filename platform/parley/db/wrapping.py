"""Which master key wraps new keys, the one that was adopted last; and holding a realm's key as it is for a while.

A process that has a new master key in its file may be the first one to: what it wrapped with it, others could not open.
So the database says which key wraps, and whoever wraps one holds that still until it is stored.
"""

import os
import uuid

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from parley.db.keys import KEY_BYTES, Ring, Vault, WrappedKey
from parley.db.models import DataKey, KeyAdoption
from parley.db.scope import CONFIDENTIAL
from parley.db.session import scope_of
from parley.kernel.errors import Conflict

#: What those who wrap keys of a ring share, and who adopts another master key for it has alone.
_LOCKS = {Ring.MASTER: 0x7061726C01, Ring.COMPARTMENT: 0x7061726C02}

#: What those share who need a realm's key to stay the one it is, and who renews it has alone for a moment.
_OF_REALM = "(hashtextextended('parley.data_key ' || :realm, 0))"


def wrap_new(session: Session, key: bytes | None = None) -> WrappedKey:
    """Return a new data key (or ``key``, which came from elsewhere), wrapped, to be stored in this transaction.

    In the compartment it is a case's, elsewhere a realm's. Raises KeyFileError when the master key that wraps such keys
    now is not at hand.
    """
    ring = Ring.COMPARTMENT if scope_of(session).login in CONFIDENTIAL else Ring.MASTER
    vault: Vault = session.info["vault"]
    # Whose key it is to be may be half made in the session.
    with session.no_autoflush:
        # By itself, before the question: what a statement sees is settled before it waits.
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": _LOCKS[ring]})
        return vault.wrap(key or os.urandom(KEY_BYTES), adopted(session, ring))


def adopted(session: Session, ring: Ring) -> str | None:
    """Return the id of the master key that wraps keys of ``ring`` now; None where none was ever adopted."""
    return session.scalar(
        select(KeyAdoption.master_id).where(KeyAdoption.ring == ring).order_by(KeyAdoption.adopted_at.desc()).limit(1)
    )


def wait_for_wrappers(session: Session, ring: Ring, *, at_most: str) -> None:
    """Wait until nobody else has a key of ``ring`` in hand, and have them wait until this transaction ends.

    ``at_most`` is a time such as "2s", after which sqlalchemy's OperationalError is raised.
    """
    session.execute(text("SELECT set_config('lock_timeout', :at_most, true)"), {"at_most": at_most})
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCKS[ring]})


def hold_data_key(session: Session, realm_id: uuid.UUID) -> None:
    """Have nobody begin to renew the realm's data key before this transaction ends.

    Raises Conflict while it is being renewed.
    """
    session.execute(text(f"SELECT pg_advisory_xact_lock_shared{_OF_REALM}"), {"realm": str(realm_id)})
    if len(versions_of(session, realm_id)) > 1:
        raise Conflict(
            "Its data key is being renewed: `parley keys status` says how far that is. Do this when it is over.",
            code="key-renewed",
        )


def take_data_key(session: Session, realm_id: uuid.UUID) -> bool:
    """Tell whether nobody holds the realm's data key as it is; if so, nobody does until this transaction ends."""
    taken = text(f"SELECT pg_try_advisory_xact_lock{_OF_REALM}")
    return bool(session.scalar(taken, {"realm": str(realm_id)}))


def versions_of(session: Session, realm_id: uuid.UUID) -> list[int]:
    """Return the versions of the realm's data key that there are, the oldest first."""
    return list(session.scalars(select(DataKey.version).where(DataKey.realm_id == realm_id).order_by(DataKey.version)))

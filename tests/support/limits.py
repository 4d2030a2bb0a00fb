"""Trying something in a process of its own, to see that limits hold over all of them."""

import datetime as dt
import uuid

from parley.db.keys import Vault
from parley.db.scope import authority_scope
from parley.db.session import Database, engine_for
from parley.identity.domain import Limited
from parley.identity.limits import within_limit
from support.factories import MASTER_KEY


def allowed_tries(app_url: str, realm_id: uuid.UUID, times: int, at: dt.datetime) -> int:
    """Ask for ``times`` links to one mailbox over ``app_url``; return how often that was allowed."""
    engine = engine_for(app_url)
    database = Database({"app": engine}, Vault(MASTER_KEY))
    allowed = 0
    for _ in range(times):
        with database.begin(authority_scope(realm_id)) as session:
            allowed += within_limit(
                session, realm_id=realm_id, what=Limited.LINK_BY_MAILBOX, of="parent@family.invalid", at=at
            )
            session.commit()
    engine.dispose()
    return allowed

"""Clearing sign-ins away that are over, and people whom nothing knows any more."""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from parley.identity import limits
from parley.identity.models import Identity, Membership, OneTimeLink, Passkey, SignInAttempt, SignInSession

#: How long what is over stays, so that a question about it can still be answered.
SESSIONS_KEPT = dt.timedelta(days=30)
ATTEMPTS_KEPT = dt.timedelta(days=1)


def clear(session: Session, realm_id: uuid.UUID, at: dt.datetime) -> None:
    """Delete one realm's sessions, attempts, links, memberships and counts that are over. Commits."""
    attempts_before, sessions_before = at - ATTEMPTS_KEPT, at - SESSIONS_KEPT
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.realm_id == realm_id, SignInAttempt.expires_at < attempts_before)
    )
    session.execute(
        delete(OneTimeLink).where(OneTimeLink.realm_id == realm_id, OneTimeLink.expires_at < attempts_before)
    )
    session.execute(
        delete(SignInSession).where(
            SignInSession.realm_id == realm_id,
            or_(SignInSession.expires_at < sessions_before, SignInSession.ended_at < sessions_before),
        )
    )
    for table in (Membership, Passkey):
        session.execute(delete(table).where(table.realm_id == realm_id, table.ended_at < sessions_before))
    limits.forget_past(session, realm_id, at)
    session.commit()


def delete_people(session: Session, realm_id: uuid.UUID, ids: Collection[uuid.UUID]) -> int:
    """Delete those of ``ids`` whom nothing knows any more, in the scope of disposal; return how many went.

    In the caller's transaction. The database passes over whoever is in a case, writes a request or is signed in.
    """
    gone = session.execute(
        delete(Identity).where(Identity.realm_id == realm_id, Identity.id.in_(ids)).returning(Identity.id)
    )
    return len(gone.all())


def delete_identities(session: Session, realm_id: uuid.UUID) -> None:
    """Delete everybody who signed in to a council that is tried out, in the scope of disposal. Commits.

    Their sessions have to be gone before.
    """
    session.execute(delete(Identity).where(Identity.realm_id == realm_id))
    session.commit()

"""Writing audit events, in the caller's transaction."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit.models import AuditEvent
from parley.db.writing import Writing, write
from parley.kernel.ids import new_id

#: An action reads ``subject.verb``; a code is a word of ours, a number or an id, never something a person typed.
ACTION = re.compile(r"^[a-z_]+\.[a-z_]+$")
CODE = re.compile(r"^[A-Za-z0-9_.:+/-]{0,80}$")

_EVENT = Writing(AuditEvent)


def record(
    session: Session,
    *,
    at: dt.datetime,
    actor: Actor,
    action: str,
    realm_id: uuid.UUID,
    subject_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    codes: Mapping[str, str | int | bool] | None = None,
) -> None:
    """Record that ``actor`` did ``action`` ("case.send") to ``subject_id`` in ``realm_id`` at ``at`` (UTC).

    Written in the caller's transaction, so that what happened and its record stand or fall together. ``codes`` may
    hold ids, numbers and words of ours. Raises ValueError for anything that could be a person's own text.
    """
    if not ACTION.match(action):
        raise ValueError(f"audit action {action!r} is not of the form subject.verb")
    for key, value in (codes or {}).items():
        if not CODE.match(str(value)):
            raise ValueError(f"audit code {key!r} of {action} is not a code; personal data has no place in the audit")
    event = {
        "realm_id": realm_id,
        "id": new_id(),
        "at": at,
        "action": action,
        "actor_kind": actor.kind,
        "actor_realm_kind": actor.realm.kind,
        "actor_realm_id": actor.realm.id,
        "actor_id": actor.identity_id,
        "subject": action.partition(".")[0],
        "subject_id": subject_id,
        "case_id": case_id,
        "codes": dict(codes or {}),
    }
    # An event hangs on no other row and is never read back, so nothing else need be written before it.
    write(session, _EVENT, event)

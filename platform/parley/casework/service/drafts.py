"""Requests being written: kept as they are typed, so that nobody types twice and everybody can come back."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from parley.casework.models import RequestDraft
from parley.db.reading import Reading
from parley.kernel.errors import Conflict, NotFound
from parley.kernel.ids import new_id

#: An unsent draft is kept this long after its last change, and the page says so.
KEPT = dt.timedelta(days=30)

_KEPT_DRAFT = Reading(
    select(RequestDraft.id, RequestDraft.answers_sealed, RequestDraft.version).where(
        RequestDraft.authority_id == bindparam("authority_id"),
        RequestDraft.id == bindparam("draft_id"),
        RequestDraft.owner_id == bindparam("owner_id"),
    )
)


def start_draft(
    session: Session,
    *,
    authority_id: uuid.UUID,
    owner_id: uuid.UUID,
    at: dt.datetime,
    answers: Mapping[str, Any],
    draft_id: uuid.UUID | None = None,
) -> RequestDraft:
    """Begin a request for the signed-in person ``owner_id`` with what the check already knows. Commits.

    ``draft_id``, a new one unless given, will be the case's id.
    """
    draft = RequestDraft(
        authority_id=authority_id,
        id=draft_id or new_id(),
        owner_id=owner_id,
        answers=json.dumps(dict(answers)),
        version=1,
        updated_at=at,
        expires_at=at + KEPT,
    )
    session.add(draft)
    session.commit()
    return draft


def save_draft(
    session: Session,
    *,
    authority_id: uuid.UUID,
    draft_id: uuid.UUID,
    owner_id: uuid.UUID,
    at: dt.datetime,
    answers: Mapping[str, Any],
    version: int | None = None,
) -> RequestDraft:
    """Put ``answers`` into the draft: each key replaces that section, the others stay. Commits.

    With ``version``, raises Conflict when the draft was changed elsewhere since that version was shown. Raises NotFound
    for a draft that is not the person's own.
    """
    draft = _own(session, authority_id, draft_id, owner_id)
    if version is not None and version != draft.version:
        raise Conflict(
            "Your request was changed in another window. What you typed there is kept; look at it before going on.",
            code="draft-changed",
        )
    draft.answers = json.dumps({**json.loads(draft.answers), **answers})
    draft.version += 1
    draft.updated_at = at
    draft.expires_at = at + KEPT
    session.commit()
    return draft


def load_draft(
    session: Session, *, authority_id: uuid.UUID, draft_id: uuid.UUID, owner_id: uuid.UUID
) -> tuple[dict[str, Any], int]:
    """Return the draft's answers and its version. Raises NotFound for a draft that is not the person's own."""
    row = _KEPT_DRAFT.one(session, {"authority_id": authority_id, "draft_id": draft_id, "owner_id": owner_id})
    if row is None:
        raise NotFound
    answers: dict[str, Any] = json.loads(RequestDraft.answers.opener(session, authority_id)(row.id, row.answers_sealed))
    return answers, row.version


def drafts_of(session: Session, *, authority_id: uuid.UUID, owner_id: uuid.UUID) -> list[RequestDraft]:
    """Return the person's unsent requests, newest first."""
    return list(
        session.scalars(
            select(RequestDraft)
            .where(RequestDraft.authority_id == authority_id, RequestDraft.owner_id == owner_id)
            .order_by(RequestDraft.updated_at.desc())
        )
    )


def discard_draft(session: Session, *, authority_id: uuid.UUID, draft_id: uuid.UUID, owner_id: uuid.UUID) -> None:
    """Delete the person's own draft for good. Commits. Raises NotFound for one that is not theirs."""
    session.delete(_own(session, authority_id, draft_id, owner_id))
    session.commit()


def drop_expired(session: Session, *, authority_id: uuid.UUID, at: dt.datetime) -> None:
    """Delete the council's drafts whose time has run out. Commits."""
    session.execute(
        delete(RequestDraft).where(RequestDraft.authority_id == authority_id, RequestDraft.expires_at <= at)
    )
    session.commit()


def _own(session: Session, authority_id: uuid.UUID, draft_id: uuid.UUID, owner_id: uuid.UUID) -> RequestDraft:
    """Return the person's own draft, locked until the transaction ends. Raises NotFound for one that is not theirs."""
    asked = select(RequestDraft).where(
        RequestDraft.authority_id == authority_id,
        RequestDraft.id == draft_id,
        RequestDraft.owner_id == owner_id,
    )
    draft = session.scalar(asked.with_for_update())
    if draft is None:
        raise NotFound
    return draft

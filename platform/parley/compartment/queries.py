"""Reading the compartment. The walls decide what a side sees; these only put it in order."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.compartment.domain import MessageChannel
from parley.compartment.models import MediatorNote, PrivateMessage
from parley.db.scope import Side


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageView:
    """A private message, as the reader sees it."""

    id: uuid.UUID
    channel: MessageChannel
    member_id: uuid.UUID | None
    by: Side
    body: str
    sent_at: dt.datetime
    is_mine: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class NoteView:
    """One of the reader's own notes."""

    id: uuid.UUID
    body: str
    written_at: dt.datetime


def messages(session: Session, *, reader: uuid.UUID) -> Sequence[MessageView]:
    """Return the private messages of the open case that the reader's side sees, oldest first."""
    rows = session.scalars(select(PrivateMessage).order_by(PrivateMessage.sent_at, PrivateMessage.id))
    return [
        MessageView(
            id=row.id,
            channel=row.channel,
            member_id=row.member_id,
            by=row.by,
            body=row.body,
            sent_at=row.sent_at,
            is_mine=row.author_id == reader,
        )
        for row in rows
    ]


def own_notes(session: Session) -> Sequence[NoteView]:
    """Return the reader's own notes on the open case, oldest first."""
    rows = session.scalars(select(MediatorNote).order_by(MediatorNote.written_at, MediatorNote.id))
    return [NoteView(id=row.id, body=row.body, written_at=row.written_at) for row in rows]

"""Reading the compartment. The walls decide what a side sees; these only put it in order."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.casework.agreement import AgreementText
from parley.casework.domain import ConsentMeans
from parley.casework.models import Case
from parley.compartment.domain import MessageChannel, Rating
from parley.compartment.models import DraftAgreement, DraftCopy, Feedback, MediatorNote, PrivateMessage
from parley.db.scope import Side


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageView:
    """A private message, as the reader sees it."""

    id: uuid.UUID
    channel: MessageChannel
    member_id: uuid.UUID | None
    by: Side
    provider_id: uuid.UUID
    """The provider in whose thread it is: of a case that was passed on, perhaps a former one."""
    body: str
    sent_at: dt.datetime
    is_mine: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class NoteView:
    """One of the reader's own notes."""

    id: uuid.UUID
    body: str
    written_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class CopyView:
    """A copy of a draft: whose it is, and what they said to it. ``change`` is what they ask to be changed."""

    id: uuid.UUID
    side: Side
    party_id: uuid.UUID
    member_id: uuid.UUID | None
    given_at: dt.datetime
    confirmed_at: dt.datetime | None
    spoken: bool
    change: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DraftView:
    """A version of a draft with the copies that the reader sees: every one for the provider, else their own."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    version: int
    text: AgreementText
    written_at: dt.datetime
    superseded: bool
    settled: bool
    copies: Sequence[CopyView]

    @property
    def was_given(self) -> bool:
        """Tell whether anybody was given a copy."""
        return bool(self.copies)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FeedbackView:
    """What somebody thought of a meeting."""

    side: Side
    author_id: uuid.UUID
    rating: Rating
    words: str
    given_at: dt.datetime


def holder_of(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> uuid.UUID:
    """Return the provider that has the open case."""
    return session.scalars(select(Case.provider_id).where(Case.authority_id == authority_id, Case.id == case_id)).one()


def messages(
    session: Session,
    *,
    reader: uuid.UUID,
    channel: MessageChannel | None = None,
    member_id: uuid.UUID | None = None,
) -> Sequence[MessageView]:
    """Return the private messages of the open case that the reader's side sees, oldest first.

    With ``channel`` those of one thread alone, ``member_id`` being the person of the family whose it is.
    """
    wanted = select(PrivateMessage).order_by(PrivateMessage.sent_at, PrivateMessage.id)
    if channel is not None:
        whose = PrivateMessage.member_id.is_(None) if member_id is None else PrivateMessage.member_id == member_id
        wanted = wanted.where(PrivateMessage.channel == channel, whose)
    rows = session.scalars(wanted)
    return [
        MessageView(
            id=row.id,
            channel=row.channel,
            member_id=row.member_id,
            by=row.by,
            provider_id=row.provider_id,
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


def newest_draft(session: Session, *, meeting_id: uuid.UUID | None = None) -> DraftView | None:
    """Return the newest version that the reader sees (of one meeting, when it is named), or None.

    A side sees only versions of which it was given a copy: ``superseded`` tells that a newer one is being written. What
    a former provider of the case wrote, and not everybody confirmed, stays with it: nobody is shown it to answer.
    """
    holder = select(Case.provider_id).where(
        Case.authority_id == DraftAgreement.authority_id, Case.id == DraftAgreement.case_id
    )
    wanted = (
        select(DraftAgreement)
        .where(DraftAgreement.provider_id == holder.scalar_subquery())
        .order_by(DraftAgreement.written_at.desc(), DraftAgreement.version.desc())
        .limit(1)
    )
    row = session.scalar(wanted if meeting_id is None else wanted.where(DraftAgreement.meeting_id == meeting_id))
    if row is None:
        return None
    copies = session.scalars(select(DraftCopy).where(DraftCopy.draft_id == row.id).order_by(DraftCopy.id))
    return DraftView(
        id=row.id,
        meeting_id=row.meeting_id,
        version=row.version,
        text=AgreementText.from_json(row.text),
        written_at=row.written_at,
        superseded=row.superseded_at is not None,
        settled=row.settled_at is not None,
        copies=[
            CopyView(
                id=copy.id,
                side=copy.side,
                party_id=copy.party_id,
                member_id=copy.member_id,
                given_at=copy.given_at,
                confirmed_at=copy.confirmed_at,
                spoken=copy.means is ConsentMeans.SPOKEN,
                change=copy.change,
            )
            for copy in copies
        ],
    )


def feedback(session: Session) -> Sequence[FeedbackView]:
    """Return what was thought of the open case's meetings, oldest first: one's own, or for the provider all."""
    rows = session.scalars(select(Feedback).order_by(Feedback.given_at, Feedback.id))
    return [
        FeedbackView(side=row.side, author_id=row.author_id, rating=row.rating, words=row.words, given_at=row.given_at)
        for row in rows
    ]

"""What participants thought of a meeting: kept in the compartment, read by the provider and never by a council."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.compartment.domain import LONGEST, Rating
from parley.compartment.models import Feedback
from parley.compartment.service import ensure_case_key
from parley.db.session import scope_of
from parley.kernel.errors import Conflict, Invalid, Refused


def give_feedback(
    session: Session, *, actor: Actor, at: dt.datetime, meeting_id: uuid.UUID, rating: Rating, words: str = ""
) -> uuid.UUID:
    """Say what one thought of a meeting; return the feedback's id. Commits. Once for each person and meeting.

    Raises Conflict the second time, Invalid for overlong words, Refused outside a case.
    """
    if len(words) > LONGEST:
        raise Invalid({"words": [f"What you write must be {LONGEST:,} characters or fewer"]})
    scope = scope_of(session)
    if scope.authority_id is None or scope.case_id is None or scope.side is None or scope.person_id is None:
        raise Refused("Open a case first.", code="no-case")
    mine = (Feedback.meeting_id == meeting_id, Feedback.author_id == scope.person_id)
    if session.scalar(select(Feedback.id).where(*mine)) is not None:
        raise Conflict("You have told us already what you thought of this meeting. Thank you.", code="said")
    ensure_case_key(session, scope.authority_id, scope.case_id, at)
    said = Feedback(
        authority_id=scope.authority_id,
        case_id=scope.case_id,
        meeting_id=meeting_id,
        side=scope.side,
        author_id=scope.person_id,
        rating=rating,
        words=words.strip(),
        given_at=at,
    )
    session.add(said)
    audit.record(
        session,
        at=at,
        actor=actor,
        action="feedback.give",
        realm_id=scope.realm_id,
        subject_id=said.id,
        case_id=scope.case_id,
    )
    session.commit()
    return said.id

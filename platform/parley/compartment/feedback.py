"""What participants thought of a meeting: kept in the compartment, read by the provider and never by a council."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.compartment.domain import LONGEST, Rating
from parley.compartment.models import Feedback
from parley.compartment.record import act_in_case
from parley.kernel.errors import Conflict, Invalid


def give_feedback(
    session: Session, *, actor: Actor, at: dt.datetime, meeting_id: uuid.UUID, rating: Rating, words: str = ""
) -> uuid.UUID:
    """Say what one thought of a meeting; return the feedback's id. Commits. Once for each person and meeting.

    Raises Conflict the second time, Invalid for overlong words, Refused outside a case.
    """
    if len(words) > LONGEST:
        raise Invalid({"words": [f"What you write must be {LONGEST:,} characters or fewer"]})
    act = act_in_case(session, actor=actor, at=at)
    mine = (Feedback.meeting_id == meeting_id, Feedback.author_id == act.person_id)
    if session.scalar(select(Feedback.id).where(*mine)) is not None:
        raise Conflict("You have told us already what you thought of this meeting. Thank you.", code="said")
    act.ensure_case_key()
    said = Feedback(
        authority_id=act.authority_id,
        case_id=act.case_id,
        provider_id=act.holder(),
        meeting_id=meeting_id,
        side=act.side,
        author_id=act.person_id,
        rating=rating,
        words=words.strip(),
        given_at=at,
    )
    session.add(said)
    act.audited("feedback.give", said.id)
    session.commit()
    return said.id

"""Which open cases reach the day on which the choice becomes the young person's own. The worker's scope of a council.

Birth dates are sealed, and stay so: they are opened here, a batch at a time, to be compared with the law's day, and
only the ids of cases leave. No day is kept for a case before it is near, because a day in June tells a child's age.
"""

import datetime as dt
import uuid
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from parley.casework.domain import Capacity, CaseState
from parley.casework.models import Case, Child, PartyMember
from parley.casework.request import own_choice_from

#: So long before it the family and the provider are told: time to talk it over, and for a reply by post.
NOTICE = dt.timedelta(weeks=6)

#: How many birth dates are opened in one transaction.
BATCH = 500

#: A request that waits already, or is over, or that no provider has at the moment: it is looked at again each night.
NOT_NOW = frozenset({CaseState.CLOSED, CaseState.WAITING_FOR_YOUNG_PERSON, CaseState.UNPLACED})


class Batch(NamedTuple):
    """The cases of one batch whose day is near or over, and after which case the next begins, None at the end."""

    due: list[uuid.UUID]
    after: uuid.UUID | None


def coming_of_age(session: Session, *, authority_id: uuid.UUID, on: dt.date, after: uuid.UUID | None) -> Batch:
    """Return those of the council's next open cases that a parent asked in and whose day is near, or over, on ``on``.

    ``after`` is the case that the batch before ended with, None for the first. A case in which the young person has a
    place of their own, or somebody acts for them, is none of these.
    """
    own = (PartyMember.authority_id == Case.authority_id, PartyMember.case_id == Case.id, PartyMember.left_at.is_(None))
    settled = PartyMember.capacity.in_([Capacity.YOUNG_PERSON, Capacity.ALTERNATIVE_PERSON])
    asked = (
        select(Case.id, Child.id.label("child_id"), Child.date_of_birth_sealed)
        .join(Child, (Child.authority_id == Case.authority_id) & (Child.case_id == Case.id))
        .where(
            Case.authority_id == authority_id,
            Case.state.not_in(NOT_NOW),
            exists().where(*own, PartyMember.capacity == Capacity.PARENT_CARER),
            ~exists().where(*own, settled),
        )
        .order_by(Case.id)
        .limit(BATCH)
    )
    rows = session.execute(asked if after is None else asked.where(Case.id > after)).all()
    born = Child.date_of_birth.opener(session, authority_id)
    due = [row.id for row in rows if _is_near(born(row.child_id, row.date_of_birth_sealed), on)]
    return Batch(due, rows[-1].id if len(rows) == BATCH else None)


def _is_near(born: str, on: dt.date) -> bool:
    return bool(born) and own_choice_from(dt.date.fromisoformat(born)) - NOTICE <= on

"""The rows that hang on a case, as statements that are put together once.

A case page asks all of them, and putting a statement together takes longer than PostgreSQL takes to answer it. Every
join names the case, which the indexes lead with: by a party or a member alone, all answers or invitations of the
council would be read. Each statement wants what ``of`` returns.
"""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select

from parley.casework.models import (
    Answer,
    Case,
    CaseClock,
    Invitation,
    Party,
    PartyMember,
    Share,
    Statement,
    TimelineEntry,
)


def _hangs_on_the_case(model: type[Any]) -> ColumnElement[bool]:
    return and_(model.authority_id == bindparam("authority_id"), model.case_id == bindparam("case_id"))


def _beside(model: type[Any], other: type[Any]) -> ColumnElement[bool]:
    return and_(model.authority_id == other.authority_id, model.case_id == other.case_id)


PARTIES = (
    select(Party, Answer)
    .outerjoin(Answer, _beside(Answer, Party) & (Answer.party_id == Party.id))
    .where(_hangs_on_the_case(Party))
    .order_by(Party.id, Answer.answered_at, Answer.id)
)
MEMBERS = (
    select(PartyMember, Invitation)
    .outerjoin(Invitation, _beside(Invitation, PartyMember) & (Invitation.member_id == PartyMember.id))
    .where(_hangs_on_the_case(PartyMember), PartyMember.left_at.is_(None))
    .order_by(PartyMember.id, Invitation.made_at)
)
STATEMENTS = (
    select(Statement, Share.party_id)
    .outerjoin(Share, _beside(Share, Statement) & (Share.item_id == Statement.id) & Share.stopped_at.is_(None))
    .where(_hangs_on_the_case(Statement))
    .order_by(Statement.id)
)
CLOCKS = select(CaseClock).where(_hangs_on_the_case(CaseClock)).order_by(CaseClock.due_on, CaseClock.id)
TIMELINE = select(TimelineEntry).where(_hangs_on_the_case(TimelineEntry)).order_by(TimelineEntry.at, TimelineEntry.id)


def of(case: Case) -> dict[str, uuid.UUID]:
    """Return what fills in those statements."""
    return {"authority_id": case.authority_id, "case_id": case.id}

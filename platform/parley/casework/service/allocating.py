"""Giving a case to one of several providers, so that no two requests take the same turn or the same last place."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parley.casework.allocation import Allocated, Candidate, Receiving, allocate, without_choice
from parley.casework.models import WorklistEntry
from parley.tenancy.domain import Service
from parley.tenancy.service import lock_turns, take_turn


def give(
    session: Session, authority_id: uuid.UUID, receiving: Receiving, *, passed_by: Collection[uuid.UUID] = ()
) -> Allocated | None:
    """Return whose a case of the council becomes, and take that provider's turn; None if nobody can take it.

    Where there is nothing to choose the database is not asked. Else whoever allocates next for this council waits until
    the transaction ends, and then counts what it brought. In the council's scope.
    """
    if not passed_by and (sole := without_choice(receiving)) is not None:
        return sole
    ids = [receiver.provider_id for receiver in receiving.receivers]
    turns = lock_turns(session, authority_id=authority_id, service=Service.DISAGREEMENT_RESOLUTION, provider_ids=ids)
    counts = _open_cases(session, authority_id, ids)
    candidates = [
        Candidate(
            receiver=receiver,
            open_cases=counts.get(receiver.provider_id, 0),
            turn=turns.get(receiver.provider_id, 0),
        )
        for receiver in receiving.receivers
    ]
    found = allocate(receiving.rule, candidates, chosen=receiving.chosen, passed_by=passed_by)
    if found is not None:
        take_turn(
            session,
            authority_id=authority_id,
            service=Service.DISAGREEMENT_RESOLUTION,
            provider_id=found.provider_id,
            turn=max(turns.values(), default=0) + 1,
        )
    return found


def _open_cases(session: Session, authority_id: uuid.UUID, provider_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = session.execute(
        select(WorklistEntry.provider_id, func.count())
        .where(
            WorklistEntry.authority_id == authority_id,
            WorklistEntry.provider_id.in_(provider_ids),
            WorklistEntry.is_open,
            WorklistEntry.held_until.is_(None),
        )
        .group_by(WorklistEntry.provider_id)
    )
    return {provider_id: count for provider_id, count in rows}

"""Reading how families are asked who goes on with their requests, where a provider's contract ended early."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from parley.casework.change_over import GOES_ON, ChangeView, ProviderChoice
from parley.casework.models import Case, ChangeOver
from parley.tenancy.domain import EarlyEndBecause
from parley.tenancy.queries import commission_by_id, provider_by_id

#: Of a question that was neither carried out nor ended.
OPEN = ChangeOver.moved_at.is_(None) & ChangeOver.ended_at.is_(None)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChangeCounts:
    """How it stands with a provider's cases after an early end: numbers, and nothing of any case.

    ``unasked`` are open cases whose families were not asked (yet), ``waiting`` those that did not answer, ``moving``
    those that are about to move; ``moved`` have another provider.
    """

    unasked: int
    waiting: int
    staying: int
    moving: int
    moved: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """How it stands with the question to a family who goes on, as a hand-over report says it.

    ``asked_at`` is None where it was not asked; ``moved_at`` tells that the case has another provider since.
    """

    asked_at: dt.datetime | None = None
    choice: ProviderChoice | None = None
    moved_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Handed:
    """The cases that a council was told of, in the order in which they came, and how many more there are."""

    told: Mapping[uuid.UUID, Question]
    untold: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ToDo:
    """The cases whose families are to be asked now, each with about which provider; those that are to move, each with
    the question that was answered so; and those whose question ends."""

    ask: tuple[tuple[uuid.UUID, uuid.UUID], ...] = ()
    move: tuple[tuple[uuid.UUID, uuid.UUID], ...] = ()
    end: tuple[uuid.UUID, ...] = ()


def change_of(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, *, may_stay: bool) -> ChangeView | None:
    """Return what the family of a case is asked, None where it is not asked."""
    row = session.scalar(
        select(ChangeOver).where(ChangeOver.authority_id == authority_id, ChangeOver.case_id == case_id, OPEN)
    )
    if row is None:
        return None
    return ChangeView(
        new_provider=provider_by_id(session, row.new_provider_id),
        may_stay=may_stay,
        asked_at=row.asked_at,
        choice=row.choice,
    )


def change_counts(session: Session, authority_id: uuid.UUID, provider_id: uuid.UUID) -> ChangeCounts:
    """Return how it stands with the council's cases that the provider has or had (council's scope)."""
    mine = (ChangeOver.authority_id == authority_id, ChangeOver.provider_id == provider_id)
    of_case = (Case.authority_id == ChangeOver.authority_id) & (Case.id == ChangeOver.case_id)
    choices = dict(
        session.execute(
            select(ChangeOver.choice, func.count())
            .join(Case, of_case)
            .where(*mine, OPEN, Case.state.in_(GOES_ON))
            .group_by(ChangeOver.choice)
        ).all()
    )
    moved = session.scalar(select(func.count()).where(*mine, ChangeOver.moved_at.is_not(None)))
    in_all = session.scalar(
        select(func.count()).where(
            Case.authority_id == authority_id, Case.provider_id == provider_id, Case.state.in_(GOES_ON)
        )
    )
    return ChangeCounts(
        unasked=(in_all or 0) - sum(choices.values()),
        waiting=choices.get(None, 0),
        staying=choices.get(ProviderChoice.STAY, 0),
        moving=choices.get(ProviderChoice.MOVE, 0),
        moved=moved or 0,
    )


def handed(session: Session, authority_id: uuid.UUID, provider_id: uuid.UUID) -> Handed:
    """Return which open cases of the council a provider has whose contract ended early, or had until its family said
    that another goes on (council's scope)."""
    of_case = (ChangeOver.authority_id == Case.authority_id) & (ChangeOver.case_id == Case.id)
    rows = session.execute(
        select(Case.id, Case.council_told_at, ChangeOver.asked_at, ChangeOver.choice, ChangeOver.moved_at)
        .outerjoin(ChangeOver, of_case & (ChangeOver.provider_id == provider_id) & ChangeOver.ended_at.is_(None))
        .where(
            Case.authority_id == authority_id,
            Case.state.in_(GOES_ON),
            or_(Case.provider_id == provider_id, ChangeOver.moved_at.is_not(None)),
        )
        # The newest last: a case may have come back to a provider that let go of it before.
        .order_by(Case.id, ChangeOver.id)
    ).all()
    told = {row.id: _question(row) for row in rows if row.council_told_at is not None}
    return Handed(told=told, untold=len({row.id for row in rows} - told.keys()))


def question_of(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, provider_id: uuid.UUID
) -> Question | None:
    """Return how it stands with the question about one open case of a provider: to the family whether it goes on, or,
    where it took the case over so, with what made it the provider's. None where there is neither."""
    row = session.execute(
        select(ChangeOver.asked_at, ChangeOver.choice, ChangeOver.moved_at)
        .where(
            ChangeOver.authority_id == authority_id,
            ChangeOver.case_id == case_id,
            ChangeOver.ended_at.is_(None),
            or_(
                (ChangeOver.provider_id == provider_id) & ChangeOver.moved_at.is_(None),
                (ChangeOver.new_provider_id == provider_id) & ChangeOver.moved_at.is_not(None),
            ),
        )
        .order_by(ChangeOver.id.desc())
        .limit(1)
    ).one_or_none()
    return _question(row) if row is not None else None


def to_do(session: Session, authority_id: uuid.UUID, commission_id: uuid.UUID) -> ToDo:
    """Return of which cases of a contract that ended early families are still to be asked, and of which no longer."""
    contract = commission_by_id(session, authority_id, commission_id)
    if contract is None:
        return ToDo()
    here = (Case.authority_id == authority_id, Case.provider_id == contract.provider.id)
    asked = (
        select(ChangeOver.id, ChangeOver.case_id, ChangeOver.new_provider_id, ChangeOver.choice)
        .join(Case, (Case.authority_id == ChangeOver.authority_id) & (Case.id == ChangeOver.case_id))
        .where(ChangeOver.provider_id == contract.provider.id, OPEN, *here)
    )
    known = {row.case_id: row for row in session.execute(asked)}
    if contract.new_provider_id is None:
        return ToDo(end=tuple(known))
    cases = session.scalars(select(Case.id).where(*here, Case.state.in_(GOES_ON)).order_by(Case.id))
    about = contract.new_provider_id
    unasked = (one for one in cases if one not in known or _is_about_another(known[one], about))
    moving = tuple((row.case_id, row.id) for row in known.values() if row.choice is ProviderChoice.MOVE)
    return ToDo(ask=tuple((one, about) for one in unasked), move=moving)


def _is_about_another(asked: Any, new_provider_id: uuid.UUID) -> bool:
    """Tell whether a family was asked about a provider that is no longer the one that can take over."""
    return asked.new_provider_id != new_provider_id and asked.choice is not ProviderChoice.MOVE


def may_stay(because: EarlyEndBecause | None) -> bool:
    """Tell whether a provider whose contract ended so can go on with the cases that it has."""
    return because is EarlyEndBecause.ENDED


def _question(row: Any) -> Question:
    return Question(asked_at=row.asked_at, choice=row.choice, moved_at=row.moved_at)

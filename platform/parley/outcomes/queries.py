"""Reading outcomes. Whoever asks has shown before, by the view of the case, that they have a place in it."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import CaseState, PartyKind, Viewer
from parley.casework.models import Party
from parley.casework.views import CaseView
from parley.kernel.clock import london_date
from parley.outcomes.domain import ActionChange, ActionFacts, possible_changes
from parley.outcomes.models import AgreedAction, AgreedPoint, Agreement, Outcome, RemainingIssue

_Part = TypeVar("_Part", AgreedPoint, RemainingIssue, AgreedAction, Agreement)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActionView:
    """An agreed action, and what its reader may say of it now. ``disputed`` is what the family says is missing."""

    id: uuid.UUID
    what: str
    owner_id: uuid.UUID | None
    facts: ActionFacts
    disputed: str
    changes: frozenset[ActionChange]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConfirmedBy:
    """A party that confirmed its own copy, and when; ``spoken`` when it was read back to it on the phone."""

    party_id: uuid.UUID
    at: dt.datetime
    spoken: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutcomeView:
    """What came of one meeting: open text only."""

    id: uuid.UUID
    meeting_id: uuid.UUID | None
    kind: OutcomeKind
    was_confirmed: bool
    recorded_at: dt.datetime
    points: tuple[str, ...]
    actions: tuple[ActionView, ...]
    remaining: tuple[str, ...]
    confirmed_by: tuple[ConfirmedBy, ...]


def outcomes(session: Session, case: CaseView, *, at: dt.datetime) -> Sequence[OutcomeView]:
    """Return the outcomes of ``case``, the newest first, for the person it was read for.

    Each action says what they may say of it at ``at``: nothing, once the case is closed.
    """
    rows = session.scalars(
        select(Outcome)
        .where(Outcome.authority_id == case.authority_id, Outcome.case_id == case.id)
        .order_by(Outcome.recorded_at.desc(), Outcome.id.desc())
    ).all()
    if not rows:
        return ()
    points = _by_outcome(session, AgreedPoint, case)
    issues = _by_outcome(session, RemainingIssue, case)
    actions = _by_outcome(session, AgreedAction, case)
    agreements = _by_outcome(session, Agreement, case)
    return tuple(
        OutcomeView(
            id=row.id,
            meeting_id=row.meeting_id,
            kind=row.kind,
            was_confirmed=row.was_confirmed,
            recorded_at=row.recorded_at,
            points=tuple(point.words for point in points[row.id]),
            actions=tuple(_action(action, case, at) for action in actions[row.id]),
            remaining=tuple(issue.words for issue in issues[row.id]),
            confirmed_by=tuple(by for agreement in agreements[row.id] for by in _confirmed_by(agreement)),
        )
        for row in rows
    )


def own_party(case: CaseView) -> uuid.UUID | None:
    """Return the party for which the person speaks for whom ``case`` was read; None for the provider."""
    if case.viewer is Viewer.PROVIDER:
        return None
    if case.viewer is Viewer.LOCAL_AUTHORITY:
        return next(party.id for party in case.parties if party.kind is PartyKind.LOCAL_AUTHORITY)
    me = case.me()
    return me.party_id if me is not None else None


def changes_of(
    facts: ActionFacts, owner_id: uuid.UUID | None, case: CaseView, at: dt.datetime
) -> frozenset[ActionChange]:
    """Return what the person for whom ``case`` was read may say of an action at ``at``."""
    if case.state is not CaseState.OUTCOME_RECORDED:
        return frozenset()
    is_owner = case.viewer is Viewer.PROVIDER if owner_id is None else owner_id == own_party(case)
    return possible_changes(facts, case.viewer, is_owner=is_owner, at=at, on=london_date(at))


def facts_of(action: AgreedAction, kinds: Mapping[uuid.UUID, PartyKind]) -> ActionFacts:
    """Return what decides what may be said of ``action``."""
    return ActionFacts(
        owner=kinds[action.owner_id] if action.owner_id else None,
        state=action.state,
        since=action.state_since,
        by=action.state_by,
        due_on=action.due_on,
        done_at=action.done_at,
    )


def actions_of(session: Session, authority_id: uuid.UUID, outcome_id: uuid.UUID) -> Sequence[AgreedAction]:
    """Return the actions of one outcome, in the order in which they were agreed."""
    return session.scalars(
        select(AgreedAction)
        .where(AgreedAction.authority_id == authority_id, AgreedAction.outcome_id == outcome_id)
        .order_by(AgreedAction.id)
    ).all()


def party_kinds(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> dict[uuid.UUID, PartyKind]:
    """Return the kind of each party of the case, those that left included."""
    rows = session.execute(
        select(Party.id, Party.kind).where(Party.authority_id == authority_id, Party.case_id == case_id)
    )
    return {party_id: kind for party_id, kind in rows}


def _action(row: AgreedAction, case: CaseView, at: dt.datetime) -> ActionView:
    facts = facts_of(row, {party.id: party.kind for party in case.parties})
    return ActionView(
        id=row.id,
        what=row.what,
        owner_id=row.owner_id,
        facts=facts,
        disputed=row.disputed,
        changes=changes_of(facts, row.owner_id, case, at),
    )


def _by_outcome(session: Session, model: type[_Part], case: CaseView) -> Mapping[uuid.UUID, list[_Part]]:
    """Return the parts of the case's outcomes in the order in which they were agreed, by outcome."""
    found: dict[uuid.UUID, list[_Part]] = defaultdict(list)
    of_case = (model.authority_id == case.authority_id, model.case_id == case.id)
    for row in session.scalars(select(model).where(*of_case).order_by(model.id)):
        found[row.outcome_id].append(row)
    return found


def _confirmed_by(agreement: Agreement) -> Iterable[ConfirmedBy]:
    for party_id, said in agreement.confirmed.items():
        at = dt.datetime.fromisoformat(said["at"])
        yield ConfirmedBy(party_id=uuid.UUID(party_id), at=at, spoken=said["spoken"])

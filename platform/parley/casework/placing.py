"""Who may take a case of a council on a day: evidenced by its policy, and commissioned by it."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parley.casework.allocation import Receiver, Receiving, Terms
from parley.casework.domain import CaseState, ClockCode, PassedOnBecause
from parley.casework.models import Case, CaseClock, Referral, WorklistEntry
from parley.kernel.errors import NotFound
from parley.policy.domain import Policy
from parley.policy.queries import current_policy, policy_of_version, receiving
from parley.tenancy.models import Provider


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unplaced:
    """A request that no provider could take: what its council is told of it, and nothing else. ``by`` is a London date.

    ``passed_on`` are those that could not take it, each with why, in their order: nobody where it was sent to none yet.
    """

    case_id: uuid.UUID
    reference: str
    sent_at: dt.datetime
    by: dt.date | None
    passed_on: tuple[tuple[str, PassedOnBecause], ...]


def unplaced(session: Session, authority_id: uuid.UUID) -> list[Unplaced]:
    """Return the council's requests that wait for it to name a provider, by when it is to have done so."""
    rows = session.execute(
        select(Case.id, Case.reference, Case.sent_at, CaseClock.due_on, Provider.name, Referral.passed_on_because)
        .join(CaseClock, (CaseClock.authority_id == Case.authority_id) & (CaseClock.case_id == Case.id))
        .outerjoin(Referral, (Referral.authority_id == Case.authority_id) & (Referral.case_id == Case.id))
        .outerjoin(Provider, Provider.id == Referral.provider_id)
        .where(
            Case.authority_id == authority_id,
            Case.state == CaseState.UNPLACED,
            CaseClock.code == ClockCode.PLACE_BY,
            CaseClock.met_at.is_(None),
            CaseClock.stopped_at.is_(None),
        )
        .order_by(CaseClock.due_on, Case.id, Referral.made_at, Referral.id)
    )
    found: dict[uuid.UUID, Unplaced] = {}
    for row in rows:
        known = found.get(row.id) or Unplaced(
            case_id=row.id, reference=row.reference, sent_at=row.sent_at, by=row.due_on, passed_on=()
        )
        tried = [(row.name, row.passed_on_because)] if row.passed_on_because else []
        found[row.id] = dataclasses.replace(known, passed_on=(*known.passed_on, *tried))
    return list(found.values())


def open_cases_with(session: Session, authority_id: uuid.UUID, provider_id: uuid.UUID) -> int:
    """Return how many open cases of the council a provider has, the council told of them or not: a number alone."""
    return (
        session.scalar(
            select(func.count()).where(
                WorklistEntry.authority_id == authority_id,
                WorklistEntry.provider_id == provider_id,
                WorklistEntry.is_open,
                WorklistEntry.held_until.is_(None),
            )
        )
        or 0
    )


def receiving_of(
    session: Session, authority_id: uuid.UUID, policy: Policy, on: dt.date, *, chosen: str | None = None
) -> Receiving:
    """Return who may take a request on ``on``, in the council's order; nobody among ``receivers`` where there is none.

    ``chosen`` is the slug of the provider that the family chose.
    """
    found = receiving(session, authority_id, policy, on)
    return Receiving(
        receivers=tuple(Receiver(provider_id=one.provider.id, capacity=one.terms.capacity) for one in found),
        rule=policy.allocation,
        chosen=next((one.provider.id for one in found if one.provider.slug == chosen), None),
    )


def terms_of(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, on: dt.date) -> Terms:
    """Return by what another provider is found for the case on ``on``: by the council's rules of that day.

    Raises NotFound where the council has no such case, or no rules.
    """
    today = current_policy(session, authority_id, on).policy
    return Terms(
        receiving=receiving_of(session, authority_id, today, on),
        policy=policy_of_case(session, authority_id, case_id),
    )


def policy_of_case(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> Policy:
    """Return the policy that the case goes by: in the version it began under. Raises NotFound for no such case."""
    version_id = session.scalar(
        select(Case.policy_version_id).where(Case.authority_id == authority_id, Case.id == case_id)
    )
    if version_id is None:
        raise NotFound
    return policy_of_version(session, authority_id, version_id)

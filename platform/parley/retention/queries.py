"""Reading what may be disposed of, in a council's scope: ids, dates and states, and nothing of a person."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from parley.casework.models import Case, PartyMember, RequestDraft, WorklistEntry
from parley.identity.clearing import SESSIONS_KEPT
from parley.identity.domain import SignInKind
from parley.identity.models import Identity, SignInSession
from parley.kernel.clock import london_date
from parley.kernel.errors import NotFound
from parley.kernel.periods import Period
from parley.policy.defaults import retention_period
from parley.policy.queries import current_policy, policy_of_version
from parley.retention.domain import SIGN_IN, ClosedCase, Part, SignIn
from parley.retention.models import Disposal, LegalHold
from parley.retention.schemas import periods_of
from parley.tenancy import queries as tenancy


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hold:
    """A legal hold as its council reads it."""

    case_id: uuid.UUID
    reference: str
    placed_at: dt.datetime
    placed_by: str
    reason: str
    lifted_at: dt.datetime | None
    lifted_by: str
    lift_reason: str


def closed_cases(session: Session, authority_id: uuid.UUID, *, told_only: bool = False) -> list[ClosedCase]:
    """Return every case of the council that ended and of which something is left, the longest closed first.

    ``told_only`` leaves out those of which the council's people never heard.
    """
    gone, held = _gone(session, authority_id), _held(session, authority_id)
    providers = {one.id: periods_of(one.profile) for one in tenancy.providers(session)}
    rows = session.execute(
        select(
            WorklistEntry.case_id,
            WorklistEntry.reference,
            WorklistEntry.provider_id,
            Case.closed_at,
            Case.policy_version_id,
        )
        .outerjoin(Case, (Case.authority_id == WorklistEntry.authority_id) & (Case.id == WorklistEntry.case_id))
        .where(
            WorklistEntry.authority_id == authority_id,
            WorklistEntry.is_open.is_(False),
            *([Case.council_told_at.is_not(None)] if told_only else []),
        )
    )
    found = []
    for row in rows:
        parts = gone.get(row.case_id, {})
        closed_on = london_date(row.closed_at) if row.closed_at else next(iter(parts.values()), None)
        if closed_on is None:
            continue
        periods = dict(providers.get(row.provider_id, {}))
        if row.policy_version_id is not None:
            policy = policy_of_version(session, authority_id, row.policy_version_id)
            periods[Part.OPEN_RECORD] = retention_period(policy, "closed_case").period
        found.append(
            ClosedCase(
                id=row.case_id,
                reference=row.reference,
                closed_on=closed_on,
                held=row.case_id in held,
                gone=frozenset(parts),
                periods=periods,
            )
        )
    return sorted(found, key=lambda one: (one.closed_on, one.reference))


def sign_ins_of_no_case(session: Session, authority_id: uuid.UUID) -> list[SignIn]:
    """Return who signed in to the council, of its staff nobody, and is in no case and writes no request."""
    until = func.max(func.coalesce(SignInSession.ended_at, SignInSession.expires_at))
    rows = session.execute(
        select(Identity.id, Identity.last_sign_in_at, until.label("session_until"))
        .outerjoin(
            SignInSession, (SignInSession.realm_id == Identity.realm_id) & (SignInSession.identity_id == Identity.id)
        )
        .where(
            Identity.realm_id == authority_id,
            Identity.kind.in_((SignInKind.FAMILY, SignInKind.INVITED)),
            ~exists().where(PartyMember.authority_id == authority_id, PartyMember.identity_id == Identity.id),
            ~exists().where(RequestDraft.authority_id == authority_id, RequestDraft.owner_id == Identity.id),
        )
        .group_by(Identity.id, Identity.last_sign_in_at)
    )
    return [
        SignIn(
            id=row.id,
            last_on=london_date(row.last_sign_in_at),
            session_kept_until=london_date(row.session_until + SESSIONS_KEPT) if row.session_until else None,
        )
        for row in rows
    ]


def sign_in_period(session: Session, authority_id: uuid.UUID, on: dt.date) -> Period:
    """Return how long somebody is kept whom no case knows: by the council's policy of the day, or ours."""
    try:
        policy = current_policy(session, authority_id, on).policy
    except NotFound:
        return SIGN_IN.ours
    return retention_period(policy, "unsent_check").period


def every_case(session: Session, authority_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Return id and reference of each case of the council, open or closed, of which something is left."""
    rows = session.execute(
        select(WorklistEntry.case_id, WorklistEntry.reference).where(WorklistEntry.authority_id == authority_id)
    )
    return [(row.case_id, row.reference) for row in rows]


def case_called(session: Session, authority_id: uuid.UUID, reference: str) -> uuid.UUID | None:
    """Return the case with that reference, as long as its provider's list has it; None otherwise."""
    return session.scalar(
        select(WorklistEntry.case_id).where(
            WorklistEntry.authority_id == authority_id, func.upper(WorklistEntry.reference) == reference.upper()
        )
    )


def holds_of_told(session: Session, authority_id: uuid.UUID) -> list[Hold]:
    """Return the holds that run on cases of which the council's people were told, the newest first."""
    told = set(
        session.scalars(select(Case.id).where(Case.authority_id == authority_id, Case.council_told_at.is_not(None)))
    )
    return [hold for hold in holds_of(session, authority_id) if hold.lifted_at is None and hold.case_id in told]


def holds_of(session: Session, authority_id: uuid.UUID) -> list[Hold]:
    """Return every hold of the council's cases, the newest first."""
    rows = session.execute(
        select(LegalHold, WorklistEntry.reference)
        .join(
            WorklistEntry,
            (WorklistEntry.authority_id == LegalHold.authority_id) & (WorklistEntry.case_id == LegalHold.case_id),
        )
        .where(LegalHold.authority_id == authority_id)
        .order_by(LegalHold.placed_at.desc(), LegalHold.id.desc())
    )
    return [
        Hold(
            case_id=hold.case_id,
            reference=reference,
            placed_at=hold.placed_at,
            placed_by=hold.placed_by,
            reason=hold.reason,
            lifted_at=hold.lifted_at,
            lifted_by=hold.lifted_by or "",
            lift_reason=hold.lift_reason,
        )
        for hold, reference in rows
    ]


def _held(session: Session, authority_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the cases that a hold keeps."""
    running = select(LegalHold.case_id).where(LegalHold.authority_id == authority_id, LegalHold.lifted_at.is_(None))
    return set(session.scalars(running))


def _gone(session: Session, authority_id: uuid.UUID) -> dict[uuid.UUID, dict[Part, dt.date]]:
    gone: dict[uuid.UUID, dict[Part, dt.date]] = {}
    for row in session.scalars(select(Disposal).where(Disposal.authority_id == authority_id)):
        gone.setdefault(row.case_id, {})[row.part] = row.closed_on
    return gone

"""Reading policies. What was parsed is kept in the process by the id of its version, which never changes."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, not_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from parley.db.reading import Reading
from parley.kernel.errors import NotFound
from parley.policy.domain import Policy
from parley.policy.loading import policy_from_document
from parley.policy.models import PolicyApproval, PolicyVersion
from parley.tenancy.domain import CouncilCommission, Service
from parley.tenancy.models import Commission, LocalAuthority, Provider
from parley.tenancy.queries import ended_early, running_commissions

#: Versions kept parsed at once; the oldest make room. A parsed policy takes well under 200 kB.
KEPT = 512

#: A version holds only with a second person's yes, where it needs one.
_AGREED = or_(
    PolicyVersion.needs_second_person.is_(False),
    exists().where(
        PolicyApproval.authority_id == PolicyVersion.authority_id, PolicyApproval.version_id == PolicyVersion.id
    ),
)

#: The services and providers of contracts whose early end the council recorded: no file says so.
_ENDED_EARLY = (
    select(func.array_agg(func.concat(Commission.service, "/", Provider.slug)))
    .join(Provider, Provider.id == Commission.provider_id)
    .where(Commission.authority_id == bindparam("authority_id"), ended_early(bindparam("on")))
    .scalar_subquery()
)

_IN_FORCE = Reading(
    select(PolicyVersion.id, _ENDED_EARLY.label("ended_early"))
    .where(
        PolicyVersion.authority_id == bindparam("authority_id"),
        PolicyVersion.effective_from <= bindparam("on"),
        _AGREED,
    )
    .order_by(PolicyVersion.number.desc())
    .limit(1)
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CurrentPolicy:
    """A policy with the version it is."""

    id: uuid.UUID
    number: int
    since: dt.date
    policy: Policy


_parsed: dict[uuid.UUID, CurrentPolicy] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class VersionInForce:
    """Which version of a council's policy holds, and since when."""

    id: uuid.UUID
    number: int
    since: dt.date


def current_policy(session: Session, authority_id: uuid.UUID, on: dt.date) -> CurrentPolicy:
    """Return the policy in force on ``on``, a London date: of those begun, the one with the highest number.

    Providers whose contracts are not in force that day, or ended early, are left out. One small statement, and a second
    the first time this process meets the version. Raises NotFound where the council has none.
    """
    row = _IN_FORCE.one(session, {"authority_id": authority_id, "on": on})
    if row is None:
        raise NotFound("This council's rules are not here yet.", code="no-policy")
    found = version_of(session, authority_id, row.id)
    ended = (one.split("/", 1) for one in row.ended_early or ())
    return dataclasses.replace(
        found, policy=found.policy.as_on(on, ended_early=[(Service(kind), slug) for kind, slug in ended])
    )


def versions_in_force(session: Session, on: dt.date) -> dict[uuid.UUID, VersionInForce]:
    """Return the version of each council's policy in force on ``on``, by council, in one statement."""
    rows = session.execute(
        select(PolicyVersion.authority_id, PolicyVersion.id, PolicyVersion.number, PolicyVersion.effective_from)
        .where(PolicyVersion.effective_from <= on, _AGREED)
        .ext(distinct_on(PolicyVersion.authority_id))
        .order_by(PolicyVersion.authority_id, PolicyVersion.number.desc())
    )
    return {
        authority_id: VersionInForce(id=version_id, number=number, since=since)
        for authority_id, version_id, number, since in rows
    }


@dataclasses.dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version as operators list it. ``waits`` says that a second person has not agreed to it yet."""

    id: uuid.UUID
    number: int
    since: dt.date
    author: str
    reason: str
    approver: str
    waits: bool
    document: dict[str, Any]


def versions(session: Session, authority_id: uuid.UUID) -> list[VersionRow]:
    """Return every version of a council's policy, the newest first."""
    rows = session.execute(
        select(PolicyVersion, PolicyApproval.approver)
        .outerjoin(
            PolicyApproval,
            (PolicyApproval.authority_id == PolicyVersion.authority_id)
            & (PolicyApproval.version_id == PolicyVersion.id),
        )
        .where(PolicyVersion.authority_id == authority_id)
        .order_by(PolicyVersion.number.desc())
    )
    return [
        VersionRow(
            id=version.id,
            number=version.number,
            since=version.effective_from,
            author=version.author,
            reason=version.reason,
            approver=approver or "",
            waits=version.needs_second_person and approver is None,
            document=version.document,
        )
        for version, approver in rows
    ]


def versions_to_come(session: Session, authority_id: uuid.UUID, on: dt.date) -> list[CurrentPolicy]:
    """Return the version that holds on ``on`` and those agreed to that begin later, whatever contracts they name."""
    rows = [row for row in versions(session, authority_id) if not row.waits]
    begun = [row for row in rows if row.since <= on]
    return [version_of(session, authority_id, row.id) for row in (*begun[:1], *(row for row in rows if row.since > on))]


def waiting_versions(session: Session) -> dict[uuid.UUID, int]:
    """Return the newest version of each council that waits for a second person, in one statement."""
    rows = session.execute(
        select(PolicyVersion.authority_id, func.max(PolicyVersion.number))
        .where(not_(_AGREED))
        .group_by(PolicyVersion.authority_id)
    )
    return {authority_id: number for authority_id, number in rows}


def policy_of_version(session: Session, authority_id: uuid.UUID, version_id: uuid.UUID) -> Policy:
    """Return the policy of one version: the one a case began under. Raises NotFound if there is none of that id."""
    return version_of(session, authority_id, version_id).policy


def version_of(session: Session, authority_id: uuid.UUID, version_id: uuid.UUID) -> CurrentPolicy:
    """Return one version with its policy, whatever the day. Raises NotFound if there is none of that id."""
    kept = _parsed.get(version_id)
    return kept or _read(session, authority_id, PolicyVersion.id == version_id)


def version_numbered(session: Session, authority_id: uuid.UUID, number: int, on: dt.date) -> CurrentPolicy:
    """Return the version of that number, begun on ``on`` or before. Raises NotFound if there is none."""
    return _read(session, authority_id, PolicyVersion.number == number, PolicyVersion.effective_from <= on, _AGREED)


def _read(session: Session, authority_id: uuid.UUID, *wanted: ColumnElement[bool]) -> CurrentPolicy:
    row = session.execute(
        select(
            PolicyVersion.id,
            PolicyVersion.number,
            PolicyVersion.effective_from,
            PolicyVersion.document,
            LocalAuthority.slug,
        )
        .join(LocalAuthority, LocalAuthority.id == PolicyVersion.authority_id)
        .where(PolicyVersion.authority_id == authority_id, *wanted)
    ).first()
    if row is None:
        raise NotFound("There is no such version of this council's rules.", code="no-policy")
    policy = policy_from_document(row.document, authority=row.slug, file=f"version {row.number} of {row.slug}")
    while len(_parsed) >= KEPT:
        _parsed.pop(next(iter(_parsed)), None)
    found = CurrentPolicy(id=row.id, number=row.number, since=row.effective_from, policy=policy)
    _parsed[found.id] = found
    return found


def receiving(session: Session, authority_id: uuid.UUID, policy: Policy, on: dt.date) -> list[CouncilCommission]:
    """Return the commissions of those to whom a request sent on ``on`` can go, in the council's order: evidenced by
    its policy and commissioned that day. None of them: nothing can be sent. One statement."""
    evidenced = [contact.key for contact in policy.providers_of(Service.DISAGREEMENT_RESOLUTION)]
    if not evidenced:
        return []
    running = running_commissions(session, authority_id, Service.DISAGREEMENT_RESOLUTION, on)
    able = {commission.provider.slug: commission for commission in running}
    return [able[slug] for slug in evidenced if slug in able]

"""Applying a council's policy: a changed document becomes a new version, an unchanged one does nothing."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.scope import PLATFORM_REALM
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, NotFound
from parley.policy.loading import Document, policy_from_document
from parley.policy.models import PolicyApproval, PolicyVersion
from parley.tenancy.queries import lock_authority


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppliedPolicy:
    """The version that stands after applying, whether it was made just now, and whether it waits for somebody."""

    id: uuid.UUID
    number: int
    changed: bool
    waits: bool = False


def apply_policy(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    document: Document,
    reason: str,
    file: str,
    effective_from: dt.date | None = None,
    author: str = "",
    needs_second_person: bool = False,
) -> AppliedPolicy:
    """Make ``document`` (see ``loading.document_of``) the council's newest policy version. Commits.

    If its content is that of the newest version, nothing is written. It takes effect on ``effective_from``, a London
    date, today unless it says later, and not before ``approve_policy`` where it needs a second person. ``author`` is
    the account that applies it by command. Raises PolicyProblems, naming ``file``, for a document that cannot be used.
    """
    # Two appliers at once would both take the same number; the second waits here for the first.
    slug = lock_authority(session, authority_id)
    policy = policy_from_document(document, authority=slug, file=file)
    newest = session.scalar(
        select(PolicyVersion)
        .where(PolicyVersion.authority_id == authority_id)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )
    if newest is not None and newest.content == policy.version:
        unchanged = AppliedPolicy(id=newest.id, number=newest.number, changed=False)
        session.rollback()
        return unchanged
    version = PolicyVersion(
        authority_id=authority_id,
        number=newest.number + 1 if newest else 1,
        content=policy.version,
        document=document,
        effective_from=effective_from or london_date(at),
        author_id=actor.identity_id,
        author=author,
        needs_second_person=needs_second_person,
        reason=reason,
        created_at=at,
    )
    session.add(version)
    audit.record(
        session,
        at=at,
        actor=actor,
        action="policy.apply",
        realm_id=PLATFORM_REALM,
        subject_id=version.id,
        codes={"authority": slug, "number": version.number, "content": version.content},
    )
    session.commit()
    return AppliedPolicy(id=version.id, number=version.number, changed=True, waits=needs_second_person)


def approve_policy(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, number: int, approver: str
) -> None:
    """Give a second person's yes to the version ``number``; it holds from its own day on, or from now. Commits.

    Raises NotFound where there is no such version, Conflict where it waits for nobody or the approver is its author.
    """
    slug = lock_authority(session, authority_id)
    version = session.scalar(
        select(PolicyVersion).where(PolicyVersion.authority_id == authority_id, PolicyVersion.number == number)
    )
    if version is None:
        raise NotFound(f"There is no version {number} of {slug}'s rules.", code="no-policy")
    if not version.needs_second_person or session.get(PolicyApproval, (authority_id, version.id)) is not None:
        raise Conflict(f"Version {number} of {slug}'s rules waits for nobody.", code="not-waiting")
    if not approver or approver.casefold() == version.author.casefold():
        raise Conflict("Somebody other than its author has to agree to it.", code="same-person")
    session.add(PolicyApproval(authority_id=authority_id, version_id=version.id, approver=approver, approved_at=at))
    audit.record(
        session,
        at=at,
        actor=actor,
        action="policy.approve",
        realm_id=PLATFORM_REALM,
        subject_id=version.id,
        codes={"authority": slug, "number": number},
    )
    session.commit()

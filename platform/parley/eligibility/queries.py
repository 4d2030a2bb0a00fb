"""Reading what is kept of past checks: facts and counts, never one check."""

import dataclasses
import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parley.eligibility.models import AssessmentRecord


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptFacts:
    """Facts that are kept, the policy version they were found under, and of how many checks or cases."""

    facts: dict[str, Any]
    policy_version_id: uuid.UUID
    count: int


def kept_facts(session: Session, authority_id: uuid.UUID) -> list[KeptFacts]:
    """Return the facts of the council's past checks, like ones together."""
    rows = session.execute(
        select(AssessmentRecord.facts, AssessmentRecord.policy_version_id, func.count())
        .where(AssessmentRecord.authority_id == authority_id)
        .group_by(AssessmentRecord.facts, AssessmentRecord.policy_version_id)
    )
    return [KeptFacts(facts=facts, policy_version_id=version, count=count) for facts, version, count in rows]

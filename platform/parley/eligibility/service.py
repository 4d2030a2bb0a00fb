"""Keeping a family's check while it is under way, and what it found."""

import dataclasses
import datetime as dt
import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from parley.eligibility.answers import Answers
from parley.eligibility.models import AssessmentRecord, EligibilityCheck
from parley.eligibility.result import Assessment
from parley.kernel.clock import london_date
from parley.kernel.errors import NotFound
from parley.law.domain import rights_holder
from parley.law.holidays import bank_holidays_around
from parley.law.versions import law_by_id
from parley.policy.defaults import retention_period
from parley.policy.domain import Policy


@dataclasses.dataclass(frozen=True, kw_only=True)
class StartedCheck:
    """A check just begun. ``token`` goes to the family's browser and is nowhere else."""

    id: uuid.UUID
    token: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptCheck:
    """A check as it was kept: the answers so far (see ``questions``)."""

    id: uuid.UUID
    answers: dict[str, Any]


def start_check(
    session: Session, *, at: dt.datetime, authority_id: uuid.UUID, policy: Policy, answers: Mapping[str, Any]
) -> StartedCheck:
    """Keep the first ``answers`` of a new check; return its id and its only token. Commits."""
    token = secrets.token_urlsafe(32)
    check = EligibilityCheck(
        authority_id=authority_id,
        token_hash=_hash(token),
        answers=_text(answers),
        updated_at=at,
        expires_at=_expiry(policy, at),
    )
    session.add(check)
    session.commit()
    return StartedCheck(id=check.id, token=token)


def save_answers(
    session: Session,
    *,
    at: dt.datetime,
    authority_id: uuid.UUID,
    policy: Policy,
    token: str,
    answers: Mapping[str, Any],
) -> None:
    """Keep ``answers`` in place of what was kept before, and for longer. Commits. Raises NotFound as ``load_check``."""
    check = _check(session, authority_id, token, at)
    check.answers = _text(answers)
    check.updated_at = at
    check.expires_at = _expiry(policy, at)
    session.commit()


def load_check(session: Session, *, at: dt.datetime, authority_id: uuid.UUID, token: str) -> KeptCheck:
    """Return the check of ``token``. Raises NotFound for a token nobody was given, or whose check has gone."""
    check = _check(session, authority_id, token, at)
    return KeptCheck(id=check.id, answers=json.loads(check.answers))


def record_assessment(
    session: Session,
    *,
    at: dt.datetime,
    authority_id: uuid.UUID,
    policy_version_id: uuid.UUID,
    policy: Policy,
    answers: Answers,
    assessment: Assessment,
) -> uuid.UUID:
    """Keep what ``assessment`` found, as derived facts only; return the record's id. Commits."""
    record = AssessmentRecord(
        authority_id=authority_id,
        made_at=at,
        policy_version_id=policy_version_id,
        law_version=assessment.law_version,
        facts=derived_facts(answers, assessment),
        expires_at=_expiry(policy, at),
    )
    session.add(record)
    session.commit()
    return record.id


def drop_expired(session: Session, *, at: dt.datetime, authority_id: uuid.UUID) -> int:
    """Delete the council's checks and assessments whose time is over; return how many. Commits."""
    dropped = 0
    for model in (EligibilityCheck, AssessmentRecord):
        result = session.execute(delete(model).where(model.authority_id == authority_id, model.expires_at <= at))
        assert isinstance(result, CursorResult)
        dropped += result.rowcount
    session.commit()
    return dropped


def derived_facts(answers: Answers, assessment: Assessment) -> dict[str, Any]:
    """What may be kept of a check that was not sent: the contract's words, no date, no birth, no text."""
    law = law_by_id(assessment.law_version)
    born = answers.date_of_birth
    return {
        "asker": answers.asker.value,
        "rights": rights_holder(born, assessment.on, law).value if born else None,
        "send": answers.send.value,
        "stage": answers.stage.value,
        "appeal": answers.appeal.value,
        "gates": [gate.code.value for gate in assessment.gates],
        "matters": [
            {
                "against": sorted(body.value for body in matter.against),
                "about": matter.about.value,
                "answer": result.answer.value,
                "area": result.area.value if result.area else None,
                "codes": [code.value for code in result.codes],
            }
            for matter, result in zip(answers.matters, assessment.matters, strict=True)
        ],
    }


def _check(session: Session, authority_id: uuid.UUID, token: str, at: dt.datetime) -> EligibilityCheck:
    check = session.scalar(
        select(EligibilityCheck).where(
            EligibilityCheck.authority_id == authority_id,
            EligibilityCheck.token_hash == _hash(token),
            EligibilityCheck.expires_at > at,
        )
    )
    if check is None:
        raise NotFound("Your answers are no longer here. Start the check again.", code="check-gone")
    return check


def _expiry(policy: Policy, at: dt.datetime) -> dt.datetime:
    """When a check that is left alone goes, by the council's time or ours."""
    today = london_date(at)
    due = retention_period(policy, "unsent_check").due(today, bank_holidays_around(today))
    return at + dt.timedelta(days=(due - today).days)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _text(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, sort_keys=True, separators=(",", ":"))

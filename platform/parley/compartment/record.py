"""What every use case of the compartment does besides its own business: it knows its case, and is audited."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.compartment.queries import holder_of
from parley.db.models import CaseKey
from parley.db.scope import Side
from parley.db.session import scope_of
from parley.db.wrapping import wrap_new
from parley.kernel.errors import Refused


@dataclasses.dataclass(frozen=True, kw_only=True)
class Act:
    """Somebody doing something in the one case that the compartment is open for: the frame of one use case."""

    session: Session
    actor: Actor
    at: dt.datetime
    realm_id: uuid.UUID
    authority_id: uuid.UUID
    case_id: uuid.UUID
    side: Side
    person_id: uuid.UUID

    def ensure_case_key(self) -> None:
        """Give the case a compartment key if it has none yet; before anything of it is sealed."""
        if self.session.scalar(select(CaseKey.case_id).where(CaseKey.case_id == self.case_id)) is not None:
            return
        new = wrap_new(self.session)
        # Two first writings at once: the second finds the key of the first.
        self.session.execute(
            insert(CaseKey)
            .values(
                authority_id=self.authority_id,
                case_id=self.case_id,
                wrapped=new.wrapped,
                wrapped_by=new.by,
                created_at=self.at,
            )
            .on_conflict_do_nothing()
        )

    def holder(self) -> uuid.UUID:
        """Return the provider that has the case now, whose what is written becomes."""
        return self.realm_id if self.side is Side.PROVIDER else holder_of(self.session, self.authority_id, self.case_id)

    def audited(self, action: str, subject_id: uuid.UUID, **codes: str | int) -> None:
        """Write an audit event; codes are ids, numbers and words of ours."""
        audit.record(
            self.session,
            at=self.at,
            actor=self.actor,
            action=action,
            realm_id=self.realm_id,
            subject_id=subject_id,
            case_id=self.case_id,
            codes=codes,
        )


def act_in_case(session: Session, *, actor: Actor, at: dt.datetime) -> Act:
    """Return the frame of an act in the case that ``session`` is scoped to. Raises Refused outside a case."""
    scope = scope_of(session)
    if scope.authority_id is None or scope.case_id is None or scope.side is None or scope.person_id is None:
        raise Refused("Open a case first.", code="no-case")
    return Act(
        session=session,
        actor=actor,
        at=at,
        realm_id=scope.realm_id,
        authority_id=scope.authority_id,
        case_id=scope.case_id,
        side=scope.side,
        person_id=scope.person_id,
    )

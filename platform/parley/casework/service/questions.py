"""What the open side keeps of a question: that somebody of the family was asked, by when an answer helps, that it came.

The words of question and answer are private messages and stay in the compartment. A page records here what it has just
sent there; a job that committed with the message records it where the page could not, so both may come, in any order.
"""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.clocks import response_clock
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.casework.models import Case, TimelineEntry
from parley.casework.service.consents import family_member
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict
from parley.policy.queries import policy_of_version

#: Jobs of this capability; both take the ids of council, case, member and message.
RECORD_QUESTION = "casework.record_question"
RECORD_ANSWER = "casework.record_answer"


def ask_for_information(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
    message_id: uuid.UUID,
) -> Case:
    """Record that the provider asked a member of the family something, and by when an answer would help. Commits.

    ``message_id`` is the private message that asks; recording the same one twice changes nothing. Raises NotFound for
    anybody outside the family, Conflict once the case is closed.
    """
    case = case_for_update(session, authority_id, case_id)
    if _is_recorded(session, case, Happening.INFORMATION_ASKED, message_id):
        return case
    if case.state is CaseState.CLOSED:
        raise Conflict("This case is closed.", code="closed")
    member = family_member(session, case, member_id)
    policy = policy_of_version(session, authority_id, case.policy_version_id)
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    act.start([response_clock(ClockCode.INFORMATION_BY, policy, london_date(at), member_id=member.id)])
    act.happened(Happening.INFORMATION_ASKED, private_to=str(member.id), message=str(message_id))
    session.commit()
    return case


def information_given(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
    message_id: uuid.UUID | None = None,
) -> None:
    """Record that a member of the family answered what the provider asked them, which meets its date. Commits.

    ``message_id`` is the private message that answers; None where the provider records what it was told on the phone.
    Recording the same one twice changes nothing. Raises NotFound for anybody outside the family.
    """
    case = case_for_update(session, authority_id, case_id)
    member = family_member(session, case, member_id)
    if message_id is not None and _is_recorded(session, case, Happening.INFORMATION_GIVEN, message_id):
        return
    by = Viewer.PROVIDER if message_id is None else Viewer.FAMILY
    act = Act(session=session, case=case, actor=actor, by=by, at=at)
    act.meet_for_member(member.id, ClockCode.INFORMATION_BY)
    act.happened(Happening.INFORMATION_GIVEN, private_to=str(member.id), message=str(message_id or ""))
    session.commit()


def _is_recorded(session: Session, case: Case, happening: Happening, message_id: uuid.UUID) -> bool:
    entries = session.scalars(
        select(TimelineEntry).where(
            TimelineEntry.authority_id == case.authority_id,
            TimelineEntry.case_id == case.id,
            TimelineEntry.code == happening.value,
        )
    )
    return any(entry.codes.get("message") == str(message_id) for entry in entries)

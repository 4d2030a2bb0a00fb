"""Bringing a date to mind, and saying that one was missed: each once, however often it is asked for."""

import datetime as dt
import uuid

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.domain import Viewer
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import PRIVATE_TO, Happening
from parley.kernel.clock import london_date
from parley.notifications.decisions import OWN_DATES, MessageCode
from parley.notifications.domain import (
    AGREED,
    ClockFacts,
    ClockNoticeKind,
    RecipientKind,
    Trouble,
    is_missed,
    people_told,
)
from parley.notifications.models import ClockNotice
from parley.notifications.queries import case_facts, clock_facts, people_of
from parley.notifications.service import count_trouble, tell, tell_owner


def remind(
    session: Session, *, at: dt.datetime, authority_id: uuid.UUID, clock_id: uuid.UUID, kind: ClockNoticeKind
) -> None:
    """Remind the family of a date in law or of its own, or whose it is of what was agreed. Commits.

    Once for each clock and kind; one that ended meanwhile is left alone.
    """
    clock = clock_facts(session, authority_id, clock_id)
    if clock is None or not clock.running:
        return
    if _say_once(session, authority_id, clock_id, kind, at):
        case = case_facts(session, authority_id, clock.case_id)
        codes = {"clock": clock.code.value, "due_on": clock.due_on.isoformat()}
        if clock.code in AGREED:
            tell_owner(session, case, clock, at=at, late=False, codes=codes)
        else:
            for recipient in people_told(RecipientKind.FAMILY, people_of(session, case)):
                tell(session, case, recipient, OWN_DATES.get(clock.code, MessageCode.DATE_REMINDER), at=at, codes=codes)
    session.commit()


def miss(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, clock_id: uuid.UUID) -> None:
    """Make it visible that a clock was missed: in the timeline, by messages, in the operators' count. Commits, once.

    A clock that was met or stopped meanwhile is left alone.
    """
    found = clock_facts(session, authority_id, clock_id)
    if found is None:
        return
    # The case is locked first, as whoever meets the clock does, and the clock is read as it stands then.
    case = case_for_update(session, authority_id, found.case_id)
    clock = clock_facts(session, authority_id, clock_id)
    if clock is None or not clock.running or not is_missed(clock.code, clock.due_on, london_date(at)):
        return
    if _say_once(session, authority_id, clock_id, ClockNoticeKind.MISSED, at):
        act = Act(session=session, case=case, actor=actor, by=Viewer(clock.binds), at=at)
        act.happened(Happening.CLOCK_MISSED, subject_id=clock.id, clock=clock.code.value, **_whose(clock))
        if clock.code in AGREED:
            codes = {"clock": clock.code.value}
            tell_owner(session, case_facts(session, authority_id, case.id), clock, at=at, late=True, codes=codes)
        count_trouble(session, authority_id, Trouble.CLOCK_MISSED, at)
    session.commit()


def _whose(clock: ClockFacts) -> dict[str, str]:
    """Return the codes that name the one party or person whose date it was."""
    named = {"party_id": clock.party_id, PRIVATE_TO: clock.member_id}
    return {code: str(one) for code, one in named.items() if one is not None}


def _say_once(
    session: Session, authority_id: uuid.UUID, clock_id: uuid.UUID, kind: ClockNoticeKind, at: dt.datetime
) -> bool:
    said = insert(ClockNotice).values(authority_id=authority_id, clock_id=clock_id, kind=kind, said_at=at)
    return session.scalar(said.on_conflict_do_nothing().returning(ClockNotice.clock_id)) is not None

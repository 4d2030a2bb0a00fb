"""Bringing dates to mind, and saying that one was missed: each once, however often the job runs."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.domain import CaseState, Viewer
from parley.casework.models import Case, CaseClock
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.kernel.clock import london_date
from parley.notifications.decisions import MessageCode
from parley.notifications.domain import (
    MISSABLE,
    REMINDED,
    REMINDERS,
    ClockNoticeKind,
    Trouble,
    is_missed,
    reminder_due,
    still_reminds,
)
from parley.notifications.models import ClockNotice
from parley.notifications.service import count_trouble, family_recipients, tell


def reminders_due(
    session: Session, *, authority_id: uuid.UUID, today: dt.date
) -> list[tuple[uuid.UUID, ClockNoticeKind]]:
    """Return the council's clocks that its families are to be reminded of on the London date ``today``, and how."""
    rows = session.execute(
        select(CaseClock, Case.state, Case.close_reason)
        .join(Case, (Case.authority_id == CaseClock.authority_id) & (Case.id == CaseClock.case_id))
        .where(
            CaseClock.authority_id == authority_id,
            CaseClock.code.in_(REMINDED),
            CaseClock.due_on.between(today, today + dt.timedelta(days=max(REMINDERS))),
            CaseClock.met_at.is_(None),
            CaseClock.stopped_at.is_(None),
        )
    ).all()
    notices = _notices(session, authority_id, [clock.id for clock, _, _ in rows])
    due = []
    for clock, state, reason in rows:
        kind = reminder_due(
            due_on=clock.due_on,
            started_on=london_date(clock.started_at),
            today=today,
            said=notices.get(clock.id, frozenset()),
        )
        if kind is not None and still_reminds(state, reason):
            due.append((clock.id, kind))
    return due


def remind(
    session: Session, *, at: dt.datetime, authority_id: uuid.UUID, clock_id: uuid.UUID, kind: ClockNoticeKind
) -> None:
    """Remind the family of a date. Commits. Once for each clock and kind: doing so twice changes nothing."""
    if _say_once(session, authority_id, clock_id, kind, at):
        clock = session.get_one(CaseClock, (authority_id, clock_id))
        case = session.get_one(Case, (authority_id, clock.case_id))
        codes = {"clock": clock.code.value, "due_on": clock.due_on.isoformat()}
        for recipient in family_recipients(session, case):
            tell(session, case, recipient, MessageCode.DATE_REMINDER, at=at, codes=codes)
    session.commit()


def clocks_missed(session: Session, *, authority_id: uuid.UUID, today: dt.date) -> list[uuid.UUID]:
    """Return the council's running clocks whose last day is over and of which that was not said yet."""
    said = select(ClockNotice.clock_id).where(
        ClockNotice.authority_id == CaseClock.authority_id,
        ClockNotice.clock_id == CaseClock.id,
        ClockNotice.kind == ClockNoticeKind.MISSED,
    )
    return list(
        session.scalars(
            select(CaseClock.id)
            .join(Case, (Case.authority_id == CaseClock.authority_id) & (Case.id == CaseClock.case_id))
            .where(
                CaseClock.authority_id == authority_id,
                CaseClock.code.in_(MISSABLE),
                CaseClock.due_on < today,
                CaseClock.met_at.is_(None),
                CaseClock.stopped_at.is_(None),
                Case.state != CaseState.CLOSED,
                ~said.exists(),
            )
        )
    )


def miss(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, clock_id: uuid.UUID) -> None:
    """Make it visible that a clock was missed: in the timeline, by messages, in the operators' count. Commits, once.

    A clock that was met or stopped meanwhile is left alone.
    """
    case_id = session.scalar(
        select(CaseClock.case_id).where(CaseClock.authority_id == authority_id, CaseClock.id == clock_id)
    )
    if case_id is None:
        return
    # The case first, as whoever meets the clock does: so that the clock is read as it stands now.
    case = case_for_update(session, authority_id, case_id)
    clock = session.get_one(CaseClock, (authority_id, clock_id))
    running = clock.met_at is None and clock.stopped_at is None
    if not running or not is_missed(clock.code, clock.due_on, london_date(at)):
        return
    if _say_once(session, authority_id, clock_id, ClockNoticeKind.MISSED, at):
        act = Act(session=session, case=case, actor=actor, by=Viewer(clock.binds), at=at)
        act.happened(Happening.CLOCK_MISSED, subject_id=clock.id, clock=clock.code.value)
        count_trouble(session, authority_id, Trouble.CLOCK_MISSED, at)
    session.commit()


def _say_once(
    session: Session, authority_id: uuid.UUID, clock_id: uuid.UUID, kind: ClockNoticeKind, at: dt.datetime
) -> bool:
    said = insert(ClockNotice).values(authority_id=authority_id, clock_id=clock_id, kind=kind, said_at=at)
    return session.scalar(said.on_conflict_do_nothing().returning(ClockNotice.clock_id)) is not None


def _notices(
    session: Session, authority_id: uuid.UUID, clock_ids: list[uuid.UUID]
) -> dict[uuid.UUID, frozenset[ClockNoticeKind]]:
    found: dict[uuid.UUID, frozenset[ClockNoticeKind]] = {}
    rows = session.execute(
        select(ClockNotice.clock_id, ClockNotice.kind).where(
            ClockNotice.authority_id == authority_id, ClockNotice.clock_id.in_(clock_ids)
        )
    )
    for clock_id, kind in rows:
        found[clock_id] = found.get(clock_id, frozenset()) | {kind}
    return found

"""What every use case on a case does besides its own business: timeline, audit, news, clocks, the worklist."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.clocks import NewClock, next_due
from parley.casework.domain import NEVER, CaseState, ClockCode, CloseReason, Viewer, council_list, require_move
from parley.casework.models import Case, CaseClock, TimelineEntry, WorklistEntry
from parley.casework.timeline import CaseNews, Happening, viewers_of
from parley.db.events import announce
from parley.db.session import scope_of
from parley.kernel.calendar import add_working_days
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, NotFound

#: Whose due dates a council's inbox and a provider's list sort by.
COUNCIL_BINDS = frozenset({Viewer.LOCAL_AUTHORITY})
PROVIDER_BINDS = frozenset({Viewer.PROVIDER})

#: What waits with a case on hold: asked of nobody meanwhile.
PAUSED = frozenset(
    {
        ClockCode.TELL_COUNCIL_BY,
        ClockCode.ANSWER_BY,
        ClockCode.HOLDING_UNTIL,
        ClockCode.INVITE_BY,
        ClockCode.INVITATION_BY,
        ClockCode.ARRANGE_BY,
    }
)

#: Dates that no act here can stop.
STATUTORY = frozenset({ClockCode.ADVISER_BY, ClockCode.APPEAL_BY})


@dataclasses.dataclass(kw_only=True)
class Act:
    """Somebody doing something to a case: the frame of one use case.

    ``entry`` and ``clocks`` are given where the case is new, and read when they are needed where it is not.
    """

    session: Session
    case: Case
    actor: Actor
    by: Viewer
    at: dt.datetime
    entry: WorklistEntry | None = None
    clocks: list[CaseClock] | None = None

    def happened(self, happening: Happening, *, subject_id: uuid.UUID | None = None, **codes: str) -> None:
        """Write ``happening`` into the timeline and the audit, and announce it; codes are ids and words of ours."""
        case = self.case
        self.session.add(
            TimelineEntry(
                authority_id=case.authority_id,
                case_id=case.id,
                at=self.at,
                code=happening.value,
                by=self.by.value,
                viewers=sorted(viewers_of(happening)),
                codes=dict(codes),
            )
        )
        self.audited(happening.value, subject_id=subject_id, **codes)
        announce(
            self.session,
            CaseNews(
                happening=happening,
                authority_id=case.authority_id,
                case_id=case.id,
                provider_id=case.provider_id,
                at=self.at,
                by=self.by,
                codes=codes,
            ),
        )

    def audited(self, verb: str, *, subject_id: uuid.UUID | None = None, **codes: str) -> None:
        """Write an audit event without a timeline entry: for reads and for what is nobody else's news."""
        audit.record(
            self.session,
            at=self.at,
            actor=self.actor,
            action=f"case.{verb}",
            realm_id=scope_of(self.session).realm_id,
            subject_id=subject_id or self.case.id,
            case_id=self.case.id,
            codes=codes,
        )

    def move(self, state: CaseState, *, because: CloseReason | None = None) -> None:
        """Move the case on. Raises Conflict when it cannot go there from where it stands."""
        require_move(self.case.state, state)
        self.case.state = state
        self.case.state_since = self.at
        if state is CaseState.CLOSED:
            self.case.closed_at = self.at
            self.case.close_reason = because
        self.relist()
        entry = self._entry()
        entry.state = state
        entry.is_open = state is not CaseState.CLOSED
        if not entry.is_open:
            entry.attention = None
        entry.updated_at = self.at

    def relist(self) -> None:
        """Put the case into the council's list where it now belongs."""
        self.case.listed = council_list(self.case.state, told=self.case.council_told_at is not None)

    def start(self, clocks: Iterable[NewClock]) -> None:
        """Start clocks; one of the same code, party and person that still runs is stopped by its successor."""
        for clock in clocks:
            self._end(CaseClock.stopped_at.key, _succeeded_by(clock))
            self._add(clock)
        self._refresh_due()

    def start_beside(self, clock: NewClock) -> uuid.UUID:
        """Start a clock beside others of its code, for one of several things that are due; return its id."""
        started = self._add(clock)
        self._refresh_due()
        return started.id

    def meet_one(self, clock_id: uuid.UUID) -> None:
        """Mark one clock as met, whatever else of its code is due. One that ended already is left as it is."""
        for clock in [clock for clock in self.running() if clock.id == clock_id]:
            clock.met_at = self.at
            self.running().remove(clock)
        self._refresh_due()

    def meet(self, *codes: ClockCode) -> None:
        """Mark running clocks of these codes as met."""
        self._end(CaseClock.met_at.key, lambda row: row.code in codes)
        self._refresh_due()

    def meet_for_party(self, party_id: uuid.UUID, code: ClockCode) -> None:
        """Mark one party's running clock of this code as met; what others owe runs on."""
        self._end(CaseClock.met_at.key, lambda row: row.code is code and row.party_id == party_id)
        self._refresh_due()

    def meet_for_member(self, member_id: uuid.UUID, code: ClockCode) -> None:
        """Mark one person's running clock of this code as met; what others were asked runs on."""
        self._end(CaseClock.met_at.key, lambda row: row.code is code and row.member_id == member_id)
        self._refresh_due()

    def reopen_one(self, clock_id: uuid.UUID) -> None:
        """Let a clock that was met run again: what it asked for is not done after all."""
        clock = self.session.get_one(CaseClock, (self.case.authority_id, clock_id))
        if clock.met_at is not None and clock.stopped_at is None:
            running = self.running()
            clock.met_at = None
            running.append(clock)
            self._refresh_due()

    def stop(self, *codes: ClockCode) -> None:
        """Stop running clocks of these codes: what they asked for is no longer due."""
        self._end(CaseClock.stopped_at.key, lambda row: row.code in codes)
        self._refresh_due()

    def stop_for_party(self, party_id: uuid.UUID) -> None:
        """Stop every clock of one party's own, paused ones too: nothing is asked of it any more."""
        for clock in self._paused():
            if clock.party_id == party_id:
                clock.stopped_at = self.at
        self._end(CaseClock.stopped_at.key, lambda row: row.party_id == party_id)
        self._refresh_due()

    def stop_all(self) -> None:
        """Stop what the service itself asked for; the dates of the law run on whatever happens here."""
        self.stop(*(code for code in ClockCode if code not in STATUTORY))

    @property
    def on_hold(self) -> bool:
        """Tell whether a case that had begun waits for its young person's own yes: while the date of that runs."""
        return self._hold() is not None

    def put_on_hold(self, until_answered: NewClock) -> None:
        """Start the date for a young person's own yes; what is asked of others is paused as long as it runs.

        What is started meanwhile is paused too.
        """
        self.start([until_answered])
        for clock in [clock for clock in self.running() if clock.code in PAUSED]:
            self._pause(clock)
        self._refresh_due()

    def go_on(self, holidays: Collection[dt.date]) -> None:
        """Meet that date, and start again what was paused, each with the days that it has been paused for added.

        A date that would then fall on no working day moves on to the next; ``holidays`` are England's.
        """
        paused = [(clock, self._days_paused(clock)) for clock in self._paused()]
        self.meet(ClockCode.YOUNG_PERSON_BY)
        for clock, days in paused:
            due_on = add_working_days(clock.due_on + dt.timedelta(days=days - 1), 1, holidays)
            self._add(
                NewClock(
                    code=clock.code,
                    basis=clock.basis,
                    binds=Viewer(clock.binds),
                    due_on=due_on,
                    party_id=clock.party_id,
                    member_id=clock.member_id,
                )
            )
        self._refresh_due()

    def require_going_on(self) -> None:
        """Raise Conflict while the case is on hold: nothing new is shared in it, and nobody is asked to meet."""
        if self.on_hold:
            raise Conflict(
                "The case waits for the young person’s own yes. This can be done once they have given it.",
                code="waits-for-young-person",
            )

    def _add(self, clock: NewClock) -> CaseClock:
        started = CaseClock(
            authority_id=self.case.authority_id,
            case_id=self.case.id,
            code=clock.code,
            basis=clock.basis,
            binds=clock.binds.value,
            party_id=clock.party_id,
            member_id=clock.member_id,
            due_on=clock.due_on,
            started_at=self.at,
        )
        self.session.add(started)
        self.running().append(started)
        if clock.code in PAUSED and self.on_hold:
            self._pause(started)
        return started

    def _hold(self) -> CaseClock | None:
        """Return the date that the case is on hold until, None where it is not."""
        if self.case.state is CaseState.WAITING_FOR_YOUNG_PERSON:
            return None
        return next((clock for clock in self.running() if clock.code is ClockCode.YOUNG_PERSON_BY), None)

    def _pause(self, clock: CaseClock) -> None:
        """Stop a clock as of when the hold began: that is what tells it from one that is no longer due."""
        hold = self._hold()
        clock.stopped_at = hold.started_at if hold is not None else self.at
        self.running().remove(clock)

    def _paused(self) -> list[CaseClock]:
        hold = self._hold()
        if hold is None:
            return []
        return list(
            self.session.scalars(
                select(CaseClock).where(
                    CaseClock.authority_id == self.case.authority_id,
                    CaseClock.case_id == self.case.id,
                    CaseClock.code.in_(PAUSED),
                    CaseClock.stopped_at == hold.started_at,
                )
            )
        )

    def _days_paused(self, clock: CaseClock) -> int:
        """Return for how many days a paused clock has stood still: since the hold began, or since it was started."""
        hold = self._hold()
        since = max(clock.started_at, hold.started_at) if hold is not None else self.at
        return (london_date(self.at) - london_date(since)).days

    def _end(self, how: str, which: Callable[[CaseClock], bool]) -> None:
        """End the running clocks that ``which`` picks."""
        for clock in [clock for clock in self.running() if which(clock)]:
            setattr(clock, how, self.at)
            self.running().remove(clock)

    def running(self) -> list[CaseClock]:
        """Return the case's clocks that are neither met nor stopped."""
        if self.clocks is None:
            self.clocks = running_clocks(self.session, self.case)
        return self.clocks

    def _entry(self) -> WorklistEntry:
        if self.entry is None:
            self.entry = worklist_entry(self.session, self.case)
        return self.entry

    def _refresh_due(self) -> None:
        running = [(clock.code, clock.binds, clock.due_on) for clock in self.running()]
        # On hold nothing is due from either; what it waits for stands in their lists instead.
        nothing = (ClockCode.YOUNG_PERSON_BY if self.on_hold else None, NEVER)
        council, provider = (
            None if self.on_hold else next_due(running, binds) for binds in (COUNCIL_BINDS, PROVIDER_BINDS)
        )
        self.case.next_due_code, self.case.next_due_on = council or nothing
        entry = self._entry()
        entry.next_due_code, entry.next_due_on = provider or nothing
        bases = {clock.code: clock.basis for clock in self.running()}
        entry.next_due_basis = bases[entry.next_due_code] if entry.next_due_code else None


def _succeeded_by(new: NewClock) -> Callable[[CaseClock], bool]:
    return lambda row: (row.code, row.party_id, row.member_id) == (new.code, new.party_id, new.member_id)


def running_clocks(session: Session, case: Case) -> list[CaseClock]:
    """Return the case's clocks that are neither met nor stopped."""
    return list(
        session.scalars(
            select(CaseClock).where(
                CaseClock.authority_id == case.authority_id,
                CaseClock.case_id == case.id,
                CaseClock.met_at.is_(None),
                CaseClock.stopped_at.is_(None),
            )
        )
    )


def worklist_entry(session: Session, case: Case) -> WorklistEntry:
    """Return the case's row in its provider's list."""
    entry = session.get(WorklistEntry, (case.provider_id, case.authority_id, case.id))
    if entry is None:
        raise NotFound
    return entry


def begin_act(
    session: Session, *, actor: Actor, by: Viewer, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID
) -> Act:
    """Return the frame of an act on the case, which stays locked until the transaction ends. Raises NotFound."""
    case = case_for_update(session, authority_id, case_id)
    return Act(session=session, case=case, actor=actor, by=by, at=at)


def case_for_update(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> Case:
    """Return the case, locked until the transaction ends. Raises NotFound where the walls show none."""
    # Read anew: a page may have read the case before it was locked, and somebody else may have changed it since.
    case = session.scalar(
        select(Case)
        .where(Case.authority_id == authority_id, Case.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound
    return case

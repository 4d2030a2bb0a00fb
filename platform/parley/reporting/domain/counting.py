"""From what happened in cases to counts: into which quarter and contract each thing falls. Pure.

What happened counts in the quarter in which it happened; what fell due, in the quarter of its day. So the counts of a
quarter that is over do not change any more, whatever becomes of its cases; only how long it took is known later for
what is done late. Days are those of the calendar in England.
"""

import dataclasses
import datetime as dt
import statistics
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import (
    AnswerValue,
    Channel,
    ClockBasis,
    ClockCode,
    CloseReason,
    DeclineReason,
    PartyKind,
)
from parley.kernel.clock import london_date
from parley.meetings.domain import AskedBy
from parley.reporting.domain.measures import ANSWERING, DEADLINES, Kept, Measure, figure_key
from parley.reporting.domain.quarters import Quarter, quarter_of
from parley.reporting.domain.suppression import SMALLEST_SHOWN


@dataclasses.dataclass(frozen=True, kw_only=True)
class DueDate:
    """Something that was due in a case by the London date ``due_on``, and how it ended, if it did."""

    code: ClockCode
    basis: ClockBasis
    due_on: dt.date
    started_at: dt.datetime
    met_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PartyReply:
    """A party's yes or no; of one that changed its mind, the newest."""

    kind: PartyKind
    value: AnswerValue
    reason: DeclineReason | None
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeldMeeting:
    """A meeting that was held, by when its outcome was due, and whether somebody came who could decide."""

    began_at: dt.datetime
    outcome_due_on: dt.date
    outcome_basis: ClockBasis
    recorded_at: dt.datetime | None = None
    decider_present: bool | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """What a meeting came to."""

    kind: OutcomeKind
    recorded_at: dt.datetime
    actions: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What is counted of one case: moments and codes, nothing of a person.

    ``holders`` are the providers it was handed to, oldest first, each with the moment; a case without any never left
    the family, and is not counted.
    """

    holders: tuple[tuple[dt.datetime, uuid.UUID], ...]
    channel: Channel
    areas: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    council_told_at: dt.datetime | None = None
    agreed_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    close_reason: CloseReason | None = None
    due_dates: tuple[DueDate, ...] = ()
    replies: tuple[PartyReply, ...] = ()
    put_off: tuple[tuple[dt.datetime, AskedBy], ...] = ()
    held: tuple[HeldMeeting, ...] = ()
    """Oldest first."""
    results: tuple[Result, ...] = ()

    def holder_on(self, day: dt.date) -> uuid.UUID:
        """Return the provider that had the case at the end of ``day``; before there was one, the first."""
        had = [provider for at, provider in self.holders if london_date(at) <= day]
        return had[-1] if had else self.holders[0][1]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Counted:
    """One thing that counts: what, on which London date, with which provider, and the part of each breakdown.

    ``days`` is how long it took, where that is measured; ``basis`` what its due date rests on.
    """

    measure: Measure
    on: dt.date
    provider_id: uuid.UUID
    parts: tuple[str, ...] = ()
    days: int | None = None
    basis: ClockBasis | None = None
    count: int = 1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tally:
    """The counts of one contract in one quarter, by ``figure_key``; what is absent is nought.

    ``median_days`` has the middle of the days that a measure took, where enough were measured to point at nobody.
    ``bases`` says what the due dates that a measure counts rest on.
    """

    counts: Mapping[str, int]
    median_days: Mapping[str, float]
    bases: Mapping[str, list[str]]


def tally(cases: Iterable[CaseFacts], on: dt.date) -> dict[tuple[uuid.UUID, Quarter], Tally]:
    """Return, by provider and quarter, what counts up to the London date ``on``."""
    sorted_out: dict[tuple[uuid.UUID, Quarter], list[Counted]] = defaultdict(list)
    for case in cases:
        for one in counted(case, on):
            if one.on <= on:
                sorted_out[one.provider_id, quarter_of(one.on)].append(one)
    return {key: _tally(found) for key, found in sorted_out.items()}


def _tally(found: list[Counted]) -> Tally:
    counts: Counter[str] = Counter()
    days: dict[str, list[int]] = defaultdict(list)
    bases: dict[str, set[str]] = defaultdict(set)
    for one in found:
        for part in ("", *one.parts):
            counts[figure_key(one.measure, part)] += one.count
        if one.days is not None:
            days[one.measure].append(one.days)
        if one.basis is not None:
            bases[one.measure].add(one.basis.value)
    return Tally(
        counts=dict(counts),
        median_days={name: statistics.median(all_) for name, all_ in days.items() if len(all_) >= SMALLEST_SHOWN},
        bases={name: sorted(known) for name, known in bases.items()},
    )


def counted(case: CaseFacts, on: dt.date) -> Iterator[Counted]:
    """Yield everything in ``case`` that counts, as it stands on the London date ``on``."""
    if not case.holders:
        return
    asked_on = london_date(case.holders[0][0])
    yield Counted(
        measure=Measure.REQUESTS,
        on=asked_on,
        provider_id=case.holder_on(asked_on),
        parts=(case.channel.value, _area(case.areas), _with_whom(case.against)),
    )
    yield from _deadlines(case, on)
    yield from _replies(case)
    yield from _meetings(case, on)
    yield from _results(case, asked_on)
    if case.closed_at is not None and case.close_reason is not None:
        ended_on = london_date(case.closed_at)
        yield Counted(
            measure=Measure.ENDED,
            on=ended_on,
            provider_id=case.holder_on(ended_on),
            parts=(case.close_reason.value,),
            days=(ended_on - asked_on).days,
        )


def kept_or_late(due_on: dt.date, met: dt.date | None, stopped: dt.date | None, on: dt.date) -> Kept | None:
    """Return whether a date was kept, as its own day ended; None where it does not count (yet).

    Done on the day itself is in time. What was no longer asked for by the end of its day was not due; what was done, or
    dropped, only afterwards was late. ``met`` and ``stopped`` are the London dates on which it was done or dropped.
    """
    if met is not None and met <= due_on:
        return Kept.KEPT
    if stopped is not None and stopped <= due_on:
        return None
    return Kept.LATE if due_on < on else None


def _deadlines(case: CaseFacts, on: dt.date) -> Iterator[Counted]:
    for due in case.due_dates:
        if due.code not in DEADLINES:
            continue
        met = london_date(due.met_at) if due.met_at else None
        stopped = london_date(due.stopped_at) if due.stopped_at else None
        kept = kept_or_late(due.due_on, met, stopped, on)
        if kept is not None:
            yield Counted(
                measure=DEADLINES[due.code],
                on=due.due_on,
                provider_id=case.holder_on(due.due_on),
                parts=(kept.value,),
                days=(met - london_date(due.started_at)).days if met else None,
                basis=due.basis,
            )


def _replies(case: CaseFacts) -> Iterator[Counted]:
    for reply in case.replies:
        on = london_date(reply.at)
        agreed = reply.value is AnswerValue.AGREED
        if reply.kind is PartyKind.LOCAL_AUTHORITY:
            part = "agreed" if agreed else f"declined_{reply.reason or DeclineReason.OTHER}"
            told = london_date(case.council_told_at) if case.council_told_at else None
            yield Counted(
                measure=Measure.COUNCIL_ANSWERS,
                on=on,
                provider_id=case.holder_on(on),
                parts=(part,),
                days=(on - told).days if told else None,
            )
        elif reply.kind in ANSWERING:
            part = f"{reply.kind}_{'agreed' if agreed else 'declined'}"
            yield Counted(measure=Measure.OTHER_ANSWERS, on=on, provider_id=case.holder_on(on), parts=(part,))


def _meetings(case: CaseFacts, on: dt.date) -> Iterator[Counted]:
    for moment, asked_by in case.put_off:
        day = london_date(moment)
        yield Counted(
            measure=Measure.MEETINGS_PUT_OFF, on=day, provider_id=case.holder_on(day), parts=(f"by_{asked_by}",)
        )
    agreed_on = london_date(case.agreed_at) if case.agreed_at else None
    for number, meeting in enumerate(case.held):
        day = london_date(meeting.began_at)
        is_first = number == 0
        yield Counted(
            measure=Measure.MEETINGS_HELD,
            on=day,
            provider_id=case.holder_on(day),
            parts=("first" if is_first else "further", _decider(meeting.decider_present)),
            days=(day - agreed_on).days if is_first and agreed_on else None,
        )
        recorded = london_date(meeting.recorded_at) if meeting.recorded_at else None
        ended = london_date(case.closed_at) if case.closed_at else None
        kept = kept_or_late(meeting.outcome_due_on, recorded, ended, on)
        if kept is not None:
            yield Counted(
                measure=Measure.OUTCOME_DUE,
                on=meeting.outcome_due_on,
                provider_id=case.holder_on(meeting.outcome_due_on),
                parts=(kept.value,),
                days=(recorded - day).days if recorded else None,
                basis=meeting.outcome_basis,
            )


def _results(case: CaseFacts, asked_on: dt.date) -> Iterator[Counted]:
    for result in case.results:
        on = london_date(result.recorded_at)
        provider = case.holder_on(on)
        yield Counted(
            measure=Measure.OUTCOMES,
            on=on,
            provider_id=provider,
            parts=(result.kind.value,),
            days=(on - asked_on).days,
        )
        if result.actions:
            yield Counted(measure=Measure.ACTIONS_AGREED, on=on, provider_id=provider, count=result.actions)


def _area(areas: tuple[str, ...]) -> str:
    if len(areas) != 1:
        return "area_several" if areas else "area_none"
    return f"area_{areas[0].lower()}" if areas[0] in {"A", "B", "C"} else "area_other"


_WITH = {
    (PartyKind.LOCAL_AUTHORITY,): "with_council",
    (PartyKind.SETTING,): "with_setting",
    (PartyKind.ICB,): "with_health",
    (): "with_nobody_named",
}


def _with_whom(against: tuple[str, ...]) -> str:
    return _WITH.get(tuple(PartyKind(kind) for kind in against), "with_several")


def _decider(present: bool | None) -> str:
    return {True: "decider_present", False: "decider_absent", None: "decider_not_recorded"}[present]

"""What counts, in which quarter and for whom: worked out by hand, case by case."""

import datetime as dt
import uuid
from typing import Any

import pytest

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
from parley.meetings.domain import AskedBy
from parley.reporting.domain.counting import (
    CaseFacts,
    Counted,
    DueDate,
    HeldMeeting,
    PartyReply,
    Result,
    counted,
    kept_or_late,
    tally,
)
from parley.reporting.domain.measures import BREAKDOWNS, Kept, Measure, breakdowns
from parley.reporting.domain.quarters import Quarter

D = dt.date
ON = D(2026, 11, 24)
FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)
SUMMER, AUTUMN = Quarter(D(2026, 7, 1)), Quarter(D(2026, 10, 1))


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """Return a moment of 2026, in UTC."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=dt.UTC)


def a_case(**facts: Any) -> CaseFacts:
    """Return a case that reached the first provider on 1 September, with ``facts``."""
    return CaseFacts(**{"holders": ((at(9, 1), FIRST),), "channel": Channel.ONLINE, **facts})


def of(measure: Measure, case: CaseFacts, on: dt.date = ON) -> list[Counted]:
    """Return what counts of ``measure`` in ``case``."""
    return [one for one in counted(case, on) if one.measure is measure]


def due(code: ClockCode, due_on: dt.date, **changes: Any) -> DueDate:
    """Return a due date that began on 1 September and runs, with ``changes``."""
    return DueDate(**{"code": code, "basis": ClockBasis.POLICY, "due_on": due_on, "started_at": at(9, 1), **changes})


@pytest.mark.parametrize(
    ("due_on", "met", "stopped", "expected"),
    [
        # By the day itself is in time, whatever came later.
        (D(2026, 9, 3), D(2026, 9, 3), None, Kept.KEPT),
        (D(2026, 9, 3), D(2026, 9, 2), D(2026, 9, 2), Kept.KEPT),
        (D(2026, 9, 3), D(2026, 9, 4), None, Kept.LATE),
        (D(2026, 9, 3), None, None, Kept.LATE),
        # Dropped by its day: not due. Dropped after: it was late by then.
        (D(2026, 9, 3), None, D(2026, 9, 3), None),
        (D(2026, 9, 3), None, D(2026, 9, 4), Kept.LATE),
        # Today is not over, and tomorrow is not here.
        (ON, None, None, None),
        (D(2026, 11, 23), None, None, Kept.LATE),
        (D(2026, 11, 25), None, None, None),
    ],
)
def test_a_date_is_kept_or_not_as_its_own_day_ends(
    due_on: dt.date, met: dt.date | None, stopped: dt.date | None, expected: Kept | None
) -> None:
    assert kept_or_late(due_on, met, stopped, ON) is expected


@pytest.mark.parametrize(
    ("code", "measure"),
    [
        (ClockCode.ACKNOWLEDGE_BY, Measure.ACKNOWLEDGE_DUE),
        (ClockCode.TELL_COUNCIL_BY, Measure.TELL_COUNCIL_DUE),
        (ClockCode.ANSWER_BY, Measure.COUNCIL_ANSWER_DUE),
        (ClockCode.HOLDING_UNTIL, Measure.PROMISED_ANSWER_DUE),
        (ClockCode.INVITE_BY, Measure.INVITE_DUE),
        (ClockCode.ARRANGE_BY, Measure.ARRANGE_DUE),
        (ClockCode.ACTION_BY, Measure.ACTIONS_DUE),
    ],
)
def test_what_was_due_counts_on_its_day_with_the_days_it_took(code: ClockCode, measure: Measure) -> None:
    case = a_case(due_dates=(due(code, D(2026, 10, 2), met_at=at(9, 30)),))
    assert of(measure, case) == [
        Counted(
            measure=measure,
            on=D(2026, 10, 2),
            provider_id=FIRST,
            parts=("kept",),
            days=29,
            basis=ClockBasis.POLICY,
        )
    ]


def test_a_date_of_the_law_and_a_question_to_the_family_are_no_measure() -> None:
    due_dates = tuple(due(code, D(2026, 9, 9)) for code in (ClockCode.APPEAL_BY, ClockCode.INFORMATION_BY))
    assert {one.measure for one in counted(a_case(due_dates=due_dates), ON)} == {Measure.REQUESTS}


def test_done_in_the_last_hour_of_its_day_in_england_is_in_time() -> None:
    # 22:59 UTC on 1 July is a minute to midnight in England; an hour later it is the second.
    in_time = due(ClockCode.ACKNOWLEDGE_BY, D(2026, 7, 1), started_at=at(6, 29), met_at=at(7, 1, 22, 59))
    late = due(ClockCode.ACKNOWLEDGE_BY, D(2026, 7, 1), started_at=at(6, 29), met_at=at(7, 1, 23, 1))
    case = a_case(due_dates=(in_time, late))
    assert [one.parts for one in of(Measure.ACKNOWLEDGE_DUE, case)] == [("kept",), ("late",)]


@pytest.mark.parametrize(
    ("areas", "against", "parts"),
    [
        (("A",), ("local_authority",), ("online", "area_a", "with_council")),
        (("B",), ("setting",), ("online", "area_b", "with_setting")),
        (("C",), ("icb",), ("online", "area_c", "with_health")),
        (("A", "B"), ("local_authority", "setting"), ("online", "area_several", "with_several")),
        (("open",), ("icb", "local_authority", "setting"), ("online", "area_other", "with_several")),
        ((), (), ("online", "area_none", "with_nobody_named")),
    ],
)
def test_a_request_counts_once_in_each_breakdown(
    areas: tuple[str, ...], against: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    [request] = of(Measure.REQUESTS, a_case(areas=areas, against=against))
    assert (request.on, request.parts) == (D(2026, 9, 1), parts)


def test_a_request_that_waits_for_a_young_person_counts_nowhere() -> None:
    said_no = a_case(holders=(), closed_at=at(9, 4), close_reason=CloseReason.YOUNG_PERSON_SAID_NO)
    assert list(counted(said_no, ON)) == []


def test_answers_count_when_they_were_given() -> None:
    replies = (
        PartyReply(kind=PartyKind.LOCAL_AUTHORITY, value=AnswerValue.AGREED, reason=None, at=at(9, 12)),
        PartyReply(kind=PartyKind.SETTING, value=AnswerValue.DECLINED, reason=None, at=at(9, 14)),
        PartyReply(kind=PartyKind.ICB, value=AnswerValue.AGREED, reason=None, at=at(9, 15)),
    )
    case = a_case(replies=replies, council_told_at=at(9, 2))
    [own] = of(Measure.COUNCIL_ANSWERS, case)
    assert (own.on, own.parts, own.days) == (D(2026, 9, 12), ("agreed",), 10)
    assert [one.parts for one in of(Measure.OTHER_ANSWERS, case)] == [("setting_declined",), ("icb_agreed",)]


@pytest.mark.parametrize(
    ("reason", "part"),
    [(DeclineReason.OUT_OF_SCOPE, "declined_out_of_scope"), (None, "declined_other")],
)
def test_a_no_of_the_council_says_why(reason: DeclineReason | None, part: str) -> None:
    reply = PartyReply(kind=PartyKind.LOCAL_AUTHORITY, value=AnswerValue.DECLINED, reason=reason, at=at(9, 12))
    assert [one.parts for one in of(Measure.COUNCIL_ANSWERS, a_case(replies=(reply,)))] == [(part,)]


def test_the_first_meeting_is_measured_from_the_day_everybody_agreed() -> None:
    held = tuple(
        HeldMeeting(
            began_at=moment,
            outcome_due_on=due_on,
            outcome_basis=ClockBasis.OUR_AIM,
            recorded_at=recorded,
            decider_present=present,
        )
        for moment, due_on, recorded, present in (
            (at(9, 28), D(2026, 10, 5), at(9, 30), True),
            (at(10, 20), D(2026, 10, 27), at(10, 30), None),
        )
    )
    case = a_case(held=held, agreed_at=at(9, 14))
    first, further = of(Measure.MEETINGS_HELD, case)
    assert (first.on, first.parts, first.days) == (D(2026, 9, 28), ("first", "decider_present"), 14)
    assert (further.on, further.parts, further.days) == (D(2026, 10, 20), ("further", "decider_not_recorded"), None)
    assert [(one.on, one.parts, one.days, one.basis) for one in of(Measure.OUTCOME_DUE, case)] == [
        (D(2026, 10, 5), ("kept",), 2, ClockBasis.OUR_AIM),
        (D(2026, 10, 27), ("late",), 10, ClockBasis.OUR_AIM),
    ]


def test_a_meeting_that_was_put_off_counts_when_it_was_by_whoever_wished_it() -> None:
    case = a_case(put_off=((at(9, 20), AskedBy.LOCAL_AUTHORITY), (at(10, 1), AskedBy.FAMILY)))
    assert [(one.on, one.parts) for one in of(Measure.MEETINGS_PUT_OFF, case)] == [
        (D(2026, 9, 20), ("by_local_authority",)),
        (D(2026, 10, 1), ("by_family",)),
    ]


def test_an_outcome_counts_with_its_actions_and_an_end_with_its_reason() -> None:
    case = a_case(
        results=(Result(kind=OutcomeKind.PARTIAL, recorded_at=at(9, 29), actions=3),),
        closed_at=at(10, 2),
        close_reason=CloseReason.COMPLETED,
    )
    [outcome] = of(Measure.OUTCOMES, case)
    [actions] = of(Measure.ACTIONS_AGREED, case)
    [end] = of(Measure.ENDED, case)
    assert (outcome.parts, outcome.days) == (("partial",), 28)
    assert actions.count == 3
    assert (end.on, end.parts, end.days) == (D(2026, 10, 2), ("completed",), 31)


def test_each_provider_of_a_changeover_counts_what_happened_while_it_had_the_case() -> None:
    """Asked of the first; handed over on 10 October; what fell due or happened on that day is the second's."""
    case = a_case(
        holders=((at(9, 28), FIRST), (at(10, 10), SECOND)),
        due_dates=(due(ClockCode.ACKNOWLEDGE_BY, D(2026, 9, 30)), due(ClockCode.ARRANGE_BY, D(2026, 10, 10))),
        results=(Result(kind=OutcomeKind.FULL, recorded_at=at(10, 30)),),
    )
    found = {(one.measure, one.provider_id) for one in counted(case, ON)}
    assert found == {
        (Measure.REQUESTS, FIRST),
        (Measure.ACKNOWLEDGE_DUE, FIRST),
        (Measure.ARRANGE_DUE, SECOND),
        (Measure.OUTCOMES, SECOND),
    }


def test_a_provider_that_kept_its_case_counts_it_after_its_contract() -> None:
    """A case stays with its provider when the contract ends: its quarter is then one in which no contract ran."""
    case = a_case(results=(Result(kind=OutcomeKind.FULL, recorded_at=at(10, 30)),))
    assert set(tally([case], ON)) == {(FIRST, SUMMER), (FIRST, AUTUMN)}


def test_a_tally_adds_up_and_gives_the_middle_of_the_days() -> None:
    def told(days: int) -> CaseFacts:
        met = at(9, 1) + dt.timedelta(days=days)
        return a_case(due_dates=(due(ClockCode.TELL_COUNCIL_BY, D(2026, 9, 4), met_at=met),))

    # 1, 2, 3 days are in time; 5, 9 and 30 are not. The middle of 1 2 3 5 9 30 is 4.
    found = tally([told(days) for days in (1, 2, 3, 5, 9, 30)], ON)[FIRST, SUMMER]
    assert found.counts["requests"] == 6
    assert found.counts["requests.online"] == 6
    assert (found.counts["tell_council_due"], found.counts["tell_council_due.kept"]) == (6, 3)
    assert found.median_days["tell_council_due"] == 4
    assert found.bases["tell_council_due"] == ["policy"]


def test_days_of_fewer_than_five_are_those_of_somebody() -> None:
    cases = [a_case(due_dates=(due(ClockCode.TELL_COUNCIL_BY, D(2026, 9, 4), met_at=at(9, 3)),))] * 4
    assert tally(cases, ON)[FIRST, SUMMER].median_days == {}


def test_the_parts_of_each_breakdown_add_up_to_the_measure() -> None:
    """Everything that counts names one part of each breakdown of its measure, and none that is not listed."""
    replies = tuple(
        PartyReply(kind=kind, value=value, reason=None, at=at(9, 12))
        for kind in PartyKind
        for value in (AnswerValue.AGREED, AnswerValue.DECLINED)
    )
    held = HeldMeeting(began_at=at(9, 28), outcome_due_on=D(2026, 10, 5), outcome_basis=ClockBasis.LAW)
    everything = [
        a_case(
            replies=replies,
            held=(held, held),
            put_off=tuple((at(9, 20), side) for side in AskedBy),
            results=tuple(Result(kind=kind, recorded_at=at(9, 29), actions=1) for kind in OutcomeKind),
            due_dates=tuple(due(code, D(2026, 9, 9)) for code in ClockCode),
            closed_at=at(10, 9),
            close_reason=reason,
        )
        for reason in CloseReason
        if reason is not CloseReason.YOUNG_PERSON_SAID_NO
    ]
    found = [one for case in everything for one in counted(case, ON)]
    assert {one.measure for one in found} == set(Measure)
    for one in found:
        listed = list(breakdowns(one.measure).values())
        assert len(one.parts) == len(listed)
        assert all(part in parts for part, parts in zip(one.parts, listed, strict=True))


def test_no_part_is_named_twice_in_a_measure() -> None:
    for measure, named in BREAKDOWNS.items():
        parts = [part for parts in named.values() for part in parts]
        assert len(parts) == len(set(parts)), measure

"""Reading what figures are counted from, and the figures themselves.

What is read of cases is moments and codes: no name, no text, nothing that a person wrote. All of it is read within the
scope of one council.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, Subquery, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from parley.casework.domain import AnswerValue, ClockBasis
from parley.casework.models import Answer, Case, CaseClock, Party, Referral, TimelineEntry
from parley.casework.timeline import Happening
from parley.kernel.clock import london_date
from parley.law.holidays import bank_holidays_around
from parley.meetings.domain import AskedBy, MeetingState
from parley.meetings.models import Meeting
from parley.outcomes.models import AgreedAction, Outcome
from parley.policy.defaults import response_time
from parley.policy.queries import policy_of_version
from parley.reporting.domain.counting import CaseFacts, DueDate, HeldMeeting, PartyReply, Result, Tally
from parley.reporting.domain.measures import DEADLINES
from parley.reporting.domain.publication import ContractQuarter
from parley.reporting.domain.quarters import Quarter, quarter_of, quarters_of_year
from parley.reporting.models import MeasureRow
from parley.tenancy.models import LocalAuthority, Provider

V = TypeVar("V")
_ByCase = Mapping[uuid.UUID, list[V]]


def case_facts(session: Session, authority_id: uuid.UUID, since: dt.datetime) -> list[CaseFacts]:
    """Return what is counted of every case of the council that was open at ``since`` or later."""
    cases = session.execute(_cases(authority_id, since)).all()
    chosen = _cases(authority_id, since).with_only_columns(Case.id).subquery()
    holders = _by_case(
        session, select(Referral.case_id, Referral.made_at, Referral.provider_id).order_by(Referral.made_at), chosen
    )
    due = _by_case(session, _due_dates(authority_id), chosen)
    replies = _by_case(session, _replies(authority_id), chosen)
    timeline = _by_case(session, _timeline(authority_id), chosen)
    results = _by_case(session, _results(authority_id), chosen)
    held = _held(session, authority_id, chosen, {case.id: case.policy_version_id for case in cases}, results)
    return [
        CaseFacts(
            holders=tuple((row.made_at, row.provider_id) for row in holders[case.id]),
            channel=case.channel,
            areas=tuple(case.areas),
            against=tuple(case.against),
            council_told_at=case.council_told_at,
            agreed_at=next((row.at for row in timeline[case.id] if row.code == Happening.EVERYONE_AGREED), None),
            closed_at=case.closed_at,
            close_reason=case.close_reason,
            due_dates=tuple(_due_date(row) for row in due[case.id]),
            replies=tuple(PartyReply(kind=r.kind, value=r.value, reason=r.reason, at=r.at) for r in replies[case.id]),
            put_off=tuple((row.at, AskedBy(row.asked_by)) for row in timeline[case.id] if row.asked_by),
            held=tuple(held[case.id]),
            results=tuple(Result(kind=r.kind, recorded_at=r.at, actions=r.actions) for r in results[case.id]),
        )
        for case in cases
    ]


def first_quarter(session: Session, authority_id: uuid.UUID) -> Quarter | None:
    """Return the quarter in which the council's first case reached a provider, or None when none did yet."""
    first = session.scalar(select(func.min(Referral.made_at)).where(Referral.authority_id == authority_id))
    return quarter_of(london_date(first)) if first else None


def council_figures(session: Session, authority_id: uuid.UUID, year: int) -> list[ContractQuarter]:
    """Return what was counted for the council in one financial year."""
    return _figures(session, select(MeasureRow).where(MeasureRow.authority_id == authority_id), year)


def region_figures(session: Session, year: int) -> list[ContractQuarter]:
    """Return what was counted in one financial year for the councils of the region that the session is scoped to."""
    return _figures(session, select(MeasureRow), year)


def years_counted(session: Session) -> list[int]:
    """Return the financial years of which the session's scope shows figures, newest first."""
    found = session.scalars(select(MeasureRow.quarter_begins).distinct())
    return sorted({Quarter(begins).year for begins in found}, reverse=True)


def provider_names(session: Session) -> dict[uuid.UUID, str]:
    """Return what each provider is called."""
    return {row.id: row.name for row in session.execute(select(Provider.id, Provider.name))}


def councils_of_region(session: Session, region_id: uuid.UUID) -> list[tuple[uuid.UUID, str, str]]:
    """Return id, name and GSS code of each council of the region, by name."""
    rows = session.execute(
        select(LocalAuthority.id, LocalAuthority.name, LocalAuthority.gss_code)
        .where(LocalAuthority.region_id == region_id)
        .order_by(LocalAuthority.name)
    )
    return [(row.id, row.name, row.gss_code) for row in rows]


def _figures(session: Session, rows: Select[MeasureRow], year: int) -> list[ContractQuarter]:
    begins = [quarter.begins for quarter in quarters_of_year(year)]
    return [
        ContractQuarter(
            authority_id=row.authority_id,
            commission_id=row.commission_id,
            provider_id=row.provider_id,
            quarter=Quarter(row.quarter_begins),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            tally=Tally(counts=row.counts, median_days=row.median_days, bases=row.bases),
            counted_at=row.counted_at,
        )
        for row in session.scalars(rows.where(MeasureRow.quarter_begins.in_(begins)))
    ]


def _cases(authority_id: uuid.UUID, since: dt.datetime) -> Select[*tuple[Any, ...]]:
    return select(
        Case.id,
        Case.policy_version_id,
        Case.channel,
        Case.areas,
        Case.against,
        Case.council_told_at,
        Case.closed_at,
        Case.close_reason,
    ).where(Case.authority_id == authority_id, or_(Case.closed_at.is_(None), Case.closed_at >= since))


def _by_case(session: Session, rows: Select[*tuple[Any, ...]], chosen: Subquery) -> _ByCase[Any]:
    """Return the rows of the chosen cases, by case, in the order in which they were asked for."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in session.execute(rows.where(rows.selected_columns.case_id.in_(select(chosen.c.id)))):
        found[row.case_id].append(row)
    return found


def _due_dates(authority_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    return select(
        CaseClock.case_id,
        CaseClock.code,
        CaseClock.basis,
        CaseClock.due_on,
        CaseClock.started_at,
        CaseClock.met_at,
        CaseClock.stopped_at,
    ).where(CaseClock.authority_id == authority_id, CaseClock.code.in_(DEADLINES))


def _due_date(row: Any) -> DueDate:
    return DueDate(
        code=row.code,
        basis=row.basis,
        due_on=row.due_on,
        started_at=row.started_at,
        met_at=row.met_at,
        stopped_at=row.stopped_at,
    )


def _replies(authority_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    # Not yet is no answer; of a party that changed its mind the newest counts.
    return (
        select(Answer.case_id, Answer.value, Answer.reason, Answer.answered_at.label("at"), Party.kind)
        .join(Party, (Party.authority_id == Answer.authority_id) & (Party.id == Answer.party_id))
        .where(Answer.authority_id == authority_id, Answer.value != AnswerValue.HOLDING)
        .ext(distinct_on(Answer.party_id))
        .order_by(Answer.party_id, Answer.answered_at.desc())
    )


def _timeline(authority_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    putting_off = (Happening.MEETING_MOVED, Happening.MEETING_CANCELLED)
    return (
        select(
            TimelineEntry.case_id,
            TimelineEntry.at,
            TimelineEntry.code,
            TimelineEntry.codes["asked_by"].astext.label("asked_by"),
        )
        .where(
            TimelineEntry.authority_id == authority_id,
            TimelineEntry.code.in_([Happening.EVERYONE_AGREED, *putting_off]),
        )
        .order_by(TimelineEntry.at)
    )


def _results(authority_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    actions = (
        select(func.count())
        .where(AgreedAction.authority_id == authority_id, AgreedAction.outcome_id == Outcome.id)
        .scalar_subquery()
    )
    return select(
        Outcome.case_id,
        Outcome.meeting_id,
        Outcome.kind,
        Outcome.recorded_at.label("at"),
        actions.label("actions"),
    ).where(Outcome.authority_id == authority_id)


def _held(
    session: Session,
    authority_id: uuid.UUID,
    chosen: Subquery,
    versions: Mapping[uuid.UUID, uuid.UUID],
    results: _ByCase[Any],
) -> _ByCase[HeldMeeting]:
    """Return the meetings that were held, oldest first, each with the day by which its outcome was due.

    That day is counted by the rules that the case began under, as every date of a case is.
    """
    found: dict[uuid.UUID, list[HeldMeeting]] = defaultdict(list)
    rows = select(Meeting.case_id, Meeting.id, Meeting.begins_at, Meeting.decision_maker_present).where(
        Meeting.authority_id == authority_id, Meeting.state == MeetingState.HELD
    )
    for case_id, meetings in _by_case(session, rows.order_by(Meeting.begins_at), chosen).items():
        rule = response_time(policy_of_version(session, authority_id, versions[case_id]), "outcome")
        recorded = {row.meeting_id: row.at for row in results[case_id]}
        for row in meetings:
            day = london_date(row.begins_at)
            found[case_id].append(
                HeldMeeting(
                    began_at=row.begins_at,
                    outcome_due_on=rule.due(day, bank_holidays_around(day)),
                    outcome_basis=ClockBasis(rule.basis.value),
                    recorded_at=recorded.get(row.id),
                    decider_present=row.decision_maker_present,
                )
            )
    return found

"""What is counted of cases as they are stored, and what is kept of it."""

import datetime as dt

import psycopg

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import AnswerValue, CaseState, ClockCode, CloseReason, DeclineReason, PartyKind, Viewer
from parley.casework.models import Answer, CaseClock, Party, Referral
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.kernel.ids import new_id
from parley.outcomes.service import record_nothing_agreed
from parley.reporting.models import MeasureRow
from parley.tenancy.domain import Authority, ContractStanding, ProviderOrganisation
from support.factories import NOW, Factory, MadeCase
from support.family import served_council
from support.figures import asked_on, count_now, counts_of
from support.outcomes import held_meeting
from support.staff import start_clock, told_case

SPRING, SUMMER, AUTUMN = dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1)
DAY = dt.timedelta(days=1)


def a_council(make: Factory, **contract: dt.date) -> tuple[Authority, ProviderOrganisation]:
    """Return a council and the provider it commissions between the days of ``contract``."""
    authority, provider = make.authority(), make.provider()
    make.commission(authority, provider, **contract)
    return authority, provider


def test_requests_count_in_the_quarter_in_which_they_reached_the_provider(make: Factory, database: Database) -> None:
    authority, provider = a_council(make)
    asked_on(make, authority, provider, dt.date(2026, 9, 30), dt.date(2026, 9, 30), dt.date(2026, 10, 1))
    count_now(database, authority)
    found = counts_of(database, authority)
    assert found[provider.id, SUMMER]["requests"] == 2
    assert found[provider.id, AUTUMN]["requests"] == 1
    assert found[provider.id, AUTUMN]["requests.with_council"] == 1


def test_one_that_waits_for_a_young_person_is_not_counted(make: Factory, database: Database) -> None:
    authority, provider = a_council(make)
    asked_on(make, authority, provider, NOW.date(), state=CaseState.WAITING_FOR_YOUNG_PERSON)
    count_now(database, authority)
    assert counts_of(database, authority) == {(provider.id, AUTUMN): {}}


def test_a_case_is_counted_from_its_request_to_what_came_of_it(make: Factory, database: Database) -> None:
    """Through the use cases themselves: told, answered late, met today, nothing agreed."""
    council = served_council(make)
    made = told_case(make, council, state=CaseState.MEETING_HELD, due_in=None)
    start_clock(make, made, ClockCode.ANSWER_BY, -3)
    start_clock(make, made, ClockCode.ACKNOWLEDGE_BY, 2, binds=Viewer.PROVIDER)
    held = held_meeting(make, database, made)
    _answered(database, made, held.school, at=NOW - 20 * DAY)
    with database.begin(made.provider_scope) as session:
        act = Act(
            session=session,
            case=case_for_update(session, made.authority.id, made.id),
            actor=held.coordinator,
            by=Viewer.PROVIDER,
            at=NOW - 19 * DAY,
        )
        act.happened(Happening.EVERYONE_AGREED)
        act.happened(Happening.MEETING_MOVED, asked_by="family")
        session.commit()
        record_nothing_agreed(
            session,
            actor=held.coordinator,
            at=NOW,
            authority_id=made.authority.id,
            case_id=made.id,
            meeting_id=held.meeting_id,
        )
    count_now(database, made.authority, at=NOW + 14 * DAY)
    found = counts_of(database, made.authority)[council.provider.id, AUTUMN]
    assert {name: count for name, count in found.items() if "." in name and not name.startswith("requests")} == {
        "council_answer_due.late": 1,
        "acknowledge_due.late": 1,
        "council_answers.declined_out_of_scope": 1,
        "other_answers.setting_agreed": 1,
        "meetings_held.first": 1,
        "meetings_held.decider_present": 1,
        "meetings_put_off.by_family": 1,
        "outcome_due.kept": 1,
        f"outcomes.{OutcomeKind.NONE}": 1,
    }


def _answered(database: Database, made: MadeCase, school: object, *, at: dt.datetime) -> None:
    """Let the council promise an answer, agree, and then say no; and the school agree."""
    given = (
        (made.council, AnswerValue.HOLDING, None, 0),
        (made.council, AnswerValue.AGREED, None, 1),
        (made.council, AnswerValue.DECLINED, DeclineReason.OUT_OF_SCOPE, 2),
        (school, AnswerValue.AGREED, None, 3),
    )
    with database.begin(made.authority_scope) as session:
        session.add_all(
            Answer(
                authority_id=made.authority.id,
                case_id=made.id,
                party_id=party,
                value=value,
                reason=reason,
                answered_at=at + days * DAY,
            )
            for party, value, reason, days in given
        )
        session.commit()


def test_a_changeover_gives_each_provider_its_own_days(make: Factory, database: Database) -> None:
    """The contract changes on 16 August; a case of the first is handed over on 1 October, and ends with the second."""
    authority, first = a_council(make, ends_on=dt.date(2026, 8, 15))
    second = make.provider()
    make.commission(authority, second, starts_on=dt.date(2026, 8, 16))
    [moved, stayed] = asked_on(
        make,
        authority,
        first,
        dt.date(2026, 8, 14),
        dt.date(2026, 8, 15),
        state=CaseState.CLOSED,
        closed_at=dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC),
        close_reason=CloseReason.COMPLETED,
    )
    asked_on(make, authority, second, dt.date(2026, 8, 17))
    with database.begin(moved.authority_scope) as session:
        handed_over = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)
        session.add(_referral(moved, second, handed_over))
        session.commit()
    count_now(database, authority)
    found = counts_of(database, authority)
    assert found[first.id, SUMMER]["requests"] == 2
    assert found[second.id, SUMMER]["requests"] == 1
    # The first has a row after its contract, because of the case that stayed with it.
    assert found[first.id, AUTUMN]["ended"] == 1
    assert found[second.id, AUTUMN]["ended"] == 1
    assert stayed.provider == first


def _referral(made: MadeCase, to: ProviderOrganisation, at: dt.datetime) -> Referral:
    return Referral(
        authority_id=made.authority.id, case_id=made.id, provider_id=to.id, state="submitted", made_at=at, id=new_id()
    )


def test_a_contract_has_a_row_for_each_quarter_in_which_it_ran(make: Factory, database: Database) -> None:
    authority, provider = a_council(make)
    ended, later, unsure = make.provider(), make.provider(), make.provider()
    make.commission(authority, ended, ends_on=dt.date(2026, 9, 30))
    make.commission(authority, later, starts_on=dt.date(2027, 1, 1))
    make.commission(authority, unsure, standing=ContractStanding.TO_BE_CONFIRMED)
    asked_on(make, authority, provider, dt.date(2026, 8, 3))
    count_now(database, authority)
    assert set(counts_of(database, authority)) == {
        (provider.id, SUMMER),
        (provider.id, AUTUMN),
        (ended.id, SUMMER),
    }


def test_a_quarter_is_counted_anew_through_the_next_one_and_then_stands(
    make: Factory, database: Database, admin_url: str
) -> None:
    authority, provider = a_council(make)
    [spring, summer] = asked_on(make, authority, provider, dt.date(2026, 5, 4), dt.date(2026, 8, 3))
    count_now(database, authority, at=dt.datetime(2026, 9, 1, 2, tzinfo=dt.UTC))
    # Their records go, as those of a closed case do in time.
    with psycopg.connect(admin_url) as admin:
        admin.execute("DELETE FROM referral WHERE case_id = ANY(%s)", ([spring.id, summer.id],))
    count_now(database, authority, at=dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC))
    found = counts_of(database, authority)
    assert found[provider.id, SPRING] == {
        "requests": 1,
        "requests.online": 1,
        "requests.area_a": 1,
        "requests.with_council": 1,
    }
    assert found[provider.id, SUMMER] == {}


def test_counting_twice_changes_nothing(make: Factory, database: Database) -> None:
    authority, provider = a_council(make)
    asked_on(make, authority, provider, dt.date(2026, 8, 3), dt.date(2026, 11, 2))
    count_now(database, authority)
    before = counts_of(database, authority)
    count_now(database, authority)
    assert counts_of(database, authority) == before


def test_one_councils_cases_are_no_other_councils_figures(make: Factory, database: Database) -> None:
    authority, provider = a_council(make)
    other = make.authority()
    make.commission(other, provider)
    asked_on(make, other, provider, dt.date(2026, 11, 2))
    count_now(database, authority)
    assert counts_of(database, authority) == {(provider.id, AUTUMN): {}}
    assert counts_of(database, other) == {}


def test_no_row_holds_anything_of_a_case(make: Factory, database: Database) -> None:
    """Counts by name, and nothing else: no id of a case, no text that somebody wrote."""
    authority, provider = a_council(make)
    [made] = asked_on(make, authority, provider, dt.date(2026, 11, 2), child_name="Rowan Marsh")
    count_now(database, authority)
    with database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
        rows = [
            {column.name: str(getattr(row, column.name)) for column in MeasureRow.__table__.columns}
            for row in session.query(MeasureRow).where(MeasureRow.authority_id == authority.id)
        ]
    assert rows
    for row in rows:
        assert not [value for value in row.values() if str(made.id) in value or made.reference in value]
        assert "Rowan" not in str(row)


def test_parties_that_left_and_dates_of_the_law_change_nothing(make: Factory, database: Database) -> None:
    council = served_council(make)
    made = told_case(make, council, due_in=None)
    school = make.party(made, PartyKind.SETTING)
    with database.begin(made.authority_scope) as session:
        session.get_one(Party, (made.authority.id, school)).removed_at = NOW
        session.add(
            CaseClock(
                authority_id=made.authority.id,
                case_id=made.id,
                code=ClockCode.APPEAL_BY,
                basis="law",
                binds="family",
                due_on=NOW.date() - DAY,
                started_at=NOW - 5 * DAY,
            )
        )
        session.commit()
    count_now(database, made.authority)
    found = counts_of(database, made.authority)[council.provider.id, AUTUMN]
    assert {name.partition(".")[0] for name in found} == {"requests"}

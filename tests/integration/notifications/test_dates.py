"""Dates in law are brought to mind in time, and a missed clock is seen by all it concerns; each once."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from parley.casework.domain import Capacity, CaseState, ClockBasis, ClockCode, CloseReason, PartyKind, Viewer
from parley.casework.models import CaseClock, PartyMember, TimelineEntry
from parley.casework.timeline import Happening
from parley.db.scope import Login, platform_scope
from parley.jobs.domain import Attempt
from parley.notifications import queries, tasks
from parley.notifications.domain import Trouble
from support.factories import NOW, MadeCase
from support.post_office import PARENT, PostOffice

TODAY = NOW.date()
ONLY = Attempt(number=1, is_last=True)


def start_clock(
    post: PostOffice,
    case: MadeCase,
    code: ClockCode,
    due_on: dt.date,
    *,
    binds: Viewer = Viewer.FAMILY,
    party_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Start a clock of ``case`` a month ago; return its id."""
    clock = CaseClock(
        authority_id=case.authority.id,
        case_id=case.id,
        code=code,
        basis=ClockBasis.LAW if binds is Viewer.FAMILY else ClockBasis.OUR_AIM,
        binds=binds.value,
        party_id=party_id,
        due_on=due_on,
        started_at=NOW - dt.timedelta(days=30),
    )
    with post.database.begin(case.authority_scope) as session:
        session.add(clock)
        session.commit()
    return clock.id


def look_at_dates(post: PostOffice, case: MadeCase) -> None:
    """Do what the hourly job does for the council of ``case``, and run what it leads to."""
    post.jobs.dates_of(ONLY, authority_id=str(case.authority.id))
    with post.open():
        post.run_due()


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def test_the_family_is_reminded_14_and_3_days_before_and_no_more(post: PostOffice) -> None:
    case = post.make.case()
    start_clock(post, case, ClockCode.ADVISER_BY, days(14))
    for day, letters in ((0, 1), (0, 1), (5, 1), (11, 2), (12, 2), (14, 2), (15, 2)):
        post.clock.advance(NOW + dt.timedelta(days=day) - post.clock.now())
        look_at_dates(post, case)
        assert len(post.inbox(PARENT)) == letters, day
    text = post.inbox(PARENT)[0].text
    assert "8 December 2026 is the last day to contact a mediation adviser" in text
    assert "does not stop it, does not extend it" in text


def test_a_family_without_email_is_reminded_by_a_coordinator(post: PostOffice) -> None:
    case = post.make.case()
    with post.database.begin(case.authority_scope) as session:
        session.get_one(PartyMember, (case.authority.id, case.parent)).email = ""
        session.commit()
    start_clock(post, case, ClockCode.APPEAL_BY, days(3))
    look_at_dates(post, case)
    with post.database.begin(case.provider_scope) as session:
        (task,) = tasks.open_tasks(session, provider_id=case.provider.id, on=NOW.date())
    assert task.words == "Tell the family: a date in law is near; this service does not stop or extend it"


@pytest.mark.parametrize(("reason", "reminded"), [(CloseReason.NOT_PROCEEDING, 1), (CloseReason.WITHDRAWN, 0)])
def test_a_no_does_not_end_reminders_but_withdrawing_does(post: PostOffice, reason: CloseReason, reminded: int) -> None:
    case = post.make.case(state=CaseState.CLOSED, close_reason=reason)
    start_clock(post, case, ClockCode.APPEAL_BY, days(3))
    look_at_dates(post, case)
    assert len(post.inbox(PARENT)) == reminded


def test_a_missed_clock_is_seen_by_the_family_the_administrator_and_the_operator_once(post: PostOffice) -> None:
    case = post.make.case()
    start_clock(post, case, ClockCode.ACKNOWLEDGE_BY, days(-1), binds=Viewer.PROVIDER)
    for _ in range(2):
        look_at_dates(post, case)
    (to_family,) = post.inbox(PARENT)
    assert "should have confirmed by now" in to_family.text
    (to_administrator,) = post.inbox(case.provider.profile["mailbox"])
    assert "To the service manager: this request was not acknowledged in time." in to_administrator.text
    with post.database.begin(case.authority_scope) as session:
        entries = session.scalars(select(TimelineEntry).where(TimelineEntry.case_id == case.id)).all()
    assert [(entry.code, entry.codes) for entry in entries] == [("clock_missed", {"clock": "acknowledge_by"})]
    with post.database.begin(platform_scope(Login.OPERATOR)) as session:
        assert queries.troubles_since(session, TODAY)[case.authority.id, Trouble.CLOCK_MISSED] == 1


SCHOOL, ICB = "sam@school.invalid", "kim@icb.invalid"


def agreed_case(post: PostOffice) -> tuple[MadeCase, dict[Viewer, uuid.UUID]]:
    """Make a case with an outcome, a school and an ICB; return it, and whose actions are told to whom."""
    case = post.make.case(state=CaseState.OUTCOME_RECORDED)
    school, icb = post.make.party(case), post.make.party(case, PartyKind.ICB, name="An ICB")
    post.make.member(case, school, email=SCHOOL)
    post.make.member(case, icb, email=ICB, capacity=Capacity.ICB_CONTACT)
    return case, {Viewer.FAMILY: case.family, Viewer.LOCAL_AUTHORITY: case.council, Viewer.INVITED: school}


@pytest.mark.parametrize("owner", Viewer)
def test_whoever_agreed_to_do_something_is_reminded_and_nobody_else(post: PostOffice, owner: Viewer) -> None:
    case, parties = agreed_case(post)
    mailboxes = {
        Viewer.FAMILY: PARENT,
        Viewer.LOCAL_AUTHORITY: case.authority.profile["team_mailbox"],
        Viewer.INVITED: SCHOOL,
        Viewer.PROVIDER: case.provider.profile["mailbox"],
    }
    start_clock(post, case, ClockCode.ACTION_BY, days(3), binds=owner, party_id=parties.get(owner))
    for _ in range(2):
        look_at_dates(post, case)
    (letter,) = post.inbox()
    assert letter.recipients == (mailboxes[owner],)
    assert "by 27 November 2026" in letter.text


def test_what_is_done_or_closed_is_not_brought_to_mind(post: PostOffice) -> None:
    case, parties = agreed_case(post)
    done = start_clock(post, case, ClockCode.ACTION_BY, days(3), binds=Viewer.INVITED, party_id=parties[Viewer.INVITED])
    with post.database.begin(case.authority_scope) as session:
        session.get_one(CaseClock, (case.authority.id, done)).met_at = NOW
        session.commit()
    closed = post.make.case(case.authority, state=CaseState.CLOSED, close_reason=CloseReason.NOT_PROCEEDING)
    start_clock(post, closed, ClockCode.ACTION_BY, days(3), party_id=closed.family)
    look_at_dates(post, case)
    assert post.inbox() == ()


def test_a_body_whose_action_is_late_is_told_with_the_family_and_the_coordinators(post: PostOffice) -> None:
    case, parties = agreed_case(post)
    start_clock(post, case, ClockCode.ACTION_BY, days(-1), binds=Viewer.INVITED, party_id=parties[Viewer.INVITED])
    for _ in range(2):
        look_at_dates(post, case)
    assert {letter.recipients[0] for letter in post.inbox()} == {SCHOOL, PARENT, case.provider.profile["mailbox"]}
    (told,) = post.inbox(SCHOOL)
    assert "was due on 23 November 2026" in told.text


def test_a_task_to_remind_somebody_is_taken_back_when_that_is_done(post: PostOffice) -> None:
    council = post.make.authority(team_mailbox=None)
    case = post.make.case(council, state=CaseState.OUTCOME_RECORDED)
    first, _ = (
        start_clock(post, case, ClockCode.ACTION_BY, days(3), binds=Viewer.LOCAL_AUTHORITY, party_id=case.council)
        for _ in range(2)
    )
    look_at_dates(post, case)
    assert [task.words for task in post.tasks(case)] == [
        "Tell the council: something that they agreed to do is due soon, and what"
    ] * 2
    post.happen(case, Happening.ACTION_DONE, by=Viewer.LOCAL_AUTHORITY, about_clock=str(first))
    assert len(post.tasks(case)) == 1


def test_a_clock_on_its_last_day_or_met_or_stopped_is_not_missed(post: PostOffice) -> None:
    case = post.make.case()
    start_clock(post, case, ClockCode.ACKNOWLEDGE_BY, TODAY, binds=Viewer.PROVIDER)
    for column in ("met_at", "stopped_at"):
        ended = start_clock(post, case, ClockCode.TELL_COUNCIL_BY, days(-3), binds=Viewer.PROVIDER)
        with post.database.begin(case.authority_scope) as session:
            setattr(session.get_one(CaseClock, (case.authority.id, ended)), column, NOW)
            session.commit()
    look_at_dates(post, case)
    assert post.inbox() == ()


def test_a_clock_met_while_the_job_waited_is_left_alone(post: PostOffice) -> None:
    case = post.make.case()
    clock = start_clock(post, case, ClockCode.ACKNOWLEDGE_BY, days(-1), binds=Viewer.PROVIDER)
    post.jobs.dates_of(ONLY, authority_id=str(case.authority.id))
    with post.database.begin(case.authority_scope) as session:
        session.get_one(CaseClock, (case.authority.id, clock)).met_at = NOW
        session.commit()
    with post.open():
        post.run_due()
    assert post.inbox() == ()


def test_the_familys_own_dates_in_law_are_never_called_missed(post: PostOffice) -> None:
    case = post.make.case()
    start_clock(post, case, ClockCode.APPEAL_BY, days(-1))
    look_at_dates(post, case)
    assert post.inbox() == ()


@pytest.mark.parametrize(("hour", "looked"), [(7, False), (8, True), (19, True), (20, False)])
def test_nobody_is_reminded_at_night(post: PostOffice, hour: int, looked: bool) -> None:
    case = post.make.case()
    start_clock(post, case, ClockCode.APPEAL_BY, days(3))
    # November: London is on UTC.
    post.clock.advance(NOW.replace(hour=hour) - NOW)
    post.jobs.dates(ONLY)
    with post.open():
        post.run_due()
    assert bool(post.inbox(PARENT)) is looked

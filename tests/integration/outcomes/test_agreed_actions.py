"""What was agreed is followed up: who may say what of it, its dates, and when the case closes by itself."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from parley.access.domain import Realm, RealmKind, system_actor
from parley.casework.agreement import ActionText, OutcomeKind
from parley.casework.domain import CaseState, ClockCode, CloseReason, Viewer
from parley.casework.models import CaseClock, WorklistEntry
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id
from parley.notifications import clock_notices
from parley.outcomes import service
from parley.outcomes.domain import ActionChange, ActionState
from parley.outcomes.queries import ActionView
from support.factories import NOW
from support.outcomes import ALL, HeldMeeting, days, worker_scope

Work = Callable[[], int]
SIDES = {
    Viewer.FAMILY: "case.family_actor",
    Viewer.LOCAL_AUTHORITY: "officer",
    Viewer.INVITED: "contact_actor",
    Viewer.PROVIDER: "coordinator",
}


@pytest.fixture
def agreed(held: HeldMeeting, work: Work) -> HeldMeeting:
    """A full agreement with an action of each party, confirmed by all and released."""
    actions = (
        ActionText(what="Write to the therapist", owner_id=held.case.council, due_on=days(14)),
        ActionText(what="Keep a diary", owner_id=held.school, due_on=days(21)),
        ActionText(what="Send the report", owner_id=held.case.family, due_on=days(7)),
    )
    held.write(held.text(kind=OutcomeKind.FULL, actions=actions, remaining=()))
    held.confirm(*ALL)
    work()
    return held


def actions(held: HeldMeeting, viewer: Viewer = Viewer.PROVIDER, *, at: dt.datetime = NOW) -> list[ActionView]:
    (outcome,) = held.outcomes(viewer, at=at)
    return list(outcome.actions)


def say(
    held: HeldMeeting, index: int, change: ActionChange, by: Viewer, *, at: dt.datetime = NOW, words: str = ""
) -> None:
    actor = held
    for name in SIDES[by].split("."):
        actor = getattr(actor, name)
    scope = held.case.provider_scope if by is Viewer.PROVIDER else held.case.authority_scope
    view = held.view(by)
    action_id = actions(held)[index].id
    with held.database.begin(scope) as session:
        service.say_of_action(session, actor=actor, at=at, case=view, action_id=action_id, change=change, words=words)


def running(held: HeldMeeting) -> list[dt.date]:
    view = held.view(Viewer.PROVIDER)
    return [clock.due_on for clock in view.clocks if clock.code is ClockCode.ACTION_BY and clock.is_running()]


def test_each_action_has_a_date_of_its_own_that_its_doing_meets(agreed: HeldMeeting) -> None:
    assert running(agreed) == [days(7), days(14), days(21)]
    say(agreed, 0, ActionChange.DONE, Viewer.LOCAL_AUTHORITY)
    assert running(agreed) == [days(7), days(21)]
    say(agreed, 0, ActionChange.TAKE_BACK, Viewer.LOCAL_AUTHORITY)
    assert running(agreed) == [days(7), days(14), days(21)]


def test_the_last_confirmed_action_of_a_full_agreement_closes_the_case(agreed: HeldMeeting) -> None:
    say(agreed, 0, ActionChange.DONE, Viewer.LOCAL_AUTHORITY)
    say(agreed, 1, ActionChange.DONE, Viewer.INVITED)
    say(agreed, 2, ActionChange.DONE, Viewer.FAMILY)
    say(agreed, 0, ActionChange.CONFIRM, Viewer.FAMILY)
    assert agreed.view().state is CaseState.OUTCOME_RECORDED
    say(agreed, 1, ActionChange.CONFIRM, Viewer.FAMILY)
    view = agreed.view()
    assert (view.state, view.close_reason) == (CaseState.CLOSED, CloseReason.COMPLETED)
    assert all(not action.changes for action in actions(agreed, Viewer.FAMILY))


@pytest.mark.parametrize("by", [Viewer.FAMILY, Viewer.INVITED])
def test_only_its_owner_or_the_provider_marks_an_action_as_done(agreed: HeldMeeting, by: Viewer) -> None:
    with pytest.raises(Conflict):
        say(agreed, 0, ActionChange.DONE, by)
    say(agreed, 0, ActionChange.DONE, Viewer.PROVIDER)
    assert actions(agreed)[0].facts.state is ActionState.DONE


@pytest.mark.parametrize("by", [Viewer.LOCAL_AUTHORITY, Viewer.INVITED])
def test_only_the_family_confirms_or_disputes(agreed: HeldMeeting, by: Viewer) -> None:
    say(agreed, 0, ActionChange.DONE, Viewer.LOCAL_AUTHORITY)
    for change in (ActionChange.CONFIRM, ActionChange.DISPUTE):
        with pytest.raises(Conflict):
            say(agreed, 0, change, by, words="No.")


@pytest.fixture
def promised(held: HeldMeeting, work: Work) -> HeldMeeting:
    """A full agreement in which the provider alone has something to do."""
    notes = ActionText(what="Send everybody the notes", owner_id=None, due_on=days(5))
    held.write(held.text(kind=OutcomeKind.FULL, actions=(notes,), remaining=()))
    held.confirm(*ALL)
    work()
    return held


def test_what_the_provider_agreed_to_do_is_due_in_its_own_list_and_everybody_reads_whose_it_is(
    promised: HeldMeeting,
) -> None:
    (clock,) = [clock for clock in promised.view(Viewer.PROVIDER).clocks if clock.code is ClockCode.ACTION_BY]
    assert (clock.binds, clock.due_on, clock.party_id) == (Viewer.PROVIDER, days(5), None)
    with promised.database.begin(promised.case.provider_scope) as session:
        entry = session.scalars(select(WorklistEntry).where(WorklistEntry.case_id == promised.case.id)).one()
        assert (entry.next_due_code, entry.next_due_on) == (ClockCode.ACTION_BY, days(5))
    for viewer in Viewer:
        (action,) = actions(promised, viewer)
        assert (action.owner_id, action.facts.owner) == (None, None)


@pytest.mark.parametrize("by", [Viewer.FAMILY, Viewer.LOCAL_AUTHORITY, Viewer.INVITED])
def test_what_the_provider_agreed_to_do_it_alone_marks_as_done_and_the_family_checks(
    promised: HeldMeeting, by: Viewer
) -> None:
    with pytest.raises(Conflict):
        say(promised, 0, ActionChange.DONE, by)
    say(promised, 0, ActionChange.DONE, Viewer.PROVIDER)
    assert promised.view().state is CaseState.OUTCOME_RECORDED
    done = next(entry for entry in promised.view().timeline if entry.happening == "action_done")
    assert done.codes["party"] == "provider"
    say(promised, 0, ActionChange.CONFIRM, Viewer.FAMILY)
    assert promised.view().state is CaseState.CLOSED


def test_two_clicks_say_it_once(agreed: HeldMeeting) -> None:
    for _ in range(2):
        say(agreed, 0, ActionChange.DONE, Viewer.LOCAL_AUTHORITY)
    assert [entry.happening for entry in agreed.view().timeline].count("action_done") == 1


def test_a_dispute_says_why_and_falls_when_it_is_done_after_all(agreed: HeldMeeting) -> None:
    say(agreed, 0, ActionChange.DONE, Viewer.LOCAL_AUTHORITY)
    with pytest.raises(Invalid):
        say(agreed, 0, ActionChange.DISPUTE, Viewer.FAMILY)
    say(agreed, 0, ActionChange.DISPUTE, Viewer.FAMILY, words="No letter came.")
    assert actions(agreed, Viewer.INVITED)[0].disputed == "No letter came."
    assert running(agreed) == [days(7), days(14), days(21)]
    say(agreed, 0, ActionChange.DONE, Viewer.LOCAL_AUTHORITY)
    assert actions(agreed)[0].disputed == ""
    assert running(agreed) == [days(7), days(21)]


def test_before_its_date_nobody_disputes_what_is_not_done_yet(agreed: HeldMeeting) -> None:
    with pytest.raises(Conflict):
        say(agreed, 0, ActionChange.DISPUTE, Viewer.FAMILY, words="Where is it?")
    late = NOW + dt.timedelta(days=15)
    assert ActionChange.DISPUTE in actions(agreed, Viewer.FAMILY, at=late)[0].changes
    say(agreed, 0, ActionChange.DISPUTE, Viewer.FAMILY, at=late, words="Where is it?")


def test_an_action_of_another_case_is_not_there(agreed: HeldMeeting) -> None:
    view = agreed.view(Viewer.LOCAL_AUTHORITY)
    with agreed.database.begin(agreed.case.authority_scope) as session, pytest.raises(NotFound):
        service.say_of_action(
            session, actor=agreed.officer, at=NOW, case=view, action_id=new_id(), change=ActionChange.DONE
        )


def test_a_page_that_is_out_of_date_changes_nothing(agreed: HeldMeeting) -> None:
    view = agreed.view(Viewer.LOCAL_AUTHORITY)
    stale = dataclasses.replace(view, state=CaseState.OUTCOME_RECORDED)
    with agreed.database.begin(agreed.case.provider_scope) as session:
        service.close_case(
            session, actor=agreed.coordinator, at=NOW, authority_id=agreed.case.authority.id, case_id=agreed.case.id
        )
    action_id = actions(agreed)[0].id
    with agreed.database.begin(agreed.case.authority_scope) as session, pytest.raises(Conflict):
        service.say_of_action(
            session, actor=agreed.officer, at=NOW, case=stale, action_id=action_id, change=ActionChange.DONE
        )


def test_what_was_agreed_cannot_be_reworded_by_any_page(agreed: HeldMeeting) -> None:
    for scope in (agreed.case.authority_scope, agreed.case.provider_scope, worker_scope(agreed.case)):
        for change in ("UPDATE agreed_point SET words_sealed = NULL", "UPDATE agreed_action SET due_on = due_on + 1"):
            with agreed.database.begin(scope) as session, pytest.raises(ProgrammingError, match="permission denied"):
                session.execute(text(change))


def test_a_late_action_is_said_once_for_each_and_stays_visible(agreed: HeldMeeting) -> None:
    late = NOW + dt.timedelta(days=22)
    with agreed.database.begin(agreed.case.authority_scope) as session:
        clocks = session.scalars(
            select(CaseClock.id).where(CaseClock.case_id == agreed.case.id, CaseClock.code == ClockCode.ACTION_BY)
        ).all()
    actor = system_actor(Realm(kind=RealmKind.AUTHORITY, id=agreed.case.authority.id))
    for clock_id in [*clocks, *clocks]:
        with agreed.database.begin(worker_scope(agreed.case)) as session:
            clock_notices.miss(session, actor=actor, at=late, authority_id=agreed.case.authority.id, clock_id=clock_id)
    assert [entry.happening for entry in agreed.view().timeline].count("clock_missed") == 3
    assert all(action.facts.is_overdue(late.date()) for action in actions(agreed, at=late))

"""A draft leaves the compartment when every side confirmed its own copy: not before, not by half, and once."""

import concurrent.futures
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.casework.service.answers import withdraw
from parley.compartment import drafts, queries, service
from parley.db.scope import Login, Side, authority_scope, release_scope
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from parley.kernel.errors import Conflict, Invalid, NotFound, Refused
from parley.kernel.ids import new_id
from parley.outcomes import service as outcomes_service
from support.factories import NOW, Factory, acting
from support.outcomes import ALL, CANARY, HeldMeeting, held_meeting, release_jobs, worker_scope

Work = Callable[[], int]


def test_what_every_side_confirmed_is_open_to_all_of_them_word_for_word(held: HeldMeeting, work: Work) -> None:
    draft_id = held.write()
    held.confirm(*ALL)
    assert held.outcomes() == []
    work()
    for viewer in Viewer:
        (outcome,) = held.outcomes(viewer)
        assert outcome.id == draft_id
        assert (outcome.kind, outcome.was_confirmed) == (OutcomeKind.PARTIAL, True)
        assert outcome.points == held.text().points
        assert outcome.remaining == held.text().remaining
        assert [(action.what, action.owner_id) for action in outcome.actions] == [
            (action.what, action.owner_id) for action in held.text().actions
        ]
        assert {by.party_id for by in outcome.confirmed_by} == held.parties
    view = held.view()
    assert view.state is CaseState.OUTCOME_RECORDED
    assert [clock.due_on for clock in view.clocks if clock.code is ClockCode.ACTION_BY] == [
        action.due_on for action in held.text().actions
    ]
    assert [entry.happening for entry in view.timeline][-1] == "outcome_recorded"


@pytest.mark.parametrize("missing", ALL)
def test_while_one_side_has_not_confirmed_nothing_leaves(held: HeldMeeting, work: Work, missing: Side) -> None:
    draft_id = held.write()
    held.confirm(*(side for side in ALL if side is not missing))
    work()
    assert held.outcomes() == []
    assert held.view().state is CaseState.MEETING_HELD
    with held.database.begin(release_scope(held.case.authority.id, held.case.id)) as session:
        assert drafts.settle(session, at=NOW, draft_id=draft_id) is None
        # Not only the use case: the walls show the release no such draft at all.
        assert session.scalar(text("SELECT count(*) FROM compartment.draft_agreement")) == 0


def test_a_confirmation_taken_back_before_all_are_given_keeps_it_closed(held: HeldMeeting, work: Work) -> None:
    held.write()
    held.confirm(Side.FAMILY, Side.COUNCIL)
    held.take_back(Side.FAMILY)
    held.confirm(Side.INVITED)
    work()
    assert held.outcomes() == []
    held.confirm(Side.FAMILY)
    work()
    assert len(held.outcomes()) == 1


def test_a_family_that_withdraws_before_the_release_keeps_it_closed(held: HeldMeeting, work: Work) -> None:
    held.write()
    held.confirm(*ALL)
    with held.database.begin(held.case.authority_scope) as session:
        withdraw(
            session,
            actor=held.case.family_actor,
            at=NOW,
            authority_id=held.case.authority.id,
            case_id=held.case.id,
        )
    work()
    assert held.outcomes() == []
    assert held.view().state is CaseState.CLOSED


def test_a_new_version_voids_every_confirmation(held: HeldMeeting, work: Work) -> None:
    held.write()
    held.confirm(Side.FAMILY, Side.COUNCIL)
    old = held.own_copy(Side.INVITED)
    changed = held.text(points=("Speech therapy goes on until July.",))
    held.write(changed, instead_of=1)
    with held.database.begin(held.scope(Side.INVITED)) as session, pytest.raises(Conflict):
        drafts.confirm(session, actor=held.contact_actor, at=NOW, copy_id=old)
    held.confirm(Side.INVITED)
    work()
    assert held.outcomes() == []
    held.confirm(Side.FAMILY, Side.COUNCIL)
    work()
    (outcome,) = held.outcomes()
    assert outcome.points == changed.points


def test_two_who_write_a_version_at_once_do_not_overwrite_each_other(held: HeldMeeting) -> None:
    held.write(give=False)
    with pytest.raises(Conflict):
        held.write(give=False)
    assert held.draft(Side.PROVIDER).version == 1


def test_confirmations_at_once_release_once(held: HeldMeeting, work: Work) -> None:
    held.write()
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        list(pool.map(held.confirm, ALL))
    assert work() == 3
    assert len(held.outcomes()) == 1
    timeline = [entry.happening for entry in held.view().timeline]
    assert timeline.count("outcome_recorded") == 1


def test_releases_at_once_record_one_outcome(held: HeldMeeting, database: Database) -> None:
    draft_id = held.write()
    held.confirm(*ALL)
    jobs = release_jobs(database, FixedClock(NOW))
    ids = {"authority_id": str(held.case.authority.id), "case_id": str(held.case.id), "draft_id": str(draft_id)}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: jobs.release(None, **ids), range(4)))
    (outcome,) = held.outcomes()
    assert len(outcome.actions) == len(outcome.points) == 1


def test_a_worker_that_dies_between_reading_and_writing_leaves_it_to_the_next(held: HeldMeeting, work: Work) -> None:
    draft_id = held.write()
    held.confirm(*ALL)
    with held.database.begin(release_scope(held.case.authority.id, held.case.id)) as session:
        assert drafts.settle(session, at=NOW, draft_id=draft_id) is not None
    # Dead here: settled, and nothing written.
    assert held.outcomes() == []
    with held.database.begin(held.scope(Side.FAMILY)) as session, pytest.raises(Conflict, match="Everybody"):
        drafts.take_back(session, actor=held.case.family_actor, at=NOW, copy_id=held.own_copy(Side.FAMILY))
    with pytest.raises(Conflict, match="Everybody"):
        held.write(held.text(points=("Something else",)), instead_of=1)
    work()
    assert len(held.outcomes()) == 1


def test_who_takes_back_while_it_is_released_is_either_heard_or_too_late(held: HeldMeeting, work: Work) -> None:
    draft_id = held.write()
    held.confirm(*ALL)
    copy_id = held.own_copy(Side.FAMILY)

    def settle() -> bool:
        with held.database.begin(release_scope(held.case.authority.id, held.case.id)) as session:
            return drafts.settle(session, at=NOW, draft_id=draft_id) is not None

    def take_back() -> bool:
        with held.database.begin(held.scope(Side.FAMILY)) as session:
            try:
                drafts.take_back(session, actor=held.case.family_actor, at=NOW, copy_id=copy_id)
            except Conflict:
                return False
            return True

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        settled, taken = pool.submit(settle), pool.submit(take_back)
    assert settled.result() is not taken.result()


@pytest.mark.parametrize("login", [Login.APP, Login.WORKER])
@pytest.mark.parametrize("table", ["draft_agreement", "draft_copy", "feedback", "safeguarding_concern"])
def test_the_council_is_refused_by_the_database(held: HeldMeeting, login: Login, table: str) -> None:
    held.write()
    with held.database.begin(authority_scope(held.case.authority.id, login=login)) as session:
        with pytest.raises(ProgrammingError, match="permission denied for schema compartment"):
            session.execute(text(f"SELECT count(*) FROM compartment.{table}"))  # noqa: S608  a name from above


@pytest.mark.parametrize("login", [Login.PROVIDER, Login.OPERATOR])
def test_so_are_the_provider_and_the_operator(held: HeldMeeting, login: Login) -> None:
    held.write()
    scope = (
        held.case.provider_scope if login is Login.PROVIDER else authority_scope(held.case.authority.id, login=login)
    )
    with held.database.begin(scope) as session:
        with pytest.raises(ProgrammingError, match="permission denied for schema compartment"):
            session.execute(text("SELECT count(*) FROM compartment.draft_agreement"))


def test_no_page_can_write_an_agreement_past_the_release(held: HeldMeeting) -> None:
    for scope in (held.case.authority_scope, held.case.provider_scope):
        for table in ("agreement", "agreed_point", "agreed_action", "remaining_issue"):
            with held.database.begin(scope) as session, pytest.raises(ProgrammingError, match="permission denied"):
                session.execute(text(f"INSERT INTO {table} DEFAULT VALUES"))  # noqa: S608  a name from above


def test_a_draft_that_was_not_given_out_is_the_providers_alone(held: HeldMeeting) -> None:
    held.write(give=False)
    assert {side: held.draft(side) for side in ALL} == dict.fromkeys(ALL)
    assert held.draft(Side.PROVIDER, held.coordinator.identity_id).text == held.text()


def test_each_side_sees_its_own_copy_and_nobody_elses_answer(held: HeldMeeting) -> None:
    held.write()
    held.confirm(Side.FAMILY)
    for side in ALL:
        assert [copy.side for copy in held.draft(side).copies] == [side]
    assert [copy.confirmed_at is not None for copy in held.draft(Side.PROVIDER).copies] == [True, False, False]


def test_another_person_of_a_party_has_no_copy(held: HeldMeeting) -> None:
    held.write()
    assert held.draft(Side.FAMILY, new_id()) is None
    assert held.draft(Side.INVITED, new_id()) is None


def test_nobody_confirms_anothers_copy(held: HeldMeeting) -> None:
    held.write()
    council = held.own_copy(Side.COUNCIL)
    with held.database.begin(held.scope(Side.FAMILY)) as session, pytest.raises(NotFound):
        drafts.confirm(session, actor=held.case.family_actor, at=NOW, copy_id=council)
    with held.database.begin(held.scope(Side.PROVIDER)) as session, pytest.raises(Refused):
        drafts.confirm(session, actor=held.mediator, at=NOW, copy_id=council)
    with held.database.begin(held.scope(Side.PROVIDER)) as session:
        # Nor does a query that forgot who asks.
        changed = session.execute(text("UPDATE compartment.draft_copy SET confirmed_at = now(), means = 'spoken'"))
        assert changed.rowcount == 1


def test_what_a_family_said_on_the_phone_counts_and_says_so(held: HeldMeeting, work: Work) -> None:
    held.write()
    family = held.own_copy(Side.FAMILY)
    with held.database.begin(held.scope(Side.PROVIDER, held.coordinator.identity_id)) as session:
        drafts.confirm(session, actor=held.coordinator, at=NOW, copy_id=family)
    held.confirm(Side.COUNCIL, Side.INVITED)
    work()
    (outcome,) = held.outcomes()
    assert {by.party_id: by.spoken for by in outcome.confirmed_by}[held.case.family] is True


def test_only_the_provider_writes_drafts_and_gives_copies(held: HeldMeeting) -> None:
    draft_id = held.write()
    for side in ALL:
        with held.database.begin(held.scope(side)) as session:
            with pytest.raises(ProgrammingError, match="row-level security"):
                drafts.write_draft(
                    session,
                    actor=held.actor(side),
                    at=NOW,
                    meeting_id=new_id(),
                    parties=held.parties,
                    text=held.text(),
                    instead_of=0,
                )
        with held.database.begin(held.scope(side)) as session:
            with pytest.raises(ProgrammingError, match="row-level security"):
                session.execute(
                    text("UPDATE compartment.draft_agreement SET superseded_at = now() WHERE id = :id"),
                    {"id": draft_id},
                )


def test_a_change_that_is_asked_for_is_read_by_the_provider_alone(held: HeldMeeting, work: Work) -> None:
    held.write()
    held.confirm(Side.COUNCIL, Side.INVITED)
    with held.database.begin(held.scope(Side.FAMILY)) as session:
        copy_id = held.own_copy(Side.FAMILY)
        drafts.ask_for_change(session, actor=held.case.family_actor, at=NOW, copy_id=copy_id, words="Not July, June.")
    work()
    assert held.outcomes() == []
    assert [copy.change for copy in held.draft(Side.PROVIDER).copies] == ["Not July, June.", "", ""]
    assert [copy.change for copy in held.draft(Side.COUNCIL).copies] == [""]


def test_an_action_is_for_a_party_that_was_there(held: HeldMeeting) -> None:
    stranger = held.text(actions=(held.text().actions[0].__class__(what="x", owner_id=new_id(), due_on=NOW.date()),))
    with pytest.raises(Invalid) as refused:
        held.write(stranger)
    assert list(refused.value.errors) == ["action_0"]


def test_nothing_agreed_is_recorded_without_a_word(held: HeldMeeting) -> None:
    with held.database.begin(held.case.provider_scope) as session:
        outcomes_service.record_nothing_agreed(
            session,
            actor=held.mediator,
            at=NOW,
            authority_id=held.case.authority.id,
            case_id=held.case.id,
            meeting_id=held.meeting_id,
        )
    (outcome,) = held.outcomes()
    assert (outcome.kind, outcome.was_confirmed, outcome.points, outcome.remaining) == (OutcomeKind.NONE, False, (), ())
    assert held.view().state is CaseState.OUTCOME_RECORDED


def test_a_job_of_an_unknown_draft_or_of_another_case_does_nothing(
    held: HeldMeeting, make: Factory, database: Database
) -> None:
    draft_id = held.write()
    held.confirm(*ALL)
    other = held_meeting(make, database, authority=held.case.authority, provider=held.case.provider)
    jobs = release_jobs(database, FixedClock(NOW))
    jobs.release(None, authority_id=str(held.case.authority.id), case_id=str(other.case.id), draft_id=str(draft_id))
    assert other.outcomes() == []
    assert held.outcomes() == []


def test_notes_messages_and_drafts_leave_no_word_outside(held: HeldMeeting, work: Work, admin_url: str) -> None:
    held.write()
    with held.database.begin(held.scope(Side.PROVIDER)) as session:
        service.write_note(session, actor=held.mediator, at=NOW, body=f"They may settle. {CANARY}")
    held.confirm(Side.FAMILY, Side.COUNCIL)
    work()
    with psycopg.connect(admin_url) as behind:
        found = behind.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables"
            " WHERE table_schema IN ('public', 'jobs', 'compartment') AND table_type = 'BASE TABLE'"
        ).fetchall()
        for (table,) in found:
            rows = behind.execute(f"SELECT t::text FROM {table} t").fetchall()  # noqa: S608  from the catalogue
            assert not any(CANARY in row or CANARY.encode().hex() in row for (row,) in rows), table


def test_a_mediators_notes_are_neither_a_coordinators_nor_another_mediators(held: HeldMeeting) -> None:
    with held.database.begin(held.scope(Side.PROVIDER)) as session:
        service.write_note(session, actor=held.mediator, at=NOW, body=CANARY)
    for person in (
        held.coordinator.identity_id,
        acting(next(iter(held.mediator.roles)), held.case.provider).identity_id,
    ):
        with held.database.begin(held.scope(Side.PROVIDER, person)) as session:
            assert queries.own_notes(session) == []


def test_the_release_sees_no_notes_and_no_messages(held: HeldMeeting) -> None:
    with held.database.begin(held.scope(Side.PROVIDER)) as session:
        service.write_note(session, actor=held.mediator, at=NOW, body=CANARY)
    with held.database.begin(release_scope(held.case.authority.id, held.case.id)) as session:
        for table in ("mediator_note", "private_message", "feedback"):
            assert session.scalar(text(f"SELECT count(*) FROM compartment.{table}")) == 0  # noqa: S608


def test_the_worker_alone_reaches_nothing_of_it(held: HeldMeeting) -> None:
    with held.database.begin(worker_scope(held.case)) as session, pytest.raises(ProgrammingError):
        session.execute(text("SELECT count(*) FROM compartment.draft_copy"))

"""The nightly disposal, as the logins that run it: what is due goes, what is held stays, and the audit says so."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.access.domain import Realm, RealmKind, Role, system_actor
from parley.audit.models import AuditEvent
from parley.casework.domain import CaseState
from parley.casework.models import WorklistEntry
from parley.compartment import safeguarding, service
from parley.compartment.domain import Told
from parley.db.disposal_reach import REACH
from parley.db.scope import Login, Scope, Side, authority_scope, compartment_scope, disposal_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt
from parley.kernel.clock import FixedClock
from parley.kernel.errors import Conflict
from parley.retention import jobs
from parley.retention import service as retention
from parley.retention.domain import ClosedCase, Part
from parley.retention.queries import closed_cases, holds_of
from parley.tenancy.domain import AuthorityState
from support.factories import NOW, OPERATOR, Factory, MadeCase, acting
from support.family import Served, served_council
from support.models import declared

DAY = dt.timedelta(days=1)
AFTER = {
    Part.COMPARTMENT: dt.timedelta(days=366),
    Part.LIST_ENTRY: dt.timedelta(days=3 * 366),
    Part.OPEN_RECORD: dt.timedelta(days=6 * 366),
    Part.CONCERNS: dt.timedelta(days=25 * 366),
}

Night = Callable[[dt.timedelta], None]


@pytest.fixture
def night(database: Database, admin: sa.Engine) -> Night:
    """The jobs of one night, that long after the tests' own day: the one of each night, and those it enqueues."""
    waiting = sa.text(
        "DELETE FROM jobs.procrastinate_jobs WHERE task_name = :task RETURNING args ->> 'authority_id'"
    ).bindparams(task=jobs.DISPOSE_OF)

    def run(after: dt.timedelta) -> None:
        tasks = {task.name: task for task in jobs.tasks(database, FixedClock(NOW + after))}
        attempt = Attempt(number=1, is_last=True)
        tasks[jobs.DISPOSE].run(attempt)
        with admin.begin() as connection:
            connection.execute(sa.text("SET LOCAL search_path = public, jobs"))
            councils = list(connection.execute(waiting).scalars())
        for council in councils:
            tasks[jobs.DISPOSE_OF].run(attempt, authority_id=council)

    return run


@pytest.fixture
def case(make: Factory, council: Served) -> MadeCase:
    """A case that was closed today, with a note in its compartment."""
    made = closed(make, council)
    note(make, made)
    return made


def closed(make: Factory, council: Served) -> MadeCase:
    return make.case(
        council.authority,
        provider=council.provider,
        state=CaseState.CLOSED,
        closed_at=NOW,
        policy_version_id=council.policy_version_id,
    )


def inside(made: MadeCase) -> Scope:
    """The compartment, for a mediator of the provider."""
    return compartment_scope(
        made.provider.id, made.authority.id, made.id, side=Side.PROVIDER, person_id=uuid.UUID(int=7)
    )


def note(make: Factory, made: MadeCase) -> None:
    mediator = acting(Role.MEDIATOR, made.provider, identity_id=uuid.UUID(int=7))
    with make.database.begin(inside(made)) as session:
        service.write_note(session, actor=mediator, at=NOW, body="What was said in confidence.")


def concern(make: Factory, made: MadeCase) -> None:
    mediator = acting(Role.MEDIATOR, made.provider, identity_id=uuid.UUID(int=7))
    with make.database.begin(inside(made)) as session:
        safeguarding.raise_concern(session, actor=mediator, at=NOW, body="Somebody may be at risk.", told=Told.NOBODY)


def left(admin: sa.Engine, made: MadeCase) -> dict[str, int]:
    """How many rows are left of the case, by table; the superuser looks, whom no wall keeps from seeing."""
    counts = {}
    with admin.connect() as connection:
        for name, model in declared().items():
            table = model.__table__
            key = table.columns.get("id") if name == "case" else table.columns.get("case_id")
            if key is None or name in {"audit_event", "sign_in_session"}:
                continue
            count = connection.scalar(sa.select(sa.func.count()).select_from(table).where(key == made.id))
            if count:
                counts[name] = count
    return counts


def audited(admin: sa.Engine, made: MadeCase) -> list[dict[str, object]]:
    query = sa.select(AuditEvent.codes).where(AuditEvent.case_id == made.id, AuditEvent.action == "retention.dispose")
    with admin.connect() as connection:
        return [dict(row.codes) for row in connection.execute(query.order_by(AuditEvent.at))]


def test_nothing_goes_before_its_time(case: MadeCase, night: Night, admin: sa.Engine) -> None:
    before = left(admin, case)
    night(dt.timedelta(days=364))
    assert left(admin, case) == before
    assert audited(admin, case) == []


def test_the_confidential_side_goes_first_with_its_key(case: MadeCase, night: Night, admin: sa.Engine) -> None:
    assert left(admin, case)["compartment.case_key"] == 1
    night(AFTER[Part.COMPARTMENT])
    after = left(admin, case)
    assert not [table for table in after if table.startswith("compartment.")]
    assert after["case"] == 1
    assert audited(admin, case) == [{"part": "compartment", "class": "compartment", "holder": "provider"}]


def test_a_concern_keeps_its_key_and_stays_longer_than_the_case(
    make: Factory, case: MadeCase, night: Night, admin: sa.Engine
) -> None:
    concern(make, case)
    night(AFTER[Part.OPEN_RECORD])
    assert {table for table in left(admin, case) if table.startswith("compartment.")} == {
        "compartment.case_key",
        "compartment.safeguarding_concern",
    }
    night(AFTER[Part.CONCERNS])
    assert left(admin, case) == {}


def test_the_name_leaves_the_providers_list_by_the_providers_own_clock(
    make: Factory, case: MadeCase, night: Night, database: Database
) -> None:
    night(AFTER[Part.LIST_ENTRY])
    with database.begin(case.authority_scope) as session:
        entry = session.scalars(sa.select(WorklistEntry).where(WorklistEntry.case_id == case.id)).one()
        assert entry.name_sealed is None
        assert entry.child_fingerprint is None
        assert entry.reference == case.reference


def test_in_the_end_nothing_is_left_but_what_the_audit_says(case: MadeCase, night: Night, admin: sa.Engine) -> None:
    night(AFTER[Part.OPEN_RECORD])
    assert left(admin, case) == {}
    went = audited(admin, case)
    assert {event["part"] for event in went} == {"compartment", "list_entry", "open_record"}
    assert all(set(event) == {"part", "class", "holder"} for event in went)


def test_a_providers_longer_clock_outlives_the_councils_record(
    make: Factory, council: Served, night: Night, admin: sa.Engine, database: Database
) -> None:
    provider = make.provider(retention={"compartment": "1 year", "list_entry": "10 years", "concerns": "10 years"})
    made = make.case(
        council.authority,
        provider=provider,
        state=CaseState.CLOSED,
        closed_at=NOW,
        policy_version_id=council.policy_version_id,
    )
    night(AFTER[Part.OPEN_RECORD])
    assert set(left(admin, made)) == {"provider_worklist", "disposal"}
    night(dt.timedelta(days=10 * 366))
    assert left(admin, made) == {}


def test_a_run_that_is_repeated_does_nothing_twice(case: MadeCase, night: Night, admin: sa.Engine) -> None:
    night(AFTER[Part.COMPARTMENT])
    night(AFTER[Part.COMPARTMENT] + DAY)
    assert len(audited(admin, case)) == 1


def test_what_is_held_stays_until_the_hold_is_lifted(
    case: MadeCase, night: Night, admin: sa.Engine, database: Database
) -> None:
    before = left(admin, case)
    hold(database, case)
    night(AFTER[Part.CONCERNS])
    assert left(admin, case) == {**before, "legal_hold": 1}
    with database.begin(case.authority_scope) as session:
        retention.lift_hold(
            session,
            actor=OPERATOR,
            at=NOW + DAY,
            authority_id=case.authority.id,
            reference=case.reference,
            by="operator2",
            reason="The claim was settled.",
        )
    with database.begin(case.authority_scope) as session:
        (held,) = holds_of(session, case.authority.id)
    assert (held.placed_by, held.reason) == ("operator1", "A claim was notified.")
    assert (held.lifted_by, held.lift_reason) == ("operator2", "The claim was settled.")
    night(AFTER[Part.CONCERNS])
    assert left(admin, case) == {}


def test_the_database_itself_lets_nothing_held_or_open_be_deleted(
    make: Factory, council: Served, case: MadeCase, database: Database
) -> None:
    running = make.case(council.authority, provider=council.provider, policy_version_id=council.policy_version_id)
    hold(database, case)
    for made in (case, running):
        with database.begin(disposal_scope(made.authority.id, made.id)) as session:
            for table in REACH:
                if "DELETE" in REACH[table].privileges:
                    assert session.execute(sa.text(f"DELETE FROM {table}")).rowcount == 0, table
        with database.begin(disposal_scope(made.authority.id, made.id)) as session, pytest.raises(Conflict):
            dispose(session, made)


def test_disposal_reaches_one_case_of_one_council(
    make: Factory, council: Served, case: MadeCase, database: Database, admin: sa.Engine
) -> None:
    other, elsewhere = closed(make, council), closed(make, served_council(make))
    before = left(admin, other), left(admin, elsewhere)
    for scope in (
        disposal_scope(case.authority.id, case.id),
        disposal_scope(elsewhere.authority.id, case.id),
        disposal_scope(case.authority.id, elsewhere.id),
    ):
        with database.begin(scope) as session:
            for table in ("provider_worklist", '"case"', "compartment.mediator_note", "compartment.case_key"):
                session.execute(sa.text(f"DELETE FROM {table}"))
            # A worklist row that still has its case is refused at the end; what counts is what was reached.
            session.rollback()
    with database.begin(disposal_scope(case.authority.id, case.id)) as session:
        dispose(session, case)
    assert left(admin, case) == {}
    assert (left(admin, other), left(admin, elsewhere)) == before


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("statement", "body_sealed"),
        ("party_member", "name_sealed"),
        ('"case"', "child_name_sealed"),
        ("legal_hold", "reason_sealed"),
        ("compartment.case_key", "wrapped"),
        ("compartment.mediator_note", "body_sealed"),
        ("compartment.safeguarding_concern", "body_sealed"),
        ("data_key", "wrapped"),
    ],
)
def test_disposal_reads_no_text_and_no_key(case: MadeCase, database: Database, table: str, column: str) -> None:
    with (
        database.begin(disposal_scope(case.authority.id, case.id)) as session,
        pytest.raises(DBAPIError, match="permission denied"),
    ):
        session.execute(sa.text(f"SELECT {column} FROM {table}"))


@pytest.mark.parametrize("login", [Login.APP, Login.PROVIDER, Login.WORKER, Login.OPERATOR])
def test_no_other_login_deletes_a_case(case: MadeCase, database: Database, login: Login) -> None:
    scope = Scope(login=login, realm_id=case.authority.id, authority_id=case.authority.id, case_id=case.id)
    with database.begin(scope) as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(sa.text('DELETE FROM "case"'))


def test_a_suspended_council_loses_nothing(
    make: Factory, case: MadeCase, night: Night, admin: sa.Engine, database: Database
) -> None:
    set_state(admin, case, AuthorityState.SUSPENDED)
    before = left(admin, case)
    night(AFTER[Part.CONCERNS])
    assert left(admin, case) == before


def test_what_the_preview_reads_is_ids_and_dates(case: MadeCase, database: Database) -> None:
    with database.begin(authority_scope(case.authority.id)) as session:
        (found,) = closed_cases(session, case.authority.id)
    assert (found.id, found.reference, found.closed_on) == (case.id, case.reference, NOW.date())
    assert not found.held


def as_closed(case_id: uuid.UUID, reference: str = "EXA-2026-00001") -> ClosedCase:
    return ClosedCase(id=case_id, reference=reference, closed_on=NOW.date(), held=False, gone=frozenset(), periods={})


def dispose(session: object, made: MadeCase) -> None:
    retention.dispose(
        session,
        actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=made.authority.id)),
        at=NOW,
        authority_id=made.authority.id,
        case=as_closed(made.id, made.reference),
        parts=tuple(Part),
    )


def hold(database: Database, made: MadeCase) -> None:
    with database.begin(made.authority_scope) as session:
        retention.place_hold(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=made.authority.id,
            reference=made.reference,
            by="operator1",
            reason="A claim was notified.",
        )


def set_state(admin: sa.Engine, made: MadeCase, state: AuthorityState) -> None:
    with admin.begin() as connection:
        connection.execute(
            sa.text("UPDATE local_authority SET state = :state WHERE id = :id"),
            {"state": state.value, "id": made.authority.id},
        )

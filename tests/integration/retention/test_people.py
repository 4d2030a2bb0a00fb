"""Who signed in and is known to no case any more is forgotten, and nobody else, whatever the code asks for."""

import dataclasses
import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from parley.audit.models import AuditEvent
from parley.casework.domain import CaseState
from parley.db.scope import Login, Scope, authority_scope, platform_scope
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.identity.models import Identity, SignInSession
from parley.jobs.domain import Attempt
from parley.kernel.clock import FixedClock
from parley.policy.loading import document_of
from parley.policy.service import apply_policy
from parley.retention import jobs
from parley.retention import service as retention
from parley.retention.preview import SIGN_INS, records_of
from support.factories import NOW, OPERATOR, Factory
from support.family import Served, served_council
from support.policies import small_text

DAY = dt.timedelta(days=1)
#: Through the whole of the thirtieth day.
IN_TIME, OVER = 30 * DAY, 31 * DAY


@dataclasses.dataclass(frozen=True, kw_only=True)
class People:
    """Somebody of each kind, who all signed in on the tests' day."""

    alone: uuid.UUID
    invited: uuid.UUID
    staff: uuid.UUID
    in_case: uuid.UUID
    writing: uuid.UUID
    signed_in: uuid.UUID


@pytest.fixture
def people(make: Factory, council: Served, database: Database) -> People:
    """The people of a council that is live."""
    authority_id = council.authority.id
    kinds = {name: SignInKind.FAMILY for name in ("alone", "in_case", "writing", "signed_in")}
    kinds |= {"invited": SignInKind.INVITED, "staff": SignInKind.STAFF}
    rows = {name: _identity(authority_id, name, kind) for name, kind in kinds.items()}
    with database.begin(authority_scope(authority_id)) as session:
        session.add_all(rows.values())
        session.flush()
        session.add(_session(rows["signed_in"]))
        session.commit()
    make.case(
        council.authority,
        provider=council.provider,
        state=CaseState.CLOSED,
        closed_at=NOW,
        policy_version_id=council.policy_version_id,
        parent_identity=rows["in_case"].id,
    )
    make.draft(council.authority, owner_id=rows["writing"].id)
    return People(**{name: row.id for name, row in rows.items()})


def _identity(authority_id: uuid.UUID, name: str, kind: SignInKind) -> Identity:
    return Identity(
        realm_id=authority_id,
        issuer="https://sign-in.example",
        subject=name,
        kind=kind,
        shown_as="Ash Marsh",
        created_at=NOW,
        last_sign_in_at=NOW,
    )


def _session(identity: Identity) -> SignInSession:
    return SignInSession(
        realm_id=identity.realm_id,
        identity_id=identity.id,
        token_hash=uuid.uuid4().bytes,
        kind=identity.kind,
        host="exampleshire.localhost",
        roles=["family"],
        auth_time=NOW,
        fresh_seconds=3600,
        created_at=NOW,
        last_seen_at=NOW,
        idle_seconds=600,
        expires_at=NOW + 40 * DAY,
    )


def night(database: Database, council: Served, after: dt.timedelta) -> None:
    """The council's part of a night, that long after."""
    tasks = {task.name: task for task in jobs.tasks(database, FixedClock(NOW + after))}
    tasks[jobs.DISPOSE_OF].run(Attempt(number=1, is_last=True), authority_id=str(council.authority.id))


def left(database: Database, council: Served) -> set[uuid.UUID]:
    with database.begin(authority_scope(council.authority.id)) as session:
        return set(session.scalars(sa.select(Identity.id).where(Identity.realm_id == council.authority.id)))


def everybody(people: People) -> set[uuid.UUID]:
    return set(dataclasses.asdict(people).values())


def test_who_is_in_no_case_is_kept_as_long_as_what_was_not_sent_and_then_forgotten(
    database: Database, council: Served, people: People, admin: sa.Engine
) -> None:
    night(database, council, IN_TIME)
    assert left(database, council) == everybody(people)
    night(database, council, OVER)
    assert everybody(people) - left(database, council) == {people.alone, people.invited}
    told = sa.select(AuditEvent.codes).where(
        AuditEvent.realm_id == council.authority.id, AuditEvent.action == "retention.dispose"
    )
    with admin.connect() as connection:
        (codes,) = connection.execute(told).scalars()
    assert codes == {"part": "sign_in", "class": "identity", "holder": "authority", "count": 2}


def test_a_person_goes_after_the_case_and_not_while_it_is_held(
    make: Factory, database: Database, council: Served, people: People
) -> None:
    with database.begin(authority_scope(council.authority.id)) as session:
        (case,) = records_of(session, council.authority.id, NOW.date()).cases
        retention.place_hold(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=council.authority.id,
            reference=case.reference,
            by="operator1",
            reason="A claim was notified.",
        )
    night(database, council, 6 * 366 * DAY)
    assert people.in_case in left(database, council)
    with database.begin(authority_scope(council.authority.id)) as session:
        retention.lift_hold(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=council.authority.id,
            reference=case.reference,
            by="operator1",
            reason="It was settled.",
        )
    night(database, council, 6 * 366 * DAY)
    assert people.in_case not in left(database, council)


def test_the_councils_own_time_counts(make: Factory, database: Database) -> None:
    council = served_council(make)
    text = small_text(more='[retention]\nunsent_check = "2 weeks"')
    with database.begin(platform_scope()) as session:
        apply_policy(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=council.authority.id,
            document=document_of(text, file="exampleshire"),
            reason="a test",
            file="exampleshire",
            effective_from=NOW.date(),
        )
    with database.begin(authority_scope(council.authority.id)) as session:
        session.add(_identity(council.authority.id, "alone", SignInKind.FAMILY))
        session.commit()
    night(database, council, 14 * DAY)
    assert len(left(database, council)) == 1
    night(database, council, 15 * DAY)
    assert left(database, council) == set()


def test_the_database_itself_lets_nobody_go_who_is_known(database: Database, council: Served, people: People) -> None:
    scope = Scope(login=Login.DISPOSAL, realm_id=council.authority.id, authority_id=council.authority.id)
    with database.begin(scope) as session:
        went = retention.forget_people(
            session, actor=OPERATOR, at=NOW, authority_id=council.authority.id, ids=everybody(people)
        )
    assert went == 2
    assert everybody(people) - left(database, council) == {people.alone, people.invited}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT shown_as_sealed FROM identity",
        "SELECT subject FROM identity",
        "SELECT name_sealed FROM party_member",
        "SELECT answers_sealed FROM request_draft",
        "SELECT device_sealed FROM sign_in_session",
        "DELETE FROM party_member",
        "DELETE FROM request_draft",
        "DELETE FROM sign_in_session",
    ],
)
def test_whoever_deletes_them_reads_keys_alone(database: Database, council: Served, query: str) -> None:
    scope = Scope(login=Login.DISPOSAL, realm_id=council.authority.id, authority_id=council.authority.id)
    with database.begin(scope) as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(sa.text(query))


def test_another_councils_people_are_out_of_reach(
    make: Factory, database: Database, council: Served, people: People
) -> None:
    other = make.authority()
    scope = Scope(login=Login.DISPOSAL, realm_id=other.id, authority_id=other.id)
    with database.begin(scope) as session:
        assert session.execute(sa.text("DELETE FROM identity")).rowcount == 0
        assert session.execute(sa.text("SELECT identity_id FROM party_member")).all() == []
        assert session.execute(sa.text("SELECT owner_id FROM request_draft")).all() == []
        assert session.execute(sa.text("SELECT identity_id FROM sign_in_session")).all() == []


def test_a_preview_counts_them_with_the_day_on_which_a_sign_in_is_forgotten(
    database: Database, council: Served, people: People
) -> None:
    with database.begin(authority_scope(council.authority.id)) as session:
        records = records_of(session, council.authority.id, NOW.date())

    def sign_ins(after: dt.timedelta) -> tuple[int, dt.date | None]:
        (line,) = (one for one in records.going(NOW.date() + after) if one.part == SIGN_INS)
        return line.due, line.next

    first, second = NOW.date() + OVER, NOW.date() + (40 + 30 + 1) * DAY
    assert sign_ins(IN_TIME) == (0, first)
    assert sign_ins(OVER) == (2, second)
    assert sign_ins(100 * DAY) == (3, None)

"""What is said in confidence, read and written as the logins that pages really use; everything commits."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from parley.access.domain import Actor, Role
from parley.compartment import queries, service
from parley.compartment.domain import LONGEST, MessageChannel
from parley.compartment.models import PrivateMessage
from parley.db.keys import KeyFileError, Vault
from parley.db.realm_keys import SealBrokenError
from parley.db.scope import Login, Scope, Side, authority_scope, compartment_scope
from parley.db.session import Database, LoginUnavailableError
from parley.kernel.errors import Invalid, Refused
from parley.kernel.ids import new_id
from support.factories import MASTER_KEY, NOW, Factory, MadeCase, acting


class People:
    """The people of one case, and the compartment scope each of them opens."""

    def __init__(self, case: MadeCase) -> None:
        self.case = case
        self.coordinator = acting(Role.COORDINATOR, case.provider)
        self.mediator = acting(Role.MEDIATOR, case.provider)
        self.officer = acting(Role.OFFICER, case.authority)

    def scope(self, side: Side, person: object, *, realm: object = None) -> Scope:
        home = self.case.provider if side is Side.PROVIDER else self.case.authority
        return compartment_scope(realm or home.id, self.case.authority.id, self.case.id, side=side, person_id=person)

    @property
    def family(self) -> Scope:
        return self.scope(Side.FAMILY, self.case.parent)

    @property
    def council(self) -> Scope:
        return self.scope(Side.COUNCIL, self.officer.identity_id)

    def provider(self, actor: Actor) -> Scope:
        return self.scope(Side.PROVIDER, actor.identity_id)


@pytest.fixture
def people(make: Factory) -> People:
    return People(make.case())


def send(database: Database, scope: Scope, actor: Actor, channel: MessageChannel, body: str, **thread: object) -> None:
    with database.begin(scope) as session:
        service.send_message(session, actor=actor, at=NOW, channel=channel, body=body, **thread)


def read(database: Database, scope: Scope) -> list[str]:
    with database.begin(scope) as session:
        return [message.body for message in queries.messages(session, reader=scope.person_id)]


def test_a_family_and_its_provider_read_what_they_write_to_each_other(database, people):
    family_actor = people.case.family_actor
    send(database, people.family, family_actor, MessageChannel.FAMILY_PROVIDER, "May my sister come?")
    send(
        database,
        people.provider(people.coordinator),
        people.coordinator,
        MessageChannel.FAMILY_PROVIDER,
        "Yes.",
        member_id=people.case.parent,
    )
    for scope in (people.family, people.provider(people.mediator)):
        assert read(database, scope) == ["May my sister come?", "Yes."]


def test_the_council_reads_nothing_that_passes_between_family_and_provider(database, people):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "Between us.")
    assert read(database, people.council) == []


def test_the_family_reads_nothing_that_passes_between_council_and_provider(database, people):
    send(database, people.council, people.officer, MessageChannel.COUNCIL_PROVIDER, "Between us.")
    assert read(database, people.family) == []
    assert read(database, people.provider(people.mediator)) == ["Between us."]


def test_another_member_of_the_family_reads_nothing_of_a_parents_thread(database, people):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "Only for you.")
    assert read(database, people.scope(Side.FAMILY, new_id())) == []


def test_the_other_cases_of_the_same_council_see_nothing(database, people, make):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "Ours.")
    elsewhere = People(make.case(people.case.authority, provider=people.case.provider))
    assert read(database, elsewhere.provider(elsewhere.coordinator)) == []


def test_a_provider_that_does_not_have_the_case_is_shown_nothing_and_can_write_nothing(database, people, make):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "Ours.")
    stranger = make.provider()
    actor = acting(Role.COORDINATOR, stranger)
    scope = people.scope(Side.PROVIDER, actor.identity_id, realm=stranger.id)
    assert read(database, scope) == []
    with pytest.raises(ProgrammingError, match="row-level security"):
        send(database, scope, actor, MessageChannel.FAMILY_PROVIDER, "Let me in.", member_id=people.case.parent)


def test_a_mediators_notes_are_the_authors_alone(database, people):
    with database.begin(people.provider(people.mediator)) as session:
        service.write_note(session, actor=people.mediator, at=NOW, body="They are closer than they think.")
        assert [note.body for note in queries.own_notes(session)] == ["They are closer than they think."]
    others = (people.provider(people.coordinator), people.scope(Side.PROVIDER, new_id()), people.family, people.council)
    for scope in others:
        with database.begin(scope) as session:
            assert queries.own_notes(session) == []


@pytest.mark.parametrize("login", [Login.APP, Login.WORKER])
@pytest.mark.parametrize("table", ["private_message", "mediator_note", "case_key"])
def test_the_logins_of_pages_and_jobs_are_refused_by_the_database(database, people, login, table):
    with database.begin(authority_scope(people.case.authority.id, login=login)) as session:
        with pytest.raises(ProgrammingError, match="permission denied for schema compartment"):
            session.execute(text(f"SELECT count(*) FROM compartment.{table}"))  # noqa: S608  a name from above


@pytest.mark.parametrize("login", [Login.PROVIDER, Login.OPERATOR])
def test_not_even_provider_and_operator_logins_reach_the_schema(database, people, login):
    scope = Scope(login=login, realm_id=people.case.provider.id, provider_id=people.case.provider.id)
    with database.begin(scope) as session:
        with pytest.raises(ProgrammingError, match="permission denied for schema compartment"):
            session.execute(text("SELECT count(*) FROM compartment.private_message"))


@pytest.mark.parametrize("table", ["audit_event", "jobs.procrastinate_jobs", "party_member", "statement"])
def test_the_compartments_login_reads_nothing_of_the_open_side(database, people, table):
    with database.begin(people.provider(people.mediator)) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  a name from above


def test_of_a_case_the_compartments_login_reads_the_id_and_the_holder_only(database, people):
    with database.begin(people.provider(people.mediator)) as session:
        found = session.execute(text('SELECT id, provider_id FROM "case"')).all()
        assert found == [(people.case.id, people.case.provider.id)]
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text('SELECT reference FROM "case"'))


def test_a_process_without_the_compartments_password_cannot_open_it(database, people):
    council_only = Database({Login.APP: database.engine(Login.APP)}, Vault(MASTER_KEY))
    with pytest.raises(LoginUnavailableError), council_only.begin(people.council):
        pass


def test_the_authoritys_key_opens_nothing_in_the_compartment(database, people):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "Sealed.")
    engines = {Login.COMPARTMENT: database.engine(Login.COMPARTMENT)}
    wrong = Database(engines, Vault(MASTER_KEY), Vault(MASTER_KEY))
    with wrong.begin(people.family) as session, pytest.raises(KeyFileError):
        queries.messages(session, reader=people.case.parent)


def test_ciphertext_moved_to_another_message_does_not_open(database, people):
    for body in ("one", "two"):
        send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, body)
    with database.begin(people.family) as session:
        first, second = session.query(PrivateMessage).order_by(PrivateMessage.id)
        first.body_sealed = second.body_sealed
        with pytest.raises(SealBrokenError):
            _ = first.body


def test_what_was_said_cannot_be_changed_or_unsaid(database, people):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "Said.")
    for verb in ("DELETE FROM compartment.private_message", "UPDATE compartment.private_message SET sent_at = now()"):
        with database.begin(people.provider(people.mediator)) as session:
            with pytest.raises(ProgrammingError, match="permission denied"):
                session.execute(text(verb))


@pytest.mark.parametrize("body", ["", "   \n", "x" * (LONGEST + 1)])
def test_an_empty_or_endless_message_is_refused_by_name(database, people, body):
    with pytest.raises(Invalid) as refused:
        send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, body)
    assert list(refused.value.errors) == ["body"]


def test_there_is_no_thread_between_family_and_council(database, people):
    with pytest.raises(Refused):
        send(database, people.family, people.case.family_actor, MessageChannel.COUNCIL_PROVIDER, "Dear council")
    with pytest.raises(Refused):
        send(database, people.council, people.officer, MessageChannel.FAMILY_PROVIDER, "Dear family")


def test_neither_job_nor_audit_holds_a_word_of_what_was_said(database, people, admin_url):
    send(database, people.family, people.case.family_actor, MessageChannel.FAMILY_PROVIDER, "canary-7f3a 🕊 secret")
    with psycopg.connect(admin_url) as behind:
        jobs = behind.execute("SELECT args::text FROM jobs.procrastinate_jobs").fetchall()
        events = behind.execute("SELECT audit_event::text FROM audit_event").fetchall()
        stored = behind.execute(
            "SELECT body_sealed FROM compartment.private_message WHERE case_id = %s", (people.case.id,)
        ).fetchall()
    assert any(str(people.case.id) in job for (job,) in jobs)
    assert any(str(people.case.id) in event for (event,) in events)
    assert not any("canary" in row for (row,) in jobs + events)
    (body,) = (bytes(row) for (row,) in stored)
    assert b"canary" not in body

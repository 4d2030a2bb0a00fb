"""A council moves from one deployment to another: two databases, two master keys, the same records."""

import pathlib
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from parley.audit.models import AuditEvent
from parley.casework.models import TimelineEntry, WorklistEntry
from parley.casework.timeline import LET_GO_BY, TAKEN_BY, Happening
from parley.db.keys import KeyFileError, Vault
from parley.db.scope import Login, authority_scope, mover_scope, platform_scope, provider_case_scope, provider_scope
from parley.db.session import Database, engine_for
from parley.kernel.errors import Conflict
from parley.tenancy import queries as tenancy
from parley.transfer.queries.carried_rows import LEFT, carried_lines, carried_tables, tables_of_councils, tallied
from parley.transfer.sealed_stream import SealedFileError, public_key, public_text
from parley.transfer.service.arriving import bring_in, look_at
from parley.transfer.service.carrying import Carried, carry_out, count_to_carry
from support.council_pages import lines_of_pages
from support.database import logins_of
from support.factories import MASTER_KEY, NOW, OPERATOR, Factory
from support.leaving_council import SECRET, Leaving, had_by_another_before
from support.models import declared
from support.other_deployment import Elsewhere, elsewhere

ARRIVALS, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture(scope="module")
def sealed(
    here: Database, leaving: Leaving, staying: Leaving, tmp_path_factory: pytest.TempPathFactory
) -> tuple[pathlib.Path, Carried]:
    """The council, one of whose cases had another provider before, sealed for the other deployment."""
    had_by_another_before(Factory(here), here, leaving.told)
    path = tmp_path_factory.mktemp("sealed") / "council.sealed"
    receiver = public_key(public_text(ARRIVALS))
    return path, carry_out(here, leaving.council.authority, path, receiver, actor=OPERATOR, at=NOW)


@pytest.fixture
def there(database_server: str, leaving: Leaving, here: Database) -> Iterator[Elsewhere]:
    """A deployment that the council can move to."""
    with elsewhere(database_server, leaving, here) as found:
        yield found


def arrive(there: Elsewhere, path: pathlib.Path, key: bytes = ARRIVALS) -> Carried:
    return bring_in(there.database, path, key, actor=OPERATOR, at=NOW)[1]


def test_the_same_records_are_there_by_count_and_hash(
    here: Database, leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    path, carried = sealed
    assert arrive(there, path) == carried
    # Since then it is recorded here that it was carried out.
    counted = count_to_carry(here, leaving.council.authority)
    assert counted.pop("audit_event") > 0
    assert {**carried.counts, **counted} == carried.counts
    rows = there.rows()
    assert {name: rows[name] for name in ("case", "statement", "document_chunk", "provider_worklist")} == {
        name: carried.counts[name] for name in ("case", "statement", "document_chunk", "provider_worklist")
    }


def test_the_pages_show_the_same_there(
    here: Database, leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    arrive(there, sealed[0])
    for case in leaving.cases:
        shown = []
        for database in (here, there.database):
            with database.begin(case.authority_scope) as session:
                shown.append(lines_of_pages(session, case.authority.id, case.id, NOW))
        assert shown[0] == shown[1]


def test_the_provider_that_had_a_case_before_is_called_the_same_there(
    leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    arrive(there, sealed[0])
    with there.database.begin(leaving.told.authority_scope) as session:
        lines = lines_of_pages(session, leaving.told.authority.id, leaving.told.id, NOW)
        ids = {str(one.id): one.name for one in tenancy.providers(session)}
        rows = session.scalars(select(TimelineEntry.codes).where(TimelineEntry.code == Happening.TAKEN_OVER))
        (codes,) = rows.all()
    assert {ids[codes[LET_GO_BY]], ids[codes[TAKEN_BY]]} == {"Former Helpers", leaving.told.provider.name}
    assert any("Former Helpers" in line["words"] for line in lines["timeline"])


def test_a_provider_that_had_a_case_before_must_be_known_there(
    leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    with psycopg.connect(there.admin_url) as admin:
        admin.execute("UPDATE provider SET slug = 'renamed' WHERE name = 'Former Helpers'")
    with pytest.raises(Conflict, match="name a provider that is not here"):
        arrive(there, sealed[0])


def test_the_provider_finds_its_cases_there_under_its_own_key(
    leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    arrive(there, sealed[0])
    slug = leaving.council.provider.slug
    with there.database.begin(platform_scope(Login.APP)) as session:
        (provider,) = (one for one in tenancy.providers(session) if one.slug == slug)
    assert provider.id != leaving.council.provider.id
    with there.database.begin(provider_scope(provider.id)) as session:
        names = {row.case_id: row.name for row in session.scalars(select(WorklistEntry))}
    assert names == {case.id: case.child_name for case in (*leaving.cases, leaving.untold)}
    scope = provider_case_scope(provider.id, leaving.told.authority.id, leaving.told.id)
    with there.database.begin(scope) as session:
        assert session.scalar(text("SELECT count(*) FROM statement")) == 2


def test_the_data_key_is_wrapped_by_the_other_master_key(
    leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    arrive(there, sealed[0])
    old = Database({"app": engine_for(logins_of(there.admin_url)["app"])}, Vault(MASTER_KEY))
    with old.begin(leaving.told.authority_scope) as session, pytest.raises(KeyFileError):
        lines_of_pages(session, leaving.told.authority.id, leaving.told.id, NOW)
    old.dispose()


def test_what_was_said_in_confidence_is_not_in_it_and_not_there(
    leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    arrive(there, sealed[0])
    with psycopg.connect(there.admin_url) as admin:
        tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'compartment'").fetchall()
        held = {name: admin.execute(f"SELECT count(*) FROM compartment.{name}").fetchall() for (name,) in tables}
    assert set(map(str, held.values())) == {"[(0,)]"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT wrapped FROM compartment.case_key",
        "SELECT authority_id FROM compartment.case_key",
        "SELECT body_sealed FROM compartment.private_message",
        "SELECT body_sealed FROM compartment.mediator_note",
        "SELECT text_sealed FROM compartment.draft_agreement",
        "SELECT words_sealed FROM compartment.feedback",
        "SELECT body_sealed FROM compartment.safeguarding_concern",
        "DELETE FROM compartment.private_message",
    ],
)
def test_the_login_that_moves_councils_reads_nothing_of_it(here: Database, leaving: Leaving, query: str) -> None:
    with here.begin(mover_scope(leaving.council.authority.id)) as session:
        with pytest.raises(DBAPIError, match="permission denied"):
            session.execute(text(query))


@pytest.mark.parametrize("query", ["UPDATE \"case\" SET state = 'sent'", "DELETE FROM audit_event"])
def test_the_login_that_moves_councils_alters_nothing(here: Database, leaving: Leaving, query: str) -> None:
    with here.begin(mover_scope(leaving.council.authority.id)) as session:
        with pytest.raises(DBAPIError, match="permission denied"):
            session.execute(text(query))


def test_nobody_reads_the_file_on_its_way(sealed: tuple[pathlib.Path, Carried], leaving: Leaving) -> None:
    content = sealed[0].read_bytes()
    for word in (SECRET, leaving.told.reference, leaving.council.authority.slug, str(leaving.told.id)):
        assert word.encode() not in content


def test_nothing_is_left_behind_by_what_is_refused(
    there: Elsewhere, sealed: tuple[pathlib.Path, Carried], tmp_path: pathlib.Path
) -> None:
    before, content = there.rows(), sealed[0].read_bytes()
    spoilt = {
        "cut off": content[:-100],
        "altered": content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
        "no export": b"PK" + content,
    }
    for name, bytes_ in spoilt.items():
        (tmp_path / name).write_bytes(bytes_)
        with pytest.raises(SealedFileError):
            arrive(there, tmp_path / name)
    with pytest.raises(SealedFileError, match="another one"):
        arrive(there, sealed[0], OTHER)
    assert there.rows() == before


def test_a_run_that_ends_in_the_middle_leaves_nothing_and_can_be_run_again(
    there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    def stop(table: str) -> None:
        if table == "document_chunk":
            raise KeyboardInterrupt

    before = there.rows()
    with pytest.raises(KeyboardInterrupt):
        bring_in(there.database, sealed[0], ARRIVALS, actor=OPERATOR, at=NOW, progress=stop)
    assert there.rows() == before
    assert arrive(there, sealed[0]) == sealed[1]


def test_a_council_that_is_there_already_is_left_alone(there: Elsewhere, sealed: tuple[pathlib.Path, Carried]) -> None:
    arrive(there, sealed[0])
    before = there.rows()
    with pytest.raises(Conflict, match="holds records"):
        arrive(there, sealed[0])
    assert there.rows() == before


def test_one_that_was_loaded_from_its_files_and_holds_nothing_gives_its_place(
    leaving: Leaving, there: Elsewhere, sealed: tuple[pathlib.Path, Carried]
) -> None:
    loaded = Factory(there.database).authority()
    with psycopg.connect(there.admin_url) as admin:
        slug = leaving.council.authority.slug
        admin.execute("UPDATE local_authority SET slug = %s WHERE id = %s", (slug, loaded.id))
    assert arrive(there, sealed[0]) == sealed[1]
    with there.database.begin(platform_scope()) as session:
        assert [one.id for one in tenancy.directory(session)] == [leaving.council.authority.id]


def test_another_schema_and_unknown_providers_are_said_before_anything_is_written(
    database_server: str, there: Elsewhere, sealed: tuple[pathlib.Path, Carried], leaving: Leaving
) -> None:
    with psycopg.connect(there.admin_url) as admin:
        (version,) = admin.execute("SELECT version_num FROM alembic_version").fetchall()[0]
        admin.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(Conflict, match=f"made with schema {version}, and this deployment has 0001"):
        arrive(there, sealed[0])
    with psycopg.connect(there.admin_url) as admin:
        admin.execute("UPDATE alembic_version SET version_num = %s", (version,))
        admin.execute("UPDATE provider SET slug = 'renamed' WHERE slug = %s", (leaving.council.provider.slug,))
    with pytest.raises(Conflict, match="name a provider that is not here"):
        arrive(there, sealed[0])


def test_a_dry_run_reads_all_of_it(sealed: tuple[pathlib.Path, Carried], leaving: Leaving) -> None:
    arrival, carried = look_at(sealed[0], ARRIVALS)
    assert (arrival.slug, carried) == (leaving.council.authority.slug, sealed[1])


def test_both_sides_record_it_by_the_same_hash(
    here: Database, there: Elsewhere, sealed: tuple[pathlib.Path, Carried], leaving: Leaving
) -> None:
    arrive(there, sealed[0])
    told = []
    for database, action in ((here, "authority.carry_out"), (there.database, "authority.bring_in")):
        with database.begin(authority_scope(leaving.council.authority.id)) as session:
            told.append(session.scalars(select(AuditEvent).where(AuditEvent.action == action)).one().codes)
    assert told[0] == told[1] == {"cases": 5, "sealed": sealed[1].sha256}


def test_every_table_with_rows_of_a_council_goes_or_is_said_to_stay() -> None:
    declared()
    assert LEFT.keys() <= {table.name for table in tables_of_councils()}
    assert len(carried_tables()) + len(LEFT) == len(tables_of_councils())


def test_the_commands_know_every_table_there_is() -> None:
    """What a process imports decides which tables it knows: those of the commands know all that tests know."""
    script = "import parley.cli.{}\nfrom parley.transfer.queries import carried_rows as rows\n"
    script += "print(*sorted(table.name for table in rows.tables_of_councils()))"
    declared()
    for command in ("authority_export", "authority_import"):
        done = subprocess.run(
            [sys.executable, "-c", script.format(command)], capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == sorted(table.name for table in tables_of_councils())


def test_the_same_rows_are_the_same_lines(here: Database, leaving: Leaving) -> None:
    authority_id = leaving.council.authority.id
    for table in carried_tables():
        with here.begin(mover_scope(authority_id)) as session:
            once = tallied(carried_lines(session, table, authority_id))
        with here.begin(mover_scope(authority_id)) as session:
            assert tallied(carried_lines(session, table, authority_id)) == once

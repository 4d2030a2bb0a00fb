"""A council is removed once nobody holds anything of it: its key, its records, and nothing of anybody else's."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from parley.audit.models import AuditEvent
from parley.casework.domain import CaseState
from parley.cli.authority import authority
from parley.db.kept_keys import KeptKeys
from parley.db.keys import KeyFileError, Vault
from parley.db.scope import Login, authority_scope, mover_scope
from parley.db.sealed import realm_keys
from parley.db.session import Database, engine_for
from parley.kernel.errors import Conflict, NotFound
from parley.retention.service import place_hold
from parley.settings import LOGIN_VARIABLES
from parley.tenancy.domain import Authority
from parley.transfer.queries.carried_rows import Tally
from parley.transfer.queries.removal import held_records
from parley.transfer.sealed_stream import public_key, public_text
from parley.transfer.service.carrying import Carried, carry_out
from parley.transfer.service.receipts import read_receipt
from parley.transfer.service.removing import StillHeldError, certificates_of, count_to_remove, remove
from support.database import logins_of, migrated_database
from support.deployment import deployment
from support.factories import COMPARTMENT_KEY, MASTER_KEY, NOW, OPERATOR, Factory
from support.leaving_council import Leaving, leaving_council

REASON = "It left for another deployment"


class Deployment:
    """A deployment with a council that goes and one that stays."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        engines = {login: engine_for(url) for login, url in logins_of(admin_url).items() if login != "owner"}
        self.database = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
        worker = logins_of(admin_url)["worker"]
        self.leaving = leaving_council(Factory(self.database), self.database, worker)
        self.staying = leaving_council(Factory(self.database), self.database, worker)

    @property
    def council(self) -> Authority:
        return self.leaving.council.authority

    def suspended(self) -> Authority:
        """Suspend the council; return it as it then is."""
        with psycopg.connect(self.admin_url) as admin:
            admin.execute("UPDATE local_authority SET state = 'suspended' WHERE id = %s", (self.council.id,))
        return Authority(**{**vars_of(self.council), "state": "suspended"})

    def let_go(self) -> None:
        """Close every case, and dispose of what was said in confidence, as its holder's clock does in time."""
        with psycopg.connect(self.admin_url) as admin:
            cases = (CaseState.CLOSED.value, self.council.id)
            admin.execute("UPDATE provider_worklist SET is_open = false, state = %s WHERE authority_id = %s", cases)
        self.keep_nothing_in_confidence()

    def keep_nothing_in_confidence(self) -> None:
        """Delete what was said in confidence, as when it followed its council elsewhere."""
        with psycopg.connect(self.admin_url) as admin:
            tables = admin.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'compartment'"
                " ORDER BY tablename = 'draft_agreement'"
            ).fetchall()
            for (table,) in tables:
                admin.execute(f"DELETE FROM compartment.{table} WHERE authority_id = %s".encode(), (self.council.id,))

    def rows(self, of: Leaving) -> dict[str, int]:
        """Return how many rows of a council there are, by table; the superuser counts."""
        with psycopg.connect(self.admin_url) as admin:
            columns = admin.execute(
                "SELECT table_schema, table_name, min(column_name) FROM information_schema.columns"
                " WHERE column_name IN ('authority_id', 'realm_id') AND table_schema IN ('public', 'compartment')"
                " GROUP BY 1, 2"
            ).fetchall()
            return {
                f"{schema}.{table}": admin.execute(
                    f'SELECT count(*) FROM {schema}."{table}" WHERE {column} = %s'.encode(), (of.council.authority.id,)
                ).fetchall()[0][0]
                for schema, table, column in columns
            }


def vars_of(council: Authority) -> dict[str, object]:
    return {name: getattr(council, name) for name in council.__dataclass_fields__}


@pytest.fixture
def deployed(database_server: str) -> Iterator[Deployment]:
    """A deployment of the test's own."""
    with migrated_database(database_server) as url:
        made = Deployment(url)
        yield made
        made.database.dispose()


def test_a_live_council_is_left_alone(deployed: Deployment) -> None:
    with pytest.raises(Conflict, match="Suspend it first"):
        remove(deployed.database, deployed.council, actor=OPERATOR, at=NOW, by="ops", reason=REASON)


def test_while_providers_hold_records_it_says_which_and_removes_nothing(deployed: Deployment) -> None:
    council, before = deployed.suspended(), deployed.rows(deployed.leaving)
    with pytest.raises(StillHeldError) as caught:
        remove(deployed.database, council, actor=OPERATOR, at=NOW, by="ops", reason=REASON)
    held = {one.case_id: one for one in caught.value.held}
    kept = deployed.leaving
    open_cases = [kept.untold, kept.told, kept.arranged, kept.held.case]
    assert {case.id for case in open_cases} == set(held)
    of_talks = held[deployed.leaving.held.case.id]
    assert (of_talks.holder, of_talks.confidential, of_talks.received_at) == (
        deployed.leaving.council.provider.slug,
        True,
        NOW,
    )
    assert deployed.rows(deployed.leaving) == before


def test_a_closed_case_is_held_as_long_as_something_is_kept_that_was_said_in_confidence(deployed: Deployment) -> None:
    with psycopg.connect(deployed.admin_url) as admin:
        admin.execute("UPDATE provider_worklist SET is_open = false")
    with deployed.database.begin(mover_scope(deployed.council.id)) as session:
        (held,) = held_records(session, deployed.council.id)
    assert (held.case_id, held.because) == (deployed.leaving.held.case.id, "what was said in confidence is kept")


def test_a_legal_hold_keeps_the_council(deployed: Deployment) -> None:
    council, case = deployed.suspended(), deployed.leaving.closed
    with deployed.database.begin(case.authority_scope) as session:
        place_hold(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=council.id,
            reference=case.reference,
            by="ops",
            reason="A court asked for it",
        )
    deployed.let_go()
    with pytest.raises(Conflict, match=f"Legal holds keep {case.reference}"):
        remove(deployed.database, council, actor=OPERATOR, at=NOW, by="ops", reason=REASON)


def test_then_everything_of_it_goes_but_its_audit_and_nothing_of_anybody_elses(deployed: Deployment) -> None:
    council = deployed.suspended()
    deployed.let_go()
    others = deployed.rows(deployed.staying)
    certificate = remove(deployed.database, council, actor=OPERATOR, at=NOW, by="ops", reason=REASON)
    left = {table: count for table, count in deployed.rows(deployed.leaving).items() if count}
    assert left.keys() == {"public.audit_event"}
    assert deployed.rows(deployed.staying) == others
    assert certificate.tables["case"]["rows"] == 5
    assert certificate.tables["data_key"]["rows"] == 1
    with psycopg.connect(deployed.admin_url) as admin:
        known = admin.execute("SELECT slug FROM local_authority").fetchall()
        (codes,) = admin.execute("SELECT codes FROM audit_event WHERE action = 'authority.remove'").fetchall()[0]
    assert (council.slug,) not in known
    assert codes == {"certificate": certificate.content_sha256}


def moved_away(deployed: Deployment, folder: pathlib.Path) -> str:
    """Seal the council for another deployment; return what the import there prints (which comes to the same: that is
    held by the tests of the round trip)."""
    receiver = public_key(public_text(bytes(range(32))))
    sealed = folder / "council.sealed"
    carried = carry_out(deployed.database, deployed.council, sealed, receiver, actor=OPERATOR, at=NOW)
    tables = {name: dataclasses.asdict(tally) for name, tally in carried.tables.items()}
    return json.dumps({"council": deployed.council.slug, "sha256": carried.sha256, "tables": tables, "written": True})


def test_open_cases_of_a_council_that_has_moved_do_not_keep_it_here(
    deployed: Deployment, tmp_path: pathlib.Path
) -> None:
    council = deployed.suspended()
    receipt = read_receipt(moved_away(deployed, tmp_path))
    about = {"actor": OPERATOR, "at": NOW, "by": "ops", "reason": REASON}
    with pytest.raises(StillHeldError) as caught:
        remove(deployed.database, council, **about, moved=receipt)
    assert all(one.confidential for one in caught.value.held)
    deployed.keep_nothing_in_confidence()
    with pytest.raises(StillHeldError):
        remove(deployed.database, council, **about)
    certificate = remove(deployed.database, council, **about, moved=receipt)
    assert certificate.tables["case"]["rows"] == receipt.counts["case"] > 0
    with deployed.database.begin(authority_scope(council.id, login=Login.MOVER)) as session:
        action = select(AuditEvent.codes).where(AuditEvent.action == "authority.remove")
        assert session.scalars(action).one()["moved"] == receipt.sha256


def test_what_changed_since_it_was_sealed_keeps_the_council(deployed: Deployment, tmp_path: pathlib.Path) -> None:
    council = deployed.suspended()
    printed = moved_away(deployed, tmp_path)
    deployed.let_go()
    with pytest.raises(Conflict, match="provider_worklist") as caught:
        count_to_remove(deployed.database, council, moved=read_receipt(printed))
    assert caught.value.code == "differs"


def test_a_receipt_is_of_this_council_as_it_was_sealed_here(deployed: Deployment, tmp_path: pathlib.Path) -> None:
    council = deployed.suspended()
    printed = json.loads(moved_away(deployed, tmp_path))
    for altered in ({"written": False}, {"tables": {}}, {"sha256": "0" * 64}, {"tables": 5}):
        with pytest.raises(Conflict, match="import --json"):
            read_receipt(json.dumps(printed | altered))
    with pytest.raises(Conflict, match="import --json"):
        read_receipt("not JSON")
    other = Carried(tables={"case": Tally(rows=1, sha256="0" * 64)})
    with pytest.raises(Conflict, match="was not sealed here"):
        count_to_remove(deployed.database, council, moved=other)


def test_a_process_that_runs_forgets_its_key_by_itself(deployed: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    council, scope, minutes = deployed.suspended(), authority_scope(deployed.council.id), 0
    vault = Vault(MASTER_KEY)
    monkeypatch.setattr(vault, "_keys", KeptKeys(lambda: minutes * 60.0))
    running = Database({"app": engine_for(logins_of(deployed.admin_url)["app"])}, vault)
    with running.begin(scope) as session:
        keys = realm_keys(session, council.id)
    deployed.let_go()
    remove(deployed.database, council, actor=OPERATOR, at=NOW, by="ops", reason=REASON)
    with running.begin(scope) as session:
        assert realm_keys(session, council.id) is keys
        minutes = 1
        with pytest.raises(KeyFileError, match="it is gone"):
            realm_keys(session, council.id)
    running.dispose()


def test_the_certificate_stays_and_can_be_told_from_an_altered_one(deployed: Deployment) -> None:
    council = deployed.suspended()
    deployed.let_go()
    certificate = remove(deployed.database, council, actor=OPERATOR, at=NOW, by="ops", reason=REASON)
    assert certificates_of(deployed.database, council.slug) == [certificate]
    for login in (Login.MOVER, Login.OPERATOR, Login.APP):
        for statement in ("DELETE FROM removal_certificate", "UPDATE removal_certificate SET reason = ''"):
            with deployed.database.engine(login).connect() as connection, pytest.raises(DBAPIError, match="permission"):
                connection.execute(text(statement))
    with psycopg.connect(deployed.admin_url) as admin:
        admin.execute("UPDATE removal_certificate SET removed_by = 'somebody else'")
    with pytest.raises(Conflict, match="altered"):
        certificates_of(deployed.database, council.slug)
    with pytest.raises(NotFound):
        certificates_of(deployed.database, "nowhere")


def test_one_that_is_killed_removed_nothing_and_is_run_again(
    deployed: Deployment, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.suspended()
    deployed.let_go()
    before = deployed.rows(deployed.leaving)
    environ = _environ(deployed, tmp_path, monkeypatch)
    command = ["authority", "remove", deployed.council.slug, "--reason", REASON, "--confirm", deployed.council.slug]
    with psycopg.connect(deployed.admin_url) as admin:
        # It comes as far as this row, in the middle of its deleting, and waits.
        admin.execute("SELECT 1 FROM party WHERE authority_id = %s FOR UPDATE", (deployed.council.id,))
        process = subprocess.Popen(
            [sys.executable, "-c", "from parley.cli import main; main()", *command], env=os.environ | environ
        )
        _wait_until_it_waits(deployed.admin_url)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert deployed.rows(deployed.leaving) == before
    result = _run("remove", deployed.council.slug, "--reason", REASON, "--confirm", deployed.council.slug, "--json")
    assert result.exit_code == 0, result.output
    assert {table for table, count in deployed.rows(deployed.leaving).items() if count} == {"public.audit_event"}


def test_the_command_asks_for_the_name_and_prints_what_was_certified(
    deployed: Deployment, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = deployed.council.slug
    deployed.suspended()
    _environ(deployed, tmp_path, monkeypatch)
    held = _run("remove", slug, "--reason", REASON, "--json")
    assert held.exit_code == 3
    assert len(json.loads(held.stdout)["held"]) == 4
    deployed.let_go()
    counted = _run("remove", slug, "--reason", REASON, "--dry-run")
    assert (counted.exit_code, "Nothing was removed" in counted.stdout) == (0, True)
    wrong = _run("remove", slug, "--reason", REASON, typed="another\n")
    assert (wrong.exit_code, "Nothing was removed" in wrong.stderr) == (2, True)
    done = _run("remove", slug, "--reason", REASON, "--author", "ops", typed=f"{slug}\n")
    assert done.exit_code == 0, done.output
    printed = _run("certificate", slug)
    assert printed.stdout in done.stdout
    assert f"by ops: {REASON}" in printed.stdout
    assert "case " in printed.stdout
    again = _run("remove", slug, "--reason", REASON, "--confirm", slug)
    assert (again.exit_code, "No council called" in again.stderr) == (2, True)


def _environ(deployed: Deployment, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stand before the deployment with the logins that the commands need."""
    for name in list(os.environ):
        if name.startswith("PARLEY_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    settings = deployment(folder, logins_of(deployed.admin_url))
    environ = {
        "PARLEY_DATA": str(folder),
        "PARLEY_MASTER_KEY_FILE": str(settings.master_key_file),
        **{LOGIN_VARIABLES[login]: settings.login_urls[login] for login in (Login.MOVER, Login.OPERATOR)},
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return environ


def _run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(authority, list(arguments), input=typed)


def _wait_until_it_waits(admin_url: str) -> None:
    until = time.monotonic() + 60
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while time.monotonic() < until:
        with psycopg.connect(admin_url) as admin:
            if admin.execute(waiting).fetchone():
                return
        time.sleep(0.1)
    raise TimeoutError("it never came to the row")

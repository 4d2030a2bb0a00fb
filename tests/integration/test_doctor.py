"""`parley doctor` sees what is wrong, says what to do, and says nothing about people."""

import dataclasses
import pathlib

import psycopg
import pytest

from parley.cli import checkup
from parley.cli.finding import Finding
from parley.cli.key_checks import key_files, keys_in_use
from parley.db.keys import key_id, new_key_text, read_master_keys
from parley.db.logins import write_logins
from parley.db.scope import PLATFORM_REALM, Login
from parley.notifications import local_inbox
from parley.settings import Mode, Settings
from support.database import logins_of
from support.deployment import deployment
from support.factories import MASTER_KEY, Factory
from support.signin_server import signin_server


@pytest.fixture
def settings(tmp_path: pathlib.Path, login_urls: dict[str, str]) -> Settings:
    """A deployment whose database is the test's and whose other parts do not run."""
    return deployment(tmp_path, login_urls)


def _by_part(findings: "list[Finding]") -> dict[str, Finding]:
    return {finding.part: finding for finding in findings}


def test_a_prepared_database_is_well(settings: Settings) -> None:
    found = _by_part(list(checkup.database(settings)))
    assert found["database"].ok
    assert found["database"].found == f"{len(Login)} logins reach it"
    assert found["schema"].ok
    assert found["schema"].found.startswith("is at ")


def test_an_old_schema_is_seen(settings: Settings, own_database: str) -> None:
    with psycopg.connect(own_database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    name = own_database.rpartition("/")[2]
    moved = {login: f"{url.rpartition('/')[0]}/{name}" for login, url in settings.login_urls.items()}
    found = _by_part(list(checkup.database(dataclasses.replace(settings, login_urls=moved))))
    assert not found["schema"].ok
    assert "is 0000" in found["schema"].found


def test_a_login_that_cannot_get_in_is_named_without_its_password(settings: Settings) -> None:
    wrong = dict(settings.login_urls) | {"compartment": "postgresql://parley_compartment:topsecret@127.0.0.1:1/none"}
    (finding,) = checkup.database(dataclasses.replace(settings, login_urls=wrong))
    assert "compartment" in finding.found
    assert "topsecret" not in finding.found + finding.next_step


def test_a_missing_and_a_readable_key_are_seen(settings: Settings) -> None:
    settings.master_key_file.chmod(0o644)
    settings.secret_key_file.unlink()
    found = _by_part(list(key_files(settings)))
    assert "chmod 600" in found["master key"].next_step
    assert found["compartment key"].ok
    assert not found["cookie key"].ok


def test_of_several_keys_in_a_file_each_is_named(settings: Settings) -> None:
    add_key(settings.master_key_file)
    found = _by_part(list(key_files(settings)))
    (new, old) = (key_id(key) for key in read_master_keys(settings.master_key_file))
    assert found["master key"].ok
    assert found["master key"].found.endswith(f"it holds {new}, {old}, the newest first")
    add_key(settings.secret_key_file)
    assert "holds 2 keys" in _by_part(list(key_files(settings)))["cookie key"].found


def test_a_compartment_that_shares_the_master_key_is_seen(settings: Settings) -> None:
    assert "compartment's own key" not in _by_part(list(key_files(settings)))
    settings.compartment_key_file.write_text(settings.master_key_file.read_text())
    found = _by_part(list(key_files(settings)))["compartment's own key"]
    assert "parley keys add compartment" in found.next_step


def test_what_the_database_needs_of_the_key_files_is_looked_at(settings: Settings, make: Factory) -> None:
    make.authority()
    found = _by_part(list(keys_in_use(settings)))
    assert found["master keys in use"].ok
    assert f"keys under {key_id(MASTER_KEY)}" in found["master keys in use"].found
    new_id = add_key(settings.master_key_file)
    found = _by_part(list(keys_in_use(settings)))
    assert f"{new_id}: not used yet" in found["master keys in use"].found
    settings.master_key_file.write_text(new_key_text())
    found = _by_part(list(keys_in_use(settings)))
    assert "not in the file" in found["master keys in use"].found
    assert "Copy the key file" in found["master keys in use"].next_step


def test_keys_that_are_older_than_their_names_need_naming_where_the_file_has_several(
    settings: Settings, own_database: str
) -> None:
    moved = dataclasses.replace(settings, login_urls={"keys": logins_of(own_database)["keys"]})
    with psycopg.connect(own_database) as admin:
        admin.execute("INSERT INTO data_key (realm_id, wrapped, created_at) VALUES (%s, '', now())", (PLATFORM_REALM,))
    assert _by_part(list(keys_in_use(moved)))["master keys in use"].ok
    add_key(settings.master_key_file)
    found = _by_part(list(keys_in_use(moved)))["master keys in use"]
    assert "1 keys do not say" in found.found
    assert "parley keys rotate master" in found.next_step


def test_without_the_login_for_keys_or_its_database_doctor_says_so(settings: Settings) -> None:
    (finding,) = keys_in_use(dataclasses.replace(settings, login_urls={"app": settings.login_urls["app"]}))
    assert "not looked at" in finding.found
    gone = {"keys": "postgresql://parley_keys:topsecret@127.0.0.1:1/none"}
    for finding in keys_in_use(dataclasses.replace(settings, login_urls=gone)):
        assert "parley db prepare" in finding.next_step


def add_key(path: pathlib.Path) -> str:
    path.write_text(new_key_text() + path.read_text())
    return key_id(read_master_keys(path)[0])


def test_without_a_worker_waiting_jobs_are_counted(settings: Settings, own_database: str) -> None:
    name = own_database.rpartition("/")[2]
    moved = {login: f"{url.rpartition('/')[0]}/{name}" for login, url in settings.login_urls.items()}
    with psycopg.connect(own_database) as connection:
        connection.execute("SET search_path = jobs")
        for status, minutes in (("todo", 10), ("todo", 0), ("failed", 60)):
            row = connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 't', %s) RETURNING id",
                (status,),
            ).fetchone()
            assert row is not None
            connection.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(mins => %s) WHERE job_id = %s",
                (minutes, row[0]),
            )
    found = _by_part(list(checkup.work(dataclasses.replace(settings, login_urls=moved))))
    assert found["worker"].found.startswith("none alive")
    assert found["jobs"].found == "2 waiting, the oldest due for 10 minutes"
    assert not found["jobs"].ok
    assert found["failed jobs"].found == "1"


def test_mail_that_does_not_answer_is_seen_and_mail_that_does_is_well(
    settings: Settings, tmp_path: pathlib.Path
) -> None:
    (finding,) = checkup.mail(settings)
    assert "PARLEY_SMTP_URL" in finding.next_step
    with local_inbox.serve(tmp_path / "inbox", "127.0.0.1", int(settings.smtp_url.rpartition(":")[2])):
        (finding,) = checkup.mail(settings)
        assert finding.ok
    assert local_inbox.messages(tmp_path / "inbox") == ()


def test_who_has_no_mailbox_is_named_with_what_happens_instead_and_how_to_set_one(settings: Settings) -> None:
    found = _by_part(list(checkup.mailboxes(settings)))
    assert all(finding.ok for finding in found.values())
    assert "tasks for its provider's coordinators" in found["mailbox derby"].found
    assert "set team_mailbox in" in found["mailbox derby"].found
    assert "set safeguarding_mailbox in" in found["mailbox global-mediation"].found


def test_every_issuer_of_the_tenants_folder_is_asked(settings: Settings) -> None:
    down = list(checkup.sign_in(settings))
    assert {"sign-in derby", "sign-in global-mediation"} <= {finding.part for finding in down}
    assert not any(finding.ok for finding in down)
    with signin_server() as server:
        up = list(checkup.sign_in(dataclasses.replace(settings, demo_signin_port=server.port)))
    assert len(up) == len(down)
    assert all(finding.ok for finding in up), up


def test_plugins_that_are_not_served_are_seen(settings: Settings) -> None:
    (finding,) = checkup.plugins(settings)
    assert "parley plugins serve" in finding.next_step


def test_a_full_disk_is_seen(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = checkup.disk(settings)
    assert finding.ok
    monkeypatch.setattr(checkup, "DISK_FREE_BYTES", 10**18)
    (finding,) = checkup.disk(settings)
    assert not finding.ok


def test_in_production_a_login_that_is_not_named_is_said_and_the_compartments_key_is_not_missed(
    settings: Settings,
) -> None:
    named = {login: url for login, url in settings.login_urls.items() if login != "compartment"}
    settings.compartment_key_file.unlink()
    here = dataclasses.replace(settings, mode=Mode.PRODUCTION, login_urls=named)
    found = _by_part([*key_files(here), *checkup.database(here)])
    assert found["compartment key"].ok
    assert found["database"].ok
    assert "not tried: PARLEY_DATABASE_URL_COMPARTMENT" in found["database"].found


def test_in_production_nothing_is_read_from_the_file_of_all_logins_and_it_is_to_be_deleted(settings: Settings) -> None:
    write_logins(settings, settings.login_urls)
    here = dataclasses.replace(settings, mode=Mode.PRODUCTION, login_urls={})
    found = _by_part(list(checkup.database(here)))
    assert "delete the file" in found["logins"].next_step
    assert "PARLEY_DATABASE_URL_OPERATOR" in found["database"].next_step
    assert "make run" not in found["database"].next_step

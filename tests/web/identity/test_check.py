"""``parley signin check`` and the nightly look, against the demonstration's independent OpenID provider."""

import dataclasses
import json
import pathlib
import shutil
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from parley.cli import signin, signin_keys
from parley.db.scope import Login, platform_scope
from parley.db.session import Database
from parley.identity.domain import Environment
from parley.identity.jobs import look_task
from parley.identity.looking import Vantage, troubles_found
from parley.jobs.domain import Attempt
from parley.kernel.clock import SystemClock
from parley.settings import Settings
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.sign_in import TENANTS, sign_in_settings
from support.signin_server import SignInServer

Parley = Callable[..., Result]


@pytest.fixture
def settings(issuers: SignInServer, tmp_path: pathlib.Path) -> Settings:
    """Settings with a folder of tenants' files of the test's own."""
    for name in ("derby/signin.toml", "providers/global-mediation.toml"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(TENANTS / name, tmp_path / name)
    return dataclasses.replace(sign_in_settings(tmp_path, port=issuers.web_port), demo_signin_port=issuers.port)


@pytest.fixture
def parley(
    database: Database, settings: Settings, client_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Parley:
    """The command, on the tests' database and with the demonstration's secrets."""
    for name, value in client_environ.items():
        monkeypatch.setenv(name, value)
    for module in (signin, signin_keys):
        monkeypatch.setattr(module, "settings", lambda: settings)
    monkeypatch.setattr(signin_keys, "open_database", lambda *_: database)
    monkeypatch.setattr(database, "dispose", lambda: None)
    return lambda *arguments: CliRunner().invoke(signin.signin, ["check", *arguments])


def test_a_sign_in_that_works_is_said_to(
    parley: Parley, derby: Authority, global_mediation: ProviderOrganisation
) -> None:
    for who, doors in ((derby.slug, ["family", "staff"]), (f"providers/{global_mediation.slug}", ["provider"])):
        looked = parley(who, "--json")
        answer = json.loads(looked.output)
        assert [finding for door in answer["doors"] for finding in door["findings"] if finding["to_do"]] == []
        assert (looked.exit_code, answer["ok"]) == (0, True)
        assert [door["door"] for door in answer["doors"]] == doors
    told = parley(derby.slug).output
    assert "accepted: a made-up code was refused, and we were not" in told
    assert "taken, and answered to http://derby.localhost:" in told
    assert told.endswith("Nothing to mend.\n")


def test_what_is_wrong_is_told_with_the_side_that_mends_it(
    parley: Parley, derby: Authority, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DERBY_STAFF_SIGNIN_SECRET", "another-secret")
    monkeypatch.delenv("DERBY_FAMILIES_SIGNIN_KEY")
    looked = parley(derby.slug)
    assert looked.exit_code == 1
    assert "-> here: Set DERBY_FAMILIES_SIGNIN_KEY" in looked.output
    assert "-> at the issuer: Compare the secret of client parley-derby-staff" in looked.output
    path = settings.tenants / "derby" / "signin.toml"
    path.write_text(path.read_text().replace('client_id = "parley-derby-staff"', 'client_id = "nobody"'))
    assert "-> at the issuer: Register http://derby.localhost:" in parley(derby.slug).output


def test_what_cannot_be_looked_at_is_said(
    parley: Parley, derby: Authority, global_mediation: ProviderOrganisation, settings: Settings
) -> None:
    path = settings.tenants / "providers" / f"{global_mediation.slug}.toml"
    path.write_text('[signin]\nlabel = "Passkey"\npasskeys = true\n')
    by_passkey = parley(f"providers/{global_mediation.slug}")
    assert (by_passkey.exit_code, "so there is none to look at" in by_passkey.output) == (2, True)
    rehearsal = parley(derby.slug, "--environment", "test")
    assert (rehearsal.exit_code, "has no issuer for test" in rehearsal.output) == (2, True)
    assert parley("nowhere").exit_code == 2


def test_every_night_operators_are_told_what_is_to_be_mended(
    database: Database, derby: Authority, settings: Settings, client_environ: dict[str, str]
) -> None:
    environ = client_environ | {"DERBY_STAFF_SIGNIN_SECRET": "another-secret"}
    around = Vantage(
        environment=Environment.DEMONSTRATION,
        environ=environ,
        base_domain="localhost",
        external_url=settings.external_url,
    )
    look_task(database, SystemClock(), around).run(Attempt(number=1, is_last=True))
    with database.begin(platform_scope(Login.OPERATOR)) as session:
        (trouble,) = troubles_found(session)[derby.slug]
    assert trouble.startswith("staff, client authentication: refused (invalid_client). Compare the secret")

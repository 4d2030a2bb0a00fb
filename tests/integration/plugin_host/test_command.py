"""`parley plugins` as an operator uses it."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from parley.cli.plugins import plugins
from parley.db.keys import new_key_text
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.plugin_api.contracts import ProviderManifest
from parley.plugin_api.wire import encode
from parley.plugin_host import service
from parley.plugin_host.domain import CheckedSetting, EnablementState
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.models import PluginEnablement
from parley.plugin_host.results import Ok
from plugins_fixtures.steady import Steady
from support.factories import OPERATOR, Factory

SERVE = [sys.executable, "-c", "from parley.cli import main; main()", "plugins", "serve"]


@pytest.fixture
def environ(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Settings that keep everything in a folder of the test's own; return that folder."""
    for name in list(os.environ):
        if name.startswith("PARLEY_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("PARLEY_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plugins, arguments)


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([*SERVE, *arguments], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert any(b"plugins_ready" in line for line in iter(process.stderr.readline, b""))
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@pytest.mark.usefixtures("environ")
def test_check_says_that_every_installed_plugin_can_be_used() -> None:
    result = run("check", "--json")
    assert result.exit_code == 0
    states = {row["name"]: row["state"] for row in json.loads(result.output)["plugins"]}
    assert states == {"global_mediation": "usable"}


@pytest.mark.usefixtures("environ")
@pytest.mark.parametrize(
    ("listed", "arguments", "state"),
    [("", [], "not_listed"), ("global_mediation", ["--block", "global_mediation"], "blocked")],
)
def test_a_plugin_can_be_kept_from_starting(
    monkeypatch: pytest.MonkeyPatch, listed: str, arguments: list[str], state: str
) -> None:
    monkeypatch.setenv("PARLEY_PLUGINS", listed)
    assert f"{state}\n" in run("check", *arguments).output
    assert f"{state}\n" in run("list", *arguments).output


@pytest.mark.usefixtures("environ")
def test_list_says_that_nothing_serves() -> None:
    assert "The supervisor does not run" in run("list").output


def test_serve_answers_until_it_is_told_to_stop_and_takes_its_socket_away(environ: pathlib.Path) -> None:
    socket = environ / "run" / "plugins.sock"
    with serving() as process:
        assert socket.stat().st_mode & 0o077 == 0, "for this user alone"
        assert isinstance(Gateway(socket).describe("global_mediation"), Ok)
        listed = json.loads(run("list", "--json").output)
        assert listed["supervisor"] is True
        assert [row["state"] for row in listed["plugins"]] == ["served"]
        second = subprocess.run(SERVE, capture_output=True, check=False, timeout=30)
        assert second.returncode == 1
        assert b"another supervisor answers" in second.stderr
    assert process.returncode == 0
    assert not socket.exists()


@pytest.fixture
def logins(environ: pathlib.Path, monkeypatch: pytest.MonkeyPatch, login_urls: dict[str, str]) -> None:
    """Hand the command the database logins and a master key."""
    (environ / "keys").mkdir()
    (environ / "keys" / "master.key").write_text(new_key_text())
    monkeypatch.setenv("PARLEY_MODE", "demonstration")
    for login in ("app", "operator"):
        monkeypatch.setenv(f"PARLEY_DATABASE_URL_{login.upper()}", login_urls[login])


@pytest.mark.usefixtures("logins")
def test_a_plugin_is_stopped_and_resumed_for_one_council(make: Factory, database: Database) -> None:
    authority, provider = make.authority(), make.provider()
    checked = CheckedSetting(
        plugin="steady",
        provider=provider.slug,
        state=EnablementState.LIVE,
        config={},
        version="0.1",
        manifest=encode(Steady("steady").provider_manifest(), ProviderManifest),  # type: ignore[arg-type]
        config_schema={},
    )
    with database.begin(authority_scope(authority.id)) as session:
        service.apply_settings(
            session, actor=OPERATOR, at=make.clock.now(), authority_id=authority.id, checked=[checked]
        )

    def is_stopped() -> bool:
        with database.begin(authority_scope(authority.id)) as session:
            return session.scalars(select(PluginEnablement)).one().suspended_at is not None

    assert "is stopped" in run("suspend", authority.slug, "steady").output
    assert is_stopped()
    assert "is called again" in run("resume", authority.slug, "steady").output
    assert not is_stopped()
    assert "has not enabled the plugin 'other'" in run("suspend", authority.slug, "other").output
    assert "There is no council 'nowhere'" in run("suspend", "nowhere", "steady").output

"""`parley keys public`, `parley authority export --for` and `parley authority import`, one after the other."""

import base64
import json
import os
import pathlib
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from parley.cli.authority import authority
from parley.cli.keys import keys
from parley.db.scope import Login
from parley.db.session import Database
from parley.settings import LOGIN_VARIABLES
from support.database import logins_of
from support.deployment import deployment
from support.leaving_council import Leaving
from support.other_deployment import MASTER_KEY, Elsewhere, elsewhere


@pytest.fixture
def there(database_server: str, leaving: Leaving, here: Database) -> Iterator[Elsewhere]:
    """A deployment that the council can move to."""
    with elsewhere(database_server, leaving, here) as found:
        yield found


def run(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments)])


def work_at(folder: pathlib.Path, admin_url: str, monkeypatch: pytest.MonkeyPatch, *logins: Login) -> None:
    """Stand before a deployment with these logins and no other."""
    for name in list(os.environ):
        if name.startswith("PARLEY_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    folder.mkdir()
    settings = deployment(folder, logins_of(admin_url))
    monkeypatch.setenv("PARLEY_DATA", str(folder))
    monkeypatch.setenv("PARLEY_MASTER_KEY_FILE", str(settings.master_key_file))
    for login in logins:
        monkeypatch.setenv(LOGIN_VARIABLES[login], settings.login_urls[login])


def test_a_council_moves(
    here_url: str, leaving: Leaving, there: Elsewhere, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, file = tmp_path / "arrivals.key", tmp_path / "council.sealed"
    assert run(keys, "new", key).exit_code == 0
    receiver = run(keys, "public", key).stdout.strip()
    slug = leaving.council.authority.slug

    work_at(tmp_path / "here", here_url, monkeypatch, Login.MOVER, Login.OPERATOR)
    counted = run(authority, "export", slug, "--to", file, "--for", receiver, "--dry-run", "--json")
    assert not file.exists()
    result = run(authority, "export", slug, "--to", file, "--for", receiver, "--json")
    assert result.exit_code == 0, result.output
    carried = json.loads(result.stdout)
    assert carried["tables"] == json.loads(counted.stdout)["tables"]

    work_at(tmp_path / "there", there.admin_url, monkeypatch, Login.MOVER)
    (tmp_path / "there" / "master.key").write_text(base64.b64encode(MASTER_KEY).decode())
    looked = json.loads(run(authority, "import", file, "--key", key, "--dry-run", "--json").stdout)
    assert (looked["written"], looked["sha256"]) == (False, carried["sha256"])
    result = run(authority, "import", file, "--key", key, "--json")
    assert result.exit_code == 0, result.output
    arrived = json.loads(result.stdout)
    assert (arrived["written"], arrived["sha256"]) == (True, carried["sha256"])
    again = run(authority, "import", file, "--key", key)
    assert (again.exit_code, "holds records" in again.stderr) == (2, True)


def test_a_key_that_is_none_is_said_plainly(
    here_url: str, leaving: Leaving, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_at(tmp_path / "here", here_url, monkeypatch, Login.MOVER, Login.OPERATOR)
    result = run(authority, "export", leaving.council.authority.slug, "--to", tmp_path / "file", "--for", "ours")
    assert (result.exit_code, "no public key" in result.stderr) == (2, True)
    assert not list(tmp_path.glob("file*"))

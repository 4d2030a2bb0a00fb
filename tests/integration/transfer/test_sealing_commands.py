"""`parley keys public`, `parley authority export --for` and `parley authority import`, one after the other."""

import base64
import json
import os
import pathlib
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from parley.cli.authority import authority
from parley.cli.confidential import confidential
from parley.cli.keys import keys
from parley.db.scope import Login
from parley.db.session import Database
from parley.settings import LOGIN_VARIABLES
from support.database import logins_of
from support.deployment import deployment
from support.leaving_council import Leaving
from support.other_deployment import COMPARTMENT_KEY, MASTER_KEY, Elsewhere, elsewhere


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
    monkeypatch.setenv("PARLEY_COMPARTMENT_KEY_FILE", str(settings.compartment_key_file))
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


def test_what_was_said_in_confidence_follows_as_its_provider_instructs(
    here_url: str, leaving: Leaving, there: Elsewhere, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, open_side, file = tmp_path / "arrivals.key", tmp_path / "council.sealed", tmp_path / "provider.sealed"
    run(keys, "new", key)
    receiver = run(keys, "public", key).stdout.strip()
    slug, provider = leaving.council.authority.slug, leaving.council.provider.slug
    instructed = ("--instruction", "Its letter of 3 May", "--json")

    work_at(tmp_path / "here", here_url, monkeypatch, Login.MOVER, Login.CONFIDENTIAL_MOVER, Login.OPERATOR)
    assert run(authority, "export", slug, "--to", open_side, "--for", receiver).exit_code == 0
    out = ("export", slug, "--provider", provider, "--to", file, "--for", receiver, *instructed)
    counted = json.loads(run(confidential, *out, "--dry-run").stdout)
    assert (counted["done"], file.exists()) == (False, False)
    result = run(confidential, *out)
    assert result.exit_code == 0, result.output
    carried = json.loads(result.stdout)
    assert carried["sha256"] == counted["sha256"]
    assert "keeps in confidence was carried out: Its letter of 3 May" in run(authority, "history", slug).stdout
    unknown = run(confidential, "export", slug, "--provider", "nobody", *out[4:])
    assert (unknown.exit_code, "no provider called nobody" in unknown.stderr) == (2, True)

    work_at(tmp_path / "there", there.admin_url, monkeypatch, Login.MOVER, Login.CONFIDENTIAL_MOVER, Login.OPERATOR)
    (tmp_path / "there" / "master.key").write_text(base64.b64encode(MASTER_KEY).decode())
    (tmp_path / "there" / "compartment.key").write_text(base64.b64encode(COMPARTMENT_KEY).decode())
    early = run(confidential, "import", file, "--key", key)
    assert (early.exit_code, "Bring in the council first" in early.stderr) == (2, True)
    assert run(authority, "import", open_side, "--key", key).exit_code == 0
    assert json.loads(run(confidential, "import", file, "--key", key, "--dry-run", "--json").stdout)["done"] is False
    result = run(confidential, "import", file, "--key", key, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["sha256"] == carried["sha256"]
    # The steps there, once more, as the one that lets go.
    gone = ("let-go", slug, "--provider", provider, *instructed, "--moved")
    refused = run(confidential, *gone, "0" * 64)
    assert (refused.exit_code, "Nothing was deleted" in refused.stderr) == (2, True)
    assert json.loads(run(confidential, *gone, carried["sha256"]).stdout)["done"] is True


def test_a_key_that_is_none_is_said_plainly(
    here_url: str, leaving: Leaving, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_at(tmp_path / "here", here_url, monkeypatch, Login.MOVER, Login.OPERATOR)
    result = run(authority, "export", leaving.council.authority.slug, "--to", tmp_path / "file", "--for", "ours")
    assert (result.exit_code, "no public key" in result.stderr) == (2, True)
    assert not list(tmp_path.glob("file*"))

"""`parley authority export` as an operator uses it."""

import json
import os
import pathlib
import zipfile

import pytest
from click.testing import CliRunner, Result

from parley.cli.authority import authority
from parley.db.scope import Login
from parley.settings import LOGIN_VARIABLES
from support.database import logins_of
from support.deployment import deployment
from support.leaving_council import Leaving

#: What the command needs, and no other login: of none does it hold a password that would show it more.
NEEDED = (Login.EXPORT, Login.OPERATOR)


@pytest.fixture(autouse=True)
def _environ(tmp_path: pathlib.Path, here_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment in which an operator runs it."""
    for name in list(os.environ):
        if name.startswith("PARLEY_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    (tmp_path / "data").mkdir()
    settings = deployment(tmp_path / "data", logins_of(here_url))
    monkeypatch.setenv("PARLEY_DATA", str(settings.data))
    monkeypatch.setenv("PARLEY_MASTER_KEY_FILE", str(settings.master_key_file))
    for login in NEEDED:
        monkeypatch.setenv(LOGIN_VARIABLES[login], settings.login_urls[login])


def run(*arguments: object) -> Result:
    return CliRunner().invoke(authority, ["export", *map(str, arguments)])


def test_it_writes_the_file_and_says_what_is_in_it(leaving: Leaving, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "council.zip"
    result = run(leaving.council.authority.slug, "--to", file, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["tables"]["cases"] == len(leaving.cases)
    with zipfile.ZipFile(file) as archive:
        assert len([name for name in archive.namelist() if name.startswith("documents/")]) == said["documents"]


def test_a_dry_run_counts_and_writes_nothing(leaving: Leaving, tmp_path: pathlib.Path) -> None:
    result = run(leaving.council.authority.slug, "--to", tmp_path / "council.zip", "--dry-run")
    assert result.exit_code == 0, result.output
    assert f"{len(leaving.cases):10,}  cases" in result.stdout
    assert not (tmp_path / "council.zip").exists()


def test_what_can_be_mended_is_said_plainly(leaving: Leaving, tmp_path: pathlib.Path) -> None:
    unknown = run("nowhere", "--to", tmp_path / "council.zip")
    assert (unknown.exit_code, "No council called nowhere" in unknown.stderr) == (2, True)
    (tmp_path / "council.zip").touch()
    taken = run(leaving.council.authority.slug, "--to", tmp_path / "council.zip")
    assert (taken.exit_code, "exists and is not written over" in taken.stderr) == (2, True)

"""`parley authority add`, `check`, `go-live`, `suspend` and `resume`: a council from its folder to its families."""

import json
import pathlib
from collections.abc import Callable, Iterator

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import errors

from parley.cli.authority import authority as authority_command
from parley.db.scope import platform_scope
from parley.kernel.clock import FixedClock
from parley.kernel.configuration import ConfigurationError
from parley.tenancy import queries
from parley.tenancy.domain import AuthorityState
from support.deployed import Deployed, deployed_councils
from support.factories import NOW
from support.signin_server import signin_server

Run = Callable[..., Result]

EXAMPLESHIRE = {
    "name": "Exampleshire County Council",
    "short-name": "Exampleshire",
    "gss-code": "E10000099",
    "region": "east-midlands",
    "prefix": "EXA",
    "page": "https://exampleshire.example/send",
}

PRIVACY = """
[privacy]
label = "Data protection officer"
email = "privacy@derby.example"
source = "https://derby.example/privacy"
read_on = 2026-11-24
"""


@pytest.fixture
def deployed(database_server: str, tmp_path: pathlib.Path) -> Iterator[Deployed]:
    """A database and a tenants folder of the test's own."""
    with deployed_councils(database_server, tmp_path) as councils:
        yield councils


@pytest.fixture
def run(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, on the deployment's database and folder."""
    for name, value in deployed.environ().items():
        monkeypatch.setenv(name, value)
    for module in ("authority_add", "authority_check", "authority_steps"):
        monkeypatch.setattr(f"parley.cli.{module}.SystemClock", lambda: FixedClock(NOW))

    def command(*arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(authority_command, list(arguments), input=answer)

    return command


@pytest.fixture
def issuers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The issuers that councils' demonstration doors name, answering."""
    with signin_server() as server:
        monkeypatch.setenv("PARLEY_DEMO_SIGNIN_PORT", str(server.port))
        yield


def state_of(deployed: Deployed, slug: str = "derby") -> AuthorityState:
    council = deployed.council(slug)
    assert council is not None
    return council.state


def add(run: Run, **changes: str) -> Result:
    values = {**EXAMPLESHIRE, **{key.replace("_", "-"): value for key, value in changes.items()}}
    return run("add", "exampleshire", *(part for key, value in values.items() for part in (f"--{key}", value)))


def test_what_add_makes_can_be_loaded_as_it_is(deployed: Deployed, run: Run) -> None:
    said = add(run)
    assert said.exit_code == 0
    assert "fill in" in said.stdout
    assert deployed.load() == []
    council = deployed.council("exampleshire")
    assert council is not None
    assert (council.name, council.gss_code, council.state) == (
        "Exampleshire County Council",
        "E10000099",
        AuthorityState.DEMO,
    )
    page = deployed.app.test_client().get("/", base_url="http://exampleshire.localhost:8000")
    assert page.status_code == 200
    assert "ask the council" in page.text


def test_add_asks_for_what_it_was_not_given(deployed: Deployed, run: Run) -> None:
    said = run("add", "exampleshire", answer="\n".join(EXAMPLESHIRE.values()) + "\n")
    assert said.exit_code == 0
    assert (deployed.settings.tenants / "exampleshire" / "policy.toml").exists()


def test_a_dry_run_of_add_shows_the_files_and_writes_none(deployed: Deployed, run: Run) -> None:
    said = run("add", "exampleshire", "--dry-run", *(p for k, v in EXAMPLESHIRE.items() for p in (f"--{k}", v)))
    assert 'name = "Exampleshire County Council"' in said.stdout
    assert "Nothing was written." in said.stdout
    assert not (deployed.settings.tenants / "exampleshire").exists()


@pytest.mark.parametrize(
    ("changes", "file", "key", "found"),
    [
        ({"gss_code": "X1"}, "council.toml", "gss_code", "'X1'"),
        ({"gss_code": "E06000015"}, "council.toml", "gss_code", "'E06000015'"),
        ({"prefix": "DER"}, "council.toml", "reference_prefix", "'DER'"),
        ({"region": "east"}, "council.toml", "region", "'east'"),
        ({"page": "somewhere"}, "policy.toml", "sources.page.url", "'somewhere'"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_nothing_is_written(
    deployed: Deployed, run: Run, changes: dict[str, str], file: str, key: str, found: str
) -> None:
    error = add(run, **changes).exception
    assert isinstance(error, ConfigurationError)
    problem = next(one for one in error.problems if one.key == key)
    assert pathlib.Path(problem.file) == deployed.settings.tenants / "exampleshire" / file
    assert problem.found == found
    assert problem.allowed
    assert not (deployed.settings.tenants / "exampleshire").exists()


def test_a_name_that_is_taken_is_refused(run: Run) -> None:
    values = (part for key, value in EXAMPLESHIRE.items() for part in (f"--{key}", value))
    error = run("add", "derby", *values).exception
    assert isinstance(error, ConfigurationError)
    assert "a name that is not taken" in str(error)


def test_a_council_that_has_everything_is_ready(deployed: Deployed, run: Run, issuers: None) -> None:
    complete(deployed)
    said = run("check", "derby")
    assert said.exit_code == 0, said.stdout
    assert "derby is ready to go live." in said.stdout
    assert "the issuer of family and staff answers, with its keys" in said.stdout
    assert "global_mediation answers" in said.stdout


def test_each_thing_that_is_missing_is_named_with_what_to_do(deployed: Deployed, run: Run) -> None:
    deployed.load()
    deployed.write("derby/policy.toml", "read = 2026-11-24", "read = 2025-06-01")
    deployed.write("derby/providers.toml", 'state = "live"', 'state = "suspended"')
    said = json.loads(run("check", "derby", "--json").stdout)
    assert not said["ready"]
    missing = {one["code"]: one for one in said["requirements"] if not one["met"]}
    assert set(missing) == {"rules", "evidence", "provider", "sign_in", "privacy"}
    assert "parley policy apply derby" in missing["rules"]["to_do"]
    assert "sources.page.read" in missing["evidence"]["found"]
    assert missing["provider"]["found"] == "global_mediation is not live, so that requests wait"
    assert "issuer_unreachable" in missing["sign_in"]["found"]
    assert "[privacy]" in missing["privacy"]["to_do"]


def test_a_provider_without_a_plugin_is_mailed_and_keeps_no_council_from_going_live(
    deployed: Deployed, run: Run
) -> None:
    deployed.load()
    (deployed.settings.tenants / "derby" / "providers.toml").write_text("")
    said = json.loads(run("check", "derby", "--json").stdout)
    (provider,) = [one for one in said["requirements"] if one["code"] == "provider"]
    assert (provider["met"], provider["found"]) == (True, "global-mediation has no plugin, and is mailed")


def test_files_that_cannot_be_used_are_named_and_a_council_that_is_not_there_says_so(
    deployed: Deployed, run: Run
) -> None:
    deployed.write("derby/policy.toml", 'kind = "listed"', 'kind = "sorted"')
    said = run("check", "derby")
    assert said.exit_code == 1
    assert "areas.kind" in said.stdout
    assert run("check", "atlantis").exit_code == 2


def test_nobody_goes_live_while_something_is_missing_but_by_an_override_that_is_kept(
    deployed: Deployed, run: Run
) -> None:
    deployed.load()
    refused = run("go-live", "derby", "--reason", "signed off")
    assert refused.exit_code == 2
    assert "derby is not ready: sign_in, privacy" in refused.stderr
    assert state_of(deployed) is AuthorityState.DEMO
    done = run("go-live", "derby", "--reason", "sign-in follows", "--author", "operator1", "--override")
    assert done.exit_code == 0
    assert state_of(deployed) is AuthorityState.LIVE
    (change,) = json.loads(run("history", "derby", "--json").stdout)
    assert (change["state"], change["author"], change["reason"]) == ("live", "operator1", "sign-in follows")
    assert change["unmet"] == ["sign_in", "privacy"]


def test_a_complete_council_goes_live_once(deployed: Deployed, run: Run, issuers: None) -> None:
    complete(deployed)
    shown = run("go-live", "derby", "--reason", "signed off", "--dry-run")
    assert "would be live. Nothing was changed." in shown.stdout
    assert state_of(deployed) is AuthorityState.DEMO
    assert run("go-live", "derby", "--reason", "signed off").exit_code == 0
    again = run("go-live", "derby", "--reason", "signed off")
    assert again.exit_code == 2
    assert "only a council that is demo can go live" in again.stderr


def test_a_council_is_suspended_and_comes_back_as_what_it_was(deployed: Deployed, run: Run) -> None:
    deployed.load()
    assert run("suspend", "derby", "--reason", " ").exit_code == 2
    assert "Nothing was changed" in run("suspend", "derby", "--reason", "r", "--dry-run").stdout
    assert state_of(deployed) is AuthorityState.DEMO
    said = json.loads(run("suspend", "derby", "--reason", "incident 42", "--json").stdout)
    assert said == {"slug": "derby", "state": "suspended", "changed": True}
    assert run("suspend", "derby", "--reason", "again", "--dry-run").exit_code == 2
    assert deployed.load() == []  # loading its files does not bring it back
    assert state_of(deployed) is AuthorityState.SUSPENDED
    assert run("resume", "derby", "--reason", "over").exit_code == 0
    assert state_of(deployed) is AuthorityState.DEMO
    assert run("resume", "derby", "--reason", "over").exit_code == 2
    assert [line.split()[2] for line in run("history", "derby").stdout.splitlines()] == ["demo", "suspended"]


def test_a_step_is_audited_and_no_login_can_change_it(deployed: Deployed, run: Run) -> None:
    deployed.load()
    run("suspend", "derby", "--reason", "incident 42")
    operator = deployed.settings.login_urls["operator"]
    for statement in ("UPDATE authority_change SET reason = 'other'", "DELETE FROM authority_change"):
        with psycopg.connect(operator) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)
    with deployed.database.begin(platform_scope()) as session:
        council = queries.authority_by_slug(session, "derby")
        assert council is not None
        (change,) = queries.changes_of(session, council.id)
    assert change.at == NOW
    assert change.state is AuthorityState.SUSPENDED


def test_list_prints_what_programs_read(deployed: Deployed, run: Run) -> None:
    deployed.load()
    listed = json.loads(run("list", "--json").stdout)
    assert len(listed) == 8
    assert listed[0] == {"slug": "derby", "name": "Derby City Council", "gss_code": "E06000015", "state": "demo"}


def complete(deployed: Deployed) -> None:
    """Give Derby what its folder lacks, and load it."""
    path = deployed.settings.tenants / "derby" / "council.toml"
    path.write_text(path.read_text(encoding="utf-8") + PRIVACY, encoding="utf-8")
    assert deployed.load() == []

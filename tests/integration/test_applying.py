"""`parley policy apply`: shown before, never altered after, in force from its day, with somebody's name and reason."""

import datetime as dt
import pathlib
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from parley.cli.policy import policy as policy_command
from parley.db.scope import authority_scope
from parley.kernel.clock import FixedClock
from parley.policy.queries import current_policy, receiving
from parley.tenancy import queries
from parley.tenancy.domain import Service
from support.deployed import TODAY, Deployed, deployed_councils
from support.factories import NOW

LATER = TODAY + dt.timedelta(days=30)
DR = Service.DISAGREEMENT_RESOLUTION


@pytest.fixture
def deployed(database_server: str, tmp_path: pathlib.Path) -> Iterator[Deployed]:
    """Councils to break."""
    with deployed_councils(database_server, tmp_path) as councils:
        yield councils


@pytest.fixture
def run(deployed: Deployed, monkeypatch: pytest.MonkeyPatch):
    """The command, on the deployment's database and folder, after a first load."""
    assert deployed.load() == []
    for name, value in deployed.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("parley.cli.policy.SystemClock", lambda: FixedClock(NOW))

    def command(*arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(policy_command, list(arguments), input=answer)

    return command


def apply(run, *more: str, council: str = "derby") -> Result:
    return run("apply", council, "--reason", "the page changed", "--author", "operator1", "--yes", *more)


def test_the_changes_are_shown_and_nothing_happens_without_a_yes(deployed: Deployed, run) -> None:
    deployed.write("derby/policy.toml", "You contact Global", "You ring Global")
    shown = run("apply", "derby", "--reason", "r", "--author", "operator1", answer="n\n")
    assert "~ route.steps[family_asks].text" in shown.stdout
    assert "was: “You contact Global Mediation.”" in shown.stdout
    assert "now: “You ring Global Mediation.”" in shown.stdout
    assert "Nothing was changed." in run("apply", "derby", "--reason", "r", "--dry-run").stdout
    assert deployed.version("derby") == 1


def test_a_version_has_an_author_and_a_reason_and_is_listed(deployed: Deployed, run) -> None:
    deployed.write("derby/policy.toml", "You contact Global", "You ring Global")
    assert "Version 2 of derby’s rules holds from" in apply(run).stdout
    newest, oldest = run("versions", "derby").stdout.splitlines()
    assert "by operator1  the page changed" in newest
    assert "by a load of all files" in oldest
    assert "the file says what version 2 says" in apply(run).stdout


def test_a_later_version_waits_for_its_day_and_so_does_its_provider(deployed: Deployed, run) -> None:
    council = deployed.council("derby")
    assert council is not None
    deployed.write("derby/policy.toml", 'providers = ["global-mediation"]\nask_at', 'providers = "not_stated"\nask_at')
    apply(run, "--effective", str(LATER))
    assert deployed.load() == []  # a load of all files does not bring it forward
    with deployed.database.begin(authority_scope(council.id)) as session:
        for day, sendable in ((TODAY, True), (LATER - dt.timedelta(days=1), True), (LATER, False)):
            policy = current_policy(session, council.id, day).policy
            assert policy.can_send == sendable
            assert bool(receiving(session, council.id, policy, day)) == sendable
        assert len(queries.commissioned(session, council.id, DR, LATER)) == 0


def test_a_day_that_has_passed_is_refused(run) -> None:
    assert apply(run, "--effective", "2020-01-01").exit_code == 2


def test_where_the_council_wants_a_second_person_nothing_holds_before(deployed: Deployed, run) -> None:
    deployed.write("derby/council.toml", 'region = "east', 'policy_second_person = true\nregion = "east')
    deployed.write("derby/policy.toml", "You contact Global", "You ring Global")
    assert "once somebody else has run: parley policy approve derby 2" in apply(run).stdout
    assert deployed.version("derby") == 1
    assert "waits for a second person" in run("versions", "derby").stdout
    same = run("approve", "derby", "2", "--approver", "Operator1")
    assert same.exit_code == 2
    assert "other than its author" in same.stderr
    assert run("approve", "derby", "2", "--approver", "operator2").exit_code == 0
    assert deployed.version("derby") == 2
    assert "agreed to by operator2" in run("versions", "derby").stdout
    assert run("approve", "derby", "2", "--approver", "operator3").exit_code == 2


def test_a_load_of_all_files_waits_for_a_second_person_too(deployed: Deployed, run) -> None:
    deployed.write("derby/council.toml", 'region = "east', 'policy_second_person = true\nregion = "east')
    deployed.write("derby/policy.toml", "You contact Global", "You ring Global")
    assert deployed.load() == []
    assert deployed.version("derby") == 1
    assert run("approve", "derby", "2", "--approver", "operator1").exit_code == 0
    assert deployed.version("derby") == 2


def test_a_file_with_problems_is_not_applied(deployed: Deployed, run) -> None:
    deployed.write("derby/policy.toml", 'kind = "listed"', 'kind = "sorted"')
    assert "sorted" in str(apply(run).exception)
    assert deployed.version("derby") == 1


def test_a_council_that_is_not_loaded_says_what_to_do(run) -> None:
    result = apply(run, council="atlantis")
    assert result.exit_code == 2
    assert "parley authority load" in result.stderr


def test_a_simulation_says_how_much_was_replayed_and_that_nothing_would_change(deployed: Deployed, run) -> None:
    file = str(deployed.settings.tenants / "derby" / "policy.toml")
    said = run("simulate", "derby", "--with", file)
    assert said.exit_code == 0
    assert "derby: 0 disagreements of past checks and cases" in said.stdout
    assert "No answer would change." in said.stdout

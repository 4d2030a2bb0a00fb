"""`parley authority merge`: a council comes in the place of another; nothing moves, and the walls stand as before."""

import hashlib
import json
import pathlib
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from parley.casework.domain import CaseState
from parley.cli.authority import authority as authority_command
from parley.db.base import Wall
from parley.db.scope import authority_scope, provider_case_scope
from parley.kernel.clock import FixedClock
from parley.tenancy import queries
from parley.tenancy.domain import AuthorityState, Service
from support.deployed import TODAY, Deployed, deployed_councils
from support.factories import NOW, Factory, MadeCase
from support.models import tables_behind

Run = Callable[..., Result]

RELATIVE = """
[[relatives]]
lineage = "predecessor"
name = "Rutland County Council"
gss_code = "E06000017"
"""


@pytest.fixture
def deployed(database_server: str, tmp_path: pathlib.Path) -> Iterator[Deployed]:
    """Councils of which one is to come in the place of another."""
    with deployed_councils(database_server, tmp_path) as councils:
        assert councils.load() == []
        yield councils


@pytest.fixture
def run(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, on the deployment's database and folder."""
    for name, value in deployed.environ().items():
        monkeypatch.setenv(name, value)
    for module in ("authority_merge", "authority_steps"):
        monkeypatch.setattr(f"parley.cli.{module}.SystemClock", lambda: FixedClock(NOW))

    def command(*more: str) -> Result:
        arguments = ["merge", "derby", "--from", "rutland", "--reason", "an order", "--author", "operator1", *more]
        return CliRunner().invoke(authority_command, arguments)

    return command


@pytest.fixture
def related(deployed: Deployed) -> None:
    """Derby's rules say that it comes in Rutland's place."""
    path = deployed.settings.tenants / "derby" / "policy.toml"
    path.write_text(path.read_text(encoding="utf-8") + RELATIVE, encoding="utf-8")
    assert deployed.load() == []


@pytest.fixture
def cases(deployed: Deployed) -> list[MadeCase]:
    """An open and a closed case of Rutland, and one of Derby."""
    make = Factory(deployed.database)
    rutland, derby = deployed.council("rutland"), deployed.council("derby")
    return [
        make.case(rutland, state=CaseState.COUNCIL_TOLD),
        make.case(rutland, state=CaseState.CLOSED, closed_at=NOW),
        make.case(derby),
    ]


def state(deployed: Deployed, slug: str = "rutland") -> AuthorityState:
    council = deployed.council(slug)
    assert council is not None
    return council.state


def seen_by(deployed: Deployed, slug: str) -> dict[str, str]:
    """What a council's pages can read of each table about people: a digest of its rows, whatever their order."""
    council = deployed.council(slug)
    assert council is not None
    digests = {}
    for table in tables_behind(Wall.CASE):
        with deployed.database.begin(authority_scope(council.id)) as session:
            rows = session.execute(text(f'SELECT t::text FROM "{table.name}" t ORDER BY 1')).scalars()
            digests[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return digests


def test_a_dry_run_counts_what_each_side_has_and_changes_nothing(
    deployed: Deployed, run: Run, related: None, cases: list[MadeCase]
) -> None:
    Factory(deployed.database).draft(deployed.council("rutland"))
    said = json.loads(run("--dry-run", "--json").stdout)
    assert said["successor"] == "derby"
    assert not said["changed"]
    (one,) = said["predecessors"]
    assert (one["slug"], one["open_cases"], one["closed_cases"], one["unsent_requests"]) == ("rutland", 1, 1, 1)
    assert any("signin.toml" in caution for caution in one["cautions"])
    assert state(deployed) is AuthorityState.DEMO
    assert "moves: nothing" in run("--dry-run").stdout


def test_nothing_moves_and_each_council_reads_what_it_read_before(
    deployed: Deployed, run: Run, related: None, cases: list[MadeCase]
) -> None:
    before = {slug: seen_by(deployed, slug) for slug in ("rutland", "derby")}
    assert before["rutland"] != before["derby"]
    assert run().exit_code == 0
    assert state(deployed) is AuthorityState.CLOSED
    assert {slug: seen_by(deployed, slug) for slug in before} == before


def test_the_successor_cannot_read_a_case_of_the_predecessor_and_the_provider_that_has_it_can(
    deployed: Deployed, run: Run, related: None, cases: list[MadeCase]
) -> None:
    run()
    derby, theirs = deployed.council("derby"), cases[0]
    assert derby is not None
    statement = text('SELECT count(*) FROM "case" WHERE id = :id').bindparams(id=theirs.id)
    with deployed.database.begin(authority_scope(derby.id)) as session:
        assert session.scalar(statement) == 0
    with deployed.database.begin(authority_scope(theirs.authority.id)) as session:
        assert session.scalar(statement) == 1
    scope = provider_case_scope(theirs.provider.id, theirs.authority.id, theirs.id)
    with deployed.database.begin(scope) as session:
        assert session.scalar(statement) == 1


def test_nobody_can_be_sent_a_request_of_a_closed_council_and_loading_its_files_changes_nothing(
    deployed: Deployed, run: Run, related: None
) -> None:
    council = deployed.council("staffordshire")
    assert council is not None
    path = deployed.settings.tenants / "derby" / "policy.toml"
    path.write_text(path.read_text().replace("E06000017", council.gss_code), encoding="utf-8")
    deployed.load()
    assert commissioned(deployed, "staffordshire")
    merged = CliRunner().invoke(
        authority_command, ["merge", "derby", "--from", "staffordshire", "--reason", "an order"]
    )
    assert merged.exit_code == 0, merged.output
    assert not commissioned(deployed, "staffordshire")
    assert deployed.load() == []
    assert not commissioned(deployed, "staffordshire")
    assert state(deployed, "staffordshire") is AuthorityState.CLOSED


def test_a_run_that_was_cut_short_is_run_again(
    deployed: Deployed, run: Run, related: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("parley.tenants.merging.commission", killed)
        assert run().exit_code != 0
    assert state(deployed) is AuthorityState.CLOSED
    again = run()
    assert again.exit_code == 0
    assert "was closed before" in again.stdout
    history = CliRunner().invoke(authority_command, ["history", "rutland"]).stdout
    assert history.count("closed") == 1
    assert "an order" in history


def test_without_its_successors_rules_saying_so_nothing_is_closed(deployed: Deployed, run: Run) -> None:
    refused = run()
    assert refused.exit_code == 2
    assert 'lineage = "predecessor" and gss_code = "E06000017"' in " ".join(refused.stderr.split())
    assert state(deployed) is AuthorityState.DEMO


def test_it_is_not_done_before_its_day(deployed: Deployed, run: Run, related: None) -> None:
    deployed.write("derby/policy.toml", 'gss_code = "E06000017"', 'gss_code = "E06000017"\nsince = 2027-04-01')
    deployed.load()
    refused = run()
    assert refused.exit_code == 2
    assert "2027-04-01" in refused.stderr


def test_a_live_council_is_not_closed_in_favour_of_one_that_is_not_open(
    deployed: Deployed, run: Run, related: None
) -> None:
    live = ["go-live", "rutland", "--reason", "signed off", "--override"]
    assert CliRunner().invoke(authority_command, live).exit_code == 0
    refused = run()
    assert refused.exit_code == 2
    assert "parley authority go-live derby" in refused.stderr
    assert state(deployed) is AuthorityState.LIVE


def commissioned(deployed: Deployed, slug: str) -> list[str]:
    council = deployed.council(slug)
    assert council is not None
    with deployed.database.begin(authority_scope(council.id)) as session:
        found = queries.commissioned(session, council.id, Service.DISAGREEMENT_RESOLUTION, TODAY)
    return [provider.slug for provider in found]

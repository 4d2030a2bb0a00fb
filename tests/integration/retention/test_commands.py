"""`parley retention` and `parley authority wipe-demo`: what an operator sees and does about records."""

import json
import pathlib
import uuid
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from parley.casework.domain import CaseState
from parley.casework.models import RequestDraft, WorklistEntry
from parley.cli.authority import authority as authority_command
from parley.cli.retention import retention as retention_command
from parley.db.scope import Login, Scope, authority_scope, disposal_scope
from parley.identity.domain import SignInKind
from parley.identity.models import Identity
from parley.kernel.clock import FixedClock
from parley.policy.queries import current_policy
from support.deployed import TODAY, Deployed, deployed_councils
from support.factories import NOW, Factory, MadeCase

Run = Callable[..., Result]


@pytest.fixture
def deployed(database_server: str, tmp_path: pathlib.Path) -> Iterator[Deployed]:
    """Councils with a case each."""
    with deployed_councils(database_server, tmp_path) as councils:
        assert councils.load() == []
        yield councils


@pytest.fixture
def run(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A sub-command of `parley`, on the deployment's database and folder."""
    for name, value in deployed.environ().items():
        monkeypatch.setenv(name, value)
    for module in ("retention", "authority_wipe", "authority_steps", "authority_check"):
        monkeypatch.setattr(f"parley.cli.{module}.SystemClock", lambda: FixedClock(NOW))
    groups = {"retention": retention_command, "authority": authority_command}

    def command(group: str, *arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(groups[group], list(arguments), input=answer)

    return command


def case_of(deployed: Deployed, slug: str, state: CaseState, **columns: object) -> MadeCase:
    council = deployed.council(slug)
    assert council is not None
    with deployed.database.begin(authority_scope(council.id)) as session:
        version = current_policy(session, council.id, TODAY).id
    return Factory(deployed.database).case(council, state=state, policy_version_id=version, **columns)


def left(deployed: Deployed, slug: str, model: type, realm: str = "authority_id") -> int:
    council = deployed.council(slug)
    assert council is not None
    with deployed.database.begin(authority_scope(council.id)) as session:
        query = sa.select(sa.func.count()).select_from(model).where(getattr(model, realm) == council.id)
        return session.scalar(query) or 0


def test_a_preview_counts_by_part_and_says_what_comes_next(deployed: Deployed, run: Run) -> None:
    case_of(deployed, "derby", CaseState.CLOSED, closed_at=NOW)
    case_of(deployed, "derby", CaseState.SENT)
    today = json.loads(run("retention", "preview", "derby", "--json").stdout)
    assert (today["closed_cases"], today["held"]) == (1, 0)
    assert {row["part"]: (row["due"], row["next"]) for row in today["parts"]} == {
        "compartment": (0, "2027-11-25"),
        "list_entry": (0, "2029-11-25"),
        "open_record": (0, "2032-11-25"),
        "concerns": (0, "2051-11-25"),
        "sign_in": (0, None),
    }
    later = run("retention", "preview", "derby", "--on", "2030-01-01").stdout
    assert "compartment compartment  provider   1 due" in later
    assert "open_record case         authority  0 due; the next on 2032-11-25" in later


def test_a_hold_is_set_and_lifted_with_a_reason_and_shows_in_the_preview(deployed: Deployed, run: Run) -> None:
    case = case_of(deployed, "derby", CaseState.CLOSED, closed_at=NOW)
    held = run("retention", "hold", "derby", case.reference.lower(), "--reason", "a claim", "--author", "operator1")
    assert held.exit_code == 0
    preview = json.loads(run("retention", "preview", "derby", "--on", "2060-01-01", "--json").stdout)
    assert (preview["held"], [row["due"] for row in preview["parts"]]) == (1, [0, 0, 0, 0, 0])
    assert run("retention", "hold", "derby", case.reference, "--reason", "again").exit_code == 2
    lifted = run("retention", "lift", "derby", case.reference, "--reason", "settled", "--author", "operator2")
    assert lifted.exit_code == 0
    (hold,) = json.loads(run("retention", "holds", "derby", "--json").stdout)
    assert (hold["placed_by"], hold["reason"], hold["lifted_by"], hold["lift_reason"]) == (
        "operator1",
        "a claim",
        "operator2",
        "settled",
    )
    assert run("retention", "lift", "derby", case.reference, "--reason", "again").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [("derby", "DER-2026-99999", "--reason", "r"), ("atlantis", "X", "--reason", "r"), ("derby", "X", "--reason", " ")],
)
def test_a_hold_on_nothing_or_without_a_reason_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("retention", "hold", *arguments).exit_code == 2


def test_a_reason_is_sealed(deployed: Deployed, run: Run) -> None:
    case = case_of(deployed, "derby", CaseState.CLOSED, closed_at=NOW)
    run("retention", "hold", "derby", case.reference, "--reason", "a claim by a person")
    with deployed.database.begin(case.authority_scope) as session:
        sealed = session.execute(sa.text("SELECT reason_sealed FROM legal_hold")).scalar_one()
    assert b"claim" not in bytes(sealed)


def test_a_trial_is_wiped_with_its_people_and_no_other_councils(deployed: Deployed, run: Run) -> None:
    make = Factory(deployed.database)
    for slug in ("derby", "rutland"):
        case_of(deployed, slug, CaseState.COUNCIL_TOLD)
        case_of(deployed, slug, CaseState.CLOSED, closed_at=NOW)
        make.draft(deployed.council(slug))
        somebody(deployed, slug)
    shown = run("authority", "wipe-demo", "derby", "--reason", "over", "--dry-run")
    assert "2 cases and 1 unsent requests of Derby City Council" in shown.stdout
    asked = run("authority", "wipe-demo", "derby", "--reason", "over", answer="n\n")
    assert "Nothing was changed." in asked.stdout
    assert left(deployed, "derby", WorklistEntry) == 2
    assert "2 cases are gone." in run("authority", "wipe-demo", "derby", "--reason", "over", "--yes").stdout
    assert [left(deployed, "derby", model) for model in (WorklistEntry, RequestDraft)] == [0, 0]
    assert left(deployed, "derby", Identity, "realm_id") == 0
    assert [left(deployed, "rutland", model) for model in (WorklistEntry, RequestDraft)] == [2, 1]
    assert left(deployed, "rutland", Identity, "realm_id") == 1
    assert "wiped: over" in run("authority", "history", "derby").stdout
    assert run("authority", "wipe-demo", "derby", "--reason", "again", "--yes").exit_code == 0


def test_a_live_council_is_never_wiped_not_even_by_the_database(deployed: Deployed, run: Run) -> None:
    case = case_of(deployed, "derby", CaseState.COUNCIL_TOLD, parent_identity=somebody(deployed, "derby"))
    assert run("authority", "go-live", "derby", "--reason", "signed off", "--override").exit_code == 0
    refused = run("authority", "wipe-demo", "derby", "--reason", "over", "--yes")
    assert refused.exit_code == 2
    assert "only a council that is demo can be wiped" in refused.stderr
    with deployed.database.begin(disposal_scope(case.authority.id, case.id)) as session:
        assert session.execute(sa.text('DELETE FROM "case"')).rowcount == 0
        assert session.execute(sa.text("DELETE FROM identity")).rowcount == 0


def test_a_held_case_is_not_wiped_and_is_named(deployed: Deployed, run: Run) -> None:
    case = case_of(deployed, "derby", CaseState.COUNCIL_TOLD)
    run("retention", "hold", "derby", case.reference, "--reason", "a claim")
    said = run("authority", "wipe-demo", "derby", "--reason", "over", "--yes")
    assert f"{case.reference} is held and stays" in said.stdout
    assert left(deployed, "derby", WorklistEntry) == 1


def test_the_checklist_asks_for_the_wipe_before_a_council_goes_live(deployed: Deployed, run: Run) -> None:
    case_of(deployed, "derby", CaseState.COUNCIL_TOLD)
    found = {
        one["code"]: one for one in json.loads(run("authority", "check", "derby", "--json").stdout)["requirements"]
    }
    assert "parley authority wipe-demo derby" in found["trial"]["to_do"]


def somebody(deployed: Deployed, slug: str) -> uuid.UUID:
    """Somebody who signed in at the council."""
    council, identity_id = deployed.council(slug), uuid.uuid4()
    assert council is not None
    with deployed.database.begin(Scope(login=Login.APP, realm_id=council.id, authority_id=council.id)) as session:
        session.add(
            Identity(
                realm_id=council.id,
                id=identity_id,
                issuer="https://sign-in.example",
                subject="one",
                kind=SignInKind.FAMILY,
                shown_as="Ash Marsh",
                created_at=NOW,
                last_sign_in_at=NOW,
            )
        )
        session.commit()
    return identity_id

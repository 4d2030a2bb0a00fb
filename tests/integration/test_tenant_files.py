"""Councils' files: every problem at once, with its line; and a broken one stops nobody but its own council."""

import datetime as dt
import pathlib
import shutil
from collections.abc import Iterator

import pytest

from parley.cli import checkup
from parley.db.scope import authority_scope, platform_scope
from parley.policy.queries import current_policy
from parley.tenancy import queries
from parley.tenancy.domain import SHARED_FILES, ContractStanding, Service
from support.deployed import TODAY, Deployed, deployed_councils


@pytest.fixture
def deployed(database_server: str, tmp_path: pathlib.Path) -> Iterator[Deployed]:
    """Councils to break."""
    with deployed_councils(database_server, tmp_path) as councils:
        yield councils


def test_the_eight_councils_load_and_operators_have_nothing_to_mend(deployed: Deployed) -> None:
    assert deployed.load() == []
    assert deployed.troubles() == {}
    with deployed.database.begin(platform_scope()) as session:
        assert [council.name for council in queries.directory(session)] == [
            "Derby City Council",
            "Derbyshire County Council",
            "Leicester City Council",
            "Lincolnshire County Council",
            "Nottinghamshire County Council",
            "Rutland County Council",
            "Staffordshire County Council",
            "West Northamptonshire Council",
        ]
    (finding,) = checkup.councils(deployed.settings)
    assert finding.ok
    assert finding.found == "the files of 8 can be used"


def test_a_broken_council_keeps_its_last_good_version_and_the_others_go_on(deployed: Deployed) -> None:
    deployed.load()
    deployed.write("derby/policy.toml", 'kind = "listed"', 'kind = "sorted"')
    deployed.write("derby/council.toml", 'reference_prefix = "DER"', 'reference_prefix = "der"')
    deployed.write("leicester/policy.toml", "plan_needed = false", 'plan_needed = "not_stated"')
    problems = deployed.load()
    assert [(pathlib.Path(one.file).name, one.key) for one in problems] == [
        ("council.toml", "reference_prefix"),
        ("policy.toml", "areas.kind"),
    ]
    assert all(one.line for one in problems)
    assert (deployed.version("derby"), deployed.version("leicester")) == (1, 2)
    council = deployed.council("derby")
    assert council is not None
    assert council.reference_prefix == "DER"


def test_operators_are_told_until_a_later_load_goes_well(deployed: Deployed) -> None:
    deployed.load()
    deployed.write("derby/policy.toml", 'kind = "listed"', 'kind = "sorted"')
    deployed.load()
    (told,) = deployed.troubles()["derby"]
    assert "policy.toml:" in told
    assert "areas.kind: found 'sorted'; allowed: one of: listed, open, none" in told
    (finding,) = checkup.councils(deployed.settings)
    assert not finding.ok
    assert finding.part == "council derby"
    assert "areas.kind" in finding.found
    deployed.write("derby/policy.toml", 'kind = "sorted"', 'kind = "listed"')
    assert deployed.load() == []
    assert deployed.troubles() == {}


def test_a_council_that_was_never_loaded_is_told_of_and_stops_nobody(deployed: Deployed) -> None:
    deployed.write("rutland/policy.toml", "format = 1", "format = 2")
    deployed.load()
    assert deployed.council("rutland") is None
    assert set(deployed.troubles()) == {"rutland"}
    assert deployed.version("derby") == 1


def test_a_broken_file_of_a_provider_or_a_region_stops_no_council_that_was_there(deployed: Deployed) -> None:
    deployed.load()
    deployed.write("providers/global-mediation.toml", 'mailbox = "sen@', 'post_box = "sen@')
    deployed.write("regions/east-midlands.toml", "name =", "title =")
    deployed.write("derby/policy.toml", "You contact Global", "You ring Global")
    problems = deployed.load()
    assert {pathlib.Path(one.file).name for one in problems} == {"global-mediation.toml", "east-midlands.toml"}
    assert set(deployed.troubles()) == {SHARED_FILES}
    assert deployed.version("derby") == 2


def test_what_may_be_a_secret_is_not_kept_with_a_problem(deployed: Deployed) -> None:
    secret = '{ env = "DERBY_STAFF_SIGNIN_SECRET" }'
    deployed.write("derby/signin.toml", secret, '"hunter2-in-the-open"')
    assert any("hunter2" in str(one) for one in deployed.load())
    assert "hunter2" not in str(deployed.troubles())


def test_what_is_one_councils_alone_is_not_taken_by_another(deployed: Deployed) -> None:
    deployed.load()
    deployed.write("rutland/council.toml", "E06000017", "E06000015")
    (problem,) = deployed.load()
    assert problem.key == "gss_code"
    assert "Derby City Council" in problem.allowed


def test_a_framework_or_provider_without_a_file_is_a_problem_with_its_line(deployed: Deployed) -> None:
    deployed.write("nottinghamshire/policy.toml", 'framework = "east-midlands"', 'framework = "east-lowlands"')
    deployed.write("staffordshire/policy.toml", "global-mediation", "local-mediation")
    problems = {one.key: one for one in deployed.load()}
    assert set(problems) == {
        "services.disagreement_resolution.framework",
        "services.disagreement_resolution.providers",
        "services.mediation.providers",
    }
    assert all(one.line for one in problems.values())


def test_a_commission_says_through_which_framework_it_is_bought_and_on_what_terms(deployed: Deployed) -> None:
    contract = """
[[services.disagreement_resolution.contracts]]
provider = "global-mediation"
standing = "current"
capacity = 40
languages = ["English"]
"""
    deployed.write("derby/policy.toml", "\n[services.mediation_advice]", f"{contract}\n[services.mediation_advice]")
    assert not deployed.load()
    council = deployed.council("derby")
    assert council is not None
    with deployed.database.begin(authority_scope(council.id)) as session:
        (found,) = [
            one for one in queries.commissions(session, council.id) if one.service is Service.DISAGREEMENT_RESOLUTION
        ]
    assert found.framework == "East Midlands, the newer tender"
    assert (found.terms.capacity, found.terms.languages) == (40, ("English",))


def test_a_provider_whose_contract_is_to_be_confirmed_is_given_no_case(deployed: Deployed) -> None:
    contract = """
[[services.disagreement_resolution.contracts]]
provider = "global-mediation"
standing = "to_be_confirmed"
"""
    deployed.write("derby/policy.toml", "\n[services.mediation_advice]", f"{contract}\n[services.mediation_advice]")
    deployed.load()
    council = deployed.council("derby")
    assert council is not None
    kind = Service.DISAGREEMENT_RESOLUTION
    with deployed.database.begin(authority_scope(council.id)) as session:
        assert queries.commissioned(session, council.id, kind, dt.date(2026, 11, 24)) == []
        standings = [one.terms.standing for one in queries.commissions(session, council.id) if one.service is kind]
    assert standings == [ContractStanding.TO_BE_CONFIRMED]


def test_a_broken_region_keeps_the_frameworks_that_were_loaded_and_stops_no_council(deployed: Deployed) -> None:
    assert not deployed.load()
    deployed.write("regions/east-midlands.toml", 'standing = "current"', 'standing = "perhaps"')
    (problem,) = deployed.load()
    assert problem.key == "frameworks.east-midlands.standing"
    assert deployed.council("nottinghamshire") is not None


def test_the_dates_of_a_contract_are_those_of_the_commission(deployed: Deployed) -> None:
    contract = """
[[services.disagreement_resolution.contracts]]
provider = "global-mediation"
standing = "current"
begins = 2026-04-01
ends = 2026-11-30
"""
    deployed.write("derby/policy.toml", "\n[services.mediation_advice]", f"{contract}\n[services.mediation_advice]")
    deployed.load()
    council = deployed.council("derby")
    assert council is not None
    with deployed.database.begin(authority_scope(council.id)) as session:
        kind = Service.DISAGREEMENT_RESOLUTION
        assert [one.slug for one in queries.commissioned(session, council.id, kind, TODAY)] == ["global-mediation"]
        assert queries.commissioned(session, council.id, kind, TODAY.replace(month=12)) == []
        assert not current_policy(session, council.id, TODAY.replace(month=12)).policy.can_send


def test_a_ninth_council_is_added_by_configuration_alone(deployed: Deployed) -> None:
    folder = deployed.settings.tenants
    shutil.copytree(folder / "nottinghamshire", folder / "exampleshire")
    deployed.write("exampleshire/council.toml", "E10000024", "E10000099")
    deployed.write("exampleshire/council.toml", '"NTT"', '"EXA"')
    deployed.write("exampleshire/council.toml", "Nottinghamshire", "Exampleshire")
    deployed.write("exampleshire/policy.toml", "Nottinghamshire County", "Exampleshire County")
    deployed.write("exampleshire/signin.toml", "nottinghamshire", "exampleshire")
    assert deployed.load() == []
    page = deployed.app.test_client().get("/", base_url="http://exampleshire.localhost:8000")
    assert page.status_code == 200
    assert "Ask Global Mediation for help" in page.text
    assert "for families of Exampleshire County Council" in page.text

"""`parley policy lint`: each concern is found in a file that was planted with it, and nothing is changed."""

import json
import shutil
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from parley.cli.policy import policy as policy_command
from parley.kernel.clock import FixedClock
from parley.law.versions import law_on
from parley.policy.lint import FRESH, Concern, lint
from support.answers import TODAY
from support.factories import NOW
from support.policies import TENANTS, policy_of, small_policy

KIND = 'kind = "provider"'
STAFF = (KIND, f"{KIND}\nemployed_by_authority = true")
LISTED = ('kind = "open"', 'kind = "listed"')
AREA = '[[areas.listed]]\ncode = "{}"\nnumber = "1"\nlabel = "support"\n'
CONTRACT = '[[services.disagreement_resolution.contracts]]\nprovider = "helpers"\n'
STEP = '[[route.steps]]\nid = "end"\nactor = "provider"\naction = "meet"\ntext = "{}"\n'


@pytest.fixture(autouse=True)
def on_a_day_that_stands_still(monkeypatch):
    """Evidence ages, and these tests do not."""
    monkeypatch.setattr("parley.cli.policy.SystemClock", lambda: FixedClock(NOW))


def concerns(policy, on: date = TODAY) -> list[tuple[Concern, str]]:
    return [(caution.concern, ".".join(map(str, caution.path))) for caution in lint(policy, law_on(on), on)]


def test_a_policy_as_it_should_be_has_nothing_to_look_at():
    assert concerns(small_policy()) == []


@pytest.mark.parametrize(
    ("changes", "more", "concern", "key"),
    [
        ([STAFF], "", Concern.PROVIDER_OF_AN_AUTHORITY, "contacts.helpers.employed_by_authority"),
        (
            [("providers = [", "compulsory_before_appeal = true\nproviders = [")],
            "",
            Concern.COMPULSORY_BEFORE_APPEAL,
            "services.disagreement_resolution.compulsory_before_appeal",
        ),
        (
            [],
            STEP.format("You get a mediation certificate."),
            Concern.CERTIFICATE_PROMISED,
            "route.steps.0.text",
        ),
        (
            [("providers = [", 'in_words = "It ends with a certificate."\nproviders = [')],
            "",
            Concern.CERTIFICATE_PROMISED,
            "services.disagreement_resolution.in_words",
        ),
        ([], '[who]\nmay_ask = ["parent_carer"]', Concern.YOUNG_PEOPLE_LEFT_OUT, "who.may_ask"),
        (
            [],
            '[mediation]\nadvice_not_needed_for = ["placement_only", "health_provision"]',
            Concern.WIDER_EXEMPTIONS,
            "mediation.advice_not_needed_for",
        ),
        ([LISTED], AREA.format("C") + 'stages = ["in_review"]', Concern.NARROWER_GATE, "areas.listed.0.stages"),
        ([LISTED], AREA.format("A") + 'stages = ["in_review"]', Concern.NARROWER_GATE, "areas.listed.0.stages"),
        ([("read = 2026-11-24", "read = 2025-11-23")], "", Concern.STALE_EVIDENCE, "sources.page.read"),
        (
            [('extent = "whole"', 'extent = "whole"\nwritten_before = 2022-07-01')],
            "",
            Concern.STALE_EVIDENCE,
            "sources.page.written_before",
        ),
        ([("01632 960000", "01632 96000")], "", Concern.PHONE_NUMBER, "contacts.helpers.ways.0.phone"),
        (
            [],
            CONTRACT + 'standing = "current"\nends = 2026-03-31\nmay_be_extended_to = 2028-03-31',
            Concern.CONTRACT_ENDED,
            "services.disagreement_resolution.contracts.0.ends",
        ),
        (
            [],
            CONTRACT + 'standing = "ended"',
            Concern.CONTRACT_ENDED,
            "services.disagreement_resolution.contracts.0.standing",
        ),
    ],
)
def test_a_planted_concern_is_found_where_it_stands(changes, more, concern, key):
    assert concerns(small_policy(*changes, more=more)) == [(concern, key)]


INFORMAL = """
[services.informal_resolution]
providers = ["liaison"]
[contacts.liaison]
name = "Liaison"
kind = "advice_service"
"""


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ([], INFORMAL + "employed_by_authority = true"),
        ([], "[services.mediation_advice]\ncompulsory_before_appeal = true"),
        ([], STEP.format("This service gives no mediation certificate.")),
        ([], '[who]\nmay_ask = ["parent_carer", "young_person"]'),
        ([], '[mediation]\nadvice_not_needed_for = ["placement_only"]'),
        ([LISTED], AREA.format("A") + 'stages = "any_stage"'),
        ([LISTED], AREA.format("D") + 'stages = ["in_review"]'),
        ([("read = 2026-11-24", "read = 2025-11-24")], ""),
        ([("01632 960000", "+44 1632 960000")], ""),
        ([("01632 960000", "0800 1111")], ""),
        ([("01632 960000", "0800 643 287")], ""),
        ([("01632 960000", "(01632) 960-000")], ""),
        ([], CONTRACT + 'standing = "current"\nends = 2026-11-24'),
        ([], CONTRACT + 'standing = "to_be_confirmed"'),
    ],
)
def test_what_is_as_the_law_has_it_is_left_alone(changes, more):
    assert concerns(small_policy(*changes, more=more)) == []


def test_every_concern_is_planted_above():
    planted = test_a_planted_concern_is_found_where_it_stands.pytestmark[0].args[1]
    assert {concern for _, _, concern, _ in planted} == set(Concern)


def test_an_option_to_extend_is_named():
    more = CONTRACT + 'standing = "current"\nends = 2026-03-31\nmay_be_extended_to = 2028-03-31'
    (caution,) = lint(small_policy(more=more), law_on(TODAY), TODAY)
    assert "ended on 2026-03-31 and could be extended to 2028-03-31" in caution.text


@pytest.mark.parametrize(
    ("council", "expected"),
    [
        ("derby", set()),
        ("leicester", {Concern.STALE_EVIDENCE}),
        ("lincolnshire", {Concern.NARROWER_GATE, Concern.WIDER_EXEMPTIONS}),
        ("nottinghamshire", set()),
        ("rutland", {Concern.CONTRACT_ENDED}),
        ("west-northamptonshire", set()),
    ],
)
def test_what_is_to_be_looked_at_in_real_councils(council, expected):
    assert {concern for concern, _ in concerns(policy_of(council))} == expected


def test_evidence_goes_stale_by_itself():
    assert {concern for concern, _ in concerns(policy_of("derby"), TODAY + FRESH + timedelta(days=1))} == {
        Concern.STALE_EVIDENCE
    }


def test_the_command_names_file_line_key_and_concern_and_changes_nothing():
    before = (TENANTS / "lincolnshire" / "policy.toml").read_bytes()
    result = CliRunner().invoke(policy_command, ["lint", "lincolnshire", "nottinghamshire"])
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "[wider-exemptions]" in line)
    where, key, _ = line.split(": ", 2)
    number = int(where.rpartition(":")[2])
    assert b"advice_not_needed_for" in before.splitlines()[number - 1]
    assert key == "mediation.advice_not_needed_for"
    assert "nottinghamshire: nothing to look at" in result.stdout
    assert (TENANTS / "lincolnshire" / "policy.toml").read_bytes() == before


def test_the_command_for_programs_and_for_those_who_are_strict():
    result = CliRunner().invoke(policy_command, ["lint", "rutland", "--json", "--strict"])
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {line["concern"] for line in found} == {"contract-ended"}
    assert all(line["council"] == "rutland" and line["line"] for line in found)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_looked_at(tmp_path, monkeypatch):
    shutil.copytree(TENANTS, tmp_path / "tenants")
    broken = tmp_path / "tenants" / "derby" / "policy.toml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("format = 1", "format = 2"), encoding="utf-8")
    monkeypatch.setenv("PARLEY_TENANTS", str(tmp_path / "tenants"))
    result = CliRunner().invoke(policy_command, ["lint"])
    assert result.exit_code == 2
    assert "format" in result.stderr
    assert "[wider-exemptions]" in result.stdout


def test_a_council_nobody_knows_is_a_mistake_that_names_those_there_are():
    result = CliRunner().invoke(policy_command, ["lint", "atlantis"])
    assert result.exit_code == 2
    assert "derby" in result.stderr

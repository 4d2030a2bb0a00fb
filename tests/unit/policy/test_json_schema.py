"""Editors are told the shape of a policy file by JSON Schema, made from what really reads it."""

import jsonschema
import pytest
from click.testing import CliRunner
from marshmallow import fields

from parley.cli.policy import policy as policy_command
from parley.policy import json_schema
from parley.policy.json_schema import as_text, policy_schema
from parley.policy.loading import document_of
from support.policies import COUNCILS, TENANTS, small_text

VALIDATOR = jsonschema.Draft202012Validator(policy_schema(), format_checker=jsonschema.FormatChecker())


def faults(text: str) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(document_of(text, file="policy.toml"))]


def test_the_committed_file_is_what_the_command_prints():
    printed = CliRunner().invoke(policy_command, ["schema"]).stdout
    assert printed == as_text()
    assert (TENANTS / "policy.schema.json").read_text(encoding="utf-8") == printed


def test_it_is_a_json_schema():
    jsonschema.Draft202012Validator.check_schema(policy_schema())


@pytest.mark.parametrize("council", COUNCILS)
def test_every_councils_file_fits_and_names_it_for_editors(council):
    text = (TENANTS / council / "policy.toml").read_text(encoding="utf-8")
    assert faults(text) == []
    assert text.startswith("#:schema ../policy.schema.json\n")


@pytest.mark.parametrize(
    ("changes", "more", "where"),
    [
        ([('kind = "open"', 'kind = "opened"')], "", "$.areas.kind"),
        ([], '[times]\nmeeting = "soon"', "$.times.meeting"),
        ([], "[whom]\nx = 1", "$"),
        ([], '[who]\nin_words = ""', "$.who.in_words"),
        ([('["helpers"]', "[]")], "", "$.services.disagreement_resolution.providers"),
        ([("read = 2026-11-24", 'read = "today"')], "", "$.sources.page.read"),
        ([], '[who]\nages = { status = "heard" }', "$.who.ages"),
        ([], "[who]\nages = { note = 'no value' }", "$.who.ages"),
        ([('evidence = "page"', "evidence = 7")], "", "$.evidence"),
        ([("format = 1", "format = 2")], "", "$.format"),
        (
            [("[contacts.helpers]", "[contacts.Helpers]"), ("[[contacts.helpers", "[[contacts.Helpers")],
            "",
            "$.contacts",
        ),
    ],
)
def test_what_the_loader_refuses_an_editor_marks(changes, more, where):
    assert where in faults(small_text(*changes, more=more))


@pytest.mark.parametrize(
    "more", ['[times]\nmeeting = "not_seen"', '[who]\nages = { value = "0 to 25", status = "inferred" }']
)
def test_a_value_may_be_missing_or_say_how_it_is_known(more):
    assert faults(small_text(more=more)) == []


def test_a_field_that_nobody_taught_it_is_an_error_and_not_a_gap():
    with pytest.raises(TypeError, match="Float has no shape"):
        json_schema._plain(fields.Float())

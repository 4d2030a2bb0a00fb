"""Pages, API and command put the same answers in and get the same result out, at every council."""

import json

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings

from parley.cli.eligibility import eligibility
from parley.db.scope import authority_scope, platform_scope
from parley.eligibility.answers import Answers
from parley.eligibility.schemas import dump_answers, dump_assessment
from parley.law.versions import law_on
from parley.policy.queries import current_policy
from parley.tenancy.queries import authority_by_slug
from parley.workspaces.family.check import assessment_of_document
from parley.workspaces.family.council import Council
from support.answers import TODAY
from support.every_answer import everything
from support.policies import COUNCILS, TENANTS


@pytest.fixture(autouse=True)
def _tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TENANTS", str(TENANTS))


def known_to_pages(app: Flask, slug: str) -> Council:
    """What the family pages of a council know of it."""
    database = app.extensions["parley"].database
    with database.begin(platform_scope()) as session:
        authority = authority_by_slug(session, slug)
    assert authority is not None
    with database.begin(authority_scope(authority.id)) as session:
        found = current_policy(session, authority.id, TODAY)
    return Council(
        authority=authority,
        policy_version_id=found.id,
        policy_number=found.number,
        policy_since=found.since,
        policy=found.policy,
        law=law_on(TODAY),
        today=TODAY,
    )


@pytest.mark.parametrize("slug", COUNCILS)
def test_the_three_doors_agree_on_every_set_of_answers(app: Flask, client: FlaskClient, slug: str) -> None:
    known, runner = known_to_pages(app, slug), CliRunner()

    @settings(max_examples=40)
    @given(everything)
    def agree(answers: Answers) -> None:
        document = dump_answers(answers)
        by_page = dump_assessment(assessment_of_document(document, known))
        by_api = client.post("/api/v1/eligibility", base_url=f"http://{slug}.localhost:8000", json=document)
        by_command = runner.invoke(eligibility, ["--authority", slug, "-"], input=json.dumps(document))
        assert by_api.status_code == 200
        assert by_command.exit_code == 0
        assert by_api.json == by_page
        traced = client.post("/api/v1/eligibility?trace=true", base_url=f"http://{slug}.localhost:8000", json=document)
        commanded = runner.invoke(
            eligibility, ["--authority", slug, "--trace", "--json", "-"], input=json.dumps(document)
        )
        assert traced.json is not None
        assert traced.json == json.loads(commanded.stdout)
        assert {key: value for key, value in traced.json.items() if key != "trace"} == by_page
        # To the order of members and the last digit: a person may compare the two with a tool that knows no JSON.
        assert json.dumps(by_api.json, indent=2, ensure_ascii=False) + "\n" == by_command.stdout

    agree()


@pytest.mark.parametrize("slug", COUNCILS)
def test_the_doors_refuse_the_same_with_the_same_words(client: FlaskClient, slug: str) -> None:
    document = {"asker": "parent_carer", "colour": "red", "matters": [{"against": ["school"], "about": "homework"}]}
    by_api = client.post("/api/v1/eligibility", base_url=f"http://{slug}.localhost:8000", json=document)
    by_command = CliRunner().invoke(eligibility, ["--authority", slug, "-"], input=json.dumps(document))
    assert by_api.status_code == 422
    assert by_command.exit_code == 2
    told = json.loads(by_command.stdout)
    assert by_api.json is not None
    assert (by_api.json["errors"], by_api.json["code"]) == (told["errors"], told["code"])
    assert set(told["errors"]) == {"colour", "lives_in_area", "matters.0.about", "send", "stage"}

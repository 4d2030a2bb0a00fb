"""What each operation answers, and that its description says so."""

import json
import pathlib
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings

from parley.api.schemas import AssessmentSchema, CouncilSchema
from parley.cli.openapi import openapi
from parley.db.scope import Login
from parley.eligibility.answers import Answers
from parley.eligibility.schemas import dump_answers
from support.every_answer import everything
from support.policies import COUNCILS
from support.statements import statements_of

DERBY = "http://derby.localhost:8000"
DESCRIPTION = pathlib.Path(__file__).parents[3] / "docs" / "openapi.json"


def council(client: FlaskClient, slug: str) -> dict[str, Any]:
    """Return what a council's directory entry says."""
    answer = client.get("/api/v1/council", base_url=f"http://{slug}.localhost:8000")
    assert answer.status_code == 200
    assert answer.json is not None
    return answer.json


def test_a_council_says_who_it_is_who_provides_and_how_to_reach_them(client: FlaskClient) -> None:
    entry = council(client, "derby")
    assert (entry["slug"], entry["name"], entry["gss_code"]) == ("derby", "Derby City Council", "E06000015")
    assert entry["provider"] == {"slug": "global-mediation", "name": "Global Mediation"}
    assert entry["contact"]["phone"] == "0800 064 4488"
    assert entry["online_requests"] is True


def test_a_council_whose_provider_is_not_published_says_so_and_takes_no_requests(client: FlaskClient) -> None:
    entry = council(client, "derbyshire")
    assert entry["provider"] is None
    assert entry["online_requests"] is False
    assert entry["contact"]["body"] == "Derbyshire County Council"


@pytest.mark.parametrize("slug", COUNCILS)
def test_a_directory_entry_is_as_described(client: FlaskClient, slug: str) -> None:
    assert CouncilSchema().validate(council(client, slug)) == {}


@pytest.mark.parametrize("slug", COUNCILS)
def test_every_result_is_as_described(client: FlaskClient, slug: str) -> None:
    @settings(max_examples=40)
    @given(everything)
    def described(answers: Answers) -> None:
        for path, is_traced in (("/api/v1/eligibility", False), ("/api/v1/eligibility?trace=true", True)):
            answer = client.post(path, base_url=f"http://{slug}.localhost:8000", json=dump_answers(answers))
            assert answer.json is not None
            assert AssessmentSchema().validate(answer.json) == {}
            assert ("trace" in answer.json) is is_traced

    described()


def test_a_trace_is_asked_for_with_true_or_false(client: FlaskClient) -> None:
    answer = client.post("/api/v1/eligibility?trace=maybe", base_url=DERBY, json={})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == {"trace": ["Must be true or false."]}


def test_a_check_keeps_nothing_and_asks_the_database_twice(app: Flask, client: FlaskClient) -> None:
    answers = {"asker": "parent_carer", "lives_in_area": "yes", "send": "yes", "stage": "none", "matters": []}
    client.post("/api/v1/eligibility", base_url=DERBY, json=answers)
    with statements_of(app.extensions["parley"].database, *Login) as asked:
        answer = client.post("/api/v1/eligibility", base_url=DERBY, json=answers)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert len(asked) == 2, "\n".join(asked)
    assert all(statement.startswith("SELECT") for statement in asked)


def test_the_description_is_served_and_the_one_that_is_committed(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json", base_url=DERBY)
    assert served.content_type == "application/json"
    assert json.loads(served.text)["openapi"] == "3.1.0"
    assert served.text == DESCRIPTION.read_text(encoding="utf-8"), "run: parley openapi > docs/openapi.json"


def test_the_command_prints_the_description() -> None:
    assert CliRunner().invoke(openapi, []).stdout == DESCRIPTION.read_text(encoding="utf-8")


def test_every_operation_has_a_name_of_its_own() -> None:
    document = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names) > 0

"""Whatever goes wrong below /api is told to programs in one form, and what lies elsewhere to people in theirs."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from parley.api.v1 import LARGEST_BODY
from parley.web.problems import PROBLEMS

DERBY = "http://derby.localhost:8000"
CHECK = "/api/v1/eligibility"
ANSWERS: dict[str, Any] = {
    "asker": "parent_carer",
    "lives_in_area": "yes",
    "send": "yes",
    "stage": "none",
    "matters": [{"against": ["school"], "about": "duties"}],
}


def told(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return the problem that was answered, which must be of ``status`` and lead to its page."""
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["type"] == PROBLEMS[status].address
    assert answer.json["status"] == status
    return answer.json


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"stage": "finished"}, "stage"),
        ({"stage": None}, "stage"),
        ({"matters": [{"against": ["school"], "about": "duties", "since": "May"}]}, "matters.0.since"),
        ({"matters": [{"against": ["nobody"], "about": "duties"}]}, "matters.0.against.0"),
        ({"matters": ANSWERS["matters"] * 21}, "matters"),
        ({"decision_letter_date": "2026-11-25"}, "decision_letter_date"),
        ({"decision_letter_date": "2026-02-30"}, "decision_letter_date"),
        ({"tried": ["magic"]}, "tried"),
        ({"on": "1999-01-01"}, "on"),
    ],
)
def test_an_unknown_field_or_value_is_an_error_that_names_it(
    client: FlaskClient, change: dict[str, Any], field: str
) -> None:
    problem = told(client.post(CHECK, base_url=DERBY, json=ANSWERS | change), 422)
    assert list(problem["errors"]) == [field]
    assert problem["code"] == "invalid"


@pytest.mark.parametrize("field", ["asker", "lives_in_area", "send", "stage", "matters"])
def test_what_is_required_is_named_when_it_is_missing(client: FlaskClient, field: str) -> None:
    sent = {name: value for name, value in ANSWERS.items() if name != field}
    assert list(told(client.post(CHECK, base_url=DERBY, json=sent), 422)["errors"]) == [field]


@pytest.mark.parametrize("body", [b"", b"{", b'{"asker": ', b"\xff\xfe", b"[" * 60_000, b"{'asker': 1}"])
def test_what_is_not_json_is_told_so(client: FlaskClient, body: bytes) -> None:
    problem = told(client.post(CHECK, base_url=DERBY, data=body, content_type="application/json"), 400)
    assert problem["detail"].startswith("The body is not JSON")


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "NaN"])
def test_json_that_is_no_object_is_told_so(client: FlaskClient, body: str) -> None:
    problem = told(client.post(CHECK, base_url=DERBY, data=body, content_type="application/json"), 422)
    assert problem["errors"] == {"answers": ["Send the answers as a JSON object."]}


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_another_content_type_is_not_taken(client: FlaskClient, content_type: str | None) -> None:
    told(client.post(CHECK, base_url=DERBY, data=b"{}", content_type=content_type), 415)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    body = b'{"asker": "' + b"a" * LARGEST_BODY + b'"}'
    told(client.post(CHECK, base_url=DERBY, data=body, content_type="application/json"), 413)


def test_a_wrong_method_is_told_which_would_do(client: FlaskClient) -> None:
    for path, allowed in ((CHECK, "POST"), ("/api/v1/council", "GET")):
        answer = client.put(path, base_url=DERBY, json={})
        told(answer, 405)
        assert allowed in answer.headers["Allow"]


def test_what_is_not_there_is_told_so(client: FlaskClient) -> None:
    for path in ("/api/v1/nothing", "/api/v2/council", "/api/problems/nothing"):
        told(client.get(path, base_url=DERBY), 404)


@pytest.mark.parametrize("host", ["localhost", "providers.localhost", "operator.localhost", "atlantis.localhost"])
def test_the_api_of_a_council_is_on_its_own_host_alone(client: FlaskClient, host: str) -> None:
    told(client.get("/api/v1/council", base_url=f"http://{host}:8000"), 404)


def test_pages_keep_their_own_errors(client: FlaskClient) -> None:
    answer = client.get("/nothing", base_url=DERBY)
    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")
    assert "Page not found" in answer.text
    assert client.post("/check/asker", base_url=DERBY, data={}).content_type.startswith("text/html")


def test_every_kind_of_problem_leads_to_a_page(client: FlaskClient) -> None:
    index = client.get("/api", base_url=DERBY).text
    for kind in PROBLEMS.values():
        assert f'href="{kind.address}"' in index
        page = client.get(kind.address, base_url=DERBY)
        assert page.status_code == 200
        assert kind.title in page.text
        assert re.search(rf"status {kind.status}\b", page.text)

"""Whatever is sent to an operation is answered as its description says, and never by a fault of ours."""

import json

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

DERBY = "http://derby.localhost:8000"


@pytest.fixture(scope="package")
def described(app: Flask, client: FlaskClient) -> schemathesis.BaseSchema:
    """The operations as the served description has them, to be called in this process."""
    document = json.loads(client.get("/api/v1/openapi.json", base_url=DERBY).text)
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    schema.config.update(base_url=DERBY)
    return schema


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        # Nothing is asked of who reads the directory, so nothing can be wrong with it.
        ("get", "/api/v1/council", GenerationMode.POSITIVE),
        ("post", "/api/v1/eligibility", GenerationMode.POSITIVE),
        ("post", "/api/v1/eligibility", GenerationMode.NEGATIVE),
    ],
)
def test_every_request_is_answered_as_described(
    described: schemathesis.BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    @settings(max_examples=100, suppress_health_check=list(HealthCheck))
    @given(described[path][method].as_strategy(generation_mode=mode))
    def answered(case: schemathesis.Case) -> None:
        case.call_and_validate()

    answered()


def test_every_operation_is_tried(described: schemathesis.BaseSchema) -> None:
    tried = {("/api/v1/council", "get"), ("/api/v1/eligibility", "post")}
    assert {(path, method) for path, methods in described.items() for method in methods} == tried

"""A council's site that gets too many checks and calls at once asks to wait, loses no answer, and stays open."""

import dataclasses
import pathlib
from collections.abc import Iterator

import pytest
from flask import Flask

from parley.app import create_app
from parley.db.scope import Login
from parley.kernel.clock import FixedClock
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, served_council, words
from support.statements import statements_of

CHECK = "/api/v1/eligibility"


@pytest.fixture
def app(tmp_path: pathlib.Path, login_urls: dict[str, str]) -> Iterator[Flask]:
    """An application that takes ten answers and ten calls in a window."""
    settings = dataclasses.replace(
        deployment(tmp_path, login_urls), api_requests_per_second=1, check_requests_per_second=1
    )
    built = create_app(settings, clock=FixedClock(NOW))
    yield built
    built.extensions["parley"].database.dispose()


@pytest.fixture
def person(app: Flask, make: Factory) -> Family:
    """Somebody who is not signed in."""
    return Family(app.test_client(), served_council(make))


def test_an_answer_too_many_is_kept_on_the_page_that_says_so_and_pages_stay_open(person: Family) -> None:
    page = person.get("/check/asker")
    answers = [person.post_from(page, "/check/asker", answer="parent_carer") for _ in range(12)]
    assert [answer.status_code for answer in answers].count(429) >= 2
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert "parent_carer" in refused.text
    assert "Send again" in words(refused)
    assert person.get("/check/asker").status_code == 200


def test_a_call_too_many_is_told_as_a_problem_before_a_connection_is_taken(
    app: Flask, person: Family, make: Factory
) -> None:
    def call(family: Family) -> int:
        answer = family.client.post(CHECK, base_url=family.council.url, json={})
        return answer.status_code

    assert [call(person) for _ in range(11)] == [422] * 10 + [429]
    with statements_of(app.extensions["parley"].database, Login.APP) as statements:
        answer = person.client.post(CHECK, base_url=person.council.url, json={})
    # Hosts may be read anew; for the council itself nothing was asked.
    assert [one for one in statements if "local_authority" not in one and "set_config" not in one] == []
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "/api/problems/too-many-requests"
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    neighbour = Family(app.test_client(), served_council(make))
    app.extensions["parley"].sites.forget()
    assert call(neighbour) == 422

"""While the database is being restarted: a page in the council's own name, and nothing that was typed is lost."""

import pathlib
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from parley.app import create_app
from parley.db.keys import Vault
from parley.db.session import Database, engine_for
from parley.kernel.clock import FixedClock
from support import database as databases
from support.asking import begin
from support.deployment import deployment
from support.factories import COMPARTMENT_KEY, MASTER_KEY, NOW, Factory
from support.family import Family, served_council, words


@pytest.fixture
def logins(own_database: str) -> dict[str, str]:
    """The logins of a database that this test alone uses."""
    return databases.logins_of(own_database)


@pytest.fixture
def app(tmp_path: pathlib.Path, logins: dict[str, str]) -> Iterator[Flask]:
    """The whole application over it."""
    built = create_app(deployment(tmp_path, logins), clock=FixedClock(NOW))
    yield built
    built.extensions["parley"].database.dispose()


@pytest.fixture
def parent(app: Flask, logins: dict[str, str]) -> Iterator[Family]:
    """A parent who is signed in."""
    engines = {login: engine_for(url) for login, url in logins.items() if login != "owner"}
    database = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    make = Factory(database)
    person = Family(app.test_client(), served_council(make))
    person.sign_in(make)
    yield person
    database.dispose()


def answer_connections(admin_url: str, name: str, *, allowed: bool) -> None:
    """Let the database take connections, or end all it has and take no more."""
    with psycopg.connect(admin_url, dbname="postgres", autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}')
        if not allowed:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_what_was_typed_is_given_back_in_the_councils_name_and_goes_through_afterwards(
    own_database: str, parent: Family, app: Flask
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(own_database)["dbname"]
    page = parent.get(begin(parent).replace("safe-ways", "your-name"))
    answer_connections(own_database, str(name), allowed=False)
    # As if the councils had been read a while ago: they must be known without the database.
    app.extensions["parley"].sites.forget()
    refused = parent.post_from(page, page.request.path, name="Zoë <Marsh>")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "Zoë <Marsh>" in words(refused)
    assert f"{parent.council.authority.name}</a>" in refused.text
    answer_connections(own_database, str(name), allowed=True)
    parent.follow(parent.post_from(refused, page.request.path))
    assert 'value="Zoë &lt;Marsh&gt;"' in parent.get(page.request.path).text


def test_a_process_that_never_reached_the_database_says_so_on_a_page(tmp_path: pathlib.Path, own_database: str) -> None:
    nowhere = {login: "postgresql://nobody@127.0.0.1:1/none" for login in ("app", "provider", "operator")}
    built = create_app(deployment(tmp_path, nowhere), clock=FixedClock(NOW))
    answer = built.test_client().get("/", base_url="http://derby.localhost:8000")
    assert answer.status_code == 503
    assert "the service is unavailable" in words(answer)
    problem = built.test_client().post("/api/v1/eligibility", base_url="http://derby.localhost:8000", json={})
    assert problem.status_code == 503
    assert problem.content_type == "application/problem+json"
    built.extensions["parley"].database.dispose()

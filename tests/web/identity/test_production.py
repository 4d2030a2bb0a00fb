"""What differs when real people sign in: cookies bound to the host over TLS, and no demonstration issuer."""

import pathlib
from collections.abc import Iterator

import pytest
import requests
from flask import Flask

from parley.db.session import Database
from parley.settings import Mode
from parley.tenancy.domain import Authority
from support.sign_in import MovedClock, Visitor, sign_in_app, sign_in_settings


@pytest.fixture
def app(database: Database, derby: Authority, clock: MovedClock, tmp_path: pathlib.Path) -> Flask:
    return sign_in_app(database, sign_in_settings(tmp_path, mode=Mode.PRODUCTION), clock, {})


@pytest.fixture
def parent(app: Flask) -> Iterator[Visitor]:
    with requests.Session() as browser:
        yield Visitor(app.test_client(), "https://derby.localhost", browser)


def test_cookies_are_bound_to_the_host_and_to_tls(parent: Visitor) -> None:
    answer = parent.get("/sign-in/email")
    (cookie,) = (value for value in answer.headers.getlist("Set-Cookie") if "browser" in value)
    assert cookie.startswith("__Host-parley-browser=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_a_demonstrations_issuer_is_no_door(parent: Visitor) -> None:
    assert "Derby City Council account" not in parent.get("/sign-in").text
    assert "has not been set up here yet" in parent.get("/staff/sign-in").text
    refused = parent.send("/staff/sign-in", page="/sign-in")
    assert refused.status_code == 503

"""The deployment's own host: councils, the mail of a demonstration, and what machines ask."""

import dataclasses
import pathlib
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from parley.app import create_app
from parley.notifications import local_inbox
from parley.settings import Mode, Settings
from parley.tenancy.domain import AuthorityState
from support.deployment import deployment
from support.factories import Factory

FRONT = "http://localhost:8000"


@pytest.fixture
def settings(tmp_path: pathlib.Path, login_urls: dict[str, str]) -> Settings:
    """A demonstration with an empty inbox."""
    (tmp_path / "inbox").mkdir()
    return deployment(tmp_path, login_urls)


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    """A browser without sign-in."""
    app = create_app(settings)
    yield app.test_client()
    app.extensions["parley"].database.dispose()


def _mail(settings: Settings, subject: str = "Your request", to: str = "parent1@families.example") -> str:
    content = (
        f"Subject: {subject}\r\nFrom: no-reply@parley.invalid\r\nTo: {to}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nOpen http://derby.localhost:8000/links/abc\r\n<b>not bold</b>\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>Open <script>alert(1)</script></p>\r\n--b--\r\n"
    )
    return local_inbox.keep(settings.data / "inbox", content.encode(), (to,))


def test_the_front_page_leads_to_every_live_council(client: FlaskClient, make: Factory) -> None:
    live, dark = make.authority(), make.authority(state=AuthorityState.SUSPENDED)
    page = client.get("/", base_url=FRONT)
    assert page.status_code == 200
    assert f'href="http://{live.host}:8000/"' in page.text
    assert live.name in page.text
    assert dark.name not in page.text


def test_mail_is_listed_and_found_by_whom_it_was_for(client: FlaskClient, settings: Settings) -> None:
    _mail(settings, "To the first")
    _mail(settings, "To the second", to="parent2@families.example")
    everybody = client.get("/inbox", base_url=FRONT).text
    assert "To the first" in everybody
    assert "To the second" in everybody
    one = client.get("/inbox?to=parent2@families.example", base_url=FRONT).text
    assert "To the first" not in one
    assert "To the second" in one


def test_a_message_is_text_whose_links_can_be_followed(client: FlaskClient, settings: Settings) -> None:
    page = client.get(f"/inbox/{_mail(settings)}", base_url=FRONT).text
    assert '<a href="http://derby.localhost:8000/links/abc"' in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page


def test_a_formatted_message_runs_and_fetches_nothing(client: FlaskClient, settings: Settings) -> None:
    answer = client.get(f"/inbox/{_mail(settings)}/formatted", base_url=FRONT)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy


@pytest.mark.parametrize("path", ["/inbox/none", "/inbox/1700000000000000-00000000", "/inbox/none/formatted"])
def test_mail_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path, base_url=FRONT).status_code == 404


def test_mail_is_not_shown_on_a_councils_host(client: FlaskClient, make: Factory) -> None:
    assert client.get("/inbox", base_url=f"http://{make.authority().host}:8000").status_code == 404


def test_in_production_there_is_no_page_of_mail(settings: Settings) -> None:
    _mail(settings)
    app = create_app(dataclasses.replace(settings, mode=Mode.PRODUCTION))
    answer = app.test_client().get("/inbox", base_url="https://localhost")
    app.extensions["parley"].database.dispose()
    assert answer.status_code == 404


@pytest.mark.parametrize("host", ["localhost:8000", "10.0.0.7", "unheard.example"])
def test_machines_may_ask_under_any_host_name(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", base_url=f"http://{host}").json == {"alive": True}
    assert client.get("/readyz", base_url=f"http://{host}").json == {"ready": True}


def test_without_its_database_a_process_lives_and_is_not_ready(settings: Settings) -> None:
    gone = {login: "postgresql://parley_app:topsecret@127.0.0.1:1/none" for login in settings.login_urls}
    app = create_app(dataclasses.replace(settings, login_urls=gone))
    client = app.test_client()
    assert client.get("/healthz", base_url=FRONT).status_code == 200
    answer = client.get("/readyz", base_url=FRONT)
    assert (answer.status_code, answer.json) == (503, {"ready": False})

"""Whatever goes wrong, what was typed comes back to whoever typed it, and to nobody else."""

import io
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from parley.web.shell import TEMPLATES
from parley.web.typed import CSRF_BOX, OURS
from support.failures import app_with_failures
from support.logs import captured_logs

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "story": "It began in <September>\nand went on 🌻",
    "seen": "3",
    "password": "correct-horse",
    "code": "424242",
}
KEPT = "It began in &lt;September&gt;\nand went on 🌻"
#: Errors after which sending the same thing again may do.
SENDABLE = ("/often", "/broken", "/unreachable")


@pytest.fixture
def client() -> FlaskClient:
    """A browser that holds a token."""
    app = app_with_failures()
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    return app.test_client()


def token_of(client: FlaskClient) -> str:
    """Return the token that the browser's forms carry."""
    page = client.post("/echo", data={}, headers=FROM_HERE).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: FlaskClient, path: str, **more: str) -> TestResponse:
    """Send a form from one of our own pages."""
    return client.post(path, data={**TYPED, CSRF_BOX: token_of(client), **more})


@pytest.mark.parametrize("path", ["/conflict", "/invalid", "/refused", "/gone", *SENDABLE])
def test_an_error_page_gives_back_what_was_typed_and_no_secret(client: FlaskClient, path: str) -> None:
    page = send(client, path).text
    assert f'dir="auto">{KEPT}</dd>' in page
    assert "correct-horse" not in page
    assert "424242" not in page
    assert ">Seen<" not in page


@pytest.mark.parametrize("path", SENDABLE)
def test_what_failed_on_our_side_can_be_sent_again_as_it_was(client: FlaskClient, path: str) -> None:
    page = send(client, path).text
    form = page.partition('<form method="post" novalidate>')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert hidden.keys() == {"csrf_token", "story", "seen"}
    assert hidden["story"] == KEPT
    assert "Send again" in form
    assert client.post("/echo", data={"story": "S", "csrf_token": hidden["csrf_token"]}).text == "S"


def test_what_changed_meanwhile_is_looked_at_before_anything_is_sent_again(client: FlaskClient) -> None:
    page = send(client, "/conflict?view=all").text
    assert "Send again" not in page
    assert '<a class="govuk-link" href="/conflict?view=all" target="_blank" rel="noopener">Open the page again' in page


def test_the_way_back_from_an_act_is_the_nearest_page_above_it() -> None:
    app = app_with_failures()
    app.add_url_rule("/missing/7/take", "take", app.view_functions["conflict"], methods=["POST"])
    client = app.test_client()
    page = client.post("/missing/7/take", data={CSRF_BOX: token_of(client)}).text
    assert '<a class="govuk-link" href="/missing">Open the page again</a>' in page


def test_a_page_that_failed_can_be_opened_again(client: FlaskClient) -> None:
    assert 'href="/broken?a=1&amp;b=2">Open the page again</a>' in client.get("/broken?a=1&b=2").text


@pytest.mark.parametrize("path", ["/conflict", *SENDABLE])
def test_what_another_site_sent_is_not_shown(path: str) -> None:
    app = app_with_failures()
    # Behind the check for the token, as when the database is down before anything is checked.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    page = app.test_client().post(path, data={"story": "Ring 0900"}, headers={"Sec-Fetch-Site": "cross-site"}).text
    assert "Ring 0900" not in page
    assert "Send again" not in page


def test_boxes_before_a_file_that_is_too_large_are_kept_and_another_can_be_chosen(client: FlaskClient) -> None:
    data = {**TYPED, CSRF_BOX: token_of(client), "report": (io.BytesIO(b"canary" * 50_000), "canary.pdf")}
    answer = client.post("/echo", data=data)
    assert answer.status_code == 413
    assert f'dir="auto">{KEPT}</dd>' in answer.text
    assert '<input class="govuk-file-upload" id="report" name="report" type="file">' in answer.text
    assert "canary" not in answer.text
    assert "correct-horse" not in answer.text


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\nNonsense\r\n\r\n", b"--x--"])
def test_a_large_body_that_is_no_form_is_refused_all_the_same(client: FlaskClient, body: bytes) -> None:
    data, kind = body.ljust(200_000, b" "), "multipart/form-data; boundary=x"
    assert client.post("/echo", data=data, content_type=kind, headers=FROM_HERE).status_code == 413


def test_nothing_typed_gets_into_a_log(client: FlaskClient) -> None:
    with captured_logs() as logs:
        for path in SENDABLE:
            send(client, path)
    assert "database-unavailable" in logs.text
    assert "September" not in logs.text


def test_every_box_of_our_own_is_known_as_ours() -> None:
    templates = TEMPLATES.parents[1].rglob("*.html")
    names = {
        name
        for template in templates
        for name in re.findall(r'type="hidden" name="(\w+)"', template.read_text(encoding="utf-8"))
    }
    assert names - {CSRF_BOX} <= OURS

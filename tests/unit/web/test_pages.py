"""The shell around a page: frame, headers, errors, and the check against cross-site requests."""

import dataclasses
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from parley.web import shell
from parley.web.assets import Assets, AssetsNotBuilt, is_immutable
from parley.web.shell import Link
from parley.web.styleguide import SPECIMENS
from support.failures import BUILT, app_with_failures
from support.styleguide import FAMILY, STAFF, styleguide_app


@pytest.fixture
def client() -> FlaskClient:
    return app_with_failures().test_client()


@pytest.mark.parametrize("slug", SPECIMENS)
def test_every_specimen_renders(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/styleguide/{slug}").status_code == 200


def test_a_page_bears_the_councils_name_and_nothing_of_gov_uk(client: FlaskClient) -> None:
    page = client.get("/styleguide/status").text
    assert "<title>Your request – SEND disagreement resolution – Derby City Council</title>" in page
    assert "GOV.UK" not in page
    assert "Crown copyright" not in page


def test_every_page_of_a_demonstration_says_so_and_no_other_does() -> None:
    said = "Derby City Council does not run it and will not see what you type."
    assert said in app_with_failures().test_client().get("/missing").text
    real = dataclasses.replace(FAMILY, demonstration=False)
    assert "demonstration" not in app_with_failures(real).test_client().get("/styleguide/status").text


def test_the_title_of_a_page_with_an_error_says_so(client: FlaskClient) -> None:
    assert "<title>Error: Who are you?" in client.get("/styleguide/question-error").text
    assert "<title>Who are you?" in client.get("/styleguide/question").text


def test_what_a_page_says_between_its_heading_and_its_questions_is_there(client: FlaskClient) -> None:
    page = client.get("/styleguide/form").text
    said = page.index("The council does not see your address unless you share it.")
    assert page.index("About you</h1>") < said < page.index("govuk-form-group")


def test_exit_this_page_is_on_family_pages_and_not_on_staff_pages(client: FlaskClient) -> None:
    assert "Exit this page" in client.get("/styleguide/status").text
    assert "Exit this page" not in app_with_failures(STAFF).test_client().get("/styleguide/list").text


def test_the_navigation_marks_where_one_is() -> None:
    cases = Link(text="Cases", href="/cases", section=True)
    assert cases.is_current("/cases")
    assert cases.is_current("/cases/7")
    assert not cases.is_current("/cases-old")
    assert not Link(text="Start", href="/").is_current("/cases")


def test_pages_carry_no_inline_style_or_event_and_one_script_with_the_policys_nonce(client: FlaskClient) -> None:
    for slug in SPECIMENS:
        answer = client.get(f"/styleguide/{slug}")
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce
        inline = re.findall(r"<script(?![^>]*src=)[^>]*>", answer.text)
        assert inline == [f'<script nonce="{nonce[1]}">']
        assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)


def test_two_answers_never_share_a_nonce(client: FlaskClient) -> None:
    policies = {client.get("/styleguide/").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2


def test_pages_are_stored_nowhere_framed_by_nobody_and_tell_no_referrer(client: FlaskClient) -> None:
    headers = client.get("/styleguide/status").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_https_is_promised_where_it_is_used() -> None:
    headers = styleguide_app(assets=BUILT, secure=True).test_client().get("/styleguide/").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]


def test_forms_may_lead_to_the_councils_single_sign_on_and_nowhere_else() -> None:
    frame = dataclasses.replace(FAMILY, form_targets=("https://login.example.org",))
    policy = styleguide_app(frame, assets=BUILT).test_client().get("/styleguide/").headers["Content-Security-Policy"]
    assert "form-action 'self' https://login.example.org;" in policy


def test_the_councils_colours_are_served_for_ever_under_their_own_digest(client: FlaskClient) -> None:
    answer = client.get(shell.brand_address(FAMILY.brand))
    assert answer.text == FAMILY.brand.style_sheet
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/brand/000000000000.css").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/missing", 404, "Page not found"),
        ("/gone", 410, "This link is no longer valid"),
        ("/refused", 403, "Only the team manager may do that."),
        ("/conflict", 409, "The council answered in the meantime."),
        ("/invalid", 422, "Some answers need another look"),
        ("/often", 429, "Too many tries"),
        ("/broken", 500, "Sorry, there is a problem with the service"),
        ("/unreachable", 503, "Sorry, the service is unavailable"),
    ],
)
def test_an_error_page_says_what_happened_with_its_status(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert answer.content_type == "text/html; charset=utf-8"


def test_an_error_page_offers_the_councils_phone_number(client: FlaskClient) -> None:
    assert 'href="tel:+448000644488"' in client.get("/missing").text


def test_what_is_not_yours_reads_byte_for_byte_like_what_never_was(client: FlaskClient) -> None:
    def without_nonce(path: str) -> str:
        return re.sub(r'nonce="[^"]+"', "", client.get(path).text)

    assert without_nonce("/not-yours") == without_nonce("/missing") == without_nonce("/nowhere")


def test_too_many_tries_say_when_to_come_back(client: FlaskClient) -> None:
    assert client.get("/often").headers["Retry-After"] == "60"


def test_a_wrong_method_says_which_would_do(client: FlaskClient) -> None:
    answer = client.get("/echo")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_an_unknown_host_is_told_what_this_is_and_where_to_find_a_council(client: FlaskClient) -> None:
    page = client.get("/unknown-host").text
    assert "No council is served at this address" in page
    assert 'href="http://localhost:8000/"' in page
    assert "Derby" not in page


def test_below_api_errors_are_problem_json(client: FlaskClient) -> None:
    answer = client.get("/api/invalid")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "/api/problems/invalid-content",
        "title": "The content cannot be used as it is",
        "status": 422,
        "code": "invalid",
        "errors": {"name": ["Enter your name"]},
        "detail": "Some answers need another look.",
    }
    assert client.get("/api/broken").content_type == "application/problem+json"
    assert client.get("/api/nowhere").status_code == 404


def test_the_error_page_shows_even_when_the_frame_is_what_failed() -> None:
    def broken() -> shell.Frame:
        raise RuntimeError("no frame today")

    app = app_with_failures()
    app.extensions["parley_frame"] = broken
    answer = app.test_client().get("/styleguide/")
    assert answer.status_code == 500
    assert "Sorry, there is a problem with the service" in answer.text


def test_a_form_without_token_is_not_taken_and_what_was_typed_is_shown(client: FlaskClient) -> None:
    answer = client.post(
        "/echo",
        data={"story": "It began in <September>", "password": "correct-horse"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 400
    assert "It began in &lt;September&gt;" in answer.text
    assert "correct-horse" not in answer.text


def test_sending_again_from_the_expired_page_loses_nothing(client: FlaskClient) -> None:
    page = client.post("/echo", data={"story": "S"}, headers={"Sec-Fetch-Site": "same-origin"}).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    again = client.post("/echo", data={"story": "S", "csrf_token": token[1]})
    assert (again.status_code, again.text) == (200, "S")


@pytest.mark.parametrize("sent_from", ["cross-site", "same-site", "none", None])
def test_what_another_site_sent_is_never_offered_for_sending(client: FlaskClient, sent_from: str | None) -> None:
    headers = {"Sec-Fetch-Site": sent_from} if sent_from else {}
    page = client.post("/echo", data={"story": "planted"}, headers=headers).text
    assert "Send again" not in page
    assert 'name="story"' not in page


def test_without_a_build_the_start_fails_and_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(AssetsNotBuilt, match="npm ci && npm run build"):
        Assets.load(tmp_path)


def test_only_names_with_a_hash_are_kept_for_ever() -> None:
    assert is_immutable("/static/build/parley.0123456789ab.css")
    assert not is_immutable("/static/build/manifest.json")
    assert not is_immutable("/static/build/parley.css")

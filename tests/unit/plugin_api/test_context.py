"""What a plugin is handed: configuration that does not leak, answers that sort themselves, time that runs out."""

import datetime as dt

import pytest

from parley.plugin_api.context import Config, HttpResponse
from parley.plugin_api.errors import Permanent, Retryable
from parley.plugin_api.testing import FixedClock, HttpStub, a_context


def answer(status: int, body: bytes = b"{}", **headers: str) -> HttpResponse:
    return HttpResponse(status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}, body=body)


def test_a_configuration_is_read_only_and_shows_keys_only() -> None:
    config = Config({"token": "s3cret", "mailbox": "a@example.org"})
    assert dict(config) == {"token": "s3cret", "mailbox": "a@example.org"}
    assert len(config) == 2
    assert repr(config) == str(config) == "Config(mailbox, token)"
    assert not hasattr(config, "__setitem__")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_what_may_pass_is_retryable_after_the_wait_that_was_asked_for(status: int) -> None:
    with pytest.raises(Retryable) as caught:
        answer(status, retry_after="30").raise_for_status()
    assert (caught.value.code, caught.value.after) == (f"http_{status}", dt.timedelta(seconds=30))


@pytest.mark.parametrize("retry_after", ["", "soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_a_wait_that_is_not_seconds_is_no_wait(retry_after: str) -> None:
    with pytest.raises(Retryable) as caught:
        answer(503, retry_after=retry_after).raise_for_status()
    assert caught.value.after is None


@pytest.mark.parametrize("status", [301, 400, 401, 404, 409])
def test_what_will_not_pass_is_permanent(status: int) -> None:
    with pytest.raises(Permanent) as caught:
        answer(status).raise_for_status()
    assert caught.value.code == f"http_{status}"


def test_success_is_no_error_and_its_body_is_json() -> None:
    answer(204).raise_for_status()
    assert answer(200, b'{"id": 1}').json() == {"id": 1}
    with pytest.raises(Permanent) as caught:
        answer(200, b"<html>").json()
    assert caught.value.code == "malformed_body"


@pytest.mark.parametrize("code", ["", "Has Spaces", "9lives", "x" * 65])
def test_a_code_is_short_snake_case(code: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        Permanent(code, "message")


def test_remaining_time_is_never_negative() -> None:
    context = a_context(Config({}), http=HttpStub())
    assert context.remaining() == dt.timedelta(seconds=10)
    late = FixedClock(context.deadline + dt.timedelta(seconds=1))
    assert type(context)(**{**vars(context), "clock": late}).remaining() == dt.timedelta(0)

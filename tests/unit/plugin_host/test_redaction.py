"""What is taken out of text before it reaches a log, and what is left alone."""

import pytest

from parley.plugin_host.redaction import redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail to ann.o'neil+x@example.co.uk failed", "mail to [mailbox] failed"),
        ("call 07700 900123 or +44 20 8441 1355", "call [number] or [number]"),
        ("call 0800 064 4488", "call [number]"),
        ("NHS 943 476 5919", "NHS [number]"),
        ("lives at DE1 2FS, near", "lives at [postcode], near"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer [secret]"),
    ],
)
def test_particulars_are_taken_out(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "referral 0190c3f0-0000-7000-8000-000000000001 submitted",
        "DER-2026-00001 acknowledged in 1234 ms",
        "HTTP 503 after 2026-11-24T10:00:00",
    ],
)
def test_ids_references_and_times_stay(text: str) -> None:
    assert redact(text) == text


def test_secrets_of_the_call_are_taken_out_and_short_words_are_not() -> None:
    assert redact("token s3cret-value and s3cret-value-long", ("s3cret-value", "s3cret-value-long", "and")) == (
        "token [secret] and [secret]"
    )

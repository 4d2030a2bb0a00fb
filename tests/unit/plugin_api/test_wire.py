"""What is not exactly a contract type does not cross, in either direction."""

import dataclasses
import datetime as dt
import enum
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.plugin_api.contracts import Area, Notice, Referral, Service, SubmissionReceipt
from parley.plugin_api.wire import ContractMismatch, decode, encode

DATES = st.dates()
TEXT = st.text(max_size=20)

REFERRALS = st.builds(
    Referral,
    referral_id=st.uuids(),
    reference=st.none() | TEXT,
    council=st.none() | TEXT,
    service=st.none() | st.sampled_from(Service),
    areas=st.lists(st.sampled_from(Area), max_size=3).map(tuple),
    requested_on=st.none() | DATES,
    acknowledge_by=st.none() | DATES,
    tell_council_by=st.none() | DATES,
    url=st.none() | TEXT,
)

RECEIPT = SubmissionReceipt(
    provider_reference="THEIRS-1",
    notice=Notice(
        mailbox="sen@example.org",
        reference="DER-2026-00001",
        council="Derby City Council",
        service=Service.MEDIATION,
        what_to_do="Acknowledge it.",
        by_when=dt.date(2028, 2, 29),
    ),
)


@given(REFERRALS)
def test_every_referral_crosses_unchanged(referral: Referral) -> None:
    crossed = json.loads(json.dumps(encode(referral, Referral)))
    assert decode(crossed, Referral) == referral


def test_a_receipt_with_a_notice_crosses_unchanged() -> None:
    assert decode(encode(RECEIPT, SubmissionReceipt), SubmissionReceipt) == RECEIPT


class Colour(enum.StrEnum):
    RED = "red"


class SubReceipt(SubmissionReceipt):
    pass


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, str),
        (True, int),
        (1, bool),
        ("mediation", Service),
        (Colour.RED, Service),
        (Service.MEDIATION, str),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.date),
        (dt.datetime(2026, 1, 1), dt.datetime),  # noqa: DTZ001 - naive on purpose
        ([Area.A], tuple[Area, ...]),
        ((Area.A, "B"), tuple[Area, ...]),
        ({"provider_reference": None, "notice": None}, SubmissionReceipt),
        (SubReceipt(), SubmissionReceipt),
        (dataclasses.replace(RECEIPT, provider_reference=b"bytes"), SubmissionReceipt),
        (None, SubmissionReceipt),
        (1.5, float),
    ],
)
def test_what_is_not_of_the_type_is_not_sent(value: Any, kind: Any) -> None:
    with pytest.raises(ContractMismatch):
        encode(value, kind)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (1, str),
        ("1", int),
        (True, int),
        ("no-such-service", Service),
        ("2026-02-30", dt.date),
        ("2026-01-01T00:00:00", dt.datetime),
        ("not-a-uuid", uuid.UUID),
        ("A", tuple[Area, ...]),
        ([], SubmissionReceipt),
        ({"provider_reference": None}, SubmissionReceipt),
        ({"provider_reference": None, "notice": None, "extra": 1}, SubmissionReceipt),
        ({"provider_reference": 5, "notice": None}, SubmissionReceipt),
        ("x", float),
    ],
)
def test_what_is_not_of_the_type_is_not_taken_in(data: Any, kind: Any) -> None:
    with pytest.raises(ContractMismatch):
        decode(data, kind)


def test_an_error_names_the_place_and_never_the_value() -> None:
    with pytest.raises(ContractMismatch) as caught:
        encode(dataclasses.replace(RECEIPT, provider_reference=["a person's name"]), SubmissionReceipt, "answer")
    assert str(caught.value) == "answer.provider_reference must be str, not list"

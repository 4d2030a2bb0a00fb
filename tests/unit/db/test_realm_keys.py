"""What a realm's keys seal opens in its place and under its version, and nowhere else; and says which it needs."""

import datetime as dt
import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parley.db.realm_keys import (
    FIRST_FORMAT,
    HEADER_BYTES,
    LATER_FORMAT,
    KeyVersion,
    RealmKeys,
    SealBrokenError,
    UnknownVersionError,
    header_of,
    version_of,
)
from parley.kernel.clock import FixedClock

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
FIRST, SECOND = KeyVersion(key=b"1" * 32), KeyVersion(key=b"2" * 32)
BEFORE, NOW_AND_LATER = RealmKeys({1: FIRST}), RealmKeys({1: FIRST, 2: SECOND})
A_MOMENT = dt.timedelta(minutes=1)

places = st.tuples(st.uuids(), st.sampled_from(["case.child_name_sealed", "child.address_sealed"]), st.uuids())
versions = st.integers(min_value=1, max_value=2**32 - 1)
texts = st.binary(max_size=200)


def context(place: tuple[uuid.UUID, str, uuid.UUID]) -> str:
    return "|".join(map(str, place))


@given(places, versions, texts)
def test_what_is_sealed_opens_in_its_place_and_names_its_version(
    place: tuple[uuid.UUID, str, uuid.UUID], version: int, text: bytes
) -> None:
    keys = RealmKeys({version: FIRST})
    sealed = keys.seal(context(place), text)
    assert (keys.open(context(place), sealed), version_of(sealed)) == (text, version)
    assert sealed.startswith(header_of(version))


@given(places, places, versions, texts)
def test_it_opens_in_no_other_realm_column_or_row(
    place: tuple[uuid.UUID, str, uuid.UUID], other: tuple[uuid.UUID, str, uuid.UUID], version: int, text: bytes
) -> None:
    assume(place != other)
    keys = RealmKeys({version: FIRST})
    with pytest.raises(SealBrokenError):
        keys.open(context(other), keys.seal(context(place), text))


@given(places, versions, versions, texts)
def test_it_opens_under_no_other_version_even_of_the_same_key(
    place: tuple[uuid.UUID, str, uuid.UUID], version: int, other: int, text: bytes
) -> None:
    assume(version != other)
    sealed = RealmKeys({version: FIRST}).seal(context(place), text)
    moved = header_of(other) + sealed[len(header_of(version)) :]
    with pytest.raises(SealBrokenError):
        RealmKeys({version: FIRST, other: FIRST}).open(context(place), moved)


@given(st.binary(max_size=60))
def test_what_is_no_sealed_value_is_said_to_be_none(value: bytes) -> None:
    with pytest.raises(SealBrokenError):
        NOW_AND_LATER.open("anywhere", value)


def test_as_long_as_a_key_was_never_renewed_nothing_new_is_written() -> None:
    assert BEFORE.seal("here", b"words")[:1] == FIRST_FORMAT
    assert len(BEFORE.fingerprint("here", "words")) == 32
    assert NOW_AND_LATER.seal("here", b"words")[:HEADER_BYTES] == LATER_FORMAT + b"\x00\x00\x00\x02"
    assert NOW_AND_LATER.fingerprint("here", "words")[:HEADER_BYTES] == LATER_FORMAT + b"\x00\x00\x00\x02"


def test_what_the_former_version_sealed_opens_and_what_a_later_one_did_is_known_to_be_unknown() -> None:
    assert NOW_AND_LATER.open("here", BEFORE.seal("here", b"words")) == b"words"
    with pytest.raises(UnknownVersionError):
        BEFORE.open("here", NOW_AND_LATER.seal("here", b"words"))


def test_a_version_that_is_announced_opens_and_is_searched_by_and_does_not_seal_yet() -> None:
    clock = FixedClock(NOW)
    keys = RealmKeys({1: FIRST, 2: KeyVersion(key=SECOND.key, seals_from=NOW + A_MOMENT)}, clock)
    assert keys.sealing == 1
    assert keys.open("here", NOW_AND_LATER.seal("here", b"words")) == b"words"
    assert keys.fingerprints("here", "words") == NOW_AND_LATER.fingerprints("here", "words")
    clock.advance(A_MOMENT)
    assert keys.sealing == 2


def test_a_fingerprint_is_of_the_text_case_and_spaces_aside_and_of_its_version() -> None:
    made = NOW_AND_LATER.fingerprint("case.child_name", "Rowan  Ash")
    assert made == NOW_AND_LATER.fingerprint("case.child_name", " rowan ash ")
    assert made != NOW_AND_LATER.fingerprint("case.council_number", "rowan ash")
    assert NOW_AND_LATER.fingerprints("case.child_name", "rowan ash") == [
        made,
        BEFORE.fingerprint("case.child_name", "rowan ash"),
    ]

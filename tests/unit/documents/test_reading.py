"""Who may read a document: the owner, the provider, and whom it is shown to now."""

import io

import pytest

from parley.casework.domain import Viewer
from parley.db.keys import KEY_BYTES
from parley.db.realm_keys import KeyVersion, RealmKeys, SealBrokenError
from parley.documents.domain import Belonging, Reader
from parley.documents.sealing import PIECE_BYTES, opened_piece, piece_count, sealed_pieces
from parley.kernel.ids import new_id

FAMILY, COUNCIL, SCHOOL = new_id(), new_id(), new_id()
PARENT, OTHER_PARENT, TEACHER = new_id(), new_id(), new_id()

parent = Reader(viewer=Viewer.FAMILY, party_ids=frozenset({FAMILY}), member_id=PARENT)
other_parent = Reader(viewer=Viewer.FAMILY, party_ids=frozenset({FAMILY}), member_id=OTHER_PARENT)
officer = Reader(viewer=Viewer.LOCAL_AUTHORITY, party_ids=frozenset({COUNCIL}))
teacher = Reader(viewer=Viewer.INVITED, party_ids=frozenset({SCHOOL}), member_id=TEACHER)
head = Reader(viewer=Viewer.INVITED, party_ids=frozenset({SCHOOL}), member_id=new_id())
coordinator = Reader(viewer=Viewer.PROVIDER)

EVERYBODY = (parent, other_parent, officer, teacher, head, coordinator)
NOBODY: frozenset[object] = frozenset()


def _readers(document: Belonging, *shared_with: object) -> set[Reader]:
    return {reader for reader in EVERYBODY if reader.may_read(document, frozenset(shared_with))}


@pytest.mark.parametrize("adds", EVERYBODY)
def test_what_somebody_adds_is_their_own(adds: Reader) -> None:
    assert adds.owns(adds.belonging)


def test_a_parents_document_is_the_parents_and_the_providers() -> None:
    assert _readers(parent.belonging) == {parent, coordinator}


def test_sharing_shows_it_to_that_party_and_no_other() -> None:
    assert _readers(parent.belonging, SCHOOL) == {parent, coordinator, teacher, head}
    assert _readers(parent.belonging, COUNCIL) == {parent, coordinator, officer}


def test_a_councils_document_is_the_councils_until_it_is_shared() -> None:
    assert _readers(officer.belonging) == {officer, coordinator}
    assert _readers(officer.belonging, FAMILY) == {officer, coordinator, parent, other_parent}


def test_a_schools_document_is_its_peoples() -> None:
    assert _readers(teacher.belonging) == {teacher, head, coordinator}


def test_the_providers_document_is_the_providers_until_it_is_shared() -> None:
    assert _readers(coordinator.belonging) == {coordinator}
    assert [reader for reader in EVERYBODY if reader.owns(coordinator.belonging)] == [coordinator]


KEYS, AUTHORITY, DOCUMENT = RealmKeys({1: KeyVersion(key=bytes(KEY_BYTES))}), new_id(), new_id()


@pytest.mark.parametrize("size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 5])
def test_what_is_sealed_opens_again(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    sealed = list(sealed_pieces(KEYS, AUTHORITY, DOCUMENT, io.BytesIO(content), size))
    count = piece_count(size)
    assert len(sealed) == count
    opened = [opened_piece(KEYS.open, AUTHORITY, DOCUMENT, number, count, piece) for number, piece in enumerate(sealed)]
    assert b"".join(opened) == content


def test_a_piece_opens_nowhere_else() -> None:
    first, second = sealed_pieces(KEYS, AUTHORITY, DOCUMENT, io.BytesIO(bytes(PIECE_BYTES + 1)), PIECE_BYTES + 1)
    assert opened_piece(KEYS.open, AUTHORITY, DOCUMENT, 1, 2, second) == b"\x00"
    for place in ((AUTHORITY, DOCUMENT, 1, 2), (AUTHORITY, new_id(), 0, 2), (new_id(), DOCUMENT, 0, 2)):
        with pytest.raises(SealBrokenError):
            opened_piece(KEYS.open, *place, first)
    with pytest.raises(SealBrokenError):
        opened_piece(KEYS.open, AUTHORITY, DOCUMENT, 0, 1, first)  # as if the second had never been


@pytest.mark.parametrize("counted", [5, 7])
def test_a_file_that_is_not_as_long_as_it_was_counted_is_not_kept(counted: int) -> None:
    with pytest.raises(ValueError, match="counted"):
        list(sealed_pieces(KEYS, AUTHORITY, DOCUMENT, io.BytesIO(b"123456"), counted))

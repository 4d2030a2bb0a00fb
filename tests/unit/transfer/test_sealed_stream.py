"""A sealed stream opens with its key, whole and unaltered, and otherwise says what is wrong with it."""

import io

import pytest

from parley.transfer.sealed_stream import (
    MAGIC,
    PIECE_BYTES,
    SealedFileError,
    Sealer,
    public_key,
    public_text,
    unsealed,
)

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
CONTENTS = [b"", b"short", bytes(PIECE_BYTES), bytes(PIECE_BYTES + 1), b"line\n" * 50_000]


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, public_key(public_text(key)))
    for start in range(0, len(content), 1000):
        sealer.write(content[start : start + 1000])
    sealer.finish()
    return file.getvalue()


def opened(file: bytes, key: bytes = KEY) -> bytes:
    return b"".join(unsealed(io.BytesIO(file), key))


@pytest.mark.parametrize("content", CONTENTS, ids=len)
def test_what_was_sealed_comes_out(content: bytes) -> None:
    assert opened(sealed(content)) == content


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    file = sealed(b"in confidence " * 1000)
    assert b"confidence" not in file
    with pytest.raises(SealedFileError, match="This key does not open the file"):
        opened(file, OTHER)


@pytest.mark.parametrize("content", CONTENTS, ids=len)
def test_a_file_that_was_cut_off_anywhere_is_refused(content: bytes) -> None:
    file = sealed(content)
    ends = {0, 3, len(MAGIC), len(MAGIC) + 2, len(MAGIC) + 30, len(file) - 1, len(file) - 17, len(file) // 2}
    # ... and right between two pieces, where every piece that is there is authentic.
    first = len(MAGIC) + 4 + int.from_bytes(file[len(MAGIC) : len(MAGIC) + 4], "big")
    if len(content) > PIECE_BYTES:
        ends.add(first + 4 + PIECE_BYTES + 16)
    for end in sorted(ends):
        with pytest.raises(SealedFileError):
            opened(file[:end])


def test_a_cut_between_two_pieces_is_called_by_its_name() -> None:
    file = sealed(bytes(3 * PIECE_BYTES))
    whole = 4 + PIECE_BYTES + 16
    with pytest.raises(SealedFileError, match="not copied whole"):
        opened(file[: -(4 + PIECE_BYTES + 16)])
    with pytest.raises(SealedFileError, match="altered"):
        opened(file[: -2 * whole] + file[-whole:])
    with pytest.raises(SealedFileError, match="altered"):
        opened(file[: -2 * whole] + file[-whole:] + file[-2 * whole : -whole])


def test_every_altered_byte_is_found() -> None:
    file = sealed(b"a line of a record\n")
    for place in range(len(file)):
        altered = bytearray(file)
        altered[place] ^= 1
        with pytest.raises(SealedFileError):
            opened(bytes(altered))


def test_what_is_added_at_the_end_is_found() -> None:
    with pytest.raises(SealedFileError):
        opened(sealed(b"a line") + sealed(b"another"))


@pytest.mark.parametrize(
    "line", ["", "parley-public:", "parley-public:YWJj", public_text(KEY)[14:], "ssh-ed25519 AAAA"]
)
def test_what_is_no_public_key_is_refused(line: str) -> None:
    with pytest.raises(SealedFileError, match="no public key"):
        public_key(line)

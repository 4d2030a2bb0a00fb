"""What a file is, is decided by what is in it; each thing wrong with one has words of its own."""

import io
import zipfile

import pytest

from parley.documents.domain import ACCEPTED, LARGEST_BYTES, MESSAGES, DocumentKind, FileProblem
from parley.documents.inspection import inspect
from parley.kernel.errors import Invalid
from support import documents as files

BMP = (
    b"BM"
    + (200).to_bytes(4, "little")
    + bytes(4)
    + (54).to_bytes(4, "little")
    + (40).to_bytes(4, "little")
    + bytes(200)
)


def _problem(content: bytes | io.RawIOBase, name: str) -> FileProblem:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(Invalid) as refused:
        inspect(stream, name)
    assert list(refused.value.errors) == ["file"]
    return FileProblem(refused.value.code)


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_that_is_taken_is_known_by_its_content(kind: DocumentKind) -> None:
    name, content = files.SAMPLES[kind]
    stream = io.BytesIO(content)
    seen = inspect(stream, name)
    assert (seen.kind, seen.size, seen.name, stream.tell()) == (kind, len(content), name, 0)


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_name_without_an_extension_is_given_the_right_one(kind: DocumentKind) -> None:
    name, content = files.SAMPLES[kind]
    assert inspect(io.BytesIO(content), "Letter to Mr.Smith").name.rpartition(".")[2] == name.rpartition(".")[2]


def test_a_photo_under_another_photos_name_is_taken_and_renamed() -> None:
    assert inspect(io.BytesIO(files.JPEG), "IMG_0001.HEIC").name == "IMG_0001.jpg"


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"", "report.pdf", FileProblem.EMPTY),
        (files.PROGRAM, "report.pdf", FileProblem.PROGRAM),
        (files.PROGRAM, "setup.exe", FileProblem.PROGRAM),
        (files.PROGRAM, "cv\u202efdp.exe", FileProblem.PROGRAM),
        (files.PDF, "report.exe", FileProblem.KIND_NOT_TAKEN),
        (files.PDF, "report.docx", FileProblem.NOT_WHAT_IT_SAYS),
        (files.DOCX, "report.pdf", FileProblem.NOT_WHAT_IT_SAYS),
        (files.TEXT, "report.pdf", FileProblem.NOT_WHAT_IT_SAYS),
        (b"<html><script>alert(1)</script></html>", "report.pdf", FileProblem.NOT_WHAT_IT_SAYS),
        (BMP, "picture.bmp", FileProblem.KIND_NOT_TAKEN),
        (files.packed({"a.txt": b"a"}), "reports.zip", FileProblem.KIND_NOT_TAKEN),
        (files.packed({"a.txt": b"a"}), "report.docx", FileProblem.KIND_NOT_TAKEN),
        (files.OLE + bytes(100), "book.xls", FileProblem.KIND_NOT_TAKEN),
        (files.PROTECTED_PDF, "report.pdf", FileProblem.PROTECTED),
        (files.PROTECTED_DOCX, "report.docx", FileProblem.PROTECTED),
        (files.BOMB, "report.docx", FileProblem.UNPACKS_TOO_LARGE),
        (files.MACROS, "report.docx", FileProblem.MACROS),
        (files.DOCX[:-30], "report.docx", FileProblem.DAMAGED),
        (b"PK\x03\x04 and nothing more", "report.docx", FileProblem.DAMAGED),
    ],
)
def test_what_is_not_taken_is_refused_for_its_own_reason(content: bytes, name: str, found: FileProblem) -> None:
    assert _problem(content, name) is found


def test_a_bomb_is_small_until_it_is_opened() -> None:
    assert len(files.BOMB) < 1_000_000


def test_an_archive_of_very_many_files_is_not_opened() -> None:
    many = files.docx(**{f"media/{number}": b"" for number in range(5001)})
    assert _problem(many, "report.docx") is FileProblem.UNPACKS_TOO_LARGE


def test_a_locked_entry_makes_a_document_protected() -> None:
    content = bytearray(files.DOCX)
    with zipfile.ZipFile(io.BytesIO(files.DOCX)) as archive:
        at = archive.start_dir
    content[at + 8] |= 0x1  # the flag "encrypted" of the first entry in the table of contents
    assert _problem(bytes(content), "report.docx") is FileProblem.PROTECTED


def test_protection_is_found_wherever_it_stands_in_a_long_pdf() -> None:
    for before in (256 * 1024 - 4, 256 * 1024, 600_000):
        assert (
            _problem(files.PDF + b" " * (before - len(files.PDF)) + b"/Encrypt 2 0 R", "a.pdf") is FileProblem.PROTECTED
        )


@pytest.mark.parametrize("size", [LARGEST_BYTES + 1, 30 * 1024 * 1024, 10**12])
def test_a_file_that_is_too_large_is_refused_without_being_read(size: int) -> None:
    assert _problem(files.Unread(size), "report.pdf") is FileProblem.TOO_LARGE


def test_a_file_of_exactly_the_limit_is_taken() -> None:
    content = files.PDF + b" " * (LARGEST_BYTES - len(files.PDF))
    assert inspect(io.BytesIO(content), "report.pdf").size == LARGEST_BYTES


def test_a_text_that_begins_like_a_program_is_a_text() -> None:
    assert inspect(io.BytesIO(b"MZ is what we call our son.\n"), "story.txt").kind is DocumentKind.TEXT


def test_every_problem_has_words_and_none_of_them_is_another_s() -> None:
    assert MESSAGES.keys() == set(FileProblem)
    assert len(set(MESSAGES.values())) == len(MESSAGES)


def test_what_a_file_input_accepts_is_what_is_taken() -> None:
    assert ACCEPTED == ".pdf,.docx,.doc,.odt,.rtf,.txt,.jpg,.jpeg,.png,.heic,.heif"

"""Looks into a file before it is kept: what it really is, and whether it may be taken.

A name proves nothing, so the content is identified (libmagic) and compared with it. Compressed documents are looked
into by their table of contents only; nothing is ever unpacked here. Reads the file in pieces.
"""

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import magic

from parley.documents.domain import (
    BY_EXTENSION,
    KINDS,
    LARGEST_BYTES,
    LARGEST_UNPACKED_BYTES,
    MOST_ENTRIES,
    PHOTOS,
    DocumentKind,
    FileProblem,
    problem,
)
from parley.documents.names import clean_name, split_name

#: libmagic decides by the beginning of a file.
_HEAD_BYTES = 64 * 1024
_SCAN_BYTES = 256 * 1024

_BY_MEDIA_TYPE = {
    "application/pdf": DocumentKind.PDF,
    "application/msword": DocumentKind.DOC,
    "application/rtf": DocumentKind.RTF,
    "text/rtf": DocumentKind.RTF,
    "image/jpeg": DocumentKind.JPEG,
    "image/png": DocumentKind.PNG,
    "image/heic": DocumentKind.HEIC,
    "image/heif": DocumentKind.HEIC,
}

_PROGRAMS = frozenset(
    {
        "application/x-dosexec",
        "application/vnd.microsoft.portable-executable",
        "application/x-executable",
        "application/x-pie-executable",
        "application/x-sharedlib",
        "application/x-mach-binary",
        "application/x-msi",
        "application/x-ms-installer",
        "application/x-ms-shortcut",
        "application/java-archive",
        "application/vnd.android.package-archive",
    }
)

#: Word's own stream within the container that old Office files share.
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_CONTAINERS = frozenset({"application/x-ole-storage", "application/cdfv2", "application/vnd.ms-office"})
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inspected:
    """A file that may be kept: its kind, its size in bytes and its cleaned name."""

    kind: DocumentKind
    size: int
    name: str


def inspect(stream: BinaryIO, name: str) -> Inspected:
    """Return what the seekable ``stream`` is; leave it at its beginning.

    Raises Invalid with the code of a FileProblem when it may not be kept. A file that is too large is refused by its
    length, before anything of it is read.
    """
    size = stream.seek(0, io.SEEK_END)
    if size == 0:
        raise problem(FileProblem.EMPTY)
    if size > LARGEST_BYTES:
        raise problem(FileProblem.TOO_LARGE)
    stream.seek(0)
    kind = _identify(stream)
    _require_named_so(kind, split_name(name)[1])
    if kind is DocumentKind.PDF and _holds(stream, b"/Encrypt"):
        raise problem(FileProblem.PROTECTED)
    stream.seek(0)
    return Inspected(kind=kind, size=size, name=clean_name(name, kind))


def _identify(stream: BinaryIO) -> DocumentKind:
    head = stream.read(_HEAD_BYTES)
    found = magic.from_buffer(head, mime=True).lower()
    if found in _PROGRAMS or (head.startswith(b"MZ") and b"\x00" in head):
        raise problem(FileProblem.PROGRAM)
    if head.startswith(_ZIP_MAGIC):
        return _identify_packed(stream)
    if head.startswith(_OLE_MAGIC):
        return _identify_ole(stream, found)
    kind = _BY_MEDIA_TYPE.get(found)
    if kind is None and found.startswith("text/") and b"\x00" not in head:
        kind = DocumentKind.TEXT
    if kind is None:
        raise problem(FileProblem.KIND_NOT_TAKEN)
    return kind


def _identify_ole(stream: BinaryIO, found: str) -> DocumentKind:
    """Tell a Word document from the many other things in Office's old container."""
    if _holds(stream, _ENCRYPTED_OFFICE):
        raise problem(FileProblem.PROTECTED)
    if found == "application/msword" or (found in _CONTAINERS and _holds(stream, _WORD_STREAM)):
        return DocumentKind.DOC
    raise problem(FileProblem.KIND_NOT_TAKEN)


def _identify_packed(stream: BinaryIO) -> DocumentKind:
    """Tell a Word or OpenDocument document from other archives, by the archive's table of contents."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _require_harmless(entries)
            names = {entry.filename for entry in entries}
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return DocumentKind.DOCX
            if "mimetype" in names and _beginning(archive, "mimetype") == KINDS[DocumentKind.ODT].media_type.encode():
                return DocumentKind.ODT
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError):
        raise problem(FileProblem.DAMAGED) from None
    raise problem(FileProblem.KIND_NOT_TAKEN)


def _require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED_BYTES:
        raise problem(FileProblem.UNPACKS_TOO_LARGE)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise problem(FileProblem.PROTECTED)
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise problem(FileProblem.MACROS)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the first bytes of an entry, however much it claims to unpack to."""
    with archive.open(name) as entry:
        return entry.read(100).strip()


def _require_named_so(kind: DocumentKind, extension: str) -> None:
    """Refuse a file whose name says it is something else; a name that says nothing is mended."""
    if not extension:
        return
    named = BY_EXTENSION.get(extension)
    if named is None:
        raise problem(FileProblem.KIND_NOT_TAKEN)
    if named is not kind and not {named, kind} <= PHOTOS:
        raise problem(FileProblem.NOT_WHAT_IT_SAYS, named=KINDS[named].label)


def _holds(stream: BinaryIO, wanted: bytes) -> bool:
    """Tell whether ``wanted`` is anywhere in the file, reading a piece at a time."""
    kept = b""
    for piece in _pieces(stream):
        if wanted in kept + piece:
            return True
        kept = piece[-len(wanted) :]
    return False


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while piece := stream.read(_SCAN_BYTES):
        yield piece

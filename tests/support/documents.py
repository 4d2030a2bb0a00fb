"""Files as people hand them in: small, real ones of each kind that is taken, and ones that pretend."""

import io
import struct
import zipfile

from parley.documents.domain import KINDS, DocumentKind

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PROTECTED_PDF = PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300") + bytes(64) + bytes.fromhex("ffd9")
HEIC = struct.pack(">I", 24) + b"ftypheic\x00\x00\x00\x00mif1heic" + bytes(32)
RTF = b"{\\rtf1\\ansi A letter.}"
TEXT = "What we asked for, in March: Zoë’s support.\n".encode()
PROGRAM = bytes.fromhex("4d5a90000300000004000000ffff0000").ljust(60, b"\x00") + struct.pack("<I", 128) + bytes(64)
PROGRAM += b"PE\x00\x00\x64\x86" + bytes(200)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff0900") + bytes(480)
DOC = OLE + "WordDocument".encode("utf-16-le") + bytes(100)
PROTECTED_DOCX = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100)


def packed(entries: dict[str, bytes]) -> bytes:
    """Return a ZIP archive of ``entries``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return content.getvalue()


def docx(**more: bytes) -> bytes:
    """Return a Word document, with ``more`` entries in its ``word`` folder."""
    entries = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
    return packed(entries | {f"word/{name}": body for name, body in more.items()})


DOCX = docx()
ODT = packed({"mimetype": KINDS[DocumentKind.ODT].media_type.encode(), "content.xml": b"<document/>"})
BOMB = docx(media=bytes(201 * 1024 * 1024))
MACROS = docx(**{"vbaProject.bin": b"program"})

#: One of each kind, under a name that fits.
SAMPLES: dict[DocumentKind, tuple[str, bytes]] = {
    DocumentKind.PDF: ("report.pdf", PDF),
    DocumentKind.DOCX: ("report.docx", DOCX),
    DocumentKind.DOC: ("report.doc", DOC),
    DocumentKind.ODT: ("report.odt", ODT),
    DocumentKind.RTF: ("report.rtf", RTF),
    DocumentKind.TEXT: ("report.txt", TEXT),
    DocumentKind.JPEG: ("page.jpg", JPEG),
    DocumentKind.PNG: ("page.png", PNG),
    DocumentKind.HEIC: ("page.heic", HEIC),
}


class Unread(io.RawIOBase):
    """A file of ``size`` bytes that fails the test when anything of it is read."""

    def __init__(self, size: int) -> None:
        self._size = size

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._size if whence == io.SEEK_END else offset

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError("the file was read before its size was looked at")

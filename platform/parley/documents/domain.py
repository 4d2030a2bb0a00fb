"""What a document is: which files are taken, what is wrong with the others, and who may read one. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid

from parley.casework.domain import Viewer
from parley.kernel.errors import Invalid

MEGABYTE = 1024 * 1024
#: Of one file. A page's whole body may be a little more (app.MAX_BODY_BYTES).
LARGEST_BYTES = 20 * MEGABYTE
#: Of one case, removed ones not counted.
MOST_PER_CASE = 30

#: What a compressed document may unpack to. The largest reports full of pictures stay far below both.
LARGEST_UNPACKED_BYTES = 200 * MEGABYTE
MOST_ENTRIES = 5000


class DocumentKind(enum.StrEnum):
    """The kinds of file that are taken: what people have, and what everybody can open."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"
    RTF = "rtf"
    TEXT = "text"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"


@dataclasses.dataclass(frozen=True, kw_only=True)
class KindFacts:
    """How a kind is called, named and served. The first of ``extensions`` is the one it is given."""

    label: str
    media_type: str
    extensions: tuple[str, ...]


KINDS: dict[DocumentKind, KindFacts] = {
    DocumentKind.PDF: KindFacts(label="PDF", media_type="application/pdf", extensions=("pdf",)),
    DocumentKind.DOCX: KindFacts(
        label="Word document",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        extensions=("docx",),
    ),
    DocumentKind.DOC: KindFacts(label="Word document", media_type="application/msword", extensions=("doc",)),
    DocumentKind.ODT: KindFacts(
        label="OpenDocument text", media_type="application/vnd.oasis.opendocument.text", extensions=("odt",)
    ),
    DocumentKind.RTF: KindFacts(label="Rich text", media_type="application/rtf", extensions=("rtf",)),
    DocumentKind.TEXT: KindFacts(label="plain text", media_type="text/plain", extensions=("txt",)),
    DocumentKind.JPEG: KindFacts(label="JPEG photo", media_type="image/jpeg", extensions=("jpg", "jpeg")),
    DocumentKind.PNG: KindFacts(label="PNG picture", media_type="image/png", extensions=("png",)),
    DocumentKind.HEIC: KindFacts(label="HEIC photo", media_type="image/heic", extensions=("heic", "heif")),
}

#: Phones give photos the wrong one of these names by themselves; a photo is a photo.
PHOTOS = frozenset({DocumentKind.JPEG, DocumentKind.PNG, DocumentKind.HEIC})

BY_EXTENSION = {extension: kind for kind, facts in KINDS.items() for extension in facts.extensions}

#: For the ``accept`` attribute of a file input.
ACCEPTED = ",".join(f".{extension}" for extension in BY_EXTENSION)

#: What a page says beside a file input.
HINT = (
    f"A PDF, a Word or OpenDocument document, a text file or a photo (JPEG, PNG, HEIC), up to "
    f"{LARGEST_BYTES // MEGABYTE} MB"
)


class FileProblem(enum.StrEnum):
    """What is wrong with a file. The value is the error's code, ``MESSAGES`` what the person reads."""

    MISSING = "file-missing"
    EMPTY = "file-empty"
    TOO_LARGE = "file-too-large"
    TOO_MANY = "file-too-many"
    PROGRAM = "file-program"
    KIND_NOT_TAKEN = "file-kind-not-taken"
    NOT_WHAT_IT_SAYS = "file-not-what-it-says"
    PROTECTED = "file-protected"
    MACROS = "file-macros"
    UNPACKS_TOO_LARGE = "file-unpacks-too-large"
    DAMAGED = "file-damaged"


MESSAGES: dict[FileProblem, str] = {
    FileProblem.MISSING: "Choose a file",
    FileProblem.EMPTY: "The file is empty. Open it on your device to check what is in it, then choose it again",
    FileProblem.TOO_LARGE: (
        f"The file must be smaller than {LARGEST_BYTES // MEGABYTE} MB. Photos of pages are often smaller than scans"
    ),
    FileProblem.TOO_MANY: (
        f"There are {MOST_PER_CASE} documents already, which is the most there can be. Remove one that is not needed"
    ),
    FileProblem.PROGRAM: "The file is a program, not a document, whatever its name says. It was not kept",
    FileProblem.KIND_NOT_TAKEN: f"The file must be one of these: {HINT[0].lower()}{HINT[1:]}",
    FileProblem.NOT_WHAT_IT_SAYS: (
        "The name says that the file is a {named}, but what is in it is something else. "
        "Open it, save it again as a PDF, and choose that"
    ),
    FileProblem.PROTECTED: (
        "The file is protected with a password or with restrictions, so the people who help you could not open it. "
        "Save or print it as a PDF without protection, or take a photo of it, and choose that"
    ),
    FileProblem.MACROS: (
        "The document holds macros, which are small programs. Save it as a PDF or as a .docx without macros"
    ),
    FileProblem.UNPACKS_TOO_LARGE: (
        "The document would unpack to far more than a document holds, so it was not opened. Save it as a PDF"
    ),
    FileProblem.DAMAGED: "The file is damaged and cannot be read. Open it on your device and save it again",
}


def problem(kind: FileProblem, *, field: str = "file", **words: str) -> Invalid:
    """Return the error for ``kind``, to be shown at the form's ``field``."""
    return Invalid({field: [MESSAGES[kind].format(**words)]}, code=kind.value)


class ScanState(enum.StrEnum):
    """What is known of viruses in a document. Nothing scans yet, and pages say so rather than let people assume it."""

    NOT_SCANNED = "not_scanned"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Belonging:
    """Whose a document is: the party, and in the family the person; the provider's own have neither."""

    party_id: uuid.UUID | None
    member_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reader:
    """Who looks: their side, and (but for the provider) their party and, for a person in one, their place in it."""

    viewer: Viewer
    party_ids: frozenset[uuid.UUID] = frozenset()
    member_id: uuid.UUID | None = None

    @property
    def belonging(self) -> Belonging:
        """Whose a document is that this reader adds."""
        return Belonging(party_id=min(self.party_ids, default=None), member_id=self.member_id)

    def owns(self, document: Belonging) -> bool:
        """Tell whether the document is the reader's own.

        In a family it is each person's own (another parent of the same child is somebody else); what an organisation
        added is the organisation's, whoever of its people did it.
        """
        if self.viewer is Viewer.FAMILY:
            return self.member_id is not None and document.member_id == self.member_id
        if self.viewer is Viewer.PROVIDER:
            return document.party_id is None
        return document.party_id in self.party_ids

    def may_read(self, document: Belonging, shared_with: frozenset[uuid.UUID]) -> bool:
        """Tell whether the reader sees the document (send-law.md section 7: deny by default).

        The provider sees all of a case; everybody else their own, and what is shared with their party now.
        """
        return self.viewer is Viewer.PROVIDER or self.owns(document) or bool(self.party_ids & shared_with)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A document as one reader sees it. ``shared_with`` (parties) is known to its owner and the provider only."""

    id: uuid.UUID
    title: str
    file_name: str
    kind: DocumentKind
    size: int
    pieces: int
    added_at: dt.datetime
    party_id: uuid.UUID | None
    is_mine: bool
    scan: ScanState
    shared_with: frozenset[uuid.UUID] = frozenset()

    @property
    def label(self) -> str:
        """What kind of file it is, in words."""
        return KINDS[self.kind].label

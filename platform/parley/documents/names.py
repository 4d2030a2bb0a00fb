"""File names: made safe to show, to store and to save under, and still the person's own. Pure."""

import unicodedata
from urllib.parse import quote

from parley.documents.domain import KINDS, DocumentKind

#: Of the name without its extension. With the longest characters it stays below what file systems take (255 bytes).
LONGEST_STEM = 60
LONGEST_EXTENSION = 4

FALLBACK = "document"

#: Characters that file systems or shells take for something else.
_RESERVED = frozenset('<>:"|?*')

#: Control characters, invisible format characters, halves of characters, private ones.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})

#: Joiners that are part of words (Persian, Indic scripts) and of emoji; every other invisible character goes, because
#: it can make a name read backwards ("...exe.pdf") or look like another.
_JOINERS = frozenset("\u200c\u200d")

#: Names that Windows takes for devices, with whatever extension.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)


def clean_name(raw: str, kind: DocumentKind) -> str:
    """Return ``raw`` as a plain file name that ends as a file of ``kind`` does.

    Folders, control and direction characters and reserved signs are gone; letters of every script and emoji stay. The
    result is never empty, and cleaning it again changes nothing.
    """
    stem, extension = split_name(raw)
    extensions = KINDS[kind].extensions
    if extension not in extensions:
        extension = extensions[0]
    return f"{_clean_stem(stem)}.{extension}"


def split_name(raw: str) -> tuple[str, str]:
    """Return the last part of a path without its extension, and the extension in lower case ("" when there is none).

    What follows a full stop and is longer than extensions are belongs to the name ("Letter to Mr.Smith").
    """
    visible = "".join(character for character in raw if _is_visible(character))
    name = visible.replace("\\", "/").rpartition("/")[2].strip(" .")
    stem, dot, extension = name.rpartition(".")
    is_extension = extension.isascii() and extension.isalnum() and len(extension) <= LONGEST_EXTENSION
    if not dot or not stem.strip(" .") or not is_extension:
        return name, ""
    return stem, extension.lower()


def _clean_stem(stem: str) -> str:
    composed = unicodedata.normalize("NFC", stem)
    replaced = "".join("_" if character in _RESERVED else character for character in composed)
    cleaned = " ".join(replaced.split())[:LONGEST_STEM].strip(" ._-") or FALLBACK
    return f"file {cleaned}" if cleaned.partition(".")[0].strip().lower() in _DEVICES else cleaned


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE or character in _JOINERS


def download_headers(file_name: str, kind: DocumentKind, size: int) -> dict[str, str]:
    """Return the headers of an answer that carries the content of a document whose name was cleaned.

    Always saved, never shown by the browser: what people add is not ours, and a document opened within a council's
    site would run with that site's rights (ASVS 5.4). Names in other scripts go by RFC 6266 and 8187.
    """
    stem, _, extension = file_name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().strip() or FALLBACK
    encoded = quote(file_name, safe="")
    return {
        "Content-Type": KINDS[kind].media_type,
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{encoded}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }

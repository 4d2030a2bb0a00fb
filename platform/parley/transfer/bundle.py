"""The file of an export: a ZIP with JSON Lines, documents, a README, and a manifest with counts and hashes."""

import dataclasses
import hashlib
import itertools
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

MANIFEST = "manifest.json"
README = "README.txt"

#: Lines that are compressed at once.
_LINES = 500

_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Written:
    """What became of one member of the file. ``lines`` is 0 for what is not made of lines."""

    lines: int
    bytes: int
    sha256: str


class Bundle:
    """Writes members one after the other; nothing of them stays in memory."""

    def __init__(self, file: BinaryIO) -> None:
        """Write to ``file``, in which it must be possible to go back."""
        # The quickest: most of an export is documents, which are compressed already.
        self._zip = zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> "Bundle":
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Write the directory of the file."""
        self._zip.close()

    def lines(self, name: str, records: Iterable[Mapping[str, Any]]) -> Written:
        """Write each record as one line of JSON."""
        lines = _Lines(records)
        return dataclasses.replace(self.content(name, lines), lines=lines.count)

    def content(self, name: str, pieces: Iterable[bytes]) -> Written:
        """Write ``pieces`` one after the other."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        return Written(lines=0, bytes=size, sha256=digest.hexdigest())

    def text(self, name: str, text: str) -> None:
        """Write a text."""
        self.content(name, [text.encode()])


class _Lines:
    """Records as pieces of JSON Lines, counted as they go by."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        self._records = iter(records)
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        while lines := [_LINE.encode(record) for record in itertools.islice(self._records, _LINES)]:
            self.count += len(lines)
            yield ("\n".join(lines) + "\n").encode()

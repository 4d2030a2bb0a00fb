"""What all sealed files of councils share: a header, tables one after the other, what each comes to, and an end."""

import dataclasses
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Table, text

from parley.transfer.queries.carried_rows import NAMED, Tally, Tallying, carried_columns, named_in_sql, renamed_codes
from parley.transfer.sealed_stream import SealedFileError, Sealer

#: Rows written at once, and how many bytes of them at most.
ROWS, BYTES = 500, 4 * 1024 * 1024

UNKNOWN = "The file is of a newer Parley, or not whole. Upgrade this deployment to what made it and try again."


def say(sealer: Sealer, said: Mapping[str, Any]) -> None:
    """Write a line of the file's own between rows; rows begin with a brace, these with a hash."""
    sealer.write(b"#" + json.dumps(said).encode() + b"\n")


def seal_table(sealer: Sealer, name: str, lines: Iterator[str]) -> Tally:
    """Write the rows of a table, and what they come to, which is returned."""
    tally = Tallying()
    say(sealer, {"table": name})
    for line in lines:
        tally.add(line)
        sealer.write(line.encode() + b"\n")
    result = tally.result()
    say(sealer, {"end": name, **dataclasses.asdict(result)})
    return result


def seal_end(sealer: Sealer, tables: int) -> None:
    """Write how many tables there were, and the last piece."""
    say(sealer, {"tables": tables})
    sealer.finish()


class Rows:
    """The rows of one table as they come; ``told`` is what the file says they come to, once all were read."""

    def __init__(self, lines: Iterator[str]) -> None:
        """Take the lines that follow the table's name."""
        self._lines = lines
        self.told: Tally | None = None

    def each(self) -> Iterator[str]:
        """Yield them."""
        for line in self._lines:
            if line.startswith("#"):
                said = json.loads(line[1:])
                self.told = Tally(rows=said["rows"], sha256=said["sha256"])
                return
            yield line

    def batches(self) -> Iterator[list[str]]:
        """Yield them in batches that are neither many rows nor many bytes."""
        batch: list[str] = []
        size = 0
        for line in self.each():
            batch.append(line)
            size += len(line)
            if len(batch) >= ROWS or size >= BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def lines_of(pieces: Iterator[bytes]) -> Iterator[str]:
    """Yield what was sealed line by line."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole)


def header_of(lines: Iterator[str], format_name: str) -> Mapping[str, Any]:
    """Return what the first line says. Raises SealedFileError for a file of another format."""
    said: Mapping[str, Any] = json.loads(next(lines, "").removeprefix("#") or "{}")
    if said.get("format") != format_name:
        raise SealedFileError(UNKNOWN)
    return said


def tables_of(lines: Iterator[str], names: Collection[str]) -> Iterator[tuple[str, Rows]]:
    """Yield each of ``names`` with its rows, which are to be read before the next one. Raises SealedFileError."""
    missing = set(names)
    while missing:
        name = json.loads(next(lines, "#{}")[1:]).get("table")
        if name not in missing:
            raise SealedFileError(UNKNOWN)
        missing.remove(name)
        yield name, Rows(lines)
    if "tables" not in json.loads(next(lines, "#{}")[1:]) or next(lines, None) is not None:
        raise SealedFileError(UNKNOWN)


def require_equal(name: str, told: Tally | None, found: Tally) -> None:
    """Raise SealedFileError unless the rows of a table are those that the file tells of."""
    if told != found:
        raise SealedFileError(f"The rows of {name} do not come to the count and hash that the file gives for them.")


def insert_lines(table: Table, made_anew: Collection[str] = ()) -> Any:
    """Return the statement that writes lines of ``table``; what is named there is found here by its name.

    ``made_anew`` are columns that are no part of a carried line and were added to it here.
    """
    columns = [column.name for column in carried_columns(table)]
    named = [
        f"'{column}', (SELECT n.id FROM {NAMED[column]} n WHERE n.slug = e.value->>'{column}')"
        for column in columns
        if column in NAMED
    ]
    for column in columns:
        if (codes := renamed_codes(table.name, column, f"(e.value->'{column}')", to_names=False)) is not None:
            named.append(f"'{column}', {codes}")
    listed = ", ".join(f'"{name}"' for name in (*columns, *made_anew))
    shown = ", ".join(f'r."{name}"' for name in (*columns, *made_anew))
    name = named_in_sql(table)
    return text(
        f"INSERT INTO {name} ({listed}) SELECT {shown} FROM jsonb_array_elements(CAST(:rows AS jsonb)) e,"
        f" LATERAL jsonb_populate_record(NULL::{name}, e.value || jsonb_build_object({', '.join(named)})) r"
    )

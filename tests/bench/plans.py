"""Whether PostgreSQL goes by the column on which a table's wall hangs, and by the same indexes as without the walls."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg

from parley.db.base import Base, Wall
from parley.db.scope import Login
from support.statements import Sent

Connections = Mapping[Login, psycopg.Connection[Any]]

#: By which columns rows are found behind each wall: one of them is in the index condition.
_COLUMNS = {
    Wall.AUTHORITY: ("authority_id",),
    Wall.CASE: ("authority_id",),
    Wall.PROVIDER: ("authority_id", "provider_id"),
    Wall.REALM: ("realm_id",),
    Wall.COMPARTMENT: ("authority_id",),
    Wall.SAFEGUARDING: ("provider_id", "authority_id"),
    Wall.PLATFORM: (),
}


class Access(NamedTuple):
    """How a plan comes to rows of a table: by which index, and on which condition ("" for reading all of it)."""

    table: str
    index: str
    condition: str


class Asking(NamedTuple):
    """A statement, and the one before it that set its scope."""

    scope: Sent
    sent: Sent


def asking(statements: Sequence[Sent]) -> Iterator[Asking]:
    """Yield the statements of a page that ask for something, each with its scope."""
    scopes = {sent.login: sent for sent in statements if _sets_scope(sent)}
    for sent in statements:
        if not _sets_scope(sent):
            yield Asking(scopes[sent.login], sent)


def faults(connections: Connections, statements: Sequence[Sent]) -> Iterator[str]:
    """Yield, in words, each way to rows that does not go by the column on which the wall of their table hangs."""
    walls = _walls()
    for one in asking(statements):
        for way in _ways(connections, one):
            columns = _COLUMNS[walls[way.table]] if way.table in walls else ()
            if columns and not any(column in way.condition for column in columns):
                yield f"{way.table} is read by {way.index or 'all its rows'}, not by {columns[0]}: {one.sent.text}"


def same_way(here: Connections, there: Connections, one: Asking) -> bool:
    """Tell whether a statement goes by the same indexes ``here`` as ``there``, where there are no walls.

    What a wall asks on top (does the provider hold the case?) does not count.
    """
    behind, without = (Counter(way.index for way in _ways(side, one)) for side in (here, there))
    return not without - behind


def _sets_scope(sent: Sent) -> bool:
    return "set_config" in sent.text


def _walls() -> dict[str, Wall]:
    return {
        mapper.class_.__table__.name: mapper.class_.__record__.wall
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "__record__")
    }


def _ways(connections: Connections, one: Asking) -> Iterator[Access]:
    """Yield how each table of a statement is read, in its scope, where PostgreSQL prefers any index to none."""
    connection = connections[one.sent.login]
    with connection.cursor() as cursor:
        try:
            cursor.execute(one.scope.statement, one.scope.parameters)
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON, COSTS OFF) {_as_text(one.sent)}".encode(), one.sent.parameters)
            ((explained,),) = cursor.fetchall()
        finally:
            connection.rollback()
    yield from _accesses(explained[0]["Plan"])


def _as_text(sent: Sent) -> str:
    return sent.statement.decode() if isinstance(sent.statement, bytes) else str(sent.statement)


def _accesses(node: Mapping[str, Any]) -> Iterator[Access]:
    below = node.get("Plans", [])
    kind, table = node["Node Type"], node.get("Relation Name", "")
    if kind == "Seq Scan":
        yield Access(table, "", "")
    elif kind in {"Index Scan", "Index Only Scan"}:
        yield Access(table, node["Index Name"], node.get("Index Cond", ""))
    elif kind == "Bitmap Heap Scan":
        for found in _bitmaps(below):
            yield Access(table, found["Index Name"], found.get("Index Cond", ""))
        below = [one for one in below if not one["Node Type"].startswith("Bitmap")]
    for one in below:
        yield from _accesses(one)


def _bitmaps(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for node in nodes:
        if node["Node Type"] == "Bitmap Index Scan":
            yield node
        else:
            yield from _bitmaps(node.get("Plans", []))

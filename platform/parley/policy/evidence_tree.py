"""Turns the compact evidence of a policy document into evidence on every value. Pure.

In the file a table says `evidence = "page"` (or a table of source, status and note) for everything in it and
below, and a single value may say otherwise: `{ value = ..., source = ..., status = ..., note = ... }`, or
just `"not_stated"` or `"not_seen"`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parley.kernel.toml_lines import KeyPath
from parley.policy.evidence import NEVER_LOOKED, WITHOUT_VALUE, Evidence, Source, Status

_INLINE_KEYS = frozenset({"value", "source", "status", "note"})
_EVIDENCE_KEYS = frozenset({"source", "status", "note"})
_SHORTHAND = {status.value: status for status in WITHOUT_VALUE}
_STATUSES = {status.value: status for status in Status}


@dataclass(frozen=True, slots=True)
class Marked:
    """A raw value that says for itself how it is known."""

    value: Any
    evidence: Evidence


@dataclass(slots=True)
class EvidenceTree:
    """Walks a document once; `faults` holds what is wrong with its evidence: path, found, allowed."""

    sources: Mapping[str, Source]
    faults: list[tuple[KeyPath, str, str]] = field(default_factory=list)

    def spread(self, node: Any, path: KeyPath = (), above: Evidence | None = None) -> Any:
        """`node` with an `Evidence` in every table and a `Marked` for every value that has its own."""
        if isinstance(node, list):
            return [self.spread(item, (*path, index), above) for index, item in enumerate(node)]
        if isinstance(node, str) and node in _SHORTHAND:
            return Marked(None, Evidence(_SHORTHAND[node], above.source if above else None))
        if not isinstance(node, dict):
            return node
        if "status" in node or "value" in node:
            return self._marked(node, path, above)
        return dict(self._table(node, path, above))

    def _table(self, node: dict[str, Any], path: KeyPath, above: Evidence | None) -> Iterator[tuple[str, Any]]:
        own = self._evidence(node["evidence"], (*path, "evidence"), above) if "evidence" in node else above
        if own is None and any(not isinstance(value, dict | list) for value in node.values()):
            self.faults.append((path, "no evidence", 'evidence = "<key of [sources]>" here or further up'))
        yield "evidence", own or NEVER_LOOKED
        for key, value in node.items():
            if key != "evidence":
                yield key, self.spread(value, (*path, key), own)

    def _marked(self, node: dict[str, Any], path: KeyPath, above: Evidence | None) -> Marked:
        for key in sorted(node.keys() - _INLINE_KEYS):
            self.faults.append(((*path, key), "an unknown key", "value, source, status, note"))
        evidence = self._evidence({key: node[key] for key in _EVIDENCE_KEYS & node.keys()}, path, above)
        missing = evidence is not None and evidence.status in WITHOUT_VALUE
        if missing == ("value" in node):
            found = "a value that is said to be missing" if missing else "no value"
            self.faults.append((path, found, "a value, or the status not_stated or not_seen; never both"))
        return Marked(node.get("value"), evidence or Evidence(Status.NOT_SEEN))

    def _evidence(self, node: Any, path: KeyPath, above: Evidence | None) -> Evidence | None:
        if isinstance(node, str):
            node = {"source": node}
        if not isinstance(node, dict):
            self.faults.append((path, repr(node), "the key of a source, or a table of source, status and note"))
            return above
        for key in sorted(node.keys() - _EVIDENCE_KEYS):
            self.faults.append(((*path, key), "an unknown key", "source, status, note"))
        source = self._source(node.get("source"), path, above)
        status = self._status(node.get("status"), path, above, "source" in node)
        return Evidence(status, source, str(node.get("note", "")))

    def _source(self, key: Any, path: KeyPath, above: Evidence | None) -> Source | None:
        if key is None:
            if above is None:
                self.faults.append((path, "no source", "source = the key of a source"))
            return above.source if above else None
        if key not in self.sources:
            self.faults.append((path, repr(key), f"a key of [sources]: {', '.join(self.sources) or 'there are none'}"))
            return None
        return self.sources[key]

    def _status(self, value: Any, path: KeyPath, above: Evidence | None, names_source: bool) -> Status:
        if value is None:
            return above.status if above and not names_source else Status.PUBLISHED
        if value not in _STATUSES:
            self.faults.append((path, repr(value), f"one of: {', '.join(_STATUSES)}"))
            return Status.PUBLISHED
        return _STATUSES[value]

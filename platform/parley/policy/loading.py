"""Reads a policy from its file or its stored document, or says everything that is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from json import dumps, loads
from pathlib import Path
from tomllib import TOMLDecodeError
from tomllib import loads as toml_loads
from typing import Any

from marshmallow import Schema, ValidationError, fields

from parley.kernel.toml_lines import KeyPath, key_lines, line_of
from parley.policy.consistency import faults as consistency_faults
from parley.policy.domain import Policy
from parley.policy.evidence import Source
from parley.policy.evidence_tree import EvidenceTree, Marked
from parley.policy.fields import EvidencedField, allowed_by
from parley.policy.problems import PolicyProblem, PolicyProblems, dotted, found_at
from parley.policy.schemas import PolicySchema, SourceSchema, keyed

Document = dict[str, Any]
Fault = tuple[KeyPath, str, str]


def load_policy_file(path: Path) -> Policy:
    """The policy in `tenants/<slug>/policy.toml`; the folder's name is the authority. Raises PolicyProblems."""
    return load_policy(text_of(path), authority=path.parent.name, file=str(path))


def checked_document(path: Path) -> Document:
    """The document of a policy file that can be used, ready for `apply_policy`. Raises PolicyProblems."""
    text = text_of(path)
    load_policy(text, authority=path.parent.name, file=str(path))
    return document_of(text, file=str(path))


def text_of(path: Path) -> str:
    """What a file holds. Raises PolicyProblems if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        found = "nothing that can be read" if isinstance(error, OSError) else "text that is not UTF-8"
        raise PolicyProblems(
            [PolicyProblem(file=str(path), key="the file", found=found, allowed="TOML, in UTF-8")]
        ) from error


def load_policy(text: str, *, authority: str, file: str) -> Policy:
    """The policy that a TOML text describes. Raises PolicyProblems with every problem, each with its line."""
    return policy_from_document(document_of(text, file=file), authority=authority, file=file, lines=key_lines(text))


def document_of(text: str, *, file: str) -> Document:
    """A TOML text as a JSON-ready document, dates as ISO text. Raises PolicyProblems if it is not TOML."""
    try:
        document: Document = loads(dumps(toml_loads(text), default=str))
    except TOMLDecodeError as error:
        raise PolicyProblems([PolicyProblem(file=file, key="the file", found=str(error), allowed="TOML")]) from error
    return document


def document_version(document: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that name a document by its content, whatever the order of its keys."""
    canonical = dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()[:12]


def policy_from_document(
    document: Document, *, authority: str, file: str, lines: Mapping[KeyPath, int] | None = None
) -> Policy:
    """The policy a document describes, as `document_of` makes one. Raises PolicyProblems."""
    faults: list[Fault] = []
    sources, parts = read_evidenced(document, PolicySchema(), faults)
    policy = None
    if parts is not None:
        policy = Policy(authority=authority, version=document_version(document), sources=sources, **parts)
        faults += consistency_faults(policy)
    if faults or policy is None:
        raise problems_of(faults, file=file, lines=lines or {})
    return policy


def read_evidenced(document: Document, schema: Schema, faults: list[Fault]) -> tuple[dict[str, Source], Any]:
    """The sources of a document and what `schema` loads of the rest; None, with its complaints in `faults`, if it
    cannot be used."""
    body = {key: value for key, value in document.items() if key != "sources"}
    sources = _sources(document.get("sources", {}), faults)
    tree = EvidenceTree(sources)
    spread = tree.spread(body)
    faults += tree.faults
    return sources, _loaded(schema, spread, faults)


def problems_of(faults: Iterable[Fault], *, file: str, lines: Mapping[KeyPath, int]) -> PolicyProblems:
    """What is wrong with a file, each fault with its line."""
    return PolicyProblems(
        PolicyProblem(file=file, key=dotted(path), found=found, allowed=allowed, line=line_of(path, lines))
        for path, found, allowed in faults
    )


def _sources(tables: Any, faults: list[Fault]) -> dict[str, Source]:
    if not isinstance(tables, dict):
        faults.append((("sources",), repr(tables), "a table for each source"))
        return {}
    known = {}
    for key, table in tables.items():
        source = _loaded(SourceSchema(), table, faults, ("sources", key))
        if source is not None:
            known[key] = source
    return keyed(known)


def _loaded(schema: Schema, data: Any, faults: list[Fault], under: KeyPath = ()) -> Any:
    """What `schema` loads, or None after adding its complaints to `faults`."""
    try:
        return schema.load(data)
    except ValidationError as error:
        for path, holder, name in _complaints(error.messages_dict, schema, ()):
            faults.append(((*under, *path), found_at(_bare(data), path), _allowed(holder, name)))
        return None


def _allowed(holder: object, name: str) -> str:
    """What `holder` allows; for an unknown key, the keys there are."""
    if name == "unknown" and isinstance(holder, Schema):
        return "the keys " + ", ".join(key for key in holder.fields if key != "evidence")
    return allowed_by(holder)


def _complaints(messages: Any, holder: object, path: KeyPath) -> Iterator[tuple[KeyPath, object, str]]:
    """Walks marshmallow's nested messages beside the schema: the path, what should be there, and what kind."""
    if not isinstance(messages, dict):
        yield path, holder, ""
        return
    for key, inner in messages.items():
        if key == "_schema":
            yield path, holder, ""
        elif isinstance(holder, Schema) and key not in holder.fields:
            yield (*path, key), holder, "unknown"
        else:
            yield from _step(key, inner, holder, path)


def _step(key: Any, inner: Any, holder: object, path: KeyPath) -> Iterator[tuple[KeyPath, object, str]]:
    match holder:
        case Schema():
            yield from _complaints(inner, _opened(holder.fields[key]), (*path, key))
        case fields.Dict(key_field=key_field, value_field=value_field):
            # marshmallow puts "key" or "value" between a mapping's key and its messages.
            for part, messages in inner.items():
                yield from _complaints(messages, _opened(value_field if part == "value" else key_field), (*path, key))
        case fields.List(inner=entry):
            yield from _complaints(inner, _opened(entry), (*path, key))
        case _:
            yield path, holder, ""


def _opened(field: object) -> object:
    """The schema or field that really judges the value: nested schemas and evidenced fields opened up."""
    while True:
        match field:
            case EvidencedField(inner=inner) if isinstance(inner, fields.List | fields.Nested):
                field = inner
            case fields.Nested(schema=schema):
                return schema
            case _:
                return field


def _bare(node: Any) -> Any:
    """A document as it stood in the file, for telling what was found."""
    if isinstance(node, Marked):
        return _bare(node.value) if node.value is not None else node.evidence.status.value
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key != "evidence"}
    if isinstance(node, list):
        return [_bare(item) for item in node]
    return node

"""The shape of a policy file as JSON Schema, so that an editor completes keys and marks mistakes while they are typed.

It is made from the marshmallow schemas alone. What has to fit together across tables is said by
`parley.policy.consistency`, and only when the file is loaded.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields, validate

from parley.kernel.periods import Unit
from parley.policy.evidence import WITHOUT_VALUE, Status
from parley.policy.fields import (
    FORMAT,
    EvidencedField,
    EvidenceOfTable,
    FormatNumber,
    HowMany,
    PeriodField,
    SetOf,
    SetOrAll,
    TablesBy,
    Text,
    allowed_by,
)
from parley.policy.schemas import PolicySchema, SourceSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "A council's policy.toml"

Shape = dict[str, Any]

_SOURCE: Shape = {"type": "string", "description": "a key of [sources]"}
_NOTE: Shape = {"type": "string", "description": "a note for staff"}
_UNITS = "|".join(sorted({unit.value for unit in Unit} | {unit.value[:-1] for unit in Unit}))


def policy_schema() -> Shape:
    """The JSON Schema of `policy.toml`."""
    writer = _Writer()
    shape = writer.table(PolicySchema())
    shape["properties"]["sources"] = {"type": "object", "additionalProperties": writer.table(SourceSchema())}
    return {"$schema": DIALECT, "title": TITLE, **shape, "$defs": dict(sorted(writer.definitions.items()))}


def as_text() -> str:
    """The schema as the committed file has it."""
    return json.dumps(policy_schema(), indent=1, ensure_ascii=False) + "\n"


@dataclass(slots=True)
class _Writer:
    """Writes shapes; what is used in many places is put among the definitions once, and referred to."""

    definitions: dict[str, Shape] = field(default_factory=dict)

    def table(self, schema: Schema) -> Shape:
        """A table: its keys, those it cannot be without, and no other."""
        required = sorted(name for name, field in schema.fields.items() if field.required)
        return {
            "type": "object",
            "properties": {name: self._shape(field) for name, field in schema.fields.items()},
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def _shape(self, field: object) -> Shape:
        """What one field takes. The more special kinds of field stand before those they are made from."""
        match field:
            case EvidenceOfTable():
                return self._evidence()
            case EvidencedField(inner=inner):
                return self._evidenced(self._shape(inner))
            case SetOrAll(word=word, inner=inner):
                return {"anyOf": [{"const": word}, self._list(inner, unique=True)]}
            case fields.List(inner=inner):
                return self._list(inner, unique=isinstance(field, SetOf))
            case TablesBy(key_field=key, value_field=value):
                return {
                    "type": "object",
                    "properties": {"evidence": self._evidence()},
                    "propertyNames": {"anyOf": [{"const": "evidence"}, self._shape(key)]},
                    "additionalProperties": self._shape(value),
                }
            case fields.Nested(schema=schema):
                return self.table(schema)
            case fields.Enum(enum=members):
                return self._named(members.__name__, {"enum": [member.value for member in members]})
            case _:
                return _plain(field)

    def _named(self, name: str, shape: Shape) -> Shape:
        self.definitions[name] = shape
        return {"$ref": f"#/$defs/{name}"}

    def _list(self, inner: object, *, unique: bool) -> Shape:
        items = self._shape(inner)
        return {"type": "array", "items": items, "minItems": 1, **({"uniqueItems": True} if unique else {})}

    def _status(self) -> Shape:
        return self._named("Status", {"enum": [status.value for status in Status]})

    def _evidence(self) -> Shape:
        full = {
            "type": "object",
            "properties": {"source": _SOURCE, "status": self._status(), "note": _NOTE},
            "additionalProperties": False,
        }
        words = "how everything in this table is known"
        return self._named("evidence", {"anyOf": [_SOURCE, full], "description": words})

    def _evidenced(self, inner: Shape) -> Shape:
        """A bare value; that there is none; or a value that says for itself how it is known."""
        missing = self._named("missing", {"enum": sorted(status.value for status in WITHOUT_VALUE)})
        marked = {
            "type": "object",
            "properties": {"source": _SOURCE, "status": self._status(), "note": _NOTE, "value": True},
            "anyOf": [{"required": ["value"]}, {"required": ["status"]}],
            "additionalProperties": False,
        }
        own = {"allOf": [self._named("marked", marked)], "properties": {"value": inner}}
        return {"anyOf": [inner, missing, own]}


def _plain(field: object) -> Shape:
    match field:
        case FormatNumber():
            return {"const": FORMAT}
        case HowMany():
            return {"type": "integer", "minimum": 1}
        case PeriodField():
            return {"type": "string", "pattern": f"^[1-9][0-9]{{0,3}} ({_UNITS})$", "description": allowed_by(field)}
        case fields.Boolean():
            return {"type": "boolean"}
        case fields.Date():
            return {"type": "string", "format": "date"}
        case fields.Url():
            return {"type": "string", "pattern": "^https?://"}
        case fields.Email():
            return {"type": "string", "format": "email"}
        case fields.String():
            return {"type": "string", **_limits(field)}
        case _:
            raise TypeError(f"{type(field).__name__} has no shape in JSON Schema yet")


def _limits(field: fields.String) -> Shape:
    for rule in field.validators:
        match rule:
            case validate.Regexp(regex=regex):
                return {"pattern": "^(?:{})$".format(str(regex.pattern).removesuffix(r"\Z"))}
            case validate.OneOf(choices=choices):
                return {"enum": list(choices)}
            case _:
                continue
    return {"minLength": 1} if isinstance(field, Text) else {}

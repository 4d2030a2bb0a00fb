"""A plugin's marshmallow schema as JSON Schema, which is how it crosses from the plugin's process to the host."""

from typing import Any

import marshmallow
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class UnusableSchema(Exception):
    """The class a plugin gave is not a schema that can cross to the host."""


def to_json_schema(schema_class: object) -> dict[str, Any]:
    """Return ``schema_class`` as JSON Schema; secrets are ``writeOnly``, unknown keys are not allowed.

    UnusableSchema unless it is a marshmallow Schema class with ``unknown = RAISE``.
    """
    if not isinstance(schema_class, type) or not issubclass(schema_class, marshmallow.Schema):
        raise UnusableSchema("provider_config_schema must return a marshmallow Schema class")
    schema = schema_class()
    if schema.unknown != marshmallow.RAISE:
        raise UnusableSchema(f"{schema_class.__name__} must have unknown = RAISE")
    plugin = MarshmallowPlugin(schema_name_resolver=_inline)
    APISpec(title="configuration", version="1", openapi_version="3.1.0", plugins=[plugin])
    assert plugin.converter is not None, "APISpec made it"
    converted: dict[str, Any] = dict(plugin.converter.schema2jsonschema(schema))  # type: ignore[no-untyped-call]
    for key, field in schema.fields.items():
        if field.metadata.get("secret"):
            converted["properties"][field.data_key or key]["writeOnly"] = True
    return {"$schema": DIALECT, "type": "object", **converted, "additionalProperties": False}


def _inline(_schema: object) -> str:
    """Name no schema, so that nested ones are written out in place: there is no document to refer into."""
    return ""

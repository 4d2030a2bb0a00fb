"""`tenants/README.md` documents every key that a tenant's file may have, and every word that a key allows."""

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from parley.identity.domain import SignInKind
from parley.identity.schemas import DoorSchema
from parley.plugin_host.settings import PluginTableSchema
from parley.policy.fields import EvidencedField
from parley.policy.regions import RegionSchema
from parley.policy.schemas import PolicySchema, SourceSchema
from parley.tenancy.schemas import CouncilSchema, ProviderSchema
from support.policies import TENANTS

README = (TENANTS / "README.md").read_text(encoding="utf-8")


def keys_and_words(schema: Schema) -> Iterator[str]:
    for name, field in schema.fields.items():
        yield name
        yield from _words(field)


def _words(field: Any) -> Iterator[str]:
    match field:
        case EvidencedField(inner=inner) | fields.List(inner=inner):
            yield from _words(inner)
        case fields.Nested(schema=schema):
            yield from keys_and_words(schema)
        case fields.Dict(key_field=key, value_field=value):
            yield from _words(key)
            yield from _words(value)
        case fields.Enum(enum=members, validate=validate.OneOf(choices=allowed)):
            yield from (member.value for member in members if member in allowed)
        case fields.Enum(enum=members):
            yield from (member.value for member in members)
        case _:
            pass


SCHEMAS = (
    PolicySchema(),
    SourceSchema(),
    CouncilSchema(),
    RegionSchema(),
    ProviderSchema(),
    DoorSchema(SignInKind.STAFF),
    PluginTableSchema(),
)
WORDS = sorted({word for schema in SCHEMAS for word in keys_and_words(schema)})


@pytest.mark.parametrize("word", WORDS)
def test_the_readme_names_it(word):
    named = (f"`{word}`", f'"{word}"', f"[{word}", f".{word}]", f" {word} |", f"{word} |", f"{{ {word} = ")
    assert any(form in README for form in named), f"tenants/README.md does not name {word}"

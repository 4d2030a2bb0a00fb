"""What a council calls things, its relatives, and where its sources differ, as tables."""

from typing import Any

from marshmallow import fields, validate

from parley.policy.fields import EvidencedField, OneOf, Several, Text
from parley.policy.records import naming
from parley.policy.tables.table import Table
from parley.policy.terms import Lineage


class AliasSchema(Table):
    """`[[vocabulary.aliases]]`."""

    record = naming.Alias
    said = Text(required=True)
    means = fields.String(required=True, validate=validate.OneOf(list(naming.DEFAULT_WORDS)))
    note = Text(load_default="")


class VocabularySchema(Table):
    """`[vocabulary]`."""

    record = naming.Vocabulary
    council = EvidencedField(Text())
    team = EvidencedField(Text())
    service = EvidencedField(Text())
    plan = EvidencedField(Text())
    plan_in_full = EvidencedField(Text())
    needs_assessment = EvidencedField(Text())
    needs = EvidencedField(Text())
    icb = EvidencedField(Text())
    icb_name = EvidencedField(Text())
    advice_service = EvidencedField(Text())
    aliases = Several(fields.Nested(AliasSchema), load_default=())


class RelativeSchema(Table):
    """`[[relatives]]`."""

    record = naming.Relative
    lineage = OneOf(Lineage, required=True)
    name = Text(required=True)
    gss_code = fields.String(load_default="", validate=validate.Regexp(r"E(06|07|08|09|10)[0-9]{6}\Z"))
    since = fields.Date(load_default=None)
    note = Text(load_default="")


class OtherWordsSchema(Table):
    """`[[differences.others]]`."""

    record = naming.OtherWords
    text = Text(required=True)


class DifferenceSchema(Table):
    """`[[differences]]`."""

    record = naming.Difference
    about = Text(required=True)
    text = Text(required=True)
    others: Any = Several(fields.Nested(OtherWordsSchema), required=True)

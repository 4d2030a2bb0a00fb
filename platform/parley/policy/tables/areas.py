"""Which disagreements a council's service is for, as tables."""

from marshmallow import fields

from parley.law.domain import Area, Body, Decision, Stage, Subject
from parley.policy.fields import EvidencedField, OneOf, SetOf, SetOrAll, Several, Text
from parley.policy.records import areas
from parley.policy.tables.table import Table
from parley.policy.terms import Actor, AreaKind


class OpeningSchema(Table):
    """`[[areas.listed.also_open]]`."""

    record = areas.Opening
    stages = EvidencedField(SetOrAll(Stage, "any_stage"))
    while_appeal_pending = EvidencedField(fields.Boolean())
    about = SetOf(OneOf(Subject), load_default=frozenset())
    against = SetOf(OneOf(Body), load_default=frozenset())
    decisions = SetOf(OneOf(Decision), load_default=frozenset())
    in_plan = fields.Boolean(load_default=None)


class AreaSchema(Table):
    """`[[areas.listed]]`."""

    record = areas.AreaEntry
    code = OneOf(Area, required=True)
    number = Text(required=True)
    label = Text(required=True)
    about = SetOf(OneOf(Subject), load_default=frozenset())
    against = EvidencedField(SetOf(OneOf(Body)))
    not_against = EvidencedField(SetOf(OneOf(Body)))
    stages = EvidencedField(SetOrAll(Stage, "any_stage"))
    while_appeal_pending = EvidencedField(fields.Boolean())
    also_open = Several(fields.Nested(OpeningSchema), load_default=())
    paid_by = EvidencedField(Several(OneOf(Actor)))


class BetweenConflictSchema(Table):
    """`[[areas.conflicts]]`."""

    record = areas.BetweenConflict
    against = SetOf(OneOf(Body), required=True)
    text = Text(required=True)


class AreasSchema(Table):
    """`[areas]`."""

    record = areas.Areas
    kind = EvidencedField(OneOf(AreaKind))
    label = EvidencedField(Text())
    between = EvidencedField(SetOf(OneOf(Body)))
    not_against = EvidencedField(SetOf(OneOf(Body)))
    listed = Several(fields.Nested(AreaSchema), load_default=())
    conflicts = Several(fields.Nested(BetweenConflictSchema), load_default=())

"""What the API answers, for its description and its tests: the shapes of design section 7, member by member."""

from typing import Any

from marshmallow import RAISE, Schema, fields

from parley.eligibility.result import Answer, Code
from parley.law.deadlines import DeadlineName, DeadlineState
from parley.law.domain import Area


class _Exact(Schema):
    """Every member is always there, and there are no others."""

    class Meta:
        """So that a program may rely on it."""

        unknown = RAISE


def _text(about: str = "", **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": about} if about else {}, **options)


def _texts(about: str = "") -> fields.List[str]:
    return fields.List(fields.String(), required=True, metadata={"description": about} if about else {})


def _maybe(about: str = "") -> fields.String:
    return _text(about, allow_none=True)


def _part(schema: type[Schema], **options: Any) -> fields.Nested:
    return fields.Nested(schema, required=True, **options)


def _parts(schema: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


class ProviderSchema(_Exact):
    """Who provides disagreement resolution."""

    slug = _text("The provider's short name")
    name = _text()


class ContactSchema(_Exact):
    """How to reach the service; what nobody published is null."""

    body = _text("Whom this reaches: the provider, or the council where no provider is published")
    phone = _maybe()
    hours = _maybe("When the phone is answered")
    email = _maybe()
    url = _maybe()


class CouncilSchema(_Exact):
    """What a council publishes about its service."""

    slug = _text("The council's short name")
    name = _text()
    gss_code = _text("The council's code in the register of the Office for National Statistics")
    policy_version = _text("Which version of the council's published rules this is")
    provider = _part(ProviderSchema, allow_none=True)
    providers = _parts(ProviderSchema)
    contact = _part(ContactSchema)
    online_requests = fields.Boolean(
        required=True, metadata={"description": "Whether a request can be sent from this council's site"}
    )


class ReasonSchema(_Exact):
    """Why, with the rule and where it comes from."""

    rule = _text()
    text = _text("For people")
    source = _text()
    citation = _text()


class GateSchema(_Exact):
    """Something about the person or the council that decides before any disagreement is looked at."""

    code = fields.Enum(Code, by_value=True, required=True)
    because = _parts(ReasonSchema)
    would_change = _texts("What would change it")


class MatterResultSchema(_Exact):
    """The answer about one disagreement."""

    answer = fields.Enum(Answer, by_value=True, required=True)
    area = fields.Enum(Area, by_value=True, required=True, allow_none=True)
    also_areas = fields.List(fields.Enum(Area, by_value=True), required=True)
    area_label = _maybe("The area in the council's own words")
    codes = fields.List(fields.Enum(Code, by_value=True), required=True)
    because = _parts(ReasonSchema)
    would_change = _texts("What would change it")


class RouteStepSchema(_Exact):
    """One step from asking to meeting."""

    step = _text()
    actor = _text()
    action = _text()
    channel = _texts()
    target = _maybe()
    by = _maybe("By when, in words")


class DeadlineSchema(_Exact):
    """A date that runs regardless."""

    name = fields.Enum(DeadlineName, by_value=True, required=True)
    matter = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The place of the disagreement; null for all of them"}
    )
    due = fields.Date(required=True, allow_none=True)
    state = fields.Enum(DeadlineState, by_value=True, required=True)
    basis = _text()
    source = _text()
    if_missed = _text()
    label = fields.String(metadata={"description": "What a date of the council's own is called; only those have it"})


class SignpostSchema(_Exact):
    """Somewhere else to go. Of the ways to reach it, those that are published are there."""

    body = _text()
    label = _text()
    url = fields.String()
    phone = fields.String()
    email = fields.String()
    why = _text()


class ContactAnywaySchema(ContactSchema):
    """Whom a family can always reach, whatever the result."""

    text = _text("For people")
    online = fields.Boolean(required=True, metadata={"description": "Whether a question can be sent from this site"})


class EmergencyNumberSchema(_Exact):
    """A number to ring."""

    label = _text()
    phone = _text()
    when = _text()


class EmergencySchema(_Exact):
    """What to do if somebody is at risk now."""

    text = _text("For people")
    numbers = _parts(EmergencyNumberSchema)


class AlwaysSchema(_Exact):
    """What every result has."""

    contact_anyway = _part(ContactAnywaySchema)
    emergency = _part(EmergencySchema)


class LawInForceSchema(_Exact):
    """The version of the law that a result was made under."""

    version = _text()
    title = _text()
    effective_from = fields.Date(required=True)


class TriedSchema(_Exact):
    """A rule that was tried."""

    rule = _text()
    title = _text("In words")
    applied = fields.Boolean(required=True)
    source = _text()
    citation = _text()


class MatterTraceSchema(_Exact):
    """How one disagreement was decided."""

    rows = _parts(TriedSchema)
    council = _parts(TriedSchema)
    decided_by = _part(TriedSchema)


class TraceSchema(_Exact):
    """Every rule that was tried, in order, and the one that decided."""

    law = _part(LawInForceSchema)
    policy_version = _text()
    gates = _parts(TriedSchema)
    matters = _parts(MatterTraceSchema)


class AssessmentSchema(_Exact):
    """What a check comes to."""

    authority = _text("The council's short name")
    policy_version = _text()
    law_version = _text()
    on = fields.Date(required=True, metadata={"description": "The day the answer holds for"})
    gates = _parts(GateSchema)
    matters = fields.List(
        fields.Nested(MatterResultSchema), required=True, metadata={"description": "In the order they were sent"}
    )
    route = _parts(RouteStepSchema)
    deadlines = _parts(DeadlineSchema)
    signposts = _parts(SignpostSchema)
    always = _part(AlwaysSchema)
    trace = fields.Nested(TraceSchema, metadata={"description": "There when it was asked for"})

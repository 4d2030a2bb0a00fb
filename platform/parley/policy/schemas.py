"""The shape of `tenants/<slug>/policy.toml`, as marshmallow. What each key means: `tenants/README.md`."""

from collections.abc import Mapping
from dataclasses import fields as record_fields
from dataclasses import replace
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields, post_load, validate

from parley.law.domain import Area, Body, Service, Stage, Subject
from parley.policy import domain
from parley.policy.evidence import Extent, Source
from parley.policy.fields import (
    EvidencedField,
    EvidenceOfTable,
    FormatNumber,
    Key,
    OneOf,
    PeriodField,
    SetOf,
    SetOrAll,
    Several,
    TablesBy,
    Text,
)
from parley.policy.terms import (
    Action,
    Actor,
    AreaKind,
    Asker,
    Channel,
    ContactKind,
    Covers,
    Relation,
    TriedFirstKind,
)


def _web(**kwargs: Any) -> fields.Url:
    return fields.Url(schemes={"http", "https"}, **kwargs)


class Table(Schema):
    """A table of the file that loads as `record`; its evidence is kept if the record has a place for it."""

    record: ClassVar[type[Any]]

    class Meta:
        """A key nobody knows is a mistake, not a comment."""

        unknown = RAISE

    evidence = EvidenceOfTable()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """The frozen record."""
        if "evidence" not in {field.name for field in record_fields(self.record)}:
            data.pop("evidence", None)
        return self.record(**data)


class SourceSchema(Schema):
    """`[sources.<key>]`: a page, who answers for it, when and how far it was read."""

    class Meta:
        """A key nobody knows is a mistake."""

        unknown = RAISE

    title = Text(required=True)
    owner = Text(required=True)
    url = _web(required=True)
    read = fields.Date(required=True)
    extent = OneOf(Extent, required=True)
    note = Text(load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Source:
        """The source, still without its key."""
        return Source(key="", **data)


class VocabularySchema(Table):
    """`[vocabulary]`."""

    record = domain.Vocabulary
    council = EvidencedField(Text())
    service = EvidencedField(Text())
    plan = EvidencedField(Text())
    plan_in_full = EvidencedField(Text())
    needs_assessment = EvidencedField(Text())
    needs = EvidencedField(Text())
    icb = EvidencedField(Text())
    icb_name = EvidencedField(Text())
    advice_service = EvidencedField(Text())


class ContactWaySchema(Table):
    """`[[contacts.<key>.ways]]`."""

    record = domain.ContactWay
    phone = Text(load_default="")
    email = fields.Email(load_default="")
    url = _web(load_default="")
    label = Text(load_default="")
    use = Text(load_default="")
    hours = EvidencedField(Text())


class ContactSchema(Table):
    """`[contacts.<key>]`."""

    record = domain.Contact
    name = Text(required=True)
    kind = OneOf(ContactKind, required=True)
    ways = Several(fields.Nested(ContactWaySchema), load_default=())

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """The contact, still without its key."""
        return domain.Contact(key="", **data)


class ServiceSchema(Table):
    """`[services.<service>]`."""

    record = domain.ServiceEntry
    providers = EvidencedField(Several(Key()))
    commissioned = EvidencedField(fields.String(validate=validate.OneOf(["local", "regional", "joint"])))
    page = EvidencedField(_web())


class WhoSchema(Table):
    """`[who]`."""

    record = domain.Who
    may_ask = EvidencedField(SetOf(OneOf(Asker)))
    in_words = EvidencedField(Text())
    covers = EvidencedField(OneOf(Covers))
    plan_needed = EvidencedField(fields.Boolean())
    ages = EvidencedField(Text())
    takes_part = EvidencedField(Several(OneOf(Actor)))


class TriedStepSchema(Table):
    """`[[tried_first.steps]]`."""

    record = domain.TriedStep
    id = Key(required=True)
    label = Text(required=True)
    advice = Text(load_default="")


class TriedFirstSchema(Table):
    """`[tried_first]`."""

    record = domain.TriedFirst
    kind = EvidencedField(OneOf(TriedFirstKind))
    in_words = EvidencedField(Text())
    met_by = EvidencedField(SetOf(Key()))
    steps = Several(fields.Nested(TriedStepSchema), load_default=())


class AreaSchema(Table):
    """`[[areas.listed]]`."""

    record = domain.AreaEntry
    code = OneOf(Area, required=True)
    number = Text(required=True)
    label = Text(required=True)
    against = SetOf(OneOf(Body), required=True)
    stages = EvidencedField(SetOrAll(Stage, "any_stage"))
    while_appeal_pending = EvidencedField(fields.Boolean())


class BetweenConflictSchema(Table):
    """`[[areas.conflicts]]`."""

    record = domain.BetweenConflict
    against = SetOf(OneOf(Body), required=True)
    text = Text(required=True)


class AreasSchema(Table):
    """`[areas]`."""

    record = domain.Areas
    kind = EvidencedField(OneOf(AreaKind))
    label = EvidencedField(Text())
    between = EvidencedField(SetOf(OneOf(Body)))
    listed = Several(fields.Nested(AreaSchema), load_default=())
    conflicts = Several(fields.Nested(BetweenConflictSchema), load_default=())


class RouteStepSchema(Table):
    """`[[route.steps]]`."""

    record = domain.RouteStep
    id = Key(required=True)
    actor = OneOf(Actor, required=True)
    action = OneOf(Action, required=True)
    target = OneOf(Actor, load_default=None)
    text = Text(required=True)
    channels = EvidencedField(Several(OneOf(Channel)))
    by = EvidencedField(PeriodField())
    if_refused = EvidencedField(Text())


class RouteSchema(Table):
    """`[route]`."""

    record = domain.Route
    steps = EvidencedField(Several(fields.Nested(RouteStepSchema)))


class ConsentSchema(Table):
    """`[consent]`."""

    record = domain.Consent
    voluntary_for = EvidencedField(SetOf(OneOf(Actor)))
    asked_by = EvidencedField(OneOf(Actor))
    decided_by = EvidencedField(OneOf(Actor))
    setting_only = EvidencedField(Text())


class TimesSchema(Table):
    """`[times]`."""

    record = domain.Times
    acknowledge = EvidencedField(PeriodField())
    tell_council = EvidencedField(PeriodField())
    council_answers = EvidencedField(PeriodField())
    party_answers = EvidencedField(PeriodField())
    meeting = EvidencedField(PeriodField())
    outcome = EvidencedField(PeriodField())


class ComplaintsSchema(Table):
    """`[complaints]`."""

    record = domain.Complaints
    relation = EvidencedField(SetOf(OneOf(Relation)))
    in_words = EvidencedField(Text())


class MeetingSchema(Table):
    """`[meeting]`."""

    record = domain.Meeting
    confidential = EvidencedField(fields.Boolean())
    without_prejudice = EvidencedField(fields.Boolean())
    supporters = EvidencedField(Several(Text()))
    may_bring = EvidencedField(Text())
    venue = EvidencedField(Text())
    expenses = EvidencedField(Text())
    languages = EvidencedField(Text())
    adjustments = EvidencedField(Text())


class MediationSchema(Table):
    """`[mediation]`."""

    record = domain.Mediation
    advice_not_needed_for = EvidencedField(SetOf(OneOf(Subject)))
    only_this_left_after_missed_date = EvidencedField(fields.Boolean())


class RetentionSchema(Table):
    """`[retention]`."""

    record = domain.Retention
    unsent_check = EvidencedField(PeriodField())
    closed_case = EvidencedField(PeriodField())


class SignpostSchema(Table):
    """`[[signposts]]`."""

    record = domain.Signpost
    contact = Key(required=True)
    label = Text(required=True)
    why = Text(required=True)
    against = SetOf(OneOf(Body), load_default=frozenset())
    about = SetOf(OneOf(Subject), load_default=frozenset())


class PolicySchema(Table):
    """The whole file but for `[sources]`, which is read first."""

    format = FormatNumber()
    vocabulary = fields.Nested(VocabularySchema, required=True)
    services = TablesBy(keys=OneOf(Service), values=fields.Nested(ServiceSchema), required=True)
    contacts = TablesBy(keys=Key(), values=fields.Nested(ContactSchema), load_default=dict)
    who = fields.Nested(WhoSchema, load_default=domain.Who)
    tried_first = fields.Nested(TriedFirstSchema, load_default=domain.TriedFirst)
    areas = fields.Nested(AreasSchema, load_default=domain.Areas)
    route = fields.Nested(RouteSchema, load_default=domain.Route)
    consent = fields.Nested(ConsentSchema, load_default=domain.Consent)
    times = fields.Nested(TimesSchema, load_default=domain.Times)
    complaints = fields.Nested(ComplaintsSchema, load_default=domain.Complaints)
    meeting = fields.Nested(MeetingSchema, load_default=domain.Meeting)
    mediation = fields.Nested(MediationSchema, load_default=domain.Mediation)
    retention = fields.Nested(RetentionSchema, load_default=domain.Retention)
    signposts = Several(fields.Nested(SignpostSchema), load_default=())

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The parts of the policy; `parley.policy.loading` adds whose it is and which version."""
        data.pop("format")
        data.pop("evidence", None)
        data["contacts"] = keyed(data["contacts"])
        return data


def keyed(records: Mapping[str, Any]) -> dict[str, Any]:
    """Records that bear the key they stand under."""
    return {key: replace(record, key=key) for key, record in records.items()}

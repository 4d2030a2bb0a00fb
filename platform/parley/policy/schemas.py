"""The shape of `tenants/<slug>/policy.toml`, as marshmallow. What each key means: `tenants/README.md`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load

from parley.law.domain import Service
from parley.policy import domain
from parley.policy.evidence import Extent, Source
from parley.policy.fields import FormatNumber, Key, OneOf, Several, TablesBy, Text
from parley.policy.tables.areas import AreasSchema
from parley.policy.tables.asking import (
    ComplaintsSchema,
    ConsentSchema,
    MediationSchema,
    MeetingSchema,
    PublishedDeadlineSchema,
    RetentionSchema,
    RouteSchema,
    RungSchema,
    TimesSchema,
    TriedFirstSchema,
    WhoSchema,
)
from parley.policy.tables.naming import DifferenceSchema, RelativeSchema, VocabularySchema
from parley.policy.tables.services import (
    AccessOfferSchema,
    ContactSchema,
    LeafletSchema,
    ServiceSchema,
    SignpostSchema,
)
from parley.policy.tables.table import Table, web_address


class SourceSchema(Schema):
    """`[sources.<key>]`: a page, who answers for it, when and how far it was read."""

    class Meta:
        """A key nobody knows is a mistake."""

        unknown = RAISE

    title = Text(required=True)
    owner = Text(required=True)
    url = web_address(required=True)
    read = fields.Date(required=True)
    extent = OneOf(Extent, required=True)
    written_before = fields.Date(load_default=None)
    note = Text(load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Source:
        """The source, still without its key."""
        return Source(key="", **data)


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
    ladder = Several(fields.Nested(RungSchema), load_default=())
    deadlines = Several(fields.Nested(PublishedDeadlineSchema), load_default=())
    leaflets = Several(fields.Nested(LeafletSchema), load_default=())
    access = Several(fields.Nested(AccessOfferSchema), load_default=())
    relatives = Several(fields.Nested(RelativeSchema), load_default=())
    differences = Several(fields.Nested(DifferenceSchema), load_default=())

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

"""Who offers what, and how families reach them, as tables."""

from typing import Any

from marshmallow import fields, post_load

from parley.law.domain import Body, Subject
from parley.policy.fields import EvidencedField, HowMany, Key, OneOf, SetOf, Several, Text
from parley.policy.records import services
from parley.policy.tables.table import Table, web_address
from parley.policy.terms import Actor, Allocation, Commissioned, ContactKind
from parley.tenancy.domain import ContractStanding


class ContactWaySchema(Table):
    """`[[contacts.<key>.ways]]`."""

    record = services.ContactWay
    phone = Text(load_default="")
    email = fields.Email(load_default="")
    url = web_address(load_default="")
    label = Text(load_default="")
    use = Text(load_default="")
    hours = EvidencedField(Text())


class ContactSchema(Table):
    """`[contacts.<key>]`."""

    record = services.Contact
    name = Text(required=True)
    kind = OneOf(ContactKind, required=True)
    shared_with = EvidencedField(Several(Text()))
    employed_by_authority = EvidencedField(fields.Boolean())
    ways = Several(fields.Nested(ContactWaySchema), load_default=())

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """The contact, still without its key."""
        return services.Contact(key="", **data)


class ContractSchema(Table):
    """`[[services.<service>.contracts]]`."""

    record = services.Contract
    provider = Key(required=True)
    standing = OneOf(ContractStanding, required=True)
    begins = EvidencedField(fields.Date())
    ends = EvidencedField(fields.Date())
    may_be_extended_to = EvidencedField(fields.Date())
    capacity = EvidencedField(HowMany())
    languages = EvidencedField(Several(Text()))
    specialisms = EvidencedField(Several(Text()))


class ServiceSchema(Table):
    """`[services.<service>]`."""

    record = services.ServiceEntry
    providers = EvidencedField(Several(Key()))
    allocation = EvidencedField(OneOf(Allocation))
    ask_at = EvidencedField(Several(Key()))
    in_words = EvidencedField(Text())
    voluntary_for = EvidencedField(SetOf(OneOf(Actor)))
    must_attend = EvidencedField(SetOf(OneOf(Actor)))
    compulsory_before_appeal = EvidencedField(fields.Boolean())
    also_used_by = EvidencedField(Several(OneOf(Actor)))
    commissioned = EvidencedField(OneOf(Commissioned))
    commissioners = EvidencedField(Several(Text()))
    framework = EvidencedField(Key())
    free = EvidencedField(fields.Boolean())
    paid_by = EvidencedField(Several(OneOf(Actor)))
    expenses = EvidencedField(Text())
    page = EvidencedField(web_address())
    contracts = Several(fields.Nested(ContractSchema), load_default=())


class LeafletSchema(Table):
    """`[[leaflets]]`."""

    record = services.Leaflet
    title = Text(required=True)
    owner = Text(required=True)
    url = EvidencedField(web_address())


class AccessOfferSchema(Table):
    """`[[access]]`."""

    record = services.AccessOffer
    offer = Text(required=True)
    promised_by = Key(required=True)
    covers = Text(required=True)


class SignpostSchema(Table):
    """`[[signposts]]`."""

    record = services.Signpost
    contact = Key(required=True)
    label = Text(required=True)
    why = Text(required=True)
    against = SetOf(OneOf(Body), load_default=frozenset())
    about = SetOf(OneOf(Subject), load_default=frozenset())

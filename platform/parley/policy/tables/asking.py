"""Who may ask, what comes first, how asking goes on and by when, as tables."""

from marshmallow import fields

from parley.law.domain import Service, Subject
from parley.policy.fields import EvidencedField, Key, OneOf, PeriodField, SetOf, Several, Text
from parley.policy.records import asking
from parley.policy.tables.table import Table
from parley.policy.terms import (
    Action,
    Actor,
    Asker,
    Channel,
    Covers,
    Event,
    Relation,
    TriedFirstKind,
    Whichever,
)


class WhoSchema(Table):
    """`[who]`."""

    record = asking.Who
    may_ask = EvidencedField(SetOf(OneOf(Asker)))
    in_words = EvidencedField(Text())
    covers = EvidencedField(OneOf(Covers))
    plan_needed = EvidencedField(fields.Boolean())
    ages = EvidencedField(Text())
    lives = EvidencedField(Text())
    takes_part = EvidencedField(Several(OneOf(Actor)))
    takes_part_in_words = EvidencedField(Text())


class TriedStepSchema(Table):
    """`[[tried_first.steps]]`."""

    record = asking.TriedStep
    id = Key(required=True)
    label = Text(required=True)
    advice = Text(load_default="")


class TriedFirstSchema(Table):
    """`[tried_first]`."""

    record = asking.TriedFirst
    kind = EvidencedField(OneOf(TriedFirstKind))
    in_words = EvidencedField(Text())
    met_by = EvidencedField(SetOf(Key()))
    steps = Several(fields.Nested(TriedStepSchema), load_default=())


class RungSchema(Table):
    """`[[ladder]]`."""

    record = asking.Rung
    number = Text(load_default="")
    text = Text(required=True)
    actor = OneOf(Actor, required=True)
    service = OneOf(Service, load_default=None)
    contact = Key(load_default="")


class RouteStepSchema(Table):
    """`[[route.steps]]`."""

    record = asking.RouteStep
    id = Key(required=True)
    actor = OneOf(Actor, required=True)
    action = OneOf(Action, required=True)
    text = Text(required=True)
    target = EvidencedField(OneOf(Actor))
    contact = Key(load_default="")
    instead_of = Key(load_default="")
    channels = EvidencedField(Several(OneOf(Channel)))
    by = EvidencedField(PeriodField())
    if_refused = EvidencedField(Text())


class RouteSchema(Table):
    """`[route]`."""

    record = asking.Route
    steps = EvidencedField(Several(fields.Nested(RouteStepSchema)))


class ConsentSchema(Table):
    """`[consent]`."""

    record = asking.Consent
    voluntary_for = EvidencedField(SetOf(OneOf(Actor)))
    asked_by = EvidencedField(OneOf(Actor))
    decided_by = EvidencedField(OneOf(Actor))
    setting_only = EvidencedField(Text())


class TimesSchema(Table):
    """`[times]`."""

    record = asking.Times
    acknowledge = EvidencedField(PeriodField())
    tell_council = EvidencedField(PeriodField())
    invite = EvidencedField(PeriodField())
    council_answers = EvidencedField(PeriodField())
    party_answers = EvidencedField(PeriodField())
    meeting = EvidencedField(PeriodField())
    outcome = EvidencedField(PeriodField())


class CountSchema(Table):
    """An entry of `counts` in `[[deadlines]]`."""

    record = asking.Count
    period = PeriodField(required=True)
    since = OneOf(Event, required=True)


class PublishedDeadlineSchema(Table):
    """`[[deadlines]]`."""

    record = asking.PublishedDeadline
    id = Key(required=True)
    label = Text(required=True)
    service = OneOf(Service, required=True)
    counts = Several(fields.Nested(CountSchema), required=True)
    whichever = OneOf(Whichever, load_default=Whichever.LATER)


class ComplaintsSchema(Table):
    """`[complaints]`."""

    record = asking.Complaints
    relation = EvidencedField(SetOf(OneOf(Relation)))
    in_words = EvidencedField(Text())


class MeetingSchema(Table):
    """`[meeting]`."""

    record = asking.Meeting
    confidential = EvidencedField(fields.Boolean())
    without_prejudice = EvidencedField(fields.Boolean())
    supporters = EvidencedField(Several(Text()))
    may_bring = EvidencedField(Text())
    arranged_by = EvidencedField(Text())
    venue = EvidencedField(Text())
    expenses = EvidencedField(Text())
    languages = EvidencedField(Text())
    adjustments = EvidencedField(Text())


class MediationSchema(Table):
    """`[mediation]`."""

    record = asking.Mediation
    advice_not_needed_for = EvidencedField(SetOf(OneOf(Subject)))
    only_this_left_after_missed_date = EvidencedField(fields.Boolean())
    appeal_in_words = EvidencedField(Text())


class RetentionSchema(Table):
    """`[retention]`."""

    record = asking.Retention
    unsent_check = EvidencedField(PeriodField())
    closed_case = EvidencedField(PeriodField())

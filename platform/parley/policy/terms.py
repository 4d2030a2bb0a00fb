"""The words a policy is written in. Pure. `parley.policy.domain` passes them on."""

from enum import StrEnum


class Asker(StrEnum):
    """Who puts the question; the eligibility contract's `asker`."""

    PARENT_CARER = "parent_carer"
    YOUNG_PERSON = "young_person"
    ALTERNATIVE_PERSON = "alternative_person"
    CHILD = "child"
    PROFESSIONAL = "professional"


class Actor(StrEnum):
    """Who takes a step, agrees or is reached."""

    FAMILY = "family"
    PROVIDER = "provider"
    LOCAL_AUTHORITY = "local_authority"
    SETTING = "setting"
    ICB = "icb"
    ADVICE_SERVICE = "advice_service"
    TRIBUNAL = "tribunal"
    EVERYBODY = "everybody"


class Action(StrEnum):
    """What is done in a step of the route."""

    TALK = "talk"
    ASK = "ask"
    FILL_IN_FORM = "fill_in_form"
    REFER = "refer"
    TELL_COUNCIL = "tell_council"
    ANSWER = "answer"
    ARRANGE = "arrange"
    MEET = "meet"


class Channel(StrEnum):
    """How somebody is reached."""

    PHONE = "phone"
    EMAIL = "email"
    ONLINE_FORM = "online_form"
    LETTER = "letter"
    IN_PERSON = "in_person"


class ContactKind(StrEnum):
    """What sort of body a contact is."""

    PROVIDER = "provider"
    COUNCIL = "council"
    ICB = "icb"
    ADVICE_SERVICE = "advice_service"
    OMBUDSMAN = "ombudsman"
    TRIBUNAL = "tribunal"
    DOCUMENT = "document"
    OTHER = "other"


class AreaKind(StrEnum):
    """Whether a council lists areas of disagreement, says any aspect counts, or gives no list at all."""

    LISTED = "listed"
    OPEN = "open"
    NONE = "none"


class TriedFirstKind(StrEnum):
    """Whether a council asks for something to be tried first: not at all, as advice, or as a condition."""

    NONE = "none"
    ADVICE = "advice"
    CONDITION = "condition"


class Covers(StrEnum):
    """Whom the service is for, in the council's words: special educational needs, or disability as well."""

    SEN = "sen"
    SEND = "send"


class Relation(StrEnum):
    """When the service may be used, seen from a complaint."""

    BEFORE = "before"
    ALONGSIDE = "alongside"
    AFTER = "after"


class Commissioned(StrEnum):
    """How a service is bought: by the council alone, by several councils of a region, or with another body."""

    LOCAL = "local"
    REGIONAL = "regional"
    JOINT = "joint"


class Allocation(StrEnum):
    """Who, or what, says which of several providers takes a request."""

    FAMILY_CHOICE = "family_choice"
    COUNCIL_ALLOCATES = "council_allocates"
    ROTA = "rota"
    CAPACITY = "capacity"


class Lineage(StrEnum):
    """How another council is related: it came before, it came after, or it came from the same one."""

    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    SISTER = "sister"


class Event(StrEnum):
    """What a published date is counted from."""

    DECISION_LETTER = "decision_letter"
    CERTIFICATE = "certificate"
    REQUEST = "request"
    COUNCIL_TOLD = "council_told"
    MEETING = "meeting"


class Whichever(StrEnum):
    """Which of several dates counts."""

    LATER = "later"
    EARLIER = "earlier"

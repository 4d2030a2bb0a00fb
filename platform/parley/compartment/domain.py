"""What may be said in confidence, and between whom; who gets a copy of a draft. Pure."""

import dataclasses
import enum
import uuid
from collections.abc import Iterable, Sequence

from parley.casework.domain import PartyKind
from parley.db.scope import Side

#: Long enough for what people need to say, short enough to be read.
LONGEST = 5000


class MessageChannel(enum.StrEnum):
    """Between whom a private message passes. There is none between family and council: that is the open side."""

    FAMILY_PROVIDER = "family_provider"
    COUNCIL_PROVIDER = "council_provider"


class Purpose(enum.StrEnum):
    """What a private message is for: it decides which news of it leaves the compartment, and never what it says."""

    MESSAGE = "message"
    QUESTION = "question"
    """The provider asks a member of the family something, and waits for the answer."""
    ANSWER = "answer"
    """A member of the family answers what the provider asked."""


def message_problems(body: str) -> dict[str, list[str]]:
    """Return what keeps ``body`` from being sent: field to messages for people."""
    if not body.strip():
        return {"body": ["Write your message"]}
    if len(body) > LONGEST:
        return {"body": [f"Your message must be {LONGEST:,} characters or fewer"]}
    return {}


class DraftNews(enum.StrEnum):
    """What people are told of a draft; never what stands in it."""

    TO_CHECK = "to_check"
    """A side has a copy to check."""
    ANSWERED = "answered"
    """A side confirmed, took that back, or asks for a change: for the provider."""


class Rating(enum.StrEnum):
    """How a participant found the meeting."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    NEITHER = "neither"
    POOR = "poor"
    VERY_POOR = "very_poor"


class Told(enum.StrEnum):
    """Whom somebody who raises a concern has told already."""

    POLICE_OR_AMBULANCE = "police_or_ambulance"
    COUNCIL_SAFEGUARDING = "council_safeguarding"
    LEAD = "lead"
    NOBODY = "nobody"


#: On which side of the compartment each party stands.
SIDES: dict[PartyKind, Side] = {
    PartyKind.FAMILY: Side.FAMILY,
    PartyKind.LOCAL_AUTHORITY: Side.COUNCIL,
    PartyKind.SETTING: Side.INVITED,
    PartyKind.ICB: Side.INVITED,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody of a party, and whether they were at the meeting."""

    member_id: uuid.UUID
    party_id: uuid.UUID
    party: PartyKind
    is_rights_holder: bool
    attended: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class CopyHolder:
    """Who gets a copy of a draft to confirm; ``member_id`` is None for a council, whose officers act for it."""

    side: Side
    party_id: uuid.UUID
    member_id: uuid.UUID | None


def copy_holders(people: Iterable[Participant]) -> Sequence[CopyHolder]:
    """Return who has to confirm a draft: for each party that was at the meeting, those who can say yes for it.

    For a family that is whoever holds the rights, whether or not they came themselves; where nobody does, those who
    came. For a body it is each of its people who came; a council confirms as one.
    """
    known = list(people)
    holders: list[CopyHolder] = []
    for party_id in dict.fromkeys(person.party_id for person in known if person.attended):
        members = [person for person in known if person.party_id == party_id]
        side = SIDES[members[0].party]
        if side is Side.COUNCIL:
            holders.append(CopyHolder(side=side, party_id=party_id, member_id=None))
            continue
        came = [person for person in members if person.attended]
        entitled = [person for person in members if person.is_rights_holder] if side is Side.FAMILY else came
        holders += [CopyHolder(side=side, party_id=party_id, member_id=person.member_id) for person in entitled or came]
    return holders

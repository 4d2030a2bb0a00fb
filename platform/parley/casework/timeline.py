"""What can happen in a case, for whom it is written down, and the news of it. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping

from parley.casework.domain import EVERYONE, InvitationKind, Viewer


class Happening(enum.StrEnum):
    """Something that happened in a case."""

    REQUEST_SENT = "request_sent"
    REQUEST_ENTERED_FOR_CALLER = "request_entered_for_caller"
    YOUNG_PERSON_ASKED = "young_person_asked"
    YOUNG_PERSON_AGREED = "young_person_agreed"
    YOUNG_PERSON_DECLINED = "young_person_declined"
    OWN_CHOICE_SOON = "own_choice_soon"
    """In a few weeks the choice is the young person's own."""
    OWN_CHOICE_BEGAN = "own_choice_began"
    """It is theirs now, so the case waits for their own yes."""
    YOUNG_PERSON_GOES_ON = "young_person_goes_on"
    """They said yes to a case that a parent had begun."""
    ACTS_FOR_YOUNG_PERSON = "acts_for_young_person"
    """A parent said on what ground they act for the young person, so the case goes on."""
    CLAIMED_BY_FAMILY = "claimed_by_family"
    SUBMITTED_TO_PROVIDER = "submitted_to_provider"
    DELIVERY_NEEDS_ATTENTION = "delivery_needs_attention"
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_ASKED = "information_asked"
    INFORMATION_GIVEN = "information_given"
    SIGNPOSTED = "signposted"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    PASSED_ON = "passed_on"
    """Its provider cannot take it."""
    SENT_ELSEWHERE = "sent_elsewhere"
    """A request that was not sent to a provider before the contract of its own was over."""
    TAKEN_OVER = "taken_over"
    """Another provider has it now."""
    NOT_PLACED = "not_placed"
    """No provider could take it by the council's rule, so the council is asked for one."""
    CHANGE_ASKED = "change_asked"
    """The contract of its provider ended early, and the family was asked who goes on."""
    CHANGE_ANSWERED = "change_answered"
    CHANGE_ENDED = "change_ended"
    """That question needs no answer any more: the early end was taken back, or another provider is asked about."""
    HANDED_OVER = "handed_over"
    """Its provider lets go of it, as the family said; another one takes it over in the same moment."""
    COUNCIL_TOLD = "council_told"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    HOLDING_REPLY = "holding_reply"
    PARTY_INVITED = "party_invited"
    INVITATION_RETURNED = "invitation_returned"
    """Somebody who was invited said that they are not the right person."""
    PARTY_REMOVED = "party_removed"
    EVERYONE_AGREED = "everyone_agreed"
    ITEM_SHARED = "item_shared"
    ITEM_NO_LONGER_SHARED = "item_no_longer_shared"
    DOCUMENT_ADDED = "document_added"
    CLOCK_MISSED = "clock_missed"
    MEETING_PROPOSED = "meeting_proposed"
    MEETING_FIXED = "meeting_fixed"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_HELD = "meeting_held"
    OUTCOME_RECORDED = "outcome_recorded"
    ACTION_DONE = "action_done"
    ACTION_DISPUTED = "action_disputed"
    ACTION_CONFIRMED = "action_confirmed"
    ACTION_TAKEN_BACK = "action_taken_back"
    ANOTHER_MEETING = "another_meeting"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


#: The code that names the one person (member id) between whom and the provider something happened: nobody else reads of
#: it or is told.
PRIVATE_TO = "private_to"

#: The codes that name a provider that lets go of a case, and the one that has it from then on (ids).
LET_GO_BY, TAKEN_BY = "let_go_by", "taken_by"

_FAMILY_AND_PROVIDER = frozenset({Viewer.FAMILY, Viewer.PROVIDER})
_PROVIDER_ONLY = frozenset({Viewer.PROVIDER})
_NOT_INVITED = frozenset({Viewer.FAMILY, Viewer.PROVIDER, Viewer.LOCAL_AUTHORITY})

#: For whom each is written. What is not named here is for every side; before the council is told, it sees nothing of
#: the case at all, whatever stands here.
VIEWERS: dict[Happening, frozenset[Viewer]] = {
    Happening.YOUNG_PERSON_ASKED: _FAMILY_AND_PROVIDER,
    Happening.YOUNG_PERSON_AGREED: _FAMILY_AND_PROVIDER,
    Happening.YOUNG_PERSON_DECLINED: _FAMILY_AND_PROVIDER,
    Happening.OWN_CHOICE_SOON: _FAMILY_AND_PROVIDER,
    Happening.REQUEST_ENTERED_FOR_CALLER: _FAMILY_AND_PROVIDER,
    Happening.CLAIMED_BY_FAMILY: _FAMILY_AND_PROVIDER,
    Happening.SUBMITTED_TO_PROVIDER: _FAMILY_AND_PROVIDER,
    Happening.DELIVERY_NEEDS_ATTENTION: _PROVIDER_ONLY,
    Happening.INFORMATION_ASKED: _FAMILY_AND_PROVIDER,
    Happening.INFORMATION_GIVEN: _FAMILY_AND_PROVIDER,
    Happening.SIGNPOSTED: _FAMILY_AND_PROVIDER,
    Happening.CONFLICT_OF_INTEREST: _FAMILY_AND_PROVIDER,
    Happening.PASSED_ON: _NOT_INVITED,
    Happening.SENT_ELSEWHERE: _NOT_INVITED,
    Happening.TAKEN_OVER: _NOT_INVITED,
    Happening.NOT_PLACED: _NOT_INVITED,
    Happening.CHANGE_ASKED: _NOT_INVITED,
    Happening.CHANGE_ANSWERED: _NOT_INVITED,
    Happening.CHANGE_ENDED: _NOT_INVITED,
    Happening.HANDED_OVER: _NOT_INVITED,
    Happening.INVITATION_RETURNED: _PROVIDER_ONLY,
    Happening.ASSIGNED: frozenset({Viewer.LOCAL_AUTHORITY}),
    Happening.ITEM_SHARED: _NOT_INVITED,
    Happening.ITEM_NO_LONGER_SHARED: _FAMILY_AND_PROVIDER,
    Happening.DOCUMENT_ADDED: _FAMILY_AND_PROVIDER,
    Happening.CLOCK_MISSED: _NOT_INVITED,
}


def signposted_to(codes: Mapping[str, str]) -> list[str]:
    """Return the keys of the policy's contacts that a family was told of, in order, from the codes of SIGNPOSTED."""
    numbered = {int(code.removeprefix("to_")): key for code, key in codes.items() if code.startswith("to_")}
    return [key for _, key in sorted(numbered.items())]


def viewers_of(happening: Happening) -> frozenset[Viewer]:
    """Return for whom ``happening`` is written in the timeline."""
    return VIEWERS.get(happening, EVERYONE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseNews:
    """Announced in the transaction in which it happened; subscribers turn it into messages, measures, reminders.

    ``by`` is the side that acted; ``codes`` holds ids and words of ours only.
    """

    happening: Happening
    authority_id: uuid.UUID
    case_id: uuid.UUID
    provider_id: uuid.UUID
    at: dt.datetime
    by: Viewer | None
    codes: Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeopleLeft:
    """Announced, in its transaction, when people (member ids) no longer take part in a case that goes on without them:
    their side was taken out, the family no longer wants it asked, or their own place ended.
    """

    authority_id: uuid.UUID
    case_id: uuid.UUID
    at: dt.datetime
    member_ids: frozenset[uuid.UUID]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProviderNotice:
    """Announced when a plugin took a referral and asks the host to mail its people; nothing in it is about a person.

    ``mailbox`` is the provider's own; ``what_to_do`` a sentence or two; ``by_when`` a London date; ``url`` opens the
    case for a signed-in coordinator.
    """

    authority_id: uuid.UUID
    case_id: uuid.UUID
    provider_id: uuid.UUID
    at: dt.datetime
    mailbox: str
    reference: str
    council: str
    what_to_do: str
    by_when: dt.date | None
    url: str | None
    addressed_to: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutgoingInvitation:
    """An invitation, or its code, to be mailed at once and never stored: the secret is in it.

    ``url`` is set for an invitation, ``code`` for the code that confirms one.
    """

    authority_id: uuid.UUID
    case_id: uuid.UUID
    kind: InvitationKind
    to: str = dataclasses.field(repr=False)
    url: str = dataclasses.field(default="", repr=False)
    code: str = dataclasses.field(default="", repr=False)

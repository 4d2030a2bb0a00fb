"""What a case is and how it may move. Pure."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable

from parley.kernel.errors import Conflict


class CaseState(enum.StrEnum):
    """Where a case stands. Names say what has happened; who holds it next is in HOLDERS."""

    WAITING_FOR_YOUNG_PERSON = "waiting_for_young_person"
    """A parent asked for a young person, whose own yes is needed before it is sent on."""
    SENT = "sent"
    """The family has asked; the provider has not yet acknowledged it."""
    ACKNOWLEDGED = "acknowledged"
    """The provider has it and has not yet told the council."""
    UNPLACED = "unplaced"
    """The provider cannot take it and no other has taken it yet."""
    COUNCIL_TOLD = "council_told"
    """The council knows; parties are answering."""
    AGREED = "agreed"
    """Every party that remains agreed to take part; a meeting is to be arranged."""
    MEETING_ARRANGED = "meeting_arranged"
    MEETING_HELD = "meeting_held"
    OUTCOME_RECORDED = "outcome_recorded"
    """The outcome is open to the parties; agreed actions may still be running."""
    CLOSED = "closed"


class CouncilList(enum.StrEnum):
    """In which of the council's lists a case stands; kept on the case so that each list is one range of an index."""

    UNTOLD = "untold"
    """The provider has not told the council: it stands in none."""
    OPEN = "open"
    CLOSED = "closed"


class CloseReason(enum.StrEnum):
    """Why a case is closed."""

    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    NOT_PROCEEDING = "not_proceeding"
    """A party that is needed said no, or the parties left did not want to go on."""
    SIGNPOSTED = "signposted"
    """Another way is the right one; the family was told which."""
    YOUNG_PERSON_SAID_NO = "young_person_said_no"


class PartyKind(enum.StrEnum):
    """The sides of a case."""

    FAMILY = "family"
    LOCAL_AUTHORITY = "local_authority"
    SETTING = "setting"
    ICB = "icb"


class Holder(enum.StrEnum):
    """Who is to act next."""

    FAMILY = "family"
    YOUNG_PERSON = "young_person"
    PROVIDER = "provider"
    LOCAL_AUTHORITY = "local_authority"
    PARTIES = "parties"
    NOBODY = "nobody"


HOLDERS: dict[CaseState, Holder] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: Holder.YOUNG_PERSON,
    CaseState.SENT: Holder.PROVIDER,
    CaseState.ACKNOWLEDGED: Holder.PROVIDER,
    CaseState.UNPLACED: Holder.LOCAL_AUTHORITY,
    CaseState.COUNCIL_TOLD: Holder.PARTIES,
    CaseState.AGREED: Holder.PROVIDER,
    CaseState.MEETING_ARRANGED: Holder.PARTIES,
    CaseState.MEETING_HELD: Holder.PROVIDER,
    CaseState.OUTCOME_RECORDED: Holder.PARTIES,
    CaseState.CLOSED: Holder.NOBODY,
}

#: Every move a case may make. Withdrawing and closing are possible from any open state.
MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: frozenset({CaseState.SENT, CaseState.UNPLACED}),
    CaseState.SENT: frozenset({CaseState.ACKNOWLEDGED, CaseState.UNPLACED}),
    CaseState.ACKNOWLEDGED: frozenset({CaseState.COUNCIL_TOLD, CaseState.UNPLACED}),
    CaseState.UNPLACED: frozenset({CaseState.SENT}),
    CaseState.COUNCIL_TOLD: frozenset({CaseState.AGREED}),
    CaseState.AGREED: frozenset({CaseState.MEETING_ARRANGED}),
    CaseState.MEETING_ARRANGED: frozenset({CaseState.MEETING_HELD, CaseState.AGREED}),
    CaseState.MEETING_HELD: frozenset({CaseState.OUTCOME_RECORDED, CaseState.AGREED}),
    CaseState.OUTCOME_RECORDED: frozenset({CaseState.AGREED}),
    CaseState.CLOSED: frozenset(),
}


#: The due date of what has none: sorts last, and keeps lists free of empty values.
NEVER = dt.date.max


def council_list(state: CaseState, *, told: bool) -> CouncilList:
    """Return the council's list in which a case belongs."""
    if not told:
        return CouncilList.UNTOLD
    return CouncilList.CLOSED if state is CaseState.CLOSED else CouncilList.OPEN


def require_move(before: CaseState, after: CaseState) -> None:
    """Raise Conflict unless a case in ``before`` may move to ``after``."""
    closing = after is CaseState.CLOSED and before is not CaseState.CLOSED
    if not closing and after not in MOVES[before]:
        raise Conflict(
            "This case has moved on since the page was opened. Open it again to see how it stands now.",
            code="case-moved-on",
        )


class Capacity(enum.StrEnum):
    """In what capacity a person takes part in a party."""

    PARENT_CARER = "parent_carer"
    YOUNG_PERSON = "young_person"
    ALTERNATIVE_PERSON = "alternative_person"
    OFFICER = "officer"
    DECISION_MAKER = "decision_maker"
    SETTING_CONTACT = "setting_contact"
    ICB_CONTACT = "icb_contact"


class ConsentKind(enum.StrEnum):
    """What a person agrees to. Each is its own, dated, to a text version; none is the legal basis for processing."""

    TAKE_PART = "take_part"
    """To take part in disagreement resolution in this case."""
    TELL_COUNCIL = "tell_council"
    """That the provider tells the council of the request."""
    ASK_SETTING = "ask_setting"
    """That the school or other setting is invited."""
    ASK_ICB = "ask_icb"
    """That the health body is invited."""
    PARENT_MAY_ASK = "parent_may_ask"
    """A young person's own yes to a request that a parent made."""
    GO_ON = "go_on"
    """A young person's own yes that a case goes on which a parent began before the choice was theirs."""
    CHANGE_PROVIDER = "change_provider"
    """That another provider takes the request over, and reads what its open side holds."""


class ConsentState(enum.StrEnum):
    """How a consent stands."""

    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ConsentMeans(enum.StrEnum):
    """How a consent was expressed."""

    ONLINE = "online"
    SPOKEN = "spoken"
    """Read back and confirmed on the phone; the coordinator who recorded it is the actor."""


class AnswerValue(enum.StrEnum):
    """What a party said to the question whether it takes part."""

    AGREED = "agreed"
    DECLINED = "declined"
    HOLDING = "holding"
    """Not yet, with a date by which it will answer."""


class DeclineReason(enum.StrEnum):
    """Why a party declines, for measures; the words the family reads are its own."""

    OUT_OF_SCOPE = "out_of_scope"
    ALREADY_RESOLVED = "already_resolved"
    OTHER_ROUTE = "other_route"
    NOT_OUR_RESPONSIBILITY = "not_our_responsibility"
    OTHER = "other"


class ClockCode(enum.StrEnum):
    """What is due. The words shown for each are in ``casework.wording``."""

    ADVISER_BY = "adviser_by"
    APPEAL_BY = "appeal_by"
    ACKNOWLEDGE_BY = "acknowledge_by"
    TELL_COUNCIL_BY = "tell_council_by"
    ANSWER_BY = "answer_by"
    HOLDING_UNTIL = "holding_until"
    YOUNG_PERSON_BY = "young_person_by"
    INFORMATION_BY = "information_by"
    INVITE_BY = "invite_by"
    INVITATION_BY = "invitation_by"
    ARRANGE_BY = "arrange_by"
    MEETING_ON = "meeting_on"
    ACTION_BY = "action_by"
    PLACE_BY = "place_by"
    OWN_CHOICE_ON = "own_choice_on"
    """From this day the choice is the young person's own; started some weeks before."""
    CHOOSE_BY = "choose_by"
    """A family says who goes on with its request, since its provider's contract ended early."""


class ClockBasis(enum.StrEnum):
    """What a due date rests on."""

    LAW = "law"
    POLICY = "policy"
    CONTRACT = "contract"
    OUR_AIM = "our_aim"
    """Neither law nor the council's promise, and always said to be neither."""


class StatementKind(enum.StrEnum):
    """What the family wrote, each piece unshared until they share it."""

    STORY = "story"
    WISH = "wish"
    CHILD_VIEWS = "child_views"
    ACTING_FOR = "acting_for"
    """On what ground somebody acts for a young person who cannot make the decision: for the provider to check."""


class ItemKind(enum.StrEnum):
    """What can be shared with a party."""

    STATEMENT = "statement"
    DOCUMENT = "document"


class ReferralState(enum.StrEnum):
    """How far the hand-over to the provider's plugin has come."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    NEEDS_ATTENTION = "needs_attention"
    PASSED_ON = "passed_on"
    ENDED = "ended"


class PassedOnBecause(enum.StrEnum):
    """Why a provider no longer has a case that it had."""

    CONFLICT_OF_INTEREST = "conflict_of_interest"
    """It cannot act independently in it."""
    NO_ROOM = "no_room"
    """It has no room for it."""
    CONTRACT_ENDED = "contract_ended"
    """Its contract ended early, and the family said that another one goes on."""


class Attention(enum.StrEnum):
    """Why a case in a provider's list needs somebody beyond its daily work."""

    DELIVERY = "delivery"
    """The referral could not be handed over by itself; it has to be taken up in the list."""
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    """Somebody said that they cannot act independently in it; the provider's administrator decides who does."""


class InvitationKind(enum.StrEnum):
    """To what a person is invited."""

    YOUNG_PERSON = "young_person"
    """To give their own yes or no to a request a parent made."""
    BODY_CONTACT = "body_contact"
    """To answer for a setting or a health body, in this one case."""
    CLAIM = "claim"
    """To take over, online, a request that a coordinator entered for a caller."""


class Channel(enum.StrEnum):
    """How a request came in."""

    ONLINE = "online"
    PHONE = "phone"


class Viewer(enum.StrEnum):
    """For whom a timeline entry is written."""

    FAMILY = "family"
    PROVIDER = "provider"
    LOCAL_AUTHORITY = "local_authority"
    INVITED = "invited"


EVERYONE = frozenset(Viewer)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PartyAnswer:
    """One party and what it last answered; None while it is silent. ``removed`` parties no longer count."""

    kind: PartyKind
    value: AnswerValue | None
    removed: bool = False


def everyone_agrees(answers: Iterable[PartyAnswer]) -> bool:
    """Tell whether every remaining party besides the family agreed, and at least one is left (Code 11.6).

    The family asked for the service, which is its yes; it withdraws rather than answers.
    """
    counted = [answer for answer in answers if not answer.removed and answer.kind is not PartyKind.FAMILY]
    return bool(counted) and all(answer.value is AnswerValue.AGREED for answer in counted)


#: What each side sees of a request, before anybody shares anything (send-law.md section 7; deny by default).
#: "share" means: only if the family shares it with that party.
REQUEST_VISIBILITY: dict[str, dict[Viewer, str]] = {
    "who_asks": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "yes", Viewer.INVITED: "summary"},
    "child": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "yes", Viewer.INVITED: "summary"},
    "area_and_bodies": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "yes", Viewer.INVITED: "summary"},
    "stage_and_dates": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "yes", Viewer.INVITED: "no"},
    "contact": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "no", Viewer.INVITED: "no"},
    "safety": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "no", Viewer.INVITED: "no"},
    "access_needs": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "logistics", Viewer.INVITED: "logistics"},
    "story": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "share", Viewer.INVITED: "share"},
    "wish": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "share", Viewer.INVITED: "share"},
    "documents": {Viewer.PROVIDER: "yes", Viewer.LOCAL_AUTHORITY: "share", Viewer.INVITED: "share"},
}


def reference(prefix: str, year: int, number: int) -> str:
    """Return a case reference such as DER-2026-00001."""
    return f"{prefix}-{year}-{number:05}"

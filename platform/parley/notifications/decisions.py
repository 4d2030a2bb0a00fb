"""Who hears of what: one row for each thing that can happen in a case, one cell for each kind of recipient. Pure.

Every cell is decided: a message, or the reason why there is none.
"""

import dataclasses
import enum

from parley.casework.domain import ClockCode, PartyKind, Viewer
from parley.casework.timeline import Happening
from parley.compartment.domain import DraftNews, MessageChannel
from parley.db.scope import Side
from parley.notifications.domain import RecipientKind


class MessageCode(enum.StrEnum):
    """A message; its words are in ``templates/notifications/<code>.txt``."""

    # To families.
    REQUEST_SENT = "request_sent"
    REQUEST_ENTERED = "request_entered"
    YOUNG_PERSON_WAITING = "young_person_waiting"
    YOUNG_PERSON_ASKED = "young_person_asked"
    YOUNG_PERSON_AGREED = "young_person_agreed"
    YOUNG_PERSON_DECLINED = "young_person_declined"
    YOUNG_PERSON_LATE = "young_person_late"
    OWN_CHOICE_SOON = "own_choice_soon"
    OWN_CHOICE_BEGAN = "own_choice_began"
    YOUNG_PERSON_GOES_ON = "young_person_goes_on"
    CLAIMED = "claimed"
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_ASKED = "information_asked"
    INFORMATION_LATE = "information_late"
    SIGNPOSTED = "signposted"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    TAKEN_OVER = "taken_over"
    NOT_PLACED = "not_placed"
    CHANGE_ASKED = "change_asked"
    CHANGE_STILL_ASKED = "change_still_asked"
    CHANGE_ENDED = "change_ended"
    COUNCIL_TOLD = "council_told"
    ANSWERED = "answered"
    HOLDING_REPLY = "holding_reply"
    BODY_INVITED = "body_invited"
    BODY_REMOVED = "body_removed"
    EVERYONE_AGREED = "everyone_agreed"
    OTHERS_LATE = "others_late"
    MEETING_PROPOSED = "meeting_proposed"
    MEETING_FIXED = "meeting_fixed"
    MEETING_MOVED = "meeting_moved"
    MEETING_PLACE_CHANGED = "meeting_place_changed"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_HELD = "meeting_held"
    OUTCOME_RECORDED = "outcome_recorded"
    ACTION_DONE = "action_done"
    ACTION_DISPUTED = "action_disputed"
    ACTION_DUE = "action_due"
    ACTION_LATE = "action_late"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    DATE_REMINDER = "date_reminder"
    PRIVATE_MESSAGE = "private_message"
    DRAFT_TO_CHECK = "draft_to_check"

    # To councils, and to invited people of schools and health bodies.
    COUNCIL_NEW_REQUEST = "council_new_request"
    COUNCIL_ANSWER_LATE = "council_answer_late"
    COUNCIL_TO_PLACE = "council_to_place"
    COUNCIL_PLACE_LATE = "council_place_late"
    PARTY_EVERYONE_AGREED = "party_everyone_agreed"
    PARTY_MEETING_PROPOSED = "party_meeting_proposed"
    PARTY_MEETING_FIXED = "party_meeting_fixed"
    PARTY_MEETING_MOVED = "party_meeting_moved"
    PARTY_MEETING_PLACE_CHANGED = "party_meeting_place_changed"
    PARTY_MEETING_CANCELLED = "party_meeting_cancelled"
    PARTY_OUTCOME_RECORDED = "party_outcome_recorded"
    PARTY_ACTION_DISPUTED = "party_action_disputed"
    PARTY_ACTION_DUE = "party_action_due"
    PARTY_ACTION_LATE = "party_action_late"
    PARTY_ENDED = "party_ended"
    PARTY_NOT_EXPECTED = "party_not_expected"
    PARTY_PRIVATE_MESSAGE = "party_private_message"
    PARTY_DRAFT_TO_CHECK = "party_draft_to_check"

    # To providers.
    PROVIDER_NOTICE = "provider_notice"
    PROVIDER_NEEDS_ATTENTION = "provider_needs_attention"
    PROVIDER_OWN_CHOICE_SOON = "provider_own_choice_soon"
    PROVIDER_OWN_CHOICE_BEGAN = "provider_own_choice_began"
    PROVIDER_GOES_ON = "provider_goes_on"
    PROVIDER_INFORMATION_GIVEN = "provider_information_given"
    PROVIDER_DOCUMENT_ADDED = "provider_document_added"
    PROVIDER_ANSWERED = "provider_answered"
    PROVIDER_INVITATION_RETURNED = "provider_invitation_returned"
    PROVIDER_EVERYONE_AGREED = "provider_everyone_agreed"
    PROVIDER_ACTION_DISPUTED = "provider_action_disputed"
    PROVIDER_ACTION_DUE = "provider_action_due"
    PROVIDER_ACTION_LATE = "provider_action_late"
    PROVIDER_HANDED_OVER = "provider_handed_over"
    PROVIDER_WITHDRAWN = "provider_withdrawn"
    PROVIDER_OTHERS_LATE = "provider_others_late"
    PROVIDER_PRIVATE_MESSAGE = "provider_private_message"
    PROVIDER_DRAFT_ANSWERED = "provider_draft_answered"
    ADMINISTRATOR_LATE = "administrator_late"
    ADMINISTRATOR_CONFLICT = "administrator_conflict"
    PROVIDER_CONCERN_RAISED = "provider_concern_raised"

    # Sent at once and never stored, because a secret is in them.
    SIGN_IN_LINK = "sign_in_link"
    INVITATION_YOUNG_PERSON = "invitation_young_person"
    INVITATION_BODY = "invitation_body"
    INVITATION_CODE = "invitation_code"
    INVITATION_MEMBER = "invitation_member"


class Silence(enum.StrEnum):
    """Why somebody gets no message."""

    ACTED = "acted"
    """They did it themselves, and the page told them that it was done."""
    ON_THEIR_PAGE = "on_their_page"
    """They see it when they come; a message would only be noise."""
    NOT_THEIRS = "not_theirs"
    """They may not know of it, or have no part in it."""
    ANOTHER_MESSAGE = "another_message"
    """Something else brings them the same news: an invitation, a plugin's notice, the message about what follows."""
    AS_FAMILY = "as_family"
    """The young person hears what the family hears."""


@dataclasses.dataclass(frozen=True)
class ByPhone:
    """A message for those alone whom mail does not reach: the others get an invitation of their own."""

    code: MessageCode


Cell = MessageCode | ByPhone | Silence


@dataclasses.dataclass(frozen=True)
class Row:
    """What each kind of recipient hears."""

    family: Cell
    council: Cell
    invited: Cell
    provider: Cell
    administrator: Cell
    young_person: Cell = Silence.AS_FAMILY
    safeguarding_lead: Cell = Silence.NOT_THEIRS

    def cells(self) -> dict[RecipientKind, Cell]:
        """Return the cell of each kind of recipient."""
        return {kind: getattr(self, kind.value) for kind in RecipientKind}


_M = MessageCode
_ACTED, _PAGE, _NO, _OTHER = Silence.ACTED, Silence.ON_THEIR_PAGE, Silence.NOT_THEIRS, Silence.ANOTHER_MESSAGE

#: Columns: family, council, invited, provider's coordinators, provider's administrator.
DECISIONS: dict[Happening, Row] = {
    Happening.REQUEST_SENT: Row(_M.REQUEST_SENT, _NO, _NO, _OTHER, _PAGE),
    Happening.REQUEST_ENTERED_FOR_CALLER: Row(_M.REQUEST_ENTERED, _NO, _NO, _ACTED, _PAGE),
    Happening.YOUNG_PERSON_ASKED: Row(_M.YOUNG_PERSON_WAITING, _NO, _NO, _PAGE, _PAGE, ByPhone(_M.YOUNG_PERSON_ASKED)),
    Happening.YOUNG_PERSON_AGREED: Row(_M.YOUNG_PERSON_AGREED, _NO, _NO, _OTHER, _PAGE),
    Happening.YOUNG_PERSON_DECLINED: Row(_M.YOUNG_PERSON_DECLINED, _NO, _NO, _PAGE, _PAGE),
    Happening.OWN_CHOICE_SOON: Row(_M.OWN_CHOICE_SOON, _NO, _NO, _M.PROVIDER_OWN_CHOICE_SOON, _PAGE),
    # The other sides see that the case waits, and are asked for nothing meanwhile.
    Happening.OWN_CHOICE_BEGAN: Row(
        _M.OWN_CHOICE_BEGAN, _PAGE, _PAGE, _M.PROVIDER_OWN_CHOICE_BEGAN, _PAGE, ByPhone(_M.YOUNG_PERSON_ASKED)
    ),
    Happening.YOUNG_PERSON_GOES_ON: Row(_M.YOUNG_PERSON_GOES_ON, _PAGE, _PAGE, _M.PROVIDER_GOES_ON, _PAGE),
    Happening.ACTS_FOR_YOUNG_PERSON: Row(_ACTED, _PAGE, _PAGE, _M.PROVIDER_GOES_ON, _PAGE),
    Happening.CLAIMED_BY_FAMILY: Row(_M.CLAIMED, _NO, _NO, _PAGE, _PAGE),
    Happening.SUBMITTED_TO_PROVIDER: Row(_PAGE, _NO, _NO, _OTHER, _PAGE),
    Happening.DELIVERY_NEEDS_ATTENTION: Row(_NO, _NO, _NO, _M.PROVIDER_NEEDS_ATTENTION, _PAGE),
    Happening.ACKNOWLEDGED: Row(_M.ACKNOWLEDGED, _NO, _NO, _ACTED, _PAGE),
    Happening.INFORMATION_ASKED: Row(_M.INFORMATION_ASKED, _NO, _NO, _ACTED, _PAGE),
    Happening.INFORMATION_GIVEN: Row(_ACTED, _NO, _NO, _M.PROVIDER_INFORMATION_GIVEN, _PAGE),
    Happening.SIGNPOSTED: Row(_M.SIGNPOSTED, _NO, _NO, _ACTED, _PAGE),
    Happening.CONFLICT_OF_INTEREST: Row(_M.CONFLICT_OF_INTEREST, _NO, _NO, _ACTED, _M.ADMINISTRATOR_CONFLICT),
    Happening.PASSED_ON: Row(_OTHER, _NO, _NO, _ACTED, _PAGE),
    # Who takes it, or that its council has to say so, is told next.
    Happening.SENT_ELSEWHERE: Row(_OTHER, _NO, _NO, _NO, _NO),
    # The one before has its own record of it; the plugin of the one that has it now brings its people the news.
    Happening.TAKEN_OVER: Row(_M.TAKEN_OVER, _PAGE, _NO, _OTHER, _PAGE),
    Happening.NOT_PLACED: Row(_M.NOT_PLACED, _M.COUNCIL_TO_PLACE, _NO, _PAGE, _PAGE),
    Happening.CHANGE_ASKED: Row(_M.CHANGE_ASKED, _PAGE, _NO, _PAGE, _PAGE),
    Happening.CHANGE_ANSWERED: Row(_ACTED, _PAGE, _NO, _PAGE, _PAGE),
    Happening.CHANGE_ENDED: Row(_M.CHANGE_ENDED, _PAGE, _NO, _PAGE, _PAGE),
    # The family and the next provider hear that it was taken over.
    Happening.HANDED_OVER: Row(_OTHER, _PAGE, _NO, _M.PROVIDER_HANDED_OVER, _PAGE),
    Happening.COUNCIL_TOLD: Row(_M.COUNCIL_TOLD, _M.COUNCIL_NEW_REQUEST, _NO, _ACTED, _PAGE),
    Happening.ASSIGNED: Row(_NO, _PAGE, _NO, _NO, _NO),
    Happening.ANSWERED: Row(_M.ANSWERED, _PAGE, _PAGE, _M.PROVIDER_ANSWERED, _PAGE),
    Happening.HOLDING_REPLY: Row(_M.HOLDING_REPLY, _PAGE, _PAGE, _M.PROVIDER_ANSWERED, _PAGE),
    Happening.PARTY_INVITED: Row(_M.BODY_INVITED, _PAGE, _OTHER, _PAGE, _PAGE),
    Happening.INVITATION_RETURNED: Row(_NO, _NO, _NO, _M.PROVIDER_INVITATION_RETURNED, _PAGE),
    Happening.PARTY_REMOVED: Row(_M.BODY_REMOVED, _PAGE, _PAGE, _ACTED, _PAGE),
    Happening.EVERYONE_AGREED: Row(
        _M.EVERYONE_AGREED, _M.PARTY_EVERYONE_AGREED, _M.PARTY_EVERYONE_AGREED, _M.PROVIDER_EVERYONE_AGREED, _PAGE
    ),
    Happening.ITEM_SHARED: Row(_ACTED, _PAGE, _PAGE, _PAGE, _PAGE),
    Happening.ITEM_NO_LONGER_SHARED: Row(_ACTED, _NO, _NO, _PAGE, _PAGE),
    Happening.DOCUMENT_ADDED: Row(_ACTED, _NO, _NO, _M.PROVIDER_DOCUMENT_ADDED, _PAGE),
    # What a missed clock leads to depends on the clock: MISSED, below.
    Happening.CLOCK_MISSED: Row(_OTHER, _OTHER, _OTHER, _OTHER, _OTHER),
    Happening.MEETING_PROPOSED: Row(
        _M.MEETING_PROPOSED, _M.PARTY_MEETING_PROPOSED, _M.PARTY_MEETING_PROPOSED, _ACTED, _PAGE
    ),
    Happening.MEETING_FIXED: Row(_M.MEETING_FIXED, _M.PARTY_MEETING_FIXED, _M.PARTY_MEETING_FIXED, _PAGE, _PAGE),
    Happening.MEETING_MOVED: Row(_M.MEETING_MOVED, _M.PARTY_MEETING_MOVED, _M.PARTY_MEETING_MOVED, _PAGE, _PAGE),
    Happening.MEETING_CANCELLED: Row(
        _M.MEETING_CANCELLED, _M.PARTY_MEETING_CANCELLED, _M.PARTY_MEETING_CANCELLED, _PAGE, _PAGE
    ),
    Happening.MEETING_HELD: Row(_M.MEETING_HELD, _PAGE, _PAGE, _ACTED, _PAGE),
    Happening.OUTCOME_RECORDED: Row(
        _M.OUTCOME_RECORDED, _M.PARTY_OUTCOME_RECORDED, _M.PARTY_OUTCOME_RECORDED, _ACTED, _PAGE
    ),
    Happening.ACTION_DONE: Row(_M.ACTION_DONE, _PAGE, _PAGE, _PAGE, _PAGE),
    Happening.ACTION_DISPUTED: Row(
        _M.ACTION_DISPUTED, _M.PARTY_ACTION_DISPUTED, _M.PARTY_ACTION_DISPUTED, _M.PROVIDER_ACTION_DISPUTED, _PAGE
    ),
    Happening.ACTION_CONFIRMED: Row(_ACTED, _PAGE, _PAGE, _PAGE, _PAGE),
    Happening.ACTION_TAKEN_BACK: Row(_PAGE, _PAGE, _PAGE, _PAGE, _PAGE),
    # What follows tells them: times for a meeting.
    Happening.ANOTHER_MEETING: Row(_OTHER, _OTHER, _OTHER, _ACTED, _PAGE),
    Happening.WITHDRAWN: Row(_M.WITHDRAWN, _M.PARTY_ENDED, _M.PARTY_ENDED, _M.PROVIDER_WITHDRAWN, _PAGE),
    Happening.CLOSED: Row(_M.CLOSED, _M.PARTY_ENDED, _M.PARTY_ENDED, _ACTED, _PAGE),
}

#: As above, for CLOCK_MISSED, by the clock that was missed.
MISSED: dict[ClockCode, Row] = {
    ClockCode.ACKNOWLEDGE_BY: Row(_M.OTHERS_LATE, _NO, _NO, _PAGE, _M.ADMINISTRATOR_LATE),
    ClockCode.TELL_COUNCIL_BY: Row(_M.OTHERS_LATE, _NO, _NO, _PAGE, _M.ADMINISTRATOR_LATE),
    ClockCode.ANSWER_BY: Row(_M.OTHERS_LATE, _M.COUNCIL_ANSWER_LATE, _NO, _M.PROVIDER_OTHERS_LATE, _PAGE),
    ClockCode.HOLDING_UNTIL: Row(_M.OTHERS_LATE, _M.COUNCIL_ANSWER_LATE, _NO, _M.PROVIDER_OTHERS_LATE, _PAGE),
    ClockCode.PLACE_BY: Row(_M.OTHERS_LATE, _M.COUNCIL_PLACE_LATE, _NO, _PAGE, _PAGE),
    ClockCode.CHOOSE_BY: Row(_M.CHANGE_STILL_ASKED, _PAGE, _NO, _PAGE, _PAGE),
    ClockCode.YOUNG_PERSON_BY: Row(_M.YOUNG_PERSON_LATE, _NO, _NO, _PAGE, _PAGE),
    ClockCode.INFORMATION_BY: Row(_M.INFORMATION_LATE, _NO, _NO, _PAGE, _PAGE),
    ClockCode.INVITE_BY: Row(_M.OTHERS_LATE, _NO, _NO, _PAGE, _M.ADMINISTRATOR_LATE),
    ClockCode.INVITATION_BY: Row(_M.OTHERS_LATE, _PAGE, _NO, _M.PROVIDER_OTHERS_LATE, _PAGE),
    ClockCode.ARRANGE_BY: Row(_M.OTHERS_LATE, _PAGE, _NO, _PAGE, _M.ADMINISTRATOR_LATE),
    # Of the other sides only its owner is told: OWN_ACTION, below.
    ClockCode.ACTION_BY: Row(_M.ACTION_LATE, _OTHER, _OTHER, _M.PROVIDER_ACTION_LATE, _PAGE),
}

#: Who is reminded of an agreed action, and told that it is late, by the side whose it is.
OWN_ACTION: dict[Viewer, tuple[RecipientKind, MessageCode, MessageCode | None]] = {
    # That something is late, their own included, the family and the provider hear by MISSED.
    Viewer.FAMILY: (RecipientKind.FAMILY, _M.ACTION_DUE, None),
    Viewer.PROVIDER: (RecipientKind.PROVIDER, _M.PROVIDER_ACTION_DUE, None),
    Viewer.LOCAL_AUTHORITY: (RecipientKind.COUNCIL, _M.PARTY_ACTION_DUE, _M.PARTY_ACTION_LATE),
    Viewer.INVITED: (RecipientKind.INVITED, _M.PARTY_ACTION_DUE, _M.PARTY_ACTION_LATE),
}
#: What a family is reminded of before its date, besides dates in law.
OWN_DATES: dict[ClockCode, MessageCode] = {ClockCode.CHOOSE_BY: _M.CHANGE_STILL_ASKED}

#: What asks a family who goes on with its request.
OF_CHANGE = frozenset({_M.CHANGE_ASKED, _M.CHANGE_STILL_ASKED})
_OF_ACTIONS = frozenset({_M.ACTION_DUE, _M.PARTY_ACTION_DUE, _M.ACTION_LATE, _M.PARTY_ACTION_LATE})

_OF_HOLD = frozenset({_M.OWN_CHOICE_BEGAN, _M.YOUNG_PERSON_ASKED, _M.YOUNG_PERSON_LATE})

#: Who is told that a private message waits, by the thread it is in and the side that wrote it.
PRIVATE_MESSAGES: dict[tuple[MessageChannel, Side], tuple[RecipientKind, MessageCode]] = {
    (MessageChannel.FAMILY_PROVIDER, Side.PROVIDER): (RecipientKind.FAMILY, _M.PRIVATE_MESSAGE),
    (MessageChannel.FAMILY_PROVIDER, Side.FAMILY): (RecipientKind.PROVIDER, _M.PROVIDER_PRIVATE_MESSAGE),
    (MessageChannel.COUNCIL_PROVIDER, Side.PROVIDER): (RecipientKind.COUNCIL, _M.PARTY_PRIVATE_MESSAGE),
    (MessageChannel.COUNCIL_PROVIDER, Side.COUNCIL): (RecipientKind.PROVIDER, _M.PROVIDER_PRIVATE_MESSAGE),
}

#: What a person is told whose own place in a meeting changed, by the party they are of.
PLACE_CHANGED: dict[PartyKind, tuple[RecipientKind, MessageCode]] = {
    PartyKind.FAMILY: (RecipientKind.FAMILY, _M.MEETING_PLACE_CHANGED),
    PartyKind.LOCAL_AUTHORITY: (RecipientKind.COUNCIL, _M.PARTY_MEETING_PLACE_CHANGED),
    PartyKind.SETTING: (RecipientKind.INVITED, _M.PARTY_MEETING_PLACE_CHANGED),
    PartyKind.ICB: (RecipientKind.INVITED, _M.PARTY_MEETING_PLACE_CHANGED),
}

#: What a person is told who is no longer expected at a fixed meeting: the only message for somebody who left the case.
NOT_EXPECTED = _M.PARTY_NOT_EXPECTED

#: Who is told that a draft waits to be checked, by whose copy it is; and that one was answered, whoever did.
DRAFTS: dict[tuple[DraftNews, Side], tuple[RecipientKind, MessageCode]] = {
    (DraftNews.TO_CHECK, Side.FAMILY): (RecipientKind.FAMILY, _M.DRAFT_TO_CHECK),
    (DraftNews.TO_CHECK, Side.COUNCIL): (RecipientKind.COUNCIL, _M.PARTY_DRAFT_TO_CHECK),
    (DraftNews.TO_CHECK, Side.INVITED): (RecipientKind.INVITED, _M.PARTY_DRAFT_TO_CHECK),
    (DraftNews.ANSWERED, Side.FAMILY): (RecipientKind.PROVIDER, _M.PROVIDER_DRAFT_ANSWERED),
    (DraftNews.ANSWERED, Side.COUNCIL): (RecipientKind.PROVIDER, _M.PROVIDER_DRAFT_ANSWERED),
    (DraftNews.ANSWERED, Side.INVITED): (RecipientKind.PROVIDER, _M.PROVIDER_DRAFT_ANSWERED),
}

#: The side that each recipient is on. Nobody is told of what their own side did, unless CONFIRMED says so.
SIDES = {
    RecipientKind.FAMILY: Viewer.FAMILY,
    RecipientKind.YOUNG_PERSON: Viewer.FAMILY,
    RecipientKind.COUNCIL: Viewer.LOCAL_AUTHORITY,
    RecipientKind.INVITED: Viewer.INVITED,
    RecipientKind.PROVIDER: Viewer.PROVIDER,
    RecipientKind.ADMINISTRATOR: Viewer.PROVIDER,
    RecipientKind.SAFEGUARDING_LEAD: Viewer.PROVIDER,
}

#: Told also to those who did it: something to keep, or somebody of the same family did it, or a machine did.
CONFIRMED = frozenset(
    {
        _M.REQUEST_SENT,
        _M.YOUNG_PERSON_WAITING,
        _M.YOUNG_PERSON_ASKED,
        _M.YOUNG_PERSON_AGREED,
        _M.YOUNG_PERSON_DECLINED,
        _M.OWN_CHOICE_SOON,
        _M.OWN_CHOICE_BEGAN,
        _M.YOUNG_PERSON_GOES_ON,
        _M.CLAIMED,
        _M.WITHDRAWN,
        _M.COUNCIL_TO_PLACE,
        _M.EVERYONE_AGREED,
        _M.PARTY_EVERYONE_AGREED,
        _M.PROVIDER_EVERYONE_AGREED,
        _M.PROVIDER_NEEDS_ATTENTION,
        _M.ADMINISTRATOR_CONFLICT,
    }
)

#: What one act brings about may overtake what it said a moment before: then only the later message is sent.
OVERTAKEN: dict[MessageCode, frozenset[MessageCode]] = {
    _M.YOUNG_PERSON_WAITING: frozenset({_M.REQUEST_SENT, _M.REQUEST_ENTERED}),
    _M.YOUNG_PERSON_DECLINED: frozenset({_M.WITHDRAWN}),
    _M.EVERYONE_AGREED: frozenset({_M.ANSWERED, _M.BODY_REMOVED}),
    _M.PROVIDER_EVERYONE_AGREED: frozenset({_M.PROVIDER_ANSWERED}),
}

#: What is no longer to be told by anybody once this happened: it has been answered, is done, or came otherwise.
_OF_ANSWER = frozenset({_M.COUNCIL_NEW_REQUEST, _M.COUNCIL_ANSWER_LATE})
_OF_TIMES = frozenset({_M.MEETING_PROPOSED, _M.PARTY_MEETING_PROPOSED})
_OF_MEETING = _OF_TIMES | {
    *(_M.MEETING_FIXED, _M.MEETING_MOVED, _M.MEETING_PLACE_CHANGED),
    *(_M.PARTY_MEETING_FIXED, _M.PARTY_MEETING_MOVED, _M.PARTY_MEETING_PLACE_CHANGED),
}
_OF_DRAFT = frozenset({_M.DRAFT_TO_CHECK, _M.PARTY_DRAFT_TO_CHECK})
_OF_OPEN_CASE = _OF_ACTIONS | _OF_HOLD | OF_CHANGE | _OF_ANSWER | _OF_MEETING | _OF_DRAFT
_SETTLED_BY: dict[Happening, frozenset[MessageCode]] = {
    Happening.YOUNG_PERSON_AGREED: frozenset({_M.YOUNG_PERSON_ASKED, _M.YOUNG_PERSON_WAITING, _M.YOUNG_PERSON_LATE}),
    Happening.YOUNG_PERSON_DECLINED: frozenset({_M.YOUNG_PERSON_ASKED, _M.YOUNG_PERSON_WAITING, _M.YOUNG_PERSON_LATE}),
    **dict.fromkeys((Happening.YOUNG_PERSON_GOES_ON, Happening.ACTS_FOR_YOUNG_PERSON), _OF_HOLD),
    Happening.INFORMATION_GIVEN: frozenset({_M.INFORMATION_ASKED, _M.INFORMATION_LATE}),
    # Whoever had it has nobody to tell of it any more.
    Happening.PASSED_ON: frozenset(MessageCode),
    Happening.HANDED_OVER: frozenset(MessageCode),
    **dict.fromkeys((Happening.CHANGE_ANSWERED, Happening.CHANGE_ENDED), OF_CHANGE),
    **dict.fromkeys((Happening.ANSWERED, Happening.HOLDING_REPLY), _OF_ANSWER),
    **dict.fromkeys((Happening.MEETING_PROPOSED, Happening.MEETING_FIXED), _OF_TIMES),
    **dict.fromkeys((Happening.MEETING_MOVED, Happening.MEETING_CANCELLED, Happening.MEETING_HELD), _OF_MEETING),
    Happening.OUTCOME_RECORDED: _OF_DRAFT,
    **dict.fromkeys((Happening.ACTION_DONE, Happening.ACTION_CONFIRMED), _OF_ACTIONS),
    **dict.fromkeys((Happening.WITHDRAWN, Happening.CLOSED), _OF_OPEN_CASE),
}


def settled_by(happening: Happening, by: Viewer | None) -> frozenset[MessageCode]:
    """Return what is no longer to be told by anybody once the side ``by`` did this."""
    if happening in {Happening.ANSWERED, Happening.HOLDING_REPLY} and by is not Viewer.LOCAL_AUTHORITY:
        return frozenset()  # Another side's answer is not the council's.
    return _SETTLED_BY.get(happening, frozenset())


#: Told to a council that does not know of a case otherwise: that one of its families waits for a provider, by the
#: reference alone. Nobody but the council can find one.
TOLD_ANYWAY = frozenset({_M.COUNCIL_TO_PLACE, _M.COUNCIL_PLACE_LATE})

_OUTSIDE = frozenset({RecipientKind.COUNCIL, RecipientKind.INVITED})


def messages_for(
    happening: Happening, *, by: Viewer | None, council_knows: bool, clock: ClockCode | None = None
) -> dict[RecipientKind, MessageCode | ByPhone]:
    """Return what is sent to whom when ``happening`` is announced as done by the side ``by``.

    ``clock`` is the clock that was missed, for CLOCK_MISSED. Until the provider told it (``council_knows``), the
    council and everybody beyond it hears nothing at all but TOLD_ANYWAY, whatever the table says.
    """
    missed = happening is Happening.CLOCK_MISSED
    row = MISSED.get(clock) if missed and clock is not None else DECISIONS[happening]
    found: dict[RecipientKind, MessageCode | ByPhone] = {}
    for kind, cell in row.cells().items() if row is not None else ():
        if isinstance(cell, Silence):
            continue
        code = cell.code if isinstance(cell, ByPhone) else cell
        if kind in _OUTSIDE and not council_knows and code not in TOLD_ANYWAY:
            continue
        if missed or by is not SIDES[kind] or code in CONFIRMED:
            found[kind] = cell
    return found

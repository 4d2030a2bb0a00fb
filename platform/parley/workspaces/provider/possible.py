"""What provider staff can do in a case as it stands. Pure: pages offer it, and refuse what is no longer there."""

import dataclasses
import enum
import uuid

from parley.casework.change_over import GOES_ON, TAKEN_UP
from parley.casework.domain import AnswerValue, Attention, CaseState, PartyKind
from parley.casework.views import CaseView, PartyView
from parley.casework.worklists import Desk
from parley.kernel.errors import Conflict


class Act(enum.StrEnum):
    """Something a coordinator does; the values are the endpoints of the pages."""

    ACKNOWLEDGE = "acknowledge"
    TELL_COUNCIL = "tell_council"
    ASK = "ask"
    SIGNPOST = "signpost"
    CONFLICT = "conflict_of_interest"
    LET_GO = "pass_on"
    YOUNG_PERSON = "young_persons_answer"
    ACTING = "acts_for_young_person"
    WHO_GOES_ON = "who_goes_on"
    WITHDRAW = "withdraw"
    END = "end"


#: What each is called where it is offered.
TITLES = {
    Act.ACKNOWLEDGE: "Acknowledge the request",
    Act.TELL_COUNCIL: "Tell the council",
    Act.ASK: "Ask the family for more",
    Act.SIGNPOST: "Signpost to another way",
    Act.CONFLICT: "Report a conflict of interest",
    Act.LET_GO: "Pass the request on",
    Act.YOUNG_PERSON: "Record the young person’s answer",
    Act.ACTING: "Record who acts for the young person",
    Act.WHO_GOES_ON: "Record who goes on, as the family says",
    Act.WITHDRAW: "The family withdraws",
    Act.END: "End without a meeting",
}

_BEFORE_TOLD = frozenset({CaseState.SENT, CaseState.ACKNOWLEDGED})
_RUNNING = frozenset(CaseState) - {CaseState.CLOSED, CaseState.WAITING_FOR_YOUNG_PERSON, CaseState.UNPLACED}
_BEFORE_MEETING = frozenset({CaseState.COUNCIL_TOLD, CaseState.AGREED})
_BEFORE_HELD = frozenset({CaseState.AGREED, CaseState.MEETING_ARRANGED})

#: The one thing a case in this state waits for from the provider.
MAIN: dict[CaseState, Act] = {
    CaseState.WAITING_FOR_YOUNG_PERSON: Act.YOUNG_PERSON,
    CaseState.SENT: Act.ACKNOWLEDGE,
    CaseState.ACKNOWLEDGED: Act.TELL_COUNCIL,
}

_STATES: dict[Act, frozenset[CaseState]] = {
    Act.ACKNOWLEDGE: frozenset({CaseState.SENT}) | TAKEN_UP,
    Act.TELL_COUNCIL: frozenset({CaseState.ACKNOWLEDGED}),
    Act.ASK: _RUNNING,
    Act.SIGNPOST: _BEFORE_TOLD,
    Act.CONFLICT: _RUNNING,
    Act.LET_GO: _BEFORE_TOLD,
    Act.YOUNG_PERSON: frozenset({CaseState.WAITING_FOR_YOUNG_PERSON}),
    Act.ACTING: frozenset({CaseState.WAITING_FOR_YOUNG_PERSON}),
    Act.WHO_GOES_ON: frozenset(GOES_ON),
    Act.WITHDRAW: _RUNNING | {CaseState.UNPLACED},
    Act.END: _BEFORE_MEETING,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForParty:
    """What can be done about one side: invite somebody, ask the family about it, go on without it."""

    party_id: uuid.UUID
    invite: bool
    go_on_without: bool


def acts(view: CaseView, desk: Desk) -> list[Act]:
    """Return what a coordinator can do in the case, what it waits for first."""
    possible = [act for act in Act if view.standing in _STATES[act]]
    if not view.on_hold:
        # Before a request is sent on, whoever acts for a young person sends one of their own.
        possible = [act for act in possible if act is not Act.ACTING]
    if not waits_to_be_taken_up(view):
        possible = [act for act in possible if act is not Act.ACKNOWLEDGE]
    if view.change is None:
        possible = [act for act in possible if act is not Act.WHO_GOES_ON]
    if desk.attention is Attention.CONFLICT_OF_INTEREST:
        possible = [act for act in possible if act is not Act.CONFLICT]
    return possible


def main_act(view: CaseView) -> Act | None:
    """Return the one thing that the case waits for from the provider, if it does."""
    return Act.ACKNOWLEDGE if waits_to_be_taken_up(view) else MAIN.get(view.standing)


def waits_to_be_taken_up(view: CaseView) -> bool:
    """Tell whether the provider has not confirmed yet that it has the case."""
    taken = view.referral is not None and view.referral.acknowledged_at is not None
    return view.standing is CaseState.SENT or (view.standing in TAKEN_UP and not taken)


def require(act: Act, view: CaseView, desk: Desk) -> None:
    """Raise Conflict when ``act`` is not possible as the case stands: the page it was offered on is out of date."""
    if act not in acts(view, desk):
        raise Conflict(
            "This case has moved on since the page was opened. Open it again to see how it stands now.",
            code="case-moved-on",
        )


def for_party(view: CaseView, party: PartyView) -> ForParty:
    """Return what can be done about one side of the case.

    The others go on without a side that said no, or that said yes and takes it back before the meeting.
    """
    answering = view.standing is CaseState.COUNCIL_TOLD and not party.removed
    said_no = answering and party.answer is AnswerValue.DECLINED
    takes_it_back = view.state in _BEFORE_HELD and party.may_be_invited and not party.removed
    body = party.kind in {PartyKind.SETTING, PartyKind.ICB}
    contacts = [member for member in view.members if member.party_id == party.id and member.invitation]
    others = [
        other
        for other in view.parties
        if other.id != party.id and other.kind is not PartyKind.FAMILY and other.may_be_invited and not other.removed
    ]
    return ForParty(
        party_id=party.id,
        invite=answering and body and party.may_be_invited and party.answer is None and not contacts,
        go_on_without=(said_no or takes_it_back) and bool(others),
    )

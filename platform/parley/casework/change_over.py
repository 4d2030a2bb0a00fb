"""A case whose provider's contract ended early: what a family is asked, and what a change of provider means. Pure."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Mapping

from parley.casework.clocks import NewClock, own_aim_clock, response_clock
from parley.casework.domain import CaseState, ClockCode, Viewer
from parley.policy.domain import Policy
from parley.tenancy.domain import ProviderOrganisation


class ProviderChoice(enum.StrEnum):
    """What a family says to the question who goes on with its request. That it wants neither is a withdrawal."""

    STAY = "stay"
    """The provider that has it, whose contract ended."""
    MOVE = "move"
    """The one that the council named."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChangeView:
    """That the family of a case was asked, and what it said so far. ``may_stay``: the present one can go on."""

    new_provider: ProviderOrganisation
    may_stay: bool
    asked_at: dt.datetime
    choice: ProviderChoice | None


class AtChange(enum.Enum):
    """What becomes of a running due date when another provider takes a case over."""

    RUNS_ON = "runs_on"
    """The law's, or another side's own: who runs the service changes nothing in it."""
    ANEW = "anew"
    """What a provider owes: the new one has had no time for it yet."""
    STOPS = "stops"
    """It belongs to the one before: its question in confidence, its meeting, or the question that is answered now."""


AT_CHANGE: Mapping[ClockCode, AtChange] = {
    ClockCode.ADVISER_BY: AtChange.RUNS_ON,
    ClockCode.APPEAL_BY: AtChange.RUNS_ON,
    ClockCode.ACKNOWLEDGE_BY: AtChange.ANEW,
    ClockCode.TELL_COUNCIL_BY: AtChange.ANEW,
    ClockCode.ANSWER_BY: AtChange.RUNS_ON,
    ClockCode.HOLDING_UNTIL: AtChange.RUNS_ON,
    ClockCode.YOUNG_PERSON_BY: AtChange.RUNS_ON,
    ClockCode.INFORMATION_BY: AtChange.STOPS,
    ClockCode.INVITE_BY: AtChange.ANEW,
    ClockCode.INVITATION_BY: AtChange.RUNS_ON,
    ClockCode.ARRANGE_BY: AtChange.ANEW,
    ClockCode.MEETING_ON: AtChange.STOPS,
    ClockCode.ACTION_BY: AtChange.RUNS_ON,
    ClockCode.PLACE_BY: AtChange.STOPS,
    ClockCode.CHOOSE_BY: AtChange.STOPS,
    ClockCode.OWN_CHOICE_ON: AtChange.RUNS_ON,
}

#: Where a case goes on at the provider that takes it over; in a state that is missing here nobody is asked.
#: A meeting that is arranged is the former one's, with its mediator, and so is a draft that not everybody confirmed.
GOES_ON: Mapping[CaseState, CaseState] = {
    CaseState.SENT: CaseState.SENT,
    CaseState.ACKNOWLEDGED: CaseState.SENT,
    CaseState.COUNCIL_TOLD: CaseState.COUNCIL_TOLD,
    CaseState.AGREED: CaseState.AGREED,
    CaseState.MEETING_ARRANGED: CaseState.AGREED,
    CaseState.MEETING_HELD: CaseState.AGREED,
    CaseState.OUTCOME_RECORDED: CaseState.OUTCOME_RECORDED,
}


#: Where a provider that took a case over confirms that it has it, and the case goes on from there.
TAKEN_UP = frozenset(GOES_ON.values()) - {CaseState.SENT}


def choosing_clock(start: dt.date) -> NewClock:
    """Return by when a family says who goes on with its request: our aim, and no harm if it goes by."""
    return own_aim_clock(ClockCode.CHOOSE_BY, "choose_provider", Viewer.FAMILY, start)


def clocks_at_taker(
    after: CaseState, policy: Policy, on: dt.date, *, inviting: Iterable[uuid.UUID | None]
) -> list[NewClock]:
    """Return what begins anew where a case goes on in the state ``after`` from the London date ``on``.

    ``inviting`` are the parties that the one before was still to invite. That a provider has the case is confirmed in
    every state.
    """
    codes = {
        CaseState.SENT: [ClockCode.ACKNOWLEDGE_BY, ClockCode.TELL_COUNCIL_BY],
        CaseState.AGREED: [ClockCode.ACKNOWLEDGE_BY, ClockCode.ARRANGE_BY],
    }.get(after, [ClockCode.ACKNOWLEDGE_BY])
    owed = [response_clock(code, policy, on) for code in codes]
    return owed + [response_clock(ClockCode.INVITE_BY, policy, on, party_id=party_id) for party_id in inviting]

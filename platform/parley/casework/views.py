"""What one person sees of a case: plain frozen data, made by ``queries`` for one viewer. Pure.

What a viewer may not see is not in the view at all, so a template cannot show it by mistake.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from parley.casework.allocation import AllocatedBecause
from parley.casework.change_over import ChangeView
from parley.casework.domain import (
    HOLDERS,
    AnswerValue,
    Capacity,
    CaseState,
    Channel,
    ClockBasis,
    ClockCode,
    CloseReason,
    DeclineReason,
    Holder,
    InvitationKind,
    PartyKind,
    ReferralState,
    StatementKind,
    Viewer,
)
from parley.casework.request import Safety
from parley.tenancy.domain import ContractEnd, ProviderOrganisation


@dataclasses.dataclass(frozen=True, kw_only=True)
class PartyView:
    """A side of the case and the answer it last gave. ``words`` are the party's own, for the family.

    ``asked``: the council was told, or somebody at the body was invited. Until then nobody waits for its answer.
    """

    id: uuid.UUID
    kind: PartyKind
    name: str
    may_be_invited: bool
    removed: bool
    asked: bool = True
    answer: AnswerValue | None = None
    reason: DeclineReason | None = None
    words: str = ""
    holding_until: dt.date | None = None
    answered_at: dt.datetime | None = None
    unavailable: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvitationView:
    """A person's newest invitation, for the provider. ``opened`` tells that the person confirmed who they are."""

    id: uuid.UUID
    kind: InvitationKind
    made_at: dt.datetime
    sent_at: dt.datetime | None
    expires_at: dt.datetime
    accepted_at: dt.datetime | None
    returned_at: dt.datetime | None
    revoked_at: dt.datetime | None
    opened: bool

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether it can still be answered at ``at``."""
        return not (self.accepted_at or self.returned_at or self.revoked_at) and at < self.expires_at


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemberView:
    """A person in a party. Contact and safety are filled in for the provider and the person alone.

    To an invited contact, people of other sides have no names. ``role`` is what a contact is at the body.
    """

    id: uuid.UUID
    party_id: uuid.UUID
    capacity: Capacity
    name: str
    is_rights_holder: bool
    is_me: bool
    role: str = ""
    email: str = ""
    phone: str = ""
    safety: Safety | None = None
    access_needs: Mapping[str, Any] | None = None
    has_account: bool = False
    """Somebody signed in has taken this place; known to the provider."""
    invitation: InvitationView | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementView:
    """Something the family wrote. ``shared_with`` is known to its author and the provider only."""

    id: uuid.UUID
    kind: StatementKind
    body: str
    is_mine: bool
    shared_with: frozenset[uuid.UUID] = frozenset()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockView:
    """A due date; ``met_on`` and ``stopped`` tell how it ended. ``party_id`` where it is one party's own."""

    code: ClockCode
    basis: ClockBasis
    binds: Viewer
    due_on: dt.date
    met_on: dt.date | None
    stopped: bool
    party_id: uuid.UUID | None = None
    party: str = ""
    """What that party is called, where the family gave it a name."""
    member_id: uuid.UUID | None = None

    def is_running(self) -> bool:
        """Tell whether the date still counts."""
        return self.met_on is None and not self.stopped

    def is_missed(self, on: dt.date) -> bool:
        """Tell whether the date went by with nothing done."""
        return self.is_running() and on > self.due_on


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimelineView:
    """Something that happened, by whom; the words are made by ``casework.wording``."""

    at: dt.datetime
    happening: str
    by: Viewer
    codes: Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChildView:
    """Who the case is about. The address is for the provider and whoever gave it; an invited body has the name."""

    name: str
    setting: str
    date_of_birth: dt.date | None = None
    address: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReferralView:
    """How far the hand-over to the provider has come; for the provider and the family."""

    state: ReferralState
    provider_reference: str | None
    acknowledged_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as ``viewer`` sees it."""

    viewer: Viewer
    authority_id: uuid.UUID
    id: uuid.UUID
    reference: str
    state: CaseState
    state_since: dt.datetime
    close_reason: CloseReason | None
    channel: Channel
    provider: ProviderOrganisation
    """The one that has it, or had it last."""
    allocated_because: AllocatedBecause
    policy_version_id: uuid.UUID
    law_version: str
    areas: tuple[str, ...]
    against: tuple[str, ...]
    facts: Mapping[str, Any]
    asked_as_question: bool
    sent_at: dt.datetime
    council_told_at: dt.datetime | None
    child: ChildView
    parties: tuple[PartyView, ...]
    members: tuple[MemberView, ...]
    statements: tuple[StatementView, ...]
    clocks: tuple[ClockView, ...]
    timeline: tuple[TimelineView, ...]
    referral: ReferralView | None
    assigned_id: uuid.UUID | None = None
    assigned_name: str = ""
    """What the council's officer who has the case is called; known to the council."""
    council_number: str = ""
    providers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The names, by id, of the providers that the timeline names: none where the case never changed hands."""
    contract: ContractEnd = ContractEnd()
    """How the contract ends under which the provider has the case; it keeps the case all the same. Not in lists."""
    change: ChangeView | None = None
    """That the family is asked who goes on; for family and provider, and not in lists."""

    def party(self, kind: PartyKind) -> PartyView | None:
        """Return the first party of ``kind`` still in the case, or None."""
        return next((party for party in self.parties if party.kind is kind and not party.removed), None)

    @property
    def standing(self) -> CaseState:
        """The state by which is known what comes next, and who can do what: while the date for a young person's own
        answer runs, it waits for that, however far it had come."""
        if self.state is not CaseState.CLOSED and any(
            clock.code is ClockCode.YOUNG_PERSON_BY and clock.is_running() for clock in self.clocks
        ):
            return CaseState.WAITING_FOR_YOUNG_PERSON
        return self.state

    @property
    def on_hold(self) -> bool:
        """Tell whether a case that had begun waits for its young person's own yes."""
        return self.standing is not self.state

    @property
    def holder(self) -> Holder:
        """Who is to act next."""
        return HOLDERS[self.standing]

    def me(self) -> MemberView | None:
        """Return the viewer's own place among the people of the case."""
        return next((member for member in self.members if member.is_me), None)

    @property
    def waits_for_my_yes(self) -> bool:
        """Tell whether the case waits for the viewer's own yes: a young person's, to what a parent asked for them."""
        me = self.me()
        waits = self.standing is CaseState.WAITING_FOR_YOUNG_PERSON
        return waits and me is not None and me.capacity is Capacity.YOUNG_PERSON

    @property
    def was_referred(self) -> bool:
        """Tell whether the provider has the request: not before a young person's own yes. For family and provider."""
        return self.referral is not None

    def open_question(self, member_id: uuid.UUID) -> ClockView | None:
        """Return the date by which this person's answer to the provider's question helps, None where none is open."""
        asked = (clock for clock in self.clocks if clock.code is ClockCode.INFORMATION_BY and clock.is_running())
        return next((clock for clock in asked if clock.member_id == member_id), None)

"""A case in which everybody agreed, the people who arrange its meeting, and what they do, by name."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from parley.access.domain import Role
from parley.casework.domain import Capacity, CaseState, Viewer
from parley.casework.models import Case
from parley.casework.request import MeetingMode
from parley.db.scope import provider_scope
from parley.kernel.ids import new_id
from parley.meetings import queries
from parley.meetings.domain import AskedBy, OwnPlace, Period, Place, Places, Registration, SlotAnswer, period_on
from parley.meetings.service import changing, fixing, mediators, proposing
from parley.meetings.service.fixing import Arrangement
from parley.meetings.service.mediators import MediatorFacts
from parley.meetings.views import MeetingView
from parley.tenancy.domain import ProviderOrganisation
from support.factories import NOW, Factory, MadeCase, acting
from support.policies import policy_of

DERBY = policy_of("derby")
DAY = dt.date(2026, 12, 8)
REGISTERED = Registration(body="Civil Mediation Council", number="SEND-1042", until=dt.date(2028, 3, 31))
HALL = "Friends Meeting House, St Helen’s Street, Derby"
IN_THE_HALL = Arrangement(mode=MeetingMode.IN_PERSON, places=Places(common=Place(place=HALL)))


def at_ten(day: dt.date = DAY) -> Period:
    """Return from ten to noon on ``day``."""
    return period_on(day, dt.time(10), dt.time(12))


def with_own(own: Mapping[uuid.UUID, OwnPlace], **changed: Any) -> Arrangement:
    """Return the meeting in the hall with some people's own places."""
    return dataclasses.replace(IN_THE_HALL, places=Places(common=Place(place=HALL), own=own), **changed)


def mediator_of(
    make: Factory, provider: ProviderOrganisation, *, name: str = "Robin Vale", registration: Registration = REGISTERED
) -> uuid.UUID:
    """Add a mediator to the provider's list; return their id."""
    with make.database.begin(provider_scope(provider.id)) as session:
        return mediators.save_mediator(
            session,
            actor=acting(Role.COORDINATOR, provider),
            at=NOW,
            provider_id=provider.id,
            facts=MediatorFacts(name=name, registration=registration),
        )


class Arranging:
    """One case whose meeting is arranged. Each method is one act, committed, at NOW unless ``at`` says otherwise."""

    def __init__(self, make: Factory, made: MadeCase | None = None, *, decider_email: str = "") -> None:
        """Take a case, or make one in which the council agreed and named who can decide."""
        self.make = make
        self.made = made or make.case(state=CaseState.AGREED)
        self.ids = {"authority_id": self.made.authority.id, "case_id": self.made.id}
        self.coordinator = acting(Role.COORDINATOR, self.made.provider)
        self.officer = acting(Role.OFFICER, self.made.authority)
        self.decider = make.member(
            self.made,
            self.made.council,
            name="Kim Rowe",
            capacity=Capacity.DECISION_MAKER,
            identity_id=new_id(),
            email=decider_email,
        )

    def provider(self, act: Callable[..., Any], *, at: dt.datetime = NOW, **values: Any) -> Any:
        """Do something as the coordinator."""
        with self.make.database.begin(self.made.provider_scope) as session:
            return act(session, actor=self.coordinator, at=at, **self.ids, **values)

    def family(self, act: Callable[..., Any], *, at: dt.datetime = NOW, **values: Any) -> Any:
        """Do something as the parent."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return act(session, actor=self.made.family_actor, at=at, **self.ids, **values)

    def council(self, act: Callable[..., Any], *, at: dt.datetime = NOW, **values: Any) -> Any:
        """Do something as an officer."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return act(session, actor=self.officer, at=at, **self.ids, **values)

    @property
    def meeting(self) -> MeetingView:
        """The newest meeting as the provider sees it."""
        with self.make.database.begin(self.made.provider_scope) as session:
            found = queries.provider_meeting(session, **self.ids)
        assert found is not None
        return found

    @property
    def seen(self) -> int | None:
        """The version of the open meeting that a page would show now."""
        with self.make.database.begin(self.made.provider_scope) as session:
            found = queries.provider_meeting(session, **self.ids)
        return found.version if found and found.is_open else None

    @property
    def case(self) -> Case:
        """The case's own row."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return session.get_one(Case, (self.made.authority.id, self.made.id))

    def seen_by(self, identity_id: uuid.UUID, viewer: Viewer = Viewer.FAMILY) -> MeetingView | None:
        """Return the meeting as one person of the case sees it."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return queries.own_meeting(session, identity_id=identity_id, viewer=viewer, **self.ids)

    def seen_by_council(self) -> MeetingView | None:
        """Return the meeting as the council sees it."""
        with self.make.database.begin(self.made.authority_scope) as session:
            return queries.council_meeting(session, **self.ids)

    def propose(self, *slots: Period, mode: MeetingMode = MeetingMode.IN_PERSON) -> None:
        """Suggest times: ten to noon on DAY unless ``slots`` say."""
        self.provider(proposing.propose_times, mode=mode, slots=slots or (at_ten(),), seen=self.seen)

    def assign(self, mediator_id: uuid.UUID | None = None) -> uuid.UUID:
        """Assign a mediator, a new one unless ``mediator_id`` says; return their id."""
        mediator_id = mediator_id or mediator_of(self.make, self.made.provider)
        self.provider(fixing.assign_mediator, mediator_id=mediator_id, seen=self.seen)
        return mediator_id

    def answer(self, value: SlotAnswer = SlotAnswer.CAN) -> None:
        """Have the parent answer every suggested time alike."""
        self.family(proposing.answer_own, answers={slot.id: value for slot in self.meeting.slots})

    def fix(self, arrangement: Arrangement = IN_THE_HALL, *, at: dt.datetime = NOW) -> None:
        """Fix the meeting at the first suggested time."""
        slot = self.meeting.slots[0]
        self.provider(fixing.fix_meeting, at=at, slot_id=slot.id, arrangement=arrangement, seen=self.seen)

    def fixed(self, arrangement: Arrangement = IN_THE_HALL, *, mediator_id: uuid.UUID | None = None) -> "Arranging":
        """Take the meeting all the way to a fixed time; return self."""
        self.propose()
        self.assign(mediator_id)
        self.fix(arrangement)
        return self

    def move(
        self, period: Period, *, asked_by: AskedBy = AskedBy.FAMILY, arrangement: Arrangement = IN_THE_HALL
    ) -> None:
        """Move the fixed meeting to another time."""
        self.provider(fixing.move_meeting, period=period, asked_by=asked_by, arrangement=arrangement, seen=self.seen)

    def ask_again(self, *slots: Period, asked_by: AskedBy = AskedBy.LOCAL_AUTHORITY) -> None:
        """Give up the fixed time and ask about others."""
        self.provider(
            changing.ask_for_new_times,
            asked_by=asked_by,
            mode=MeetingMode.IN_PERSON,
            slots=slots or (at_ten(DAY + dt.timedelta(days=7)),),
            policy=DERBY,
            seen=self.seen,
        )

    def cancel(self, *, asked_by: AskedBy = AskedBy.FAMILY) -> None:
        """Cancel the meeting."""
        self.provider(changing.cancel_meeting, asked_by=asked_by, policy=DERBY, seen=self.seen)

    def hold(self, *attended: uuid.UUID, decision_maker_present: bool = True) -> None:
        """Record that the meeting was held, an hour after it began; everybody was there unless ``attended`` says."""
        period = self.meeting.period
        assert period is not None
        self.provider(
            changing.hold_meeting,
            at=period.begins_at + dt.timedelta(hours=1),
            attended=attended or tuple(person.member_id for person in self.meeting.people),
            decision_maker_present=decision_maker_present,
            seen=self.seen,
        )

"""What happens in a demonstration's case once everybody agreed: times, a meeting, a draft that both sides confirm."""

import datetime as dt
import enum
import uuid
from contextlib import AbstractContextManager

from parley.access.domain import Actor
from parley.casework.agreement import ActionText, AgreementText, OutcomeKind
from parley.casework.domain import PartyKind
from parley.casework.queries import provider_view
from parley.casework.request import MeetingMode
from parley.compartment import drafts
from parley.compartment.domain import CopyHolder
from parley.compartment.queries import newest_draft
from parley.db.scope import Side, compartment_scope, provider_scope
from parley.db.session import Session
from parley.demonstration.stage import Stage
from parley.identity.domain import SignInKind
from parley.jobs.domain import Attempt
from parley.kernel.clock import FixedClock, london_date
from parley.meetings.domain import Period, Place, Places, Registration
from parley.meetings.queries import held_meeting, mediators, provider_meeting
from parley.meetings.service.changing import hold_meeting
from parley.meetings.service.fixing import Arrangement, assign_mediator, fix_meeting
from parley.meetings.service.mediators import MediatorFacts, save_mediator
from parley.meetings.service.proposing import propose_times
from parley.outcomes.domain import ActionChange
from parley.outcomes.jobs import OutcomeJobs
from parley.outcomes.queries import outcomes
from parley.outcomes.service import close_case, record_nothing_agreed, say_of_action

_LENGTH = dt.timedelta(hours=2)


class Reach(enum.IntEnum):
    """How far a case came after everybody agreed."""

    PROPOSED = 1
    FIXED = 2
    HELD = 3
    DRAFTED = 4
    """Each side has its copy; the council has not confirmed its own yet."""
    RECORDED = 5
    CLOSED = 6
    """The outcome was recorded in its time, agreed actions are done, and the case is over."""


class AfterAgreement:
    """Plays one case on from the agreement of all."""

    def __init__(self, stage: Stage, case_id: uuid.UUID, *, family: Actor, coordinator: Actor) -> None:
        """Take the case, which everybody has agreed to, who asked in it, and who arranges its meeting."""
        self._stage, self._id, self._family, self._coordinator = stage, case_id, family, coordinator

    def play(
        self, reach: Reach, *, agreed: dt.datetime, first: dt.datetime, kind: OutcomeKind = OutcomeKind.PARTIAL
    ) -> None:
        """Go as far as ``reach``: suggested and fixed soon after ``agreed``, held at ``first``; it came to ``kind``."""
        slots = [Period(begins_at=at, ends_at=at + _LENGTH) for at in (first, first + dt.timedelta(hours=4))]
        self._propose(slots, agreed + dt.timedelta(hours=1))
        if reach >= Reach.FIXED:
            self._fix(agreed + dt.timedelta(hours=2))
        if reach >= Reach.HELD:
            self._hold(slots[0].ends_at)
        written = slots[0].ends_at + dt.timedelta(hours=2)
        if reach >= Reach.DRAFTED and kind is not OutcomeKind.NONE:
            self._draft(written, kind, recorded=reach >= Reach.RECORDED)
        if reach is Reach.CLOSED:
            self._record(written + dt.timedelta(hours=3), kind)
            self._act_on(written + dt.timedelta(days=6))
            self._close(written + dt.timedelta(days=20))

    def _propose(self, slots: list[Period], at: dt.datetime) -> None:
        with self._stage.case(self._id) as session:
            propose_times(
                session,
                actor=self._coordinator,
                at=at,
                authority_id=self._stage.authority.id,
                case_id=self._id,
                mode=MeetingMode.IN_PERSON,
                slots=slots,
                seen=None,
            )

    def _fix(self, at: dt.datetime) -> None:
        mediator_id = self._mediator(at)
        meeting = self._meeting()
        authority_id, actor = self._stage.authority.id, self._coordinator
        with self._stage.case(self._id) as session:
            assign_mediator(
                session,
                actor=actor,
                at=at,
                authority_id=authority_id,
                case_id=self._id,
                mediator_id=mediator_id,
                seen=meeting[1],
            )
        slot_id, version = self._meeting()
        place = Place(place="The library, 2 Example Street, Exampletown. Ask for the green room.")
        with self._stage.case(self._id) as session:
            fix_meeting(
                session,
                actor=actor,
                at=at,
                authority_id=authority_id,
                case_id=self._id,
                slot_id=slot_id,
                arrangement=Arrangement(
                    mode=MeetingMode.IN_PERSON,
                    places=Places(common=place),
                    for_everybody="There is a lift. Breaks whenever anybody asks.",
                    notice_waived=True,
                ),
                seen=version,
            )

    def _meeting(self) -> tuple[uuid.UUID, int]:
        """Return the first suggested time and the version of the case's meeting."""
        with self._stage.case(self._id) as session:
            view = provider_meeting(session, authority_id=self._stage.authority.id, case_id=self._id)
        if view is None:
            raise LookupError("a meeting was suggested")
        return view.slots[0].id, view.version

    def _mediator(self, at: dt.datetime) -> uuid.UUID:
        """Return the mediator of the demonstration, listed for the provider if they are not yet."""
        identity_id = self._stage.person(SignInKind.PROVIDER, "mediator1", at).identity_id
        provider_id = self._stage.provider.id
        with self._stage.database.begin(provider_scope(provider_id)) as session:
            for known in mediators(session, provider_id=provider_id):
                if known.name == "Mediator 1":
                    return known.id
            entry = Registration(body="A register of SEND mediators", number="0001", until=dt.date(2099, 12, 31))
            facts = MediatorFacts(name="Mediator 1", registration=entry, identity_id=identity_id)
            return save_mediator(session, actor=self._coordinator, at=at, provider_id=provider_id, facts=facts)

    def _hold(self, at: dt.datetime) -> None:
        _slot, version = self._meeting()
        with self._stage.case(self._id) as session:
            view = provider_meeting(session, authority_id=self._stage.authority.id, case_id=self._id)
            everybody = [person.member_id for person in view.people] if view else []
            hold_meeting(
                session,
                actor=self._coordinator,
                at=at,
                authority_id=self._stage.authority.id,
                case_id=self._id,
                attended=everybody,
                decision_maker_present=True,
                seen=version,
            )

    def _draft(self, at: dt.datetime, kind: OutcomeKind, *, recorded: bool) -> None:
        mediator = self._stage.person(SignInKind.PROVIDER, "mediator1", at)
        family, council = self._holders()
        with self._stage.case(self._id) as session:
            meeting = held_meeting(session, authority_id=self._stage.authority.id, case_id=self._id)
        if meeting is None or mediator.identity_id is None:
            raise LookupError("the meeting was held, by a person")
        with self._compartment(Side.PROVIDER, self._stage.provider.id, mediator.identity_id) as session:
            draft_id = drafts.write_draft(
                session,
                actor=mediator,
                at=at,
                meeting_id=meeting.id,
                parties=frozenset({family.party_id, council.party_id}),
                text=_text(kind, council.party_id, london_date(at)),
                instead_of=0,
            )
            drafts.give_copies(session, actor=mediator, at=at, draft_id=draft_id, holders=[family, council])
        officer = self._stage.person(SignInKind.STAFF, "officer1", at)
        self._confirm(Side.FAMILY, family.member_id, self._family, at + dt.timedelta(hours=1))
        if recorded:
            self._confirm(Side.COUNCIL, officer.identity_id, officer, at + dt.timedelta(hours=2))

    def _record(self, at: dt.datetime, kind: OutcomeKind) -> None:
        """Carry the draft out as the worker does, at ``at``; where nothing was agreed, say so."""
        authority_id = self._stage.authority.id
        with self._stage.case(self._id) as session:
            meeting = held_meeting(session, authority_id=authority_id, case_id=self._id)
            if kind is OutcomeKind.NONE:
                record_nothing_agreed(
                    session,
                    actor=self._coordinator,
                    at=at,
                    authority_id=authority_id,
                    case_id=self._id,
                    meeting_id=meeting.id if meeting else None,
                )
                return
        family, _council = self._holders()
        with self._compartment(Side.FAMILY, authority_id, family.member_id) as session:
            draft = newest_draft(session)
        if draft is not None:
            ids = {"authority_id": authority_id, "case_id": self._id, "draft_id": draft.id}
            job = OutcomeJobs(self._stage.database, FixedClock(at), drafts.settle)
            job.release(Attempt(number=1, is_last=True), **{name: str(value) for name, value in ids.items()})

    def _act_on(self, at: dt.datetime) -> None:
        """Have every agreed action done, as the coordinator is told: the first now, each next a week later."""
        authority_id = self._stage.authority.id
        with self._stage.case(self._id) as session:
            view = provider_view(session, authority_id=authority_id, case_id=self._id)
            actions = [action for outcome in outcomes(session, view, at=at) for action in outcome.actions]
        for week, action in enumerate(actions):
            with self._stage.case(self._id) as session:
                say_of_action(
                    session,
                    actor=self._coordinator,
                    at=at + dt.timedelta(weeks=week),
                    case=provider_view(session, authority_id=authority_id, case_id=self._id),
                    action_id=action.id,
                    change=ActionChange.DONE,
                )

    def _close(self, at: dt.datetime) -> None:
        with self._stage.case(self._id) as session:
            close_case(
                session,
                actor=self._coordinator,
                at=at,
                authority_id=self._stage.authority.id,
                case_id=self._id,
            )

    def _holders(self) -> tuple[CopyHolder, CopyHolder]:
        with self._stage.case(self._id) as session:
            view = provider_view(session, authority_id=self._stage.authority.id, case_id=self._id)
        family, council = view.party(PartyKind.FAMILY), view.party(PartyKind.LOCAL_AUTHORITY)
        if family is None or council is None:
            raise LookupError("a case has a family and a council")
        parent = next(member for member in view.members if member.party_id == family.id)
        return (
            CopyHolder(side=Side.FAMILY, party_id=family.id, member_id=parent.id),
            CopyHolder(side=Side.COUNCIL, party_id=council.id, member_id=None),
        )

    def _confirm(self, side: Side, person_id: uuid.UUID | None, actor: Actor, at: dt.datetime) -> None:
        if person_id is None:
            raise LookupError("a copy is confirmed by somebody")
        with self._compartment(side, self._stage.authority.id, person_id) as session:
            draft = newest_draft(session)
            if draft is None:
                raise LookupError("each side was given its copy")
            drafts.confirm(session, actor=actor, at=at, copy_id=draft.copies[0].id)

    def _compartment(
        self, side: Side, realm_id: uuid.UUID, person_id: uuid.UUID | None
    ) -> AbstractContextManager[Session]:
        if person_id is None:
            raise LookupError("somebody stands on a side")
        scope = compartment_scope(realm_id, self._stage.authority.id, self._id, side=side, person_id=person_id)
        return self._stage.database.begin(scope)


def _text(kind: OutcomeKind, council: uuid.UUID, on: dt.date) -> AgreementText:
    in_a_week, in_three = on + dt.timedelta(days=7), on + dt.timedelta(days=21)
    return AgreementText(
        kind=kind,
        points=("The annual review is held before the end of next month.",),
        actions=(
            ActionText(what="Send the date of the review in writing", owner_id=council, due_on=in_a_week),
            ActionText(what="Name one person to ring", owner_id=council, due_on=in_three),
        ),
        remaining=("How many hours of speech and language therapy are needed.",) if kind is OutcomeKind.PARTIAL else (),
    )

"""A meeting that was held, the people who were there, and what each of them does with a draft."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import psycopg

from parley.access.domain import Actor, Role
from parley.casework import queries as casework
from parley.casework.agreement import ActionText, AgreementText, OutcomeKind
from parley.casework.domain import Capacity, CaseState, PartyKind, Viewer
from parley.casework.request import MeetingMode
from parley.casework.views import CaseView
from parley.compartment import drafts, queries
from parley.compartment.domain import CopyHolder, Participant, copy_holders
from parley.compartment.queries import DraftView
from parley.db.scope import Login, Scope, Side, authority_scope, compartment_scope
from parley.db.session import Database
from parley.jobs.worker import Worker
from parley.kernel.clock import Clock
from parley.kernel.ids import new_id
from parley.meetings.domain import MeetingState
from parley.meetings.models import Attendance, Meeting
from parley.outcomes.jobs import OutcomeJobs
from parley.outcomes.queries import OutcomeView, outcomes
from support.factories import NOW, Factory, MadeCase, acting

#: Said in confidence; looked for wherever it must not be.
CANARY = "canary-draft-5c1e"


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeldMeeting:
    """A case whose meeting was held between a family, its council and a school."""

    database: Database
    case: MadeCase
    meeting_id: uuid.UUID
    school: uuid.UUID
    contact: uuid.UUID
    contact_actor: Actor
    mediator: Actor
    coordinator: Actor
    officer: Actor

    def scope(self, side: Side, person: uuid.UUID | None = None) -> Scope:
        """Return the compartment as one side of the case opens it."""
        people = {
            Side.FAMILY: self.case.parent,
            Side.COUNCIL: self.officer.identity_id,
            Side.INVITED: self.contact,
            Side.PROVIDER: self.mediator.identity_id,
        }
        realm = self.case.provider.id if side is Side.PROVIDER else self.case.authority.id
        return compartment_scope(
            realm, self.case.authority.id, self.case.id, side=side, person_id=person or people[side]
        )

    def actor(self, side: Side) -> Actor:
        """Return who acts on a side."""
        return {
            Side.FAMILY: self.case.family_actor,
            Side.COUNCIL: self.officer,
            Side.INVITED: self.contact_actor,
            Side.PROVIDER: self.mediator,
        }[side]

    @property
    def parties(self) -> frozenset[uuid.UUID]:
        """The parties that were at the meeting."""
        return frozenset({self.case.family, self.case.council, self.school})

    def holders(self) -> list[CopyHolder]:
        """Return who has to confirm."""
        people = [
            (self.case.parent, self.case.family, PartyKind.FAMILY, True),
            (new_id(), self.case.council, PartyKind.LOCAL_AUTHORITY, False),
            (self.contact, self.school, PartyKind.SETTING, False),
        ]
        return list(
            copy_holders(
                Participant(member_id=member, party_id=party, party=kind, is_rights_holder=holds, attended=True)
                for member, party, kind, holds in people
            )
        )

    def text(self, **changed: Any) -> AgreementText:
        """Return a partial agreement with one of everything, and a canary in each."""
        values: dict[str, Any] = {
            "kind": OutcomeKind.PARTIAL,
            "points": (f"Speech therapy goes on. {CANARY}",),
            "actions": (
                ActionText(what=f"Write to the therapist. {CANARY}", owner_id=self.case.council, due_on=days(14)),
            ),
            "remaining": (f"The number of hours. {CANARY}",),
        }
        return AgreementText(**(values | changed))

    def write(self, text: AgreementText | None = None, *, instead_of: int = 0, give: bool = True) -> uuid.UUID:
        """Write a version, and give everybody their copy."""
        with self.database.begin(self.scope(Side.PROVIDER)) as session:
            draft_id = drafts.write_draft(
                session,
                actor=self.mediator,
                at=NOW,
                meeting_id=self.meeting_id,
                parties=self.parties,
                text=text or self.text(),
                instead_of=instead_of,
            )
            if give:
                drafts.give_copies(session, actor=self.mediator, at=NOW, draft_id=draft_id, holders=self.holders())
        return draft_id

    def draft(self, side: Side, person: uuid.UUID | None = None) -> DraftView | None:
        """Return the newest draft that a side is shown."""
        with self.database.begin(self.scope(side, person)) as session:
            return queries.newest_draft(session)

    def own_copy(self, side: Side) -> uuid.UUID:
        """Return the id of a side's own copy."""
        found = self.draft(side)
        assert found is not None
        (copy,) = found.copies
        return copy.id

    def confirm(self, *sides: Side) -> None:
        """Have sides confirm their copies."""
        for side in sides:
            with self.database.begin(self.scope(side)) as session:
                drafts.confirm(session, actor=self.actor(side), at=NOW, copy_id=self.own_copy(side))

    def take_back(self, side: Side) -> None:
        """Have a side take back its confirmation."""
        with self.database.begin(self.scope(side)) as session:
            drafts.take_back(session, actor=self.actor(side), at=NOW, copy_id=self.own_copy(side))

    def view(self, viewer: Viewer = Viewer.LOCAL_AUTHORITY) -> CaseView:
        """Return the case as somebody sees it on the open side."""
        of = {"authority_id": self.case.authority.id, "case_id": self.case.id}
        scope = self.case.provider_scope if viewer is Viewer.PROVIDER else self.case.authority_scope
        with self.database.begin(scope) as session:
            match viewer:
                case Viewer.FAMILY:
                    return casework.family_view(session, **of, identity_id=self.case.parent_identity)
                case Viewer.INVITED:
                    return casework.invited_view(session, **of, member_id=self.contact)
                case Viewer.PROVIDER:
                    return casework.provider_view(session, **of)
                case Viewer.LOCAL_AUTHORITY:
                    return casework.council_view(session, **of)

    def outcomes(self, viewer: Viewer = Viewer.LOCAL_AUTHORITY, *, at: dt.datetime = NOW) -> list[OutcomeView]:
        """Return the outcomes as somebody reads them on the open side."""
        scope = self.case.provider_scope if viewer is Viewer.PROVIDER else self.case.authority_scope
        view = self.view(viewer)
        with self.database.begin(scope) as session:
            return list(outcomes(session, view, at=at))


ALL = (Side.FAMILY, Side.COUNCIL, Side.INVITED)


def days(number: int) -> dt.date:
    """Return the day ``number`` days from now."""
    return NOW.date() + dt.timedelta(days=number)


def held_meeting(
    make: Factory,
    database: Database,
    case: MadeCase | None = None,
    *,
    contact_identity: uuid.UUID | None = None,
    **values: Any,
) -> HeldMeeting:
    """Make a case whose meeting was held, or let the meeting of ``case`` be.

    ``contact_identity`` is whom the school's contact signs in as.
    """
    case = case or make.case(**{"state": CaseState.MEETING_HELD, **values})
    school = make.party(case)
    contact_actor = acting(Role.INVITED, case.authority, identity_id=contact_identity)
    contact = make.member(case, school, capacity=Capacity.SETTING_CONTACT, identity_id=contact_actor.identity_id)
    decider = make.member(case, case.council, name="Kim Rowe", capacity=Capacity.DECISION_MAKER)
    return HeldMeeting(
        database=database,
        case=case,
        meeting_id=_held(database, case, (case.parent, contact, decider)),
        school=school,
        contact=contact,
        contact_actor=contact_actor,
        mediator=acting(Role.MEDIATOR, case.provider),
        coordinator=acting(Role.COORDINATOR, case.provider),
        officer=acting(Role.OFFICER, case.authority),
    )


def _held(database: Database, case: MadeCase, people: tuple[uuid.UUID, ...]) -> uuid.UUID:
    """Let a meeting have been held at which ``people`` (member ids) were; return its id."""
    of_case: dict[str, Any] = {"authority_id": case.authority.id, "case_id": case.id, "changed_at": NOW}
    meeting = Meeting(
        state=MeetingState.HELD,
        mode=MeetingMode.IN_PERSON,
        begins_at=NOW - dt.timedelta(hours=3),
        ends_at=NOW - dt.timedelta(hours=1),
        notice_waived=False,
        decision_maker_present=True,
        made_at=NOW,
        **of_case,
    )
    with database.begin(case.provider_scope) as session:
        session.add(meeting)
        session.add_all(
            Attendance(
                meeting_id=meeting.id,
                member_id=person,
                supporter_shared=False,
                needs={},
                attended=True,
                sequence=0,
                **of_case,
            )
            for person in people
        )
        session.commit()
    return meeting.id


def release_jobs(database: Database, clock: Clock) -> OutcomeJobs:
    """Return the work of releasing, as a worker holds it."""
    return OutcomeJobs(database, clock, drafts.settle)


def run_releases(database: Database, clock: Clock, worker_url: str) -> int:
    """Run what confirmations enqueued, and drop whatever else waits; return how many runs that took."""
    with psycopg.connect(worker_url) as worker:
        worker.execute("DELETE FROM jobs.procrastinate_jobs WHERE task_name <> 'outcomes.release'")
    return Worker(release_jobs(database, clock).tasks(), worker_url).run_due()


def worker_scope(case: MadeCase) -> Scope:
    """Return the scope of a job about the case."""
    return authority_scope(case.authority.id, login=Login.WORKER)

"""One family's requests at one council, at every stage that a page is for, with something in each that can be seen."""

import dataclasses
import datetime as dt
import io
import json
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from parley.access.domain import Actor, Role, system_actor
from parley.casework.agreement import ActionText
from parley.casework.allocation import straight_to
from parley.casework.domain import (
    Capacity,
    CaseState,
    Channel,
    ClockCode,
    InvitationKind,
    PartyKind,
    PassedOnBecause,
    Viewer,
)
from parley.casework.models import Case, Invitation, PartyMember
from parley.casework.placing import terms_of
from parley.casework.request import NewRequest, Safety
from parley.casework.request import Person as PersonSaid
from parley.casework.service import passing
from parley.casework.service.invitations import accept_for_family, mint_invitation
from parley.casework.service.questions import ask_for_information
from parley.casework.service.referral import acknowledge, current_referral
from parley.db.scope import Login, Side, authority_scope, provider_case_scope
from parley.documents.service import Upload, add_to_draft
from parley.kernel.ids import new_id
from parley.meetings.models import Meeting
from parley.outcomes.domain import ActionChange
from parley.outcomes.service import say_of_action
from parley.tenancy.domain import EarlyEndBecause, ProviderOrganisation
from support.changing_over import ChangingOver
from support.documents import PDF
from support.factories import Factory, MadeCase, acting
from support.family import Served
from support.invited import invited_contact, newest_invitation
from support.meetings import Arranging
from support.outcomes import ALL, HeldMeeting, days, held_meeting, run_releases
from support.own_choice import Growing
from support.people import at_realm
from support.provider import a_request, a_young_persons, sent
from support.staff import start_clock, told_case
from support.stage_words import Identities, StageWords

#: Signs in who was asked at the school of a case; returns who they are.
SignInContact = Callable[[MadeCase], uuid.UUID]

BY_PHONE = {"asker": PersonSaid(name="Ash Marsh", phone="+441632960001"), "phone_only": True, "safety": Safety()}
BY_MAIL = PersonSaid(name="Rowan Marsh", email="rowan@family.example")


class EveryStage:
    """Makes the requests of one family, whose ``name`` begins every word they write."""

    def __init__(
        self,
        make: Factory,
        council: Served,
        people: Identities,
        name: str,
        worker_url: str,
        *,
        other: ProviderOrganisation | None = None,
    ) -> None:
        """Take where they ask, who they are, and the worker's address, which carries out what is confirmed.

        ``other`` is a second provider of the council, whose contract ends early.
        """
        assert council.provider is not None
        self.make, self.council, self.people = make, council, people
        self.provider = council.provider
        self.own: set[uuid.UUID] = set()
        """The requests of the parent; one more was made by phone."""
        self.of_both: set[uuid.UUID] = set()
        """The requests in which the other parent has a place too."""
        self.of_young_person: set[uuid.UUID] = set()
        """Those in which a young person has taken their place."""
        self.by_phone: set[uuid.UUID] = set()
        self.other = other
        self.at_other: set[uuid.UUID] = set()
        """The requests that the second provider has."""
        self.mailed: list[str] = []
        """The addresses in letters that went out."""
        self.unlinked: list[str] = []
        """Where the parent comes to by sending a form, and by no link."""
        self.entered = ""
        """Where a coordinator comes to after entering a request."""
        self._worker_url = worker_url
        self.words = StageWords(make, council, people, name)

    def build(self, sign_in_contact: SignInContact) -> None:
        """Make a request at every stage."""
        self._begun()
        self._waiting_for_young_people()
        self._entered_for_a_caller()
        self._passed_on()
        self._ended_early()
        self._on_hold()
        self._arranged(sign_in_contact)
        self._drafted(sign_in_contact)
        self.build_some(sign_in_contact)

    def build_some(self, sign_in_contact: SignInContact) -> None:
        """Make a request of which the council was told, in which everybody writes, and one that came to an end."""
        self._told(sign_in_contact)
        self._recorded(sign_in_contact)

    @property
    def cases(self) -> set[uuid.UUID]:
        """All the requests."""
        return self.own | self.by_phone

    def _begun(self) -> None:
        draft = self.make.draft(self.council.authority, owner_id=self.people.parent)
        with self.make.database.begin(authority_scope(self.council.authority.id)) as session:
            add_to_draft(
                session,
                actor=self._family(self.people.parent),
                at=self.make.clock.now(),
                authority_id=self.council.authority.id,
                draft_id=draft.id,
                upload=Upload(stream=io.BytesIO(PDF), name="report.pdf", title=self.words.word("draftpaper")),
            )
        case = self._sent(owner_id=self.people.parent)
        self.own.add(case.id)
        self.unlinked = [
            f"/requests/{case.id}/sent",
            *(f"/requests/drafts/{draft.id}/{page}" for page in ("documents", "answers")),
        ]

    def _waiting_for_young_people(self) -> None:
        case = self._sent(a_young_persons(young_person=BY_MAIL), owner_id=self.people.parent)
        taken_up = self._sent(a_young_persons(young_person=BY_MAIL), owner_id=self.people.parent)
        self.own |= {case.id, taken_up.id, self._sent(a_young_persons(), owner_id=self.people.parent).id}
        self.of_young_person.add(taken_up.id)
        with self.make.database.begin(authority_scope(case.authority_id)) as session:
            accept_for_family(
                session,
                actor=self._family(self.people.young_person),
                at=self.make.clock.now(),
                authority_id=case.authority_id,
                token=self._mailed(taken_up),
            )
        self.mailed.append(f"/your-answer/{self._mailed(case)}")

    def _mailed(self, case: Case) -> str:
        """Return the token in the letter to the young person of ``case``."""
        with self.make.database.begin(authority_scope(case.authority_id, login=Login.WORKER)) as session:
            asked = (Invitation.case_id == case.id, Invitation.kind == InvitationKind.YOUNG_PERSON)
            minted = mint_invitation(
                session,
                authority_id=case.authority_id,
                invitation_id=session.scalars(select(Invitation.id).where(*asked)).one(),
                at=self.make.clock.now(),
            )
        assert minted is not None
        return minted.token

    def _entered_for_a_caller(self) -> None:
        case = self._sent(a_request(**BY_PHONE), channel=Channel.PHONE)
        young = self._sent(a_young_persons(), channel=Channel.PHONE)
        self.by_phone |= {case.id, young.id}
        self.entered = f"/entered/{case.authority_id}/{case.id}"
        with self.make.database.begin(provider_case_scope(self.provider.id, case.authority_id, case.id)) as session:
            acknowledge(
                session,
                actor=acting(Role.COORDINATOR, self.provider, identity_id=self.people.coordinator),
                at=self.make.clock.now(),
                authority_id=case.authority_id,
                case_id=case.id,
            )

    def _passed_on(self) -> None:
        """A request that another provider took over, and one for which the council has to name a provider."""
        authority = self.council.authority
        other = self.make.provider()
        self.make.commission(authority, other)
        for receiving in (straight_to(other.id), straight_to(self.provider.id)):
            case = self._sent(owner_id=self.people.parent)
            self.own.add(case.id)
            with self.make.database.begin(provider_case_scope(self.provider.id, authority.id, case.id)) as session:
                passing.pass_on(
                    session,
                    actor=acting(Role.COORDINATOR, self.provider, identity_id=self.people.coordinator),
                    at=self.make.clock.now(),
                    authority_id=authority.id,
                    case_id=case.id,
                    because=PassedOnBecause.NO_ROOM,
                )
            with self.make.database.begin(authority_scope(authority.id, login=Login.WORKER)) as session:
                terms = terms_of(session, authority.id, case.id, self.make.clock.now().date())
                passing.find_next(
                    session,
                    actor=system_actor(at_realm(authority)),
                    at=self.make.clock.now(),
                    authority_id=authority.id,
                    case_id=case.id,
                    referral_id=current_referral(session, session.get_one(Case, (authority.id, case.id))).id,
                    terms=dataclasses.replace(terms, receiving=receiving),
                )

    def _ended_early(self) -> None:
        """Requests that another provider has, which cannot go on: of one the family is asked who does, by its council,
        since no e-mail reaches it."""
        assert self.other is not None
        changing = ChangingOver(self.make.database, self.council, self.other, self.provider, clock=self.make.clock)
        asked = self._case(CaseState.AGREED, provider=self.other)
        with self.make.database.begin(asked.authority_scope) as session:
            session.get_one(PartyMember, (asked.authority.id, asked.parent)).email = ""
            session.commit()
        self.at_other = {asked.id}
        changing.ends(EarlyEndBecause.FAILED)
        changing.asks()
        self.at_other.add(self._case(CaseState.AGREED, provider=self.other).id)

    def _on_hold(self) -> None:
        """Cases that wait for the young person's own yes in the middle, with and without their having come."""
        for came in (True, False):
            case = Growing(self.make, self.council, self._case(CaseState.COUNCIL_TOLD, born="2010-03-02"))
            case.look(at=self.make.clock.now())
            if came:
                case.sign_young_person_up(self.people.young_person)
                self.of_young_person.add(case.made.id)

    def _told(self, sign_in_contact: SignInContact) -> None:
        case = self._case(CaseState.COUNCIL_TOLD)
        start_clock(self.make, case, ClockCode.ANSWER_BY, 5)
        with self.make.database.begin(case.provider_scope) as session:
            ask_for_information(
                session,
                actor=acting(Role.COORDINATOR, self.provider, identity_id=self.people.coordinator),
                at=self.make.clock.now(),
                authority_id=case.authority.id,
                case_id=case.id,
                member_id=case.parent,
                message_id=new_id(),
            )
        self.words.written_in(case)
        self._asks_school(case, sign_in_contact)
        running = invited_contact(self.make, self.council, case)
        # A second body: only one person of each is asked at a time.
        health = self.make.party(case, PartyKind.ICB, name="Health body")
        over = invited_contact(self.make, self.council, case, name="Ira Dale", party_id=health)
        with self.make.database.begin(case.authority_scope) as session:
            newest_invitation(session, case, over.member_id).expires_at = self.make.clock.now()
            session.commit()
        self.mailed += [f"/invited/{running.token}", f"/invited/{running.token}/code", f"/invited/{over.token}"]

    def _arranged(self, sign_in_contact: SignInContact) -> None:
        for state in ("asked", "fixed", "over"):
            arranging = Arranging(self.make, self._case(CaseState.AGREED))
            self._asks_school(arranging.made, sign_in_contact)
            with self.make.database.begin(arranging.made.authority_scope) as session:
                parent = session.get_one(PartyMember, (arranging.made.authority.id, arranging.made.parent))
                parent.access_needs = json.dumps({"needs": "A quiet room"})
                session.commit()
            arranging.propose()
            arranging.assign()
            if state != "asked":
                arranging.fix()
            if state == "over":
                with self.make.database.begin(arranging.made.provider_scope) as session:
                    meeting = session.scalars(select(Meeting).where(Meeting.case_id == arranging.made.id)).one()
                    meeting.begins_at = self.make.clock.now() - dt.timedelta(hours=1)
                    session.commit()

    def _drafted(self, sign_in_contact: SignInContact) -> None:
        """Meetings after which nobody has a copy of the draft yet, and after which everybody has."""
        for give in (False, True):
            held = self._held(sign_in_contact)
            held.write(give=give)

    def _recorded(self, sign_in_contact: SignInContact) -> None:
        """A meeting of which the outcome is recorded: each side has something to do, and something it has done."""
        held = self._held(sign_in_contact)
        case = held.case
        owners = {Viewer.FAMILY: case.family, Viewer.LOCAL_AUTHORITY: case.council, Viewer.INVITED: held.school}
        actions = [
            ActionText(what="Write a letter", owner_id=owner, due_on=days(14))
            for owner in owners.values()
            for _ in "ab"
        ]
        held.write(held.text(actions=tuple(actions)))
        held.confirm(*ALL)
        run_releases(self.make.database, self.make.clock, self._worker_url)
        for viewer, owner in owners.items():
            (outcome,) = held.outcomes(viewer)
            done = next(action for action in outcome.actions if action.owner_id == owner)
            side = {Viewer.FAMILY: Side.FAMILY, Viewer.LOCAL_AUTHORITY: Side.COUNCIL, Viewer.INVITED: Side.INVITED}
            view = held.view(viewer)
            with self.make.database.begin(case.authority_scope) as session:
                say_of_action(
                    session,
                    actor=held.actor(side[viewer]),
                    at=self.make.clock.now(),
                    case=view,
                    action_id=done.id,
                    change=ActionChange.DONE,
                )

    def _held(self, sign_in_contact: SignInContact) -> HeldMeeting:
        case = self._case(CaseState.MEETING_HELD)
        held = held_meeting(self.make, self.make.database, case, contact_identity=sign_in_contact(case))
        return dataclasses.replace(
            held,
            mediator=acting(Role.MEDIATOR, self.provider, identity_id=self.people.mediator),
            officer=acting(Role.OFFICER, self.council.authority, identity_id=self.people.officer),
        )

    def _sent(self, *request: NewRequest, **how: Any) -> Case:
        return sent(self.make, self.council, *request, **how)

    def _case(self, state: CaseState, **values: Any) -> MadeCase:
        """Make a case of both parents of which the council was told, and which the officer has."""
        case = told_case(
            self.make,
            self.council,
            due_in=None,
            state=state,
            child_name=self.words.word("child"),
            parent_identity=self.people.parent,
            assigned_id=self.people.officer,
            **values,
        )
        self.make.member(
            case,
            case.family,
            name="Kit Marsh",
            capacity=Capacity.PARENT_CARER,
            identity_id=self.people.other_parent,
            email="kit@family.example",
        )
        self.own.add(case.id)
        self.of_both.add(case.id)
        return case

    def _asks_school(self, case: MadeCase, sign_in_contact: SignInContact) -> None:
        self.make.member(case, self.make.party(case), identity_id=sign_in_contact(case), email="sam@school.example")

    def _family(self, identity_id: uuid.UUID) -> Actor:
        return acting(Role.FAMILY, self.council.authority, identity_id=identity_id)

"""A council with one of everything in its cases, half of it not for the council: for taking its records out."""

import dataclasses
import datetime as dt
import json
import uuid
from typing import Any

from sqlalchemy import select

from parley.access.domain import Role
from parley.audit import service as audit
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    CloseReason,
    DeclineReason,
    PartyKind,
    PassedOnBecause,
    StatementKind,
    Viewer,
)
from parley.casework.models import Answer, CaseClock, PartyMember, Statement
from parley.casework.request import Safety
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import LET_GO_BY, PRIVATE_TO, TAKEN_BY, Happening
from parley.compartment import service as compartment
from parley.compartment.domain import MessageChannel
from parley.db.scope import Side, authority_scope
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.identity.models import Identity
from parley.kernel.clock import FixedClock
from parley.kernel.ids import new_id
from parley.meetings.domain import OwnPlace
from parley.meetings.models import Attendance
from support.document_desk import Desk, coordinator, officer, parent
from support.factories import NOW, Factory, MadeCase, acting
from support.family import Served, served_council
from support.meetings import Arranging, with_own
from support.outcomes import ALL, HeldMeeting, held_meeting, run_releases

#: In everything that the council may not read, and in nothing that it may.
SECRET = "canary-7f3a"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Leaving:
    """A council whose records are taken out, and its cases."""

    council: Served
    officer: uuid.UUID
    told: MadeCase
    untold: MadeCase
    arranged: MadeCase
    held: HeldMeeting
    closed: MadeCase

    @property
    def cases(self) -> list[MadeCase]:
        """Those of which the council was told."""
        return [self.told, self.arranged, self.held.case, self.closed]


def leaving_council(make: Factory, database: Database, worker_url: str) -> Leaving:
    """Make the council, and cases at several stages, each furnished with what it reads and what it does not."""
    council = served_council(make)
    officer_id = _officer(database, council)
    untold, told, arranged, over, closed = (
        make.case(
            council.authority,
            provider=council.provider,
            policy_version_id=council.policy_version_id,
            state=state,
            assigned_id=officer_id,
            facts={"stage": "in_review", "matters": [{"about": "duties"}], "decision_letter_date": "2026-10-01"},
        )
        for state in (
            CaseState.ACKNOWLEDGED,
            CaseState.COUNCIL_TOLD,
            CaseState.AGREED,
            CaseState.MEETING_HELD,
            CaseState.COUNCIL_TOLD,
        )
    )
    for case in (untold, told, arranged, over, closed):
        _furnish(make, database, case)
    _arrange(make, database, arranged)
    held = held_meeting(make, database, over)
    _come_to_an_end(database, held, worker_url)
    _close(database, closed)
    _act(database, council, officer_id, told)
    return Leaving(
        council=council, officer=officer_id, untold=untold, told=told, arranged=arranged, held=held, closed=closed
    )


def _officer(database: Database, council: Served) -> uuid.UUID:
    row = Identity(
        realm_id=council.authority.id,
        issuer="https://staff.invalid",
        subject="jo",
        kind=SignInKind.STAFF,
        shown_as="Jo Officer",
        created_at=NOW,
        last_sign_in_at=NOW,
    )
    with database.begin(authority_scope(council.authority.id)) as session:
        session.add(row)
        session.commit()
    return row.id


def _furnish(make: Factory, database: Database, case: MadeCase) -> None:
    """Add to the case what its council reads, and beside each thing one that it does not."""
    school = make.party(case)
    make.party(case, PartyKind.ICB, name="Derby ICB")
    contact = make.member(case, school, name="Sam Field", role="SENCo", email=f"{SECRET}@school.invalid")
    other = make.member(
        case,
        case.family,
        name="Robin Marsh",
        capacity=Capacity.PARENT_CARER,
        email=f"{SECRET}@family.invalid",
        phone=f"01632 {SECRET}",
        safety=json.dumps(Safety(safe_ways=("phone",), must_not_learn=SECRET).as_json()),
        access_needs=f'{{"needs": "{SECRET}"}}',
    )
    make.member(case, case.council, name="Kim Rowe", capacity=Capacity.DECISION_MAKER)
    of_case: dict[str, Any] = {"authority_id": case.authority.id, "case_id": case.id}
    rows = [
        Statement(member_id=other, kind=StatementKind.WISH, body=f"A wish {SECRET}", written_at=NOW, **of_case),
        _answer(case, case.council, AnswerValue.HOLDING, "We need more time.", holding_until=NOW.date()),
        _answer(
            case,
            case.council,
            AnswerValue.DECLINED,
            "We cannot now.",
            reason=DeclineReason.OTHER_ROUTE,
            unavailable="Fridays",
            answered_at=NOW + dt.timedelta(minutes=1),
        ),
        _answer(case, school, AnswerValue.DECLINED, SECRET, reason=DeclineReason.OTHER_ROUTE, unavailable=SECRET),
        *_dates(of_case, case, other),
    ]
    with database.begin(case.authority_scope) as session:
        session.add_all(rows)
        session.commit()
    make.share(case, case.council, case.story)
    _tell(database, case, contact, school)
    _add_documents(database, case, school)


def _answer(case: MadeCase, party: uuid.UUID, value: AnswerValue, words: str, **columns: Any) -> Answer:
    return Answer(
        **{
            "authority_id": case.authority.id,
            "case_id": case.id,
            "party_id": party,
            "value": value,
            "words": words,
            "answered_at": NOW,
            **columns,
        }
    )


def _dates(of_case: dict[str, Any], case: MadeCase, other: uuid.UUID) -> list[CaseClock]:
    shared: dict[str, Any] = {"basis": "our_aim", "started_at": NOW, "due_on": NOW.date(), **of_case}
    return [
        CaseClock(code="answer_by", binds=Viewer.LOCAL_AUTHORITY.value, party_id=case.council, met_at=NOW, **shared),
        CaseClock(code="acknowledge_by", binds=Viewer.PROVIDER.value, stopped_at=NOW, **shared),
        CaseClock(code="information_by", binds=Viewer.FAMILY.value, member_id=other, **shared),
    ]


def _tell(database: Database, case: MadeCase, contact: uuid.UUID, school: uuid.UUID) -> None:
    """Write in the timeline for everybody, and for others than the council."""
    with database.begin(case.authority_scope) as session:
        act = Act(
            session=session,
            case=case_for_update(session, case.authority.id, case.id),
            actor=case.family_actor,
            by=Viewer.FAMILY,
            at=NOW,
        )
        act.happened(Happening.REQUEST_SENT)
        act.happened(Happening.PARTY_INVITED, party=PartyKind.SETTING.value, party_id=str(school))
        act.happened(Happening.INFORMATION_ASKED, **{PRIVATE_TO: str(contact), "note": SECRET})
        session.commit()


def had_by_another_before(make: Factory, database: Database, case: MadeCase) -> None:
    """Write in the timeline that another provider had the case at first; what it did is said to be its own."""
    former, at = make.provider(name="Former Helpers"), NOW - dt.timedelta(days=3)
    let_go = {LET_GO_BY: str(former.id)}
    with database.begin(case.authority_scope) as session:
        for happening, codes in (
            (Happening.ACKNOWLEDGED, {}),
            (Happening.PASSED_ON, {"because": PassedOnBecause.NO_ROOM.value, **let_go}),
            (Happening.TAKEN_OVER, {TAKEN_BY: str(case.provider.id), **let_go}),
            (Happening.ACKNOWLEDGED, {}),
        ):
            at += dt.timedelta(hours=1)
            row = case_for_update(session, case.authority.id, case.id)
            act = Act(session=session, case=row, actor=case.family_actor, by=Viewer.PROVIDER, at=at)
            act.happened(happening, **codes)
        session.commit()


def _add_documents(database: Database, case: MadeCase, school: uuid.UUID) -> None:
    desk = Desk(database)
    shared = desk.add(parent(case), title="Shared with the council")
    stopped = desk.add(parent(case), content=_secret_file(), title=f"No longer shared {SECRET}")
    desk.add(parent(case), content=_secret_file(), name=f"{SECRET}.pdf", title=f"Not shared {SECRET}")
    desk.add(coordinator(case), content=_secret_file(), title=f"The provider's own {SECRET}")
    with_school = desk.add(parent(case), content=_secret_file(), title=f"For the school {SECRET}")
    desk.share(parent(case), shared, case.council)
    desk.share(parent(case), stopped, case.council)
    desk.share(parent(case), stopped, case.council, stop=True)
    desk.share(parent(case), with_school, school)


def _secret_file() -> bytes:
    return b"%PDF-1.7\n" + SECRET.encode() + b"\n%%EOF\n"


def _arrange(make: Factory, database: Database, case: MadeCase) -> None:
    """Fix a meeting at which the parent waits somewhere else, and one supporter is not to be named."""
    own = {case.parent: OwnPlace(place=f"Side door {SECRET}")}
    Arranging(make, case).fixed(with_own(own))
    desk = Desk(database)
    desk.add(officer(case), title="The council's own")
    with database.begin(case.authority_scope) as session:
        places = select(Attendance, PartyMember.party_id).join(PartyMember, PartyMember.id == Attendance.member_id)
        for place, party_id in session.execute(places.where(Attendance.case_id == case.id)).all():
            of_council = party_id == case.council
            place.brings = "The plan" if of_council else f"A report {SECRET}"
            place.supporter_name = "" if of_council else f"Somebody {SECRET}"
            place.supporter_relation = "" if of_council else SECRET
        session.commit()


def _come_to_an_end(database: Database, held: HeldMeeting, worker_url: str) -> None:
    """Agree on something, and say things in confidence."""
    held.write()
    held.confirm(*ALL)
    run_releases(database, FixedClock(NOW), worker_url)
    with database.begin(held.scope(Side.PROVIDER)) as session:
        compartment.write_note(session, actor=held.mediator, at=NOW, body=f"A note {SECRET}")
    with database.begin(held.scope(Side.COUNCIL)) as session:
        compartment.send_message(
            session,
            actor=held.officer,
            at=NOW,
            channel=MessageChannel.COUNCIL_PROVIDER,
            body=f"Said in private {SECRET}",
        )


def _close(database: Database, case: MadeCase) -> None:
    """Have the family withdraw."""
    with database.begin(case.authority_scope) as session:
        act = Act(
            session=session,
            case=case_for_update(session, case.authority.id, case.id),
            actor=case.family_actor,
            by=Viewer.FAMILY,
            at=NOW,
        )
        act.move(CaseState.CLOSED, because=CloseReason.WITHDRAWN)
        session.commit()


def _act(database: Database, council: Served, officer_id: uuid.UUID, case: MadeCase) -> None:
    """Record acts: of the officer, and of others."""
    staff = acting(Role.OFFICER, council.authority, identity_id=officer_id)
    with database.begin(authority_scope(council.authority.id)) as session:
        for actor, action in ((staff, "case.read"), (case.family_actor, "case.family_read")):
            audit.record(session, at=NOW, actor=actor, action=action, realm_id=council.authority.id, case_id=case.id)
        audit.record(
            session, at=NOW, actor=staff, action="case.unseen", realm_id=council.authority.id, case_id=new_id()
        )
        session.commit()

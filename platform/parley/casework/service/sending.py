"""Sending a request: the moment a draft, or a caller's words, become a case."""

import dataclasses
import datetime as dt
import json
import uuid

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.allocation import Allocated, Receiving
from parley.casework.clocks import opening_clocks
from parley.casework.consent_texts import ASKING
from parley.casework.domain import (
    NEVER,
    Capacity,
    CaseState,
    Channel,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    CouncilList,
    InvitationKind,
    ItemKind,
    PartyKind,
    StatementKind,
    Viewer,
    reference,
)
from parley.casework.models import (
    Case,
    CaseCounter,
    Child,
    Party,
    PartyMember,
    RequestDraft,
    Statement,
    WorklistEntry,
)
from parley.casework.request import NewRequest, problems
from parley.casework.service.allocating import give
from parley.casework.service.invitations import invite
from parley.casework.service.people import add_consent, add_member, add_party, share_item
from parley.casework.service.record import Act
from parley.casework.service.referral import refer
from parley.casework.timeline import Happening
from parley.db.reading import Reading
from parley.db.sealed import search_fingerprint
from parley.db.straight import Sent, straight
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.law.domain import LawVersion
from parley.policy.domain import Policy
from parley.tenancy.domain import Authority

_SENT = Reading(select(Case.id).where(Case.authority_id == bindparam("authority_id"), Case.id == bindparam("case_id")))

_ENDED_DRAFT = Reading(
    delete(RequestDraft)
    .where(
        RequestDraft.authority_id == bindparam("authority_id"),
        RequestDraft.id == bindparam("draft_id"),
        RequestDraft.owner_id == bindparam("owner_id"),
    )
    .returning(RequestDraft.id)
)

_NEXT_NUMBER = Reading(
    insert(CaseCounter)
    .values(authority_id=bindparam("authority_id"), year=bindparam("year"), last=1)
    .on_conflict_do_update(
        index_elements=[CaseCounter.authority_id, CaseCounter.year], set_={"last": CaseCounter.last + 1}
    )
    .returning(CaseCounter.last)
)
_WITHOUT_WAITING = Sent(b"SET LOCAL synchronous_commit TO off", {})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rules:
    """What a case begins under and keeps: the council's policy version and the law version."""

    policy: Policy
    policy_version_id: uuid.UUID
    law: LawVersion


def send_request(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority: Authority,
    receiving: Receiving,
    case_id: uuid.UUID,
    request: NewRequest,
    rules: Rules,
    channel: Channel = Channel.ONLINE,
) -> Case:
    """Make a case of ``request`` and hand it to the provider; return it. Commits.

    ``case_id`` is the draft's id (or, for a caller's request, an id made when its form was opened): sending the same
    one twice returns the case that is there, so a double click makes one case. ``receiving`` names providers that the
    council commissions; the caller has checked that the policy evidences them. Sending from a draft also ends that.
    Raises Invalid naming each field that keeps the request from being sent, Conflict when nobody has room for it.
    """
    if _SENT.one(session, {"authority_id": authority.id, "case_id": case_id}) is not None:
        return session.get_one(Case, (authority.id, case_id))
    on = london_date(at)
    if found := problems(request, on):
        raise Invalid(found)
    number = _take_number(session, authority.id, on.year)
    if not _take_draft(session, actor, authority.id, case_id, channel):
        # Another click was faster and has ended the draft.
        session.rollback()
        sent = session.get(Case, (authority.id, case_id))
        if sent is None:
            raise NotFound
        return sent
    allocated = _allocated(session, authority.id, receiving)
    case = _new_case(session, at, authority, allocated, case_id, number, request, rules, channel)
    entry = _worklist_entry(session, case, request)
    session.add(entry)
    if channel is Channel.PHONE:
        # Before all other rows: it is what lets a provider's own login write them.
        session.flush()
    session.add(case)
    act = Act(session=session, case=case, actor=actor, by=_side(channel), at=at, entry=entry, clocks=[])
    asker = _add_family(act, request)
    parties = _add_bodies(act, authority, request)
    act.start(opening_clocks(request, rules.policy, rules.law, on))
    statements = _add_statements(act, asker, request)
    begun = Happening.REQUEST_SENT if channel is Channel.ONLINE else Happening.REQUEST_ENTERED_FOR_CALLER
    act.happened(begun, subject_id=case.id, **allocated.codes)
    _share(act, asker, parties, statements, request)
    if case.state is CaseState.WAITING_FOR_YOUNG_PERSON:
        act.happened(Happening.YOUNG_PERSON_ASKED)
    else:
        refer(act)
    session.commit()
    return case


def _take_draft(session: Session, actor: Actor, authority_id: uuid.UUID, case_id: uuid.UUID, channel: Channel) -> bool:
    """End the draft that is being sent; tell whether it was still there. A caller's request never had one."""
    if channel is Channel.PHONE:
        return True
    asked = {"authority_id": authority_id, "draft_id": case_id, "owner_id": actor.identity_id}
    return _ENDED_DRAFT.one(session, asked) is not None


def _allocated(session: Session, authority_id: uuid.UUID, receiving: Receiving) -> Allocated:
    allocated = give(session, authority_id, receiving)
    if allocated is None:
        raise Conflict(
            "Nobody who runs the service can take another request at the moment. What you wrote is kept. Please ask "
            "the council, or try again later.",
            code="no-room",
        )
    return allocated


def _new_case(
    session: Session,
    at: dt.datetime,
    authority: Authority,
    allocated: Allocated,
    case_id: uuid.UUID,
    number: int,
    request: NewRequest,
    rules: Rules,
    channel: Channel,
) -> Case:
    on = london_date(at)
    return Case(
        authority_id=authority.id,
        id=case_id,
        reference=reference(authority.reference_prefix, on.year, number),
        state=request.opening_state(on),
        state_since=at,
        channel=channel,
        policy_version_id=rules.policy_version_id,
        law_version=rules.law.id,
        provider_id=allocated.provider_id,
        allocated_because=allocated.because,
        areas=sorted(request.areas),
        against=sorted({body.kind.value for body in request.bodies}),
        facts=dict(request.facts),
        asked_as_question=request.asked_as_question,
        sent_at=at,
        listed=CouncilList.UNTOLD,
        next_due_on=NEVER,
        child_name=request.child_name,
        child_fingerprint=search_fingerprint(session, authority.id, "case.child_name", request.child_name),
    )


def _worklist_entry(session: Session, case: Case, request: NewRequest) -> WorklistEntry:
    child_key = f"{request.child_name}|{request.child_date_of_birth}"
    return WorklistEntry(
        provider_id=case.provider_id,
        authority_id=case.authority_id,
        case_id=case.id,
        reference=case.reference,
        state=case.state,
        is_open=True,
        channel=case.channel,
        received_at=case.sent_at,
        next_due_on=NEVER,
        name=request.child_name,
        child_fingerprint=search_fingerprint(session, case.provider_id, "provider_worklist.child", child_key),
        updated_at=case.sent_at,
    )


def _take_number(session: Session, authority_id: uuid.UUID, year: int) -> int:
    """Return the council's next case number of a year. Commits, so that nobody who sends waits for others who do.

    A number whose request is not sent after all stays unused. Nobody waits for the disk here: what the case itself
    writes comes later in PostgreSQL's log, and whatever keeps that keeps this.
    """
    connection = session.connection()
    taking = _NEXT_NUMBER.asking({"authority_id": authority_id, "year": year})
    _, answer = straight(connection, _WITHOUT_WAITING, taking.sent(connection.dialect))
    (row,) = taking.read(answer, connection.dialect)
    session.commit()
    return int(row.last)


def _add_family(act: Act, request: NewRequest) -> PartyMember:
    party = add_party(act, PartyKind.FAMILY, name="", may_be_invited=True)
    waits = act.case.state is CaseState.WAITING_FOR_YOUNG_PERSON
    asker = add_member(
        act,
        party,
        capacity=request.capacity,
        is_rights_holder=not waits,
        identity_id=act.actor.identity_id if act.case.channel is Channel.ONLINE else None,
        name=request.asker.name,
        email="" if request.phone_only else request.asker.email,
        phone=request.asker.phone,
        safety=json.dumps(request.safety.as_json()),
        access_needs=_access_needs(request),
    )
    _add_child(act, request, given_by=asker.id)
    means = ConsentMeans.ONLINE if act.case.channel is Channel.ONLINE else ConsentMeans.SPOKEN
    add_consent(act, asker, ConsentKind.TELL_COUNCIL, ConsentState.GIVEN, means)
    add_consent(act, asker, ConsentKind.TAKE_PART, ConsentState.GIVEN, means)
    for body in request.bodies:
        if body.may_be_invited and body.kind in ASKING:
            add_consent(act, asker, ASKING[body.kind], ConsentState.GIVEN, means)
    if waits and request.young_person is not None:
        young_person = add_member(
            act,
            party,
            capacity=Capacity.YOUNG_PERSON,
            is_rights_holder=True,
            name=request.child_name,
            email=request.young_person.email,
            phone=request.young_person.phone,
        )
        invite(act, young_person, InvitationKind.YOUNG_PERSON)
    return asker


def _add_child(act: Act, request: NewRequest, *, given_by: uuid.UUID) -> None:
    act.session.add(
        Child(
            authority_id=act.case.authority_id,
            case_id=act.case.id,
            date_of_birth=request.child_date_of_birth.isoformat() if request.child_date_of_birth else "",
            address=request.child_address,
            setting=request.setting,
            given_by=given_by,
        )
    )


def _access_needs(request: NewRequest) -> str:
    needs = {
        "needs": request.access_needs,
        "modes": [mode.value for mode in request.meeting_modes],
        "availability": request.availability,
        "supporter": request.supporter,
    }
    return json.dumps(needs)


def _add_bodies(act: Act, authority: Authority, request: NewRequest) -> list[Party]:
    """Add the council, which is always told (seed page), and each further body the disagreement is with."""
    council = add_party(act, PartyKind.LOCAL_AUTHORITY, name=authority.name, may_be_invited=True)
    others = [
        add_party(act, body.kind, name=body.name, may_be_invited=body.may_be_invited)
        for body in request.bodies
        if body.kind in {PartyKind.SETTING, PartyKind.ICB}
    ]
    return [council, *others]


def _add_statements(act: Act, author: PartyMember, request: NewRequest) -> list[Statement]:
    written = {
        StatementKind.STORY: request.story,
        StatementKind.WISH: request.wish,
        StatementKind.CHILD_VIEWS: request.child_views,
        StatementKind.ACTING_FOR: request.alternative_person_statement,
    }
    statements = [
        Statement(
            authority_id=act.case.authority_id,
            case_id=act.case.id,
            member_id=author.id,
            kind=kind,
            body=body,
            written_at=act.at,
        )
        for kind, body in written.items()
        if body.strip()
    ]
    act.session.add_all(statements)
    return statements


def _share(
    act: Act, author: PartyMember, parties: list[Party], statements: list[Statement], request: NewRequest
) -> None:
    for statement in statements:
        for party in parties:
            if (statement.kind, party.kind) in request.shares:
                share_item(act, statement.id, ItemKind.STATEMENT, party.id, author.id)


def _side(channel: Channel) -> Viewer:
    return Viewer.FAMILY if channel is Channel.ONLINE else Viewer.PROVIDER

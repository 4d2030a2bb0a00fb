"""What a family says on the phone: a coordinator records it, as spoken, to the present text."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.consent_texts import ASKING
from parley.casework.domain import (
    CaseState,
    CloseReason,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    PartyKind,
    Viewer,
)
from parley.casework.models import Case, Party, PartyMember
from parley.casework.service.answers import move_on_when_agreed
from parley.casework.service.people import add_consent, invite_by, party_leaves
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.kernel.errors import Conflict, NotFound
from parley.policy.domain import Policy


def record_spoken_consent(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
    party_id: uuid.UUID,
    agrees: bool,
    policy: Policy,
) -> Case:
    """Record that a member of the family said yes or no, on the phone, to a body being asked to take part. Commits.

    A no holds for the future: what the body was told before cannot be untold, and its answer is no longer waited for.
    ``policy`` is the version the case began under. Raises NotFound for a person who is not
    of the family or a party that is not a body, Conflict once the case is closed.
    """
    case = case_for_update(session, authority_id, case_id)
    if case.state is CaseState.CLOSED:
        raise Conflict("This case is closed.", code="closed")
    member, body = family_member(session, case, member_id), session.get(Party, (authority_id, party_id))
    if body is None or body.case_id != case.id or body.kind not in ASKING or body.removed_at is not None:
        raise NotFound
    act = Act(session=session, case=case, actor=actor, by=Viewer.PROVIDER, at=at)
    if agrees:
        act.require_going_on()
    before = body.may_be_invited
    body.may_be_invited = agrees
    said = ConsentState.GIVEN if agrees else ConsentState.WITHDRAWN if before else ConsentState.DECLINED
    add_consent(act, member, ASKING[body.kind], said, ConsentMeans.SPOKEN)
    if not agrees:
        act.stop_for_party(body.id)
        party_leaves(act, body)
    elif not before and case.state is CaseState.COUNCIL_TOLD:
        invite_by(act, body, policy)
    act.audited("consent_recorded", subject_id=body.id, kind=ASKING[body.kind].value, state=said.value)
    move_on_when_agreed(act, policy)
    session.commit()
    return case


def withdraw_as_spoken(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    member_id: uuid.UUID,
) -> Case:
    """End the case because its rights-holder said on the phone that they no longer want it. Commits.

    Raises NotFound unless ``member_id`` is a rights-holder of the case, Conflict when it is closed already.
    """
    case = case_for_update(session, authority_id, case_id)
    member = family_member(session, case, member_id)
    if not member.is_rights_holder:
        raise NotFound
    act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
    act.move(CaseState.CLOSED, because=CloseReason.WITHDRAWN)
    act.stop_all()
    add_consent(act, member, ConsentKind.TAKE_PART, ConsentState.WITHDRAWN, ConsentMeans.SPOKEN)
    act.happened(Happening.WITHDRAWN)
    session.commit()
    return case


def family_member(session: Session, case: Case, member_id: uuid.UUID) -> PartyMember:
    """Return a person of the case's family party. Raises NotFound for anybody else."""
    member = session.scalar(
        select(PartyMember)
        .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
        .where(
            PartyMember.authority_id == case.authority_id,
            PartyMember.case_id == case.id,
            PartyMember.id == member_id,
            PartyMember.left_at.is_(None),
            Party.kind == PartyKind.FAMILY,
        )
    )
    if member is None:
        raise NotFound
    return member

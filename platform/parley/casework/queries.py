"""Reading cases, each for one viewer. What the viewer may not see is never read into the view."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from parley.casework import case_rows
from parley.casework.domain import HOLDERS, Channel, Viewer
from parley.casework.models import (
    Case,
    Child,
    Invitation,
    PartyMember,
    Statement,
)
from parley.casework.request import Safety
from parley.casework.sides import BODIES, INNER, People, clocks_seen, parties_seen
from parley.casework.timeline import PRIVATE_TO
from parley.casework.views import (
    CaseView,
    ChildView,
    InvitationView,
    MemberView,
    PartyView,
    ReferralView,
    StatementView,
    TimelineView,
)
from parley.identity.models import Identity
from parley.kernel.errors import NotFound, Refused

#: Said to the contact of a body that is out of the case.
NO_LONGER_ASKED = "The request goes on without you, so there is nothing here for you to answer any more."


def family_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, identity_id: uuid.UUID) -> CaseView:
    """Return the case as a member of its family party sees it. Raises NotFound for anybody else."""
    people = _people(session, authority_id, case_id)
    me = _own_place(people, identity_id)
    return _view(session, _read(session, authority_id, case_id), Viewer.FAMILY, me=me, people=people)


def council_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseView:
    """Return the open side of a case as the council's officers see it. Raises NotFound until the provider told them."""
    case = _found(case_rows.CASE_WITH_OFFICER.one(session, case_rows.of(authority_id, case_id)))
    if case.council_told_at is None:
        raise NotFound
    return _view(session, case, Viewer.LOCAL_AUTHORITY)


def council_preview(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseView:
    """Return what the council's officers will see once they are told: for the provider, before it tells them."""
    return _view(session, _read(session, authority_id, case_id), Viewer.LOCAL_AUTHORITY)


def provider_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseView:
    """Return the case as the staff of the provider that holds it see it.

    Raises NotFound for what the walls hide, and for a request that waits for a young person's own yes or got their no,
    unless the provider wrote it down for a caller: it has not been sent to anybody.
    """
    case = _read(session, authority_id, case_id)
    if case.referral_id is None and case.channel is not Channel.PHONE:
        raise NotFound
    return _view(session, case, Viewer.PROVIDER)


def invited_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> CaseView:
    """Return the open side of a case as the invited contact of a school or health body sees it.

    Raises NotFound for anybody else, Refused once the body is no longer asked.
    """
    me = session.get(PartyMember, (authority_id, member_id))
    if me is None or me.case_id != case_id or me.left_at is not None:
        raise NotFound
    return _invited_view(session, me)


def invited_view_of(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, identity_id: uuid.UUID
) -> CaseView:
    """Return what ``invited_view`` does, to the contact who is signed in as ``identity_id``."""
    people = _people(session, authority_id, case_id)
    return _invited_view(session, _own_place(people, identity_id), people)


def _invited_view(session: Session, me: PartyMember, people: People | None = None) -> CaseView:
    view = _view(session, _read(session, me.authority_id, me.case_id), Viewer.INVITED, me=me, people=people)
    own = next(party for party in view.parties if party.id == me.party_id)
    if own.kind not in BODIES:
        raise NotFound
    if own.removed or not own.may_be_invited:
        raise Refused(NO_LONGER_ASKED, code="no-longer-asked")
    return view


def _people(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> People:
    """Return everybody in the case, each with the newest invitation."""
    rows = session.execute(case_rows.MEMBERS, {"authority_id": authority_id, "case_id": case_id})
    return {member.id: (member, invitation) for member, invitation in rows}


def _own_place(people: People, identity_id: uuid.UUID) -> PartyMember:
    """Return the person's own place in the case. Raises NotFound when they have none."""
    me = next((member for member, _ in people.values() if member.identity_id == identity_id), None)
    if me is None:
        raise NotFound
    return me


def _read(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID) -> Any:
    return _found(case_rows.CASE.one(session, case_rows.of(authority_id, case_id)))


def _found(row: Any) -> Any:
    """Return the row of a case. Raises NotFound for none."""
    if row is None:
        raise NotFound
    return row


def _view(
    session: Session, case: Any, viewer: Viewer, me: PartyMember | None = None, people: People | None = None
) -> CaseView:
    """Return what ``viewer`` sees of the case; ``case`` is a row of case_rows.CASE."""
    people = people or _people(session, case.authority_id, case.id)
    parties = parties_seen(
        session, case, case_rows.PARTIES.rows(session, case_rows.of(case.authority_id, case.id)), viewer, people
    )
    my_parties = _my_parties(parties, viewer, me)
    return CaseView(
        viewer=viewer,
        authority_id=case.authority_id,
        id=case.id,
        reference=case.reference,
        state=case.state,
        state_since=case.state_since,
        holder=HOLDERS[case.state],
        close_reason=case.close_reason,
        channel=case.channel,
        provider_id=case.provider_id,
        policy_version_id=case.policy_version_id,
        law_version=case.law_version,
        areas=tuple(case.areas),
        against=tuple(case.against),
        facts=case.facts if viewer is not Viewer.INVITED else {},
        asked_as_question=case.asked_as_question,
        sent_at=case.sent_at,
        council_told_at=case.council_told_at,
        child=_child(session, case, viewer, me),
        parties=parties,
        members=tuple(_member(member, invitation, viewer, me) for member, invitation in people.values()),
        statements=_statements(session, case, viewer, me, my_parties),
        clocks=clocks_seen(
            case_rows.CLOCKS.rows(session, case_rows.of(case.authority_id, case.id)), viewer, parties, me
        ),
        timeline=_timeline(session, case, viewer, me),
        referral=_referral(case) if viewer in INNER else None,
        assigned_id=case.assigned_id if viewer is Viewer.LOCAL_AUTHORITY else None,
        assigned_name=Identity.shown_as.opener(session, case.authority_id)(case.assigned_id, case.shown_as_sealed),
        council_number=Case.council_number.opener(session, case.authority_id)(case.id, case.council_number_sealed)
        if viewer is Viewer.LOCAL_AUTHORITY
        else "",
    )


def _my_parties(parties: Sequence[PartyView], viewer: Viewer, me: PartyMember | None) -> frozenset[uuid.UUID]:
    """Return the parties whose shares the viewer reads."""
    if viewer is Viewer.LOCAL_AUTHORITY:
        return frozenset(party.id for party in parties if party.kind.value == Viewer.LOCAL_AUTHORITY.value)
    return frozenset({me.party_id}) if me is not None else frozenset()


def _child(session: Session, case: Any, viewer: Viewer, me: PartyMember | None) -> ChildView:
    name = Case.child_name.opener(session, case.authority_id)(case.id, case.child_name_sealed)
    if viewer is Viewer.INVITED:
        return ChildView(name=name, setting="")
    born = Child.date_of_birth.opener(session, case.authority_id)(case.child_id, case.date_of_birth_sealed)
    address = Child.address.opener(session, case.authority_id)
    # An address may be hidden from another parent: besides the provider, only who gave it reads it.
    reads_address = viewer is Viewer.PROVIDER or (me is not None and me.id == case.given_by)
    return ChildView(
        name=name,
        setting=Child.setting.opener(session, case.authority_id)(case.child_id, case.setting_sealed),
        date_of_birth=dt.date.fromisoformat(born) if born else None,
        address=address(case.child_id, case.address_sealed) if reads_address else "",
    )


def _member(row: PartyMember, invitation: Invitation | None, viewer: Viewer, me: PartyMember | None) -> MemberView:
    is_me = me is not None and row.id == me.id
    inner = viewer is Viewer.PROVIDER or is_me
    # To a school or a health body, who asks is told in summary: it has no need of names from other sides.
    is_named = viewer is not Viewer.INVITED or (me is not None and row.party_id == me.party_id)
    return MemberView(
        id=row.id,
        party_id=row.party_id,
        capacity=row.capacity,
        name=row.name if is_named else "",
        role=row.role if is_named else "",
        is_rights_holder=row.is_rights_holder,
        is_me=is_me,
        email=row.email if inner else "",
        phone=row.phone if inner else "",
        safety=Safety.from_json(json.loads(row.safety)) if inner and row.safety else None,
        access_needs=json.loads(row.access_needs) if inner and row.access_needs else None,
        has_account=viewer is Viewer.PROVIDER and row.identity_id is not None,
        invitation=_invitation(invitation, row) if invitation and viewer is Viewer.PROVIDER else None,
    )


def _invitation(row: Invitation, member: PartyMember) -> InvitationView:
    return InvitationView(
        id=row.id,
        kind=row.kind,
        made_at=row.made_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        returned_at=row.returned_at,
        revoked_at=row.revoked_at,
        opened=member.identity_id is not None,
    )


def _statements(
    session: Session, case: Any, viewer: Viewer, me: PartyMember | None, my_parties: frozenset[uuid.UUID]
) -> tuple[StatementView, ...]:
    shares: dict[uuid.UUID, set[uuid.UUID]] = {}
    statements = {}
    for row in case_rows.STATEMENTS.rows(session, case_rows.of(case.authority_id, case.id)):
        statements[row.id] = row
        shares.setdefault(row.id, set()).update({row.party_id} - {None})
    body = Statement.body.opener(session, case.authority_id)
    seen = []
    for row in statements.values():
        is_mine = me is not None and row.member_id == me.id
        inner = is_mine or viewer is Viewer.PROVIDER
        if not inner and not shares[row.id] & my_parties:
            continue
        seen.append(
            StatementView(
                id=row.id,
                kind=row.kind,
                body=body(row.id, row.body_sealed),
                is_mine=is_mine,
                shared_with=frozenset(shares[row.id]) if inner else frozenset(),
            )
        )
    return tuple(seen)


def _timeline(session: Session, case: Case, viewer: Viewer, me: PartyMember | None) -> tuple[TimelineView, ...]:
    rows = case_rows.TIMELINE.rows(session, case_rows.of(case.authority_id, case.id))
    return tuple(
        TimelineView(at=row.at, happening=row.code, by=Viewer(row.by), codes=row.codes)
        for row in rows
        if viewer.value in row.viewers and _is_theirs(row, viewer, me)
    )


def _is_theirs(entry: Any, viewer: Viewer, me: PartyMember | None) -> bool:
    """Tell whether what happened between the provider and one person is the viewer's to read."""
    with_whom = entry.codes.get(PRIVATE_TO)
    return with_whom is None or viewer is Viewer.PROVIDER or (me is not None and with_whom == str(me.id))


def _referral(case: Any) -> ReferralView | None:
    if case.referral_id is None:
        return None
    return ReferralView(
        state=case.referral_state,
        provider_reference=case.provider_reference,
        acknowledged_at=case.acknowledged_at,
    )

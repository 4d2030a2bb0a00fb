"""Reading cases, each for one viewer. What the viewer may not see is never read into the view."""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.casework.case_rows import CaseRows, MemberRow, People, contract_of, provider_of, rows_of
from parley.casework.change_over import ChangeView
from parley.casework.changing import change_of, may_stay
from parley.casework.domain import CaseState, Channel, Viewer
from parley.casework.models import Case, Child, PartyMember, Statement
from parley.casework.request import Safety
from parley.casework.sides import BODIES, INNER, clocks_seen, parties_seen, view_of
from parley.casework.timeline import LET_GO_BY, PRIVATE_TO, TAKEN_BY
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
from parley.db.sealed import SealedText
from parley.identity.models import Identity
from parley.kernel.errors import NotFound, Refused
from parley.tenancy.domain import ContractEnd
from parley.tenancy.models import Provider

#: Said to the contact of a body that is out of the case.
NO_LONGER_ASKED = "The request goes on without you, so there is nothing here for you to answer any more."


def family_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, identity_id: uuid.UUID) -> CaseView:
    """Return the case as a member of its family party sees it. Raises NotFound for anybody else."""
    rows = _read(session, authority_id, case_id)
    return _view(session, rows, Viewer.FAMILY, me=_own_place(rows.people, identity_id))


def council_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseView:
    """Return the open side of a case as the council's officers see it. Raises NotFound until the provider told them."""
    rows = _read(session, authority_id, case_id, with_officer=True)
    if rows.case.council_told_at is None:
        raise NotFound
    return _view(session, rows, Viewer.LOCAL_AUTHORITY)


def council_preview(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseView:
    """Return what the council's officers will see once they are told: for the provider, before it tells them."""
    return _view(session, _read(session, authority_id, case_id), Viewer.LOCAL_AUTHORITY)


def provider_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID) -> CaseView:
    """Return the case as the staff of the provider that holds it see it.

    Raises NotFound for what the walls hide, and for a request that waits for a young person's own yes or got their no,
    unless the provider wrote it down for a caller: it has not been sent to anybody.
    """
    rows = _read(session, authority_id, case_id)
    if rows.case.referral_id is None and rows.case.channel is not Channel.PHONE:
        raise NotFound
    return _view(session, rows, Viewer.PROVIDER)


def invited_view(session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID) -> CaseView:
    """Return the open side of a case as the invited contact of a school or health body sees it.

    Raises NotFound for anybody else, Refused once the body is no longer asked.
    """
    rows = _read(session, authority_id, case_id)
    me = rows.people.get(member_id)
    if me is None:
        raise NotFound
    return _invited_view(session, rows, me)


def invited_view_of(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, identity_id: uuid.UUID
) -> CaseView:
    """Return what ``invited_view`` does, to the contact who is signed in as ``identity_id``."""
    rows = _read(session, authority_id, case_id)
    return _invited_view(session, rows, _own_place(rows.people, identity_id))


def _invited_view(session: Session, rows: CaseRows, me: MemberRow) -> CaseView:
    view = _view(session, rows, Viewer.INVITED, me=me)
    own = next(party for party in view.parties if party.id == me.party_id)
    if own.kind not in BODIES:
        raise NotFound
    if own.removed or not own.may_be_invited:
        raise Refused(NO_LONGER_ASKED, code="no-longer-asked")
    return view


def _read(session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, *, with_officer: bool = False) -> CaseRows:
    """Return the rows of a case. Raises NotFound for none."""
    rows = rows_of(session, authority_id, case_id, with_officer=with_officer)
    if rows is None:
        raise NotFound
    return rows


def _own_place(people: People, identity_id: uuid.UUID) -> MemberRow:
    """Return the person's own place in the case. Raises NotFound when they have none."""
    me = next((member for member in people.values() if member.identity_id == identity_id), None)
    if me is None:
        raise NotFound
    return me


def _view(session: Session, rows: CaseRows, viewer: Viewer, me: MemberRow | None = None) -> CaseView:
    """Return what ``viewer`` sees of the case."""
    case = rows.case
    parties = parties_seen(session, case, rows.parties, viewer, rows.people)
    timeline = _timeline(rows.timeline, viewer, me)
    contract = contract_of(case)
    return view_of(
        case,
        viewer,
        provider=provider_of(case),
        contract=contract,
        change=_change(session, case, contract) if viewer in INNER else None,
        child=_child(session, case, viewer, me),
        parties=parties,
        members=_members(session, rows, viewer, me),
        statements=_statements(session, rows, viewer, me, _my_parties(parties, viewer, me)),
        clocks=clocks_seen(rows.clocks, viewer, parties, me),
        timeline=timeline,
        providers=_providers_named(session, timeline),
        referral=_referral(case) if viewer in INNER else None,
        assigned_id=case.assigned_id if viewer is Viewer.LOCAL_AUTHORITY else None,
        assigned_name=Identity.shown_as.opener(session, case.authority_id)(case.assigned_id, case.shown_as_sealed),
        council_number=_council_number(session, case) if viewer is Viewer.LOCAL_AUTHORITY else "",
    )


def _change(session: Session, case: Any, contract: ContractEnd) -> ChangeView | None:
    """Return what the family is asked about another provider; looked for only where the contract ended early."""
    if contract.early is None or case.state is CaseState.CLOSED:
        return None
    return change_of(session, case.authority_id, case.id, may_stay=may_stay(contract.early))


def _council_number(session: Session, case: Any) -> str:
    return Case.council_number.opener(session, case.authority_id)(case.id, case.council_number_sealed)


def _my_parties(parties: Sequence[PartyView], viewer: Viewer, me: MemberRow | None) -> frozenset[uuid.UUID]:
    """Return the parties whose shares the viewer reads."""
    if viewer is Viewer.LOCAL_AUTHORITY:
        return frozenset(party.id for party in parties if party.kind.value == Viewer.LOCAL_AUTHORITY.value)
    return frozenset({me.party_id}) if me is not None else frozenset()


def _child(session: Session, case: Any, viewer: Viewer, me: MemberRow | None) -> ChildView:
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


def _members(session: Session, rows: CaseRows, viewer: Viewer, me: MemberRow | None) -> tuple[MemberView, ...]:
    def text(column: SealedText, row_id: uuid.UUID, sealed: bytes | None) -> str:
        return column.opener(session, rows.case.authority_id)(row_id, sealed) if sealed else ""

    return tuple(_member(row, text, viewer, me) for row in rows.people.values())


def _member(
    row: MemberRow, text: Callable[[SealedText, uuid.UUID, bytes | None], str], viewer: Viewer, me: MemberRow | None
) -> MemberView:
    is_me = me is not None and row.id == me.id
    inner = viewer is Viewer.PROVIDER or is_me
    # To a school or a health body, who asks is told in summary: it has no need of names from other sides.
    is_named = viewer is not Viewer.INVITED or (me is not None and row.party_id == me.party_id)
    safety = text(PartyMember.safety, row.id, row.safety_sealed) if inner else ""
    access_needs = text(PartyMember.access_needs, row.id, row.access_needs_sealed) if inner else ""
    return MemberView(
        id=row.id,
        party_id=row.party_id,
        capacity=row.capacity,
        name=text(PartyMember.name, row.id, row.name_sealed) if is_named else "",
        role=text(PartyMember.role, row.id, row.role_sealed) if is_named else "",
        is_rights_holder=row.is_rights_holder,
        is_me=is_me,
        email=text(PartyMember.email, row.id, row.email_sealed) if inner else "",
        phone=text(PartyMember.phone, row.id, row.phone_sealed) if inner else "",
        safety=Safety.from_json(json.loads(safety)) if safety else None,
        access_needs=json.loads(access_needs) if access_needs else None,
        has_account=viewer is Viewer.PROVIDER and row.identity_id is not None,
        invitation=_invitation(row) if viewer is Viewer.PROVIDER else None,
    )


def _invitation(row: MemberRow) -> InvitationView | None:
    if row.invitation_id is None or row.invitation_kind is None or row.made_at is None or row.expires_at is None:
        return None
    return InvitationView(
        id=row.invitation_id,
        kind=row.invitation_kind,
        made_at=row.made_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        returned_at=row.returned_at,
        revoked_at=row.revoked_at,
        opened=row.identity_id is not None,
    )


def _statements(
    session: Session, rows: CaseRows, viewer: Viewer, me: MemberRow | None, my_parties: frozenset[uuid.UUID]
) -> tuple[StatementView, ...]:
    shares: dict[uuid.UUID, set[uuid.UUID]] = {}
    statements = {}
    for row in rows.statements:
        statements[row.id] = row
        shares.setdefault(row.id, set()).update({row.party_id} - {None})
    body = Statement.body.opener(session, rows.case.authority_id)
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


def _timeline(rows: Iterable[Any], viewer: Viewer, me: MemberRow | None) -> tuple[TimelineView, ...]:
    return tuple(
        TimelineView(at=row.at, happening=row.code, by=Viewer(row.by), codes=row.codes)
        for row in rows
        if viewer.value in row.viewers and _is_theirs(row, viewer, me)
    )


def _providers_named(session: Session, timeline: Sequence[TimelineView]) -> dict[str, str]:
    """Return the names of the providers that had the case or took it over; asked only of a case that changed hands."""
    ids = {uuid.UUID(entry.codes[code]) for entry in timeline for code in (LET_GO_BY, TAKEN_BY) if code in entry.codes}
    if not ids:
        return {}
    rows = session.execute(select(Provider.id, Provider.name).where(Provider.id.in_(ids)))
    return {str(row.id): row.name for row in rows}


def _is_theirs(entry: Any, viewer: Viewer, me: MemberRow | None) -> bool:
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

"""The rows that hang on a case, as statements that are put together once.

A case page asks all of them, and putting a statement together takes longer than PostgreSQL takes to answer it. Every
join names the case, which the indexes lead with: by a party or a member alone, all answers or invitations of the
council would be read. Each statement wants what ``of`` returns.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, bindparam, null, select
from sqlalchemy.orm import Session, outerjoin

from parley.casework.domain import Capacity, InvitationKind
from parley.casework.models import (
    Answer,
    Case,
    CaseClock,
    Child,
    Invitation,
    Party,
    PartyMember,
    Referral,
    Share,
    Statement,
    TimelineEntry,
)
from parley.db.reading import Reading, together
from parley.identity.models import Identity
from parley.tenancy.domain import ContractEnd, ProviderOrganisation, Service, contract_end
from parley.tenancy.models import Commission, Provider


class MemberRow(NamedTuple):
    """Somebody in a case, with the newest invitation, whose fields are None where there is none."""

    id: uuid.UUID
    case_id: uuid.UUID
    party_id: uuid.UUID
    identity_id: uuid.UUID | None
    capacity: Capacity
    is_rights_holder: bool
    name_sealed: bytes | None
    email_sealed: bytes | None
    phone_sealed: bytes | None
    role_sealed: bytes | None
    safety_sealed: bytes | None
    access_needs_sealed: bytes | None
    invitation_id: uuid.UUID | None
    invitation_kind: InvitationKind | None
    made_at: dt.datetime | None
    sent_at: dt.datetime | None
    expires_at: dt.datetime | None
    accepted_at: dt.datetime | None
    returned_at: dt.datetime | None
    revoked_at: dt.datetime | None


#: The people of a case by member id, in the order of their ids.
People = Mapping[uuid.UUID, MemberRow]


class CaseRows(NamedTuple):
    """Everything that hangs on one case; ``case`` is the row of CASE."""

    case: Any
    people: People
    parties: list[Any]
    statements: list[Any]
    clocks: list[Any]
    timeline: list[Any]


def _hangs_on_the_case(model: type[Any]) -> ColumnElement[bool]:
    return and_(model.authority_id == bindparam("authority_id"), model.case_id == bindparam("case_id"))


def _hangs_on_several(model: type[Any]) -> ColumnElement[bool]:
    several = any_(bindparam("case_ids", type_=ARRAY(Uuid)))
    return and_(model.authority_id == bindparam("authority_id"), model.case_id == several)


def _beside(model: type[Any], other: type[Any]) -> ColumnElement[bool]:
    return and_(model.authority_id == other.authority_id, model.case_id == other.case_id)


def _beside_case(model: type[Any]) -> ColumnElement[bool]:
    return and_(model.authority_id == Case.authority_id, model.case_id == Case.id)


_PARTIES = (
    select(
        Party.case_id,
        Party.id,
        Party.kind,
        Party.name_sealed,
        Party.may_be_invited,
        Party.removed_at,
        Answer.id.label("answer_id"),
        Answer.value,
        Answer.reason,
        Answer.words_sealed,
        Answer.holding_until,
        Answer.answered_at,
        Answer.unavailable_sealed,
    )
    .outerjoin(Answer, _beside(Answer, Party) & (Answer.party_id == Party.id))
    .order_by(Party.id, Answer.answered_at, Answer.id)
)
_MEMBERS = (
    select(
        PartyMember.id,
        PartyMember.case_id,
        PartyMember.party_id,
        PartyMember.identity_id,
        PartyMember.capacity,
        PartyMember.is_rights_holder,
        PartyMember.name_sealed,
        PartyMember.email_sealed,
        PartyMember.phone_sealed,
        PartyMember.role_sealed,
        PartyMember.safety_sealed,
        PartyMember.access_needs_sealed,
        Invitation.id.label("invitation_id"),
        Invitation.kind.label("invitation_kind"),
        Invitation.made_at,
        Invitation.sent_at,
        Invitation.expires_at,
        Invitation.accepted_at,
        Invitation.returned_at,
        Invitation.revoked_at,
    )
    .outerjoin(Invitation, _beside(Invitation, PartyMember) & (Invitation.member_id == PartyMember.id))
    .where(PartyMember.left_at.is_(None))
    .order_by(PartyMember.id, Invitation.made_at)
)
_CLOCKS = select(
    CaseClock.case_id,
    CaseClock.code,
    CaseClock.basis,
    CaseClock.binds,
    CaseClock.due_on,
    CaseClock.met_at,
    CaseClock.stopped_at,
    CaseClock.party_id,
    CaseClock.member_id,
).order_by(CaseClock.due_on, CaseClock.id)

PARTIES = Reading(_PARTIES.where(_hangs_on_the_case(Party)))
MEMBERS = Reading(_MEMBERS.where(_hangs_on_the_case(PartyMember)), MemberRow)
CLOCKS = Reading(_CLOCKS.where(_hangs_on_the_case(CaseClock)))
#: The same of several cases at once, for which ``case_ids`` stands in place of ``case_id``.
PARTIES_OF_SEVERAL = Reading(_PARTIES.where(_hangs_on_several(Party)))
MEMBERS_OF_SEVERAL = Reading(_MEMBERS.where(_hangs_on_several(PartyMember)), MemberRow)
CLOCKS_OF_SEVERAL = Reading(_CLOCKS.where(_hangs_on_several(CaseClock)))
STATEMENTS = Reading(
    select(Statement.id, Statement.member_id, Statement.kind, Statement.body_sealed, Share.party_id)
    .outerjoin(Share, _beside(Share, Statement) & (Share.item_id == Statement.id) & Share.stopped_at.is_(None))
    .where(_hangs_on_the_case(Statement))
    .order_by(Statement.id)
)
TIMELINE = Reading(
    select(TimelineEntry.at, TimelineEntry.code, TimelineEntry.by, TimelineEntry.viewers, TimelineEntry.codes)
    .where(_hangs_on_the_case(TimelineEntry))
    .order_by(TimelineEntry.at, TimelineEntry.id)
)

_ASSIGNED = (Identity.realm_id == Case.authority_id) & (Identity.id == Case.assigned_id)


#: The provider that has a case.
PROVIDER = (
    Provider.slug.label("provider_slug"),
    Provider.name.label("provider_name"),
    Provider.profile.label("provider_profile"),
)

#: The contract under which it has the case, if the council has one with it.
_CONTRACT = (
    Commission.starts_on.label("contract_starts_on"),
    Commission.ends_on.label("contract_ends_on"),
    Commission.early_end_on,
    Commission.early_end_because,
)
_UNDER = (
    (Commission.authority_id == Case.authority_id)
    & (Commission.provider_id == Case.provider_id)
    & (Commission.service == Service.DISAGREEMENT_RESOLUTION)
)

#: What a view shows of a case, of its child and of its newest referral.
_OF_A_CASE = (
    Case.authority_id,
    Case.id,
    Case.reference,
    Case.state,
    Case.state_since,
    Case.close_reason,
    Case.channel,
    Case.provider_id,
    Case.allocated_because,
    Case.policy_version_id,
    Case.law_version,
    Case.areas,
    Case.against,
    Case.facts,
    Case.asked_as_question,
    Case.sent_at,
    Case.council_told_at,
    Case.assigned_id,
    Case.child_name_sealed,
    Case.council_number_sealed,
    Child.id.label("child_id"),
    Child.date_of_birth_sealed,
    Child.address_sealed,
    Child.setting_sealed,
    Child.given_by,
    Referral.id.label("referral_id"),
    Referral.state.label("referral_state"),
    Referral.provider_reference,
    Referral.acknowledged_at,
    *PROVIDER,
    *_CONTRACT,
)


def _case(*, with_officer: bool) -> Reading[Any]:
    officer = Identity.shown_as_sealed if with_officer else null().label("shown_as_sealed")
    return Reading(
        select(*_OF_A_CASE, officer)
        .select_from(outerjoin(Case, Identity, _ASSIGNED) if with_officer else Case)
        .join(Child, _beside_case(Child))
        .join(Provider, Provider.id == Case.provider_id)
        .outerjoin(Commission, _UNDER)
        .outerjoin(Referral, _beside_case(Referral))
        .where(Case.authority_id == bindparam("authority_id"), Case.id == bindparam("case_id"))
        .order_by(Referral.made_at.desc(), Referral.id.desc())
        .limit(1)
    )


#: What a case has one of each: itself, its child, its newest referral; for its council also who has it there.
CASE = _case(with_officer=False)
CASE_WITH_OFFICER = _case(with_officer=True)


def rows_of(
    session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, *, with_officer: bool = False
) -> CaseRows | None:
    """Return the rows of one case, read in one round trip, or None where there is no such case."""
    asked = of(authority_id, case_id)
    readings = (CASE_WITH_OFFICER if with_officer else CASE, MEMBERS, PARTIES, STATEMENTS, CLOCKS, TIMELINE)
    cases, members, *others = together(session, *(reading.asking(asked) for reading in readings))
    return CaseRows(cases[0], people_of(members), *others) if cases else None


def people_of(members: Iterable[MemberRow]) -> People:
    """Return the people by id; ``members`` has a row for each invitation that somebody had, the newest last."""
    return {member.id: member for member in members}


def provider_of(row: Any) -> ProviderOrganisation:
    """Return the provider of a row that has the columns of PROVIDER and the case's ``provider_id``."""
    return ProviderOrganisation(
        id=row.provider_id, slug=row.provider_slug, name=row.provider_name, profile=row.provider_profile
    )


def contract_of(row: Any) -> ContractEnd:
    """Return how the contract ends under which a case's provider has it; ``row`` is one of CASE."""
    return contract_end(row.contract_starts_on, row.contract_ends_on, row.early_end_on, row.early_end_because)


def of(authority_id: uuid.UUID, case_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """Return what fills in those statements."""
    return {"authority_id": authority_id, "case_id": case_id}

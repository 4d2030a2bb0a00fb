"""Whom a council asks by itself who goes on with a request: its provider cannot, and no e-mail reaches the family.

For that one purpose the council is told who they are and how to reach them safely, and nothing of the request.
"""

import dataclasses
import datetime as dt
import json
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.casework.change_over import GOES_ON
from parley.casework.changing import change_of
from parley.casework.domain import PartyKind
from parley.casework.models import Case, Party, PartyMember
from parley.casework.request import Safety
from parley.kernel.errors import NotFound
from parley.tenancy.domain import ProviderOrganisation
from parley.tenancy.queries import cannot_go_on, provider_by_id


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonToRing:
    """A person of a family, and the question to them; ``decides`` tells that the answer is theirs to give."""

    case_id: uuid.UUID
    member_id: uuid.UUID
    reference: str
    name: str
    phone: str
    safety: Safety | None
    decides: bool
    provider: ProviderOrganisation
    new_provider: ProviderOrganisation


def person_to_ring(
    session: Session, *, authority_id: uuid.UUID, case_id: uuid.UUID, member_id: uuid.UUID, on: dt.date
) -> PersonToRing:
    """Return whom to ring, on the London date ``on`` (council's scope).

    Raises NotFound where the family is not asked who goes on, or the provider that has its request can go on.
    """
    found = session.execute(
        select(Case, PartyMember)
        .join(PartyMember, (PartyMember.authority_id == Case.authority_id) & (PartyMember.case_id == Case.id))
        .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
        .where(
            Case.authority_id == authority_id,
            Case.id == case_id,
            Case.state.in_(GOES_ON),
            PartyMember.id == member_id,
            PartyMember.left_at.is_(None),
            Party.kind == PartyKind.FAMILY,
            cannot_go_on(Case.authority_id, Case.provider_id, on),
        )
    ).one_or_none()
    change = change_of(session, authority_id, case_id, may_stay=False) if found else None
    if found is None or change is None:
        raise NotFound
    case, member = found
    return PersonToRing(
        case_id=case.id,
        member_id=member.id,
        reference=case.reference,
        name=member.name,
        phone=member.phone,
        safety=Safety.from_json(json.loads(member.safety)) if member.safety else None,
        decides=member.is_rights_holder,
        provider=provider_by_id(session, case.provider_id),
        new_provider=change.new_provider,
    )

"""The rows of a case as tests make one, and what they then know of it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from parley.access.domain import Actor, Role
from parley.casework.allocation import AllocatedBecause
from parley.casework.domain import (
    NEVER,
    Capacity,
    CaseState,
    Channel,
    PartyKind,
    ReferralState,
    StatementKind,
    council_list,
)
from parley.casework.models import Case, Party, PartyMember, Referral, Statement, WorklistEntry
from parley.db.scope import Scope, authority_scope, provider_case_scope
from parley.kernel.ids import new_id
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.people import acting


@dataclasses.dataclass(frozen=True, kw_only=True)
class MadeCase:
    """A case that was made: the ids that tests need, and its people.

    ``family`` and ``council`` are party ids; ``parent`` is the parent's member id, ``parent_identity`` whom they sign
    in as. ``story`` is an unshared statement of theirs.
    """

    authority: Authority
    provider: ProviderOrganisation
    id: uuid.UUID
    reference: str
    child_name: str
    family: uuid.UUID
    parent: uuid.UUID
    parent_identity: uuid.UUID
    council: uuid.UUID
    story: uuid.UUID

    @property
    def family_actor(self) -> Actor:
        """The parent, signed in."""
        return acting(Role.FAMILY, self.authority, identity_id=self.parent_identity)

    @property
    def authority_scope(self) -> Scope:
        """The scope of the family's and the council's pages."""
        return authority_scope(self.authority.id)

    @property
    def provider_scope(self) -> Scope:
        """The scope of this case opened by its provider's staff."""
        return provider_case_scope(self.provider.id, self.authority.id, self.id)


def worklist_entry(made: MadeCase, at: dt.datetime, state: CaseState, held_until: dt.datetime | None) -> WorklistEntry:
    """Return the case's row in its provider's list."""
    return WorklistEntry(
        provider_id=made.provider.id,
        authority_id=made.authority.id,
        case_id=made.id,
        reference=made.reference,
        state=state,
        is_open=state is not CaseState.CLOSED,
        channel=Channel.ONLINE,
        received_at=at,
        next_due_on=NEVER,
        name=made.child_name,
        held_until=held_until,
        updated_at=at,
    )


def case_row(made: MadeCase, at: dt.datetime, state: CaseState, fingerprint: bytes, columns: Mapping[str, Any]) -> Case:
    """Return the case itself; ``columns`` changes columns, ``fingerprint`` finds the child's name."""
    told = state not in {CaseState.WAITING_FOR_YOUNG_PERSON, CaseState.SENT, CaseState.ACKNOWLEDGED}
    return Case(
        **{
            "authority_id": made.authority.id,
            "id": made.id,
            "reference": made.reference,
            "state": state,
            "state_since": at,
            "channel": Channel.ONLINE,
            "policy_version_id": new_id(),
            "law_version": "england-2014",
            "provider_id": made.provider.id,
            "allocated_because": AllocatedBecause.SOLE,
            "areas": ["A"],
            "against": ["local_authority"],
            "facts": {},
            "asked_as_question": False,
            "sent_at": at,
            "council_told_at": at if told else None,
            "listed": council_list(state, told=told),
            "next_due_on": NEVER,
            "child_name": made.child_name,
            "child_fingerprint": fingerprint,
            **columns,
        }
    )


def referral(made: MadeCase, at: dt.datetime) -> Referral:
    """Return the hand-over to the provider, which took it."""
    return Referral(
        authority_id=made.authority.id,
        case_id=made.id,
        provider_id=made.provider.id,
        state=ReferralState.SUBMITTED,
        made_at=at,
        submitted_at=at,
    )


def people(made: MadeCase, at: dt.datetime, parent_name: str) -> list[object]:
    """Return the parties, the parent, and the parent's story."""
    of_case: dict[str, Any] = {"authority_id": made.authority.id, "case_id": made.id}
    return [
        Party(id=made.family, kind=PartyKind.FAMILY, name="", may_be_invited=True, **of_case),
        Party(
            id=made.council,
            kind=PartyKind.LOCAL_AUTHORITY,
            name=made.authority.name,
            may_be_invited=True,
            **of_case,
        ),
        PartyMember(
            id=made.parent,
            party_id=made.family,
            identity_id=made.parent_identity,
            capacity=Capacity.PARENT_CARER,
            is_rights_holder=True,
            name=parent_name,
            email="parent@family.invalid",
            **of_case,
        ),
        Statement(
            id=made.story,
            member_id=made.parent,
            kind=StatementKind.STORY,
            body="What happened, in our own words.",
            written_at=at,
            **of_case,
        ),
    ]

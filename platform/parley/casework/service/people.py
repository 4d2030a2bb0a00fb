"""Adding parties, people, consents and shares to a case: steps of use cases, not use cases of their own."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.casework.clocks import response_clock
from parley.casework.consent_texts import ASKING, CONSENT_TEXTS
from parley.casework.domain import ClockCode, ConsentKind, ConsentMeans, ConsentState, ItemKind, PartyKind
from parley.casework.models import Case, Consent, Party, PartyMember, Share
from parley.casework.service.record import Act
from parley.casework.timeline import Happening, PeopleLeft
from parley.db.events import announce
from parley.kernel.clock import london_date
from parley.policy.domain import Policy


def add_party(act: Act, kind: PartyKind, *, name: str, may_be_invited: bool) -> Party:
    """Add a side to the case, in the caller's transaction."""
    party = Party(
        authority_id=act.case.authority_id,
        case_id=act.case.id,
        kind=kind,
        name=name,
        may_be_invited=may_be_invited,
    )
    act.session.add(party)
    return party


def add_member(act: Act, party: Party, **values: object) -> PartyMember:
    """Add a person to a party, in the caller's transaction; ``values`` are columns of PartyMember."""
    member = PartyMember(authority_id=act.case.authority_id, case_id=act.case.id, party_id=party.id, **values)
    act.session.add(member)
    return member


def party_leaves(act: Act, party: Party) -> None:
    """Announce that a party's people no longer take part, in the caller's transaction."""
    people = act.session.scalars(
        select(PartyMember.id).where(
            PartyMember.authority_id == act.case.authority_id,
            PartyMember.case_id == act.case.id,
            PartyMember.party_id == party.id,
            PartyMember.left_at.is_(None),
        )
    )
    _left(act, frozenset(people))


def person_leaves(act: Act, member: PartyMember) -> None:
    """Announce that one person no longer takes part, in the caller's transaction."""
    _left(act, frozenset({member.id}))


def _left(act: Act, member_ids: frozenset[uuid.UUID]) -> None:
    left = PeopleLeft(authority_id=act.case.authority_id, case_id=act.case.id, at=act.at, member_ids=member_ids)
    announce(act.session, left)


def add_consent(act: Act, member: PartyMember, kind: ConsentKind, state: ConsentState, means: ConsentMeans) -> None:
    """Record a person's yes or no to the present text, in the caller's transaction."""
    act.session.add(
        Consent(
            authority_id=act.case.authority_id,
            case_id=act.case.id,
            member_id=member.id,
            kind=kind,
            state=state,
            means=means,
            text_version=CONSENT_TEXTS,
            at=act.at,
            recorded_by=act.actor.identity_id,
        )
    )


def share_item(act: Act, item_id: uuid.UUID, kind: ItemKind, party_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Show an item to a party from now on, in the caller's transaction."""
    act.session.add(
        Share(
            authority_id=act.case.authority_id,
            case_id=act.case.id,
            item_kind=kind,
            item_id=item_id,
            party_id=party_id,
            shared_by=member_id,
            shared_at=act.at,
        )
    )
    act.happened(Happening.ITEM_SHARED, subject_id=item_id, item_kind=kind.value, party_id=str(party_id))


def bodies_to_invite(session: Session, case: Case) -> list[Party]:
    """Return the schools and health bodies of the case that the family said may be asked."""
    rows = session.scalars(
        select(Party).where(
            Party.authority_id == case.authority_id,
            Party.case_id == case.id,
            Party.kind.in_(ASKING),
            Party.may_be_invited,
            Party.removed_at.is_(None),
        )
    )
    return list(rows)


def invite_by(act: Act, body: Party, policy: Policy) -> None:
    """Start the date by which the provider invites somebody at a body, once nothing stands in its way any more."""
    act.start([response_clock(ClockCode.INVITE_BY, policy, london_date(act.at), party_id=body.id)])

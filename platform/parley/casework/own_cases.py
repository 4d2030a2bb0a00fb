"""A family's list of its own cases: a few queries, however many cases there are."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from parley.casework import case_rows
from parley.casework.domain import PartyKind, Viewer
from parley.casework.models import Case, Party, PartyMember
from parley.casework.sides import clocks_seen, parties_seen, view_of
from parley.casework.views import CaseView, ChildView, MemberView
from parley.db.reading import together
from parley.tenancy.models import Provider
from parley.tenancy.queries import provider_of


def own_cases(session: Session, *, authority_id: uuid.UUID, identity_id: uuid.UUID) -> Sequence[CaseView]:
    """Return the cases in whose family party the signed-in person is, newest first.

    Each is read as far as what happens next in it: of people the reader alone, of the child the name, and nothing that
    anybody wrote, that happened, or that the provider's system answered.
    """
    own = session.execute(_own(authority_id, identity_id)).all()
    if not own:
        return []
    asked = {"authority_id": authority_id, "case_ids": [case.id for case, *_ in own]}
    readings = (case_rows.PARTIES_OF_SEVERAL, case_rows.CLOCKS_OF_SEVERAL, case_rows.MEMBERS_OF_SEVERAL)
    parties, clocks, members = map(_by_case, together(session, *(reading.asking(asked) for reading in readings)))
    views = []
    for case, my_id, provider in own:
        people = case_rows.people_of(members[case.id])
        me = people[my_id]
        sides = parties_seen(session, case, parties[case.id], Viewer.FAMILY, people)
        due = clocks_seen(clocks[case.id], Viewer.FAMILY, sides, me)
        views.append(_view(case, me, provider=provider_of(provider), parties=sides, clocks=due))
    return views


def _own(authority_id: uuid.UUID, identity_id: uuid.UUID) -> Select[Case, uuid.UUID, Provider]:
    return (
        select(Case, PartyMember.id, Provider)
        .join(PartyMember, (PartyMember.authority_id == Case.authority_id) & (PartyMember.case_id == Case.id))
        .join(Party, (Party.authority_id == PartyMember.authority_id) & (Party.id == PartyMember.party_id))
        .join(Provider, Provider.id == Case.provider_id)
        .where(
            Case.authority_id == authority_id,
            PartyMember.identity_id == identity_id,
            PartyMember.left_at.is_(None),
            Party.kind == PartyKind.FAMILY,
        )
        .order_by(Case.sent_at.desc())
    )


def _by_case(rows: Iterable[Any]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _view(case: Case, me: case_rows.MemberRow, **read: Any) -> CaseView:
    return view_of(
        case,
        Viewer.FAMILY,
        child=ChildView(name=case.child_name, setting=""),
        members=(
            MemberView(
                id=me.id,
                party_id=me.party_id,
                capacity=me.capacity,
                name="",
                is_rights_holder=me.is_rights_holder,
                is_me=True,
            ),
        ),
        statements=(),
        timeline=(),
        referral=None,
        **read,
    )

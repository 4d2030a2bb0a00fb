"""The child of a case as its provider's list names it: under the provider's own key of this deployment."""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from parley.casework.models import Case, Child, WorklistEntry
from parley.db.sealed import search_fingerprint
from parley.tenancy.models import Provider

#: A child's name and date of birth, as they are written.
Born = tuple[str, str]


def children_of(session: Session, authority_id: uuid.UUID, case_ids: Iterable[str]) -> Mapping[str, Born]:
    """Return the child of each case, by the case's id as text."""
    named = Case.child_name.opener(session, authority_id)
    born = Child.date_of_birth.opener(session, authority_id)
    rows = session.execute(
        select(Case.id, Case.child_name_sealed, Child.id.label("child_id"), Child.date_of_birth_sealed)
        .join(Child, and_(Child.authority_id == Case.authority_id, Child.case_id == Case.id))
        .where(Case.authority_id == authority_id, Case.id.in_([uuid.UUID(case_id) for case_id in case_ids]))
    )
    return {
        str(row.id): (named(row.id, row.child_name_sealed), born(row.child_id, row.date_of_birth_sealed))
        for row in rows
    }


def listed_child(session: Session, provider: str, case_id: str, child: Born) -> dict[str, bytes]:
    """Return the sealed columns of a case's row in the list of ``provider`` (a slug), as ``casework`` makes them."""
    provider_id = session.scalars(select(Provider.id).where(Provider.slug == provider)).one()
    name, born = child
    return {
        "name_sealed": WorklistEntry.name.sealer(session, provider_id)(case_id, name),
        "child_fingerprint": search_fingerprint(
            session, provider_id, "provider_worklist.child", f"{name}|{born or None}"
        ),
    }

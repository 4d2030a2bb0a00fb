"""The author of a statement shows it to a party, or stops showing it."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.domain import CaseState, ItemKind, PartyKind, Viewer
from parley.casework.models import Case, Party, PartyMember, Share, Statement
from parley.casework.service.answers import own_membership
from parley.casework.service.people import share_item
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.kernel.errors import Conflict, NotFound


def share_statement(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    statement_id: uuid.UUID,
    party_id: uuid.UUID,
) -> None:
    """Show one of the actor's own statements to a party from now on. Commits. Doing so twice changes nothing.

    Raises NotFound unless the actor wrote the statement and the party is still in the case, Conflict once the case
    is closed.
    """
    case = case_for_update(session, authority_id, case_id)
    author = _author(session, case, actor, statement_id)
    _require_party(session, case, party_id)
    if case.state is CaseState.CLOSED:
        raise Conflict("This case is closed, so nothing more can be shared in it.", code="closed")
    if _running_share(session, case, statement_id, party_id) is None:
        act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
        share_item(act, statement_id, ItemKind.STATEMENT, party_id, author.id)
    session.commit()


def stop_sharing(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    case_id: uuid.UUID,
    statement_id: uuid.UUID,
    party_id: uuid.UUID,
) -> None:
    """Stop showing one of the actor's own statements to a party, for the future. Commits. Twice changes nothing.

    Possible at any time, in a closed case too: what was read before cannot be unread. Raises NotFound unless the actor
    wrote the statement and the party is one of the case's.
    """
    case = case_for_update(session, authority_id, case_id)
    _author(session, case, actor, statement_id)
    _require_party(session, case, party_id, also_removed=True)
    share = _running_share(session, case, statement_id, party_id)
    if share is not None:
        share.stopped_at = at
        act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
        act.happened(
            Happening.ITEM_NO_LONGER_SHARED,
            subject_id=statement_id,
            item_kind=ItemKind.STATEMENT.value,
            party_id=str(party_id),
        )
    session.commit()


def _author(session: Session, case: Case, actor: Actor, statement_id: uuid.UUID) -> PartyMember:
    """Return the actor's place in the case if the statement is theirs; another member of the family has no say."""
    member = own_membership(session, case, actor)
    statement = session.get(Statement, (case.authority_id, statement_id))
    if member is None or statement is None or statement.case_id != case.id or statement.member_id != member.id:
        raise NotFound
    return member


def _require_party(session: Session, case: Case, party_id: uuid.UUID, *, also_removed: bool = False) -> None:
    party = session.get(Party, (case.authority_id, party_id))
    if party is None or party.case_id != case.id or party.kind is PartyKind.FAMILY:
        raise NotFound
    if party.removed_at is not None and not also_removed:
        raise NotFound


def _running_share(session: Session, case: Case, item_id: uuid.UUID, party_id: uuid.UUID) -> Share | None:
    return session.scalar(
        select(Share).where(
            Share.authority_id == case.authority_id,
            Share.item_id == item_id,
            Share.party_id == party_id,
            Share.stopped_at.is_(None),
        )
    )

"""The author of something shows it to a party, or stops showing it."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.domain import CaseState, ItemKind, Viewer
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
    act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
    start_share(act, statement_id, ItemKind.STATEMENT, party_id, own_party_id=author.party_id, shared_by=author.id)
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
    author = _author(session, case, actor, statement_id)
    act = Act(session=session, case=case, actor=actor, by=Viewer.FAMILY, at=at)
    end_share(act, statement_id, ItemKind.STATEMENT, party_id, own_party_id=author.party_id)
    session.commit()


def start_share(
    act: Act,
    item_id: uuid.UUID,
    kind: ItemKind,
    party_id: uuid.UUID,
    *,
    own_party_id: uuid.UUID | None,
    shared_by: uuid.UUID,
) -> None:
    """Show an item to a party from now on, in the caller's transaction; nothing changes when it is shown already.

    ``own_party_id`` is the party whose item it is, ``shared_by`` who of it shows it; that they may is for the caller to
    see to. Raises NotFound unless the party is another one still in the case, Conflict once the case is closed.
    """
    _require_party(act, party_id, own_party_id)
    if act.case.state is CaseState.CLOSED:
        raise Conflict("This case is closed, so nothing more can be shared in it.", code="closed")
    act.require_going_on()
    if _running_share(act, item_id, party_id) is None:
        share_item(act, item_id, kind, party_id, shared_by)


def end_share(
    act: Act, item_id: uuid.UUID, kind: ItemKind, party_id: uuid.UUID, *, own_party_id: uuid.UUID | None
) -> None:
    """Stop showing an item to a party, in the caller's transaction; nothing changes when it is not shown.

    Raises NotFound unless the party is another one of the case's, still in it or not.
    """
    _require_party(act, party_id, own_party_id, also_removed=True)
    share = _running_share(act, item_id, party_id)
    if share is not None:
        share.stopped_at = act.at
        act.happened(Happening.ITEM_NO_LONGER_SHARED, subject_id=item_id, item_kind=kind.value, party_id=str(party_id))


def _author(session: Session, case: Case, actor: Actor, statement_id: uuid.UUID) -> PartyMember:
    """Return the actor's place in the case if the statement is theirs; another member of the family has no say."""
    member = own_membership(session, case, actor)
    statement = session.get(Statement, (case.authority_id, statement_id))
    if member is None or statement is None or statement.case_id != case.id or statement.member_id != member.id:
        raise NotFound
    return member


def _require_party(
    act: Act, party_id: uuid.UUID, own_party_id: uuid.UUID | None, *, also_removed: bool = False
) -> None:
    party = act.session.get(Party, (act.case.authority_id, party_id))
    if party is None or party.case_id != act.case.id or party.id == own_party_id:
        raise NotFound
    if party.removed_at is not None and not also_removed:
        raise NotFound


def _running_share(act: Act, item_id: uuid.UUID, party_id: uuid.UUID) -> Share | None:
    return act.session.scalar(
        select(Share).where(
            Share.authority_id == act.case.authority_id,
            Share.item_id == item_id,
            Share.party_id == party_id,
            Share.stopped_at.is_(None),
        )
    )

"""Use cases on drafts of an agreement: written and given out by the provider, confirmed by each side, then settled.

Each runs wholly on the compartment's own connection, in one transaction. A draft is locked while it is answered, so
that what every side confirmed is settled once, and nobody takes back a word while it is.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.casework.agreement import RELEASE, AgreementText, Confirmation, ConfirmedAgreement, agreement_problems
from parley.casework.domain import ConsentMeans
from parley.compartment.domain import CopyHolder, DraftNews, message_problems
from parley.compartment.models import DraftAgreement, DraftCopy
from parley.compartment.queries import holder_of
from parley.compartment.record import Act, act_in_case
from parley.db.scope import Side
from parley.jobs.service import enqueue
from parley.kernel.clock import london_date
from parley.kernel.errors import Conflict, Invalid, NotFound, Refused

#: A job of notifications: tells a side that there is a draft to check, or the provider that somebody answered.
TELL_OF_DRAFT = "notifications.tell_of_draft"


def write_draft(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    meeting_id: uuid.UUID,
    parties: frozenset[uuid.UUID],
    text: AgreementText,
    instead_of: int,
) -> uuid.UUID:
    """Write the next version of a meeting's draft; return its id. Commits.

    ``parties`` were at the meeting. ``instead_of`` is the version that stood when the page was opened, 0 for none:
    raises Conflict when somebody wrote another meanwhile, or when every side confirmed it already. A new version voids
    every confirmation of the one before, and takes back its copies. Raises Invalid naming each field.
    """
    if found := agreement_problems(text, parties, london_date(at)):
        raise Invalid(found)
    act = act_in_case(session, actor=actor, at=at)
    newest = _lock_newest(session, meeting_id)
    if (newest.version if newest else 0) != instead_of:
        raise Conflict("Somebody else wrote a new version while you were writing.", code="draft-moved-on")
    if newest is not None:
        _require_running(newest)
        newest.superseded_at = at
    act.ensure_case_key()
    draft = DraftAgreement(
        authority_id=act.authority_id,
        case_id=act.case_id,
        provider_id=act.holder(),
        meeting_id=meeting_id,
        version=instead_of + 1,
        author_id=act.person_id,
        text=text.to_json(),
        written_at=at,
    )
    session.add(draft)
    act.audited("draft.write", draft.id, version=draft.version)
    session.commit()
    return draft.id


def give_copies(
    session: Session, *, actor: Actor, at: dt.datetime, draft_id: uuid.UUID, holders: Sequence[CopyHolder]
) -> None:
    """Give each of ``holders`` a copy of the newest version to confirm. Commits. Twice changes nothing.

    Raises Conflict when the draft was replaced or settled meanwhile, or when nobody is to get one.
    """
    act, draft = act_in_case(session, actor=actor, at=at), _lock(session, draft_id)
    _require_running(draft)
    if not holders:
        raise Conflict("Nobody is recorded as having been at the meeting.", code="nobody-attended")
    if session.scalar(select(DraftCopy.id).where(DraftCopy.draft_id == draft.id).limit(1)) is not None:
        return
    for holder in holders:
        copy = DraftCopy(
            authority_id=draft.authority_id,
            case_id=draft.case_id,
            provider_id=draft.provider_id,
            draft_id=draft.id,
            side=holder.side,
            party_id=holder.party_id,
            member_id=holder.member_id,
            given_at=at,
        )
        session.add(copy)
        _tell(session, draft, DraftNews.TO_CHECK, holder.side, holder.member_id)
    act.audited("draft.give", draft.id, version=draft.version, copies=len(holders))
    session.commit()


def confirm(session: Session, *, actor: Actor, at: dt.datetime, copy_id: uuid.UUID) -> None:
    """Confirm one's own copy; on the provider's side, a family's that was read back to it on the phone. Commits.

    Twice changes nothing. When it was the last, the draft is released: a job finds out, for no side sees the copies of
    another. Raises NotFound for a copy that is not one's own, Conflict when there is a newer version.
    """
    act = act_in_case(session, actor=actor, at=at)
    copy, draft = _own(act, copy_id)
    if copy.confirmed_at is not None:
        return
    spoken = act.side is Side.PROVIDER
    copy.confirmed_at, copy.confirmed_by = at, actor.identity_id
    copy.means = ConsentMeans.SPOKEN if spoken else ConsentMeans.ONLINE
    copy.change_asked_at, copy.change_sealed = None, None
    act.audited("draft_copy.confirm", copy.id, version=draft.version, means=copy.means.value)
    if not spoken:
        _tell(session, draft, DraftNews.ANSWERED, copy.side, copy.member_id)
    enqueue(
        session,
        RELEASE,
        lock=f"case:{draft.case_id}",
        authority_id=draft.authority_id,
        case_id=draft.case_id,
        draft_id=draft.id,
    )
    session.commit()


def take_back(session: Session, *, actor: Actor, at: dt.datetime, copy_id: uuid.UUID) -> None:
    """Take back a confirmation, which is possible until every side has confirmed. Commits. Twice changes nothing."""
    act = act_in_case(session, actor=actor, at=at)
    copy, draft = _own(act, copy_id)
    if copy.confirmed_at is None:
        return
    _unconfirm(copy)
    act.audited("draft_copy.take_back", copy.id, version=draft.version)
    _tell(session, draft, DraftNews.ANSWERED, copy.side, copy.member_id)
    session.commit()


def ask_for_change(session: Session, *, actor: Actor, at: dt.datetime, copy_id: uuid.UUID, words: str) -> None:
    """Ask, in words that the provider alone reads, for something to be changed; takes back a confirmation. Commits.

    Raises Invalid for empty or overlong words, and what ``confirm`` raises.
    """
    if found := message_problems(words):
        raise Invalid({"change": found["body"]})
    act = act_in_case(session, actor=actor, at=at)
    copy, draft = _own(act, copy_id)
    _unconfirm(copy)
    copy.change_asked_at = at
    copy.change = words.strip()
    act.audited("draft_copy.ask_change", copy.id, version=draft.version)
    if act.side is not Side.PROVIDER:
        _tell(session, draft, DraftNews.ANSWERED, copy.side, copy.member_id)
    session.commit()


def settle(session: Session, *, at: dt.datetime, draft_id: uuid.UUID) -> ConfirmedAgreement | None:
    """Return the draft if every copy of it is confirmed, and let nothing of it change from now on. Commits.

    Runs in ``release_scope``, to which the walls show no other draft; None while one copy is not confirmed. May be
    called again: what is settled stays so.
    """
    shown = select(DraftAgreement).where(DraftAgreement.id == draft_id).execution_options(populate_existing=True)
    if session.scalar(shown.with_for_update()) is None:
        return None
    # Looked at again: somebody who held the lock may have taken a confirmation back before letting it go.
    draft = session.scalar(shown)
    if draft is None or draft.provider_id != holder_of(session, draft.authority_id, draft.case_id):
        # A case that goes to another provider leaves behind what not everybody had confirmed by then.
        return None
    draft.settled_at = draft.settled_at or at
    copies = session.scalars(select(DraftCopy).where(DraftCopy.draft_id == draft.id).order_by(DraftCopy.id)).all()
    found = ConfirmedAgreement(
        draft_id=draft.id,
        meeting_id=draft.meeting_id,
        version=draft.version,
        text=AgreementText.from_json(draft.text),
        confirmations=tuple(
            Confirmation(party_id=copy.party_id, at=copy.confirmed_at, spoken=copy.means is ConsentMeans.SPOKEN)
            for copy in copies
            if copy.confirmed_at is not None
        ),
    )
    session.commit()
    return found


def _own(act: Act, copy_id: uuid.UUID) -> tuple[DraftCopy, DraftAgreement]:
    """Return a copy that the walls show, and its draft, locked; the copy as it stands under the lock."""
    session = act.session
    draft_id = session.scalar(select(DraftCopy.draft_id).where(DraftCopy.id == copy_id))
    if draft_id is None:
        raise NotFound
    draft = _lock(session, draft_id)
    _require_running(draft)
    if draft.provider_id != act.holder():
        raise Conflict("Another provider has the request now. This draft stayed behind.", code="draft-stayed-behind")
    copy = session.scalars(select(DraftCopy).where(DraftCopy.id == copy_id)).one()
    if act.side is Side.PROVIDER and copy.side is not Side.FAMILY:
        raise Refused("Only a family's answer can be recorded for it.", code="not-your-copy")
    return copy, draft


def _lock(session: Session, draft_id: uuid.UUID) -> DraftAgreement:
    """Return a draft that the walls show, locked until the transaction ends.

    Raises NotFound for none, Conflict for one that every side confirmed: the walls let nobody lock that.
    """
    if session.scalar(select(DraftAgreement.id).where(DraftAgreement.id == draft_id)) is None:
        raise NotFound
    draft = session.scalar(
        select(DraftAgreement)
        .where(DraftAgreement.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise _settled()
    return draft


def _lock_newest(session: Session, meeting_id: uuid.UUID) -> DraftAgreement | None:
    newest = session.scalar(
        select(DraftAgreement.id)
        .where(DraftAgreement.meeting_id == meeting_id)
        .order_by(DraftAgreement.version.desc())
        .limit(1)
    )
    return _lock(session, newest) if newest is not None else None


def _require_running(draft: DraftAgreement) -> None:
    if draft.settled_at is not None:
        raise _settled()
    if draft.superseded_at is not None:
        raise Conflict("There is a newer version now. Read that one before you answer.", code="draft-moved-on")


def _settled() -> Conflict:
    return Conflict("Everybody has confirmed this already, so it can no longer be changed.", code="draft-settled")


def _unconfirm(copy: DraftCopy) -> None:
    copy.confirmed_at, copy.confirmed_by, copy.means = None, None, None


def _tell(session: Session, draft: DraftAgreement, news: DraftNews, side: Side, member_id: uuid.UUID | None) -> None:
    enqueue(
        session,
        TELL_OF_DRAFT,
        authority_id=draft.authority_id,
        case_id=draft.case_id,
        news=news.value,
        side=side.value,
        member_id=member_id or "",
    )

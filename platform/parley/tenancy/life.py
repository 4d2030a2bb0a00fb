"""The steps of a council's life: going live, pausing, going on, being succeeded. Each is kept with its reason."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.scope import PLATFORM_REALM
from parley.kernel.errors import Refused
from parley.tenancy.domain import AuthorityState, Step, require_step
from parley.tenancy.models import AuthorityChange, LocalAuthority


def go_live(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    author: str,
    reason: str,
    unmet: Sequence[str],
    override: bool,
) -> None:
    """Open a council that was tried out to its families. Commits.

    ``unmet`` names what the checklist found missing. Raises Refused if there is anything and ``override`` is not set,
    Conflict if the council is not being tried out.
    """
    council = _locked(session, authority_id, Step.GO_LIVE)
    if unmet and not override:
        raise Refused(f"{council.name} is not ready: {', '.join(unmet)}.", code="not-ready")
    council.went_live_at = at
    _step(session, council, AuthorityState.LIVE, actor=actor, at=at, author=author, reason=reason, unmet=unmet)
    session.commit()


def suspend(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, author: str, reason: str
) -> None:
    """Pause a council's pages for families; nothing that is kept changes. Commits.

    Raises Conflict if it is paused already, or closed.
    """
    council = _locked(session, authority_id, Step.SUSPEND)
    _step(session, council, AuthorityState.SUSPENDED, actor=actor, at=at, author=author, reason=reason)
    session.commit()


def resume(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, author: str, reason: str
) -> AuthorityState:
    """Let a paused council's pages be served again; return the state it was in before. Commits.

    Raises Conflict if it is not paused.
    """
    council = _locked(session, authority_id, Step.RESUME)
    back = AuthorityState.LIVE if council.went_live_at else AuthorityState.DEMO
    council.resumed_at = at
    _step(session, council, back, actor=actor, at=at, author=author, reason=reason)
    session.commit()
    return back


def note_wipe(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, author: str, reason: str
) -> None:
    """Keep that what was typed while a council was tried out is about to be wiped. Commits.

    Raises Conflict for a council that is not tried out.
    """
    council = _locked(session, authority_id, Step.WIPE)
    _step(session, council, AuthorityState.DEMO, actor=actor, at=at, author=author, reason=f"wiped: {reason}")
    session.commit()


def close(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    authority_id: uuid.UUID,
    successor_id: uuid.UUID,
    author: str,
    reason: str,
) -> None:
    """Let nothing new begin at a council in whose place another came. Commits. Raises Conflict if it is closed."""
    council = _locked(session, authority_id, Step.CLOSE)
    council.successor_id = successor_id
    _step(session, council, AuthorityState.CLOSED, actor=actor, at=at, author=author, reason=reason)
    session.commit()


def note(session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, author: str, reason: str) -> None:
    """Keep in a council's history what was done besides a step of its life. Commits."""
    council = session.get_one(LocalAuthority, authority_id)
    _step(session, council, council.state, actor=actor, at=at, author=author, reason=reason)
    session.commit()


def _locked(session: Session, authority_id: uuid.UUID, step: Step) -> LocalAuthority:
    """Return the council, held against others who change it. Raises Conflict unless it may take ``step`` now."""
    council = session.scalars(
        select(LocalAuthority)
        .where(LocalAuthority.id == authority_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    require_step(council.name, council.state, step)
    return council


def _step(
    session: Session,
    council: LocalAuthority,
    now: AuthorityState,
    *,
    actor: Actor,
    at: dt.datetime,
    author: str,
    reason: str,
    unmet: Sequence[str] = (),
) -> None:
    """Change the state, and keep who did it and why, in the caller's transaction."""
    was, council.state = council.state, now
    session.add(
        AuthorityChange(authority_id=council.id, at=at, state=now, author=author, reason=reason, unmet=list(unmet))
    )
    audit.record(
        session,
        at=at,
        actor=actor,
        action="authority.change_state",
        realm_id=PLATFORM_REALM,
        subject_id=council.id,
        codes={"was": was.value, "now": now.value, "unmet": len(unmet)},
    )

"""Signing people out because their issuer says so, at once and whatever browser they are in."""

import datetime as dt
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from parley.access.domain import system_actor
from parley.audit import service as audit
from parley.identity.domain import EndedBy, Limited, SignInKind, SignInReason, SignInRefused
from parley.identity.limits import within_limit
from parley.identity.logout_tokens import SignedOutThere
from parley.identity.models import Identity, SignInSession
from parley.identity.service import realm_of
from parley.identity.sessions import issuer_session_hashes


def count_sign_out(session: Session, *, realm_id: uuid.UUID, network: str, at: dt.datetime) -> None:
    """Count one try to sign people out, before anything of it is looked at. Commits. Raises SignInRefused(TOO_MANY)."""
    allowed = within_limit(session, realm_id=realm_id, what=Limited.SIGN_OUT_BY_NETWORK, of=network, at=at)
    session.commit()
    if not allowed:
        raise SignInRefused(SignInReason.TOO_MANY, Limited.SIGN_OUT_BY_NETWORK)


def sign_out_by_issuer(
    session: Session, *, realm_id: uuid.UUID, kind: SignInKind, said: SignedOutThere, at: dt.datetime
) -> int:
    """End the sessions that a checked logout token names, through the door of that kind; return how many. Commits.

    With a session of the issuer's named, that one's; else all of the person's. Raises
    SignInRefused(PROOF_REFUSED) for a token that was played before.
    """
    played = f"{said.issuer} {said.token_id}"
    if not within_limit(session, realm_id=realm_id, what=Limited.LOGOUT_PLAYED, of=played, at=at):
        session.commit()
        raise SignInRefused(SignInReason.PROOF_REFUSED, "replayed")
    of_issuer = select(Identity.id).where(Identity.realm_id == realm_id, Identity.issuer == said.issuer)
    if said.subject is not None:
        of_issuer = of_issuer.where(Identity.subject == said.subject)
    ending = (
        update(SignInSession)
        .where(
            SignInSession.realm_id == realm_id,
            SignInSession.kind == kind,
            SignInSession.ended_at.is_(None),
            SignInSession.identity_id.in_(of_issuer),
        )
        .values(ended_at=at, ended_by=EndedBy.ISSUER)
        .returning(SignInSession.id)
    )
    if said.issuer_session is not None:
        known_as = issuer_session_hashes(session, realm_id, said.issuer, said.issuer_session)
        ending = ending.where(SignInSession.issuer_session_hash.in_(known_as))
    ended = session.scalars(ending).all()
    actor = system_actor(realm_of(kind, realm_id))
    for session_id in ended:
        audit.record(
            session,
            at=at,
            actor=actor,
            action="sign_in.end_by_issuer",
            realm_id=realm_id,
            subject_id=session_id,
            codes={"kind": kind.value},
        )
    session.commit()
    return len(ended)

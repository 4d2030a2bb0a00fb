"""People who are signed in, as they would be after coming in by a door."""

import uuid

from flask.testing import FlaskClient

from parley.access.domain import Role
from parley.db.scope import Scope
from parley.identity.domain import DEFAULT_LIMITS, Browser, SignInKind, new_secret
from parley.identity.sessions import Person, Place, Proof, begin_session
from support.factories import Factory


def sign_in(
    client: FlaskClient,
    make: Factory,
    scope: Scope,
    kind: SignInKind,
    *roles: Role,
    host: str,
    name: str,
    subject: str | None = None,
    case_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Sign somebody of the scope's realm in on ``host``, as the door for their ``kind`` would; return who they are.

    Somebody new unless a ``subject`` is given; ``case_id`` binds an invited person to their one case.
    """
    with make.database.begin(scope) as session:
        begun = begin_session(
            session,
            Person(
                kind=kind,
                issuer=f"urn:{kind}",
                subject=subject or new_secret(),
                roles=frozenset(roles),
                shown_as=name,
            ),
            Place(
                realm_id=scope.realm_id,
                host=host,
                browser=Browser(secret=new_secret(), device="a test", network="127.0.0.0/24"),
                case_id=case_id,
            ),
            Proof(at=make.clock.now()),
            DEFAULT_LIMITS[kind],
            replaces=None,
            at=make.clock.now(),
        )
        session.commit()
    client.set_cookie("parley", begun.cookie, domain=host)
    return begun.identity_id

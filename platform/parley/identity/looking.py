"""Who has a sign-in, how each of their doors is looked at, and what a nightly look found, kept for operators."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from parley.db.scope import PLATFORM_REALM, Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity import queries, service
from parley.identity.domain import Environment, IssuerConfig, SignInConfig, SignInKind, SignInRefused
from parley.identity.inspection import Found, Inspected, callback_path, inspect
from parley.identity.issuers import IssuerDirectory
from parley.identity.models import SignInLook
from parley.identity.oidc import ClientProof
from parley.identity.signing_keys import keys_of
from parley.kernel.clock import Clock
from parley.tenancy import queries as tenancy


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignInOf:
    """Whose sign-in it is: ``who`` as in the tenants' folder (derby, providers/global-mediation, platform)."""

    who: str
    slug: str
    realm_id: uuid.UUID
    host: str
    jwks_path: str = "/.well-known/jwks.json"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Vantage:
    """What looking needs beside the database: which issuers count here, where secrets are, and our own addresses."""

    environment: Environment
    environ: Mapping[str, str]
    base_domain: str
    external_url: Callable[[str, str], str]


def everybody(session: Session, base_domain: str) -> list[SignInOf]:
    """Return everybody who may have a sign-in: councils, providers, the platform."""
    councils = [
        SignInOf(who=council.slug, slug=council.slug, realm_id=council.id, host=council.host)
        for council in tenancy.directory(session)
    ]
    providers = [
        SignInOf(
            who=f"providers/{provider.slug}",
            slug=provider.slug,
            realm_id=provider.id,
            host=f"providers.{base_domain}",
            jwks_path=f"/.well-known/{provider.slug}/jwks.json",
        )
        for provider in tenancy.providers(session)
    ]
    platform = SignInOf(who="platform", slug="platform", realm_id=PLATFORM_REALM, host=f"operator.{base_domain}")
    return [*councils, *providers, platform]


def inspected(session: Session, whose: SignInOf, door: SignInConfig, around: Vantage, at: dt.datetime) -> Inspected:
    """Return a door ready to be looked at, in the realm's scope."""
    return Inspected(
        issuer=door.issuer,
        proof=_proof(session, whose.realm_id, door.issuer, around.environ, at),
        keys=keys_of(session, whose.realm_id, at),
        redirect_uri=around.external_url(whose.host, callback_path(door.kind, whose.slug)),
        front_uri=around.external_url(whose.host, "/"),
        jwks_uri=around.external_url(whose.host, whose.jwks_path),
        who=whose.who,
    )


def look_at_everybody(database: Database, clock: Clock, around: Vantage) -> None:
    """Look at every door of everybody, with no transaction open meanwhile, and keep what there is to mend."""
    at = clock.now()
    with database.begin(platform_scope(Login.WORKER)) as session:
        known = everybody(session, around.base_domain)
    troubles = {}
    for whose in known:
        with database.begin(Scope(login=Login.WORKER, realm_id=whose.realm_id)) as session:
            doors = [
                (door.kind, inspected(session, whose, door, around, at))
                for door in queries.doors(session, whose.realm_id, around.environment)
            ]
        if doors:
            troubles[whose.who] = [line for kind, door in doors for line in _troubles(kind, door, clock)]
    with database.begin(platform_scope(Login.WORKER)) as session:
        keep(session, troubles, at)


def keep(session: Session, troubles: Mapping[str, Sequence[str]], at: dt.datetime) -> None:
    """Keep what was found, in place of what was before; nobody else has anything to mend. Commits."""
    session.execute(delete(SignInLook).where(SignInLook.who.not_in(troubles)))
    for who, lines in troubles.items():
        values = {"looked_at": at, "troubles": list(lines)}
        statement = insert(SignInLook).values(who=who, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["who"], set_=values))
    session.commit()


def troubles_found(session: Session) -> dict[str, Sequence[str]]:
    """Return what the last look found to mend, by whose sign-in it is; nobody without troubles."""
    rows = session.scalars(select(SignInLook).order_by(SignInLook.who))
    return {row.who: row.troubles for row in rows if row.troubles}


def _troubles(kind: SignInKind, door: Inspected, clock: Clock) -> Iterator[str]:
    found: Iterator[Found] = inspect(door, IssuerDirectory(), clock.now())
    return (f"{kind}, {one.part}: {one.found}. {one.to_do}" for one in found if one.to_do)


def _proof(
    session: Session, realm_id: uuid.UUID, config: IssuerConfig, environ: Mapping[str, str], at: dt.datetime
) -> ClientProof | SignInRefused:
    try:
        return service.client_proof(session, realm_id=realm_id, config=config, environ=environ, at=at)
    except SignInRefused as refused:
        return refused

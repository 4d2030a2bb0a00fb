"""Two councils, a provider and the platform, with their real signin files, before the real OpenID provider."""

import pathlib
from collections.abc import Callable, Iterator

import pytest
import requests
from flask import Flask
from joserfc.jwk import ECKey

from parley.db.scope import PLATFORM_REALM, Login, platform_scope
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.identity.schemas import parse_sign_in_section
from parley.tenancy import queries as tenancy
from parley.tenancy import service
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.factories import NOW, OPERATOR
from support.sign_in import (
    TENANTS,
    MovedClock,
    Visitor,
    add_council,
    client_secrets,
    load_doors,
    sign_in_app,
    sign_in_settings,
)
from support.signin_server import SignInServer, signin_server

KEY = ECKey.generate_key("P-256", {"kid": "derby-1", "use": "sig", "alg": "ES256"}, private=True)


@pytest.fixture(scope="session")
def issuers() -> Iterator[SignInServer]:
    """The demonstration's OpenID providers (npm oidc-provider), running."""
    with signin_server(client_keys={"derby-families": {"keys": [KEY.as_dict(private=False)]}}) as server:
        yield server


@pytest.fixture(scope="session")
def client_environ(issuers: SignInServer) -> dict[str, str]:
    """The environment that holds what Parley proves itself with."""
    return client_secrets(issuers, KEY)


@pytest.fixture(scope="session")
def derby(database: Database, issuers: SignInServer) -> Authority:
    """Derby, with the doors of its own signin.toml."""
    return add_council(database, issuers, "derby", "Derby City Council", "E06000015", "DER")


@pytest.fixture(scope="session")
def staffordshire(database: Database, issuers: SignInServer) -> Authority:
    """Staffordshire, with the doors of its own signin.toml."""
    return add_council(database, issuers, "staffordshire", "Staffordshire County Council", "E10000028", "STA")


@pytest.fixture(scope="session")
def global_mediation(database: Database, issuers: SignInServer) -> ProviderOrganisation:
    """The provider, with the door of its own file."""
    content = {"name": "Global Mediation", "contact": {}, "mailbox": "provider@provider.invalid"}
    with database.begin(platform_scope()) as session:
        provider_id = service.save_provider(session, actor=OPERATOR, at=NOW, slug="global-mediation", content=content)
        provider = tenancy.provider_by_id(session, provider_id)
    path = TENANTS / "providers" / "global-mediation.toml"
    doors = parse_sign_in_section(path, SignInKind.PROVIDER, demo_signin_port=issuers.port)
    load_doors(database, provider.id, doors, login=Login.OPERATOR)
    return provider


@pytest.fixture(scope="session")
def platform(database: Database, issuers: SignInServer) -> None:
    """The platform's own realm, with the operators' door."""
    with database.begin(platform_scope()) as session:
        service.ensure_platform_key(session, NOW)
    doors = parse_sign_in_section(TENANTS / "platform.toml", SignInKind.OPERATOR, demo_signin_port=issuers.port)
    load_doors(database, PLATFORM_REALM, doors, login=Login.OPERATOR)


@pytest.fixture
def clock() -> MovedClock:
    """A clock that tests may move on."""
    return MovedClock()


@pytest.fixture
def app(
    database: Database,
    issuers: SignInServer,
    client_environ: dict[str, str],
    derby: Authority,
    staffordshire: Authority,
    clock: MovedClock,
    tmp_path: pathlib.Path,
) -> Flask:
    """The sign-in pages."""
    settings = sign_in_settings(tmp_path, port=issuers.web_port)
    return sign_in_app(database, settings, clock, client_environ)


@pytest.fixture
def visit(app: Flask, issuers: SignInServer) -> Iterator[Callable[[str], Visitor]]:
    """Return a new person's browser on the host that is named."""
    browsers = []

    def visitor(host: str = "derby.localhost") -> Visitor:
        browsers.append(requests.Session())
        return Visitor(app.test_client(), f"http://{host}:{issuers.web_port}", browsers[-1])

    yield visitor
    for browser in browsers:
        browser.close()

"""Parley's sign-in pages alone, with a page behind each kind of permission, and a person who visits them."""

import dataclasses
import datetime as dt
import html
import json
import pathlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse
from whitenoise import WhiteNoise

from parley.access.domain import Fresh, Permission, requires
from parley.db.scope import Login, Scope, platform_scope
from parley.db.session import Database
from parley.identity import service, views
from parley.identity.schemas import ParsedSignIn, parse_sign_in
from parley.kernel.clock import Clock
from parley.settings import Mode, Settings
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority
from parley.tenancy.service import save_authority
from parley.web import current, errors, security, shell
from parley.web.assets import STATIC_FOLDER, Assets
from parley.web.fair_use import FairUse, SharedThreads, lease_from
from parley.web.lifecycle import ParleyFlask, install_lifecycle
from parley.web.runtime import Runtime
from parley.web.runtime import install as install_runtime
from parley.web.shell import Contact, Frame
from parley.web.sites import Audience, SiteDirectory
from support import compiled_templates
from support.factories import NOW, OPERATOR, Factory
from support.signin_server import ROOT, SignInServer, choose, open_sign_in

TENANTS = ROOT / "tenants"
PHONE = Contact(name="Global Mediation", phone="0800 064 4488")


class MovedClock:
    """The machine's clock, moved: issuers in other processes go by the real one."""

    def __init__(self) -> None:
        self.by = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.by


def sign_in_settings(folder: pathlib.Path, *, port: int = 8000, mode: Mode = Mode.DEMONSTRATION) -> Settings:
    """Return settings for sign-in pages that browsers reach on ``port``."""
    return Settings(
        mode=mode,
        data=folder,
        port=port,
        tenants=folder,
        master_key_file=folder / "master.key",
        compartment_key_file=folder / "compartment.key",
        secret_key_file=folder / "cookie.key",
        plugin_socket=folder / "plugins.sock",
    )


def sign_in_app(database: Database, settings: Settings, clock: Clock, environ: Mapping[str, str]) -> Flask:
    """Return an app with every audience's sign-in pages and one page of each audience that needs somebody signed in."""

    def read_authorities() -> Any:
        with database.begin(platform_scope(Login.APP)) as session:
            return tenancy.directory(session)

    app = ParleyFlask("sign_in", static_folder=None)
    app.config.update(SECRET_KEY="only for tests of sign-in", TESTING=True)
    sites = SiteDirectory("localhost", read_authorities)
    sites.forget()
    install_runtime(
        app,
        Runtime(
            settings=settings,
            database=database,
            clock=clock,
            sites=sites,
            open_signed_in=service.open_signed_in,
            fair_use=FairUse({}, lease_from(database)),
            threads=SharedThreads(settings.web_threads),
        ),
    )
    install_lifecycle(app, shut=lambda _state, _endpoint: False)
    shell.init_app(
        app,
        frame=_frame,
        clock=clock,
        assets=Assets.load(),
        csrf=CSRFProtect(),
        bytecode=compiled_templates.FOLDER,
    )
    security.init_app(app, secure=settings.uses_https)
    errors.init_app(app, front="http://localhost/")
    views.register(app, environ=environ)
    for blueprint, audience in views.blueprints():
        app.register_blueprint(blueprint, subdomain=audience)
    for audience, pages in _closed_pages().items():
        app.register_blueprint(pages, subdomain=audience)
    for audience in (Audience.COUNCIL, Audience.PROVIDER, Audience.OPERATOR):
        app.register_blueprint(shell.blueprint(), name=f"shell_{audience}", subdomain=audience)
    files = WhiteNoise(app.wsgi_app)
    files.add_files(str(STATIC_FOLDER), prefix="static/")
    app.wsgi_app = files
    return app


def client_secrets(issuers: SignInServer, key: ECKey) -> dict[str, str]:
    """Return the environment that holds the clients' secrets and Derby's key, named as the tenants' files name them."""
    named = {
        f"{issuer['name'].upper().replace('-', '_')}_SIGNIN_SECRET": str(issuer["client"]["secret"])
        for issuer in issuers.issuers
        if "secret" in issuer["client"]
    }
    return named | {"DERBY_FAMILIES_SIGNIN_KEY": json.dumps(key.as_dict(private=True))}


def add_council(
    database: Database, issuers: SignInServer, slug: str, name: str, gss_code: str, prefix: str
) -> Authority:
    """Make the council ``slug`` with the doors of its own signin.toml, or return it as it is."""
    content = {
        "name": name,
        "short_name": name,
        "gss_code": gss_code,
        "reference_prefix": prefix,
        "brand": {},
        "contact": None,
        "team_mailbox": None,
    }
    with database.begin(platform_scope()) as session:
        authority_id = save_authority(
            session,
            actor=OPERATOR,
            at=NOW,
            slug=slug,
            content=content,
            region_id=Factory(database).region(),
            hosts=[f"{slug}.localhost"],
        )
        authority = tenancy.authority_by_id(session, authority_id)
    load_doors(database, authority.id, parse_sign_in(TENANTS / slug / "signin.toml", demo_signin_port=issuers.port))
    return authority


def load_doors(database: Database, realm: Any, doors: tuple[ParsedSignIn, ...], *, login: Login = Login.APP) -> None:
    """Store the doors of a realm, as ``parley authority load`` does."""
    with database.begin(Scope(login=login, realm_id=realm)) as session:
        service.load_sign_in_config(session, realm_id=realm, parsed=doors, actor=OPERATOR, at=dt.datetime.now(dt.UTC))


@dataclasses.dataclass
class Visitor:
    """A person with one browser on one site, who keeps cookies, sends forms, and goes to the issuer and back."""

    client: FlaskClient
    base_url: str
    issuer_browser: requests.Session

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.base_url, **options)

    def send(self, path: str, *, page: str | None = None, **form: str) -> TestResponse:
        """Send the form on ``page`` (by default the one at ``path`` itself) to ``path``."""
        token = csrf_token(self.get(page or path).text)
        return self.client.post(path, base_url=self.base_url, data={"csrf_token": token, **form})

    def leave_for_issuer(self, path: str = "/sign-in", **form: str) -> str:
        """Choose the account at a door; return the authorisation request's address."""
        return onward(self.send(path, **form))

    def answer_of(self, account: str, path: str = "/sign-in", **form: str) -> str:
        """Sign in at the issuer as ``account``; return the callback that the issuer sends the browser to.

        An issuer that knows the browser from before asks nothing and sends it straight back.
        """
        return self.sign_in_at(self.leave_for_issuer(path, **form), account)

    def sign_in_at(self, address: str, account: str) -> str:
        """Answer the authorisation request at ``address`` as ``account``; return the callback."""
        page = open_sign_in(self.issuer_browser, address)
        if page.is_redirect:
            return str(page.headers["Location"])
        return choose(self.issuer_browser, page, account=account)

    def come_back(self, callback: str) -> TestResponse:
        """Follow the issuer's answer, on the host this browser is on."""
        parts = urlsplit(callback)
        return self.get(f"{parts.path}?{parts.query}")

    def sign_in(self, account: str, path: str = "/sign-in", **form: str) -> TestResponse:
        """Sign in from the door to the page after it."""
        return self.come_back(self.answer_of(account, path, **form))

    def cookie(self, name: str = "parley") -> str:
        """Return the value of a cookie, or "" without one."""
        found = self.client.get_cookie(name, domain=str(urlsplit(self.base_url).hostname))
        return found.value if found else ""

    def is_signed_in(self, path: str = "/mine") -> bool:
        """Tell whether a page that needs somebody signed in opens."""
        return self.get(path).status_code == 200


def onward(page: TestResponse) -> str:
    """Return where a page that leads to an issuer leads."""
    found = re.search(r'id="onward" href="([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def csrf_token(page: str) -> str:
    """Return the token in a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def heading(page: TestResponse) -> str:
    """Return the page's heading, without markup."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.S)
    assert found, page.text
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


def _frame() -> Frame:
    return Frame(owner="A site", service="Sign-in under test", contact=PHONE)


def _closed_pages() -> dict[Audience, Blueprint]:
    council, provider, operator = (
        Blueprint(f"closed_{name}", __name__) for name in ("council", "provider", "operator")
    )
    council.add_url_rule("/mine", "family", requires(Permission.FAMILY_ASK)(_who), methods=["GET", "POST"])
    confidential, download = (requires(Permission.FAMILY_ASK, fresh=why) for why in Fresh)
    council.add_url_rule("/private", "private", confidential(_private), methods=["GET", "POST"])
    council.add_url_rule("/file", "file", download(_file), methods=["GET"])
    council.add_url_rule("/office", "staff", requires(Permission.CASE_ANSWER)(_staff), methods=["GET"])
    council.add_url_rule("/team", "team", requires(Permission.MEASURES_READ)(_team), methods=["GET"])
    provider.add_url_rule("/mine", "provider", requires(Permission.WORKLIST_READ)(_provider), methods=["GET"])
    operator.add_url_rule("/mine", "operator", requires(Permission.PLATFORM_OPERATE)(_operator), methods=["GET"])
    return {Audience.COUNCIL: council, Audience.PROVIDER: provider, Audience.OPERATOR: operator}


def _who() -> str:
    actor = current.actor()
    typed = " ".join(f"{name}={value}" for name, value in request.form.items() if name != "csrf_token")
    return f"{actor.identity_id} {'+'.join(sorted(actor.roles))} {current.person().shown_as} {typed}"


def _private() -> str:
    return _who()


def _file() -> str:
    return _who()


def _staff() -> str:
    return _who()


def _team() -> str:
    return _who()


def _provider() -> str:
    return _who()


def _operator() -> str:
    return _who()

"""Where Parley is put together: the only place that knows all of its parts."""

import datetime as dt
import os
import pathlib
import uuid

from flask import Flask, g, request
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from whitenoise import WhiteNoise

from parley.api import v1 as api_v1
from parley.casework.change_jobs import ChangeJobs
from parley.casework.jobs import CaseworkJobs
from parley.casework.timeline import CaseNews, PeopleLeft, ProviderNotice
from parley.compartment.drafts import settle
from parley.db.connections import connect_arguments
from parley.db.keys import Vault, read_key_file
from parley.db.logins import require_logins
from parley.db.scope import CONFIDENTIAL, Login, platform_scope
from parley.db.session import Database, psycopg_url
from parley.documents.jobs import tasks as document_tasks
from parley.documents.service import attach_on_sending
from parley.eligibility.jobs import tasks as eligibility_tasks
from parley.identity import views as sign_in
from parley.identity.domain import Environment, SignInKind
from parley.identity.jobs import look_task
from parley.identity.jobs import tasks as sign_in_tasks
from parley.identity.looking import Vantage
from parley.identity.member_jobs import tasks as member_tasks
from parley.identity.sessions import open_signed_in
from parley.jobs.domain import Task
from parley.jobs.jobs import tasks as job_tasks
from parley.kernel.clock import Clock, SystemClock
from parley.meetings.domain import ArrangementChanged, PlaceEnded
from parley.meetings.service import ending as meeting_endings
from parley.menus import MENUS
from parley.notifications.domain import RecipientKind
from parley.notifications.immediate import ImmediateMail
from parley.notifications.jobs import NotificationJobs
from parley.notifications.letters import Letters
from parley.notifications.mailer import mailer_for
from parley.notifications.service import (
    PROVIDERS_OWN,
    on_arrangement_changed,
    on_case_news,
    on_place_ended,
    on_provider_notice,
)
from parley.outcomes.jobs import OutcomeJobs
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.jobs import tasks as plugin_tasks
from parley.reporting import jobs as reporting
from parley.retention.jobs import tasks as retention_tasks
from parley.settings import Pooler, Settings
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Authority, ProviderOrganisation
from parley.web import about, current, errors, health, security, shell, styleguide
from parley.web.assets import STATIC_FOLDER, Assets, is_immutable
from parley.web.fair_use import Counted, FairUse, SharedThreads, lease_from
from parley.web.frames import Surroundings, frame_for, surroundings_of
from parley.web.lifecycle import ParleyFlask, install_lifecycle, sign_in_cookie
from parley.web.runtime import Runtime, SignedIn, install, runtime
from parley.web.sites import Audience, SiteDirectory
from parley.workspaces.council.blueprint import blueprint as council_pages
from parley.workspaces.family import doors
from parley.workspaces.family.blueprint import blueprint as family_pages
from parley.workspaces.family.council import forget_case, with_service_contact
from parley.workspaces.front import views as front
from parley.workspaces.invited.blueprint import NAME as INVITED_PAGES
from parley.workspaces.invited.blueprint import blueprint as invited_pages
from parley.workspaces.operator import views as operator_views
from parley.workspaces.provider.blueprint import blueprint as provider_pages

#: Connections each web process may hold per login. The compartment's pool is small on purpose.
POOL_SIZES = {
    Login.APP: 8,
    Login.PROVIDER: 4,
    Login.WORKER: 8,
    Login.COMPARTMENT: 2,
    Login.OPERATOR: 2,
    Login.EXPORT: 1,
    Login.REGION: 1,
    Login.DISPOSAL: 1,
    Login.MOVER: 1,
    Login.CONFIDENTIAL_MOVER: 1,
    Login.KEYS: 1,
    Login.RENEWAL: 1,
}
POOL_TIMEOUT_SECONDS = 10

#: What a web process cannot do without. It serves every audience; private messages say so where COMPARTMENT is missing.
WEB_LOGINS = (Login.APP, Login.PROVIDER, Login.OPERATOR)

#: Where each kind of person goes after signing in, unless they were on their way somewhere.
LANDINGS = {
    SignInKind.FAMILY: "/requests",
    SignInKind.STAFF: "/council",
    SignInKind.PROVIDER: "/",
    SignInKind.OPERATOR: "/",
}

#: The site of those who work over all councils, as its host is called.
SITES = {SignInKind.PROVIDER: "providers", SignInKind.OPERATOR: "operator"}

#: Where people of each kind follow a case on their council's host.
CASE_PAGES = {
    RecipientKind.FAMILY: "/requests/{case_id}",
    RecipientKind.YOUNG_PERSON: "/requests/{case_id}",
    RecipientKind.COUNCIL: "/council/cases/{case_id}",
    RecipientKind.INVITED: "/invited/cases/{case_id}",
}

#: The largest body a page takes: one document of 20 MB and its form. Larger ones are refused before they are read.
MAX_BODY_BYTES = 21 * 1024 * 1024


def create_app(settings: Settings, *, clock: Clock | None = None) -> Flask:
    """Return the web application for ``settings``.

    Raises SettingsError, KeyFileError or AssetsNotBuilt when it could not serve a single page properly.
    """
    app = ParleyFlask("parley", static_folder=None)
    app.config.update(
        SECRET_KEY=read_key_file(settings.secret_key_file),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME="__Host-parley-form" if settings.uses_https else "parley-form",
        SESSION_COOKIE_SECURE=settings.uses_https,
        SESSION_COOKIE_SAMESITE="Lax",
        TRAP_BAD_REQUEST_ERRORS=False,
    )
    database = open_database(app, settings, *WEB_LOGINS)
    install(app, _runtime(settings, database, clock or SystemClock()))
    _install_web(app, settings)
    return app


def open_database(app: Flask, settings: Settings, *needed: Login) -> Database:
    """Open the engines of every login this process was handed, through Flask-SQLAlchemy, and the vault.

    Raises SettingsError when it was not handed one that is ``needed``, KeyFileError without a master key.
    """
    logins = {Login(name): url for name, url in require_logins(settings, *needed).items()}
    app.config["SQLALCHEMY_BINDS"] = {
        login.value: {
            "url": psycopg_url(url),
            "pool_size": POOL_SIZES[login],
            "max_overflow": POOL_SIZES[login],
            "pool_timeout": POOL_TIMEOUT_SECONDS,
            "connect_args": connect_arguments(pooled=settings.pooler is Pooler.TRANSACTION),
        }
        for login, url in logins.items()
    }
    extension = SQLAlchemy(add_models_to_shell=False)
    extension.init_app(app)
    with app.app_context():
        engines = {login.value: extension.engines[login.value] for login in logins}
    sealed_off = Vault.of_file(settings.compartment_key_file) if CONFIDENTIAL & set(logins) else None
    database = Database(engines, Vault.of_file(settings.master_key_file), sealed_off)
    _subscribe(database)
    return database


def all_tasks(settings: Settings, database: Database, clock: Clock) -> list[Task]:
    """Return every background task of every capability: what a worker runs.

    Raises SettingsError when mail could not be sent.
    """
    mailer, letters = mailer_for(settings), Letters(demonstration=not settings.is_production)
    immediate = ImmediateMail(database, mailer, letters)
    delivery = PluginDelivery(database, Gateway(settings.plugin_socket), clock, os.environ)
    casework = CaseworkJobs(
        database,
        clock,
        delivery,
        provider_case_url=lambda authority_id, case_id: _provider_case(settings, authority_id, case_id),
        external_url=settings.external_url,
        send_invitation=immediate.send_invitation,
    )
    notifications = NotificationJobs(
        database=database,
        clock=clock,
        mailer=mailer,
        letters=letters,
        page=lambda kind, authority, case_id: case_page(settings, kind, authority, case_id),
        concerns_url=concerns_page(settings),
    )
    return [
        *job_tasks(database, clock),
        *sign_in_tasks(database, clock, external_url=settings.external_url, send_mail=immediate.send_link),
        *member_tasks(
            database,
            clock,
            site_url=lambda *page: site_page(settings, *page),
            send_mail=immediate.send_member_invitation,
        ),
        look_task(database, clock, sign_in_vantage(settings)),
        *plugin_tasks(database, clock, delivery, calls_kept=dt.timedelta(days=settings.plugin_calls_kept_days)),
        *eligibility_tasks(database, clock),
        *document_tasks(database),
        *retention_tasks(database, clock),
        *casework.tasks(),
        *ChangeJobs(database, clock).tasks(),
        *OutcomeJobs(database, clock, settle).tasks(),
        *notifications.tasks(),
        *reporting.tasks(database, clock),
    ]


def site_page(settings: Settings, kind: SignInKind, path: str) -> str:
    """Return the address of ``path`` on the site of those who work over all councils."""
    return settings.external_url(f"{SITES[kind]}.{settings.base_domain}", path)


def case_page(settings: Settings, kind: RecipientKind, authority: Authority, case_id: uuid.UUID) -> str:
    """Return the address of a case as the recipient of a message opens it, after signing in."""
    if kind in PROVIDERS_OWN:
        return _provider_case(settings, authority.id, case_id)
    return settings.external_url(authority.host, CASE_PAGES[kind].format(case_id=case_id))


def concerns_page(settings: Settings) -> str:
    """Return the address at which a provider's safeguarding lead reads concerns, after signing in."""
    return settings.external_url(f"providers.{settings.base_domain}", "/concerns")


def _provider_case(settings: Settings, authority_id: uuid.UUID, case_id: uuid.UUID) -> str:
    return settings.external_url(f"providers.{settings.base_domain}", f"/cases/{authority_id}/{case_id}")


def sign_in_vantage(settings: Settings) -> Vantage:
    """Return what looking at this deployment's sign-ins needs beside its database."""
    return Vantage(
        environment=Environment.LIVE if settings.is_production else Environment.DEMONSTRATION,
        environ=os.environ,
        base_domain=settings.base_domain,
        external_url=settings.external_url,
    )


def _subscribe(database: Database) -> None:
    """Have news of a case heard, in every process that may cause any."""
    database.subscriptions.subscribe(CaseNews, attach_on_sending)
    # Before messages: a case that ends cancels its meeting first, and its mail then takes it out of calendars.
    database.subscriptions.subscribe(CaseNews, meeting_endings.on_case_news)
    database.subscriptions.subscribe(CaseNews, meeting_endings.on_handed_over)
    database.subscriptions.subscribe(CaseNews, on_case_news)
    database.subscriptions.subscribe(ProviderNotice, on_provider_notice)
    database.subscriptions.subscribe(ArrangementChanged, on_arrangement_changed)
    database.subscriptions.subscribe(PeopleLeft, meeting_endings.on_people_left)
    database.subscriptions.subscribe(PlaceEnded, on_place_ended)


def _runtime(settings: Settings, database: Database, clock: Clock) -> Runtime:
    def read_authorities() -> list[Authority]:
        with database.begin(platform_scope(Login.APP)) as session:
            return tenancy.directory(session)

    def read_providers() -> list[ProviderOrganisation]:
        with database.begin(platform_scope(Login.APP)) as session:
            return tenancy.providers(session)

    return Runtime(
        settings=settings,
        database=database,
        clock=clock,
        sites=SiteDirectory(settings.base_domain, read_authorities, read_providers),
        open_signed_in=open_signed_in,
        fair_use=FairUse(
            {
                Counted.API: settings.api_requests_per_second,
                Counted.CHECK: settings.check_requests_per_second,
            },
            lease_from(database),
        ),
        threads=SharedThreads(settings.web_threads),
        readiness=(health.database_answers(database), health.master_keys_at_hand(database)),
    )


def _install_web(app: Flask, settings: Settings) -> None:
    assets = Assets.load()
    # First, because whatever is refused after it (a missing token, too large a body) is said on the site's own page.
    install_lifecycle(app, shut=doors.shut)
    csrf = CSRFProtect()
    shell.init_app(
        app,
        frame=lambda: _frame(settings),
        clock=app.extensions["parley"].clock,
        assets=assets,
        csrf=csrf,
        bytecode=settings.data / "cache" / "templates",
    )
    errors.init_app(app, front=settings.external_url(settings.base_domain), forget=forget_case)
    doors.register(app)
    security.init_app(app, secure=settings.uses_https)
    _add_pages(app, settings)
    api_v1.init_app(app, csrf)
    _serve_files(app, STATIC_FOLDER)


def _add_pages(app: Flask, settings: Settings) -> None:
    for audience in (Audience.FRONT, Audience.COUNCIL, Audience.PROVIDER, Audience.OPERATOR):
        app.register_blueprint(shell.blueprint(), name=f"shell_{audience}", subdomain=audience)
        pages = about.blueprint(sign_in_cookie=sign_in_cookie)
        app.register_blueprint(pages, name=f"about_{audience}", subdomain=audience)
        if not settings.is_production:
            app.register_blueprint(styleguide.blueprint(), name=f"styleguide_{audience}", subdomain=audience)
    app.register_blueprint(health.blueprint())
    app.register_blueprint(front.blueprint(inbox=not settings.is_production))
    app.register_blueprint(provider_pages())
    app.register_blueprint(family_pages())
    app.register_blueprint(council_pages())
    app.register_blueprint(invited_pages())
    app.register_blueprint(operator_views.blueprint())
    sign_in.register(app, environ=os.environ, landings=LANDINGS)
    for pages, audience in sign_in.blueprints():
        app.register_blueprint(pages, subdomain=audience)


def _frame(settings: Settings) -> shell.Frame:
    """Return what surrounds the page at hand; the neutral frame where no site is known."""
    if "site" not in g:
        return shell.NEUTRAL
    site, person = current.site(), current.signed_in()
    # Whoever opens an invitation has not signed in yet, and is nobody's family.
    invited = request.blueprint == INVITED_PAGES
    kind = Surroundings.INVITED if invited else surroundings_of(site, person)
    frame = frame_for(
        site,
        person,
        menus=MENUS,
        demonstration=not settings.is_production,
        kind=kind,
        provider=_provider_of(person) if site.audience is Audience.PROVIDER else None,
    )
    unknown = invited and person is None
    return with_service_contact(frame) if unknown or kind is Surroundings.FAMILY else frame


def _provider_of(person: SignedIn | None) -> str | None:
    return runtime().sites.provider_name(person.actor.realm.id) if person else None


def _serve_files(app: Flask, folder: pathlib.Path) -> None:
    files = WhiteNoise(
        app.wsgi_app,
        immutable_file_test=lambda _path, url: is_immutable(url),
        add_headers_function=security.harden_file,
        allow_all_origins=False,
    )
    files.add_files(str(folder), prefix="static/")
    app.wsgi_app = files  # type: ignore[method-assign]

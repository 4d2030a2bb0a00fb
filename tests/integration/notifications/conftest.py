"""A post office whose mail server is closed until a test opens it."""

import pathlib
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from parley.casework.timeline import CaseNews, PeopleLeft, ProviderNotice
from parley.db.keys import Vault
from parley.db.session import Database, engine_for
from parley.kernel.clock import FixedClock
from parley.meetings.domain import ArrangementChanged, PlaceEnded
from parley.meetings.service import ending
from parley.notifications.domain import RecipientKind
from parley.notifications.immediate import ImmediateMail
from parley.notifications.jobs import NotificationJobs
from parley.notifications.letters import Letters
from parley.notifications.mailer import SmtpMailer
from parley.notifications.service import on_arrangement_changed, on_case_news, on_place_ended, on_provider_notice
from parley.tenancy.domain import Authority
from support.factories import MASTER_KEY, NOW, Factory
from support.post_office import PostOffice
from support.signin_server import free_port

CONCERNS = "https://providers.example/concerns"


@pytest.fixture(scope="session")
def subscribed(login_urls: dict[str, str]) -> Iterator[Database]:
    """The database as Parley's processes open it, with meetings and messages listening to cases, in that order."""
    engines = {login: engine_for(url) for login, url in login_urls.items() if login != "owner"}
    opened = Database(engines, Vault(MASTER_KEY))
    opened.subscriptions.subscribe(CaseNews, ending.on_case_news)
    opened.subscriptions.subscribe(CaseNews, on_case_news)
    opened.subscriptions.subscribe(ProviderNotice, on_provider_notice)
    opened.subscriptions.subscribe(ArrangementChanged, on_arrangement_changed)
    opened.subscriptions.subscribe(PeopleLeft, ending.on_people_left)
    opened.subscriptions.subscribe(PlaceEnded, on_place_ended)
    yield opened
    opened.dispose()


@pytest.fixture
def port() -> int:
    """A port on this machine that nothing listens at."""
    return free_port()


@pytest.fixture
def post(
    subscribed: Database, login_urls: dict[str, str], admin_url: str, port: int, tmp_path: pathlib.Path
) -> PostOffice:
    """A post office with a mail server that is closed until a test opens it."""
    clock = FixedClock(NOW)
    mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", "no-reply@parley.invalid", timeout=5)
    letters = Letters(demonstration=True)
    (tmp_path / "inbox").mkdir()
    with psycopg.connect(login_urls["worker"]) as worker:
        # Of tests that ran before.
        worker.execute("DELETE FROM jobs.procrastinate_jobs")
    return PostOffice(
        database=subscribed,
        clock=clock,
        jobs=NotificationJobs(
            database=subscribed, clock=clock, mailer=mailer, letters=letters, page=_page, concerns_url=CONCERNS
        ),
        immediate=ImmediateMail(subscribed, mailer, letters),
        make=Factory(subscribed, clock),
        folder=tmp_path / "inbox",
        port=port,
        worker_url=login_urls["worker"],
        admin_url=admin_url,
    )


def _page(kind: RecipientKind, authority: Authority, case_id: uuid.UUID) -> str:
    return f"https://{authority.host}/{kind.value}/{case_id}"

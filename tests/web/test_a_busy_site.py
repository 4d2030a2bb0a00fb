"""A site that holds its half of a process's threads asks for patience, loses nothing, and leaves the others theirs."""

import contextlib
import dataclasses
import datetime as dt
import pathlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.app import create_app
from parley.db.scope import Login, Scope
from parley.db.session import Database, Session
from parley.kernel.clock import FixedClock
from parley.web.runtime import Runtime, SignedIn
from parley.web.sites import Site
from support.deployment import deployment
from support.factories import NOW, Factory
from support.family import Family, Served, served_council, words
from support.provider import HOST, Staff, sign_in_staff
from support.statements import statements_of

THREADS = 4
HALF = THREADS // 2


class SlowSignIn:
    """Reads sign-ins as the application does, but waits at one host until it is let go."""

    def __init__(self, runtime: Runtime, host: str) -> None:
        self._runtime, self._host = runtime, host
        self.waiting = threading.Semaphore(0)
        self.let_go = threading.Event()

    def __call__(
        self, database: Database, scope: Scope, site: Site, token: str, now: dt.datetime
    ) -> tuple[Session, SignedIn | None]:
        """Wait at the host in question, then read."""
        if site.host == self._host:
            self.waiting.release()
            assert self.let_go.wait(30)
        return self._runtime.open_signed_in(database, scope, site, token, now)


@pytest.fixture
def app(tmp_path: pathlib.Path, login_urls: dict[str, str], council: Served) -> Iterator[Flask]:
    """A process of four threads."""
    settings = dataclasses.replace(deployment(tmp_path, login_urls), web_threads=THREADS)
    built = create_app(settings, clock=FixedClock(NOW))
    yield built
    built.extensions["parley"].database.dispose()


@contextlib.contextmanager
def half_held(app: Flask, host: str, open_page: Callable[[], int]) -> Iterator[None]:
    """Have ``open_page`` hold half of the threads in this block, in threads of its own; then each must succeed."""
    runtime = app.extensions["parley"]
    slow = SlowSignIn(runtime, host)
    app.extensions["parley"] = dataclasses.replace(runtime, open_signed_in=slow)
    try:
        with ThreadPoolExecutor(HALF) as threads:
            held = [threads.submit(open_page) for _ in range(HALF)]
            for _ in held:
                assert slow.waiting.acquire(timeout=30)
            try:
                yield
            finally:
                slow.let_go.set()
            assert [one.result() for one in held] == [200] * HALF
    finally:
        app.extensions["parley"] = runtime


@contextlib.contextmanager
def busy(app: Flask, person: Family) -> Iterator[None]:
    """Have a person's council hold half of the threads in this block."""
    host = person.council.authority.host
    with half_held(app, host, opening(app, person, host, "/requests")):
        yield


def opening(app: Flask, person: Family | Staff, host: str, path: str) -> Callable[[], int]:
    """Return what opens a page as ``person`` is signed in, by a browser of its own, and says how it was answered."""
    cookie = person.client.get_cookie("parley", domain=host)
    assert cookie is not None
    headers = {"Cookie": f"parley={cookie.value}"}

    def open_page() -> int:
        browser = app.test_client(use_cookies=False)
        return browser.get(path, base_url=f"http://{host}:8000", headers=headers).status_code

    return open_page


def test_one_request_too_many_is_refused_without_a_statement(app: Flask, parent: Family) -> None:
    with busy(app, parent), statements_of(app.extensions["parley"].database, *Login) as statements:
        refused = app.test_client().get("/", base_url=parent.council.url)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert "very busy" in words(refused)
    assert "Too many tries" not in words(refused)
    # Hosts may be read anew; for the council itself nothing was asked.
    assert [one for one in statements if "local_authority" not in one and "set_config" not in one] == []
    assert parent.get("/requests").status_code == 200


def test_the_page_gives_back_what_was_typed(app: Flask, parent: Family) -> None:
    page = parent.get("/check/asker")
    with busy(app, parent):
        refused = parent.post_from(page, "/check/asker", answer="parent_carer")
    assert refused.status_code == 429
    assert "parent_carer" in refused.text
    assert "Send again" in words(refused)
    assert parent.post_from(page, "/check/asker", answer="parent_carer").status_code == 303


def test_a_program_is_told_as_a_problem(app: Flask, parent: Family) -> None:
    with busy(app, parent):
        refused = app.test_client().post("/api/v1/eligibility", base_url=parent.council.url, json={})
    assert refused.content_type == "application/problem+json"
    assert refused.json["type"] == "/api/problems/too-many-requests"
    assert refused.headers["Retry-After"] == "1"


def test_other_councils_providers_and_load_balancers_notice_nothing(app: Flask, parent: Family, make: Factory) -> None:
    other = Family(app.test_client(), served_council(make))
    assert parent.council.provider is not None
    coordinator = sign_in_staff(app.test_client(), make, parent.council.provider, Role.COORDINATOR, name="Cam")
    app.extensions["parley"].sites.forget()
    with busy(app, parent):
        assert other.get("/").status_code == 200
        assert coordinator.get("/").status_code == 200
        assert app.test_client().get("/readyz", base_url=parent.council.url).status_code == 200


def test_the_providers_site_leaves_councils_their_half(app: Flask, parent: Family, make: Factory) -> None:
    assert parent.council.provider is not None
    coordinator = sign_in_staff(app.test_client(), make, parent.council.provider, Role.COORDINATOR, name="Cam")
    with half_held(app, HOST, opening(app, coordinator, HOST, "/")):
        assert app.test_client().get("/", base_url=f"http://{HOST}:8000").status_code == 429
        assert parent.get("/requests").status_code == 200

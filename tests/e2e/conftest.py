"""One browser for all tests of a run, and everything of a demonstration, started when a test first asks for it."""

import pathlib
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from parley.app import create_app
from support import running
from support.browser import chromium
from support.deployment import deployment
from support.factories import Factory
from support.running import RunningParley
from support.walker import Walker, walker
from support.walks import family
from support.windows import Windows, windows_on


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; each test opens contexts of its own in it."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def running_parley() -> Iterator[RunningParley]:
    """A demonstration as `parley run` starts it, with its worker, plugins, sign-in and mail, for all tests of a run."""
    with running.running_parley() as started:
        yield started


@pytest.fixture(scope="module")
def parent(browser: Browser, running_parley: RunningParley) -> Iterator[Walker]:
    """A parent who is signed in, for all tests of this file."""
    person = walker(browser, running_parley, None, "parent", phone=True)
    person.open("/sign-in")
    family.signs_in(person, "parent1")
    yield person
    person.page.context.close()


@pytest.fixture
def app(make: Factory, login_urls: dict[str, str], tmp_path: pathlib.Path) -> Iterator[Flask]:
    """The whole application, for tests that need no demonstration around it."""
    app = create_app(deployment(tmp_path, login_urls), clock=make.clock)
    app.testing = True
    yield app
    app.extensions["parley"].database.dispose()


@pytest.fixture
def windows(app: Flask, browser: Browser) -> Iterator[Windows]:
    """What opens its pages in the browser."""
    with windows_on(app, browser) as opened:
        yield opened

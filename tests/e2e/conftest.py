"""One browser for all tests of a run, and everything of a demonstration, started when a test first asks for it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support import running
from support.browser import chromium
from support.running import RunningParley
from support.walker import Walker, walker
from support.walks import family


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

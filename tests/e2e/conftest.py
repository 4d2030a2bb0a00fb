"""One browser for all tests of a run, and everything of a demonstration, started when a test first asks for it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support import running
from support.browser import chromium
from support.running import RunningParley


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

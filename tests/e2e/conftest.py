"""One browser for all tests of a run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; each test opens contexts of its own in it."""
    with chromium() as started:
        yield started

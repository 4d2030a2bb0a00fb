"""An application's pages in a real browser, as whoever a test client is signed in as."""

import contextlib
import dataclasses
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from support.browser import PHONE
from support.styleguide import served


@dataclasses.dataclass(frozen=True)
class Windows:
    """Opens windows of a browser on an application that is served on ``port``."""

    browser: Browser
    port: int

    def open(self, host: str, client: FlaskClient | None = None) -> Page:
        """Return a window as wide as a phone, on the site of ``host``, as ``client`` is signed in there.

        Its pages can be opened by their paths. Each window has cookies of its own.
        """
        url = f"http://{host}:{self.port}"
        context = self.browser.new_context(viewport=PHONE, base_url=url)
        if client is not None:
            cookie = client.get_cookie("parley", domain=host)
            assert cookie
            context.add_cookies([{"name": "parley", "value": cookie.value, "url": url}])
        return context.new_page()


@contextlib.contextmanager
def windows_on(app: Flask, browser: Browser) -> Iterator[Windows]:
    """Serve ``app`` inside the block, and close the windows that were opened on it after."""
    before = list(browser.contexts)
    with served(app) as address:
        yield Windows(browser, int(address.rpartition(":")[2]))
        for context in browser.contexts:
            if context not in before:
                context.close()

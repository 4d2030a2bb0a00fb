"""A real browser for tests: Debian's Chromium, the accessibility check, and screenshots to look at."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

SCREENSHOTS = Path(__file__).parents[2] / ".screenshots"

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}

# Chromium as root needs --no-sandbox; the rest keeps it from speaking to anything but the pages under test.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Controls that stand alone must be 24 by 24 pixels or larger (WCAG 2.2, success criterion 2.5.8, which axe checks
# only in part). Links within a sentence are excepted there, and so are controls that show only when focused.
_SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(e => {
    const box = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    return box.width > 0 && (box.height < 24 || box.width < 24)
      && !e.closest('p, dd, .govuk-skip-link') && style.position !== 'absolute' && style.opacity !== '0';
  })
  .map(e => e.outerHTML.slice(0, 120))"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("Chromium is not here. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def problems(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands: axe's violations, small targets, sideways scrolling.

    The page must run scripts, since axe is one.
    """
    found = [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    found += [f"smaller than 24 pixels: {html}" for html in page.evaluate(_SMALL_TARGETS)]
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if sideways > 0:
        found.append(f"scrolls sideways by {sideways} pixels")
    return found


def screenshot(page: Page, name: str) -> Path:
    """Store the whole page as a picture for people to look at, and return where."""
    path = SCREENSHOTS / f"{re.sub(r'[^a-z0-9/]+', '-', name.lower()).strip('-/')}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path


def look_at(page: Page, name: str) -> None:
    """Keep a picture of the page as it stands at every width, and hold it to being accessible at each."""
    size = page.viewport_size
    for label, width in WIDTHS.items():
        page.set_viewport_size(width)
        screenshot(page, f"{name}-{label}")
        assert problems(page) == [], f"{page.url}, {label}"
    if size is not None:
        page.set_viewport_size(size)

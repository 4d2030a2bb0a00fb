"""The demonstration's sign-in server as a process of a test's own, on ports of its own."""

import contextlib
import dataclasses
import html
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / "demo" / "signin" / "server.mjs"


@dataclasses.dataclass(frozen=True)
class SignInServer:
    """A running server. Redirect addresses of its clients lie on ``web_port``, which nothing needs to serve."""

    port: int
    web_port: int
    issuers: tuple[Mapping[str, Any], ...]

    def issuer(self, name: str) -> str:
        """Return the issuer's identifier, which its metadata lie below."""
        return f"http://localhost:{self.port}/{name}"

    def redirect_uri(self, name: str) -> str:
        """Return the (first) registered address that the issuer's sign-ins lead back to."""
        issuer = next(issuer for issuer in self.issuers if issuer["name"] == name)
        return f"http://{issuer['site']}.localhost:{self.web_port}{issuer['redirect_paths'][0]}"

    def secret(self, name: str) -> str:
        """Return the client secret for the issuer."""
        return next(str(issuer["client"]["secret"]) for issuer in self.issuers if issuer["name"] == name)


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def signin_server(
    *, web_port: int | None = None, client_keys: Mapping[str, Any] | None = None
) -> Iterator[SignInServer]:
    """Run the server inside the block. ``client_keys`` maps an issuer's name to its client's public JWKS."""
    issuers = json.loads((SERVER.parent / "accounts.json").read_text())["issuers"]
    server = SignInServer(free_port(), web_port or free_port(), tuple(issuers))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as keys, tempfile.TemporaryFile() as log:
        json.dump(dict(client_keys or {}), keys)
        keys.flush()
        environ = os.environ | {
            "PARLEY_MODE": "demonstration",
            "PARLEY_DEMO_SIGNIN_PORT": str(server.port),
            "PARLEY_PORT": str(server.web_port),
            "SIGNIN_KEYS_FILE": keys.name,
        }
        with subprocess.Popen(["node", SERVER], cwd=ROOT, env=environ, stdout=log, stderr=log) as process:
            try:
                _wait(server, process)
                yield server
            finally:
                process.terminate()


def _wait(server: SignInServer, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("the demonstration sign-in server did not start")


def sign_in_as(browser: requests.Session, address: str, account: str) -> str:
    """Open ``address`` (an authorisation request) in ``browser``, choose ``account``; return where it sends one back.

    Follows redirects within the sign-in server only, as the callback's host cannot be looked up outside a browser.
    """
    return choose(browser, open_sign_in(browser, address), account=account)


def open_sign_in(browser: requests.Session, address: str) -> requests.Response:
    """Follow redirects from ``address`` within the sign-in server; return the last answer."""
    answer = browser.get(address, allow_redirects=False, timeout=10)
    while answer.is_redirect:
        onward = urljoin(answer.url, answer.headers["Location"])
        if urlsplit(onward).hostname != "localhost":
            break
        answer = browser.get(onward, allow_redirects=False, timeout=10)
    return answer


def choose(browser: requests.Session, page: requests.Response, **form: str) -> str:
    """Send the sign-in page's form; return the address outside the sign-in server that it leads to."""
    answer = browser.post(page.url, data=form, allow_redirects=False, timeout=10)
    answer.raise_for_status()
    return open_sign_in(browser, urljoin(answer.url, answer.headers["Location"])).headers["Location"]


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    found = {}
    for field in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found

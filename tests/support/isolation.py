"""Everybody who may come to a page, and what each reaches by following the links and forms that they are shown."""

import dataclasses
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from parley.access.domain import PERMISSIONS, Permission, Role
from parley.web.sites import Audience
from support.page_forms import TOKEN

#: What differs at each answer, whoever asks for what: the page's nonce, and its form's token.
_FRESH = re.compile(rf'(nonce="|nonce-|name="{TOKEN}" value=")[^"\']+')

#: Headers of which a foreign answer may tell nothing are all but these.
_CLOCKS = frozenset({"Date"})

#: Ends the sign-in; and what a page shows of itself when it is sorted otherwise is the same page.
_NOT_FOLLOWED = ("/sign-out", "/styleguide", "/static")


@dataclasses.dataclass
class Person:
    """Somebody with a browser on one site. ``cases`` are those in which they, or whom they work for, have a place."""

    name: str
    client: FlaskClient
    audience: Audience
    host: str
    roles: frozenset[Role] = frozenset()
    cases: set[uuid.UUID] = dataclasses.field(default_factory=set)
    begins: list[str] = dataclasses.field(default_factory=lambda: ["/"])
    token: str = ""

    @property
    def url(self) -> str:
        """The address of their site."""
        return f"http://{self.host}:8000"

    @property
    def where(self) -> str:
        """The last word of their name: the council or provider they are at."""
        return self.name.rpartition(" ")[2]

    def may(self, permission: Permission | None) -> bool:
        """Tell whether a role of theirs carries ``permission``; anybody may what needs none."""
        return permission is None or any(permission in PERMISSIONS[role] for role in self.roles)

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.url)

    def post(self, path: str, data: Mapping[str, Any]) -> TestResponse:
        """Send a form with their own token. Whoever is signed out by it keeps the cookie: tests put all rows back."""
        signed_in = self.client.get_cookie("parley", domain=self.host)
        answer = self.client.post(path, base_url=self.url, data={**data, TOKEN: self.own_token()})
        if signed_in is not None:
            self.client.set_cookie("parley", signed_in.value, domain=self.host)
        return answer

    def own_token(self) -> str:
        """Return the token of the forms in their own browser."""
        if not self.token:
            pages = (self.get(path).text for path in (*self.begins, "/sign-in", "/about/contact"))
            found = (re.search(rf'name="{TOKEN}" value="([^"]+)"', page) for page in pages)
            self.token = next((match[1] for match in found if match), "")
        return self.token


def telling(answer: TestResponse, asked: Iterable[object]) -> list[str]:
    """Return every line that an answer tells: status, headers, body.

    Without what differs at each answer, and without the ids that were ``asked`` for, which some answers repeat.
    """

    def plain(text: str) -> str:
        for value in asked:
            text = text.replace(str(value), "asked-for")
        return _FRESH.sub(r"\1", text)

    headers = [f"{name}: {plain(value)}" for name, value in answer.headers if name not in _CLOCKS]
    return [answer.status, *headers, *plain(answer.text).splitlines()]

"""What people reach by following the links and forms that they are shown, by the addresses of the URL map."""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule, UUIDConverter
from werkzeug.test import TestResponse

from parley.access.domain import access_mark
from support.isolation import Person
from support.page_forms import Form, Page

#: Ends the sign-in; shows made-up things; is a file that everybody gets alike.
_NOT_FOLLOWED = ("/sign-out", "/styleguide", "/static")

#: What an address names beside ids: a secret of somebody's.
_SECRETS = frozenset({"token"})


@dataclasses.dataclass(frozen=True)
class Example:
    """An address as ``owner`` came to it: with which ``values``, and the ``form`` that is sent there."""

    rule: Rule
    owner: Person
    values: Mapping[str, Any]
    form: Form | None = None

    def path(self, **instead: Any) -> str:
        """Return the path, with other values where ``instead`` says so."""
        adapter = self.rule.map.bind("any", subdomain=self.rule.subdomain)
        return adapter.build(self.rule.endpoint, {**self.values, **instead}, append_unknown=False)

    def opened_by(self, person: Person, typed: Mapping[str, Any] | None = None, **instead: Any) -> TestResponse:
        """Have ``person`` open the page, or send the form, ``typed`` into it; other values as in ``path``."""
        path = self.path(**instead)
        return person.get(path) if self.form is None else person.post(path, self.form.filled(typed or {}))


class Exploration:
    """Everything that people reach in the application, by the address it is at."""

    def __init__(self, app: Flask) -> None:
        """Begin with nothing."""
        self._app = app
        self.reached: dict[tuple[str, str], list[Example]] = {}
        """Pages and forms, by address and method."""
        self.seen: dict[str, dict[str, str]] = {}
        """What each person was shown: pages by path, by the person's name."""

    def others(self, example: Example, part: str) -> set[Any]:
        """Return other things of the kind that ``part`` of an address names, each of another request.

        Of the ones that were reached, by anybody, one for each request.
        """
        whole = "authority_id" if part == "case_id" else "case_id"
        here = (example.values.get("authority_id"), example.values.get("case_id"))
        found = {}
        for reached in itertools.chain.from_iterable(self.reached.values()):
            of = (reached.values.get("authority_id"), reached.values.get("case_id"))
            if part in reached.values and reached.values.get(whole) != example.values.get(whole) and of != here:
                found[reached.values.get(whole)] = reached.values[part]
        return set(found.values()) - {example.values[part]}

    def leads(self, person: Person, example: Example) -> bool:
        """Tell whether ``person`` came to the very same address."""
        reached = itertools.chain.from_iterable(self.reached.values())
        return any(found.owner is person and found.path() == example.path() for found in reached)

    def follow(self, person: Person) -> None:
        """Open everything that the person's pages lead to, and note every form on the way."""
        waiting, seen = [*self._plain_addresses(person), *person.begins], self.seen.setdefault(person.name, {})
        while waiting:
            path = waiting.pop()
            if path in seen or path.startswith(_NOT_FOLLOWED) or self._is_everybodys(person, path):
                continue
            answer = person.get(path)
            seen[path] = answer.text if answer.mimetype.startswith("text/") else ""
            if answer.status_code == 200:
                self._note(person, path)
            if answer.mimetype == "text/html":
                waiting += self._look(person, path, answer)

        # Now, for opening a page for its token may be recorded as reading it.
        person.own_token()

    def _plain_addresses(self, person: Person) -> list[str]:
        """Return the addresses of the person's site in which nothing is to be filled in."""
        return [
            rule.rule
            for rule in self._app.url_map.iter_rules()
            if rule.subdomain == person.audience and not rule.arguments and "GET" in (rule.methods or ())
        ]

    def _is_everybodys(self, person: Person, path: str) -> bool:
        """Tell whether a page names nothing of anybody's and is open to all, so that people without a role try it."""
        found = self._match(person, path)
        if found is None or not person.roles or path in person.begins:
            return False
        mark = access_mark(self._app.view_functions[found[0].endpoint])
        return mark is not None and mark.permission is None and not named_by(found[0])

    def _look(self, person: Person, path: str, answer: TestResponse) -> Iterable[str]:
        page = Page(answer.text, path)
        for form in page.forms:
            action = _within(person, path, form.action)
            if form.method == "post" and action:
                self._note(person, action, form)
        links = [*page.links, answer.headers.get("Location", "")]
        return [link for one in links if one and (link := _within(person, path, one))]

    def _note(self, person: Person, path: str, form: Form | None = None) -> None:
        method = "GET" if form is None else "POST"
        if (match := self._match(person, path, method)) is not None:
            found = Example(rule=match[0], owner=person, values=match[1], form=form)
            self.reached.setdefault((address(match[0]), method), []).append(found)

    def _match(self, person: Person, path: str, method: str = "GET") -> tuple[Rule, Mapping[str, Any]] | None:
        """Return the rule and the values of a path on the person's site; None for one that there is not."""
        adapter = self._app.url_map.bind("any", subdomain=person.audience.value)
        try:
            return adapter.match(urlsplit(path).path, method=method, return_rule=True)
        except HTTPException:
            return None


def address(rule: Rule) -> str:
    """Return how an address is named in tests: its audience and its path."""
    return f"{rule.subdomain} {rule.rule}"


def named_by(rule: Rule) -> list[str]:
    """Return the parameters of an address that name something that is somebody's."""
    converters = rule._converters
    return [name for name in rule.arguments if name in _SECRETS or isinstance(converters[name], UUIDConverter)]


def _within(person: Person, path: str, link: str) -> str | None:
    """Return where a link on the person's page leads on their own site, without a fragment; None for elsewhere."""
    parts = urlsplit(urljoin(f"{person.url}{path}", link))
    if parts.scheme != "http" or parts.netloc != urlsplit(person.url).netloc:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

"""Everything that one person can reach by following links, from where they begin."""

import html
import json
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from support.walker import Walker

_LINK = re.compile(r'(?:href|src)="([^"#]+)')

#: What ends the sign-in, or is a file that every person gets alike.
_NOT_FOLLOWED = ("/static/", "/sign-out")

#: More than anybody reaches in a demonstration; a crawl that finds more goes round in circles.
MOST_PAGES = 800


def everything_within_reach(person: Walker, begins: Iterable[str]) -> dict[str, str]:
    """Return the whole source of each page and file on the person's own site that links lead to, by path."""
    waiting, found = list(begins), dict[str, str]()
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(_NOT_FOLLOWED):
            continue
        assert len(found) < MOST_PAGES, f"the crawl does not end: {sorted(found)[-10:]}"
        answer = person.fetch(path)
        found[path] = answer.text
        if answer.kind.startswith("text/html"):
            waiting += _links(answer.text, person.parley.url(person.site, path))
    return found


def links_of(person: Walker, path: str) -> list[str]:
    """Return the paths that a page of the person's own site leads to."""
    return _links(person.fetch(path).text, person.parley.url(person.site, path))


def everything_the_api_answers(person: Walker) -> dict[str, str]:
    """Return what the API says on the person's own site: every address it describes that can simply be read."""
    description = person.fetch("/api/v1/openapi.json")
    paths: dict[str, dict[str, object]] = json.loads(description.text)["paths"]
    plain = [path for path, operations in paths.items() if "get" in operations and "{" not in path]
    found = {path: person.fetch(path).text for path in plain}
    assert found, "the API describes nothing that can be read"
    return {"/api/v1/openapi.json": description.text, **found}


def _links(source: str, base: str) -> list[str]:
    """Return the paths that a page leads to on its own site, with their queries."""
    addresses = [urlsplit(urljoin(base, html.unescape(link))) for link in _LINK.findall(source)]
    here = urlsplit(base).netloc
    return [
        f"{one.path}?{one.query}" if one.query else one.path
        for one in addresses
        if one.netloc == here and one.scheme == "http"
    ]

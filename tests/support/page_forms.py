"""The links and forms of a page, read as a browser reads them; and forms filled in with whatever they take."""

import dataclasses
import io
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from support.documents import PDF

#: The box that a form's token against cross-site requests stands in.
TOKEN = "csrf_token"

#: What is typed into a box whose name has this in it; the first that fits. Anything else takes words.
TYPED: tuple[tuple[str, str], ...] = (
    ("-day", "14"),
    ("-month", "12"),
    ("-year", "2026"),
    ("email", "kim@school.example"),
    ("phone", "01632 960 001"),
    ("begins", "10:00"),
    ("ends", "12:00"),
    ("arrives", "10:00"),
    ("link", "https://rooms.example/1"),
)
WORDS = "Words of somebody"
#: What is neither a date nor an address nor a number, and is to be given back as it was typed.
WRONG = "31st <of> June"

#: The kinds of boxes that somebody types into.
_TYPED_INTO = frozenset({"text", "email", "tel", "number", "textarea"})


@dataclasses.dataclass
class Box:
    """One name of a form: what it holds, or of what it offers the choice."""

    kind: str
    offers: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Form:
    """A form: where it is sent, how, and its boxes by name; ``button`` is what the first button says of itself."""

    action: str
    method: str
    boxes: dict[str, Box] = dataclasses.field(default_factory=dict)

    def filled(self, instead: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a browser sends when every box has something in it: the first choice, or words that fit.

        ``instead`` says otherwise, by name. What is typed and ticked may still not be what the page wants.
        """
        return {name: _filled(name, box) for name, box in self.boxes.items()} | dict(instead)

    def empty(self) -> dict[str, Any]:
        """Return what a browser sends when nothing was typed, chosen or ticked."""
        unasked = {name: box.offers for name, box in self.boxes.items() if box.kind in {"hidden", "button"}}
        typed = {name: "" for name, box in self.boxes.items() if box.kind in _TYPED_INTO}
        return unasked | typed

    def typed_wrongly(self) -> dict[str, Any]:
        """Return the same with something typed that is no date, no address and no number."""
        return self.empty() | {name: WRONG for name, box in self.boxes.items() if box.kind in _TYPED_INTO}


class Page(HTMLParser):
    """The links, files and forms of one page."""

    def __init__(self, source: str, path: str) -> None:
        """Read ``source``, which stands at ``path``: a form without an address is sent there."""
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._path = path
        self._form: Form | None = None
        self._choice: Box | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins here."""
        has = {name: value or "" for name, value in attrs}
        match tag:
            case "a" | "link" if "href" in has:
                self.links.append(has["href"])
            case "script" | "img" if "src" in has:
                self.links.append(has["src"])
            case "form":
                self._form = Form(action=has.get("action") or self._path, method=has.get("method", "get").lower())
                self.forms.append(self._form)
            case "input" | "textarea" | "select" | "button" if self._form is not None and has.get("name"):
                self._box(self._form, tag, has)
            case "option" if self._choice is not None:
                self._choice.offers.append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Note what ends here."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = None

    def _box(self, form: Form, tag: str, has: Mapping[str, str]) -> None:
        kind = has.get("type", "text") if tag == "input" else tag
        box = form.boxes.setdefault(has["name"], Box(kind=kind))
        if tag == "select":
            self._choice = box
        elif kind in {"hidden", "radio", "checkbox", "button"} or has.get("value"):
            box.offers.append(has.get("value", "on"))


def _filled(name: str, box: Box) -> Any:
    match box.kind:
        case "hidden" | "button" | "checkbox":
            return box.offers
        case "radio":
            return box.offers[0]
        case "select":
            return next((offer for offer in box.offers if offer), "")
        case "file":
            return (io.BytesIO(PDF), "report.pdf")
        case _ if box.offers:
            return box.offers[0]
    return next((words for part, words in TYPED if part in name), WORDS)

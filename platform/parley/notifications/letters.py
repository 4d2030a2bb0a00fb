"""The words of messages: templates filled with what one message is about, as plain text and as the same in HTML."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from parley.casework.domain import ClockCode
from parley.notifications.decisions import MessageCode
from parley.notifications.mailer import CalendarFile, Letter
from parley.web.formatting import long_date, phone_display

#: What the service is called where a council's own word for it is not at hand.
SERVICE = "disagreement resolution"

_LINK = re.compile(r"https?://\S+")

#: One-offs have subjects of their own; everything else is an update on a request.
_SUBJECTS = {
    MessageCode.SIGN_IN_LINK: "your sign-in link",
    MessageCode.INVITATION_YOUNG_PERSON: "your answer is needed",
    MessageCode.INVITATION_BODY: "an invitation for you",
    MessageCode.INVITATION_CODE: "your code",
    MessageCode.INVITATION_MEMBER: "an invitation for you",
    MessageCode.PROVIDER_NOTICE: "something to do for request {reference}",
    MessageCode.PROVIDER_CONCERN_RAISED: "something for you to read",
}
_UPDATE = "update on your request {reference}"
_UPDATE_OF_OTHERS = "update on request {reference}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Provider:
    """The provider as a letter names it; the phone numbers as they are written for people."""

    name: str
    phone: str
    phone_from_mobile: str = ""

    @classmethod
    def of(cls, name: str, contact: Mapping[str, str | None]) -> "Provider":
        """Return it from a provider's published contact."""
        return cls(
            name=name,
            phone=phone_display(contact.get("phone") or ""),
            phone_from_mobile=phone_display(contact.get("phone_from_mobile") or ""),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """What a message is about: nothing of it is about a person but the address of their own page.

    ``codes`` come from the news; ``due`` are the dates that run now, ``words`` what a plugin asked to say. ``url``
    opens the recipient's page of the case, after signing in, and holds no secret unless the message is a one-off.
    """

    council: str
    provider: Provider | None = None
    reference: str = ""
    url: str = dataclasses.field(default="", repr=False)
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    due: Mapping[ClockCode, dt.date] = dataclasses.field(default_factory=dict)
    words: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    places: tuple[str, ...] = ()
    """Where else the family was told to go: published names, each with how to reach it."""


class Letters:
    """Writes letters. ``demonstration`` adds to each that the council named in it does not run this."""

    def __init__(self, *, demonstration: bool) -> None:
        """Open the templates."""
        self._demonstration = demonstration
        self._templates = Environment(
            loader=PackageLoader("parley.notifications"),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701  plain text; the HTML is made from it, escaped
        )
        self._templates.filters["date"] = lambda iso: long_date(dt.date.fromisoformat(iso))

    def write(
        self, code: MessageCode, subject: Subject, *, key: str, to: str, calendar: CalendarFile | None = None
    ) -> Letter:
        """Return the letter that says ``code`` to ``to``, with ``calendar`` if any. ``key`` becomes its Message-ID."""
        heading = subject_line(code, subject)
        text = self.text(code, subject)
        return Letter(
            key=key,
            to=to,
            sender_name=f"{subject.council} {SERVICE}",
            subject=heading,
            text=text,
            html=html_of(text, heading),
            calendar=calendar,
        )

    def text(self, code: MessageCode, subject: Subject) -> str:
        """Return the plain text of ``code`` about ``subject``."""
        filled = self._templates.get_template(f"notifications/{code.value}.txt").render(
            council=subject.council,
            service=SERVICE,
            provider=subject.provider,
            reference=subject.reference,
            url=subject.url,
            codes=_Defaults(subject.codes),
            due={clock.value: long_date(subject.due[clock]) if clock in subject.due else "" for clock in ClockCode},
            words=subject.words,
            places=subject.places,
            party=_party_words(subject),
            demonstration=self._demonstration,
        )
        return _one_blank_line(filled)


class _Defaults(dict[str, str]):
    """Codes of the news; one that the news did not carry reads as empty."""

    def __missing__(self, key: str) -> str:
        return ""


def subject_line(code: MessageCode, subject: Subject) -> str:
    """Return the subject: council, service and reference at most, since it shows on a locked screen."""
    to_family = not code.value.startswith(("council_", "party_", "provider_", "administrator_"))
    rest = _SUBJECTS.get(code, _UPDATE if to_family else _UPDATE_OF_OTHERS)
    return f"{subject.council} {SERVICE}: {rest.format(reference=subject.reference)}"


def html_of(text: str, title: str) -> str:
    """Return ``text`` as HTML: paragraphs, lists and links, readable with any client and by any screen reader."""
    blocks = [_block(block) for block in text.strip().split("\n\n")]
    # An address is longer than a phone is wide.
    style = (
        "font-family: arial, sans-serif; font-size: 19px; line-height: 1.4; max-width: 38em; margin: 1em; "
        "overflow-wrap: anywhere"
    )
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f'<body style="{style}">\n' + "\n".join(blocks) + "\n</body>\n</html>\n"
    )


def _one_blank_line(filled: str) -> str:
    """Tidy what the templates' own lines leave: one blank line between paragraphs, none between points of a list."""
    paragraphs = re.sub(r"\n\s*\n", "\n\n", filled).strip() + "\n"
    return re.sub(r"^(- .*)\n\n(?=- )", r"\1\n", paragraphs, flags=re.MULTILINE)


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        items = "".join(f"<li>{_linked(line[2:])}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    return f"<p>{'<br>'.join(_linked(line) for line in lines)}</p>"


def _linked(line: str) -> str:
    found, end = [], 0
    for match in _LINK.finditer(line):
        address = escape(match[0])
        found += [escape(line[end : match.start()]), f'<a href="{address}">{address}</a>']
        end = match.end()
    return "".join([*found, escape(line[end:])])


def _party_words(subject: Subject) -> str:
    """Return what the party that the news is about is called at the beginning of a sentence."""
    named = {
        "local_authority": subject.council,
        "setting": "The school or other setting",
        "icb": "The health body",
        "family": "The family",
    }
    return named.get(subject.codes.get("party", ""), "One of the other sides")

"""A request being written, as the pages see it: what was typed in each question, and the clean values it gives. Pure.

What a family typed is kept as it was typed, so that a page opened again shows it, right or wrong; a question counts as
done once its form accepted it. ``journey`` says which questions there are.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from parley.casework.domain import Capacity, PartyKind, StatementKind
from parley.casework.request import is_young_person

Raw = dict[str, list[str]]

#: The largest answer to one question, in characters, with its field names: far above what any field allows.
LARGEST = 30_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class ToChoose:
    """A provider that the family may choose; ``hint`` is what is published to choose by."""

    slug: str
    name: str
    hint: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Around:
    """What the questions depend on besides the draft: names, the council's own words, and the day in England.

    ``to_choose`` holds the providers among which the family chooses; it is empty where it does not.
    """

    council: str
    provider: str
    icb: str
    words: Mapping[str, str]
    today: dt.date
    to_choose: tuple[ToChoose, ...] = ()

    def asking(self, slug: str | None) -> "Around":
        """Return the same once the family chose the provider of that slug; itself for one that it cannot choose."""
        chosen = next((provider for provider in self.to_choose if provider.slug == slug), None)
        return dataclasses.replace(self, provider=chosen.name) if chosen else self


@dataclasses.dataclass(frozen=True)
class Draft:
    """What was typed so far, by question, and what the check already knew."""

    sections: Mapping[str, Any]
    around: Around
    values: Mapping[str, Mapping[str, Any]]
    """The clean values of each question that is done."""

    def raw(self, slug: str) -> Raw:
        """Return what was typed into a question, under the names of its boxes."""
        raw: Raw = self.sections.get(slug, {}).get("raw", {})
        return raw

    def is_done(self, slug: str) -> bool:
        """Tell whether the question was answered so that it can be used."""
        return slug in self.values

    def digest(self, slug: str) -> str:
        """Return a short name of what is kept for a question: it changes when the answer does."""
        return digest_of(self.raw(slug))

    def get(self, slug: str, name: str) -> Any:
        """Return the clean value of one field of a question, or None."""
        return self.values.get(slug, {}).get(name)

    @cached_property
    def check(self) -> Mapping[str, Any] | None:
        """What the check knew when the request was begun from one: ``answers`` and ``question``."""
        found: Mapping[str, Any] | None = self.sections.get("check")
        return found

    @property
    def chosen_provider(self) -> str | None:
        """The slug of the provider that the family chose, if it was asked."""
        value: str | None = self.get("provider", "provider")
        return value

    @property
    def capacity(self) -> Capacity | None:
        """In what capacity the person asks, once that is known."""
        value = self.get("who-you-are", "capacity")
        return Capacity(value) if value else None

    @property
    def asks_for_self(self) -> bool:
        """Whether it is a young person's own request."""
        return self.capacity is Capacity.YOUNG_PERSON

    @property
    def born(self) -> dt.date | None:
        """The date of birth of the child or young person."""
        born: dt.date | None = self.get("your-birth" if self.asks_for_self else "child", "born")
        return born

    @property
    def child_name(self) -> str:
        """The name of the child or young person, "" until it is known."""
        found = self.get("your-name", "name") if self.asks_for_self else self.get("child", "name")
        return str(found or "")

    @property
    def kinds(self) -> tuple[PartyKind, ...]:
        """The parties the disagreement is with."""
        return tuple(PartyKind(kind) for kind in self.get("bodies", "bodies") or ())

    @property
    def needs_young_persons_yes(self) -> bool:
        """Whether a young person's own yes is needed before the request is sent on."""
        return self.capacity is Capacity.PARENT_CARER and is_young_person(self.born, self.around.today)

    @property
    def letter_date(self) -> dt.date | None:
        """The date of the decision letter, if there is one."""
        return self.get("letter", "letter") if self.get("letter", "has_letter") == "yes" else None

    @property
    def certificate_date(self) -> dt.date | None:
        """The date of the mediation certificate, if there is one."""
        has_one = self.letter_date is not None and self.get("certificate", "has_certificate") == "yes"
        return self.get("certificate", "certificate") if has_one else None

    @property
    def statements(self) -> dict[StatementKind, str]:
        """What the family wrote in its own words, without what was left empty."""
        written = {
            StatementKind.STORY: self.get("story", "story"),
            StatementKind.WISH: self.get("wish", "wish"),
            StatementKind.CHILD_VIEWS: None if self.asks_for_self else self.get("views", "views"),
        }
        return {kind: str(body) for kind, body in written.items() if body}

    def party_name(self, kind: PartyKind) -> str:
        """Return what a party is called: the council's and the NHS body's own names, the setting's as it was given."""
        named = {PartyKind.LOCAL_AUTHORITY: self.around.council, PartyKind.ICB: self.around.icb}
        return named.get(kind) or self.get("setting", "setting") or "the nursery, school or college"


def digest_of(raw: Raw) -> str:
    """Return a short name of an answer as it was typed; empty boxes do not count."""
    filled = {name: values for name, values in raw.items() if any(value.strip() for value in values)}
    return hashlib.sha256(json.dumps(filled, sort_keys=True).encode()).hexdigest()[:12]

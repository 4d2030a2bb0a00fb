"""A council's rules in words: what it says and where that was read, and what it has not said. Pure.

Nothing is filled in. A rule that the council does not state, that nobody has seen, or that may be out of date is named
as such. Families are shown what is evidenced; staff also what was only inferred or is doubtful, marked as that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from parley.law.domain import LawVersion
from parley.policy.domain import Policy
from parley.policy.evidence import STAFF_ONLY, Evidence, Evidenced, Source, Status

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One rule: its name, what the council says of it (nothing where it is not known), and how that is known.

    ``aside`` is ours, not the council's.
    """

    name: str
    texts: tuple[str, ...]
    evidence: Evidence
    aside: str = ""

    @property
    def source(self) -> Source | None:
        """The page it was read on, or looked for."""
        return self.evidence.source

    @property
    def standing(self) -> str:
        """What to know of how this is known, empty where it was simply read."""
        return " ".join(part for part in (_STANDING.get(self.evidence.status, ""), self._note) if part)

    @property
    def _note(self) -> str:
        """The note of whoever read it, with what only staff see."""
        return self.evidence.note if self.evidence.status in STAFF_ONLY else ""


_STANDING = {
    Status.INHERITED: "Published by somebody else for this council too.",
    Status.CONFLICTING: "Published words differ about this. Ask.",
    Status.INFERRED: "Inferred from something else; families do not see it.",
    Status.DOUBTFUL: "Doubtful; families do not see it.",
}


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some of the rules, under a heading. ``key`` is its place on the page; ``note`` is ours, not the council's."""

    key: str
    title: str
    entries: tuple[Told, ...]
    note: str = ""

    @property
    def said(self) -> tuple[Told, ...]:
        """What families are shown."""
        return tuple(one for one in self.entries if one.texts and one.evidence.shown)

    @property
    def known(self) -> tuple[Told, ...]:
        """What staff are shown."""
        return tuple(one for one in self.entries if one.texts)

    @property
    def not_stated(self) -> tuple[str, ...]:
        """What its page was read for and does not say."""
        return self._named(Status.NOT_STATED)

    @property
    def not_seen(self) -> tuple[str, ...]:
        """What nobody has seen it publish; what only follows from something else has not been seen either."""
        return self._named(Status.NOT_SEEN, Status.INFERRED)

    @property
    def unseen(self) -> tuple[str, ...]:
        """What nobody has seen and nothing is known of, for staff."""
        return self._named(Status.NOT_SEEN)

    @property
    def unsure(self) -> tuple[str, ...]:
        """What was read and may be out of date."""
        return self._named(Status.DOUBTFUL)

    def _named(self, *statuses: Status) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.name for one in self.entries if one.evidence.status in statuses))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the rules are told from: the council's policy, and the law that stands whatever it says."""

    policy: Policy
    law: LawVersion


Writer = Callable[[Rules], Iterator[Told | None]]


def entry(name: str, value: Evidenced[T], say: Callable[[T], str | Sequence[str]], *, aside: str = "") -> Told:
    """One value of a policy, in the words of ``say``."""
    if value.value is None:
        return Told(name=name, texts=(), evidence=value.evidence)
    texts = say(value.value)
    said = (texts,) if isinstance(texts, str) else tuple(texts)
    return Told(name=name, texts=said, evidence=value.evidence, aside=aside)


def words(name: str, value: Evidenced[str]) -> Told:
    """One value that is the council's own words."""
    return entry(name, value, sentence)


def if_known(told: Told) -> Told | None:
    """A rule only where there is something to tell: nobody misses what councils hardly ever say."""
    return told if told.texts else None


def yes_no(name: str, value: Evidenced[bool], yes: str, no: str) -> Told:
    """One value that is either so or not."""
    return entry(name, value, lambda so: yes if so else no)


def stated(name: str, evidence: Evidence, *texts: str, aside: str = "") -> Told:
    """A record with evidence of its own."""
    return Told(name=name, texts=tuple(sentence(text) for text in texts), evidence=evidence, aside=aside)


def section(key: str, title: str, writer: Writer, rules: Rules, *, note: str = "") -> Section:
    """A section from what its writer yields; None is nothing."""
    entries = tuple(told for told in writer(rules) if told is not None)
    return Section(key=key, title=title, entries=entries, note=note)


def sentence(text: str) -> str:
    """Begin with a capital letter and end with a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."

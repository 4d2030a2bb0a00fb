"""Fits what the law's row says to what the council itself says: its areas, whom it is between, what to try first. Pure.

The law is a floor and the council's words are evidence: where they are silent the answer is "ask", never a guess.
"""

from dataclasses import dataclass, replace
from typing import Any

from parley.eligibility.answers import Appeal
from parley.eligibility.book import Book, Words
from parley.eligibility.facts import Facts
from parley.eligibility.openings import matching, sides_of
from parley.eligibility.result import Answer, Code, Reason
from parley.eligibility.rules import Rule
from parley.law.domain import Area, Body, Stage
from parley.policy.domain import AreaEntry, AreaKind, TriedFirstKind


@dataclass(frozen=True, slots=True)
class Placed:
    """An answer on its way: what is known of one matter so far."""

    answer: Answer
    area: Area | None
    also_areas: tuple[Area, ...]
    area_label: str | None
    codes: frozenset[Code]
    because: tuple[Reason, ...]
    would_change: tuple[str, ...]


def place(rule: Rule, facts: Facts, book: Book) -> Placed:
    """The row's answer, in the council's areas and under its conditions."""
    words = _unless_named(book.rules[rule.text], facts)
    start = Placed(rule.answer, rule.area, rule.also, None, rule.codes, (words.because,), words.would_change)
    if rule.area is None:
        return _with_known_areas(start, book, facts)
    if _shut_out(book.policy.areas.not_against.shown, facts):
        return _asked(_but(start, area=None, also_areas=()), Code.CONFLICT, book.shut_out)
    placed = _in_area(start, rule.area, facts, book)
    return _tried(placed, facts, book) if placed.answer is Answer.YES else placed


def _in_area(start: Placed, area: Area, facts: Facts, book: Book) -> Placed:
    areas = book.policy.areas
    match areas.kind.shown:
        case AreaKind.LISTED:
            return _in_list(start, area, facts, book)
        case AreaKind.OPEN:
            said = Words(book.open_area) if book.open_area else None
            return _but(start, words=said, area=Area.OPEN, also_areas=(), area_label=areas.label.shown)
        case AreaKind.NONE:
            return _between(_but(start, area=None, also_areas=()), facts, book)
        case _:
            return _asked(_but(start, area=None, also_areas=()), Code.UNSTATED, book.unlisted)


def _in_list(start: Placed, area: Area, facts: Facts, book: Book) -> Placed:
    """In the council's area of that type; of several, in the one that does most for the family."""
    entries = matching(book.policy, area, facts.about, facts.against)
    shown = [entry for entry in entries if entry.number in book.areas]
    if not shown:
        return _asked(_but(start, area=None), Code.UNSTATED, book.unlisted)
    return min((_in_entry(start, entry, facts, book) for entry in shown), key=lambda placed: placed.answer.strictness)


def _in_entry(start: Placed, entry: AreaEntry, facts: Facts, book: Book) -> Placed:
    listed = _with_known_areas(_but(start, words=Words(book.areas[entry.number]), area_label=entry.label), book, facts)
    if _shut_out(entry.not_against.shown, facts):
        return _asked(listed, Code.CONFLICT, book.shut_out)
    if entry.against.shown and entry.against.shown.isdisjoint(sides_of(facts.about, facts.against)):
        return _asked(listed, Code.UNSTATED, _unless_named(book.wrong_side, facts))
    if not _stage_open(entry, facts):
        return _but(listed, Code.GATE_NOT_MET, words=book.area_closed, answer=Answer.NOT_NOW)
    return listed


def _shut_out(bodies: frozenset[Body] | None, facts: Facts) -> bool:
    """Whether the council's words shut out everybody on the other side: of those the law names it says so, and asks."""
    sides = facts.against
    return bool(bodies) and bool(sides) and sides <= (bodies or frozenset())


def _stage_open(entry: AreaEntry, facts: Facts) -> bool:
    """Whether the area's gate, if the council states one, is met. An unknown stage is no bar."""
    stages = entry.stages.shown
    if stages is None or facts.stage in stages or facts.stage is Stage.UNSURE:
        return True
    if entry.number in facts.opened_otherwise:
        return True
    return facts.appeal is Appeal.LODGED and entry.while_appeal_pending.shown is True


def _between(start: Placed, facts: Facts, book: Book) -> Placed:
    between = book.policy.areas.between.shown
    sides = sides_of(facts.about, facts.against)
    if between is None or not between.isdisjoint(sides):
        return start
    wrong_side = _unless_named(book.wrong_side, facts)
    for bodies, because in book.conflicts:
        if not bodies.isdisjoint(sides):
            return _asked(start, Code.CONFLICT, replace(wrong_side, because=because))
    return _asked(start, Code.UNSTATED, wrong_side)


def _unless_named(words: Words, facts: Facts) -> Words:
    """``words`` with the advice to add the council, unless it is named in any disagreement of the check."""
    if not words.adding or facts.names_council:
        return words
    return replace(words, would_change=words.would_change + words.adding)


def _tried(placed: Placed, facts: Facts, book: Book) -> Placed:
    """A yes, unless something has to be tried first. Advice is added and never blocks."""
    tried = book.policy.tried_first
    if book.tried_first is None or not facts.tried.isdisjoint(tried.met_by.shown or ()):
        return placed
    if tried.kind.shown is TriedFirstKind.ADVICE:
        return _but(placed, Code.TRY_FIRST_ADVICE, words=book.tried_first)
    return _but(placed, Code.TRY_FIRST_REQUIRED, words=book.tried_first, answer=Answer.NOT_NOW)


def _asked(placed: Placed, code: Code, words: Words) -> Placed:
    return _but(placed, code, Code.ASK_PROVIDER, words=words, answer=Answer.ASK_PROVIDER)


def _with_known_areas(placed: Placed, book: Book, facts: Facts) -> Placed:
    """Keeps only further areas that the council lists."""
    if not placed.also_areas:
        return placed
    known = (area for area in placed.also_areas if book.policy.areas_of(area, {facts.about}))
    return _but(placed, also_areas=tuple(known))


def _but(placed: Placed, *codes: Code, words: Words | None = None, **changes: Any) -> Placed:
    """`placed` with further codes, a further reason with what would change it, and other fields changed."""
    return Placed(
        answer=changes.get("answer", placed.answer),
        area=changes.get("area", placed.area),
        also_areas=changes.get("also_areas", placed.also_areas),
        area_label=changes.get("area_label", placed.area_label),
        codes=placed.codes.union(codes),
        because=(*placed.because, words.because) if words else placed.because,
        would_change=placed.would_change + words.would_change if words else placed.would_change,
    )

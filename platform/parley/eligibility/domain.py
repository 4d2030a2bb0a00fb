"""Whether disagreement resolution can help: one pure function over what a family said, a policy and the law.

Gates first, then for each matter the first row that applies. The result is guidance and never a bar: it always
says whom the family can ask anyway, and what runs regardless.
"""

from datetime import date
from functools import lru_cache
from itertools import compress

from parley.eligibility.answers import Answers, Appeal, Matter
from parley.eligibility.book import Book, book_of
from parley.eligibility.dates import deadlines_for
from parley.eligibility.facts import Facts, facts_of, person_of
from parley.eligibility.gates import Gate
from parley.eligibility.places import OTHER_COUNCIL
from parley.eligibility.placing import Placed, place
from parley.eligibility.result import (
    Answer,
    Assessment,
    Code,
    GateResult,
    MatterResult,
    MatterTrace,
    RouteStepResult,
    SignpostResult,
    Trace,
)
from parley.eligibility.rules import OF_THE_COUNCIL, Rule
from parley.law.domain import Body, LawVersion, Subject
from parley.policy.domain import Action, Policy

__all__ = ["Answer", "Answers", "Assessment", "Code", "Matter", "assess"]

# The strictest answer wins when gates and a row disagree.
_STRICTNESS = {Answer.YES: 0, Answer.ASK_PROVIDER: 1, Answer.NOT_NOW: 2, Answer.ELSEWHERE: 3}
_NO_ROUTE = frozenset({Answer.NOT_NOW, Answer.ELSEWHERE})


def assess(answers: Answers, policy: Policy, law: LawVersion, on: date) -> Assessment:
    """The result for one family on one day, with its trace. Never raises for answers of the right types."""
    book = book_of(policy, law)
    person = person_of(answers, policy, law, on)
    flags = tuple([gate.when(person) for gate in book.table.gates])
    gates, shown = tuple(compress(book.table.gates, flags)), tuple(compress(book.gates, flags))
    matters, traced = [], []
    for matter in answers.matters:
        facts = facts_of(answers, matter, policy, law, on)
        rule, count = _first(facts, book)
        placed = _with_what_runs(place(rule, facts, book), facts, rule, book)
        matters.append(_through_gates(placed, gates, shown))
        traced.append(MatterTrace(matter.about, count, placed.answer))
    return Assessment(
        authority=policy.authority,
        policy_version=policy.version,
        law_version=law.id,
        on=on,
        gates=shown,
        matters=tuple(matters),
        route=_route(answers, tuple(matters), policy, book),
        deadlines=deadlines_for(answers, law, on),
        signposts=_signposts(answers, shown, book),
        always=book.always,
        trace=Trace(flags, tuple(traced)),
    )


def _first(facts: Facts, book: Book) -> tuple[Rule, int]:
    """The first row that applies, and how many were looked at. The last row of a subject always applies."""
    for count, rule in enumerate(book.table.rows[facts.matter.about], start=1):
        if rule.applies(facts):
            return rule, count
    raise AssertionError(f"no row for {facts.matter.about}")


def _with_what_runs(placed: Placed, facts: Facts, rule: Rule, book: Book) -> Placed:
    """Adds what holds beside the answer: an appeal that goes on, no certificate from here, time that has run out."""
    codes, because = set(placed.codes), list(placed.because)
    if facts.answers.appeal is Appeal.LODGED and rule.id != book.appeal_pending.rule:
        because.append(book.appeal_pending)
    if facts.letter or facts.matter.about in OF_THE_COUNCIL or Code.MEDIATION_APPEAL in codes:
        codes.add(Code.NO_CERTIFICATE)
        because.append(book.no_certificate)
    undecided = facts.answers.appeal in (Appeal.NONE, Appeal.CONSIDERING)
    if facts.letter and not facts.appeal_window_open and undecided:
        codes.add(Code.MEDIATION_WINDOW_CLOSED)
        because.append(book.window_closed)
        if book.only_this_left:
            codes.add(Code.ONLY_DISAGREEMENT_RESOLUTION_LEFT)
            because.append(book.only_this_left)
    return Placed(
        placed.answer,
        placed.area,
        placed.also_areas,
        placed.area_label,
        frozenset(codes),
        tuple(because),
        placed.would_change,
    )


def _through_gates(placed: Placed, gates: tuple[Gate, ...], shown: tuple[GateResult, ...]) -> MatterResult:
    """The matter's result, by the strictest of its row and the gates; reasons of gates that answer come first."""
    answering = [result for gate, result in zip(gates, shown, strict=True) if gate.answer]
    answers = [placed.answer, *(gate.answer for gate in gates if gate.answer)]
    answer = max(answers, key=_STRICTNESS.__getitem__)
    codes = placed.codes.union(*({gate.code} | gate.also_codes for gate in gates))
    if answer is Answer.YES:
        codes |= {Code.ELIGIBLE}
    in_area = answer is not Answer.ELSEWHERE
    changes = [text for result in answering for text in result.would_change]
    return MatterResult(
        answer=answer,
        area=placed.area if in_area else None,
        also_areas=placed.also_areas if in_area else (),
        area_label=placed.area_label if in_area else None,
        codes=tuple(sorted(codes)),
        because=(*(reason for result in answering for reason in result.because), *placed.because),
        would_change=tuple(dict.fromkeys((*changes, *placed.would_change))),
    )


def _route(
    answers: Answers, matters: tuple[MatterResult, ...], policy: Policy, book: Book
) -> tuple[RouteStepResult, ...]:
    """The council's steps, if there is anything to ask; without the first if its provider was already contacted."""
    if not policy.can_send or all(matter.answer in _NO_ROUTE for matter in matters):
        return ()
    contacted = policy.provider is not None and answers.provider_contacted == policy.provider.key
    return tuple(step for step in book.route if not (contacted and step.action == Action.ASK))


def _signposts(answers: Answers, shown: tuple[GateResult, ...], book: Book) -> tuple[SignpostResult, ...]:
    """Each place that fits a matter, once; first of all the way to the right council, if it is another."""
    places = _places_for(book, frozenset((matter.against, matter.about) for matter in answers.matters))
    if any(result.code is Code.NOT_THIS_COUNCIL for result in shown):
        return (OTHER_COUNCIL, *places)
    return places


@lru_cache(maxsize=4096)
def _places_for(book: Book, sides: frozenset[tuple[frozenset[Body], Subject]]) -> tuple[SignpostResult, ...]:
    """The places that fit any of `sides`, in the book's order; without sides, those that fit everything."""
    found = [
        place.shown
        for place in book.places
        if any(place.fits(against, about) for against, about in sides)
        or (not sides and not place.against and not place.about)
    ]
    return tuple(dict.fromkeys(found))

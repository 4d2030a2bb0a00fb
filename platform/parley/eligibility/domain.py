"""Whether disagreement resolution can help: one pure function over what a family said, a policy and the law.

Gates first, then for each matter the first row that applies. The result is guidance and never a bar: it always
says whom the family can ask anyway, and what runs regardless.
"""

from datetime import date
from functools import lru_cache
from itertools import compress

from parley.eligibility.answers import Answers, Matter
from parley.eligibility.book import Book, book_of
from parley.eligibility.dates import deadlines_for
from parley.eligibility.deciding import decide, through_gates
from parley.eligibility.facts import facts_of, person_of
from parley.eligibility.places import OTHER_COUNCIL
from parley.eligibility.result import (
    Answer,
    Assessment,
    Code,
    GateResult,
    MatterResult,
    RouteStepResult,
    SignpostResult,
    Trace,
)
from parley.law.domain import Body, LawVersion, Service, Subject
from parley.policy.domain import Action, Policy

__all__ = ["Answer", "Answers", "Assessment", "Code", "Matter", "assess"]

_NO_ROUTE = frozenset({Answer.NOT_NOW, Answer.ELSEWHERE})


def assess(answers: Answers, policy: Policy, law: LawVersion, on: date) -> Assessment:
    """The result for one family on one day, with its trace. Never raises for answers of the right types."""
    book = book_of(policy, law)
    person = person_of(answers, policy, law, on)
    flags = tuple([gate.when(person) for gate in book.table.gates])
    gates, shown = tuple(compress(book.table.gates, flags)), tuple(compress(book.gates, flags))
    matters, traced = [], []
    for matter in answers.matters:
        decided = decide(facts_of(answers, matter, policy, law, on), book)
        matters.append(through_gates(decided, gates, shown))
        traced.append(decided.trace)
    return Assessment(
        authority=policy.authority,
        policy_version=policy.version,
        law_version=law.id,
        on=on,
        gates=shown,
        matters=tuple(matters),
        route=_route(answers, tuple(matters), policy, book),
        deadlines=deadlines_for(answers, policy, law, on),
        signposts=_signposts(answers, shown, book),
        always=book.always,
        trace=Trace(flags, tuple(traced)),
    )


def _route(
    answers: Answers, matters: tuple[MatterResult, ...], policy: Policy, book: Book
) -> tuple[RouteStepResult, ...]:
    """The council's steps, if there is anything to ask; without the first if its provider was already contacted."""
    if not policy.can_send or all(matter.answer in _NO_ROUTE for matter in matters):
        return ()
    providers = {provider.key for provider in policy.providers_of(Service.DISAGREEMENT_RESOLUTION)}
    contacted = answers.provider_contacted in providers
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

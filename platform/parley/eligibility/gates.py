"""The shape of a gate: what is settled by who asks, for whom and where, before any matter is looked at. Pure.

The law's gates belong to a version of the law (`tables`); the ones here come from the council's policy. Every gate
that applies is reported; the strictest answer among them bears on every matter. A gate without an answer only tells
the family something.
"""

from collections.abc import Callable
from dataclasses import dataclass

from parley.eligibility.facts import Person
from parley.eligibility.result import Answer, Code
from parley.policy.domain import Asker

ASK = "{provider} can help you find out. You can ask without deciding anything."

_BY_LAW = (Asker.PARENT_CARER, Asker.YOUNG_PERSON)


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition on the person, what it answers for every matter, and what a family is told.

    `rule` is the law's gate id, under which the law version has its title and citation; P gates come from the
    council's policy and have a title of their own.
    """

    rule: str
    when: Callable[[Person], bool]
    answer: Answer | None
    code: Code
    text: str
    would_change: tuple[str, ...] = ()
    also_codes: frozenset[Code] = frozenset()
    title: str = ""


def _not_named_by_council(person: Person) -> bool:
    named = person.policy.who.may_ask.shown
    return named is not None and person.asker in _BY_LAW and person.asker not in named


def _no_provider(person: Person) -> bool:
    return not person.policy.can_send and not person.policy.provider_is_doubtful


def _provider_is_doubtful(person: Person) -> bool:
    return person.policy.provider_is_doubtful


COUNCIL_GATES: tuple[Gate, ...] = (
    Gate(
        "P1",
        _not_named_by_council,
        Answer.ASK_PROVIDER,
        Code.CONFLICT,
        "The council's page does not name you among those who may ask, but the law does. " + ASK,
        also_codes=frozenset({Code.ASK_PROVIDER}),
        title="The council names who may ask, and not you",
    ),
    Gate(
        "P2",
        _no_provider,
        None,
        Code.UNSTATED,
        "We have not found it published who runs this service for {council}. You cannot send a request here: "
        "ask the council.",
        ("When the council publishes who runs the service, you can ask them.",),
        title="It is not published who runs the service",
    ),
    Gate(
        "P2",
        _provider_is_doubtful,
        None,
        Code.UNSTATED,
        "What {council} has published about who runs this service may be out of date. You cannot send a request here: "
        "ask the council.",
        ("When the council publishes who runs the service now, you can ask them.",),
        title="What is published about who runs the service may be out of date",
    ),
)

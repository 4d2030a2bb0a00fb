"""The cases of the demonstration, as data. Everybody in them is a role; nobody is anybody."""

import dataclasses
import datetime as dt
from typing import Any

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import AnswerValue, Capacity, Channel, DeclineReason, PartyKind, StatementKind
from parley.casework.request import Body, NewRequest, Person, Safety
from parley.casework.service.answers import NewAnswer
from parley.demonstration.after_agreement import Reach
from parley.kernel.calendar import last_friday_of_june

COUNCIL = Body(kind=PartyKind.LOCAL_AUTHORITY)
SCHOOL = Body(kind=PartyKind.SETTING, name="Exampletown Primary School", may_be_invited=True)
HEALTH_BODY = Body(kind=PartyKind.ICB, name="Exampletown Integrated Care Board", may_be_invited=True)

YES = NewAnswer(
    value=AnswerValue.AGREED,
    decision_maker=Person(name="Head of SEND", email="head-of-send@council.example"),
    unavailable="Not on Fridays.",
)
NO = NewAnswer(
    value=AnswerValue.DECLINED,
    reason=DeclineReason.OTHER_ROUTE,
    words="We would like to meet you at the school first, with the educational psychologist. "
    "If that does not settle it, please ask again and we will take part.",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DemoCase:
    """One case: who asks at which council how many days ago, and how far it has come since.

    Each of ``acknowledged``, ``told``, ``answered`` and the ends counts days after the request; None: not yet.
    """

    council: str
    asker: str
    days_ago: int
    request: NewRequest
    channel: Channel = Channel.ONLINE
    acknowledged: int | None = None
    told: int | None = None
    answered: int | None = None
    answer: NewAnswer | None = None
    holding_days: int | None = None
    reach: Reach | None = None
    meeting_day: int = 0
    """The day of the meeting, counted from the request."""
    outcome: OutcomeKind = OutcomeKind.PARTIAL
    came_of_age: int | None = None
    """The choice became the young person's own, and the case waits for their yes."""
    withdrawn: int | None = None
    signposted: int | None = None
    ended: int | None = None
    """The provider ended it, because somebody who was needed said no."""


def a_request(child: str, born: dt.date, **changes: Any) -> NewRequest:
    """Return a request about ``child`` with everything said that must be said, and ``changes``."""
    usual = NewRequest(
        capacity=Capacity.PARENT_CARER,
        asker=Person(name="Parent 1", email="parent1@families.example", phone="+441332000001"),
        child_name=child,
        child_date_of_birth=born,
        child_address="1 Example Street, Exampletown",
        setting="Exampletown Primary School",
        bodies=(COUNCIL,),
        areas=("A",),
        story="We have asked three times when the annual review will be held and have had no date.",
        wish="A date for the review, and somebody to ring when things go wrong.",
        agrees_to_tell_council=True,
    )
    return dataclasses.replace(usual, **changes)


PARENT_2 = Person(name="Parent 2", email="parent2@families.example", phone="+441332000002")
WISH_SHARED = frozenset({(StatementKind.WISH, PartyKind.LOCAL_AUTHORITY)})


def cases(today: dt.date) -> tuple[DemoCase, ...]:
    """Return the demonstration's cases as they stand on ``today``."""
    born = today.replace(year=today.year - 8, day=1)
    return (
        *_with_the_provider(today, born),
        *_with_the_council(born),
        *_answered_or_over(born),
        *_elsewhere(born),
        *_after_agreement(born),
        _on_hold(today),
    )


def _with_the_provider(today: dt.date, born: dt.date) -> tuple[DemoCase, ...]:
    # Cases the provider has not told the council of.
    letter = today - dt.timedelta(days=20)
    eighteen = today.replace(year=today.year - 18, day=1)
    return (
        DemoCase(council="derby", asker="parent1", days_ago=0, request=a_request("Child 1", born, shares=WISH_SHARED)),
        DemoCase(
            council="derby",
            asker="parent1",
            days_ago=2,
            acknowledged=1,
            request=a_request(
                "Child 2", born, decision_letter_date=letter, knows_adviser_is_separate=True, bodies=(COUNCIL, SCHOOL)
            ),
        ),
        DemoCase(
            council="derby",
            asker="parent2",
            days_ago=2,
            request=a_request(
                "Young person 1",
                eighteen,
                asker=PARENT_2,
                young_person=Person(name="Young person 1", email="young_person1@families.example"),
            ),
        ),
        DemoCase(
            council="derby",
            asker="coordinator1",
            days_ago=1,
            channel=Channel.PHONE,
            request=a_request("Child 10", born, asker=Person(name="A caller", phone="+441332000003"), phone_only=True),
        ),
    )


def _with_the_council(born: dt.date) -> tuple[DemoCase, ...]:
    # Cases the council was told of: new, late, held.
    return (
        DemoCase(
            council="derby",
            asker="parent2",
            days_ago=3,
            request=a_request(
                "Child 3",
                born,
                asker=PARENT_2,
                safety=Safety(
                    safe_ways=("phone",),
                    safe_times="Weekdays between 10am and 2pm",
                    must_not_learn="Another person with parental responsibility",
                    hide_address=True,
                    wait_apart=True,
                ),
            ),
            acknowledged=1,
            told=2,
        ),
        DemoCase(
            council="derby",
            asker="parent1",
            days_ago=30,
            acknowledged=1,
            told=2,
            request=a_request("Child 4", born, shares=WISH_SHARED),
        ),
        DemoCase(
            council="derby",
            asker="parent2",
            days_ago=12,
            acknowledged=1,
            told=2,
            answered=8,
            holding_days=9,
            request=a_request("Child 5", born, asker=PARENT_2),
        ),
    )


def _answered_or_over(born: dt.date) -> tuple[DemoCase, ...]:
    # Cases that were answered, withdrawn or signposted.
    return (
        DemoCase(
            council="derby",
            asker="parent1",
            days_ago=16,
            acknowledged=1,
            told=1,
            answered=9,
            answer=NO,
            request=a_request("Child 6", born, bodies=(COUNCIL, SCHOOL)),
        ),
        DemoCase(
            council="derby",
            asker="parent1",
            days_ago=10,
            acknowledged=1,
            told=2,
            answered=6,
            answer=YES,
            request=a_request("Child 7", born, shares=WISH_SHARED),
        ),
        DemoCase(
            council="derby",
            asker="parent1",
            days_ago=40,
            acknowledged=1,
            told=2,
            withdrawn=12,
            request=a_request("Child 8", born),
        ),
        DemoCase(
            council="derby",
            asker="parent2",
            days_ago=25,
            acknowledged=1,
            signposted=2,
            request=a_request("Child 9", born, asker=PARENT_2, asked_as_question=True, areas=()),
        ),
    )


def _after_agreement(born: dt.date) -> tuple[DemoCase, ...]:
    # One case for each stage after everybody agreed; a past meeting was so many days ago.
    stages = (
        ("Child 13", 14, Reach.PROPOSED, 28),
        ("Child 14", 20, Reach.FIXED, 34),
        ("Child 15", 24, Reach.HELD, 22),
        ("Child 16", 27, Reach.DRAFTED, 22),
        ("Child 17", 45, Reach.RECORDED, 30),
    )
    return tuple(
        DemoCase(
            council="derby",
            asker="parent1",
            days_ago=days_ago,
            acknowledged=1,
            told=2,
            answered=5,
            answer=YES,
            reach=reach,
            meeting_day=meeting_day,
            request=a_request(child, born, shares=WISH_SHARED),
        )
        for child, days_ago, reach, meeting_day in stages
    )


def _on_hold(today: dt.date) -> DemoCase:
    # A case that everybody had agreed to, ten days before the newest day on which young people came of age.
    this_year = last_friday_of_june(today.year)
    day = this_year if this_year <= today else last_friday_of_june(today.year - 1)
    return DemoCase(
        council="derby",
        asker="parent1",
        days_ago=(today - day).days + 10,
        acknowledged=1,
        told=2,
        answered=5,
        answer=YES,
        came_of_age=10,
        request=a_request(
            "Young person 2", dt.date(day.year - 16, 3, 2), setting="Exampletown Secondary School", shares=WISH_SHARED
        ),
    )


def _elsewhere(born: dt.date) -> tuple[DemoCase, ...]:
    # Cases of another council.
    return (
        DemoCase(council="staffordshire", asker="parent1", days_ago=5, request=a_request("Child 11", born)),
        DemoCase(
            council="staffordshire",
            asker="parent1",
            days_ago=9,
            acknowledged=1,
            told=2,
            request=a_request("Child 12", born, bodies=(COUNCIL, HEALTH_BODY)),
        ),
    )

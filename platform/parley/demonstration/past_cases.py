"""Cases of the two quarters before today's: long over, so that commissioners have figures to look at."""

import datetime as dt
from typing import NamedTuple

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import Channel, DeclineReason
from parley.casework.request import Person
from parley.casework.service.answers import NewAnswer
from parley.demonstration.after_agreement import Reach
from parley.demonstration.cases import NO, YES, DemoCase, a_request
from parley.reporting.domain.quarters import quarter_of

#: Whoever asked in them; nobody else's list of requests grows by them.
ASKER = "parent3"
_PARENT = Person(name="Parent 3", email="parent3@families.example", phone="+441332000004")
_CALLER = Person(name="A caller", phone="+441332000003")

OUT_OF_SCOPE = NewAnswer(
    value=NO.value,
    reason=DeclineReason.OUT_OF_SCOPE,
    words="Transport is decided in another way. The letter that we sent you says how to ask for it to be looked at.",
)


class Course(NamedTuple):
    """How a case went: days after the request, and what came of it."""

    acknowledged: int = 1
    told: int = 2
    answered: int = 9
    answer: NewAnswer = YES
    withdrawn: int | None = None
    signposted: int | None = None
    ended: int | None = None
    outcome: OutcomeKind | None = None
    by_phone: bool = False
    area: str = "A"


#: What a quarter's requests became, the first of them first. A quarter with fewer requests has the first few.
COURSES = (
    Course(outcome=OutcomeKind.PARTIAL),
    Course(signposted=2, by_phone=True, area="B"),
    Course(outcome=OutcomeKind.FULL, area="B"),
    Course(answer=NO, ended=20, by_phone=True),
    Course(told=8, answered=20, outcome=OutcomeKind.PARTIAL),
    Course(answer=OUT_OF_SCOPE, ended=12, by_phone=True, area="B"),
    Course(outcome=OutcomeKind.FULL),
    Course(withdrawn=14, area="B"),
    Course(answer=NO, answered=24, ended=30, by_phone=True, area="B"),
    Course(outcome=OutcomeKind.NONE),
)

#: How many requests each council had in the last quarter that is over, and in the one before it.
REQUESTS = {"derby": (10, 6), "lincolnshire": (6, 0), "nottinghamshire": (3, 0)}

#: Days from one request of a council to its next; the councils' own lie between, so that no two meetings clash. All of
#: a quarter's cases are over before the quarter is.
STEP = 3
MEETING_DAY = 26


def past_cases(today: dt.date) -> tuple[DemoCase, ...]:
    """Return the cases, as they went."""
    born = today.replace(year=today.year - 9, day=1)
    quarter = quarter_of(today)
    found: list[DemoCase] = []
    for back in range(2):
        quarter = quarter_of(quarter.begins - dt.timedelta(days=1))
        for day, (council, many) in enumerate(REQUESTS.items()):
            for number, course in enumerate(COURSES[: many[back]]):
                asked = quarter.begins + dt.timedelta(days=STEP * number + day)
                found.append(_case(council, f"Child {100 + len(found)}", course, (today - asked).days, born))
    return tuple(found)


def _case(council: str, child: str, course: Course, days_ago: int, born: dt.date) -> DemoCase:
    asker = {"asker": _CALLER, "phone_only": True} if course.by_phone else {"asker": _PARENT}
    return DemoCase(
        council=council,
        asker="coordinator1" if course.by_phone else ASKER,
        days_ago=days_ago,
        channel=Channel.PHONE if course.by_phone else Channel.ONLINE,
        acknowledged=course.acknowledged,
        told=None if course.signposted else course.told,
        answered=None if course.signposted else course.answered,
        answer=course.answer,
        withdrawn=course.withdrawn,
        signposted=course.signposted,
        ended=course.ended,
        reach=Reach.CLOSED if course.outcome else None,
        meeting_day=MEETING_DAY if course.outcome else 0,
        outcome=course.outcome or OutcomeKind.PARTIAL,
        request=a_request(child, born, areas=(course.area,), **asker),
    )

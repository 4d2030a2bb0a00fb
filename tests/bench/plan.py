"""What a made-up case is to be, before its rows are written: where it stands, since when, about whom."""

import dataclasses
import datetime as dt
import random
import uuid
from collections.abc import Iterator

from parley.casework.domain import NEVER, CaseState, ClockCode
from parley.kernel.ids import new_id

#: How many of a hundred cases stand where. None has an outcome: that comes out of the compartment alone.
SPREAD = {
    CaseState.SENT: 4,
    CaseState.ACKNOWLEDGED: 4,
    CaseState.COUNCIL_TOLD: 22,
    CaseState.AGREED: 8,
    CaseState.MEETING_ARRANGED: 7,
    CaseState.MEETING_HELD: 15,
    CaseState.CLOSED: 40,
}
ORDER = list(SPREAD)

#: Open cases were sent in the last two months, closed ones in as many years as cases are kept.
OPEN_DAYS = (1, 60)
CLOSED_DAYS = (60, 7 * 365)

FIRST_NAMES = ("Rowan", "Amara", "Zoë", "Ibrahim", "Maja", "Oisín", "Precious", "Arjun", "Ffion", "Kofi", "Mei", "Jude")
LAST_NAMES = ("Marsh", "Okafor", "Begum", "Nowak", "O’Hara-Núñez", "Smith", "Chaudhry", "Williams", "Taylor", "Ali")
SETTINGS = ("Oak Hill School", "St Anne’s Primary", "Riverside Academy", "Derwent College", "Little Steps Nursery")
SENTENCE = "The help that is written in the plan has not been given since September. We asked twice. "
#: Sentences of a story: from a few lines to a page.
STORY_SENTENCES = (3, 20)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class CasePlan:
    """What one case is to be. ``chance`` is a number from 0 to 1 that further choices go by."""

    id: uuid.UUID
    number: int
    state: CaseState
    sent: dt.datetime
    child: str
    chance: float

    @property
    def born(self) -> str:
        """The child's date of birth."""
        return (dt.date(2003, 1, 1) + dt.timedelta(days=int(self.chance * 20 * 365))).isoformat()

    @property
    def setting(self) -> str:
        """Where the child is educated."""
        return SETTINGS[self.number % len(SETTINGS)]

    @property
    def story(self) -> str:
        """What the family wrote of what happened."""
        least, most = STORY_SENTENCES
        return SENTENCE * round(least + self.chance * (most - least))

    @property
    def answer_by(self) -> dt.date:
        """When the council's answer is due."""
        return (self.sent + dt.timedelta(days=10 + self.number % 40)).date()

    @property
    def stage(self) -> int:
        """How far the case has come: the place of its state in ORDER."""
        return ORDER.index(self.state)

    def reached(self, state: CaseState) -> bool:
        """Whether the case has come as far as ``state``."""
        return self.stage >= ORDER.index(state)

    def parts(self, last: int) -> list[str]:
        """Return the ids of its parts by their number, up to ``last``: the same each time, and no other's."""
        before, after = str(self.id)[:24], str(self.id)[26:]
        return [f"{before}{number:02x}{after}" for number in range(last + 1)]


def planned_cases(count: int, *, at: dt.datetime, seed: int) -> Iterator[CasePlan]:
    """Yield what ``count`` cases are to be, as they stand ``at``. The same seed makes the same spread."""
    chance, weights = random.Random(seed), list(SPREAD.values())  # noqa: S311  no secret is made of it
    states = chance.choices(ORDER, weights=weights, k=count)
    for number, state in enumerate(states):
        days = chance.uniform(*CLOSED_DAYS if state is CaseState.CLOSED else OPEN_DAYS)
        yield CasePlan(
            id=new_id(),
            number=number,
            state=state,
            sent=at - dt.timedelta(days=days),
            child=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
            chance=chance.random(),
        )


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """The next due date of a case, for its council and for its provider."""

    council_on: dt.date = NEVER
    council_code: ClockCode | None = None
    provider_on: dt.date = NEVER
    provider_code: ClockCode | None = None

    @classmethod
    def of(cls, case: CasePlan) -> "Due":
        """The next dates of ``case``."""
        day = case.sent.date()
        if case.state is CaseState.SENT:
            return cls(provider_on=day + dt.timedelta(days=2), provider_code=ClockCode.ACKNOWLEDGE_BY)
        if case.state is CaseState.ACKNOWLEDGED:
            return cls(provider_on=day + dt.timedelta(days=5), provider_code=ClockCode.TELL_COUNCIL_BY)
        if case.state is CaseState.COUNCIL_TOLD:
            return cls(council_on=case.answer_by, council_code=ClockCode.ANSWER_BY)
        return cls()

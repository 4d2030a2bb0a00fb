"""What a made-up case is to be, before its rows are written: where it stands, since when, about whom."""

import dataclasses
import datetime as dt
import uuid

from parley.casework.domain import NEVER, CaseState, ClockCode

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

FIRST_NAMES = ("Rowan", "Amara", "Zoë", "Ibrahim", "Maja", "Oisín", "Precious", "Arjun", "Ffion", "Kofi", "Mei", "Jude")
LAST_NAMES = ("Marsh", "Okafor", "Begum", "Nowak", "O’Hara-Núñez", "Smith", "Chaudhry", "Williams", "Taylor", "Ali")
SETTINGS = ("Oak Hill School", "St Anne’s Primary", "Riverside Academy", "Derwent College", "Little Steps Nursery")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CasePlan:
    """What one case is to be."""

    id: uuid.UUID
    number: int
    state: CaseState
    sent: dt.datetime
    child: str

    @property
    def born(self) -> str:
        """The child's date of birth."""
        return dt.date(2008 + self.number % 14, 1 + self.number % 12, 1 + self.number % 28).isoformat()

    @property
    def setting(self) -> str:
        """Where the child is educated."""
        return SETTINGS[self.number % len(SETTINGS)]

    @property
    def answer_by(self) -> dt.date:
        """When the council's answer is due."""
        return (self.sent + dt.timedelta(days=10 + self.number % 40)).date()

    def reached(self, state: CaseState) -> bool:
        """Whether the case has come as far as ``state``."""
        return ORDER.index(self.state) >= ORDER.index(state)


@dataclasses.dataclass(frozen=True, kw_only=True)
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

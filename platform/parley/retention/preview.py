"""What goes by a day, by class and holder: for whoever answers for the records, before it goes."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from parley.kernel.periods import Period
from parley.law.holidays import bank_holidays_around
from parley.retention import queries
from parley.retention.domain import PARTS, SIGN_IN, ClosedCase, Kept, Part, SignIn, due_parts, goes_on

#: What who signed in counts as, beside the parts of a case.
SIGN_INS = "sign_in"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Going:
    """Of one part: how many go by the day, and when the next after it does."""

    part: str
    kept: Kept
    due: int
    next: dt.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Records:
    """Of what a council has, all that says when it goes."""

    cases: Sequence[ClosedCase]
    sign_ins: Sequence[SignIn]
    sign_in_period: Period

    @property
    def held(self) -> int:
        """How many closed cases a legal hold keeps."""
        return sum(case.held for case in self.cases)

    def going(self, by: dt.date) -> list[Going]:
        """Return what goes by that day, of each part, as things stand."""
        holidays = bank_holidays_around(by)
        return [*(self._part(part, by, holidays) for part in Part), self._sign_ins(by, holidays)]

    def cases_going(self, by: dt.date) -> list[tuple[dt.date, ClosedCase]]:
        """Return the cases whose open record goes by that day, each with the day, the earliest first."""
        holidays = bank_holidays_around(by)
        free = [case for case in self.cases if not case.held and Part.OPEN_RECORD not in case.gone]
        days = [(goes_on(Part.OPEN_RECORD, case.closed_on, case.periods, holidays), case) for case in free]
        return sorted((one for one in days if one[0] <= by), key=lambda one: (one[0], one[1].reference))

    def _part(self, part: Part, by: dt.date, holidays: Collection[dt.date]) -> Going:
        free = [case for case in self.cases if not case.held and part not in case.gone]
        days = [goes_on(part, case.closed_on, case.periods, holidays) for case in free]
        return Going(
            part=part.value,
            kept=PARTS[part],
            due=sum(part in due_parts(case, by, holidays) for case in self.cases),
            next=min((day for day in days if day > by), default=None),
        )

    def _sign_ins(self, by: dt.date, holidays: Collection[dt.date]) -> Going:
        days = [one.goes_on(self.sign_in_period, holidays) for one in self.sign_ins]
        return Going(
            part=SIGN_INS,
            kept=SIGN_IN,
            due=sum(day <= by for day in days),
            next=min((day for day in days if day > by), default=None),
        )


def records_of(session: Session, authority_id: uuid.UUID, today: dt.date, *, told_only: bool = False) -> Records:
    """Return what the council of the session's scope has that goes in time; ``told_only`` as for ``closed_cases``."""
    return Records(
        cases=queries.closed_cases(session, authority_id, told_only=told_only),
        sign_ins=queries.sign_ins_of_no_case(session, authority_id),
        sign_in_period=queries.sign_in_period(session, authority_id, today),
    )

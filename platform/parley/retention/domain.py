"""When what is kept of a case goes: by its class, by who answers for it, and by their own time for it. Pure.

A case's records have two holders with a clock of their own each. The council answers for the open side; the provider
for its list, for the confidential side, which goes first, and for its log of concerns, which stays longest.
"""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Collection, Mapping

from parley.db.base import Controller, RecordClass
from parley.kernel.periods import Period, Unit


class Part(enum.StrEnum):
    """What is disposed of together."""

    COMPARTMENT = "compartment"
    """Private messages, notes, drafts, feedback."""
    CONCERNS = "concerns"
    """The provider's log of concerns for somebody's safety, of this case."""
    OPEN_RECORD = "open_record"
    """The case itself with everything on its open side, messages about it included."""
    LIST_ENTRY = "list_entry"
    """The provider's own list: reference, dates, states, and the name under the provider's key."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kept:
    """Of which class a part is, who answers for it, and how long it is kept where nobody says otherwise."""

    record_class: RecordClass
    controller: Controller
    ours: Period


#: Our own times are our own rule, not law: a council's come from its policy, a provider's from its file.
PARTS: Mapping[Part, Kept] = {
    Part.COMPARTMENT: Kept(
        record_class=RecordClass.COMPARTMENT, controller=Controller.PROVIDER, ours=Period(12, Unit.MONTHS)
    ),
    Part.CONCERNS: Kept(
        record_class=RecordClass.COMPARTMENT, controller=Controller.PROVIDER, ours=Period(300, Unit.MONTHS)
    ),
    Part.OPEN_RECORD: Kept(
        record_class=RecordClass.CASE, controller=Controller.AUTHORITY, ours=Period(72, Unit.MONTHS)
    ),
    Part.LIST_ENTRY: Kept(record_class=RecordClass.CASE, controller=Controller.PROVIDER, ours=Period(36, Unit.MONTHS)),
}

#: The parts for which a provider's file may say its own time.
PROVIDERS_PARTS = tuple(part for part, kept in PARTS.items() if kept.controller is Controller.PROVIDER)


#: Who signed in and is known to no case: as long as what a family began and did not send. A council's own time for that
#: is ``unsent_check`` in its policy.
SIGN_IN = Kept(record_class=RecordClass.IDENTITY, controller=Controller.AUTHORITY, ours=Period(30, Unit.DAYS))


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignIn:
    """Somebody whom no case and no request that is being written knows, as far as their disposal needs it.

    ``session_kept_until`` is the last day on which it is still known that they were signed in.
    """

    id: uuid.UUID
    last_on: dt.date
    session_kept_until: dt.date | None

    def goes_on(self, period: Period, holidays: Collection[dt.date]) -> dt.date:
        """Return the first day on which they are forgotten."""
        kept_until = period.after(self.last_on, holidays)
        return max(kept_until, self.session_kept_until or kept_until) + dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosedCase:
    """A case that ended, as far as its disposal needs to know it. ``gone`` are the parts that went before."""

    id: uuid.UUID
    reference: str
    closed_on: dt.date
    held: bool
    gone: frozenset[Part]
    periods: Mapping[Part, Period]


def goes_on(part: Part, closed_on: dt.date, periods: Mapping[Part, Period], holidays: Collection[dt.date]) -> dt.date:
    """Return the first day on which ``part`` of a case that was closed on ``closed_on`` is disposed of.

    ``periods`` holds the times that a council or a provider states; ours count for the others. It is kept through the
    whole of the last day.
    """
    period = periods.get(part, PARTS[part].ours)
    return period.after(closed_on, holidays) + dt.timedelta(days=1)


def due_parts(case: ClosedCase, on: dt.date, holidays: Collection[dt.date]) -> frozenset[Part]:
    """Return the parts of ``case`` that go on the day ``on``: none while it is held, none twice."""
    if case.held:
        return frozenset()
    due = {part for part in Part if goes_on(part, case.closed_on, case.periods, holidays) <= on}
    return frozenset(due - case.gone)

"""Dates that a council tells families to keep, beside those of the law and of the case. Pure."""

import datetime as dt

from parley.casework.clocks import nearness
from parley.casework.views import CaseView
from parley.casework.wording import ClockWords
from parley.kernel.clock import london_date
from parley.law.domain import Service
from parley.law.holidays import bank_holidays_around
from parley.policy.domain import Policy
from parley.policy.terms import Event

#: What a family said it was sent, by the name it is kept under with the facts of its request.
_LETTERS = {Event.DECISION_LETTER: "decision_letter_date", Event.CERTIFICATE: "certificate_date"}


def councils_dates(policy: Policy, view: CaseView, on: dt.date) -> list[ClockWords]:
    """Return the council's own dates as the family's page of a case says them, in the order of its rules.

    As far as what they are counted from is known; none by which to ask for this service, since the family has asked.
    """
    happened = _happened(view)
    dates = []
    for one in policy.deadlines:
        is_ours = one.service is Service.DISAGREEMENT_RESOLUTION and one.since_a_letter
        due = one.due(happened, bank_holidays_around(on)) if one.evidence.shown and not is_ours else None
        if due is not None:
            state = nearness(due, on)
            said = ClockWords(name=one.label, due=due, basis="policy", state=state, binds="You", if_missed=None)
            dates.append(said)
    return dates


def _happened(view: CaseView) -> dict[Event, dt.date]:
    letters = {event: view.facts.get(name) for event, name in _LETTERS.items()}
    happened = {event: dt.date.fromisoformat(day) for event, day in letters.items() if day}
    happened[Event.REQUEST] = london_date(view.sent_at)
    if view.council_told_at is not None:
        happened[Event.COUNCIL_TOLD] = london_date(view.council_told_at)
    return happened

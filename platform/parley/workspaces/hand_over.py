"""A hand-over report: cases, their running dates, unfinished actions, and what families are asked, for one reader.

Each case is read as that reader's own page of it is, so that the report shows nothing that the page would not: nothing
of the confidential side, and besides no name of a child or a family. It is passed on, so it says "you" to nobody.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator

from flask import Response

from parley.casework.change_over import ProviderChoice
from parley.casework.changing import Question
from parley.casework.domain import ClockCode, Viewer
from parley.casework.views import CaseView, ClockView
from parley.casework.wording import ClockWords, Names, clock_words, party_name, state_words
from parley.kernel.sentences import capitalised
from parley.outcomes.queries import ActionView, OutcomeView
from parley.outcomes.wording import action_words
from parley.web.csv_file import csv_text
from parley.web.formatting import long_date

#: Those of the file; docs/figures.md documents them, and they stay.
COLUMNS = ("reference", "provider", "state", "line", "what", "whose", "by", "stands")

#: That a person was asked something in confidence is between the two, and the file may be handed to others.
_CONFIDED = frozenset({ClockCode.INFORMATION_BY})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Action:
    """An agreed action with which somebody still waits for somebody."""

    what: str
    owner: str
    due_on: dt.date
    stands: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class HandedCase:
    """A case as a report has it; ``href`` is the reader's page of it."""

    reference: str
    provider: str
    state: str
    asked: str
    dates: tuple[ClockWords, ...]
    actions: tuple[Action, ...]
    href: str


def handed_case(
    view: CaseView, found: Iterable[OutcomeView], names: Names, *, asked: str, href: str, on: dt.date
) -> HandedCase:
    """Return a case as its report has it, from the view and the outcomes of one reader."""
    shown = (clock for clock in view.clocks if clock.is_running() and clock.code not in _CONFIDED)
    clocks = sorted(shown, key=lambda clock: clock.due_on)
    unfinished = (action for outcome in found for action in outcome.actions if not action.facts.is_settled)
    return HandedCase(
        reference=view.reference,
        provider=view.provider.name,
        state=state_words(view.standing, Viewer.LOCAL_AUTHORITY, names, view.close_reason)[0],
        asked=asked,
        dates=tuple(_date(clock, names, on) for clock in clocks),
        actions=tuple(_action(view, action, names, on) for action in unfinished),
        href=href,
    )


def question_words(question: Question | None, provider: str) -> str:
    """Return how it stands with the question to a family; ``provider`` is the one whose contract ended."""
    if question is None or question.asked_at is None:
        return "The family was not asked"
    if question.moved_at is not None:
        return f"Moved on {long_date(question.moved_at)}, as the family said"
    said = {
        None: "the family has not answered",
        ProviderChoice.STAY: f"{provider} goes on, the family said",
        ProviderChoice.MOVE: "another provider goes on, the family said, and the case moves now",
    }
    return f"Asked on {long_date(question.asked_at)}: {said[question.choice]}"


def csv_response(cases: Iterable[HandedCase], name: str, let_go: Iterable[tuple[str, dt.date]] = ()) -> Response:
    """Return the report as a file: for each case a line for itself, for the question, each date and each action.

    ``let_go`` are the references of cases that the reader handed to another provider, and the date of each.
    """
    lines = [line for case in cases for line in _lines(case)]
    lines += [(reference, None, None, "handed_over", None, None, on, None) for reference, on in let_go]
    return Response(
        csv_text(COLUMNS, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="hand-over-{name}.csv"'},
    )


def _lines(case: HandedCase) -> Iterator[tuple[object, ...]]:
    head = (case.reference, case.provider, case.state)
    yield (*head, "case", None, None, None, None)
    yield (*head, "question", case.asked, None, None, None)
    for date in case.dates:
        yield (*head, "date", date.name, date.binds, date.due, date.state)
    for action in case.actions:
        yield (*head, "action", action.what, action.owner, action.due_on, action.stands)


def _date(clock: ClockView, names: Names, on: dt.date) -> ClockWords:
    """Return a date as somebody reads it whom it does not bind."""
    reader = Viewer.PROVIDER if clock.binds is Viewer.LOCAL_AUTHORITY else Viewer.LOCAL_AUTHORITY
    return clock_words(clock, reader, names, on)


def _action(view: CaseView, action: ActionView, names: Names, on: dt.date) -> Action:
    owner = next((party for party in view.parties if party.id == action.owner_id), None)
    return Action(
        what=action.what,
        owner=capitalised(party_name(owner, names) if owner else names.provider),
        due_on=action.facts.due_on,
        stands=action_words(action.facts, on)[0],
    )

"""The council's tray of cases and the search in it."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import lists
from parley.casework.clocks import nearness
from parley.casework.domain import NEVER, CaseState, ClockCode, PartyKind, Viewer
from parley.casework.lists import COUNTED_UP_TO, CaseRow, Inbox, Page, stands, waits_for_council
from parley.casework.wording import Names, kind_name, state_words
from parley.kernel.errors import NotFound
from parley.notifications.tasks import council_tasks
from parley.policy.domain import Policy
from parley.policy.queries import current_policy, policy_of_version
from parley.web import current
from parley.web.formatting import long_date, relative_days
from parley.workspaces import rules
from parley.workspaces.council.forms import SearchForm
from parley.workspaces.predecessors import predecessors

#: How far ahead the list of due cases looks: what is late and what comes within the week.
DUE_WITHIN = dt.timedelta(days=7)

TABS = {
    Inbox.MINE: "Mine",
    Inbox.UNASSIGNED: "Unassigned",
    Inbox.TEAM: "Team",
    Inbox.DUE: "Due",
    Inbox.CLOSED: "Closed",
}

#: What an empty list means, and what to do.
EMPTY = {
    Inbox.MINE: ("You have no cases", "Open one from Unassigned and choose “Take this case”."),
    Inbox.UNASSIGNED: (
        "Every case has somebody",
        "New requests appear here when {provider} tells the council of them.",
    ),
    Inbox.TEAM: ("There are no open cases", "New requests appear when {provider} tells the council of them."),
    Inbox.DUE: ("Nothing is due within a week", "Cases stand here when the council’s answer is late or due soon."),
    Inbox.CLOSED: ("No case has been closed yet", "Cases stay here after they end, so that you can look them up."),
}

#: The colour of a tag for each tone (``components/status.html``), written out in rows.
TAGS = {"neutral": "grey", "waiting": "blue", "action": "yellow", "good": "green", "bad": "red"}

#: What the council has to do by a date, as a row says it.
ASKED = {
    ClockCode.ANSWER_BY: "Answer",
    ClockCode.HOLDING_UNTIL: "Promised answer",
    ClockCode.ACTION_BY: "An agreed action",
}


class Row(NamedTuple):
    """A case in a list, in words."""

    id: uuid.UUID
    reference: str
    child_name: str
    about: str
    state: str
    tone: str
    officer: str
    due: str
    when: str
    due_state: str


@requires(Permission.COUNCIL_ENTER)
def start() -> ResponseReturnValue:
    """Lead officers to their cases, and commissioners to the figures that are theirs."""
    if current.actor().may(Permission.CASE_READ_OPEN):
        return redirect(url_for(".cases"), 303)
    is_own = current.actor().may(Permission.MEASURES_READ)
    return redirect(url_for(".figures" if is_own else ".region_figures"), 303)


@requires(Permission.CASE_READ_OPEN)
def cases() -> str:
    """Show one page of one list; officers see their own cases first."""
    session, inbox = current.session(), _inbox()
    council, officer, due_on = current.authority_id(), current.identity_id(), current.today() + DUE_WITHIN
    found, counts = lists.council_inbox(
        session, authority_id=council, inbox=inbox, officer_id=officer, on=due_on, page=_page()
    )
    shown = found[: lists.PAGE]
    title, text = EMPTY[inbox]
    return render_template(
        "council/cases.html",
        inbox=inbox.value,
        title=TABS[inbox],
        tabs=_tabs(inbox, counts),
        rows=in_words(shown),
        empty=None if shown else (title, text.format(provider=_provider_word())),
        onward=_onward(inbox, shown[-1]) if len(found) > lists.PAGE else None,
        is_first=request.args.get("after") is None,
        before=predecessors(),
        to_ring=_to_ring(),
    )


def _to_ring() -> int:
    """Return how many people the reader has to ring for a provider that cannot go on; looked up for managers alone."""
    if not current.actor().may(Permission.CONTRACT_END):
        return 0
    return len(council_tasks(current.session(), authority_id=current.authority_id(), on=current.today()))


@requires(Permission.CASE_READ_OPEN)
def search() -> ResponseReturnValue:
    """Find a case by its reference, a child's full name or the council's own number.

    What is looked for is sent as a form, since a child's name has no place in an address: addresses are logged and
    stay in the history of a shared computer. A single find opens at once.
    """
    form = SearchForm()
    if not form.validate_on_submit():
        return render_template("council/search.html", form=form, rows=None), 422 if form.was_sent else 200
    found = lists.search_council(current.session(), authority_id=current.authority_id(), text=str(form.q.data))
    if len(found) == 1:
        return redirect(url_for(".case", case_id=found[0].id), 303)
    return render_template("council/search.html", form=form, rows=in_words(found))


def in_words(found: Sequence[CaseRow]) -> list[Row]:
    """Return the rows of a list in words, each by the rules that its case began under."""
    session, council, on = current.session(), current.site().council, current.today()
    wordings = {
        version_id: _Wording(policy_of_version(session, council.id, version_id), council.name, on)
        for version_id in {row.policy_version_id for row in found}
    }
    return [wordings[row.policy_version_id].row(row) for row in found]


def officer_words(assigned_id: uuid.UUID | None, name: str) -> str:
    """Return who has a case, as the reader calls them."""
    if assigned_id is None:
        return "Nobody yet"
    return "You" if assigned_id == current.identity_id() else name or "A colleague"


class _Wording:
    """Puts the rows of one page into words under one version of the council's rules.

    What many rows say alike is put into words once.
    """

    def __init__(self, policy: Policy, council: str, on: dt.date) -> None:
        self._policy, self._on = policy, on
        self._names = Names(council=council, provider=policy.words["provider"])
        self._about_of = functools.cache(self._about)
        self._standing_of = functools.cache(self._standing)
        self._officer_of = functools.cache(officer_words)

    def row(self, row: CaseRow) -> Row:
        told_at = row.told_at if row.next_due_on is None else None
        state, tone, due, when, due_state = self._standing_of(row.state, row.next_due_on, row.next_due_code, told_at)
        return Row(
            id=row.id,
            reference=row.reference,
            child_name=row.child_name,
            about=self._about_of(row.areas, row.against),
            state=state,
            tone=tone,
            officer=self._officer_of(row.assigned_id, row.assigned_name),
            due=due,
            when=when,
            due_state=due_state,
        )

    def _standing(
        self, state: CaseState, due_on: dt.date | None, due_code: ClockCode | None, told_at: dt.datetime | None
    ) -> tuple[str, str, str, str, str]:
        """Return where the case stands and the colour of that, then what ``_due`` says."""
        due, when, due_state = self._due(due_on, due_code, told_at)
        said, tone = self._state(state, due_code, due_state)
        return said, TAGS[tone], due, when, due_state

    def _state(self, state: CaseState, due_code: ClockCode | None, due_state: str) -> tuple[str, str]:
        """Return where the case stands for the council, and the tone."""
        if not waits_for_council(state, due_code):
            return state_words(stands(state, due_code), Viewer.LOCAL_AUTHORITY, self._names)
        if due_state == "passed":
            return "No answer given", "bad"
        if due_code is ClockCode.HOLDING_UNTIL:
            return "You promised an answer", "action"
        return "Your answer is needed", "action"

    def _about(self, areas: tuple[str, ...], against: tuple[str, ...]) -> str:
        numbers = rules.area_numbers(self._policy, areas)
        bodies = " and ".join(_bodies(against, self._names))
        return ". ".join(filter(None, (numbers, f"With {bodies}" if bodies else "")))

    def _due(
        self, due_on: dt.date | None, due_code: ClockCode | None, told_at: dt.datetime | None
    ) -> tuple[str, str, str]:
        """Return what is asked of the council by when, how near that is in words, and in one word for its colour."""
        if due_on is None or due_code is None:
            return (f"Told {long_date(told_at)}" if told_at else ""), "", "none"
        what, when, near = ASKED.get(due_code, "Due"), relative_days(due_on, self._on), nearness(due_on, self._on)
        said = f"{what}: was due {long_date(due_on)}" if near == "passed" else f"{what} by {long_date(due_on)}"
        return said, when, near


def _bodies(against: Iterable[str], names: Names) -> list[str]:
    known = [kind for kind in PartyKind if kind.value in set(against)]
    return ["the council" if kind is PartyKind.LOCAL_AUTHORITY else kind_name(kind, names) for kind in known]


def _tabs(inbox: Inbox, counts: Mapping[Inbox, int]) -> list[dict[str, object]]:
    tabs: list[dict[str, object]] = []
    for one, text in TABS.items():
        count = counts.get(one)
        shown = None if count is None else f"{COUNTED_UP_TO - 1}+" if count >= COUNTED_UP_TO else str(count)
        tabs.append({"text": text, "href": f"?view={one.value}", "count": shown, "current": one is inbox})
    return tabs


def _inbox() -> Inbox:
    wanted = request.args.get("view", Inbox.MINE.value)
    if wanted not in set(Inbox):
        raise NotFound
    return Inbox(wanted)


def _page() -> Page:
    """Return where the page begins; an address that was tampered with begins at the beginning."""
    due, _, after = request.args.get("after", "").partition("_")
    try:
        return Page(after_due=dt.date.fromisoformat(due), after_id=uuid.UUID(after)) if after else Page()
    except ValueError:
        return Page()


def _onward(inbox: Inbox, last: CaseRow) -> str:
    due = (last.next_due_on or NEVER).isoformat()
    return "?" + urlencode({"view": inbox.value, "after": f"{due}_{last.id}"})


def _provider_word() -> str:
    """Return what the council calls its provider; an empty list can be read without its rules."""
    try:
        return current_policy(current.session(), current.authority_id(), current.today()).policy.words["provider"]
    except NotFound:
        return "the provider"

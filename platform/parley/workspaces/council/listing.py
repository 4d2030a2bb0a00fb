"""The council's tray of cases and the search in it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import lists
from parley.casework.domain import NEVER, ClockCode, PartyKind, Viewer
from parley.casework.lists import COUNTED_UP_TO, CaseRow, Inbox, Page
from parley.casework.wording import Names, kind_name, state_words
from parley.identity.queries import names_of
from parley.kernel.errors import NotFound
from parley.policy.domain import Policy
from parley.policy.queries import current_policy
from parley.web import current
from parley.web.formatting import long_date, relative_days
from parley.workspaces import rules
from parley.workspaces.council.forms import SearchForm

#: How far ahead the list of due cases looks: what is late and what comes within the week.
DUE_WITHIN = dt.timedelta(days=7)
#: A date this near is said to be soon.
SOON_DAYS = 3

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

#: What is asked of the council by a date, as a row says it.
ASKED = {
    ClockCode.ANSWER_BY: "Answer",
    ClockCode.HOLDING_UNTIL: "Answer, as promised",
    ClockCode.ACTION_BY: "An agreed action",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
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
    """Lead officers to their cases; tell commissioners that they see figures and no cases."""
    if current.actor().may(Permission.CASE_READ_OPEN):
        return redirect(url_for(".cases"), 303)
    return render_template("council/commissioner.html")


@requires(Permission.CASE_READ_OPEN)
def cases() -> str:
    """Show one page of one list; officers see their own cases first."""
    session, inbox = current.session(), _inbox()
    council, officer, due_on = current.authority_id(), current.identity_id(), current.today() + DUE_WITHIN
    counts = lists.council_counts(session, authority_id=council, officer_id=officer, on=due_on)
    found = lists.council_inbox(session, authority_id=council, inbox=inbox, officer_id=officer, on=due_on, page=_page())
    shown = found[: lists.PAGE]
    policy = _policy()
    title, text = EMPTY[inbox]
    return render_template(
        "council/cases.html",
        inbox=inbox.value,
        title=TABS[inbox],
        tabs=_tabs(inbox, counts),
        rows=in_words(shown, policy),
        empty=(title, text.format(provider=policy.words["provider"] if policy else "the provider")),
        onward=_onward(inbox, shown[-1]) if len(found) > lists.PAGE else None,
        is_first=request.args.get("after") is None,
    )


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
    return render_template("council/search.html", form=form, rows=in_words(found, _policy() if found else None))


def in_words(found: Sequence[CaseRow], policy: Policy | None) -> list[Row]:
    """Return the rows of a list in words; one statement names every officer among them."""
    officers = {row.assigned_id for row in found if row.assigned_id is not None}
    named = names_of(current.session(), realm_id=current.authority_id(), ids=officers) if officers else {}
    provider = policy.words["provider"] if policy else "the provider"
    reading = _Reading(
        policy=policy, names=Names(council=current.site().council.name, provider=provider), today=current.today()
    )
    return [_row(row, reading, named.get(row.assigned_id) if row.assigned_id else None) for row in found]


def officer_words(assigned_id: uuid.UUID | None, name: str | None) -> str:
    """Return who has a case, as the reader calls them."""
    if assigned_id is None:
        return "Nobody yet"
    return "You" if assigned_id == current.identity_id() else name or "A colleague"


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Reading:
    """What all rows of one page are put into words with."""

    policy: Policy | None
    names: Names
    today: dt.date


def _row(row: CaseRow, reading: _Reading, officer: str | None) -> Row:
    due, when, due_state = _due(row, reading.today)
    state, tone = _state(row, due_state, reading.names)
    return Row(
        id=row.id,
        reference=row.reference,
        child_name=row.child_name,
        about=_about(row, reading),
        state=state,
        tone=TAGS[tone],
        officer=officer_words(row.assigned_id, officer),
        due=due,
        when=when,
        due_state=due_state,
    )


def _state(row: CaseRow, due_state: str, names: Names) -> tuple[str, str]:
    """Return where the case stands for the council, and the tone."""
    if not row.waits_for_council:
        return state_words(row.state, Viewer.LOCAL_AUTHORITY, names)
    if due_state == "passed":
        return "No answer given", "bad"
    if row.next_due_code is ClockCode.HOLDING_UNTIL:
        return "You promised an answer", "action"
    return "Your answer is needed", "action"


def _about(row: CaseRow, reading: _Reading) -> str:
    area = rules.area_numbers(reading.policy, row.areas) if reading.policy else ""
    against = " and ".join(_bodies(row.against, reading.names))
    return ". ".join(filter(None, (area, f"With {against}" if against else "")))


def _bodies(against: Iterable[str], names: Names) -> list[str]:
    known = [kind for kind in PartyKind if kind.value in set(against)]
    return ["the council" if kind is PartyKind.LOCAL_AUTHORITY else kind_name(kind, names) for kind in known]


def _due(row: CaseRow, on: dt.date) -> tuple[str, str, str]:
    """Return what is asked of the council by when, how near that is in words, and in one word for its colour."""
    if row.next_due_on is None or row.next_due_code is None:
        return (f"Told {long_date(row.told_at)}" if row.told_at else ""), "", "none"
    what, days = ASKED.get(row.next_due_code, "Due"), (row.next_due_on - on).days
    nearness = relative_days(row.next_due_on, on)
    if days < 0:
        return f"{what}: was due {long_date(row.next_due_on)}", nearness, "passed"
    return f"{what} by {long_date(row.next_due_on)}", nearness, "soon" if days <= SOON_DAYS else "open"


def _tabs(inbox: Inbox, counts: dict[Inbox, int]) -> list[dict[str, object]]:
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


def _policy() -> Policy | None:
    """Return the council's present rules; a list can be read without them."""
    try:
        return current_policy(current.session(), current.authority_id(), current.today()).policy
    except NotFound:
        return None

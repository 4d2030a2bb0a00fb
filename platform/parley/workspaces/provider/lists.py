"""The list over all councils that commission the provider, and what its administrator looks at."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import abort, render_template, request

from parley.access.domain import Permission, requires
from parley.casework import worklists
from parley.casework.clocks import nearness
from parley.casework.domain import CaseState, Channel, ClockBasis, ClockCode, Viewer
from parley.casework.lists import PAGE, Page, stands
from parley.casework.wording import Names, clock_name, state_words
from parley.casework.wording_codes import INVITED
from parley.casework.worklists import Worklist, WorklistRow
from parley.kernel.clock import london_date
from parley.tenancy import queries as tenancy
from parley.web import current
from parley.web.formatting import relative_days, short_date
from parley.workspaces.provider import words
from parley.workspaces.provider.opening import provider_id

_VIEWS = {
    Worklist.NEW: "New",
    Worklist.OPEN: "Open",
    Worklist.MINE: "Mine",
    Worklist.LATE: "Late",
    Worklist.CLOSED: "Closed",
}

#: What each is called where it stands alone, as in a browser's tab.
_TITLES = {
    Worklist.NEW: "New cases",
    Worklist.OPEN: "Open cases",
    Worklist.MINE: "Cases that you look after",
    Worklist.LATE: "Late cases",
    Worklist.CLOSED: "Closed cases",
}

#: What an empty list means, by view.
_EMPTY = {
    Worklist.NEW: ("No new requests", "Requests stand here until somebody acknowledges them."),
    Worklist.OPEN: ("No open cases", "Every request of every council that commissions you stands here."),
    Worklist.MINE: ("You look after no cases", "Cases that you take, or that are handed to you, stand here."),
    Worklist.LATE: ("Nothing is late", "Cases stand here when one of your own dates has passed."),
    Worklist.CLOSED: ("No closed cases", "Cases stand here when they have ended."),
}

#: More than anybody reads at once; the counts beside them tell how many there are.
_MOST_LATE = 100


class Line(NamedTuple):
    """A row of a list in words, ready to be written out."""

    href: str
    reference: str
    child: str
    council: str
    received: str
    coordinator: str
    state: str
    tone: str
    attention: str
    nearness: str
    due: str
    due_state: str


@requires(Permission.WORKLIST_READ)
def worklist() -> str:
    """List the provider's cases: one view of them, over all councils or one."""
    chosen, page = _chosen_view(), _page()
    council_id = _uuid(request.args.get("council"))
    session = current.session()
    rows = worklists.provider_worklist(
        session,
        provider_id=provider_id(),
        worklist=chosen,
        coordinator_id=current.actor().identity_id,
        on=current.today(),
        page=page,
        authority_id=council_id,
    )
    shown = rows[:PAGE]
    councils = tenancy.council_names(session, provider_id())
    return render_template(
        "provider/worklist.html",
        lines=_lines(shown, councils),
        views=[
            {"text": text, "href": _address(view, council_id), "current": view is chosen}
            for view, text in _VIEWS.items()
        ],
        heading=_TITLES[chosen],
        view=chosen.value,
        empty=_EMPTY[chosen],
        councils=councils,
        council_id=council_id,
        is_first=page.after_id is None,
        first=_address(chosen, council_id),
        next=_next(chosen, council_id, shown[-1]) if len(rows) > PAGE else None,
        may_enter=current.actor().may(Permission.CASE_ENTER),
    )


@requires(Permission.PROVIDER_ADMINISTER)
def late() -> str:
    """Show the administrator what was not done in time, conflicts of interest, and what was not delivered."""
    session = current.session()
    councils = tenancy.council_names(session, provider_id())
    late_rows = worklists.late_to_begin(session, provider_id=provider_id(), on=current.today(), most=_MOST_LATE)
    marked = worklists.in_want_of_attention(session, provider_id=provider_id(), most=_MOST_LATE)
    counts = worklists.counts_by_council(session, provider_id=provider_id(), on=current.today())
    by_id = {count.authority_id: count for count in counts}
    lines = _lines([*late_rows, *marked], councils)
    return render_template(
        "provider/late.html",
        late=lines[: len(late_rows)],
        marked=lines[len(late_rows) :],
        counts=[
            (name, by_id[council], _address(Worklist.OPEN, council))
            for council, name in councils.items()
            if council in by_id
        ],
        quiet=[name for council, name in councils.items() if council not in by_id],
    )


def _lines(rows: Sequence[WorklistRow], councils: Mapping[uuid.UUID, str]) -> list[Line]:
    wordings = {
        authority_id: _Wording(councils.get(authority_id, "A council"), current.today())
        for authority_id in {row.authority_id for row in rows}
    }
    return [wordings[row.authority_id].line(row) for row in rows]


class _Wording:
    """Puts the rows of one council on one page into words; what many rows say alike is put into words once."""

    def __init__(self, council: str, on: dt.date) -> None:
        self._council, self._on = council, on
        self._names = Names(council=council, provider="you")
        self._received_of = functools.cache(self._received)
        self._due_of = functools.cache(self._due)
        self._asked_of = functools.cache(self._asked)
        self._state_of = functools.cache(self._state)
        self._coordinator_of = functools.cache(self._coordinator)

    def line(self, row: WorklistRow) -> Line:
        state, tone = self._state_of(stands(row.state, row.next_due_code))
        how_near, due, due_state = self._due_of(row.next_due_on, row.next_due_code, row.next_due_basis)
        if not due:
            due = "No date is set" if tone == "action" else "Nothing due from you"
        return Line(
            href=f"/cases/{row.authority_id}/{row.case_id}",
            reference=row.reference,
            child=row.child_name,
            council=self._council,
            received=self._received_of(london_date(row.received_at), row.channel),
            coordinator=self._coordinator_of(row.coordinator_id, row.coordinator),
            state=state,
            tone=tone,
            attention=words.ATTENTION[row.attention] if row.attention else "",
            nearness=how_near,
            due=due,
            due_state=due_state,
        )

    def _received(self, on: dt.date, channel: Channel) -> str:
        return f"Received {short_date(on)}{' by phone' if channel is Channel.PHONE else ''}."

    def _coordinator(self, coordinator_id: uuid.UUID | None, shown_as: str) -> str:
        called = coordinator_words(coordinator_id, shown_as)
        return f"With {'you' if called == 'You' else called}" if called else "Nobody looks after it"

    def _state(self, state: CaseState) -> tuple[str, str]:
        return state_words(state, Viewer.PROVIDER, self._names)

    def _due(self, due_on: dt.date | None, code: ClockCode | None, basis: ClockBasis | None) -> tuple[str, str, str]:
        """Return how near a due date is, what is due by when and on what that rests, and in one word for its colour."""
        if due_on is None or code is None:
            return "", "", ""
        state = nearness(due_on, self._on)
        name, rests_on = self._asked_of(code, basis)
        how_near = f"{'Was due' if state == 'passed' else 'Due'} {relative_days(due_on, self._on)}"
        return how_near, f"{name} by {short_date(due_on)}{rests_on}", state

    def _asked(self, code: ClockCode, basis: ClockBasis | None) -> tuple[str, str]:
        """Return what is asked of the provider, and on what that rests, as the end of a sentence."""
        said = {**self._names.words(Viewer.PROVIDER), "party": INVITED}
        rests_on = words.basis_words(code, basis, self._council)
        return clock_name(code, Viewer.PROVIDER, said, binds=Viewer.PROVIDER), f", {rests_on}" if rests_on else ""


def coordinator_words(coordinator_id: uuid.UUID | None, shown_as: str) -> str:
    """Return what the coordinator of a case is called on pages of their colleagues, "" when there is none."""
    if coordinator_id is None:
        return ""
    return "You" if coordinator_id == current.actor().identity_id else shown_as or "A coordinator"


def _chosen_view() -> Worklist:
    try:
        return Worklist(request.args.get("view", Worklist.OPEN.value))
    except ValueError:
        abort(404)


def _page() -> Page:
    """Return where the page begins: "after" is the due date and the id of the row before it."""
    due, _, case_id = request.args.get("after", "").partition("_")
    try:
        after_due = dt.date.fromisoformat(due) if due else None
    except ValueError:
        abort(404)
    return Page(after_due=after_due, after_id=_uuid(case_id))


def _uuid(text: str | None) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(404)


def _address(view: Worklist, council_id: uuid.UUID | None, **more: str) -> str:
    values: dict[str, Any] = {"view": view.value, **({"council": council_id} if council_id else {}), **more}
    return f"/?{urlencode(values)}"


def _next(view: Worklist, council_id: uuid.UUID | None, last: WorklistRow) -> str:
    due = last.next_due_on.isoformat() if last.next_due_on else ""
    return _address(view, council_id, after=f"{due}_{last.case_id}")

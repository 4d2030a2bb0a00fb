"""The list over all councils that commission the provider, and what its administrator looks at."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import abort, render_template, request, url_for

from parley.access.domain import Permission, requires
from parley.casework import worklists
from parley.casework.domain import ClockBasis, Viewer
from parley.casework.lists import PAGE, Page
from parley.casework.views import ClockView
from parley.casework.wording import Names, clock_words, state_words
from parley.casework.worklists import Worklist, WorklistRow
from parley.db.session import Session
from parley.identity import queries as identity
from parley.tenancy import queries as tenancy
from parley.web import current
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


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row of a list, ready to be written out."""

    href: str
    reference: str
    child: str
    council: str
    received: dt.datetime
    by_phone: bool
    coordinator: str
    state: str
    tone: str
    attention: str
    due: dt.date | None
    due_name: str
    due_state: str
    basis: str


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
        lines=_lines(session, shown, councils),
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
    lines = _lines(session, [*late_rows, *marked], councils)
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


def _lines(session: Session, rows: Sequence[WorklistRow], councils: Mapping[uuid.UUID, str]) -> list[Line]:
    colleagues = _colleagues(session, (row.coordinator_id for row in rows if row.coordinator_id))
    return [_line(row, councils.get(row.authority_id, "A council"), colleagues) for row in rows]


def _colleagues(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    wanted = set(ids) - {current.actor().identity_id}
    return identity.names_of(session, realm_id=provider_id(), ids=wanted) if wanted else {}


def _line(row: WorklistRow, council: str, colleagues: Mapping[uuid.UUID, str]) -> Line:
    names = Names(council=council, provider="you")
    state, tone = state_words(row.state, Viewer.PROVIDER, names)
    due_name, due_state = _due_words(row, names)
    return Line(
        href=url_for("provider.case", authority_id=row.authority_id, case_id=row.case_id),
        reference=row.reference,
        child=row.child_name,
        council=council,
        received=row.received_at,
        by_phone=row.channel.value == "phone",
        coordinator=coordinator_words(row.coordinator_id, colleagues.get(row.coordinator_id or uuid.UUID(int=0), "")),
        state=state,
        tone=tone,
        attention=words.ATTENTION[row.attention] if row.attention else "",
        due=row.next_due_on,
        due_name=due_name,
        due_state=due_state,
        basis=words.basis_words(row.next_due_code, row.next_due_basis, council),
    )


def coordinator_words(coordinator_id: uuid.UUID | None, shown_as: str) -> str:
    """Return what the coordinator of a case is called on pages of their colleagues, "" when there is none."""
    if coordinator_id is None:
        return ""
    return "You" if coordinator_id == current.actor().identity_id else shown_as or "A coordinator"


def _due_words(row: WorklistRow, names: Names) -> tuple[str, str]:
    if row.next_due_on is None or row.next_due_code is None:
        return "", ""
    clock = ClockView(
        code=row.next_due_code,
        basis=row.next_due_basis or ClockBasis.OUR_AIM,
        binds=Viewer.PROVIDER,
        due_on=row.next_due_on,
        met_on=None,
        stopped=False,
    )
    said = clock_words(clock, Viewer.PROVIDER, names, current.today())
    return said.name, said.state


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
    return url_for("provider.worklist", **values)


def _next(view: Worklist, council_id: uuid.UUID | None, last: WorklistRow) -> str:
    due = last.next_due_on.isoformat() if last.next_due_on else ""
    return _address(view, council_id, after=f"{due}_{last.case_id}")

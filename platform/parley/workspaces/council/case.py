"""The open side of one case, as the council's officers read it."""

import dataclasses
import datetime as dt
import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework.domain import CaseState, ClockBasis, ClockCode, Viewer
from parley.casework.lists import ASKED_FOR
from parley.casework.placing import unplaced
from parley.casework.service.coordinating import record_read
from parley.casework.views import ClockView
from parley.casework.wording import next_step, state_words
from parley.kernel.errors import NotFound
from parley.web import current
from parley.workspaces.council.listing import officer_words
from parley.workspaces.council.opening import Opened, opened
from parley.workspaces.open_side import open_side
from parley.workspaces.rules import rules_text

#: What a date rests on, in a sentence of its own.
BASES = {
    ClockBasis.LAW: "Set by law.",
    ClockBasis.POLICY: "A rule of {council}.",
    ClockBasis.CONTRACT: "Agreed in the contract with {council}.",
    ClockBasis.OUR_AIM: "Our aim. Neither the law nor {council} has set this date.",
}
OWN_WORD = "The date that {council} gave the family."


@dataclasses.dataclass(frozen=True, kw_only=True)
class Silence:
    """That the council's own date went by unanswered."""

    due_on: dt.date
    basis: str


@requires(Permission.CASE_READ_OPEN)
def case(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is next, who asks about what, what was shared and answered, and who at the council has it."""
    try:
        found = opened(case_id)
    except NotFound:
        # The mail about a request without a provider leads here, and its council is shown nothing else of it.
        if any(one.case_id == case_id for one in unplaced(current.session(), current.authority_id())):
            return redirect(url_for("council.place", case_id=case_id), 303)
        raise
    view, names = found.view, found.names
    asked = own_clock(found)
    page = render_template(
        "council/case.html",
        view=view,
        council=names.council,
        rules=rules_text(view),
        provider=names.provider,
        state=own_state(found),
        next=next_step(view, names, current.today()),
        basis=basis_words(asked, names.council) if asked else "",
        silence=silence(found),
        may_answer=may_answer(found),
        own=found.own,
        open_side=open_side(view, found.policy, names, current.today()),
        officer=officer_words(view.assigned_id, view.assigned_name),
        is_mine=view.assigned_id is not None and view.assigned_id == current.actor().identity_id,
    )
    # After the page is made, so that what failed to be shown is not recorded as read.
    record_read(
        current.session(), actor=current.actor(), at=current.now(), authority_id=current.authority_id(), case_id=case_id
    )
    return page


def may_answer(found: Opened) -> bool:
    """Tell whether the council can answer, or change its answer, now."""
    return found.view.standing is CaseState.COUNCIL_TOLD and not found.own.removed


def own_clock(found: Opened) -> ClockView | None:
    """Return the date by which the council's own answer is asked for, if it runs."""
    running = [clock for clock in found.view.clocks if clock.is_running() and clock.code in ASKED_FOR]
    return min(running, key=lambda clock: clock.due_on, default=None)


def silence(found: Opened) -> Silence | None:
    """Return that the council has let its date go by, or None."""
    asked = own_clock(found)
    if asked is None or not asked.is_missed(current.today()) or not may_answer(found):
        return None
    return Silence(due_on=asked.due_on, basis=basis_words(asked, found.names.council))


def own_state(found: Opened) -> tuple[str, str]:
    """Return where the case stands for the council, and the tone."""
    if silence(found) is not None:
        return "No answer given", "bad"
    if own_clock(found) is not None and may_answer(found):
        return "Your answer is needed", "action"
    return state_words(found.view.standing, Viewer.LOCAL_AUTHORITY, found.names, found.view.close_reason)


def basis_words(clock: ClockView, council: str) -> str:
    """Return in a sentence whose date it is: the law's, the council's, or an aim of the service."""
    own_word = clock.code is ClockCode.HOLDING_UNTIL
    return (OWN_WORD if own_word else BASES[clock.basis]).format(council=council)

"""The council's answer: chosen, written, read once as the family will read it, and only then sent."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Permission, requires
from parley.casework import lists
from parley.casework.service.answers import NewAnswer, answer_for_council
from parley.kernel.errors import Conflict, Invalid
from parley.web import current
from parley.web.forms import BaseForm
from parley.workspaces.answering import (
    CHANGE,
    SEND,
    SEND_AND_NEXT,
    AnswerForm,
    as_family_reads,
    carried,
    seen_answer,
    seen_at,
    written,
)
from parley.workspaces.council.case import may_answer, own_state
from parley.workspaces.council.forms import AgreeForm, DeclineForm, HoldingForm
from parley.workspaces.council.opening import Opened, back_to, opened
from parley.workspaces.open_side import side_words

FORMS: dict[str, type[AnswerForm]] = {"agree": AgreeForm, "decline": DeclineForm, "holding": HoldingForm}
TITLES = {
    "agree": "{council} takes part",
    "decline": "{council} does not take part",
    "holding": "Send a holding reply",
}
SENT = {
    "agree": "Your answer was sent: {council} takes part in {reference}.",
    "decline": "Your answer was sent: {council} does not take part in {reference}.",
    "holding": "Your holding reply in {reference} was sent.",
}


@requires(Permission.CASE_ANSWER)
def choose(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which answer it is."""
    found = opened(case_id)
    if not may_answer(found):
        return moved_on(found)
    return render_template("council/choose.html", view=found.view, own=found.own, names=found.names)


@requires(Permission.CASE_ANSWER)
def answer(case_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Take what is written, show it as the family will read it, and send it when told to.

    Nothing is kept between these steps but in the page itself, so that a page left open, a session that ended or a
    case that moved on never loses a word.
    """
    found, form, step = opened(case_id), FORMS[kind](), request.form.get("step")
    if not may_answer(found):
        return moved_on(found)
    if not form.was_sent or step == CHANGE or not form.validate():
        return _write(found, kind, form)
    new = form.answer()
    if step not in {SEND, SEND_AND_NEXT}:
        return _preview(found, kind, new)
    try:
        _send(found, new)
    except Invalid as invalid:
        form.take_errors(invalid)
        return _write(found, kind, form)
    except Conflict:
        current.session().rollback()
        return moved_on(opened(case_id))
    done = SENT[kind].format(council=found.names.council, reference=found.view.reference)
    return _open_next(done) if step == SEND_AND_NEXT else back_to(case_id, done)


def moved_on(found: Opened) -> ResponseReturnValue:
    """Say that the case is no longer as it was when the page was opened, how it stands, and what was typed."""
    page = render_template(
        "council/moved_on.html",
        view=found.view,
        state=own_state(found),
        sides=side_words(found.view, found.names),
        may_answer=may_answer(found),
        typed=written(),
    )
    return page, 409


def _write(found: Opened, kind: str, form: BaseForm) -> ResponseReturnValue:
    page = render_template(
        f"council/{kind}.html",
        form=form,
        view=found.view,
        names=found.names,
        title=TITLES[kind].format(council=found.names.council),
        # What the officer had before them when they began, not what stands by now.
        seen=request.form.get("seen", seen_at(found.own)),
    )
    return page, 422 if form.has_errors else 200


def _preview(found: Opened, kind: str, new: NewAnswer) -> str:
    decider = new.decision_maker
    return render_template(
        "council/preview.html",
        view=found.view,
        kind=kind,
        names=found.names,
        reads=as_family_reads(found.own, found.names.council, new, found.names),
        for_provider=[
            (name, value)
            for name, value in (
                ("Person who can decide in the meeting", decider.name if decider else ""),
                ("Email", decider.email if decider else ""),
                ("Phone", decider.phone if decider else ""),
                ("Dates that do not work", new.unavailable),
            )
            if value
        ],
        typed=carried(),
    )


def _send(found: Opened, new: NewAnswer) -> None:
    answer_for_council(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        case_id=found.view.id,
        answer=new,
        policy=found.policy,
        instead_of=seen_answer(),
    )


def _open_next(done: str) -> ResponseReturnValue:
    following = lists.next_to_answer(
        current.session(), authority_id=current.authority_id(), officer_id=current.identity_id()
    )
    if following is not None:
        return back_to(following, f"{done} This is the next one.")
    flash(f"{done} Nothing else waits for your answer.")
    return redirect(url_for(".cases"), 303)

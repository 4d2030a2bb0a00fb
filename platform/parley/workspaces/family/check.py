"""Can this help me? One question a page, kept as it goes, no sign-in; then the answer, why, by when, and what else."""

import dataclasses
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NoSuchPage

from parley.access.domain import public
from parley.eligibility import questions as asked
from parley.eligibility import service
from parley.eligibility.domain import Assessment, assess
from parley.eligibility.explaining import explain
from parley.eligibility.places import EMERGENCY
from parley.eligibility.questions import Question
from parley.eligibility.schemas import load_answers
from parley.kernel.errors import Invalid, NotFound
from parley.web import current
from parley.web.fair_use import Counted, counts
from parley.web.runtime import runtime
from parley.workspaces.family.check_forms import answer_of, form_of, shown_answer
from parley.workspaces.family.council import Council, council
from parley.workspaces.family.result_words import result_words

_WHY = "a check needs no sign-in and no name"

#: As many disagreements as one check takes (``eligibility.schemas.MAX_MATTERS``) are more than anybody brings.
MOST_MATTERS = 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class Check:
    """The check in this browser: its token ("" before the first answer) and the answers so far."""

    token: str
    answers: dict[str, Any]


@public(_WHY)
def start() -> ResponseReturnValue:
    """Lead to the first question that is not answered, or to the result."""
    return redirect(_onward(_check().answers, council()), 303)


@counts(Counted.CHECK, ["POST"])
@public(_WHY)
def question(path: str) -> ResponseReturnValue:
    """Ask one question; keep its answer and go on."""
    known, check = council(), _check()
    one = _question_at(path, check.answers, known)
    form = form_of(one, asked.answer_at(check.answers, path), known.today)
    skips = one.optional and request.form.get("skip") == "yes"
    if not skips and not form.validate_on_submit():
        back = asked.previous_question(path, check.answers, known.policy, known.law, known.today)
        page = render_template(
            "family/question.html",
            form=form,
            question=one,
            emergency=EMERGENCY,
            back=_address(back.path) if back else url_for(".home"),
            about=_matter_caption(path, check.answers),
        )
        return page, 422 if form.was_sent else 200
    answer = None if skips else answer_of(form, one)
    answers = asked.with_answer(check.answers, path, answer, known.law, known.today)
    return _keep(check, answers, known)


@public(_WHY)
def result() -> ResponseReturnValue:
    """Show what the check came to."""
    known, check = council(), _check()
    if asked.next_question(check.answers, known.policy, known.law, known.today) is not None:
        return redirect(_onward(check.answers, known), 303)
    try:
        assessment = assessment_of(check.answers, known)
    except Invalid as invalid:
        # A rule changed since the answer was given: ask that question again rather than fail.
        return redirect(_address(next(iter(invalid.errors)).removesuffix(".0")), 303)
    explanation = explain(assessment, known.policy, known.law)
    shown = asked.questions_for(check.answers, known.policy, known.law, known.today)
    by_path = {one.path: one for one in shown}
    last = asked.previous_question("", check.answers, known.policy, known.law, known.today)
    return render_template(
        "family/result.html",
        council=known,
        assessment=assessment,
        words=result_words(assessment, explanation, check.answers, by_path, known.policy),
        explanation=explanation,
        answered=[_answered(one, check.answers) for one in shown],
        route_texts=_route_texts(assessment, known),
        emergency=EMERGENCY,
        may_add=len(check.answers["matters"]) < MOST_MATTERS,
        back=_address(last.path) if last else url_for(".home"),
    )


@counts(Counted.CHECK, ["POST"])
@public(_WHY)
def add_matter() -> ResponseReturnValue:
    """Add another disagreement to the check."""
    known, check = council(), _check()
    if len(check.answers.get("matters") or ()) >= MOST_MATTERS:
        return redirect(url_for(".result"), 303)
    return _keep(check, asked.with_another_matter(check.answers), known)


@counts(Counted.CHECK, ["POST"])
@public(_WHY)
def remove_matter(index: int) -> ResponseReturnValue:
    """Take a disagreement out of the check; the last one stays."""
    known, check = council(), _check()
    if len(check.answers.get("matters") or ()) <= 1:
        return redirect(url_for(".result"), 303)
    return _keep(check, asked.without_matter(check.answers, index), known)


@counts(Counted.CHECK, ["POST"])
@public(_WHY)
def start_again() -> ResponseReturnValue:
    """Forget this browser's check and begin anew."""
    response = make_response(redirect(url_for(".check"), 303))
    response.delete_cookie(_cookie(), path="/", secure=runtime().settings.uses_https, httponly=True, samesite="Lax")
    return response


def assessment_of(answers: dict[str, Any], known: Council) -> Assessment:
    """Return what complete ``answers`` come to today. Raises Invalid where a rule has changed under them."""
    return assessment_of_document(asked.as_document(answers), known)


def assessment_of_document(document: dict[str, Any], known: Council) -> Assessment:
    """Return what a document of answers comes to today. Raises Invalid by field."""
    loaded = load_answers(document, known.policy, known.today)
    return assess(loaded, known.policy, known.law, known.today)


def answers_in_this_browser() -> dict[str, Any] | None:
    """Return the answers of this browser's check if it is complete, for a request that begins from it."""
    known, check = council(), _check()
    complete = asked.next_question(check.answers, known.policy, known.law, known.today) is None
    return check.answers if complete else None


def _check() -> Check:
    """Return this browser's check; one whose time has run out is as one never begun."""
    token = request.cookies.get(_cookie(), "")
    if not token:
        return Check(token="", answers={})
    try:
        kept = service.load_check(current.session(), at=current.now(), authority_id=current.authority_id(), token=token)
    except NotFound:
        return Check(token="", answers={})
    return Check(token=token, answers=kept.answers)


def _question_at(path: str, answers: dict[str, Any], known: Council) -> Question:
    try:
        found = asked.question_at(path, answers, known.policy, known.law, known.today)
    except ValueError:
        found = None
    if found is None:
        raise NoSuchPage
    return found


def _keep(check: Check, answers: dict[str, Any], known: Council) -> Response:
    """Keep ``answers``, record what they come to once they are complete, and lead on."""
    session, at, authority_id = current.session(), current.now(), known.authority.id
    token = check.token
    if token:
        service.save_answers(
            session, at=at, authority_id=authority_id, policy=known.policy, token=token, answers=answers
        )
    else:
        started = service.start_check(session, at=at, authority_id=authority_id, policy=known.policy, answers=answers)
        token = started.token
    if asked.next_question(answers, known.policy, known.law, known.today) is None:
        loaded = load_answers(asked.as_document(answers), known.policy, known.today)
        service.record_assessment(
            session,
            at=at,
            authority_id=authority_id,
            policy_version_id=known.policy_version_id,
            policy=known.policy,
            answers=loaded,
            assessment=assess(loaded, known.policy, known.law, known.today),
        )
    response = make_response(redirect(_onward(answers, known), 303))
    # Gone when the browser is closed: somebody who shares the device finds no answers.
    response.set_cookie(_cookie(), token, path="/", secure=runtime().settings.uses_https, httponly=True, samesite="Lax")
    return response


def _route_texts(assessment: Assessment, known: Council) -> list[str]:
    """Return the council's own words for the steps that follow from here."""
    ahead = {step.step for step in assessment.route}
    return [step.text for step in known.policy.route.steps.shown or () if step.id in ahead and step.evidence.shown]


def _onward(answers: dict[str, Any], known: Council) -> str:
    following = asked.next_question(answers, known.policy, known.law, known.today)
    return _address(following.path) if following else url_for(".result")


def _answered(one: Question, answers: dict[str, Any]) -> dict[str, str]:
    stored = asked.answer_at(answers, one.path)
    return {"name": one.title, "value": shown_answer(one, stored), "change": _address(one.path), "changing": one.title}


def _matter_caption(path: str, answers: dict[str, Any]) -> str | None:
    """Return which disagreement a question is about, when there are several."""
    several = len(answers.get("matters") or ()) > 1
    return f"Disagreement {int(path.split('.')[1]) + 1}" if several and path.startswith("matters.") else None


def _address(path: str) -> str:
    return url_for(".question", path=path)


def _cookie() -> str:
    return "__Host-parley-check" if runtime().settings.uses_https else "parley-check"

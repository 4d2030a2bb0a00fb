"""The check as a coordinator asks it on the phone: every question that applies on one page, none more than once.

Which questions apply depends on the answers; those that an answer opens are asked when the page is sent, and what was
typed stays. What the check came to is the same as for a family that does it online.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from parley.eligibility import questions as asked
from parley.eligibility.answers import Answers
from parley.eligibility.domain import Assessment, assess
from parley.eligibility.explaining import explain
from parley.eligibility.questions import Kind, Question
from parley.eligibility.result import Explanation
from parley.eligibility.schemas import load_answers
from parley.kernel.errors import Invalid
from parley.kernel.sentences import capitalised
from parley.law.domain import LawVersion
from parley.policy.domain import Policy
from parley.web.fields import CheckboxesField, Choice, DateField, NotAfter, RadioField, Required
from parley.web.forms import BaseForm

#: Under this name the page says which questions stood on it: an empty box of one that did is an answer.
ASKED = "asked"
_NONE_OF_THESE = "none-of-these"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallerCheck:
    """The check as far as it has come. ``assessment`` and ``explanation`` are there when every question is answered."""

    form: BaseForm
    questions: Sequence[Question]
    opened: frozenset[str]
    """Paths of questions that the answers have just opened."""
    answers: Answers | None = None
    assessment: Assessment | None = None
    explanation: Explanation | None = None


def begin(policy: Policy, law: LawVersion, today: dt.date) -> CallerCheck:
    """Return the check with nothing answered."""
    shown = asked.questions_for({}, policy, law, today)
    return CallerCheck(form=_form(shown, today, None), questions=shown, opened=frozenset())


def read(typed: MultiDict[str, str], policy: Policy, law: LawVersion, today: dt.date) -> CallerCheck:
    """Return the check with what was typed, judged; its form holds the errors."""
    were_asked = frozenset(typed.getlist(ASKED))
    answers = _answers(typed, were_asked, policy, law, today)
    shown = asked.questions_for(answers, policy, law, today)
    opened = frozenset(question.path for question in shown) - were_asked
    form = _form(shown, today, typed)
    if not form.validate() or opened:
        for path in opened:
            # It was not on the page that was sent, so leaving it empty was no mistake.
            form[path].errors = []
        return CallerCheck(form=form, questions=shown, opened=opened)
    try:
        loaded = load_answers(asked.as_document(answers), policy, today)
    except Invalid as invalid:
        form.take_errors(invalid)
        return CallerCheck(form=form, questions=shown, opened=opened)
    assessment = assess(loaded, policy, law, today)
    return CallerCheck(
        form=form,
        questions=shown,
        opened=opened,
        answers=loaded,
        assessment=assessment,
        explanation=explain(assessment, policy, law),
    )


def _answers(
    typed: MultiDict[str, str], were_asked: frozenset[str], policy: Policy, law: LawVersion, today: dt.date
) -> dict[str, Any]:
    """Return the answers to what was asked and still applies."""
    answers: dict[str, Any] = {}
    while True:
        waiting = [
            question
            for question in asked.questions_for(answers, policy, law, today)
            if question.path in were_asked and not asked.is_answered(answers, question.path)
        ]
        given = {question.path: _answer(question, typed, today) for question in waiting}
        usable = [path for path, (is_usable, _value) in given.items() if is_usable]
        if not usable:
            return answers
        # One at a time, because an answer can close a question that comes after it.
        answers = asked.with_answer(answers, usable[0], given[usable[0]][1], law, today)


def _answer(question: Question, typed: MultiDict[str, str], today: dt.date) -> tuple[bool, Any]:
    """Return whether what was typed can be used, and the contract's value of it."""
    form = _form([question], today, typed)
    if not form.validate():
        return False, None
    value = form[question.path].data
    match question.kind:
        case Kind.DATE:
            return True, value.isoformat() if value else None
        case Kind.SEVERAL:
            return True, list(value)
        case Kind.ONE:
            return True, None if value == _NONE_OF_THESE else value


#: What each date is called in an error: all questions are on one page here.
_DATES = {
    "date_of_birth": "the date of birth",
    "stage_since": "the date when this began",
    "decision_letter_date": "the date on the decision letter",
    "certificate_date": "the date on the mediation certificate",
}


def _form(shown: Sequence[Question], today: dt.date, typed: MultiDict[str, str] | None) -> BaseForm:
    fields: Mapping[str, Any] = {question.path: _field(question, today) for question in shown}
    form: BaseForm = type("CallerCheckForm", (BaseForm,), dict(fields))(typed)
    return form


def _field(question: Question, today: dt.date) -> DateField | RadioField | CheckboxesField:
    needed = [] if question.optional else [Required(f"Answer: {question.title}")]
    match question.kind:
        case Kind.DATE:
            past = NotAfter(lambda: today, f"{capitalised(_DATES[question.field])} must be today or in the past")
            return DateField(question.title, [*needed, past], hint=question.hint, noun=_DATES[question.field])
        case Kind.ONE:
            return RadioField(question.title, needed, hint=question.hint, choices=_choices(question))
        case Kind.SEVERAL:
            return CheckboxesField(question.title, needed, hint=question.hint, choices=_choices(question))


def _choices(question: Question) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=option.value or _NONE_OF_THESE, text=option.label, hint=option.hint or None)
        for option in question.options
    )

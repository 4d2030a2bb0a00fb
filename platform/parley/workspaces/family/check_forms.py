"""A question of the check as a form, and its answer as the contract's value."""

import datetime as dt
from typing import Any

from parley.eligibility.questions import Kind, Question
from parley.web.fields import CheckboxesField, Choice, DateField, NotAfter, RadioField, Required
from parley.web.forms import BaseForm

#: Stands on the page for the choice whose value in the contract is "nothing of these" (None).
NONE_OF_THESE = "none-of-these"

_FUTURE = "The date must be today or in the past. Check the day, month and year"


def form_of(question: Question, stored: Any, today: dt.date) -> BaseForm:
    """Return the question as a form with one field, ``answer``, showing what was answered before."""
    form = type("QuestionForm", (BaseForm,), {"answer": _field(question, today)})
    asked: BaseForm = form(data={"answer": _typed(question, stored)})
    return asked


def answer_of(form: BaseForm, question: Question) -> Any:
    """Return the contract's value of a form that is valid: JSON-ready, None for what was left empty."""
    answer = form["answer"].data
    match question.kind:
        case Kind.DATE:
            return answer.isoformat() if answer else None
        case Kind.SEVERAL:
            return list(answer or ())
        case Kind.ONE:
            return None if answer == NONE_OF_THESE else answer


def shown_answer(question: Question, stored: Any) -> str:
    """Return what was answered, in the words of the page."""
    if question.kind is Kind.DATE:
        return _long(stored) if stored else "Not given"
    if question.kind is Kind.ONE:
        return next((option.label for option in question.options if (option.value or None) == stored), "Not given")
    chosen = [option.label for option in question.options if option.value in (stored or ())]
    return ", ".join(chosen) or "None of these"


def _field(question: Question, today: dt.date) -> DateField | RadioField | CheckboxesField:
    validators = [] if question.optional else [Required(_missing(question))]
    match question.kind:
        case Kind.DATE:
            past = NotAfter(lambda: today, _FUTURE)
            return DateField(question.title, [*validators, past], hint=question.hint, noun="the date")
        case Kind.ONE:
            return RadioField(question.title, validators, hint=question.hint, choices=_choices(question))
        case Kind.SEVERAL:
            return CheckboxesField(question.title, validators, hint=question.hint, choices=_choices(question))


def _choices(question: Question) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=option.value or NONE_OF_THESE, text=option.label, hint=option.hint or None)
        for option in question.options
    )


def _typed(question: Question, stored: Any) -> Any:
    match question.kind:
        case Kind.DATE:
            return dt.date.fromisoformat(stored) if stored else None
        case Kind.ONE:
            return stored
        case Kind.SEVERAL:
            return stored or []


def _missing(question: Question) -> str:
    if question.kind is Kind.SEVERAL:
        return "Select at least one answer"
    return "Select an answer"


def _long(iso: str) -> str:
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"

"""What officers fill in."""

from typing import Any

from parley.casework.domain import AnswerValue, DeclineReason
from parley.casework.request import Person
from parley.casework.service.answers import LONGEST_WORDS, NewAnswer
from parley.web.fields import DateField, EmailField, PhoneField, RadioField, Required, TextField
from parley.web.forms import BaseForm
from parley.workspaces.answering import REASONS, AnswerForm


class AgreeForm(AnswerForm):
    """The council takes part: who can decide, and when it cannot come."""

    decision_maker = TextField(
        "Name of the person who can decide",
        [Required("Enter the name of the person who can decide in the meeting")],
        hint="Somebody who can agree to things in the meeting without asking first. It can be you.",
        autocomplete="off",
        spellcheck=False,
    )
    email = EmailField("Their work email address", autocomplete="off")
    phone = PhoneField("Their work phone number", autocomplete="off")
    unavailable = TextField(
        "Dates that do not work (optional)",
        max_length=1000,
        rows=3,
        noun="the dates",
        hint="Only the provider reads this. For example, not 14 to 18 December; never Monday mornings.",
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Ask for a way to reach the person as well."""
        fine = super().validate(*args, **kwargs)
        reachable = self.email.raw_data and self.email.raw_data[0] or self.phone.raw_data and self.phone.raw_data[0]
        if not reachable:
            self.email.errors = [*self.email.errors, "Enter a work email address or a work phone number"]
        return bool(fine and reachable)

    def answer(self) -> NewAnswer:
        """Return that the council takes part."""
        decider = Person(
            name=str(self.decision_maker.data), email=str(self.email.data or ""), phone=str(self.phone.data or "")
        )
        unavailable = str(self.unavailable.data or "")
        return NewAnswer(value=AnswerValue.AGREED, unavailable=unavailable, decision_maker=decider)


class DeclineForm(AnswerForm):
    """The council does not take part, and why."""

    reason = RadioField(
        "Why does the council decline?",
        [Required("Select why")],
        choices=REASONS,
    )
    words = TextField(
        "The reason, in words for the family",
        [Required("Write the reason in words for the family")],
        max_length=LONGEST_WORDS,
        rows=8,
        noun="the reason",
        hint="The family reads this as you write it. Say what you decided, why, and what they can do instead.",
    )

    def answer(self) -> NewAnswer:
        """Return that it declines."""
        reason = DeclineReason(self.reason.data)
        return NewAnswer(value=AnswerValue.DECLINED, reason=reason, words=str(self.words.data))


class HoldingForm(AnswerForm):
    """Not yet: by when."""

    holding_until = DateField(
        "When will you answer?",
        [Required("Enter the date by which you will answer")],
        hint="The family and the provider see this date. For example, 4 12 2026.",
        noun="the date",
    )
    words = TextField(
        "What the family should know (optional)",
        max_length=LONGEST_WORDS,
        rows=5,
        noun="what the family should know",
        hint="The family reads this as you write it. For example, what you are waiting for.",
    )

    def answer(self) -> NewAnswer:
        """Return that the answer comes later."""
        words = str(self.words.data or "")
        return NewAnswer(value=AnswerValue.HOLDING, holding_until=self.holding_until.data, words=words)


class ColleagueForm(BaseForm):
    """Who takes the case over."""

    officer = RadioField("Who should have this case?", [Required("Select who should have this case")])


class NumberForm(BaseForm):
    """The council's own number for a case."""

    number = TextField(
        "Your own number for this case",
        max_length=60,
        noun="the number",
        hint="From your own system. You can then find the case by it. Leave it empty to take it out.",
        autocomplete="off",
        spellcheck=False,
        width="govuk-input--width-20",
    )


class SearchForm(BaseForm):
    """What to look for."""

    q = TextField("Search", [Required("Enter a reference, a child’s full name or your own number")], noun="the search")

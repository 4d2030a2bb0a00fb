"""What an invited contact fills in."""

from typing import Any

from parley.casework.domain import AnswerValue, DeclineReason
from parley.casework.service.answers import LONGEST_WORDS, NewAnswer
from parley.web.fields import CheckboxesField, DateField, EmailField, RadioField, Required, TextField
from parley.web.forms import BaseForm
from parley.workspaces.answering import REASONS, AnswerForm


class CodeForm(BaseForm):
    """The code that was mailed."""

    code = TextField(
        "Code",
        [Required("Enter the code from the email")],
        max_length=20,
        hint="6 letters, in the email we have just sent.",
        autocomplete="one-time-code",
        spellcheck=False,
        width="govuk-input--width-10",
    )


class ReturnForm(BaseForm):
    """Not the right person; perhaps who is."""

    name = TextField(
        "Who should we ask instead? (optional)",
        hint="Their name and what they do, for example Kim Hill, head teacher. If you do not know, leave this empty.",
        autocomplete="off",
        spellcheck=False,
        noun="the name",
    )
    email = EmailField("Their work email address (optional)", autocomplete="off")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Ask whose address it is."""
        fine = super().validate(*args, **kwargs)
        if self.email.data and not self.name.data:
            self.name.errors = [*self.name.errors, "Enter whose email address it is"]
            return False
        return bool(fine)


class AnswererForm(AnswerForm):
    """Who answers; each kind of answer adds to it."""

    name = TextField("Your name", [Required("Enter your name")], autocomplete="name", spellcheck=False)
    role = TextField(
        "What you are there",
        [Required("Enter what you are there, for example SENCo or head teacher")],
        hint="For example, SENCo or head teacher.",
        autocomplete="organization-title",
    )
    may_answer = CheckboxesField(
        "Are you the one to answer?",
        [Required("Tick the box if you may answer, or say that somebody else should")],
    )


class AgreeForm(AnswererForm):
    """The body takes part."""

    unavailable = TextField(
        "Dates that do not work (optional)",
        max_length=1000,
        rows=3,
        noun="the dates",
        hint="Only the provider reads this. For example, not 14 to 18 December; never Monday mornings.",
    )

    def answer(self) -> NewAnswer:
        """Return that the body takes part."""
        return NewAnswer(value=AnswerValue.AGREED, unavailable=str(self.unavailable.data or ""))


class DeclineForm(AnswererForm):
    """The body does not take part, and why."""

    reason = RadioField(
        "Why not?",
        [Required("Select why")],
        choices=REASONS,
    )
    words = TextField(
        "The reason, in words for the family",
        [Required("Write the reason in words for the family")],
        max_length=LONGEST_WORDS,
        rows=8,
        noun="the reason",
        hint="The family reads this as you write it. Say why, and what they can do instead.",
    )

    def answer(self) -> NewAnswer:
        """Return that it declines."""
        reason = DeclineReason(self.reason.data)
        return NewAnswer(value=AnswerValue.DECLINED, reason=reason, words=str(self.words.data))


class HoldingForm(AnswererForm):
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
        hint="The family reads this as you write it.",
    )

    def answer(self) -> NewAnswer:
        """Return that the answer comes later."""
        words = str(self.words.data or "")
        return NewAnswer(value=AnswerValue.HOLDING, holding_until=self.holding_until.data, words=words)

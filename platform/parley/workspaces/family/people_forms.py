"""The questions of a request about people: what keeps them safe, who asks, whom it is about, who has to agree.

Which of them are asked, and when, is in ``journey``, which also sets the labels that depend on the council.
"""

from typing import Any

from parley.casework.domain import Capacity
from parley.web.fields import (
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    PhoneField,
    RadioField,
    Required,
    TextField,
)
from parley.workspaces.family.step_form import MEDIUM, SHORT, PastDate, StepForm


class SafeWaysForm(StepForm):
    """How the person can be reached without danger."""

    ways = CheckboxesField(
        "Which ways of reaching you are safe?",
        [Required("Select every way that is safe, or select ‘Any of these is safe’")],
        hint="Think of who else reads your email or post, or may pick up the phone.",
        choices=(
            Choice(value="email", text="Email"),
            Choice(value="phone", text="A phone call"),
            Choice(value="text", text="A text message"),
            Choice(value="post", text="A letter"),
            Choice(value="any", text="Any of these is safe", divider="or", exclusive=True),
        ),
    )
    times = TextField(
        "Are there times when it is safe, or not safe? (optional)",
        max_length=SHORT,
        noun="the safe times",
        hint="For example, weekdays between 10am and 2pm.",
    )


class MustNotLearnForm(StepForm):
    """Who must not hear of the request."""

    anybody = RadioField(
        "Is there anybody who must not learn of this request?",
        [Required("Select yes if there is somebody who must not learn of this")],
        choices=(Choice(value="yes", text="Yes", reveals="who"), Choice(value="no", text="No")),
    )
    who = TextField(
        "Who, and what should be avoided?",
        max_length=MEDIUM,
        rows=4,
        noun="who must not learn of this",
        hint="You need not give reasons.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask who, when there is somebody."""
        fine = super().validate(extra_validators)
        return fine and (self.anybody.data != "yes" or self.require("who", "Say who must not learn of this"))


class ApartForm(StepForm):
    """What else keeps the person safe."""

    needs = CheckboxesField(
        "Would any of these help you feel safe?",
        [Required("Select what would help, or select ‘None of these’")],
        choices=(
            Choice(value="hide_address", text="Hide my address", hint="Nobody but the provider sees it."),
            Choice(value="wait_apart", text="Wait in a room of my own before and after a meeting"),
            Choice(
                value="attend_apart",
                text="Take part from another room, or by phone or video",
                hint="The mediator goes between the rooms.",
            ),
            Choice(value="none", text="None of these", divider="or", exclusive=True),
        ),
    )


class RoleForm(StepForm):
    """In what capacity the person asks."""

    capacity = RadioField(
        "Who are you?",
        [Required("Select who you are")],
        choices=(
            Choice(
                value=Capacity.PARENT_CARER.value,
                text="A parent or carer",
                hint="Anybody with parental responsibility, or who cares for the child, such as a foster carer.",
            ),
            Choice(
                value=Capacity.YOUNG_PERSON.value,
                text="A young person asking for myself",
                hint="From the end of June of the school year in which you turn 16, up to 25.",
            ),
            Choice(
                value=Capacity.ALTERNATIVE_PERSON.value,
                text="Somebody who acts for a young person who cannot make this decision",
                hint="A deputy, an attorney, or a parent where there is neither.",
            ),
        ),
    )


class NameForm(StepForm):
    """What the person is called."""

    name = TextField(
        "What is your name?", [Required("Enter your name")], autocomplete="name", spellcheck=False, noun="your name"
    )


class ContactForm(StepForm):
    """How the person can be reached: one way is enough."""

    email = EmailField("Email address", noun="your email address")
    phone = PhoneField("Phone number", noun="your phone number")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for at least one of the two."""
        fine = super().validate(extra_validators)
        if fine and not (self.email.data or self.phone.data):
            self.email.errors = ["Enter an email address or a phone number"]
            return False
        return fine


class ChildForm(StepForm):
    """Whom the request is about."""

    name = TextField(
        "Full name", [Required("Enter the name of the child or young person")], spellcheck=False, noun="the name"
    )
    born = DateField(
        "Date of birth",
        [Required("Enter the date of birth"), PastDate("The date of birth must be in the past")],
        hint="For example, 29 2 2016.",
        noun="the date of birth",
    )


class OwnBirthForm(StepForm):
    """A young person's own date of birth."""

    born = DateField(
        "What is your date of birth?",
        [Required("Enter your date of birth"), PastDate("Your date of birth must be in the past")],
        hint="For example, 29 2 2008.",
        noun="your date of birth",
        birthday=True,
    )


class HomeForm(StepForm):
    """Where the child or young person lives."""

    address = TextField("Address (optional)", max_length=SHORT, rows=4, noun="the address", spellcheck=False)


class SettingForm(StepForm):
    """Where the child or young person is educated."""

    setting = TextField("Nursery, school or college (optional)", noun="the name of the nursery, school or college")


class YoungPersonForm(StepForm):
    """How a young person is asked for their own yes."""

    email = EmailField("Their own email address", noun="their email address", autocomplete="off")
    phone = PhoneField("Their own phone number", noun="their phone number", autocomplete="off")
    own_email = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one way to reach them that is theirs and not the asker's."""
        fine = super().validate(extra_validators)
        if fine and not (self.email.data or self.phone.data):
            self.email.errors = ["Enter an email address or a phone number of the young person’s own"]
            return False
        if fine and self.email.data and str(self.email.data).casefold() == self.own_email.casefold():
            self.email.errors = ["Enter the young person’s own email address, not yours"]
            return False
        return fine


GROUNDS = {
    "deputy_or_attorney": "A deputy appointed by the Court of Protection, or an attorney",
    "parent": "Their parent, and there is no deputy or attorney",
}


class ActingForm(StepForm):
    """On what ground somebody acts for a young person."""

    ground = RadioField(
        "On what ground do you act for the young person?",
        [Required("Select on what ground you act")],
        hint="Whether they can make this decision is judged for this decision alone, never from a diagnosis.",
        choices=tuple(Choice(value=value, text=text) for value, text in GROUNDS.items()),
    )
    details = TextField(
        "Is there anything the provider should know about this? (optional)",
        max_length=MEDIUM,
        rows=3,
        noun="what the provider should know",
    )

"""Who asks, and how they can be reached."""

from typing import Any

from parley.casework.domain import Capacity
from parley.web.fields import Choice, EmailField, PhoneField, RadioField, Required, TextField
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.steps.step import Section, Step


class Role(Step):
    """In what capacity the person asks."""

    slug = "who-you-are"
    section = Section.YOU

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


class Name(Step):
    """What the person is called."""

    slug = "your-name"
    section = Section.YOU

    name = TextField(
        "What is your name?", [Required("Enter your name")], autocomplete="name", spellcheck=False, noun="your name"
    )


class Contact(Step):
    """How the person can be reached: one way is enough."""

    slug = "contact"
    section = Section.YOU
    heading = "How can {provider} reach you?"
    lead = "Give at least one. Only {provider} sees these, and uses only the ways you said are safe."

    email = EmailField("Email address", noun="your email address")
    phone = PhoneField("Phone number", noun="your phone number")

    def fit(self, draft: Draft) -> None:
        """Say of a way that is not safe that it is not used."""
        safe = draft.get("safe-ways", "ways") or []
        if "any" not in safe and not {"phone", "text"} & set(safe):
            self.phone.description = "You said that calls are not safe, so we do not ring this number."
        if "any" not in safe and "email" not in safe:
            self.email.description = "You said that email is not safe, so we do not write to this address."

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for at least one of the two."""
        fine = super().validate(extra_validators)
        if fine and not (self.email.data or self.phone.data):
            self.email.errors = ["Enter an email address or a phone number"]
            return False
        return fine

"""Whom the request is about, and who has to agree to it or acts for them."""

from typing import Any

from parley.casework.domain import Capacity
from parley.casework.wording_codes import GROUNDS
from parley.kernel.sentences import capitalised
from parley.web.fields import Choice, DateField, EmailField, PhoneField, RadioField, Required, TextField
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.steps.step import MEDIUM, SHORT, PastDate, Section, Step


class Child(Step):
    """Whom the request is about."""

    slug = "child"
    section = Section.CHILD
    heading = "Who is the request about?"

    name = TextField(
        "Full name", [Required("Enter the name of the child or young person")], spellcheck=False, noun="the name"
    )
    born = DateField(
        "Date of birth",
        [Required("Enter the date of birth"), PastDate("The date of birth must be in the past")],
        hint="For example, 29 2 2016.",
        noun="the date of birth",
    )

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask whoever asks for somebody else."""
        return not draft.asks_for_self


class OwnBirth(Step):
    """A young person's own date of birth."""

    slug = "your-birth"
    section = Section.CHILD

    born = DateField(
        "What is your date of birth?",
        [Required("Enter your date of birth"), PastDate("Your date of birth must be in the past")],
        hint="For example, 29 2 2008.",
        noun="your date of birth",
        birthday=True,
    )

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask a young person who asks for themselves."""
        return draft.asks_for_self


class Home(Step):
    """Where the child or young person lives."""

    slug = "home"
    section = Section.CHILD
    heading = "Where does {child} live?"
    own_heading = "Where do you live?"
    lead = "Only {provider} sees the address. You can leave it empty and tell {provider} later."

    address = TextField("Address (optional)", max_length=SHORT, rows=4, noun="the address", spellcheck=False)


class Setting(Step):
    """Where the child or young person is educated."""

    slug = "setting"
    section = Section.CHILD
    heading = "Where is {child} educated?"
    own_heading = "Where are you educated?"
    lead = "Leave this empty if there is none at the moment."

    setting = TextField("Nursery, school or college (optional)", noun="the name of the nursery, school or college")


class YoungPerson(Step):
    """How a young person is asked for their own yes."""

    slug = "young-person"
    section = Section.CHILD
    heading = "{child} has to agree too"
    lead = (
        "{child} has reached school leaving age, so the law gives the choice to them. We ask them for their own "
        "yes by email. Where you give only a phone number, somebody at {provider} rings them, and is told their "
        "name and number for that and nothing else. Until they say yes, nothing is sent on."
    )

    email = EmailField("Their own email address", noun="their email address", autocomplete="off")
    phone = PhoneField("Their own phone number", noun="their phone number", autocomplete="off")
    own_email = ""

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask a parent of somebody who may decide for themselves."""
        return draft.needs_young_persons_yes

    def fit(self, draft: Draft) -> None:
        """Learn the asker's own address, which cannot be the young person's."""
        self.own_email = str(draft.get("contact", "email") or "")

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


class Acting(Step):
    """On what ground somebody acts for a young person."""

    slug = "acting"
    section = Section.CHILD
    heading = "Acting for a young person"

    ground = RadioField(
        "On what ground do you act for the young person?",
        [Required("Select on what ground you act")],
        hint="Whether they can make this decision is judged for this decision alone, never from a diagnosis.",
        choices=tuple(Choice(value=value, text=capitalised(text)) for value, text in GROUNDS.items()),
    )
    details = TextField(
        "Is there anything the provider should know about this? (optional)",
        max_length=MEDIUM,
        rows=3,
        noun="what the provider should know",
    )

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask whoever acts for somebody who cannot decide."""
        return draft.capacity is Capacity.ALTERNATIVE_PERSON

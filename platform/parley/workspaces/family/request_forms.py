"""The questions of a request, each a form of its own. Which of them are asked, and when, is in ``journey``.

Labels that depend on the council, the provider or the child are set by ``journey`` when a form is built.
"""

import datetime as dt
from typing import Any

from parley.casework.domain import Capacity, PartyKind
from parley.casework.request import MeetingMode
from parley.web.fields import (
    CheckboxesField,
    Choice,
    DateField,
    EmailField,
    NotAfter,
    PhoneField,
    RadioField,
    Required,
    TextField,
)
from parley.web.forms import BaseForm

#: Room for a story, and not for a file of one.
LONG, MEDIUM, SHORT = 5000, 1500, 300

_YES_NO = (Choice(value="yes", text="Yes"), Choice(value="no", text="No"))


class StepForm(BaseForm):
    """A question of a request. ``today`` is the date in England, after which no answer about the past may lie."""

    today: dt.date = dt.date.max

    def require(self, name: str, message: str) -> bool:
        """Put ``message`` beside the field ``name`` unless it was answered or has an error already; return success."""
        asked = self._fields[name]
        if not asked.data and not asked.errors:
            asked.errors = [message]
        return not asked.errors

    def raw_names(self) -> list[str]:
        """Return the names under which the browser sends this form's answers."""
        names = []
        for asked in self:
            is_date = isinstance(asked, DateField)
            names += [f"{asked.name}-{part}" for part in ("day", "month", "year")] if is_date else [asked.name]
        return names


class PastDate(NotAfter):
    """Refuses a date after the form's own today."""

    def __init__(self, message: str) -> None:
        """Take the message to show."""
        super().__init__(lambda: dt.date.max, message)

    def __call__(self, form: Any, field: Any) -> None:
        """Compare with the form's today."""
        self.latest = lambda: form.today
        super().__call__(form, field)


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


class AboutForm(StepForm):
    """What the disagreement is about, for those who come without a check."""

    about = RadioField("What is the disagreement about?", [Required("Select what it is about")])


class StageForm(StepForm):
    """Where the family stands with the council, for those who come without a check."""

    stage = RadioField("Where are you with an assessment or a plan?", [Required("Select where you are")])


class BodiesForm(StepForm):
    """With whom the disagreement is."""

    bodies = CheckboxesField(
        "Who is the disagreement with?",
        [Required("Select who the disagreement is with")],
        hint="Select all that apply.",
    )


class InviteForm(StepForm):
    """Whether each body beside the council may be asked to take part: the family's own yes."""

    setting = RadioField("May the nursery, school or college be asked?", choices=_YES_NO, inline=True)
    icb = RadioField("May the NHS body be asked?", choices=_YES_NO, inline=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask about each of those that are on the page."""
        fine = super().validate(extra_validators)
        said = [self.require(asked.name, "Select yes or no") for asked in self]
        return fine and all(said)


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


class LetterForm(StepForm):
    """Whether there is a decision letter."""

    has_letter = RadioField(
        "Do you have a letter from the council with a decision about an assessment or a plan?",
        [Required("Select yes if you have a decision letter")],
        hint="For example, that it will not assess, will not make a plan, or a final plan.",
        choices=(Choice(value="yes", text="Yes", reveals="letter"), Choice(value="no", text="No")),
    )
    letter = DateField(
        "When is the letter dated?",
        [PastDate("The date of the letter must be today or in the past")],
        hint="For example, 27 9 2026. The date is at the top of the letter.",
        noun="the date of the letter",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the date of a letter that there is."""
        fine = super().validate(extra_validators)
        return fine and (self.has_letter.data != "yes" or self.require("letter", "Enter the date of the letter"))


class CertificateForm(StepForm):
    """Whether there is a mediation certificate, which can move the date of an appeal."""

    has_certificate = RadioField(
        "Has a mediation adviser given you a certificate?",
        [Required("Select yes if you have a certificate")],
        hint="You get one from the mediation adviser. This service does not give certificates.",
        choices=(Choice(value="yes", text="Yes", reveals="certificate"), Choice(value="no", text="No")),
    )
    certificate = DateField(
        "When is the certificate dated?",
        [PastDate("The date of the certificate must be today or in the past")],
        hint="For example, 27 9 2026.",
        noun="the date of the certificate",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the date of a certificate that there is."""
        fine = super().validate(extra_validators)
        asked = self.has_certificate.data == "yes"
        return fine and (not asked or self.require("certificate", "Enter the date of the certificate"))


class DatesForm(StepForm):
    """The family's word that it knows what this request does not do."""

    knows = CheckboxesField(
        "What you need to know",
        [Required("Tick the box to show that you know this request does not contact the mediation adviser")],
        choices=(
            Choice(value="yes", text="I know that sending this request does not contact the mediation adviser for me"),
        ),
    )


class StoryForm(StepForm):
    """What has happened."""

    story = TextField("What has happened? (optional)", max_length=LONG, rows=10, noun="your story")


class WishForm(StepForm):
    """What the family wishes for."""

    wish = TextField("What would you like to come out of this? (optional)", max_length=LONG, rows=6, noun="your wish")


class ViewsForm(StepForm):
    """What the child or young person says."""

    views = TextField("What do they think? (optional)", max_length=LONG, rows=6, noun="their views")


ACCESS_NEEDS = {
    "interpreter": "An interpreter",
    "bsl": "British Sign Language",
    "easy_read": "Easy read",
    "large_print": "Large print",
    "step_free": "A step-free room",
    "breaks": "Breaks during a meeting",
    "other": "Something else",
}


class AccessForm(StepForm):
    """What the family needs to take part."""

    needs = CheckboxesField(
        "Do you need any of these to take part?",
        [Required("Select what you need, or select ‘None of these’")],
        choices=(
            Choice(value="interpreter", text=ACCESS_NEEDS["interpreter"], reveals="language"),
            *(
                Choice(value=value, text=text)
                for value, text in ACCESS_NEEDS.items()
                if value not in {"interpreter", "other"}
            ),
            Choice(value="other", text=ACCESS_NEEDS["other"], reveals="details"),
            Choice(value="none", text="None of these", divider="or", exclusive=True),
        ),
    )
    language = TextField("Which language?", max_length=80, noun="the language")
    details = TextField("What do you need?", max_length=SHORT, rows=3, noun="what you need")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what was chosen and cannot be guessed."""
        fine = super().validate(extra_validators)
        chosen = self.needs.data or ()
        said = [
            "interpreter" not in chosen or self.require("language", "Enter the language"),
            "other" not in chosen or self.require("details", "Say what you need"),
        ]
        return fine and all(said)


MODES = {
    MeetingMode.IN_PERSON: "In person",
    MeetingMode.VIDEO: "By video",
    MeetingMode.PHONE: "By phone",
    MeetingMode.SEPARATE_ROOMS: "In separate rooms, with the mediator going between",
}


class MeetingForm(StepForm):
    """How and when the family could meet."""

    modes = CheckboxesField(
        "Which ways to meet would suit you?",
        hint="Select all that would do. You are asked again before anything is fixed.",
        choices=tuple(Choice(value=mode.value, text=text) for mode, text in MODES.items()),
    )
    availability = TextField(
        "Which days and times suit you, and which do not? (optional)",
        max_length=SHORT,
        rows=3,
        noun="the days and times",
        hint="For example, school hours on Mondays and Fridays, not in the holidays.",
    )


class SupporterForm(StepForm):
    """Who comes along."""

    has_supporter = RadioField(
        "Will somebody come with you to support you?",
        [Required("Select whether somebody will come with you")],
        hint="It can be anybody you trust, also somebody who works at the school. Nobody can object to your choice.",
        choices=(
            Choice(value="yes", text="Yes", reveals="supporter"),
            Choice(value="no", text="No"),
            Choice(value="later", text="I do not know yet"),
        ),
    )
    supporter = TextField(
        "Who?", max_length=SHORT, noun="who comes with you", hint="For example, my sister, or the school’s SENCo."
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask who, when somebody comes."""
        fine = super().validate(extra_validators)
        return fine and (self.has_supporter.data != "yes" or self.require("supporter", "Say who will come with you"))


class SharingForm(StepForm):
    """Which of the family's own words each side may read from the start; nothing unless it is ticked."""

    story = CheckboxesField("Your story")
    wish = CheckboxesField("What you wish for")
    child_views = CheckboxesField("Their own views")


class SendForm(BaseForm):
    """The family's agreement, and the button that sends."""

    tell_council = CheckboxesField(
        "Your agreement", [Required("Tick the box to agree that the council is told of your request")]
    )


#: The parties a family may name, in the order they are offered.
BODY_KINDS = (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING, PartyKind.ICB)

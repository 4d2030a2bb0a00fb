"""The questions of a request about the disagreement: with whom, which dates, in the family's words, how to meet; and
the form that sends.

Which of them are asked, and when, is in ``journey``, which also sets the labels that depend on the council.
"""

from typing import Any

from parley.casework.domain import PartyKind
from parley.casework.request import MeetingMode
from parley.web.fields import CheckboxesField, Choice, DateField, RadioField, Required, TextField
from parley.web.forms import BaseForm
from parley.workspaces.family.step_form import LONG, SHORT, PastDate, StepForm

_YES_NO = (Choice(value="yes", text="Yes"), Choice(value="no", text="No"))

#: The parties a family may name, in the order they are offered.
BODY_KINDS = (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING, PartyKind.ICB)


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


class ReportsForm(StepForm):
    """Whether documents are added now; the page after it takes them."""

    add = RadioField(
        "Do you have reports or other documents to add?",
        [Required("Select whether you want to add documents now")],
        hint="Only the provider sees them, until you share them.",
        choices=(
            Choice(value="now", text="Yes, now"),
            Choice(value="later", text="Yes, later", hint="You can add them at any time after you send the request."),
            Choice(value="no", text="No"),
        ),
    )


class SharingForm(StepForm):
    """Which of the family's own words each side may read from the start; nothing unless it is ticked."""

    story = CheckboxesField("Who may read your story?")
    wish = CheckboxesField("Who may read what you wish for?")
    child_views = CheckboxesField("Who may read their own views?")


class SendForm(BaseForm):
    """The family's agreement, and the button that sends."""

    tell_council = CheckboxesField(
        "Your agreement", [Required("Tick the box to agree that the council is told of your request")]
    )

"""Decision letters and certificates, which set dates that this request moves none of."""

from parley.web.fields import CheckboxesField, Choice, DateField, RadioField, Required
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.steps.step import PastDate, Section, Step


class Letter(Step):
    """Whether there is a decision letter."""

    slug = "letter"
    section = Section.LETTERS
    left_empty = {"letter": "Enter the date of the letter"}

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


class Certificate(Step):
    """Whether there is a mediation certificate, which can move the date of an appeal."""

    slug = "certificate"
    section = Section.LETTERS
    left_empty = {"certificate": "Enter the date of the certificate"}

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

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask where there is a decision letter."""
        return draft.letter_date is not None


class Dates(Step):
    """The family's word that it knows what this request does not do."""

    slug = "dates"
    section = Section.LETTERS
    heading = "These dates run whatever you do here"

    knows = CheckboxesField(
        "What you need to know",
        [Required("Tick the box to show that you know this request does not contact the mediation adviser")],
        choices=(
            Choice(value="yes", text="I know that sending this request does not contact the mediation adviser for me"),
        ),
    )

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask where there is a decision letter."""
        return draft.letter_date is not None

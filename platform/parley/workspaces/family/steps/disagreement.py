"""What the disagreement is about, and with whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from parley.casework.consent_texts import ASKING, consent_text
from parley.casework.domain import PartyKind
from parley.casework.wording import Names
from parley.eligibility.question_texts import QUESTION_TEXTS
from parley.web.fields import CheckboxesField, Choice, RadioField, Required
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.steps.step import Section, Step

#: The parties a family may name, in the order they are offered.
BODY_KINDS = (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING, PartyKind.ICB)

#: Those of them that are asked only if the family says so; the council is told of every request.
INVITED_KINDS = (PartyKind.SETTING, PartyKind.ICB)

_YES_NO = (Choice(value="yes", text="Yes"), Choice(value="no", text="No"))


class About(Step):
    """What the disagreement is about, for those who come without a check."""

    slug = "about"
    section = Section.DISAGREEMENT

    about = RadioField("What is the disagreement about?", [Required("Select what it is about")])

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask those who come without a check."""
        return draft.check is None

    def fit(self, draft: Draft) -> None:
        """Offer what the check offers."""
        self.about.choices = choices_of("about", draft)


class Stage(Step):
    """Where the family stands with the council, for those who come without a check."""

    slug = "stage"
    section = Section.DISAGREEMENT

    stage = RadioField("Where are you with an assessment or a plan?", [Required("Select where you are")])

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask those who come without a check."""
        return draft.check is None

    def fit(self, draft: Draft) -> None:
        """Offer what the check offers."""
        self.stage.choices = choices_of("stage", draft)


class Bodies(Step):
    """With whom the disagreement is."""

    slug = "bodies"
    section = Section.DISAGREEMENT

    bodies = CheckboxesField(
        "Who is the disagreement with?",
        [Required("Select who the disagreement is with")],
        hint="Select all that apply.",
    )

    def fit(self, draft: Draft) -> None:
        """Offer the bodies by their names."""
        texts = {
            PartyKind.LOCAL_AUTHORITY: (draft.around.council, None),
            PartyKind.SETTING: ("The nursery, school or college", draft.get("setting", "setting")),
            PartyKind.ICB: ("The NHS", draft.around.icb),
        }
        self.bodies.choices = tuple(
            Choice(value=kind.value, text=texts[kind][0], hint=texts[kind][1]) for kind in BODY_KINDS
        )


class Invite(Step):
    """Whether each body beside the council may be asked to take part: the family's own yes."""

    slug = "invite"
    section = Section.DISAGREEMENT
    heading = "Who may be asked to take part?"
    lead = "{council} is told of every request. Anybody else is told only if you say yes here, and may say no."

    setting = RadioField("May the nursery, school or college be asked?", choices=_YES_NO, inline=True)
    icb = RadioField("May the NHS body be asked?", choices=_YES_NO, inline=True)

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask where the disagreement is with anybody beside the council."""
        return not set(INVITED_KINDS).isdisjoint(draft.kinds)

    def fit(self, draft: Draft) -> None:
        """Ask about the bodies that were named, and say what each would learn."""
        names = Names(council=draft.around.council, provider=draft.around.provider)
        for kind in INVITED_KINDS:
            if kind in draft.kinds:
                self[kind.value].label.text = f"May {draft.around.provider} ask {draft.party_name(kind)} to take part?"
                self[kind.value].description = consent_text(ASKING[kind], names, body=draft.party_name(kind))
            else:
                del self[kind.value]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask about each of those that are on the page."""
        fine = super().validate(extra_validators)
        said = [self.require(asked.name, "Select yes or no") for asked in self]
        return fine and all(said)


def choices_of(field: str, draft: Draft) -> tuple[Choice, ...]:
    """Return the choices of a question of the check, in the council's words."""
    words = draft.around.words
    return tuple(
        Choice(value=option.value, text=option.label.format_map(words), hint=option.hint.format_map(words) or None)
        for option in QUESTION_TEXTS[field].options
    )


def labels_of(field: str, values: Iterable[str | None], words: Mapping[str, str]) -> list[str]:
    """Return the labels of a question of the check that stand for ``values``, in the council's words."""
    chosen = set(values)
    return [option.label.format_map(words) for option in QUESTION_TEXTS[field].options if option.value in chosen]

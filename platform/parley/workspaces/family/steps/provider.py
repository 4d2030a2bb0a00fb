"""Which of several providers the family asks, where the council leaves it the choice."""

from parley.web.fields import Choice, RadioField, Required
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.steps.step import Section, Step


class WhichProvider(Step):
    """Which provider takes the request."""

    slug = "provider"
    section = Section.DISAGREEMENT

    provider = RadioField(
        "Which of them would you like to ask?",
        [Required("Select whom you would like to ask")],
        hint=(
            "All of them are independent and cost you nothing. If the one you choose cannot take your request, it goes "
            "to another of them, and you are told which and why. You can withdraw at any time."
        ),
    )

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask where the council has several and leaves the choice to the family."""
        return bool(draft.around.to_choose)

    def fit(self, draft: Draft) -> None:
        """Offer them in the council's order."""
        self.provider.choices = tuple(
            Choice(value=one.slug, text=one.name, hint=one.hint or None) for one in draft.around.to_choose
        )

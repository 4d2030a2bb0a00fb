"""What the family says in its own words and papers, and who may read it."""

from parley.casework.domain import PartyKind, StatementKind
from parley.kernel.sentences import capitalised
from parley.web.fields import CheckboxesField, Choice, RadioField, Required, TextField
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.steps.step import LONG, Section, Step


class Story(Step):
    """What has happened."""

    slug = "story"
    section = Section.WORDS
    heading = "Your story"
    lead = (
        "Tell it in your own words, in any language. {provider} reads it; {council} and others do not, unless you "
        "share it. You can leave this empty and tell {provider} by phone."
    )

    story = TextField("What has happened? (optional)", max_length=LONG, rows=10, noun="your story")


class Wish(Step):
    """What the family wishes for."""

    slug = "wish"
    section = Section.WORDS
    heading = "What you wish for"
    lead = "You do not need to know the solution. It helps {provider} to see what matters most to you."

    wish = TextField("What would you like to come out of this? (optional)", max_length=LONG, rows=6, noun="your wish")


class Views(Step):
    """What the child or young person says."""

    slug = "views"
    section = Section.WORDS
    heading = "What {child} says"
    lead = "In their own words if you can, or how you can tell what they think. A drawing can be brought later."

    views = TextField("What do they think? (optional)", max_length=LONG, rows=6, noun="their views")

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask whoever asks for somebody else."""
        return not draft.asks_for_self


class Reports(Step):
    """Whether documents are added now; the page after it takes them."""

    slug = "reports"
    section = Section.WORDS

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


class Sharing(Step):
    """Which of the family's own words each side may read from the start; nothing unless it is ticked."""

    slug = "sharing"
    section = Section.WORDS
    heading = "Who may read your own words?"
    lead = (
        "{provider} reads all of it. Nobody else does unless you tick them here. You can also share later, and you "
        "can stop sharing at any time; what was read before cannot be unread."
    )
    nothing = "Nobody but the provider"

    story = CheckboxesField("Who may read your story?")
    wish = CheckboxesField("Who may read what you wish for?")
    child_views = CheckboxesField("Who may read their own views?")

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Ask once something was written."""
        return bool(draft.statements)

    def fit(self, draft: Draft) -> None:
        """Ask about what was written, and offer each side of the disagreement."""
        parties = [PartyKind.LOCAL_AUTHORITY, *(kind for kind in draft.kinds if kind is not PartyKind.LOCAL_AUTHORITY)]
        choices = tuple(Choice(value=kind.value, text=capitalised(draft.party_name(kind))) for kind in parties)
        boxes = {
            StatementKind.STORY: self.story,
            StatementKind.WISH: self.wish,
            StatementKind.CHILD_VIEWS: self.child_views,
        }
        for kind, box in boxes.items():
            if kind in draft.statements:
                box.choices = choices
            else:
                del self[kind.value]

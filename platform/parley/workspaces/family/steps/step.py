"""What every question of a request has in common."""

import enum
from collections.abc import Mapping
from typing import Any, ClassVar

from parley.web.fields import DateField, NotAfter
from parley.web.forms import BaseForm
from parley.workspaces.family.draft import Draft

#: Room for a story, and not for a file of one.
LONG, MEDIUM, SHORT = 5000, 1500, 300


class Section(enum.StrEnum):
    """What a question belongs to, in the order in which sections are listed."""

    SAFETY = "Keeping you safe"
    YOU = "About you"
    CHILD = "About the child or young person"
    DISAGREEMENT = "The disagreement"
    LETTERS = "Letters and dates"
    WORDS = "In your own words"
    MEETING = "Meeting"


class Step(BaseForm):
    """One question of a request, on a page of its own: its texts, its fields, when it is asked.

    ``heading`` stands above several fields; a field that is alone is its own heading. ``own_heading`` speaks to a young
    person who asks for themselves. Texts may name {child}, {provider} and {council}.
    """

    slug: ClassVar[str]
    section: ClassVar[Section]
    heading: ClassVar[str | None] = None
    own_heading: ClassVar[str | None] = None
    lead: ClassVar[str | None] = None

    left_empty: ClassVar[Mapping[str, str]] = {}
    """For each field that a choice reveals, what to say when that choice was made and the field left empty."""
    nothing: ClassVar[str] = "Not given"
    """What stands for an empty answer where answers are read back."""

    def __init__(self, draft: Draft, formdata: Any = None) -> None:
        """Bind to ``formdata``, else to the request's, and fit the page to the draft."""
        super().__init__(formdata)
        self.today = draft.around.today
        self.fit(draft)

    @classmethod
    def applies(cls, draft: Draft) -> bool:
        """Tell whether this request is asked the question."""
        return True

    def fit(self, draft: Draft) -> None:
        """Set the labels and choices that depend on the draft."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge each field, and ask for what a choice revealed."""
        fine = super().validate(extra_validators)
        said = [self.require(name, self.left_empty[name]) for name in self._revealed_by_choice()]
        return fine and all(said)

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

    def _revealed_by_choice(self) -> list[str]:
        revealed = []
        for asked in self:
            chosen = [asked.data] if isinstance(asked.data, str) else asked.data or ()
            choices = getattr(asked, "choices", ())
            revealed += [choice.reveals for choice in choices if choice.reveals and choice.value in chosen]
        return revealed


class PastDate:
    """Refuses a date after the step's own today."""

    def __init__(self, message: str) -> None:
        """Take the message to show."""
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Compare with the step's today."""
        NotAfter(lambda: form.today, self.message)(form, field)

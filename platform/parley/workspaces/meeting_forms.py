"""What people of every side are asked about a meeting: which times they can do, who supports them, what they bring."""

import uuid
from collections.abc import Mapping

from parley.meetings.domain import SlotAnswer
from parley.meetings.service.proposing import Preparation
from parley.meetings.views import AttendeeView, MeetingView
from parley.meetings.wording import ANSWERS, period_words
from parley.web.fields import CheckboxesField, Choice, RadioField, Required, TextField
from parley.web.forms import BaseForm


def times_form(meeting: MeetingView, answers: Mapping[uuid.UUID, SlotAnswer], *, whose: str = "I") -> BaseForm:
    """Return the form that asks about each suggested time, filled with what was answered (by slot id).

    ``whose`` is who answers, for the words: "I", or "We" for a council.
    """
    choices = tuple(Choice(value=value.value, text=text.replace("I ", f"{whose} ")) for value, text in ANSWERS.items())
    fields = {
        field_of(slot.id): RadioField(
            period_words(slot.period), [Required("Say whether this time suits")], choices=choices
        )
        for slot in meeting.slots
    }
    form: type[BaseForm] = type("TimesForm", (BaseForm,), fields)
    return form(data={field_of(slot_id): value.value for slot_id, value in answers.items()})


def read_answers(form: BaseForm, meeting: MeetingView) -> dict[uuid.UUID, SlotAnswer]:
    """Return what a valid times form says, by slot id."""
    return {slot.id: SlotAnswer(form[field_of(slot.id)].data) for slot in meeting.slots}


def field_of(slot_id: uuid.UUID) -> str:
    """Return the name of the field that asks about a slot."""
    return f"slot_{slot_id.hex}"


def _brings() -> TextField:
    return TextField(
        "Reports or other papers you will bring",
        hint="Say which, so that there is time to read them. Leave it empty if there are none.",
        max_length=2000,
        rows=4,
        noun="what you bring",
    )


class BringForm(BaseForm):
    """Which papers somebody means to bring."""

    brings = _brings()

    def preparation(self) -> Preparation:
        """Return what was said."""
        return Preparation(brings=self.brings.data or "")


class PreparationForm(BringForm):
    """Who comes to support somebody of a family, and what they bring."""

    supporter_name = TextField(
        "Name of your supporter",
        hint="A friend, a relative, an advocate, a teacher, anybody you choose. Nobody can object to whom you choose. "
        "Leave it empty if you come without.",
        autocomplete="off",
        spellcheck=False,
        noun="the name",
    )
    supporter_relation = TextField(
        "Who they are to you", hint="For example: my sister, or a teacher at the school.", noun="who they are to you"
    )
    supporter_shared = CheckboxesField(
        "May the other sides know who it is?",
        hint="If you do not tick this, they only learn that a supporter comes.",
        choices=(Choice(value="yes", text="Yes, they may read the name and who it is"),),
    )
    # Once more, because fields are asked in the order in which they are made.
    brings = _brings()

    def preparation(self) -> Preparation:
        """Return what was said."""
        return Preparation(
            supporter_name=self.supporter_name.data or "",
            supporter_relation=self.supporter_relation.data or "",
            supporter_shared="yes" in self.supporter_shared.data,
            brings=self.brings.data or "",
        )


class SpokenBringForm(BringForm):
    """Which papers somebody of a council, school or health body brings, as they told a coordinator."""

    brings = TextField(
        "Reports or other papers they will bring",
        hint="Leave it empty if there are none.",
        max_length=2000,
        rows=4,
        noun="what they bring",
    )


class SpokenPreparationForm(PreparationForm):
    """Who comes to support somebody of a family, and what they bring, as they told a coordinator."""

    supporter_name = TextField(
        "Name of the supporter",
        hint="Leave it empty if they come without.",
        autocomplete="off",
        spellcheck=False,
        noun="the name",
    )
    supporter_relation = TextField(
        "Who the supporter is to them",
        hint="For example: their sister, or a teacher at the school.",
        noun="who the supporter is to them",
    )
    supporter_shared = CheckboxesField(
        "May the other sides know who it is?",
        hint="Ask them. If you do not tick this, the others only learn that a supporter comes.",
        choices=(Choice(value="yes", text="Yes, they may read the name and who it is"),),
    )
    brings = TextField(
        "Reports or other papers they will bring",
        hint="Leave it empty if there are none.",
        max_length=2000,
        rows=4,
        noun="what they bring",
    )


def preparation_data(person: AttendeeView | None) -> dict[str, object]:
    """Return what fills either form for somebody."""
    if person is None:
        return {}
    supporter = person.supporter
    return {
        "brings": person.brings,
        "supporter_name": supporter.name if supporter else "",
        "supporter_relation": supporter.relation if supporter else "",
        "supporter_shared": ["yes"] if supporter and supporter.shared else [],
    }

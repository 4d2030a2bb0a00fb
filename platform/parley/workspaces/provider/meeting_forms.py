"""The forms of a meeting's acts. What depends on who comes is put together here, from the people themselves."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from parley.casework.request import MeetingMode
from parley.kernel.clock import london
from parley.kernel.errors import Invalid
from parley.meetings.domain import (
    MOST_SLOTS,
    AskedBy,
    Invitee,
    OwnPlace,
    Period,
    Place,
    Places,
    own_field,
    period_on,
    room_link,
)
from parley.meetings.service.fixing import Arrangement
from parley.meetings.views import AttendeeView, MeetingView
from parley.meetings.wording import ASKED_BY, MODES
from parley.web.fields import CheckboxesField, Choice, DateField, RadioField, Required, SelectField, TextField
from parley.web.forms import BaseForm
from parley.web.time_field import TimeField

_MODES = tuple(Choice(value=mode.value, text=text) for mode, text in MODES.items())
_ORDINALS = ("First", "Second", "Third", "Fourth")


def mode_field() -> RadioField:
    """Ask how people meet."""
    return RadioField("How do people meet?", [Required("Select how people meet")], choices=_MODES)


def asked_by_field() -> RadioField:
    """Ask at whose wish something changes."""
    choices = tuple(Choice(value=by.value, text=text) for by, text in ASKED_BY.items())
    return RadioField("Who asked for it?", [Required("Select who asked for it")], choices=choices)


class SlotsForm(BaseForm):
    """Up to four times; rows left empty count for nothing."""

    def periods(self) -> list[tuple[int, Period]]:
        """Return the times that were filled in, each with its row. Raises Invalid for a row that is half filled in."""
        found, wrong = [], {}
        for row in range(MOST_SLOTS):
            day, begins, ends = (self[f"{part}_{row}"].data for part in ("day", "begins", "ends"))
            if day and begins and ends:
                found.append((row, period_on(day, begins, ends)))
            elif day or begins or ends:
                missing = "day" if not day else "begins" if not begins else "ends"
                wrong[f"{missing}_{row}"] = ["Enter the date, when it begins and when it ends"]
        if wrong:
            raise Invalid(wrong)
        return found

    def take_slot_errors(self, invalid: Invalid, rows: Sequence[int]) -> None:
        """Show what a service says of "slot_<n>" beside the row that the n-th time came from."""
        named = {f"slot_{index}": f"day_{row}" for index, row in enumerate(rows)} | {"slots": "day_0"}
        self.take_errors(Invalid({named.get(name, name): found for name, found in invalid.errors.items()}))


def slots_form(*, moved: bool, mode: MeetingMode | None) -> SlotsForm:
    """Return the form that suggests times; with ``moved`` it also asks who gave up the old one."""
    fields: dict[str, Any] = {"asked_by": asked_by_field()} if moved else {}
    fields["mode"] = mode_field()
    for row in range(MOST_SLOTS):
        fields[f"day_{row}"] = DateField("Date", noun="the date")
        fields[f"begins_{row}"] = TimeField("Begins", hint="For example, 10:30am or 14:15")
        fields[f"ends_{row}"] = TimeField("Ends")
    form: SlotsForm = type("AskTimesForm", (SlotsForm,), fields)(data={"mode": mode.value if mode else None})
    return form


def slot_groups() -> list[tuple[str, list[str]]]:
    """Return the rows of the slots form: a heading and the fields below it."""
    return [
        (
            f"{_ORDINALS[row]} time{'' if row == 0 else ' (optional)'}",
            [f"{part}_{row}" for part in ("day", "begins", "ends")],
        )
        for row in range(MOST_SLOTS)
    ]


class ArrangementForm(BaseForm):
    """Where a meeting is, and where each person goes who goes elsewhere."""

    def arrangement(self, people: Sequence[AttendeeView]) -> Arrangement:
        """Return what a valid form says."""
        mode = MeetingMode(self["mode"].data)
        is_video = mode is MeetingMode.VIDEO
        own = {
            person.member_id: OwnPlace(
                arrives=self[_own("arrives", person.member_id)].data,
                place=self[_own("place", person.member_id)].data or "",
                link=(self[_own("link", person.member_id)].data or "") if is_video else "",
            )
            for person in people
        }
        link = (self["link"].data or "") if is_video else ""
        return Arrangement(
            mode=mode,
            places=Places(common=Place(place=self["place"].data or "", link=link), own=own),
            for_everybody=self["for_everybody"].data or "",
            notice_waived="yes" in (self["notice_waived"].data if "notice_waived" in self else ()),
        )

    def take_arrangement_errors(self, invalid: Invalid, people: Sequence[AttendeeView]) -> None:
        """Show what a service says of one person's own place beside that person's fields."""
        named = {own_field(person.member_id): _own("place", person.member_id) for person in people}
        if MeetingMode(self["mode"].data) is MeetingMode.VIDEO:
            named = {own_field(person.member_id): _own("link", person.member_id) for person in people}
        self.take_errors(Invalid({named.get(name, name): found for name, found in invalid.errors.items()}))


def arrangement_form(
    meeting: MeetingView, before: Mapping[str, Any], *, notice: str = "", link_template: str = ""
) -> ArrangementForm:
    """Return the form of an arrangement, with the fields ``before`` above it, filled with how it stands now.

    With ``notice``, the time a family has in law, it asks whether the family waived that.
    """
    fields: dict[str, Any] = dict(before)
    fields["mode"] = mode_field()
    fields["place"] = TextField(
        "Where, or how the call is made",
        hint="The address and how to find the room; for a meeting by phone, who rings whom. Everybody reads it who has "
        "no place of their own below.",
        rows=3,
        max_length=1000,
        noun="the place",
    )
    fields["link"] = TextField(
        "Link to the video meeting", hint="Only for video. It begins with https://", spellcheck=False, noun="the link"
    )
    for person in meeting.people:
        fields |= _own_fields(person)
    fields["for_everybody"] = TextField(
        "What everybody who comes should know",
        hint="For example that an interpreter takes part, or when there are breaks. All sides read it: name nobody.",
        rows=3,
        max_length=1000,
        noun="this text",
    )
    if notice:
        fields["notice_waived"] = CheckboxesField(
            f"If the meeting is sooner than {notice} from now",
            hint=f"A family is told the date and place at least {notice} before, unless it waives that.",
            choices=(Choice(value="yes", text="The family said that shorter notice is enough"),),
        )
    form: ArrangementForm = type("AskArrangementForm", (ArrangementForm,), fields)(
        data=_as_it_stands(meeting, link_template)
    )
    return form


def own_groups(people: Sequence[AttendeeView]) -> list[tuple[AttendeeView, list[str]]]:
    """Return each person with the fields about where they alone go."""
    return [(person, [_own(part, person.member_id) for part in ("arrives", "place", "link")]) for person in people]


def _own_fields(person: AttendeeView) -> dict[str, Any]:
    return {
        _own("arrives", person.member_id): TimeField("Arrives at", hint="Leave empty for the time of the meeting"),
        _own("place", person.member_id): TextField(
            "Own place or room", hint="In full: it is shown instead of the place above", rows=2, max_length=1000
        ),
        _own("link", person.member_id): TextField("Own video link", spellcheck=False),
    }


def _own(part: str, member_id: uuid.UUID) -> str:
    return f"{part}_{member_id.hex}"


def _as_it_stands(meeting: MeetingView, link_template: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "mode": meeting.mode.value,
        "place": meeting.place,
        "link": meeting.link or (room_link(link_template, meeting.id) if link_template else ""),
        "for_everybody": meeting.for_everybody,
    }
    for person in meeting.people:
        data |= _own_data(person, meeting, link_template)
    return data


def _own_data(person: AttendeeView, meeting: MeetingView, link_template: str) -> dict[str, Any]:
    own_link = person.link if person.has_own_place and person.link != meeting.link else ""
    if not own_link and link_template and person.invitee.safety.attend_apart:
        own_link = room_link(link_template, meeting.id, str(person.member_id))
    arrives: dt.time | None = None
    if person.has_own_arrival and person.arrives_at is not None:
        arrives = london(person.arrives_at).time().replace(tzinfo=None)
    return {
        _own("arrives", person.member_id): arrives,
        _own("place", person.member_id): person.place if person.has_own_place and person.place != meeting.place else "",
        _own("link", person.member_id): own_link,
    }


def slot_field(meeting: MeetingView, tallies: Mapping[uuid.UUID, str], words: Mapping[uuid.UUID, str]) -> RadioField:
    """Ask which of the suggested times is fixed, each with what people said to it."""
    choices = tuple(Choice(value=slot.id.hex, text=words[slot.id], hint=tallies[slot.id]) for slot in meeting.slots)
    return RadioField("Which time?", [Required("Select a time")], choices=choices)


def mediator_field(choices: Sequence[Choice]) -> SelectField:
    """Ask who leads the meeting."""
    return SelectField("Mediator", [Required("Select a mediator")], choices=choices)


def moved_fields() -> dict[str, Any]:
    """Ask at whose wish, and to when, a meeting is moved."""
    return {
        "asked_by": asked_by_field(),
        "day": DateField("New date", [Required("Enter the new date")], noun="the new date"),
        "begins": TimeField("Begins", [Required("Enter when it begins")], hint="For example, 10:30am or 14:15"),
        "ends": TimeField("Ends", [Required("Enter when it ends")]),
    }


class CancelForm(BaseForm):
    """Who cancels."""

    asked_by = asked_by_field()


class HeldForm(BaseForm):
    """Who was there."""

    attended = CheckboxesField("Who was there?", [Required("Select who was there")], hint="Select all who came.")
    decision_maker = RadioField(
        "Was somebody there who could decide for the council?",
        [Required("Select yes or no")],
        choices=(Choice(value="yes", text="Yes"), Choice(value="no", text="No")),
        inline=True,
    )


class NeedsForm(BaseForm):
    """Which of a person's needs are met."""

    met = CheckboxesField("Which of these are arranged?", hint="What you do not tick is shown as not yet arranged.")


class MediatorForm(BaseForm):
    """A mediator and their register entry."""

    name = TextField("Name", [Required("Enter the mediator’s name")], autocomplete="off", spellcheck=False)
    register_body = TextField(
        "Whose register", hint="For example, Civil Mediation Council", max_length=200, noun="the register"
    )
    register_number = TextField(
        "Number in the register", max_length=60, spellcheck=False, autocomplete="off", width="govuk-input--width-20"
    )
    registered_until = DateField("The entry runs out on", noun="the date")
    identity = SelectField(
        "Signs in as", hint="So that their own cases can be shown to them. Leave it open if they do not sign in here."
    )
    retired = CheckboxesField(
        "Still working for you?", choices=(Choice(value="yes", text="No longer: do not offer them any more"),)
    )


def period_of(form: BaseForm) -> Period:
    """Return the new time that a valid form of a move gives."""
    return period_on(form["day"].data, form["begins"].data, form["ends"].data)


def asked_by_of(form: BaseForm) -> AskedBy:
    """Return at whose wish, as a valid form says."""
    return AskedBy(form["asked_by"].data)


def apart_note(invitee: Invitee) -> str:
    """Return what a coordinator has to heed when placing somebody."""
    wishes = []
    if invitee.safety.attend_apart:
        wishes.append("asked to take part apart from the others: needs a place or link of their own")
    if invitee.safety.wait_apart:
        wishes.append("asked to wait apart from the others: needs a time or place of their own")
    return "; ".join(wishes)

"""How the family could meet, with what help, and who comes along."""

from parley.casework.request import MeetingMode
from parley.web.fields import CheckboxesField, Choice, RadioField, Required, TextField
from parley.workspaces.family.steps.step import SHORT, Section, Step

ACCESS_NEEDS = {
    "interpreter": "An interpreter",
    "bsl": "British Sign Language",
    "easy_read": "Easy read",
    "large_print": "Large print",
    "step_free": "A step-free room",
    "breaks": "Breaks during a meeting",
    "other": "Something else",
}


class Access(Step):
    """What the family needs to take part."""

    slug = "access"
    section = Section.MEETING
    left_empty = {"language": "Enter the language", "details": "Say what you need"}

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


MODES = {
    MeetingMode.IN_PERSON: "In person",
    MeetingMode.VIDEO: "By video",
    MeetingMode.PHONE: "By phone",
    MeetingMode.SEPARATE_ROOMS: "In separate rooms, with the mediator going between",
}


class Meeting(Step):
    """How and when the family could meet."""

    slug = "meeting"
    section = Section.MEETING
    heading = "If there is a meeting"

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


class Supporter(Step):
    """Who comes along."""

    slug = "supporter"
    section = Section.MEETING
    left_empty = {"supporter": "Say who will come with you"}

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

"""What keeps the person safe who asks; asked before anything else."""

from parley.web.fields import CheckboxesField, Choice, RadioField, Required, TextField
from parley.workspaces.family.steps.step import MEDIUM, SHORT, Section, Step


class SafeWays(Step):
    """How the person can be reached without danger."""

    slug = "safe-ways"
    section = Section.SAFETY
    heading = "How can you be reached safely?"
    lead = "We ask this before anything else. Only {provider} sees your answers."

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


class MustNotLearn(Step):
    """Who must not hear of the request."""

    slug = "must-not-learn"
    section = Section.SAFETY
    left_empty = {"who": "Say who must not learn of this"}

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


class Apart(Step):
    """What else keeps the person safe."""

    slug = "apart"
    section = Section.SAFETY

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

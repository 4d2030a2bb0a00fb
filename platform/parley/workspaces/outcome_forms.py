"""What people are asked about a draft, an agreed action and a meeting that was held."""

from parley.compartment.domain import LONGEST, Rating
from parley.outcomes.domain import LONGEST_DISPUTE
from parley.web.fields import Choice, RadioField, Required, TextField
from parley.web.forms import BaseForm

RATINGS = {
    Rating.VERY_GOOD: "Very good",
    Rating.GOOD: "Good",
    Rating.NEITHER: "Neither good nor poor",
    Rating.POOR: "Poor",
    Rating.VERY_POOR: "Very poor",
}

CONFIRM = Choice(value="confirm", text="I confirm it", hint="This is what was said at the meeting, and I agree to it.")
CHANGE = Choice(
    value="change",
    text="I want something to be changed",
    hint="Say what. A new version is then sent to everybody, and everybody is asked again.",
    reveals="change",
)
TAKE_BACK = Choice(value="take_back", text="I take my confirmation back")


class AnswerForm(BaseForm):
    """What somebody says to their copy of a draft."""

    answer = RadioField(
        "What do you say to it?", [Required("Select what you say to it")], choices=(CONFIRM, CHANGE, TAKE_BACK)
    )
    change = TextField(
        "What should be changed?",
        hint="Only the provider reads this.",
        max_length=LONGEST,
        rows=4,
        noun="what should be changed",
    )

    def offer(self, *, confirmed: bool) -> None:
        """Offer what somebody can say who has, or has not, confirmed their copy."""
        self.answer.choices = (TAKE_BACK, CHANGE) if confirmed else (CONFIRM, CHANGE)


class SpokenForm(AnswerForm):
    """What a member of a family said to their copy, which was read to them on the phone."""

    answer = RadioField(
        "What did they say to it?",
        [Required("Select what they said to it")],
        choices=(
            Choice(
                value="confirm", text="They confirm it", hint="I read all of it to them, and they said so themselves."
            ),
            Choice(value="change", text="They want something to be changed", reveals="change"),
            Choice(value="take_back", text="They take their confirmation back"),
        ),
    )


class DisputeForm(BaseForm):
    """What is not done, or not as agreed."""

    words = TextField(
        "What is not done, or not as agreed?",
        [Required("Say what is not done, or not as agreed")],
        hint="Every side can read this.",
        max_length=LONGEST_DISPUTE,
        rows=5,
        noun="what you write",
    )


class FeedbackForm(BaseForm):
    """What somebody thought of a meeting."""

    rating = RadioField(
        "How did you find the meeting?",
        [Required("Select how you found the meeting")],
        choices=tuple(Choice(value=rating.value, text=text) for rating, text in RATINGS.items()),
    )
    words = TextField(
        "What went well, and what could be better?",
        hint="You can leave this empty.",
        max_length=LONGEST,
        rows=5,
        noun="what you write",
    )

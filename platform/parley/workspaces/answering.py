"""How an answer is written on a page, whoever gives it: read once as the family will, never lost, never overruled."""

import dataclasses
import datetime as dt

from flask import request

from parley.casework.domain import DeclineReason
from parley.casework.service.answers import NewAnswer
from parley.casework.views import PartyView
from parley.casework.wording import Names, answer_words, decline_words
from parley.kernel.errors import Conflict
from parley.web import typed
from parley.web.fields import Choice
from parley.web.forms import BaseForm

#: Reasons to decline as who answers reads them; the family reads ``casework.wording.decline_words`` and the words.
REASONS = tuple(
    Choice(value=reason.value, text=text)
    for reason, text in (
        (DeclineReason.OUT_OF_SCOPE, "It is not something this service is for"),
        (DeclineReason.ALREADY_RESOLVED, "It has been settled"),
        (DeclineReason.OTHER_ROUTE, "Another way is the right one"),
        (DeclineReason.NOT_OUR_RESPONSIBILITY, "Somebody else is responsible"),
        (DeclineReason.OTHER, "Another reason"),
    )
)

#: What the buttons of the preview send as ``step``; anything else asks for the preview.
CHANGE, SEND, SEND_AND_NEXT = "change", "send", "send-next"


class AnswerForm(BaseForm):
    """One kind of answer, being written."""

    def answer(self) -> NewAnswer:
        """Return the answer that a valid form gives."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True, kw_only=True)
class FamilyReads:
    """An answer as the family's own page shows it (``components/party_answer.html``)."""

    name: str
    answer: str
    tone: str
    holding_until: dt.date | None
    reason: str
    words: str


def as_family_reads(own: PartyView, called: str, new: NewAnswer, names: Names) -> FamilyReads:
    """Return the answer that the side ``own`` is about to give, in the words and order of the family's page."""
    answered = dataclasses.replace(
        own, answer=new.value, reason=new.reason, words=new.words, holding_until=new.holding_until
    )
    text, tone = answer_words(answered)
    return FamilyReads(
        name=called,
        answer=text,
        tone=tone,
        holding_until=new.holding_until,
        reason=decline_words(new.reason, names),
        words=new.words,
    )


def seen_at(own: PartyView) -> str:
    """Return when the answer was given that stands now, "" for none: a form carries it as ``seen``."""
    return own.answered_at.isoformat() if own.answered_at else ""


def seen_answer() -> dt.datetime | None:
    """Return when the answer was given that the page showed. Raises Conflict for what no page of ours sent."""
    sent = request.form.get("seen", "")
    try:
        return dt.datetime.fromisoformat(sent) if sent else None
    except ValueError:
        raise Conflict("Open the case again to see how it stands now.", code="unknown-answer") from None


def carried() -> list[tuple[str, str]]:
    """Return what the preview carries on in hidden boxes."""
    return [(name, value) for name, value in typed.typed_values() if name != "step"]


def written() -> list[tuple[str, str]]:
    """Return what was typed, for a page that says that it was not sent; a reason in the words it was chosen by."""
    chosen = {reason.value: reason.text for reason in REASONS}
    return [(name, chosen.get(value, value) if name == "reason" else value) for name, value in typed.written()]

"""What a family can do besides waiting, in plain words. Pure."""

from parley.casework import wording_texts as texts
from parley.casework.domain import AnswerValue, CaseState, ClockCode, CloseReason, PartyKind, Viewer
from parley.casework.views import CaseView
from parley.casework.wording import Names
from parley.kernel.sentences import capitalised


def what_else(view: CaseView, names: Names) -> list[tuple[str, str]]:
    """Return what a family can do besides waiting, each a title and a sentence, when somebody said no or it ended."""
    declined = {party.kind for party in view.parties if party.answer is AnswerValue.DECLINED or party.removed}
    ended = view.state is CaseState.CLOSED and view.close_reason is not CloseReason.COMPLETED
    if not declined and not ended:
        return []
    ways = [way for kind in PartyKind if kind in declined for way in texts.ELSE_BY_PARTY.get(kind, ())]
    if any(clock.code is ClockCode.APPEAL_BY for clock in view.clocks):
        ways.insert(0, texts.ELSE_WITH_LETTER)
    words = names.words(Viewer.FAMILY)
    ways += [texts.ELSE_ENDED if view.state is CaseState.CLOSED else texts.ELSE_GOING_ON, texts.ELSE_ADVICE]
    return [(capitalised(title.format_map(words)), capitalised(text.format_map(words))) for title, text in ways]

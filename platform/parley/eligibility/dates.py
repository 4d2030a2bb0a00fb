"""The deadlines of a result: they run whatever this service answers, and are shown whatever it answers. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from parley.eligibility.answers import Answers, Matter
from parley.eligibility.result import Deadline
from parley.law import deadlines as law_dates
from parley.law.deadlines import DeadlineName
from parley.law.domain import LawVersion, Stage, Subject

LAW = "law"


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A deadline's words: how it is counted, what it rests on, what if it is missed.

    Names in braces are limits of the law version, so that the words follow its figures.
    """

    name: DeadlineName
    counted: str
    cites: str
    if_missed: str


_LATE = (
    "It may still be possible to do something. Ask IPSEA or your local SEND advice service straight away. "
    "Disagreement resolution stays open to you."
)
_ADVISER = _Rule(
    DeadlineName.ADVISER_BY,
    "Contact the mediation adviser within {contact_adviser} of the date on the letter",
    "reg-33",
    _LATE,
)
_APPEAL = _Rule(
    DeadlineName.APPEAL_BY,
    "Appeal within {appeal_from_letter} of the date on the letter, or {appeal_from_certificate} of the date on a "
    "mediation certificate, whichever is later",
    "act-51",
    _LATE,
)
_PLACEMENT = _Rule(
    DeadlineName.APPEAL_BY,
    "Plan for {appeal_from_letter} from the date on the letter: no certificate is needed to appeal about the school "
    "named",
    "act-51",
    _LATE,
)
_COMMENTS = _Rule(
    DeadlineName.COMMENTS_BY,
    "You have at least {draft_comments} to comment on a draft plan; the letter says until when",
    "reg-13",
    "Send your comments all the same, and tell the council at once.",
)
_CLAIM = _Rule(
    DeadlineName.DISCRIMINATION_CLAIM_BY,
    "A claim about disability discrimination has its own time limit; get advice on the date",
    "discrimination",
    "Ask the Equality Advisory and Support Service or IPSEA straight away.",
)


def deadlines_for(answers: Answers, law: LawVersion, on: date) -> tuple[Deadline, ...]:
    """Every deadline that follows from the answers; without a date, the deadline is there and its state unknown.

    A matter about a decision always has them. A letter named for the answers as a whole gives one set for all
    matters, unless some matter already shows that letter's.
    """
    found: list[Deadline] = []
    shown: set[date | None] = set()
    for index, matter in enumerate(answers.matters):
        letter = matter.decision_letter_date or answers.decision_letter_date
        certificate = matter.certificate_date or answers.certificate_date
        if _decision_matters(matter, answers):
            shown.add(letter)
            found += _of_matter(matter, index, letter, certificate, law, on)
        if matter.about is Subject.DISCRIMINATION:
            found.append(_deadline(_CLAIM, index, None, law, on))
    if answers.decision_letter_date and answers.decision_letter_date not in shown:
        found += _of_letter(None, answers.decision_letter_date, answers.certificate_date, law, on)
    if answers.stage is Stage.DRAFT_PLAN:
        sent = answers.stage_since
        due = law_dates.earliest_comments_by(sent, law) if sent else None
        found.append(_deadline(_COMMENTS, None, due, law, on))
    return tuple(found)


def _decision_matters(matter: Matter, answers: Answers) -> bool:
    """Whether a matter shows deadlines of its own: it has a letter, or is about a decision other than a draft."""
    if matter.decision_letter_date or matter.decision:
        return True
    if answers.stage is Stage.DRAFT_PLAN and answers.decision_letter_date is None:
        return False
    return matter.about in (Subject.DECISION, Subject.PLACEMENT_ONLY)


def _of_matter(
    matter: Matter, index: int, letter: date | None, certificate: date | None, law: LawVersion, on: date
) -> Iterator[Deadline]:
    if matter.about is Subject.PLACEMENT_ONLY:
        due = law_dates.safe_placement_appeal_by(letter, law) if letter else None
        yield _deadline(_PLACEMENT, index, due, law, on)
    else:
        yield from _of_letter(index, letter, certificate, law, on)


def _of_letter(
    index: int | None, letter: date | None, certificate: date | None, law: LawVersion, on: date
) -> Iterator[Deadline]:
    adviser = law_dates.adviser_by(letter, law) if letter else None
    appeal = law_dates.appeal_by(letter, certificate, law) if letter else None
    yield _deadline(_ADVISER, index, adviser, law, on)
    yield _deadline(_APPEAL, index, appeal, law, on)


def _deadline(rule: _Rule, matter: int | None, due: date | None, law: LawVersion, on: date) -> Deadline:
    state = law_dates.state_of(due, on)
    return Deadline(rule.name, matter, due, state, LAW, _source(rule, law), rule.if_missed)


@lru_cache(maxsize=64)
def _source(rule: _Rule, law: LawVersion) -> str:
    periods = {limit.value: str(one.period) for limit, one in law.limits.items()}
    return f"{rule.counted.format_map(periods)} ({law.cite(rule.cites)})"

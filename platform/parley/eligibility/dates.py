"""The deadlines of a result: they run whatever this service answers, and are shown whatever it answers. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from parley.eligibility.answers import Answers, Matter
from parley.eligibility.result import Deadline
from parley.kernel.sentences import capitalised
from parley.law import deadlines as law_dates
from parley.law.deadlines import DeadlineName
from parley.law.domain import LawVersion, Service, Stage, Subject
from parley.law.holidays import bank_holidays_around
from parley.policy.domain import Policy
from parley.policy.terms import Event

LAW, POLICY = "law", "policy"

#: For an appeal about placement alone, nobody needs to have been to either.
_MEDIATION = frozenset({Service.MEDIATION_ADVICE, Service.MEDIATION})
_OWN_DATE = "This date is the council's own and not the law's. Ask all the same."


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


def deadlines_for(answers: Answers, policy: Policy, law: LawVersion, on: date) -> tuple[Deadline, ...]:
    """Every deadline that follows from the answers; without a date, the deadline is there and its state unknown.

    After the law's come those that the council tells families to keep, counted from the same letter.

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
            found += _of_council(policy, index, letter, certificate, on, no_mediation=_is_placement(matter))
        if matter.about is Subject.DISCRIMINATION:
            found.append(_deadline(_CLAIM, index, None, law, on))
    if answers.decision_letter_date and answers.decision_letter_date not in shown:
        letter, certificate = answers.decision_letter_date, answers.certificate_date
        found += _of_letter(None, letter, certificate, law, on)
        found += _of_council(policy, None, letter, certificate, on)
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
    if _is_placement(matter):
        due = law_dates.safe_placement_appeal_by(letter, law) if letter else None
        yield _deadline(_PLACEMENT, index, due, law, on)
    else:
        yield from _of_letter(index, letter, certificate, law, on)


def _is_placement(matter: Matter) -> bool:
    return matter.about is Subject.PLACEMENT_ONLY


def _of_council(
    policy: Policy,
    index: int | None,
    letter: date | None,
    certificate: date | None,
    on: date,
    *,
    no_mediation: bool = False,
) -> Iterator[Deadline]:
    """The council's own dates that a letter starts; none about mediation where the appeal needs none."""
    dated = ((Event.DECISION_LETTER, letter), (Event.CERTIFICATE, certificate))
    happened = {event: day for event, day in dated if day is not None}
    for one in policy.deadlines:
        if not one.evidence.shown or not one.since_a_letter or (no_mediation and one.service in _MEDIATION):
            continue
        due = one.due(happened, bank_holidays_around(letter or on))
        source = f"{one.counted} ({one.evidence.source.citation})" if one.evidence.source else one.counted
        state, name = law_dates.state_of(due, on), DeadlineName.COUNCILS_OWN
        yield Deadline(name, index, due, state, POLICY, capitalised(source), _OWN_DATE, one.label)


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

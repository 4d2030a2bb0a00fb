"""The result of a check in the words of its page. Pure."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from parley.eligibility.questions import Progress, Question
from parley.eligibility.result import (
    Answer,
    Assessment,
    Code,
    Deadline,
    Explanation,
    GateResult,
    MatterExplanation,
    MatterResult,
    Reason,
)
from parley.kernel.sentences import capitalised
from parley.law.deadlines import DeadlineName, DeadlineState
from parley.law.domain import Body
from parley.policy.domain import Policy

#: The answers' titles, and their tone (``components/reason.html``).
TITLES: Mapping[Answer, tuple[str, str]] = {
    Answer.YES: ("Yes, you can ask for {service}", "yes"),
    Answer.NOT_NOW: ("Not now", "not-now"),
    Answer.ELSEWHERE: ("Somewhere else is the right place", "elsewhere"),
    Answer.ASK_PROVIDER: ("{provider} can tell you", "ask"),
}

_WHOLE: Mapping[Answer, str] = {
    Answer.YES: "This service can help you",
    Answer.NOT_NOW: "This service cannot help you now",
    Answer.ELSEWHERE: "Somewhere else is the right place for this",
    Answer.ASK_PROVIDER: "Ask whether this service can help you",
}
_MIXED = "This service can help with part of this"
_MIXED_WITHOUT_YES = "What you can do"

_DEADLINES: Mapping[DeadlineName, str] = {
    DeadlineName.ADVISER_BY: "Contact the mediation adviser",
    DeadlineName.APPEAL_BY: "Appeal to the SEND Tribunal, if you want to",
    DeadlineName.COMMENTS_BY: "Send your comments on the draft plan",
    DeadlineName.DISCRIMINATION_CLAIM_BY: "Make a claim about disability discrimination, if you want to",
}
_SOON = 14

#: The rule whose reason is advice to talk first (``eligibility.book``).
TALK_FIRST_RULE = "P4"

_TALK_TO: Mapping[Body, str] = {
    Body.EARLY_YEARS: "the manager or the SENCo of the nursery or setting",
    Body.SCHOOL: "the class teacher or the SENCo, then the head teacher",
    Body.INDEPENDENT_SCHOOL: "the class teacher or the SENCo, then the head teacher",
    Body.COLLEGE: "the tutor or the learning support team of the college",
    Body.LOCAL_AUTHORITY: "the officer named in the council’s letters, or the council’s SEND team",
    Body.ICB: "the health professional you see, or the patient advice service (PALS) of the NHS service",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class MatterWords:
    """One disagreement with its answer, and how it came about."""

    index: int
    about: str
    title: str
    tone: str
    because: tuple[Reason, ...]
    would_change: tuple[str, ...]
    explained: MatterExplanation


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadlineWords:
    """A date that runs regardless; ``basis`` and ``state`` are those of ``components/clock.html``."""

    name: str
    due: dt.date | None
    basis: str
    state: str
    source: str
    if_missed: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TalkFirst:
    """Advice to talk first, which never blocks: what the council says, where it says so, and whom to talk to."""

    because: Reason
    whom: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResultWords:
    """All of a result that is not simply printed from the assessment."""

    title: str
    can_ask: bool
    matters: tuple[MatterWords, ...]
    notices: tuple[GateResult, ...]
    is_urgent: bool
    deadlines: tuple[DeadlineWords, ...]
    gives_no_certificate: bool
    talk_first: TalkFirst | None


def result_words(
    assessment: Assessment,
    explanation: Explanation,
    answers: Progress,
    questions: Mapping[str, Question],
    policy: Policy,
) -> ResultWords:
    """Return ``assessment`` in words; ``answers`` are those it was made of, ``questions`` those asked, by path."""
    matters = tuple(
        MatterWords(
            index=index,
            about=matter_label(index, answers, questions),
            title=TITLES[result.answer][0].format_map(policy.words),
            tone=TITLES[result.answer][1],
            because=tuple(reason for reason in result.because if not _is_advice(reason, result)),
            would_change=result.would_change,
            explained=explained,
        )
        for index, (result, explained) in enumerate(zip(assessment.matters, explanation.matters, strict=True))
    )
    said_already = {reason for result in assessment.matters for reason in result.because}
    codes = {code for result in assessment.matters for code in result.codes}
    return ResultWords(
        title=_title({result.answer for result in assessment.matters}),
        can_ask=any(result.answer is Answer.YES for result in assessment.matters),
        matters=tuple(dataclasses.replace(one, title=capitalised(one.title)) for one in matters),
        notices=tuple(
            gate
            for gate in assessment.gates
            if gate.code is not Code.URGENT_SAFETY and not said_already.issuperset(gate.because)
        ),
        is_urgent=any(gate.code is Code.URGENT_SAFETY for gate in assessment.gates),
        deadlines=tuple(_deadline(deadline, assessment.on) for deadline in assessment.deadlines),
        gives_no_certificate=Code.NO_CERTIFICATE in codes,
        talk_first=_talk_first(assessment, answers),
    )


def matter_label(index: int, answers: Progress, questions: Mapping[str, Question]) -> str:
    """Return a disagreement in a few words: what it is about, and with whom."""
    matter = answers["matters"][index]
    about = _options(questions[f"matters.{index}.about"]).get(matter["about"], "")
    sides = _options(questions[f"matters.{index}.against"])
    named = [sides[body] for body in sides if body in matter["against"]]
    return f"{about}, with {_listed(named)}" if named else about


def _options(question: Question) -> dict[str, str]:
    return {option.value: option.label for option in question.options}


def _listed(names: Iterable[str]) -> str:
    *first, last = [_small(name) for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def _title(answers: set[Answer]) -> str:
    if len(answers) == 1:
        return _WHOLE[next(iter(answers))]
    return _MIXED if Answer.YES in answers else _MIXED_WITHOUT_YES


def _deadline(deadline: Deadline, on: dt.date) -> DeadlineWords:
    soon = deadline.due is not None and 0 <= (deadline.due - on).days <= _SOON
    is_passed = deadline.state is DeadlineState.PASSED
    return DeadlineWords(
        name=deadline.label or _DEADLINES[deadline.name],
        due=deadline.due,
        basis=deadline.basis,
        state="passed" if is_passed else ("soon" if soon else "open"),
        source=deadline.source,
        if_missed=deadline.if_missed if is_passed else None,
    )


def _is_advice(reason: Reason, result: MatterResult) -> bool:
    """Tell whether a reason only advises to talk first: it has its own place on the page, and no part in the answer."""
    return reason.rule == TALK_FIRST_RULE and Code.TRY_FIRST_ADVICE in result.codes


def _talk_first(assessment: Assessment, answers: Progress) -> TalkFirst | None:
    advice = [reason for result in assessment.matters for reason in result.because if _is_advice(reason, result)]
    if not advice:
        return None
    bodies = {body for matter in answers["matters"] for body in matter["against"]}
    named = [text for body, text in _TALK_TO.items() if body in bodies]
    return TalkFirst(because=advice[0], whom=tuple(dict.fromkeys(named)))


def _small(text: str) -> str:
    """Return a label as it reads within a sentence; one that is a name or says "I" keeps its capital."""
    return text if text.startswith(("The NHS", "I’m")) else text[:1].lower() + text[1:]

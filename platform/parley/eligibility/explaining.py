"""Why a result is what it is: every rule that was tried, the one that decided, and where each comes from. Pure."""

from functools import lru_cache

from parley.eligibility.book import Book, book_of
from parley.eligibility.result import (
    Assessment,
    Explanation,
    MatterExplanation,
    MatterResult,
    MatterTrace,
    Reason,
    Tried,
)
from parley.law.domain import LawVersion, Subject
from parley.policy.domain import Policy

#: What a council's policy can add to a row (`placing`); all but the areas and P8 can change its answer.
_OF_THE_COUNCIL = ("area-", "P3", "P4", "P5", "P6", "P7", "P8", "P9")
_CAN_DECIDE = ("P3", "P4", "P5", "P6", "P7", "P9")


def explain(assessment: Assessment, policy: Policy, law: LawVersion) -> Explanation:
    """The trace of `assessment` written out; `policy` and `law` are the ones it was made under."""
    book = book_of(policy, law)
    gates = _gates(assessment.trace.gates, book, law)
    return Explanation(
        law_version=law.id,
        law_title=law.title,
        law_effective_from=law.effective_from,
        policy_version=assessment.policy_version,
        gates=gates,
        matters=tuple(
            _matter(result, trace, gates, book, law)
            for result, trace in zip(assessment.matters, assessment.trace.matters, strict=True)
        ),
    )


@lru_cache(maxsize=1024)
def _gates(flags: tuple[bool, ...], book: Book, law: LawVersion) -> tuple[Tried, ...]:
    """Every gate in order; gates of one rule stay apart, because each may apply for a reason of its own."""
    return tuple(
        _tried(shown.because[0], gate.title or law.gates[gate.rule].title, applied)
        for gate, shown, applied in zip(book.table.gates, book.gates, flags, strict=True)
    )


def _matter(
    result: MatterResult, trace: MatterTrace, gates: tuple[Tried, ...], book: Book, law: LawVersion
) -> MatterExplanation:
    rows = _rows(trace.about, trace.looked_at, book, law)
    of_council = (reason for reason in result.because if reason.rule.startswith(_OF_THE_COUNCIL))
    council = tuple(_tried(reason, reason.text, applied=True) for reason in of_council)
    if result.answer is not trace.placed:
        answering = zip(gates, book.table.gates, strict=True)
        decided = next(tried for tried, gate in answering if tried.applied and gate.answer is result.answer)
    elif trace.placed is not book.table.rows[trace.about][trace.looked_at - 1].answer:
        decided = next(tried for tried in reversed(council) if tried.rule in _CAN_DECIDE)
    else:
        decided = rows[-1]
    return MatterExplanation(rows, council, decided)


@lru_cache(maxsize=4096)
def _rows(about: Subject, looked_at: int, book: Book, law: LawVersion) -> tuple[Tried, ...]:
    """The rows that were looked at, each once: rules of one row are variants of it. The last one applied."""
    *others, last = book.table.rows[about][:looked_at]
    words = {rule.id: book.rules[rule.text].because for rule in others if rule.id != last.id}
    return (
        *(_tried(because, law.rows[rule_id].title, applied=False) for rule_id, because in words.items()),
        _tried(book.rules[last.text].because, law.rows[last.id].title, applied=True),
    )


def _tried(reason: Reason, title: str, applied: bool) -> Tried:
    return Tried(reason.rule, title, applied, reason.source, reason.citation)

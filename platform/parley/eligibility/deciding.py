"""What is answered about one matter before any gate: the first row that applies, in the council's words. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from parley.eligibility.answers import Appeal
from parley.eligibility.book import Book
from parley.eligibility.facts import Facts
from parley.eligibility.gates import Gate
from parley.eligibility.openings import OF_THE_COUNCIL
from parley.eligibility.placing import Placed, place
from parley.eligibility.result import Answer, Code, GateResult, MatterResult, MatterTrace
from parley.eligibility.rules import Rule


@dataclass(frozen=True, slots=True)
class Decided:
    """One matter as the row and the council's policy answer it. `alone` is the result where no gate applies."""

    placed: Placed
    alone: MatterResult
    trace: MatterTrace


@lru_cache(maxsize=8192)
def decide(facts: Facts, book: Book) -> Decided:
    """What the row and the policy answer. The same facts are decided once and kept: most families have common ones."""
    rule, count = _first(facts, book)
    placed = _with_what_runs(place(rule, facts, book), facts, rule, book)
    return Decided(placed, _through(placed, (), ()), MatterTrace(facts.about, count, placed.answer))


def through_gates(decided: Decided, gates: tuple[Gate, ...], shown: tuple[GateResult, ...]) -> MatterResult:
    """The matter's result, by the strictest of its row and the gates; reasons of gates that answer come first."""
    return _through(decided.placed, gates, shown) if gates else decided.alone


def _first(facts: Facts, book: Book) -> tuple[Rule, int]:
    """The first row that applies, and how many were looked at. The last row of a subject always applies."""
    for count, rule in enumerate(book.table.rows[facts.about], start=1):
        if rule.applies(facts):
            return rule, count
    raise AssertionError(f"no row for {facts.about}")


def _with_what_runs(placed: Placed, facts: Facts, rule: Rule, book: Book) -> Placed:
    """Adds what holds beside the answer: an appeal that goes on, no certificate from here, time that has run out."""
    codes, because = set(placed.codes), list(placed.because)
    if facts.appeal is Appeal.LODGED and rule.id != book.appeal_pending.rule:
        because.append(book.appeal_pending)
    if facts.has_letter or facts.about in OF_THE_COUNCIL or Code.MEDIATION_APPEAL in codes:
        codes.add(Code.NO_CERTIFICATE)
        because.append(book.no_certificate)
    undecided = facts.appeal in (Appeal.NONE, Appeal.CONSIDERING)
    if facts.has_letter and not facts.appeal_window_open and undecided:
        codes.add(Code.MEDIATION_WINDOW_CLOSED)
        because.append(book.window_closed)
        if book.only_this_left:
            codes.add(Code.ONLY_DISAGREEMENT_RESOLUTION_LEFT)
            because.append(book.only_this_left)
    return Placed(
        placed.answer,
        placed.area,
        placed.also_areas,
        placed.area_label,
        frozenset(codes),
        tuple(because),
        placed.would_change,
    )


def _through(placed: Placed, gates: tuple[Gate, ...], shown: tuple[GateResult, ...]) -> MatterResult:
    answering = [result for gate, result in zip(gates, shown, strict=True) if gate.answer]
    answers = [placed.answer, *(gate.answer for gate in gates if gate.answer)]
    answer = max(answers, key=lambda answer: answer.strictness)
    codes = placed.codes.union(*({gate.code} | gate.also_codes for gate in gates))
    if answer is Answer.YES:
        codes |= {Code.ELIGIBLE}
    in_area = answer is not Answer.ELSEWHERE
    changes = [text for result in answering for text in result.would_change]
    return MatterResult(
        answer=answer,
        area=placed.area if in_area else None,
        also_areas=placed.also_areas if in_area else (),
        area_label=placed.area_label if in_area else None,
        codes=tuple(sorted(codes)),
        because=(*(reason for result in answering for reason in result.because), *placed.because),
        would_change=tuple(dict.fromkeys((*changes, *placed.would_change))),
    )

"""No text that people read claims a number of the law that the research could not verify.

Read are the law versions, what is made of them, and every string and template of the program. A council's own words are
not: they are shown as its own, with the page they stand on.
"""

import ast
import pathlib
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

import parley
from parley.eligibility.domain import assess
from parley.eligibility.places import EMERGENCY, NATIONAL_PLACES
from parley.eligibility.question_texts import QUESTION_TEXTS
from parley.eligibility.tables import table_of
from parley.law.domain import LawVersion, Limit, Stage
from parley.law.england_2014 import ENGLAND_2014
from parley.law.versions import LAW_VERSIONS
from support.answers import TODAY, family, matter
from support.policies import policy_of

PROGRAM = pathlib.Path(parley.__file__).parent

_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|ten|eleven|twelve|fourteen|fifteen|sixteen|twenty|thirty)"
#: A length of time, or a place in a law.
CLAIM = re.compile(
    rf"\b{_NUMBER}[- ](?:calendar |working |school )?(?:day|week|month|year)s?\b"
    r"|\b(?:paragraphs?|regulations?|regs?|sections?|chapter) \d[\d.]*(?:\(\d+\))?(?: (?:to|and) \d[\d.]*)?",
    re.IGNORECASE,
)

#: Where our reading of the law (send-law.md) verified it. What is marked there as from memory is not here.
VERIFIED = {
    "1 month": "1d: an appeal, from the certificate",
    "2 months": "1d, 2c: adviser and appeal, from the letter",
    "3 working days": "1d: certificates; telling an integrated care board",
    "5 working days": "1d: notice of a mediation meeting",
    "15 working days": "3: a plan that moves",
    "15 days": "3: comments on a draft",
    "30 days": "1d: arranging mediation",
    "1 week": "2c: regulation 42",
    "2 weeks": "2c: regulations 42 and 44",
    "4 weeks": "3: the Devon judgment",
    "5 weeks": "2c: regulation 44; 2d",
    "6 weeks": "3: regulations 5(3) and 8; a move",
    "8 weeks": "3: the Devon judgment",
    "10 weeks": "2c: regulation 44",
    "11 weeks": "2c: regulation 44",
    "12 weeks": "3: the Devon judgment",
    "14 weeks": "2c: regulation 44",
    "chapter 11": "0: the seed cites its paragraphs",
    "paragraph 11.6": "1b",
    "paragraph 11.7": "1b",
    "paragraph 11.8": "1b",
    "paragraphs 11.6 to 11.10": "0, L26: the seed cites them together",
    "paragraph 11.13": "1d",
    "paragraph 11.14": "1d",
    "regulation 5": "3",
    "regulation 8": "3",
    "regulation 13": "3",
    "regulation 32": "1d, 2c",
    "regulation 33": "2c",
    "regulation 34": "2c",
    "regulation 38": "1d, 2c",
    "regulation 42": "2c",
    "regulation 44": "2c",
    "section 24": "2a",
    "section 51": "2a",
    "section 52": "2a",
    "section 55": "2a",
    "section 57": "2a",
    "section 80": "2a",
    "section 576": "2b",
}

#: What looks like a claim about the law and is none.
NOT_LAW = {
    "14 days": "how long an invitation of ours works",
    "2 days": "a specimen of the style guide",
    "3 days": "a specimen of the style guide",
    "3 years": "a specimen of how a period is written in a file",
    "6 years": "a specimen of how a period is written in a file",
    "three years": "how far ahead an agreed action may lie: our own bound",
    "Regulations 2014": "a year, part of a title",
    "Regulations 2017": "a year, part of a title",
    "Regulations 2018.": "a year, part of a title",
    "Section 2": "a specimen of the style guide: a part of a plan",
}

#: Marked in the source as from memory, or as where sources conflict. None may be claimed anywhere.
UNVERIFIED = [
    *(f"paragraph 11.{number}" for number in (2, 5, *range(9, 13), *range(15, 31), *range(32, 40))),
    *(f"regulation {number}" for number in (10, 35, 36, 37, 39, 40, 41, 45)),
    "section 46",
    "chapter 10",
    "16 weeks",  # a decision not to issue a plan
    "20 weeks",  # a first final plan
    "six months",  # a claim about discrimination
    "6 months",
    "60 days",  # said loosely for two months
]

laws = pytest.mark.parametrize("law", LAW_VERSIONS, ids=lambda law: law.id)


def claims_in(text: str) -> list[str]:
    return CLAIM.findall(text)


def texts_of(law: LawVersion) -> Iterator[str]:
    """Everything a version of the law says, as people read it."""
    yield law.title
    yield from (statement.text for statement in law.statements())
    yield from (str(citation) for citation in law.cited())
    yield from (gate.title for gate in law.gates.values())
    yield from (row.title for row in law.rows.values())
    yield from (area.label for area in law.areas.values())
    yield from (stage.label for stage in law.stages.values())
    yield from (f"{limit.what}: {limit.period} from {limit.starts}" for limit in law.limits.values())
    for stage in (Stage.PLAN_IN_FORCE, Stage.DRAFT_PLAN):
        answers = family(*(matter(about, "school") for about in ("decision", "placement_only", "discrimination")))
        for deadline in assess(replace(answers, stage=stage), policy_of("derby"), law, TODAY).deadlines:
            yield from (deadline.source, deadline.if_missed)
    table = table_of(law)
    for words in table.texts.values():
        yield from (words.text, words.adding, *words.would_change)
    for gate in table.gates:
        yield from (gate.title, gate.text, *gate.would_change)


def texts_of_the_check() -> Iterator[str]:
    """What the check says beside the law: its questions, and where else to go."""
    for words in QUESTION_TEXTS.values():
        yield from (words.title, words.own, words.hint)
        for option in words.options:
            yield from (option.label, option.hint)
    yield from (f"{place.shown.label} {place.shown.why}" for place in NATIONAL_PLACES)
    yield EMERGENCY.text


def strings_of(path: pathlib.Path) -> Iterator[str]:
    """The strings of a module that may be shown: all but docstrings and the like."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def texts_of_the_program() -> Iterator[tuple[str, str]]:
    """Every string and template of the program, with the file it stands in."""
    for path in sorted(PROGRAM.rglob("*")):
        name = str(path.relative_to(PROGRAM))
        if path.suffix == ".py":
            yield from ((name, text) for text in strings_of(path))
        elif path.suffix in (".html", ".txt"):
            yield name, re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@laws
def test_a_version_of_the_law_claims_only_what_was_verified(law: LawVersion) -> None:
    claimed = {claim for text in texts_of(law) for claim in claims_in(text)}
    assert "regulation 33" in claimed
    assert claimed <= VERIFIED.keys() | {"Regulations 2014", "Regulations 2017"}


def test_the_check_claims_nothing_beside_the_law() -> None:
    assert [claim for text in texts_of_the_check() for claim in claims_in(text)] == []


def test_no_text_of_the_program_claims_a_number_that_was_not_verified() -> None:
    claimed = [(name, claim) for name, text in texts_of_the_program() for claim in claims_in(text)]
    assert len(claimed) > 20
    assert [found for found in claimed if found[1] not in VERIFIED.keys() | NOT_LAW.keys()] == []


def test_a_figure_in_a_text_is_an_age_or_a_number_to_ring() -> None:
    """All else, lengths of time above all, comes out of the law's own data."""
    texts = [*texts_of_the_check(), *(words.text for words in table_of(ENGLAND_2014).texts.values())]
    texts += [gate.text for gate in table_of(ENGLAND_2014).gates]
    assert {figure for text in texts for figure in re.findall(r"\d+", text)} <= {"16", "999"}


@pytest.mark.parametrize("claim", UNVERIFIED)
def test_the_search_would_find_an_unverified_number_and_would_not_let_it_pass(claim: str) -> None:
    assert claims_in(f"You have to ask (see {claim}).") == [claim]
    assert claim not in VERIFIED.keys() | NOT_LAW.keys()


def test_what_could_not_be_verified_has_no_limit() -> None:
    """Left out of the law's data: its lengths would be shown as soon as somebody counted with them."""
    assert not {name for name in Limit if "discrimination" in name or "reassessment" in name or "placement" in name}

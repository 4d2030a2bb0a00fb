"""Statements of law in our own words: who may ask, what the service never does, and what holds in odd cases."""

from parley.law.domain import Text
from parley.law.england_2014.citations import CITATIONS


def _by_id(*texts: tuple[str, str, str]) -> dict[str, Text]:
    """Texts by their id, each of id, words and the key of its citation."""
    return {text_id: Text(text_id, words, CITATIONS[cites]) for text_id, words, cites in texts}


WHO = _by_id(
    (
        "parent",
        "A parent is anyone with parental responsibility for the child or who cares for them, "
        "such as a foster carer or grandparent.",
        "parent",
    ),
    (
        "young-person",
        "From the last Friday in June of the school year in which they turn 16, and until they turn 25, "
        "a young person asks in their own right.",
        "school-age",
    ),
    (
        "alternative-person",
        "A young person who cannot make this decision is represented by their deputy or attorney. If there is none, "
        "their parent acts for them.",
        "act-80",
    ),
    (
        "child",
        "A child’s views are welcome. A parent or carer asks for them, and the local SEND advice service talks to "
        "children directly.",
        "code-11.6",
    ),
)

DUTIES = _by_id(
    ("available", "Every council must make disagreement resolution available.", "code-11.6"),
    ("publicise", "The council must tell parents and young people that the service exists.", "act-57"),
    (
        "all-send",
        "It is for all children and young people with special educational needs, with or without a plan.",
        "code-11.7",
    ),
    (
        "mediation-information",
        "When a decision can be appealed, the council must arrange for you to be told about mediation.",
        "code-11.14",
    ),
)

NEVER = _by_id(
    ("no-certificate", "This service does not give a mediation certificate.", "act-55"),
    (
        "extends-nothing",
        "Asking for this service does not stop or extend the time you have to contact a mediation adviser "
        "or to appeal.",
        "reg-33",
    ),
    ("voluntary", "Nobody has to take part: not you, the school, the council or the NHS.", "act-57"),
    (
        "independent",
        "The person who runs the meeting is independent. They cannot be employed by a council or the NHS.",
        "act-57",
    ),
    ("no-effect", "Using this service, or not using it, does not affect your right to appeal.", "code"),
)

TEXTS = _by_id(
    (
        "confidential",
        "What is said at the meeting is confidential. The SEND Tribunal would not consider it.",
        "code-11.6-11.10",
    ),
    ("partial", "Agreeing on part of it still helps: it leaves less to settle in any appeal.", "code-11.6-11.10"),
    (
        "late",
        "The usual time has passed. It may still be possible to do something: ask IPSEA or your local "
        "SEND advice service straight away. Disagreement resolution stays open to you.",
        "code",
    ),
)

CASES = _by_id(
    ("no-plan", "No plan is needed to disagree about duties or special educational support.", "code-11.7"),
    (
        "educated-at-home",
        "For a child educated at home the disagreement about support is with the council.",
        "code-11.8",
    ),
    ("under-two", "A child is never too young: the service is for ages from birth.", "code-0-25"),
    ("parents-disagree", "A disagreement between two parents is not what the service is for.", "code-11.8"),
    ("looked-after", "For a looked-after child the council is a parent in law, and may be the other side too.", "ours"),
    ("foster-carer", "A foster carer is a parent in the sense of the law, and may ask.", "parent"),
    ("custody", "Separate rules apply while a young person is in custody. The provider can say what fits.", "ours"),
    ("moved", "After a move the council where the child or young person now lives is the right one.", "act-24"),
    (
        "turns-young-person",
        "When a child becomes a young person, the rights are theirs, and they are asked whether they agree.",
        "act",
    ),
    ("turns-upper-age", "When a young person passes the upper age, the provider says whether a case goes on.", "ours"),
    ("plan-ends", "When a plan ends, a case goes on; the decision to end it may be appealed.", "code-11.13"),
    ("stage-changes", "A case that fitted when it was sent still fits when the stage changes.", "ours"),
    ("several-bodies", "One case may be with a school, the council and the NHS together.", "code-11.8"),
    ("siblings", "Each child has a case of their own.", "ours"),
    (
        "setting-elsewhere",
        "The right council is the one where the child or young person lives, wherever the school is.",
        "act-24",
    ),
    (
        "one-declines",
        "Whoever agrees can meet, though one side declines: each side’s agreement is its own.",
        "code-11.6",
    ),
    ("no-answer", "The law sets no time for an answer here. Silence is neither a yes nor a no.", "ours"),
    ("conflict-of-interest", "A mediator with a stake in the matter does not take it.", "act-57"),
    ("no-letter-date", "Without the date on the letter no last day can be named, and time may be running.", "reg-33"),
    ("withdrawn", "A family may withdraw at any time, and ask again later.", "act-57"),
    ("safety", "If somebody is at risk now, emergency help comes first.", "ours"),
)

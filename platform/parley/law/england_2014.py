"""England since 1 September 2014: Children and Families Act 2014, SEND Regulations 2014, SEND Code of Practice 2015.

A locator is given only where the number itself was verified; elsewhere the citation names the document.
Read as it stood on 24 November 2026; reform announced in 2026 had not changed it.
"""

from datetime import date
from types import MappingProxyType

from parley.law.domain import (
    SETTINGS,
    Area,
    AreaRule,
    Body,
    Citation,
    Decision,
    GateRule,
    LawVersion,
    Periods,
    Stage,
    StageRule,
    Subject,
    Text,
)

_CODE_URL = "https://www.gov.uk/government/publications/send-code-of-practice-0-to-25"
_ACT_URL = "https://www.legislation.gov.uk/ukpga/2014/6"
_REGULATIONS_URL = "https://www.legislation.gov.uk/uksi/2014/1530"


def _code(locator: str = "") -> Citation:
    return Citation("SEND Code of Practice 0 to 25", locator, _CODE_URL)


def _act(section: str = "") -> Citation:
    url = f"{_ACT_URL}/section/{section}" if section else _ACT_URL
    return Citation("Children and Families Act 2014", f"section {section}" if section else "Part 3", url)


def _regulations(number: str = "") -> Citation:
    return Citation("SEND Regulations 2014", f"regulation {number}" if number else "", _REGULATIONS_URL)


_CITATIONS = {
    "code": _code("chapter 11"),
    "code-11.6": _code("paragraph 11.6"),
    "code-11.7": _code("paragraph 11.7"),
    "code-11.8": _code("paragraph 11.8"),
    "code-11.6-11.10": _code("paragraphs 11.6 to 11.10"),
    "code-11.13": _code("paragraph 11.13"),
    "code-11.14": _code("paragraph 11.14"),
    "act": _act(),
    "act-24": _act("24"),
    "act-51": _act("51"),
    "act-52": _act("52"),
    "act-55": _act("55"),
    "act-57": _act("57"),
    "act-80": _act("80"),
    "regulations": _regulations(),
    "reg-5": _regulations("5"),
    "reg-13": _regulations("13"),
    "reg-32": _regulations("32"),
    "reg-33": _regulations("33"),
    "reg-34": _regulations("34"),
    "reg-38": _regulations("38"),
    "reg-42": _regulations("42"),
    "devon": Citation(
        "R (L, M and P) v Devon County Council [2022] EWHC 493 (Admin)",
        url="https://www.bailii.org/ew/cases/EWHC/Admin/2022/493.html",
    ),
    "school-age": Citation("Education Act 1996, compulsory school age"),
    "parent": Citation("Education Act 1996", "section 576", "https://www.legislation.gov.uk/ukpga/1996/56/section/576"),
    "discrimination": Citation("Equality Act 2010, disability discrimination in schools"),
    "ours": Citation("Parley: our own rule, not law"),
}

_STAGES = {
    Stage.NONE: StageRule("No assessment or plan"),
    Stage.ASSESSMENT_REQUESTED: StageRule("Assessment asked for, no answer yet", decides_within_weeks=6),
    Stage.ASSESSMENT_REFUSED: StageRule("Assessment refused", appealable=Decision.REFUSE_ASSESS),
    Stage.IN_ASSESSMENT: StageRule("Assessment under way", health_and_care_window=True),
    Stage.PLAN_REFUSED: StageRule("Assessed, but no plan", appealable=Decision.REFUSE_PLAN),
    Stage.DRAFT_PLAN: StageRule("Draft plan received", health_and_care_window=True),
    Stage.PLAN_IN_FORCE: StageRule("Final plan in force", plan_final=True, appealable=Decision.PLAN_CONTENTS),
    # Twelve weeks from the review meeting to the final amended plan: the Devon judgment.
    Stage.IN_REVIEW: StageRule(
        "Plan being reviewed", health_and_care_window=True, plan_final=True, decides_within_weeks=12
    ),
    Stage.REASSESSMENT: StageRule("Being reassessed", health_and_care_window=True, plan_final=True),
    Stage.PLAN_CEASED: StageRule("Plan ended", appealable=Decision.CEASE),
    Stage.UNSURE: StageRule("Not sure"),
}

_AREAS = {
    Area.DUTIES: AreaRule(
        Area.DUTIES,
        "how a nursery, school, college or the council carries out its education, health and care duties",
        frozenset({Body.EARLY_YEARS, Body.SCHOOL, Body.COLLEGE, Body.LOCAL_AUTHORITY}),
        only_in_window=False,
        citation=_CITATIONS["code-11.8"],
    ),
    Area.PROVISION: AreaRule(
        Area.PROVISION,
        "the special educational provision a nursery, school or college makes",
        SETTINGS,
        only_in_window=False,
        citation=_CITATIONS["act-57"],
    ),
    Area.HEALTH_AND_CARE: AreaRule(
        Area.HEALTH_AND_CARE,
        "health or social care provision while a plan is assessed, written, reviewed or reassessed",
        frozenset({Body.LOCAL_AUTHORITY, Body.ICB}),
        only_in_window=True,
        citation=_CITATIONS["code-11.8"],
    ),
    Area.BETWEEN_COMMISSIONERS: AreaRule(
        Area.BETWEEN_COMMISSIONERS,
        "a disagreement between the council and the health commissioner, which a family does not bring",
        frozenset(),
        only_in_window=True,
        citation=_CITATIONS["code-11.8"],
    ),
}

_GATES = {
    gate.id: gate
    for gate in (
        GateRule("G1", "A child asks alone", _CITATIONS["code-11.6"]),
        GateRule("G2", "A young person asks in their own right", _CITATIONS["act"]),
        GateRule("G3", "A young person with capacity must agree", _CITATIONS["act"]),
        GateRule("G4", "Somebody acts for a young person who cannot decide this", _CITATIONS["act-80"]),
        GateRule("G5", "Aged 25 or over", _CITATIONS["act"]),
        GateRule("G6", "Lives in another council's area", _CITATIONS["act-24"]),
        GateRule("G7", "Special educational needs", _CITATIONS["code-11.7"]),
        GateRule("G8", "A professional asks", _CITATIONS["code-11.8"]),
        GateRule("G9", "Somebody is at risk now", _CITATIONS["ours"]),
        GateRule("G10", "Home is outside England", _CITATIONS["act"]),
    )
}

_DUTIES = (
    Text("available", "Every council must make disagreement resolution available.", _CITATIONS["code-11.6"]),
    Text("publicise", "The council must tell parents and young people that the service exists.", _CITATIONS["act-57"]),
    Text(
        "all-send",
        "It is for all children and young people with special educational needs, with or without a plan.",
        _CITATIONS["code-11.7"],
    ),
    Text(
        "mediation-information",
        "When a decision can be appealed, the council must arrange for you to be told about mediation.",
        _CITATIONS["code-11.14"],
    ),
)

_NEVER = (
    Text("no-certificate", "This service does not give a mediation certificate.", _CITATIONS["act-55"]),
    Text(
        "extends-nothing",
        "Asking for this service does not stop or extend the time you have to contact a mediation adviser "
        "or to appeal.",
        _CITATIONS["reg-33"],
    ),
    Text("voluntary", "Nobody has to take part: not you, the school, the council or the NHS.", _CITATIONS["act-57"]),
    Text(
        "independent",
        "The person who runs the meeting is independent. They cannot be employed by a council or the NHS.",
        _CITATIONS["act-57"],
    ),
    Text("no-effect", "Using this service, or not using it, does not affect your right to appeal.", _CITATIONS["code"]),
)

_TEXTS = (
    Text(
        "confidential",
        "What is said at the meeting is confidential. The SEND Tribunal would not consider it.",
        _CITATIONS["code-11.6-11.10"],
    ),
    Text(
        "partial",
        "Agreeing on part of it still helps: it leaves less to settle in any appeal.",
        _CITATIONS["code-11.6-11.10"],
    ),
    Text(
        "parent",
        "A parent is anyone with parental responsibility for the child or who cares for them, "
        "such as a foster carer or grandparent.",
        _CITATIONS["parent"],
    ),
    Text(
        "young-person",
        "From the last Friday in June of the school year in which they turn 16, and until they turn 25, "
        "a young person asks in their own right.",
        _CITATIONS["school-age"],
    ),
    Text(
        "late",
        "The usual time has passed. It may still be possible to do something: ask IPSEA or your local "
        "SEND advice service straight away. Disagreement resolution stays open to you.",
        _CITATIONS["code"],
    ),
)

ENGLAND_2014 = LawVersion(
    id="england-2014",
    title="Children and Families Act 2014 and the SEND Code of Practice of January 2015",
    effective_from=date(2014, 9, 1),
    periods=Periods(
        adviser_months=2,  # regulation 33
        appeal_months_from_letter=2,
        appeal_months_from_certificate=1,
        certificate_working_days=3,  # regulation 34
        draft_comment_days=15,  # regulation 13
        meeting_notice_working_days=5,
        upper_age=25,
    ),
    stages=MappingProxyType(_STAGES),
    areas=MappingProxyType(_AREAS),
    gates=MappingProxyType(_GATES),
    citations=MappingProxyType(_CITATIONS),
    texts=MappingProxyType({text.id: text for text in _TEXTS}),
    duties=_DUTIES,
    never=_NEVER,
    no_certificate_needed_for=frozenset({Subject.PLACEMENT_ONLY, Subject.DISCRIMINATION}),
)

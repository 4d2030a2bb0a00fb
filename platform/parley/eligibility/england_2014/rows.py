"""When each row of `parley.law.england_2014` applies, and what follows. Pure.

Special rows stand before general ones. Texts are in `row_texts`, under the row's `text`.
"""

from parley.eligibility import conditions as on
from parley.eligibility.answers import Appeal, Duty, WhoShouldProvide
from parley.eligibility.conditions import COUNCIL_OR_ICB, Condition
from parley.eligibility.facts import Window
from parley.eligibility.openings import OF_THE_COUNCIL
from parley.eligibility.result import Answer, Code
from parley.eligibility.rules import Rule
from parley.law.domain import Area, Body, Decision, Stage, Subject

YES, NOT_NOW, ELSEWHERE, ASK = Answer.YES, Answer.NOT_NOW, Answer.ELSEWHERE, Answer.ASK_PROVIDER
A, B, C = Area.DUTIES, Area.PROVISION, Area.HEALTH_AND_CARE
COUNCIL, ICB = Body.LOCAL_AUTHORITY, Body.ICB

DUTIES = frozenset({Subject.DUTIES, Subject.NOT_IN_SCHOOL})
PROVISION = frozenset({Subject.EDUCATIONAL_PROVISION})
HEALTH = frozenset({Subject.HEALTH_PROVISION})
CARE = frozenset({Subject.SOCIAL_CARE_PROVISION})
DECISION = frozenset({Subject.DECISION})
PLACEMENT = frozenset({Subject.PLACEMENT_ONLY})
DISCRIMINATION = frozenset({Subject.DISCRIMINATION})
EVERYTHING = frozenset(Subject)


def _row(
    rule_id: str,
    about: frozenset[Subject],
    when: tuple[Condition, ...],
    answer: Answer,
    text: str,
    area: Area | None = None,
    also: tuple[Area, ...] = (),
    *codes: Code,
    cites: str = "",
) -> Rule:
    return Rule(rule_id, about, when, answer, text, area, also, frozenset(codes), cites)


_OUT, _CLOSED, _ASK = Code.OUT_OF_SCOPE, Code.GATE_NOT_MET, Code.ASK_PROVIDER
_MEDIATE, _UNSTATED, _CONFLICT = Code.MEDIATION_APPEAL, Code.UNSTATED, Code.CONFLICT
_NO_NEED = Code.CERTIFICATE_NOT_NEEDED
_health_or_care_side = on.against(*COUNCIL_OR_ICB)

_OUTSIDE = (
    _row("R24", frozenset({Subject.TRANSPORT}), (), ELSEWHERE, "transport", None, (), _OUT),
    _row("R24", frozenset({Subject.ADMISSION}), (), ELSEWHERE, "admission", None, (), _OUT),
    _row("R24", frozenset({Subject.EXCLUSION}), (), ELSEWHERE, "exclusion", None, (), _OUT),
    _row("R24", frozenset({Subject.STAFF_CONDUCT}), (), ELSEWHERE, "staff_conduct", None, (), _OUT),
    _row("R24", frozenset({Subject.OTHER}), (), ELSEWHERE, "not_send", None, (), _OUT),
    _row(
        "R25", EVERYTHING, (on.asked_by_professional, on.against_all(COUNCIL, ICB)), ELSEWHERE,
        "between_commissioners", None, (), _OUT,
    ),
    _row("E1", EVERYTHING, (on.against_only(Body.OTHER_PARENT),), ASK, "other_parent", None, (), _ASK, _OUT),
    _row("R26", frozenset({Subject.UNSURE}), (), ASK, "unsure_subject", None, (), _ASK, cites="code-11.6"),
)  # fmt: skip

_DISCRIMINATION = (
    _row("R23", DISCRIMINATION, (on.against_only(Body.INDEPENDENT_SCHOOL),), YES, "discrimination", B, (), _NO_NEED),
    _row("R23", DISCRIMINATION, (on.against_a_setting,), YES, "discrimination", A, (B,), _NO_NEED),
    _row("R23", DISCRIMINATION, (on.against(COUNCIL),), YES, "discrimination", A, (), _NO_NEED),
    _row("R23", DISCRIMINATION, (), ASK, "discrimination_elsewhere", None, (), _ASK),
)  # fmt: skip

_DUTIES = (
    _row("R1", DUTIES, (on.against(Body.EARLY_YEARS),), YES, "duties_early_years", A),
    _row("R2", DUTIES, (on.against(Body.SCHOOL),), YES, "duties_school", A),
    _row("R3", DUTIES, (on.against(Body.COLLEGE),), YES, "duties_college", A),
    _row("R20", DUTIES, (on.against(COUNCIL), on.overdue), YES, "waiting", A),
    _row("R4", DUTIES, (on.against(COUNCIL),), YES, "duties_council", A),
    _row(
        "R22", DUTIES, (on.against(Body.INDEPENDENT_SCHOOL),), ASK, "duties_independent",
        None, (), _ASK, _UNSTATED, cites="code-11.8",
    ),
    _row("R5", DUTIES, (on.against(ICB),), ELSEWHERE, "duties_icb", None, (), _OUT),
)  # fmt: skip

_PROVISION = (
    _row("E2", PROVISION, (on.educated_at_home, on.against(COUNCIL)), YES, "home_council", A),
    _row("E2", PROVISION, (on.educated_at_home, on.against_a_setting), ASK, "home_setting", None, (), _ASK),
    _row(
        "R6", PROVISION, (on.against_a_setting, on.named_decision(Decision.PLAN_CONTENTS)), YES,
        "provision_disputed", B, (A,), _MEDIATE,
    ),
    _row("R22", PROVISION, (on.against_only(Body.INDEPENDENT_SCHOOL),), YES, "provision_independent", B),
    _row("R6", PROVISION, (on.against_a_setting, on.in_plan), YES, "provision_in_plan", B, (A,)),
    _row("R6", PROVISION, (on.against_a_setting, on.against(COUNCIL)), YES, "provision_setting", B, (A,)),
    _row("R6", PROVISION, (on.against_a_setting,), YES, "provision_setting", B),
    _row("R8", PROVISION, (on.against(COUNCIL), on.assessment_or_appeal_under_way), YES, "provision_under_way", A),
    _row(
        "R7", PROVISION, (on.against(COUNCIL), on.named_decision(Decision.PLAN_CONTENTS)), YES,
        "provision_council_disputed", A, (), _MEDIATE,
    ),
    _row(
        "R7", PROVISION, (on.against(COUNCIL), on.provided_by(WhoShouldProvide.SETTING), on.not_in_plan), ASK,
        "provision_add_setting", None, (B,), _ASK,
    ),
    _row("R7", PROVISION, (on.against(COUNCIL),), YES, "provision_council", A),
    _row("R5", PROVISION, (on.against(ICB),), ASK, "provision_icb", None, (), _ASK),
)  # fmt: skip


def _windowed(about: frozenset[Subject], opened: str, closed: str, kind: str) -> tuple[Rule, ...]:
    """Rows for health or social care provision, which wait for the council's window."""
    side = _health_or_care_side
    return (
        _row(opened, about, (side, on.window(Window.OPEN)), YES, f"{kind}_open", C),
        _row(opened, about, (side, on.window(Window.OPENED_BY_COUNCIL)), YES, f"{kind}_opened", C),
        _row(
            "R21", about, (side, on.window(Window.APPEAL_PENDING)), ASK, f"{kind}_appeal_pending",
            None, (C,), _ASK, _CONFLICT,
        ),
        _row("R26", about, (side, on.window(Window.STAGE_UNKNOWN)), ASK, "unsure_stage", None, (C,), _ASK),
        _row(
            closed, about, (side, on.window(Window.BORDERLINE)), ASK, f"{kind}_requested", None, (C,), _ASK, _UNSTATED,
        ),
        _row(closed, about, (side, on.window(Window.UNSTATED)), ASK, f"{kind}_unstated", None, (C,), _ASK, _UNSTATED),
        _row(closed, about, (side, on.can_still_appeal), NOT_NOW, f"{kind}_closed_appeal", None, (), _CLOSED, _MEDIATE),
        _row(closed, about, (side,), NOT_NOW, f"{kind}_closed", None, (), _CLOSED),
        _row(
            "R13", about,
            (on.against_a_setting, on.provided_by(WhoShouldProvide.LOCAL_AUTHORITY, WhoShouldProvide.ICB)),
            NOT_NOW, "wrong_body", None, (C,), _CLOSED,
        ),
        _row("R13", about, (on.against_a_setting,), ASK, "setting_health_or_care", None, (A,), _ASK),
    )  # fmt: skip


_CARE_DUTY = _row(
    "R12", CARE, (on.against(COUNCIL), on.window(Window.CLOSED), on.duty(Duty.SOCIAL_CARE)), ASK,
    "care_duty", None, (A,), _ASK, _CONFLICT,
)  # fmt: skip

_DECISIONS = (
    _row("R21", OF_THE_COUNCIL, (on.appeal(Appeal.LODGED),), YES, "appeal_lodged", A),
    _row("E3", OF_THE_COUNCIL, (on.appeal(Appeal.DECIDED),), ASK, "appeal_decided", None, (), _ASK),
    _row("R19", OF_THE_COUNCIL, (on.at(Stage.DRAFT_PLAN), on.decided(Decision.PLAN_CONTENTS)), YES, "draft", A),
    _row("R19", OF_THE_COUNCIL, (on.at(Stage.DRAFT_PLAN), on.decided_nothing), YES, "draft", A),
    _row(
        "R14", DECISION, (on.decided(Decision.REFUSE_ASSESS, Decision.REFUSE_REASSESS),), YES,
        "refused_assessment", A, (), _MEDIATE,
    ),
    _row("R15", DECISION, (on.decided(Decision.REFUSE_PLAN),), YES, "refused_plan", A, (), _MEDIATE),
    _row("R16", DECISION, (on.decided(Decision.PLAN_CONTENTS),), YES, "plan_contents", A, (B,), _MEDIATE),
    _row("R18", DECISION, (on.decided(Decision.REFUSE_AMEND, Decision.CEASE),), YES, "amend_or_cease", A, (), _MEDIATE),
    _row(
        "R20", DECISION,
        (on.no_decision, on.at(Stage.ASSESSMENT_REQUESTED, Stage.IN_ASSESSMENT, Stage.IN_REVIEW, Stage.REASSESSMENT)),
        YES, "waiting", A,
    ),
    _row("R26", DECISION, (), ASK, "unsure_decision", None, (), _ASK, cites="code-11.13"),
    _row("R17", PLACEMENT, (on.has_letter,), YES, "placement", A, (), _NO_NEED),
    _row(
        "R17", PLACEMENT, (on.at(Stage.PLAN_IN_FORCE, Stage.IN_REVIEW, Stage.REASSESSMENT, Stage.PLAN_CEASED),), YES,
        "placement", A, (), _NO_NEED,
    ),
    _row(
        "R8", PLACEMENT, (on.at(Stage.ASSESSMENT_REQUESTED, Stage.IN_ASSESSMENT, Stage.DRAFT_PLAN),), YES,
        "placement_early", A,
    ),
    _row("R26", PLACEMENT, (), ASK, "unsure_placement", None, (), _ASK),
)  # fmt: skip

_ABOUT_SUPPORT = DUTIES | PROVISION | HEALTH | CARE
_NOBODY = _row("R26", _ABOUT_SUPPORT, (on.against_nobody_known,), ASK, "unsure_body", None, (), _ASK)

ROWS: tuple[Rule, ...] = (
    *_OUTSIDE,
    *_DISCRIMINATION,
    _NOBODY,
    *_DUTIES,
    *_PROVISION,
    *_windowed(HEALTH, "R9", "R10", "health"),
    _CARE_DUTY,
    *_windowed(CARE, "R11", "R12", "care"),
    *_DECISIONS,
)

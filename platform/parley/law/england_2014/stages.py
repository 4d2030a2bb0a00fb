"""Where a child or young person can stand in the process, and the types of disagreement."""

from parley.law.domain import SETTINGS, Area, AreaRule, Body, Decision, Limit, Stage, StageRule
from parley.law.england_2014.citations import CITATIONS

STAGES = {
    Stage.NONE: StageRule("No assessment or plan"),
    Stage.ASSESSMENT_REQUESTED: StageRule("Assessment asked for, no answer yet", decides=Limit.ASSESSMENT_ANSWERED),
    Stage.ASSESSMENT_REFUSED: StageRule("Assessment refused", appealable=Decision.REFUSE_ASSESS),
    Stage.IN_ASSESSMENT: StageRule("Assessment under way", health_and_care_window=True),
    Stage.PLAN_REFUSED: StageRule("Assessed, but no plan", appealable=Decision.REFUSE_PLAN),
    Stage.DRAFT_PLAN: StageRule("Draft plan received", health_and_care_window=True),
    Stage.PLAN_IN_FORCE: StageRule("Final plan in force", plan_final=True, appealable=Decision.PLAN_CONTENTS),
    Stage.IN_REVIEW: StageRule(
        "Plan being reviewed", health_and_care_window=True, plan_final=True, decides=Limit.REVIEW_FINISHED
    ),
    Stage.REASSESSMENT: StageRule("Being reassessed", health_and_care_window=True, plan_final=True),
    Stage.PLAN_CEASED: StageRule("Plan ended", appealable=Decision.CEASE),
    Stage.UNSURE: StageRule("Not sure"),
}

AREAS = {
    Area.DUTIES: AreaRule(
        Area.DUTIES,
        "how a nursery, school, college or the council carries out its education, health and care duties",
        frozenset({Body.EARLY_YEARS, Body.SCHOOL, Body.COLLEGE, Body.LOCAL_AUTHORITY}),
        only_in_window=False,
        citation=CITATIONS["code-11.8"],
    ),
    # Independent schools too: the Act says "any school", where the Code's list of duties leaves them out.
    Area.PROVISION: AreaRule(
        Area.PROVISION,
        "the special educational provision a nursery, school or college makes",
        SETTINGS,
        only_in_window=False,
        citation=CITATIONS["act-57"],
    ),
    # Social care as well: the Code adds it to the Act's health care.
    Area.HEALTH_AND_CARE: AreaRule(
        Area.HEALTH_AND_CARE,
        "health or social care provision while a plan is assessed, written, reviewed or reassessed",
        frozenset({Body.LOCAL_AUTHORITY, Body.ICB}),
        only_in_window=True,
        citation=CITATIONS["code-11.8"],
    ),
    Area.BETWEEN_COMMISSIONERS: AreaRule(
        Area.BETWEEN_COMMISSIONERS,
        "a disagreement between the council and the health commissioner, which a family does not bring",
        frozenset(),
        only_in_window=True,
        citation=CITATIONS["code-11.8"],
    ),
}

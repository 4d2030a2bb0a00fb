"""What each row says to a family, and what would change the answer. Pure.

Plain English for a tired parent. Names in braces are the council's own words (`Policy.words`). A number that
was not verified in the law is not claimed here.
"""

from parley.eligibility.rules import RuleText

_ASK_FIRST = "{provider} can tell you whether this fits. You can ask without deciding anything."
_ANY_STAGE = "You can ask at any stage, with or without a plan."
_MEDIATION = (
    "You can ask for {service} as well, but look at mediation and appeal first, because they have a time limit. "
    "Contact the mediation adviser named in your letter."
)
_LATER = (
    "It opens when an assessment, a draft plan, a review or a reassessment begins. "
    "You can ask the council for an early review of a plan."
)

ROW_TEXTS: dict[str, RuleText] = {
    # Outside the service
    "transport": RuleText(
        "Disagreements about school transport are not decided here. The council has its own transport appeal.",
        ("If it is really about the special educational support, choose that instead.",),
    ),
    "admission": RuleText(
        "Disagreements about school admissions are not decided here. They have their own appeal.",
        ("If a plan names the school, or should, choose “only the school or college named in the plan” instead.",),
    ),
    "exclusion": RuleText(
        "A suspension or exclusion is not decided here. The governors, and then a review panel, can look at it.",
        ("If it is also about support that was missing, add that as another disagreement.",),
    ),
    "staff_conduct": RuleText(
        "How a member of staff behaved is for the complaints policy of their school, college or service.",
        ("If it is also about support that was missing, add that as another disagreement.",),
    ),
    "not_send": RuleText(
        "This service is for disagreements about {needs}. Other concerns go to the complaints policy of the "
        "school, college or service.",
        ("If it is about support for {needs}, choose that instead.",),
    ),
    "between_commissioners": RuleText(
        "A disagreement between the council and the {icb} is not one a family brings. Staff have their own way "
        "to raise it.",
        ("If a family disagrees, the parent or young person can ask.",),
    ),
    "other_parent": RuleText(
        "This service is for disagreements with a nursery, school, college, the council or the NHS, not between "
        "parents. {provider} can tell you if there is a way to help.",
        ("If you also disagree with a school, the council or the NHS, add them.",),
    ),
    "unsure_subject": RuleText(
        "You are not sure what the disagreement is about, and that is fine. " + _ASK_FIRST,
        ("Once you know what it is about, check again.",),
    ),
    "unsure_body": RuleText(
        "We cannot tell who the disagreement is with. " + _ASK_FIRST,
        ("Once you know whether it is the nursery, school, college, council or NHS, check again.",),
    ),
    # Discrimination
    "discrimination": RuleText(
        "{service} can help with the support side of this. It cannot decide whether there was disability "
        "discrimination. A claim against a school goes to the SEND Tribunal, and needs no mediation certificate.",
        ("A claim has its own time limit: get advice soon.",),
    ),
    "discrimination_elsewhere": RuleText(
        "Disability discrimination by a service outside school is not decided here. {provider} can tell you "
        "whether the support side of it fits.",
        ("If a school, college or the council is also involved, add them.",),
    ),
    # How duties are carried out
    "duties_early_years": RuleText(
        "You disagree with how a nursery or other early years setting carries out its duties. " + _ANY_STAGE
    ),
    "duties_school": RuleText("You disagree with how a school carries out its duties. " + _ANY_STAGE),
    "duties_college": RuleText("You disagree with how a college carries out its duties. " + _ANY_STAGE),
    "duties_council": RuleText(
        "You disagree with how the council carries out its duties, such as delays, a missed review or support in "
        "a plan that is not given. " + _ANY_STAGE
    ),
    "waiting": RuleText(
        "You are waiting for a decision from the council. Until there is one there is nothing to appeal, but you "
        "can ask for {service} now, and you can complain about a delay.",
        ("When a decision letter comes, check again: mediation and appeal have a time limit.",),
    ),
    "duties_independent": RuleText(
        "The national list of whose duties this covers does not name independent schools. " + _ASK_FIRST,
        ("If it is about the special educational support the school gives, choose that instead.",),
        adding="If the council pays for the place, you can add the council.",
    ),
    "duties_icb": RuleText(
        "How the NHS carries out its duties in general is not covered here. You can complain to the NHS service "
        "or the {icb}.",
        ("If it is about the health support itself, choose “health support” instead.",),
    ),
    # Special educational provision
    "home_council": RuleText(
        "For a child educated at home, the disagreement about support is with the council. " + _ANY_STAGE
    ),
    "home_setting": RuleText(
        "You named a school or college, but education is at home. " + _ASK_FIRST,
        adding="If the council should arrange the support, add the council.",
    ),
    "provision_disputed": RuleText(
        "You disagree about the support given, and about what the plan says. " + _MEDIATION,
    ),
    "provision_independent": RuleText(
        "The law includes the special educational support of any school, independent schools too. " + _ANY_STAGE
    ),
    "provision_in_plan": RuleText(
        "You disagree about special educational support, and it is written in the plan. " + _ANY_STAGE,
        adding="The council has a part in making sure of what is in a plan: you can add the council.",
    ),
    "provision_setting": RuleText(
        "You disagree with the nursery, school or college about the special educational support it gives. " + _ANY_STAGE
    ),
    "provision_under_way": RuleText(
        "You can ask about special educational support at any time while a plan is being assessed, written, "
        "reviewed or reassessed, and while you wait for an appeal."
    ),
    "provision_council_disputed": RuleText("You disagree with what the plan says. " + _MEDIATION),
    "provision_add_setting": RuleText(
        "You think the nursery, school or college should give this support, but you named only the council. "
        + _ASK_FIRST,
        ("Add the nursery, school or college and check again.",),
    ),
    "provision_council": RuleText(
        "You disagree with the council about special educational support. " + _ANY_STAGE,
        ("If the school should be giving this support, you can add the school.",),
    ),
    "provision_icb": RuleText(
        "Therapy can count as education or as health support, and the answer depends on which. " + _ASK_FIRST,
        ("If it is health support, choose “health support” instead.",),
        adding="If the council should arrange it, add the council.",
    ),
    # Health provision
    "health_open": RuleText(
        "You disagree about health support, and a plan is being assessed, written, reviewed or reassessed. "
        "This is when the service can help with health support."
    ),
    "health_opened": RuleText(
        "You disagree about health support. By its own words, {council} opens the service for it where you stand now."
    ),
    "health_appeal_pending": RuleText(
        "You are waiting for an appeal. Official sources do not agree on whether health support can be brought "
        "then. " + _ASK_FIRST,
        ("If a review or reassessment of the plan starts, check again.",),
    ),
    "health_requested": RuleText(
        "You have asked for an assessment and it has not been agreed yet. It is not stated whether health support can "
        "already be brought now. " + _ASK_FIRST,
        ("If the council agrees to assess, check again.",),
    ),
    "health_unstated": RuleText(
        "The council does not state whether health support can be brought at your stage. " + _ASK_FIRST,
        ("If an assessment, review or reassessment starts, check again.",),
    ),
    "health_closed_appeal": RuleText(
        "At your stage this service does not cover health support. You have a decision you can still appeal: "
        "mediation can look at health support in a plan, together with education.",
        (_LATER,),
    ),
    "health_closed": RuleText("At your stage this service does not cover health support.", (_LATER,)),
    # Social care provision
    "care_open": RuleText(
        "You disagree about social care support, and a plan is being assessed, written, reviewed or reassessed. "
        "This is when the service can help with social care support."
    ),
    "care_opened": RuleText(
        "You disagree about social care support. By its own words, {council} opens the service for it where you stand "
        "now."
    ),
    "care_appeal_pending": RuleText(
        "You are waiting for an appeal. Official sources do not agree on whether social care support can be "
        "brought then. " + _ASK_FIRST,
        ("If a review or reassessment of the plan starts, check again.",),
    ),
    "care_requested": RuleText(
        "You have asked for an assessment and it has not been agreed yet. It is not stated whether social care support "
        "can already be brought now. " + _ASK_FIRST,
        ("If the council agrees to assess, check again.",),
    ),
    "care_unstated": RuleText(
        "The council does not state whether social care support can be brought at your stage. " + _ASK_FIRST,
        ("If an assessment, review or reassessment starts, check again.",),
    ),
    "care_closed_appeal": RuleText(
        "At your stage this service does not cover social care support. You have a decision you can still appeal: "
        "mediation can look at social care in a plan, together with education.",
        (_LATER,),
    ),
    "care_closed": RuleText(
        "At your stage this service does not cover social care support.",
        (_LATER, "If it is about how the council carries out its social care duties, say so and check again."),
    ),
    "care_duty": RuleText(
        "Social care support is only covered at certain stages, but how the council carries out its social care "
        "duties is covered at any stage. The published words do not say which this is. " + _ASK_FIRST,
        ("If an assessment, review or reassessment starts, check again.",),
    ),
    "unsure_stage": RuleText(
        "The answer depends on the stage you are at, and you are not sure of it. " + _ASK_FIRST,
        ("If an assessment, a draft plan, a review or a reassessment is under way, check again.",),
    ),
    "wrong_body": RuleText(
        "You named a nursery, school or college, but the council or the NHS should give this support. The service "
        "covers health and social care with the council or the NHS.",
        ("Name the council or the {icb} and check again.",),
    ),
    "setting_health_or_care": RuleText(
        "The service covers health and social care support with the council or the NHS. What a school itself has "
        "to do may fit as well. " + _ASK_FIRST,
        ("If the council or the NHS should give the support, name them.",),
    ),
    # Decisions
    "appeal_lodged": RuleText(
        "You have appealed, and you can still ask for {service}. The appeal goes on: its timetable does not wait. "
        "What you agree here leaves less to decide there."
    ),
    "appeal_decided": RuleText(
        "The Tribunal has decided, and this service cannot change that. It may help with how the decision is "
        "carried out. " + _ASK_FIRST,
        ("If what was ordered is not done, choose “how duties are carried out”.",),
    ),
    "draft": RuleText(
        "You can ask about a draft plan. There is no right of appeal until the plan is final. Send your comments "
        "to the council by the date in its letter.",
        ("When the final plan comes, check again: mediation and appeal have a time limit.",),
    ),
    "refused_assessment": RuleText("The council has decided not to assess. " + _MEDIATION),
    "refused_plan": RuleText("The council has decided not to issue a plan. " + _MEDIATION),
    "plan_contents": RuleText("You disagree with what the final plan says. " + _MEDIATION),
    "amend_or_cease": RuleText("The council has decided not to change the plan, or to end it. " + _MEDIATION),
    "unsure_decision": RuleText(
        "We cannot tell which decision this is about. If you have a letter with a right to appeal, time is running "
        "from the date on it. " + _ASK_FIRST,
        ("Tell us which decision it is, and the date on the letter.",),
    ),
    "placement": RuleText(
        "You disagree only with the school or college named in the plan, or that none is named. You can appeal "
        "without a mediation certificate. {service} is possible too, but does not stop the time to appeal.",
        (
            "If you also disagree with the needs or support in the plan, choose “what the plan says”: that appeal "
            "does need a certificate.",
        ),
    ),
    "placement_early": RuleText(
        "The council has not yet named a school or college in a final plan. You can ask for {service} now.",
        ("When the final plan comes, check again: there is a time limit to appeal.",),
    ),
    "unsure_placement": RuleText(
        "A school or college is named in a plan, and from what you told us there is none at the moment. " + _ASK_FIRST,
        ("If it is about getting a place at a school, choose “school admissions”.",),
    ),
}

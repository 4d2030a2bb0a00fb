"""The words of the family's questions: titles, hints and choices. Pure; plain English in GOV.UK style.

Names in braces are the council's own words. `own` is the title for somebody who asks about themselves.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OptionText:
    """One choice: the contract's value, its label, a hint."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question's title, its title for somebody who asks about themselves, a hint, and its choices."""

    title: str
    own: str = ""
    hint: str = ""
    options: tuple[OptionText, ...] = ()


_O = OptionText
_YES_NO_UNSURE = (_O("yes", "Yes"), _O("no", "No"), _O("unsure", "I’m not sure"))

QUESTION_TEXTS: dict[str, QuestionText] = {
    "risk_now": QuestionText(
        "Is anyone at risk of harm right now?",
        hint="This service cannot help in an emergency. If somebody is in danger, ring 999.",
        options=(_O("no", "No"), _O("yes", "Yes")),
    ),
    "asker": QuestionText(
        "Who are you?",
        options=(
            _O(
                "parent_carer",
                "A parent or carer",
                "Anyone with parental responsibility, or who cares for the child, for instance a foster carer",
            ),
            _O(
                "young_person",
                "A young person asking for myself",
                "You have reached school leaving age and are under {upper_age}",
            ),
            _O("child", "A child or pupil asking for myself", "You have not reached school leaving age"),
            _O(
                "alternative_person",
                "Somebody who acts for a young person who cannot decide this",
                "For instance a deputy or attorney",
            ),
            _O("professional", "A professional", "For instance a teacher, SENCo, social worker or health professional"),
        ),
    ),
    "lives_in_area": QuestionText(
        "Does the child or young person live in the area of {council}?",
        own="Do you live in the area of {council}?",
        hint="It is the home that counts, not the school.",
        options=_YES_NO_UNSURE,
    ),
    "home_nation": QuestionText(
        "Is the home in England?",
        options=(
            _O("england", "Yes, in England"),
            _O("other", "No, in Wales, Scotland, Northern Ireland or elsewhere"),
        ),
    ),
    "area_facts": QuestionText(
        "Does any of this apply?",
        hint="Select all that apply, or none.",
        options=(
            _O("moved_recently", "There was a move to another area recently"),
            _O("placed_elsewhere", "A council arranged a place to live or a school in another area"),
            _O("looked_after", "A council looks after the child", "For instance in foster care"),
        ),
    ),
    "send": QuestionText(
        "Are there special educational needs?",
        own="Do you have special educational needs?",
        hint="No diagnosis is needed.",
        options=(
            _O("yes", "Yes"),
            _O("maybe", "Maybe", "Nobody has said so officially, or it is being looked into"),
            _O("disability_only", "A disability, but no special educational needs"),
            _O("no", "No"),
        ),
    ),
    "date_of_birth": QuestionText(
        "What is the child’s or young person’s date of birth?",
        own="What is your date of birth?",
        hint="From school leaving age a young person decides for themselves. We use the date only for this "
        "check. You can skip this question.",
    ),
    "young_person_agrees": QuestionText(
        "Does the young person agree that you ask?",
        hint="They have reached school leaving age, so the choice is theirs.",
        options=_YES_NO_UNSURE,
    ),
    "capacity": QuestionText(
        "Can the young person make this decision?",
        own="Can you make this decision yourself?",
        hint="It is about this decision only. A diagnosis does not answer it.",
        options=(
            _O("presumed", "Yes, with help if needed"),
            _O("lacks_for_this", "No, somebody else has to make it"),
            _O("unsure", "I’m not sure"),
        ),
    ),
    "representative": QuestionText(
        "Who acts for the young person?",
        options=(
            _O(
                "deputy_or_attorney",
                "A deputy or attorney",
                "Appointed by the Court of Protection or in a power of attorney",
            ),
            _O("parent", "A parent, and there is no deputy or attorney"),
            _O("none", "None of these, or I’m not sure"),
        ),
    ),
    "stage": QuestionText(
        "What stage are things at?",
        hint="You do not need a plan to use this service. “Plan” here means {plan_in_full} ({plan}).",
        options=(
            _O("none", "No assessment or plan", "There may be support at school without one"),
            _O("assessment_requested", "An assessment was asked for, and there is no answer yet"),
            _O("assessment_refused", "The council has refused to assess"),
            _O("in_assessment", "The assessment is under way"),
            _O("plan_refused", "There was an assessment, but the council will not issue a plan"),
            _O("draft_plan", "There is a draft plan"),
            _O("plan_in_force", "There is a final plan, and no review at the moment"),
            _O("in_review", "There is a plan, and it is being reviewed", "From the call to the meeting to the result"),
            _O("reassessment", "There is a plan, and a new assessment is under way"),
            _O("plan_ceased", "The council has ended the plan"),
            _O("unsure", "I’m not sure"),
        ),
    ),
    "stage_since": QuestionText(
        "When did this begin?",
        hint="For instance the date of the request, the review meeting or the draft plan. You can skip this question.",
    ),
    "appeal": QuestionText(
        "Have you appealed to the SEND Tribunal?",
        options=(
            _O("none", "No"),
            _O("considering", "Not yet, but I am thinking about it"),
            _O("lodged", "Yes, and I am waiting"),
            _O("decided", "Yes, and the Tribunal has decided"),
        ),
    ),
    "against": QuestionText(
        "Who do you disagree with?",
        hint="Select all that apply.",
        options=(
            _O("early_years", "A nursery, childminder or other early years setting"),
            _O("school", "A school", "Maintained schools, academies and free schools"),
            _O("independent_school", "An independent (private) school"),
            _O("college", "A college or other post-16 setting"),
            _O("local_authority", "The council"),
            _O("icb", "The NHS", "The {icb} decides about many NHS services"),
            _O("other_parent", "The other parent"),
            _O("other", "Somebody else"),
            _O("unsure", "I’m not sure"),
        ),
    ),
    "about": QuestionText(
        "What is the disagreement about?",
        hint="Select the one that fits best. You can add another disagreement later.",
        options=(
            _O("educational_provision", "Special educational support", "What is given, or not given, for learning"),
            _O(
                "duties",
                "How duties are carried out",
                "For instance delays, a missed review, or a plan that is not followed",
            ),
            _O("decision", "A decision about an assessment or a plan", "Refused, ended, or what the plan says"),
            _O("placement_only", "Only the school or college named in the plan", "Or that none is named"),
            _O("health_provision", "Health support", "For instance therapy or nursing"),
            _O("social_care_provision", "Social care support", "For instance short breaks or help at home"),
            _O("not_in_school", "Being out of school", "No school place, a part-time timetable, or not able to go"),
            _O("discrimination", "Disability discrimination"),
            _O("exclusion", "A suspension or exclusion"),
            _O("transport", "School transport"),
            _O("admission", "School admissions"),
            _O("staff_conduct", "How a member of staff behaved"),
            _O("other", "Something else that is not about special educational needs"),
            _O("unsure", "I’m not sure"),
        ),
    ),
    "decision": QuestionText(
        "Which decision is it?",
        options=(
            _O("refuse_assess", "Not to assess"),
            _O("refuse_plan", "Not to issue a plan"),
            _O("plan_contents", "What the plan says"),
            _O("refuse_amend", "Not to change the plan after a review"),
            _O("refuse_reassess", "Not to assess again"),
            _O("cease", "To end the plan"),
            _O("", "Something else, or I’m not sure"),
        ),
    ),
    "in_plan": QuestionText("Is this support written in the plan?", options=_YES_NO_UNSURE),
    "duty": QuestionText(
        "Is it about how duties are carried out?",
        hint="For instance a social care assessment that is late, or a service that does not answer.",
        options=(
            _O("social_care", "Yes, about the council’s social care duties"),
            _O("", "No, about the support itself"),
        ),
    ),
    "who_should_provide": QuestionText(
        "Who do you think should give this support?",
        options=(
            _O("setting", "The nursery, school or college"),
            _O("local_authority", "The council"),
            _O("icb", "The NHS"),
            _O("unsure", "I’m not sure"),
        ),
    ),
    "educated": QuestionText(
        "Where does education take place?",
        options=(
            _O("early_years", "Nursery or other early years setting"),
            _O("school", "School"),
            _O("college", "College"),
            _O("home", "At home"),
            _O("custody", "In custody"),
            _O("none", "Nowhere at the moment"),
            _O("unsure", "I’m not sure"),
        ),
    ),
    "decision_letter_date": QuestionText(
        "What is the date on the decision letter?",
        hint="The time to contact a mediation adviser and to appeal is counted from it. You can skip this question.",
    ),
    "certificate_date": QuestionText(
        "What is the date on the mediation certificate?",
        hint="A mediation adviser gives the certificate. This service does not. Skip this question if you have none.",
    ),
    "tried": QuestionText(
        "What have you tried so far?",
        hint="Select all that apply, or none.",
        options=(
            _O("talked", "I have talked to them directly"),
            _O("complaint_open", "I have made a complaint and am waiting"),
            _O("complaint_finished", "I have been through a complaints process"),
        ),
    ),
}

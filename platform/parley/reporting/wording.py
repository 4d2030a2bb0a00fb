"""What figures are called and what they mean, for whoever reads them. Pure.

``MEANINGS`` is on the page of figures and in docs/figures.md (a test holds the two together).
"""

from collections.abc import Mapping

from parley.reporting.domain.measures import Measure
from parley.reporting.domain.quarters import Quarter
from parley.reporting.domain.suppression import Range

TITLES: Mapping[Measure, str] = {
    Measure.REQUESTS: "Requests",
    Measure.ACKNOWLEDGE_DUE: "Requests to acknowledge",
    Measure.TELL_COUNCIL_DUE: "Requests to tell the council of",
    Measure.COUNCIL_ANSWER_DUE: "Requests for the council to answer",
    Measure.PROMISED_ANSWER_DUE: "Promised answers to give",
    Measure.COUNCIL_ANSWERS: "Answers of the council",
    Measure.INVITE_DUE: "Schools and health bodies to invite",
    Measure.OTHER_ANSWERS: "Answers of schools and health bodies",
    Measure.ARRANGE_DUE: "Meetings to arrange",
    Measure.MEETINGS_HELD: "Meetings held",
    Measure.MEETINGS_PUT_OFF: "Meetings moved or cancelled",
    Measure.OUTCOME_DUE: "Outcomes to record",
    Measure.OUTCOMES: "Outcomes",
    Measure.ACTIONS_AGREED: "Actions agreed",
    Measure.ACTIONS_DUE: "Agreed actions to do",
    Measure.ENDED: "Cases ended",
}

MEANINGS: Mapping[Measure, str] = {
    Measure.REQUESTS: "Requests that reached a provider, in the quarter in which they did. One that waits for a young "
    "person’s own yes is counted when it has that.",
    Measure.ACKNOWLEDGE_DUE: "Requests that the provider had to acknowledge by a day in the quarter. Days are counted "
    "from the request.",
    Measure.TELL_COUNCIL_DUE: "Requests of which the provider had to tell the council by a day in the quarter. Days "
    "are counted from the request.",
    Measure.COUNCIL_ANSWER_DUE: "Requests that the council had to answer by a day in the quarter. To say by when it "
    "will answer counts as done. Days are counted from when the council was told.",
    Measure.PROMISED_ANSWER_DUE: "Answers that the council had promised by a day in the quarter. Days are counted "
    "from the promise.",
    Measure.COUNCIL_ANSWERS: "The council’s yes or no to taking part, in the quarter in which it was given; where it "
    "changed its mind, the newest. Days are counted from when the council was told.",
    Measure.INVITE_DUE: "Schools, other settings and health bodies that the provider had to invite by a day in the "
    "quarter. Days are counted from when it could.",
    Measure.OTHER_ANSWERS: "Yes or no of a school, another setting or a health body that was invited; where it changed "
    "its mind, the newest.",
    Measure.ARRANGE_DUE: "Meetings of which the time and place had to be fixed by a day in the quarter. Days are "
    "counted from when everybody had agreed.",
    Measure.MEETINGS_HELD: "Meetings that took place in the quarter. Days are those from when everybody had agreed to "
    "a case’s first meeting.",
    Measure.MEETINGS_PUT_OFF: "Meetings whose time was given up in the quarter, by whose wish it was. One that was put "
    "off twice is counted twice.",
    Measure.OUTCOME_DUE: "Meetings of which the outcome had to be recorded by a day in the quarter. Days are counted "
    "from the meeting.",
    Measure.OUTCOMES: "Outcomes that were recorded in the quarter. Days are counted from the request.",
    Measure.ACTIONS_AGREED: "Actions in the outcomes that were recorded in the quarter.",
    Measure.ACTIONS_DUE: "Agreed actions that somebody had to do by a day in the quarter. Done is what whoever had to "
    "do it says is done, unless the family says it is not. Days are counted from when it was agreed.",
    Measure.ENDED: "Cases that ended in the quarter. Days are counted from the request.",
}

PARTS: Mapping[str, str] = {
    "online": "Asked online",
    "phone": "Entered for a caller",
    "area_a": "How duties are carried out (type 1 in the Code)",
    "area_b": "Special educational provision (type 2)",
    "area_c": "Health or social care provision (type 3)",
    "area_other": "Another type, or a council that names none",
    "area_several": "Several types",
    "area_none": "Type not known",
    "with_council": "With the council",
    "with_setting": "With a school or other setting",
    "with_health": "With a health body",
    "with_several": "With several of them",
    "with_nobody_named": "With nobody named",
    "kept": "Done by the day",
    "late": "Not done by the day",
    "agreed": "Agreed to take part",
    "declined_out_of_scope": "Said no: not what the service is for",
    "declined_already_resolved": "Said no: already resolved",
    "declined_other_route": "Said no: another way is right",
    "declined_not_our_responsibility": "Said no: not its responsibility",
    "declined_other": "Said no: another reason",
    "setting_agreed": "A school or setting agreed",
    "setting_declined": "A school or setting said no",
    "icb_agreed": "A health body agreed",
    "icb_declined": "A health body said no",
    "first": "First meetings of a case",
    "further": "Further meetings",
    "decider_present": "The council’s decision maker came",
    "decider_absent": "The council’s decision maker did not come",
    "decider_not_recorded": "Not recorded whether one came",
    "by_family": "By wish of the family",
    "by_local_authority": "By wish of the council",
    "by_setting": "By wish of a school or setting",
    "by_icb": "By wish of a health body",
    "by_provider": "By wish of the provider",
    "full": "Everything agreed",
    "partial": "Partly agreed",
    "none": "Nothing agreed",
    "back_to_panel": "Back to the council’s panel",
    "completed": "Completed",
    "withdrawn": "Withdrawn by the family",
    "not_proceeding": "A side that was needed said no",
    "signposted": "Another way was right",
}

#: What each breakdown is by, where none of its parts is shown.
BREAKDOWNS: Mapping[str, str] = {
    "channel": "How they were asked",
    "area": "What they are about",
    "with": "With whom",
    "kept": "Done by the day or not",
    "answer": "What was answered",
    "order": "First meetings and further ones",
    "decider": "Whether a decision maker came",
    "by": "By whose wish",
    "kind": "What was agreed",
    "how": "How they ended",
}

#: In which order and under which headings measures are shown.
GROUPS: Mapping[str, tuple[Measure, ...]] = {
    "Requests and how they end": (Measure.REQUESTS, Measure.ENDED),
    "Dates of the provider": (
        Measure.ACKNOWLEDGE_DUE,
        Measure.TELL_COUNCIL_DUE,
        Measure.INVITE_DUE,
        Measure.ARRANGE_DUE,
        Measure.OUTCOME_DUE,
    ),
    "The council’s answers": (Measure.COUNCIL_ANSWER_DUE, Measure.PROMISED_ANSWER_DUE, Measure.COUNCIL_ANSWERS),
    "Schools and health bodies": (Measure.OTHER_ANSWERS,),
    "Meetings": (Measure.MEETINGS_HELD, Measure.MEETINGS_PUT_OFF),
    "Outcomes and actions": (Measure.OUTCOMES, Measure.ACTIONS_AGREED, Measure.ACTIONS_DUE),
}

#: What due dates rest on, as ``ClockBasis`` has it.
BASES: Mapping[str, str] = {
    "law": "the law",
    "policy": "the council’s own times",
    "contract": "the contract",
    "our_aim": "our aim, which is neither law nor the council’s promise",
}

NOT_SHOWN = "not shown"


def year_name(year: int) -> str:
    """Return a financial year in words: ``April 2026 to March 2027``."""
    return f"April {year} to March {year + 1}"


def quarter_name(quarter: Quarter) -> str:
    """Return a quarter for the head of a narrow column: ``Jul to Sep 2026``."""
    return f"{quarter.begins:%b} to {quarter.ends:%b} {quarter.begins.year}"


def count_words(count: Range | None) -> str:
    """Return a count as people read it: ``1,204``, ``1 to 4``, ``not shown``."""
    if count is None:
        return NOT_SHOWN
    return f"{count.least:,}" if count.exact is not None else f"{count.least:,} to {count.most:,}"


def days_words(days: float) -> str:
    """Return a number of days, half ones where the middle lies between two: ``3``, ``3½``."""
    return f"{int(days)}½" if days % 1 else str(int(days))

"""What is counted. The words for each are in ``reporting.wording``; docs/figures.md says where each comes from. Pure.

The measures are those that councils ask providers for (requests, days, answers, meetings, outcomes, actions). Every
breakdown of a measure names each thing counted exactly once, so that its parts add up to the measure.
"""

import enum
from collections.abc import Mapping

from parley.casework.agreement import OutcomeKind
from parley.casework.domain import ClockCode, CloseReason, DeclineReason, PartyKind
from parley.meetings.domain import AskedBy


class Measure(enum.StrEnum):
    """One thing that is counted in each quarter. The values are names in the CSV, and stay."""

    REQUESTS = "requests"
    ACKNOWLEDGE_DUE = "acknowledge_due"
    TELL_COUNCIL_DUE = "tell_council_due"
    COUNCIL_ANSWER_DUE = "council_answer_due"
    PROMISED_ANSWER_DUE = "promised_answer_due"
    COUNCIL_ANSWERS = "council_answers"
    INVITE_DUE = "invite_due"
    OTHER_ANSWERS = "other_answers"
    ARRANGE_DUE = "arrange_due"
    MEETINGS_HELD = "meetings_held"
    MEETINGS_PUT_OFF = "meetings_put_off"
    OUTCOME_DUE = "outcome_due"
    OUTCOMES = "outcomes"
    ACTIONS_AGREED = "actions_agreed"
    ACTIONS_DUE = "actions_due"
    ENDED = "ended"


class Kept(enum.StrEnum):
    """Whether what fell due was done by its day."""

    KEPT = "kept"
    LATE = "late"


#: Due dates of cases that are counted, by the measure that counts them.
DEADLINES: Mapping[ClockCode, Measure] = {
    ClockCode.ACKNOWLEDGE_BY: Measure.ACKNOWLEDGE_DUE,
    ClockCode.TELL_COUNCIL_BY: Measure.TELL_COUNCIL_DUE,
    ClockCode.ANSWER_BY: Measure.COUNCIL_ANSWER_DUE,
    ClockCode.HOLDING_UNTIL: Measure.PROMISED_ANSWER_DUE,
    ClockCode.INVITE_BY: Measure.INVITE_DUE,
    ClockCode.ARRANGE_BY: Measure.ARRANGE_DUE,
    ClockCode.ACTION_BY: Measure.ACTIONS_DUE,
}

_KEPT = {"kept": tuple(Kept)}

#: The two bodies besides the council that answer for themselves.
ANSWERING = (PartyKind.SETTING, PartyKind.ICB)

#: The breakdowns of each measure: name to parts.
BREAKDOWNS: Mapping[Measure, Mapping[str, tuple[str, ...]]] = {
    Measure.REQUESTS: {
        "channel": ("online", "phone"),
        "area": ("area_a", "area_b", "area_c", "area_other", "area_several", "area_none"),
        "with": ("with_council", "with_setting", "with_health", "with_several", "with_nobody_named"),
    },
    **dict.fromkeys((*DEADLINES.values(), Measure.OUTCOME_DUE), _KEPT),
    Measure.COUNCIL_ANSWERS: {"answer": ("agreed", *(f"declined_{reason}" for reason in DeclineReason))},
    Measure.OTHER_ANSWERS: {"answer": tuple(f"{kind}_{word}" for kind in ANSWERING for word in ("agreed", "declined"))},
    Measure.MEETINGS_HELD: {
        "order": ("first", "further"),
        "decider": ("decider_present", "decider_absent", "decider_not_recorded"),
    },
    Measure.MEETINGS_PUT_OFF: {"by": tuple(f"by_{side}" for side in AskedBy)},
    Measure.OUTCOMES: {"kind": tuple(OutcomeKind)},
    Measure.ENDED: {"how": tuple(reason for reason in CloseReason if reason is not CloseReason.YOUNG_PERSON_SAID_NO)},
}


def breakdowns(measure: Measure) -> Mapping[str, tuple[str, ...]]:
    """Return the breakdowns of ``measure``, by name; none for one that is only counted."""
    return BREAKDOWNS.get(measure, {})


def figure_key(measure: Measure, part: str = "") -> str:
    """Return the name under which a count is kept: of a measure, or of one part of it."""
    return f"{measure.value}.{part}" if part else measure.value

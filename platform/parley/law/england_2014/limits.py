"""How long somebody has for something. Only lengths that were verified stand here.

Left out because the source could not verify them: the last week for a decision not to issue a plan after an
assessment, the last week for a first final plan, the length of a reassessment, the time to change a plan or its
placement after an order, the time to claim discrimination, how long a plan may run on after the upper age, and
whether a certificate lengthens the time of an appeal about the school alone.
"""

from parley.kernel.periods import Period, Unit
from parley.law.domain import Binds, Limit, TimeLimit
from parley.law.england_2014.citations import CITATIONS


def _days(count: int) -> Period:
    return Period(count, Unit.DAYS)


def _working_days(count: int) -> Period:
    return Period(count, Unit.WORKING_DAYS)


def _weeks(count: int) -> Period:
    return Period(count, Unit.WEEKS)


def _months(count: int) -> Period:
    return Period(count, Unit.MONTHS)


def _limit(
    limit: Limit, period: Period, binds: Binds, what: str, starts: str, cites: str, *, back: bool = False
) -> TimeLimit:
    return TimeLimit(limit, period, binds, what, starts, CITATIONS[cites], back)


_FAMILY, _COUNCIL, _ICB = Binds.FAMILY, Binds.LOCAL_AUTHORITY, Binds.ICB
_ADVISER, _EITHER = Binds.MEDIATION_ADVISER, Binds.LOCAL_AUTHORITY_OR_ICB
_LETTER, _ORDER = "the date on the decision letter", "the Tribunal’s order"

_OF_AN_APPEAL = (
    _limit(Limit.CONTACT_ADVISER, _months(2), _FAMILY, "contact the mediation adviser", _LETTER, "reg-33"),
    _limit(Limit.APPEAL_FROM_LETTER, _months(2), _FAMILY, "appeal", _LETTER, "act-51"),
    # Whichever of the two ends later.
    _limit(Limit.APPEAL_FROM_CERTIFICATE, _months(1), _FAMILY, "appeal", "the date on the certificate", "act-51"),
)
_OF_MEDIATION = (
    _limit(
        Limit.CERTIFICATE_WITHOUT_MEDIATION, _working_days(3), _ADVISER, "give the certificate",
        "the day the family says it does not want mediation", "reg-34",
    ),
    _limit(
        Limit.MEDIATION_ARRANGED, _days(30), _COUNCIL, "arrange mediation",
        "the day the family tells the council that it wants mediation", "regulations",
    ),
    _limit(
        Limit.CERTIFICATE_NOT_ARRANGED, _working_days(3), _ADVISER, "give the certificate",
        "the day the council says that it cannot arrange mediation in time", "regulations",
    ),
    _limit(
        Limit.CERTIFICATE_AFTER_MEDIATION, _working_days(3), _ADVISER, "give the certificate",
        "the day mediation ends", "regulations",
    ),
    _limit(
        Limit.HEALTH_ISSUES_PASSED_ON, _working_days(3), _COUNCIL, "tell each integrated care board the issues",
        "the day the family tells the council that health is among them", "regulations",
    ),
    _limit(
        Limit.HEALTH_MEDIATION_ARRANGED, _days(30), _ICB, "arrange mediation about health alone",
        "the day the council tells it", "regulations",
    ),
    _limit(
        Limit.MEDIATION_NOTICE, _working_days(5), _EITHER, "tell the family the date and place",
        "the meeting", "code", back=True,
    ),
    _limit(
        Limit.PROMISE_KEPT, _weeks(2), _EITHER, "do what was agreed in mediation and cannot be appealed",
        "the agreement", "reg-42",
    ),
    _limit(
        Limit.PROMISE_TOLD, _weeks(1), _ICB, "tell a council that took no part what was agreed",
        "the agreement", "reg-42",
    ),
)  # fmt: skip
_OF_THE_PROCESS = (
    _limit(
        Limit.ASSESSMENT_ANSWERED, _weeks(6), _COUNCIL, "decide whether to assess",
        "the request for an assessment", "reg-5",
    ),
    _limit(Limit.ADVICE_GIVEN, _weeks(6), Binds.ADVICE_GIVERS, "give advice", "being asked for it", "reg-8"),
    # At least this long; the council's letter says until when.
    _limit(Limit.DRAFT_COMMENTS, _days(15), _FAMILY, "comment on a draft plan", "the draft being sent", "reg-13"),
    _limit(
        Limit.REVIEW_DECIDED, _weeks(4), _COUNCIL, "decide to keep, change or end the plan",
        "the review meeting", "devon",
    ),
    _limit(
        Limit.AMENDED_PLAN_ISSUED, _weeks(8), _COUNCIL, "issue the final changed plan",
        "the proposed changes being sent", "devon",
    ),
    _limit(
        Limit.REVIEW_FINISHED, _weeks(12), _COUNCIL, "issue the final changed plan", "the review meeting", "devon",
    ),
    _limit(
        Limit.PLAN_MOVED, _working_days(15), _COUNCIL, "hand a plan over, where it was not handed over on the day",
        "the day the old council knows of the move", "moving",
    ),
    _limit(
        Limit.NEW_COUNCIL_WRITES, _weeks(6), _COUNCIL, "write to the family about the plan",
        "the plan being handed over", "moving",
    ),
)  # fmt: skip
_OF_AN_ORDER = (
    _limit(Limit.ORDERED_ASSESSMENT_TOLD, _weeks(2), _COUNCIL, "tell the family it will assess", _ORDER, "reg-44"),
    _limit(Limit.ORDERED_ASSESSMENT_NO_PLAN, _weeks(10), _COUNCIL, "decide against a plan", _ORDER, "reg-44"),
    _limit(Limit.ORDERED_ASSESSMENT_PLAN, _weeks(14), _COUNCIL, "issue a final plan", _ORDER, "reg-44"),
    _limit(Limit.ORDERED_PLAN_DRAFT, _weeks(5), _COUNCIL, "send a draft plan", _ORDER, "reg-44"),
    _limit(Limit.ORDERED_PLAN_FINAL, _weeks(11), _COUNCIL, "issue a final plan", _ORDER, "reg-44"),
    _limit(
        Limit.RECOMMENDATION_ANSWERED, _weeks(5), _EITHER, "answer a recommendation on health or social care",
        "the Tribunal’s recommendation", "recommendations",
    ),
)  # fmt: skip

LIMITS = {one.limit: one for one in (*_OF_AN_APPEAL, *_OF_MEDIATION, *_OF_THE_PROCESS, *_OF_AN_ORDER)}

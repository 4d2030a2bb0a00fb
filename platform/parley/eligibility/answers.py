"""What a family answers: the left side of the eligibility contract. Pure and frozen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parley.law.domain import Body, Decision, Stage, Subject
from parley.policy.domain import Asker


class YesNoUnsure(StrEnum):
    """An answer that may honestly be unknown."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class HomeNation(StrEnum):
    """Whether the home is in England."""

    ENGLAND = "england"
    OTHER = "other"


class Send(StrEnum):
    """Whether there are, or may be, special educational needs."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"
    DISABILITY_ONLY = "disability_only"


class Appeal(StrEnum):
    """Where an appeal to the SEND Tribunal stands."""

    NONE = "none"
    CONSIDERING = "considering"
    LODGED = "lodged"
    DECIDED = "decided"


class RiskNow(StrEnum):
    """Whether somebody is at risk of harm now."""

    YES = "yes"
    NO = "no"


class Capacity(StrEnum):
    """Whether a young person can decide this for themselves. Presumed; never inferred from a diagnosis."""

    PRESUMED = "presumed"
    LACKS_FOR_THIS = "lacks_for_this"
    UNSURE = "unsure"


class Representative(StrEnum):
    """Who acts for somebody who cannot decide this."""

    NONE = "none"
    DEPUTY_OR_ATTORNEY = "deputy_or_attorney"
    PARENT = "parent"


class AreaFact(StrEnum):
    """What makes it less plain which council is the right one."""

    MOVED_RECENTLY = "moved_recently"
    PLACED_ELSEWHERE = "placed_elsewhere"
    LOOKED_AFTER = "looked_after"


class Educated(StrEnum):
    """Where the child or young person is educated."""

    EARLY_YEARS = "early_years"
    SCHOOL = "school"
    COLLEGE = "college"
    HOME = "home"
    CUSTODY = "custody"
    NONE = "none"
    UNSURE = "unsure"


class Duty(StrEnum):
    """The kind of duty a disagreement is about."""

    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"


class WhoShouldProvide(StrEnum):
    """Who, in the family's view, should make the provision."""

    SETTING = "setting"
    LOCAL_AUTHORITY = "local_authority"
    ICB = "icb"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Matter:
    """One disagreement. Dates and `tried` of None fall back to those of the answers as a whole."""

    against: frozenset[Body]
    about: Subject
    in_plan: YesNoUnsure = YesNoUnsure.UNSURE
    decision: Decision | None = None
    duty: Duty | None = None
    who_should_provide: WhoShouldProvide | None = None
    decision_letter_date: date | None = None
    certificate_date: date | None = None
    tried: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything a family has said; defaults as the contract shows them."""

    asker: Asker
    lives_in_area: YesNoUnsure
    send: Send
    stage: Stage
    matters: tuple[Matter, ...] = ()
    date_of_birth: date | None = None
    home_nation: HomeNation = HomeNation.ENGLAND
    stage_since: date | None = None
    appeal: Appeal = Appeal.NONE
    risk_now: RiskNow = RiskNow.NO
    young_person_agrees: YesNoUnsure | None = None
    capacity: Capacity = Capacity.PRESUMED
    representative: Representative = Representative.NONE
    area_facts: frozenset[AreaFact] = frozenset()
    educated: Educated | None = None
    decision_letter_date: date | None = None
    certificate_date: date | None = None
    tried: frozenset[str] = frozenset()
    provider_contacted: str | None = None
    on: date | None = None

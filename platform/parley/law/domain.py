"""The words of the law and the shape of a law version. Pure.

The members' values are the ones of the eligibility contract (design, section 7); pages, API and policies
use the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from parley.kernel import calendar
from parley.kernel.periods import Period


class Stage(StrEnum):
    """Where a child or young person stands in the education, health and care process."""

    NONE = "none"
    ASSESSMENT_REQUESTED = "assessment_requested"
    ASSESSMENT_REFUSED = "assessment_refused"
    IN_ASSESSMENT = "in_assessment"
    PLAN_REFUSED = "plan_refused"
    DRAFT_PLAN = "draft_plan"
    PLAN_IN_FORCE = "plan_in_force"
    IN_REVIEW = "in_review"
    REASSESSMENT = "reassessment"
    PLAN_CEASED = "plan_ceased"
    UNSURE = "unsure"


class Body(StrEnum):
    """Whom a family may disagree with."""

    EARLY_YEARS = "early_years"
    SCHOOL = "school"
    INDEPENDENT_SCHOOL = "independent_school"
    COLLEGE = "college"
    LOCAL_AUTHORITY = "local_authority"
    ICB = "icb"
    OTHER_PARENT = "other_parent"
    OTHER = "other"
    UNSURE = "unsure"


SETTINGS = frozenset({Body.EARLY_YEARS, Body.SCHOOL, Body.INDEPENDENT_SCHOOL, Body.COLLEGE})


class Subject(StrEnum):
    """What a disagreement is about."""

    DUTIES = "duties"
    EDUCATIONAL_PROVISION = "educational_provision"
    HEALTH_PROVISION = "health_provision"
    SOCIAL_CARE_PROVISION = "social_care_provision"
    DECISION = "decision"
    PLACEMENT_ONLY = "placement_only"
    DISCRIMINATION = "discrimination"
    NOT_IN_SCHOOL = "not_in_school"
    TRANSPORT = "transport"
    ADMISSION = "admission"
    EXCLUSION = "exclusion"
    STAFF_CONDUCT = "staff_conduct"
    OTHER = "other"
    UNSURE = "unsure"


class Decision(StrEnum):
    """A council's decision that carries a right of appeal (Children and Families Act 2014, section 51)."""

    REFUSE_ASSESS = "refuse_assess"
    REFUSE_PLAN = "refuse_plan"
    PLAN_CONTENTS = "plan_contents"
    REFUSE_AMEND = "refuse_amend"
    CEASE = "cease"
    REFUSE_REASSESS = "refuse_reassess"


class Area(StrEnum):
    """The types of disagreement in paragraph 11.8 of the Code, and `open` where a council names none of them.

    D is between the council and the health commissioner: a family is no party to it.
    """

    DUTIES = "A"
    PROVISION = "B"
    HEALTH_AND_CARE = "C"
    BETWEEN_COMMISSIONERS = "D"
    OPEN = "open"


class Service(StrEnum):
    """The services that are kept apart everywhere."""

    DISAGREEMENT_RESOLUTION = "disagreement_resolution"
    MEDIATION_ADVICE = "mediation_advice"
    MEDIATION = "mediation"
    INFORMAL_RESOLUTION = "informal_resolution"


class Binds(StrEnum):
    """Whom a time limit binds."""

    FAMILY = "family"
    LOCAL_AUTHORITY = "local_authority"
    ICB = "icb"
    LOCAL_AUTHORITY_OR_ICB = "local_authority_or_icb"
    ADVICE_GIVERS = "advice_givers"
    MEDIATION_ADVISER = "mediation_adviser"


class Limit(StrEnum):
    """The time limits of the law whose length was verified. Disagreement resolution itself has none."""

    CONTACT_ADVISER = "contact_adviser"
    APPEAL_FROM_LETTER = "appeal_from_letter"
    APPEAL_FROM_CERTIFICATE = "appeal_from_certificate"
    CERTIFICATE_WITHOUT_MEDIATION = "certificate_without_mediation"
    CERTIFICATE_NOT_ARRANGED = "certificate_not_arranged"
    CERTIFICATE_AFTER_MEDIATION = "certificate_after_mediation"
    MEDIATION_ARRANGED = "mediation_arranged"
    MEDIATION_NOTICE = "mediation_notice"
    HEALTH_ISSUES_PASSED_ON = "health_issues_passed_on"
    HEALTH_MEDIATION_ARRANGED = "health_mediation_arranged"
    PROMISE_KEPT = "promise_kept"
    PROMISE_TOLD = "promise_told"
    ASSESSMENT_ANSWERED = "assessment_answered"
    ADVICE_GIVEN = "advice_given"
    DRAFT_COMMENTS = "draft_comments"
    REVIEW_DECIDED = "review_decided"
    AMENDED_PLAN_ISSUED = "amended_plan_issued"
    REVIEW_FINISHED = "review_finished"
    ORDERED_ASSESSMENT_TOLD = "ordered_assessment_told"
    ORDERED_ASSESSMENT_NO_PLAN = "ordered_assessment_no_plan"
    ORDERED_ASSESSMENT_PLAN = "ordered_assessment_plan"
    ORDERED_PLAN_DRAFT = "ordered_plan_draft"
    ORDERED_PLAN_FINAL = "ordered_plan_final"
    RECOMMENDATION_ANSWERED = "recommendation_answered"
    PLAN_MOVED = "plan_moved"
    NEW_COUNCIL_WRITES = "new_council_writes"


class RightsHolder(StrEnum):
    """Whose request the law knows."""

    PARENT = "parent"
    YOUNG_PERSON = "young_person"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a statute, regulation, judgment or code. `locator` is empty where the number was not verified."""

    title: str
    locator: str = ""
    url: str = ""

    def __str__(self) -> str:
        """The citation as a person reads it, without its address."""
        return f"{self.title}, {self.locator}" if self.locator else self.title


@dataclass(frozen=True, slots=True)
class StageRule:
    """What the law says of one stage.

    `health_and_care_window`: the Code opens disagreement resolution about health and social care here.
    `plan_final`: a finished plan exists, so that its contents can be appealed.
    `appealable`: the decision that being at this stage implies.
    `decides`: the limit by which the council must have decided; None where none is verified.
    """

    label: str
    health_and_care_window: bool = False
    plan_final: bool = False
    appealable: Decision | None = None
    decides: Limit | None = None


@dataclass(frozen=True, slots=True)
class GateRule:
    """A condition about the person or the council, before anything is asked about the matter."""

    id: str
    title: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class RowRule:
    """A kind of disagreement, and where what holds for it comes from.

    When it applies and what follows is in the table of `parley.eligibility` that the law version names.
    """

    id: str
    title: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class AreaRule:
    """A type of disagreement as the Code has it: who may be on the other side, and when it is open."""

    area: Area
    label: str
    against: frozenset[Body]
    only_in_window: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Text:
    """A statement of law in our own words, with where it comes from."""

    id: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long somebody has for something. `starts` is what it is counted from, `back` that it lies before that."""

    limit: Limit
    period: Period
    binds: Binds
    what: str
    starts: str
    citation: Citation
    back: bool = False

    def due(self, start: date, holidays: Collection[date] = ()) -> date:
        """The last day, counted from `start`; `holidays` matter only where working days are counted."""
        return self.period.before(start, holidays) if self.back else self.period.after(start, holidays)


@dataclass(frozen=True, eq=False)
class LawVersion:
    """The rules in force from a day on, until the next version begins. Hashed by identity.

    `table` names the table of `parley.eligibility` with the conditions of the gates and rows; two versions
    that differ only in dates, stages or citations share one. `who` says who may ask, `never` what the service
    never does, `cases` what holds in situations that tables forget.
    """

    id: str
    title: str
    effective_from: date
    table: str
    upper_age: int
    limits: Mapping[Limit, TimeLimit]
    stages: Mapping[Stage, StageRule]
    areas: Mapping[Area, AreaRule]
    gates: Mapping[str, GateRule]
    rows: Mapping[str, RowRule]
    citations: Mapping[str, Citation]
    texts: Mapping[str, Text]
    who: Mapping[str, Text]
    duties: Mapping[str, Text]
    never: Mapping[str, Text]
    cases: Mapping[str, Text]
    no_certificate_needed_for: frozenset[Subject]

    def cite(self, key: str) -> Citation:
        """The citation under `key`. Raises KeyError: a rule that cites nothing known is a fault of ours."""
        return self.citations[key]

    def statements(self) -> tuple[Text, ...]:
        """Every statement of this version that people read."""
        groups = (self.texts, self.who, self.duties, self.never, self.cases)
        return tuple(text for group in groups for text in group.values())

    def cited(self) -> tuple[Citation, ...]:
        """Every citation of this version, wherever it stands."""
        return (
            *self.citations.values(),
            *(text.citation for text in self.statements()),
            *(gate.citation for gate in self.gates.values()),
            *(row.citation for row in self.rows.values()),
            *(area.citation for area in self.areas.values()),
            *(limit.citation for limit in self.limits.values()),
        )

    @cached_property
    def window(self) -> frozenset[Stage]:
        """The stages at which the Code opens disagreements about health and social care."""
        return frozenset(stage for stage, rule in self.stages.items() if rule.health_and_care_window)


def is_young_person(born: date, on: date, law: LawVersion) -> bool:
    """Over compulsory school age and under 25 (Children and Families Act 2014, Part 3).

    Counted from the last Friday in June itself.
    """
    return calendar.compulsory_school_age_ends(born) <= on and not is_over_age(born, on, law)


def is_over_age(born: date, on: date, law: LawVersion) -> bool:
    """True from the birthday on which the scheme's upper age is reached."""
    return on >= calendar.birthday(born, law.upper_age)


def rights_holder(born: date, on: date, law: LawVersion) -> RightsHolder:
    """Whose request the law knows: the parent's, then the young person's own, then nobody's.

    Says nothing about capacity: a young person who lacks it is represented, which has to be stated.
    """
    if is_over_age(born, on, law):
        return RightsHolder.NOBODY
    return RightsHolder.YOUNG_PERSON if is_young_person(born, on, law) else RightsHolder.PARENT

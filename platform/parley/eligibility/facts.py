"""What follows from the answers before any rule is tried: about the person, and about each matter. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parley.eligibility.answers import Answers, Appeal, Duty, Educated, Matter, WhoShouldProvide, YesNoUnsure
from parley.eligibility.openings import matching, opened_otherwise
from parley.kernel import calendar
from parley.law import deadlines
from parley.law.domain import (
    SETTINGS,
    Area,
    Body,
    Decision,
    LawVersion,
    RightsHolder,
    Stage,
    Subject,
    rights_holder,
)
from parley.policy.domain import AreaEntry, AreaKind, Asker, Policy

KNOWN_BODIES = SETTINGS | {Body.LOCAL_AUTHORITY, Body.ICB}


class Window(StrEnum):
    """Whether the council's health and social care area is open at the family's stage."""

    OPEN = "open"
    # Outside the law's times: at a stage, under a condition or while an appeal waits, by the council's own words.
    OPENED_BY_COUNCIL = "opened_by_council"
    CLOSED = "closed"
    # Whether "asked for, not yet agreed" counts as "during an assessment": sources are silent.
    BORDERLINE = "borderline"
    # Whether waiting for an appeal keeps it open: sources conflict.
    APPEAL_PENDING = "appeal_pending"
    STAGE_UNKNOWN = "stage_unknown"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, for whom, and where they live. `rights` is None without a date of birth."""

    answers: Answers
    policy: Policy
    asker: Asker
    rights: RightsHolder | None
    plan_may_run_on: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rows and a council's policy look at in one matter: families with equal facts get equal answers.

    Dates and `tried` already fall back to the answers as a whole. `decision` may follow from the stage, where
    `named_decision` is what the family said. `names_council` is true if any matter of the check names the council.
    """

    about: Subject
    against: frozenset[Body]
    asker: Asker
    stage: Stage
    appeal: Appeal
    educated: Educated | None
    in_plan: YesNoUnsure
    duty: Duty | None
    who_should_provide: WhoShouldProvide | None
    named_decision: Decision | None
    decision: Decision | None
    has_letter: bool
    appeal_window_open: bool
    overdue: bool
    tried: frozenset[str]
    window: Window
    opened_otherwise: frozenset[str]
    names_council: bool


def person_of(answers: Answers, policy: Policy, law: LawVersion, on: date) -> Person:
    """The person as the law sees them. A "child" past school age asks as a young person, and the other way round."""
    born = answers.date_of_birth
    rights = rights_holder(born, on, law) if born else None
    asker = answers.asker
    if asker is Asker.CHILD and rights is RightsHolder.YOUNG_PERSON:
        asker = Asker.YOUNG_PERSON
    elif asker is Asker.YOUNG_PERSON and rights is RightsHolder.PARENT:
        asker = Asker.CHILD
    return Person(answers, policy, asker, rights, _plan_may_run_on(answers, law, on))


def _plan_may_run_on(answers: Answers, law: LawVersion, on: date) -> bool:
    """Whether a plan could still be running in the school year in which the upper age was reached."""
    if answers.date_of_birth is None or not law.stages[answers.stage].plan_final:
        return False
    reached = calendar.birthday(answers.date_of_birth, law.upper_age)
    return on <= calendar.school_year_ends(reached)


def facts_of(answers: Answers, matter: Matter, policy: Policy, law: LawVersion, on: date) -> Facts:
    """What follows from one matter."""
    letter = matter.decision_letter_date or answers.decision_letter_date
    certificate = matter.certificate_date or answers.certificate_date
    return Facts(
        about=matter.about,
        against=matter.against,
        asker=answers.asker,
        stage=answers.stage,
        appeal=answers.appeal,
        educated=answers.educated,
        in_plan=matter.in_plan,
        duty=matter.duty,
        who_should_provide=matter.who_should_provide,
        named_decision=matter.decision,
        decision=matter.decision or law.stages[answers.stage].appealable,
        has_letter=letter is not None,
        appeal_window_open=letter is not None and on <= deadlines.appeal_by(letter, certificate, law),
        overdue=_overdue(answers, law, on),
        tried=answers.tried if matter.tried is None else matter.tried,
        window=window_of(answers, matter, policy, law),
        opened_otherwise=_opened_otherwise(answers, matter, policy, law),
        names_council=any(Body.LOCAL_AUTHORITY in one.against for one in answers.matters),
    )


def _overdue(answers: Answers, law: LawVersion, on: date) -> bool:
    """Whether the council's time to decide, where one is verified, has gone by."""
    if answers.stage_since is None:
        return False
    due = deadlines.decision_due(answers.stage, answers.stage_since, law)
    return due is not None and due < on


def _opened_otherwise(answers: Answers, matter: Matter, policy: Policy, law: LawVersion) -> frozenset[str]:
    """The numbers of listed areas that a further condition of the council opens for this matter."""
    listed = policy.areas.listed
    return frozenset(one.number for one in listed if one.also_open and opened_otherwise(one, answers, matter, law))


def window_of(answers: Answers, matter: Matter, policy: Policy, law: LawVersion) -> Window:
    """Whether health and social care can be brought now, by the council's own gate where it states one.

    Where the council has several areas of the kind, one that is open is enough; else the first of them says why not.
    """
    entries = matching(policy, Area.HEALTH_AND_CARE, matter.about, matter.against)
    windows = [_window(entry, answers, matter, policy, law) for entry in entries or (None,)]
    return next((one for one in (Window.OPEN, Window.OPENED_BY_COUNCIL) if one in windows), windows[0])


def _window(entry: AreaEntry | None, answers: Answers, matter: Matter, policy: Policy, law: LawVersion) -> Window:
    stage = answers.stage
    stated = entry.stages.shown if entry else None
    if stage in (law.window if stated is None else stated):
        return Window.OPEN if stage in law.window else Window.OPENED_BY_COUNCIL
    if entry and opened_otherwise(entry, answers, matter, law):
        return Window.OPENED_BY_COUNCIL
    if stage is Stage.UNSURE:
        return Window.STAGE_UNKNOWN
    if answers.appeal is Appeal.LODGED:
        listed = entry.while_appeal_pending.shown if entry else None
        return {True: Window.OPENED_BY_COUNCIL, False: Window.CLOSED, None: Window.APPEAL_PENDING}[listed]
    if stated is None or policy.areas.kind.shown is not AreaKind.LISTED:
        return Window.UNSTATED
    if stage in law.window:
        # The law opens it here and the council's list does not name the stage: that is no closed door, it is asked.
        return Window.UNSTATED
    return Window.BORDERLINE if stage is Stage.ASSESSMENT_REQUESTED else Window.CLOSED

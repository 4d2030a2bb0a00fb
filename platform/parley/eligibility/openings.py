"""Which of a council's areas a matter is brought in, and whether one more condition opens it. Pure."""

from parley.eligibility.answers import Answers, Appeal, Matter, YesNoUnsure
from parley.law.domain import Area, Body, Decision, LawVersion, Subject
from parley.policy.domain import AreaEntry, Opening, Policy

#: About these the other side is the council, whether or not it was named.
OF_THE_COUNCIL = frozenset({Subject.DECISION, Subject.PLACEMENT_ONLY})

_IN_PLAN = {True: YesNoUnsure.YES, False: YesNoUnsure.NO}


def matching(policy: Policy, area: Area, about: Subject, against: frozenset[Body]) -> tuple[AreaEntry, ...]:
    """The council's areas of a type of the Code for a disagreement: those with the other side, if there are any."""
    entries = policy.areas_of(area, {about})
    sides = sides_of(about, against)
    with_them = tuple(entry for entry in entries if entry.against.shown and not entry.against.shown.isdisjoint(sides))
    return with_them or entries


def sides_of(about: Subject, against: frozenset[Body]) -> frozenset[Body]:
    """Who is on the other side in a council's list: decisions are the council's; "school" means any school."""
    sides = against | {Body.LOCAL_AUTHORITY} if about in OF_THE_COUNCIL else against
    return sides | {Body.SCHOOL} if Body.INDEPENDENT_SCHOOL in sides else sides


def opened_otherwise(entry: AreaEntry, answers: Answers, matter: Matter, law: LawVersion) -> bool:
    """Whether any condition beside the area's own gate opens it; one that families may not be shown opens nothing."""
    decision = matter.decision or law.stages[answers.stage].appealable
    return any(_opens(opening, answers, matter, decision) for opening in entry.also_open if opening.evidence.shown)


def _opens(opening: Opening, answers: Answers, matter: Matter, decision: Decision | None) -> bool:
    return (
        _at_the_time(opening, answers)
        and (not opening.about or matter.about in opening.about)
        and (not opening.against or not opening.against.isdisjoint(matter.against))
        and (not opening.decisions or decision in opening.decisions)
        and (opening.in_plan is None or matter.in_plan is _IN_PLAN[opening.in_plan])
    )


def _at_the_time(opening: Opening, answers: Answers) -> bool:
    stages, pending = opening.stages.shown, opening.while_appeal_pending.shown
    if stages is None and pending is None:
        return True
    return answers.stage in (stages or ()) or (pending is True and answers.appeal is Appeal.LODGED)

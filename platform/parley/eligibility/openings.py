"""Whether one more condition of a council opens an area for a matter (`policy.domain.Opening`). Pure."""

from parley.eligibility.answers import Answers, Appeal, Matter, YesNoUnsure
from parley.law.domain import Decision, LawVersion
from parley.policy.domain import AreaEntry, Opening

_IN_PLAN = {True: YesNoUnsure.YES, False: YesNoUnsure.NO}


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

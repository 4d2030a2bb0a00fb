"""The way through the questions of a request: in which order they come, and what comes before and after each.

Safety comes first, before any contact detail. Each question says by itself when it applies. Touches nothing but forms
and the draft it is handed.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from parley.kernel.sentences import capitalised
from parley.workspaces.family.draft import Around, Draft
from parley.workspaces.family.steps import asker, child, disagreement, letters, meeting, provider, safety, words
from parley.workspaces.family.steps.step import Step

STEPS: tuple[type[Step], ...] = (
    safety.SafeWays,
    safety.MustNotLearn,
    safety.Apart,
    asker.Role,
    asker.Name,
    asker.Contact,
    child.Child,
    child.OwnBirth,
    child.Home,
    child.Setting,
    provider.WhichProvider,
    disagreement.About,
    disagreement.Stage,
    disagreement.Bodies,
    disagreement.Invite,
    child.YoungPerson,
    child.Acting,
    letters.Letter,
    letters.Certificate,
    letters.Dates,
    words.Story,
    words.Wish,
    words.Views,
    meeting.Access,
    meeting.Meeting,
    meeting.Supporter,
    words.Reports,
    words.Sharing,
)

BY_SLUG: Mapping[str, type[Step]] = {step.slug: step for step in STEPS}


def open_draft(sections: Mapping[str, Any], around: Around) -> Draft:
    """Return the draft with the clean values of every question that is done.

    Questions are read in order, because what one says and accepts may depend on those before it; an answer that such a
    change made unusable counts as not done, and is kept as it was typed.
    """
    values: dict[str, Mapping[str, Any]] = {}
    # Whom the family chose is called by name in the questions that follow, and in what it agrees to.
    typed = sections.get("provider", {}).get("raw", {}).get("provider") or [None]
    around = around.asking(typed[0])
    draft = Draft(sections, around, values)
    for step in STEPS:
        if draft.sections.get(step.slug, {}).get("done") and step.applies(draft):
            form = filled_form(step, draft)
            if form.validate():
                values[step.slug] = form.data
    return draft


def asked_form(step: type[Step], draft: Draft) -> Step:
    """Return the question's form for the request at hand: what was sent now, else what was typed before."""
    form = step(draft)
    return form if form.was_sent else filled_form(step, draft)


def filled_form(step: type[Step], draft: Draft) -> Step:
    """Return the question's form filled with what was typed before, not yet judged."""
    form = step(draft, MultiDict(draft.raw(step.slug)))
    # What stands in it was typed before; nothing was sent with this request.
    form.was_sent = False
    return form


def applicable(draft: Draft) -> list[type[Step]]:
    """Return the questions that apply to this request, in order."""
    return [step for step in STEPS if step.applies(draft)]


def unanswered(draft: Draft) -> list[type[Step]]:
    """Return the questions that apply and are not done, in order."""
    return [step for step in applicable(draft) if not draft.is_done(step.slug)]


def step_before(step: type[Step], draft: Draft) -> type[Step] | None:
    """Return the question before ``step``, or None before the first."""
    index = STEPS.index(step)
    return next((one for one in reversed(STEPS[:index]) if one.applies(draft)), None)


def step_after(step: type[Step], draft: Draft) -> type[Step] | None:
    """Return the next question after ``step`` that is not done; None when all that follow are."""
    index = STEPS.index(step)
    return next((one for one in STEPS[index + 1 :] if one.applies(draft) and not draft.is_done(one.slug)), None)


def heading_of(step: type[Step], draft: Draft) -> str | None:
    """Return what stands above the question's fields, or None when its only field's label does."""
    return _filled(step.own_heading if draft.asks_for_self and step.own_heading else step.heading, draft)


def lead_of(step: type[Step], draft: Draft) -> str | None:
    """Return the sentence below the heading."""
    return _filled(step.lead, draft)


def _filled(text: str | None, draft: Draft) -> str | None:
    if text is None:
        return None
    child_name = draft.child_name or "the child or young person"
    return capitalised(text.format(child=child_name, provider=draft.around.provider, council=draft.around.council))

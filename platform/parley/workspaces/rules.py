"""What the pages of one case say in the words of the rules it began under: names, areas, stages, whom to ring."""

from collections.abc import Iterable, Mapping
from typing import Any

from parley.casework.allocation_words import allocation_words
from parley.casework.domain import CaseState, StatementKind
from parley.casework.views import CaseView
from parley.casework.wording import Names
from parley.eligibility.question_texts import QUESTION_TEXTS
from parley.kernel.sentences import capitalised
from parley.law.domain import Area, LawVersion, Stage, Subject
from parley.law.versions import law_by_id
from parley.policy.domain import Policy
from parley.policy.providers import contact_of
from parley.policy.queries import policy_of_version, version_of
from parley.web import current
from parley.web.formatting import long_date
from parley.web.shell import Contact

#: The types of disagreement of the Code (11.8), for a council that lists none in its own words.
CODE_AREAS: Mapping[Area, str] = {
    Area.DUTIES: "how education, health and care duties are carried out",
    Area.PROVISION: "special educational provision",
    Area.HEALTH_AND_CARE: "health or social care provision",
    Area.OPEN: "any disagreement about support",
}

#: What the family wrote, as other sides read what was shared with them.
STATEMENTS: Mapping[StatementKind, str] = {
    StatementKind.STORY: "What has happened, in their words",
    StatementKind.WISH: "What they wish for",
    StatementKind.CHILD_VIEWS: "What the child or young person says",
    StatementKind.ACTING_FOR: "On what ground they act for the young person",
}

#: Where a child stands in the process, with the council's own words for plan and assessment.
STAGES: Mapping[Stage, str] = {
    Stage.NONE: "No {needs_assessment} and no {plan}",
    Stage.ASSESSMENT_REQUESTED: "{needs_assessment} asked for",
    Stage.ASSESSMENT_REFUSED: "{needs_assessment} refused",
    Stage.IN_ASSESSMENT: "{needs_assessment} under way",
    Stage.PLAN_REFUSED: "Assessed; {plan} refused",
    Stage.DRAFT_PLAN: "Draft {plan}",
    Stage.PLAN_IN_FORCE: "{plan} in force",
    Stage.IN_REVIEW: "{plan} under review",
    Stage.REASSESSMENT: "Reassessment under way",
    Stage.PLAN_CEASED: "{plan} ended",
    Stage.UNSURE: "The family is not sure",
}


def policy_of(view: CaseView) -> Policy:
    """Return the council's rules in the version the case began under, which it keeps, as run by who has the case."""
    policy = policy_of_version(current.session(), view.authority_id, view.policy_version_id)
    return policy.served_by(contact_of(view.provider))


def law_of(view: CaseView) -> LawVersion:
    """Return the law in the version the case began under, which it keeps."""
    return law_by_id(view.law_version)


def rules_text(view: CaseView) -> str:
    """Return which rules a case goes by: those of the day it was sent, though newer ones may stand beside them."""
    law, version = law_of(view), version_of(current.session(), view.authority_id, view.policy_version_id)
    council = version.policy.words["council"]
    return (
        f"{council}’s rules (version {version.number}) and the {law.title} (version {law.id}), as they stood on "
        f"{long_date(view.sent_at)}. Later changes do not touch this request."
    )


def names_under(policy: Policy, council: str) -> Names:
    """Return what ``casework.wording`` fills its texts with for readers of ``council``, its own words among them."""
    words = policy.words
    return Names(
        council=council,
        provider=words["provider"],
        service=words["service"],
        advice_service=words["advice_service"],
    )


def who_runs_it(view: CaseView, names: Names) -> str:
    """Return who of several providers has the case, and why, for its reader; "" where there is no other, or none."""
    if view.state is CaseState.UNPLACED:
        return ""
    return allocation_words(view.allocated_because, names.words(view.viewer))


def area_texts(policy: Policy, codes: Iterable[str], facts: Mapping[str, Any]) -> list[str]:
    """Return the areas of a disagreement in the council's own words, with its own numbers.

    Where the council has several areas of one type, those are meant that are for what the request is about.
    """
    return [text for code in codes for text in _area_texts(policy, Area(code), _subjects(facts))]


def subject_texts(facts: Mapping[str, Any]) -> list[str]:
    """Return what a request that is in no area is about, as the family chose it from the list."""
    chosen = _subjects(facts)
    return [option.label for option in QUESTION_TEXTS["about"].options if option.value in chosen]


def area_numbers(policy: Policy, codes: Iterable[str]) -> str:
    """Return the areas as short as the council numbers them ("Area 1 and 2"), "" where it lists none."""
    listed = [entry.number for code in codes for entry in policy.areas_of(Area(code))]
    return f"Area {' and '.join(listed)}" if listed else ""


def stage_text(policy: Policy, facts: Mapping[str, Any]) -> str:
    """Return where the family says it stands, "" when it did not say."""
    stage = facts.get("stage")
    if stage not in set(Stage):
        return ""
    return capitalised(STAGES[Stage(stage)].format_map(policy.words))


def provider_contact(policy: Policy) -> Contact | None:
    """Return how to reach the provider by what is published of it, None where the council publishes no provider."""
    provider = policy.provider
    if provider is None:
        return None
    phone, email, page = provider.first("phone"), provider.first("email"), provider.first("url")
    return Contact(
        name=provider.name,
        phone=phone.phone if phone else None,
        hours=phone.hours.shown if phone else None,
        email=email.email if email else None,
        href=page.url if page else None,
    )


def _subjects(facts: Mapping[str, Any]) -> set[str]:
    return {matter["about"] for matter in facts.get("matters", ()) if "about" in matter}


def _area_texts(policy: Policy, area: Area, subjects: set[str]) -> list[str]:
    entries = policy.areas_of(area, {Subject(one) for one in subjects}) or policy.areas_of(area)
    if entries:
        return [f"Area {entry.number}: {entry.label}" for entry in entries]
    return [policy.areas.label.shown or CODE_AREAS[area]]

"""From the answers of a draft to the request that is sent. Pure."""

from itertools import product
from typing import Any

from parley.casework.domain import Capacity, PartyKind, StatementKind
from parley.casework.request import Body, MeetingMode, NewRequest, Person, Safety
from parley.casework.wording_codes import GROUNDS
from parley.eligibility.certain import certain_areas
from parley.eligibility.domain import Assessment
from parley.kernel.sentences import capitalised
from parley.law.domain import Area, LawVersion, Stage, Subject
from parley.law.domain import Body as OtherSide
from parley.policy.domain import Asker, Policy
from parley.workspaces.family.draft import Draft
from parley.workspaces.family.from_check import PARTY_OF_BODY
from parley.workspaces.family.steps.meeting import ACCESS_NEEDS


def assemble(
    draft: Draft, assessment: Assessment | None, *, areas: frozenset[Area], agrees_to_tell_council: bool
) -> NewRequest:
    """Return the request that the draft's answers make, with what the check came to if there was one.

    ``areas`` are those that ``areas_of`` found.
    """
    return NewRequest(
        capacity=draft.capacity or Capacity.PARENT_CARER,
        asker=Person(
            name=str(draft.get("your-name", "name") or ""),
            email=str(draft.get("contact", "email") or ""),
            phone=str(draft.get("contact", "phone") or ""),
        ),
        child_name=draft.child_name,
        child_date_of_birth=draft.born,
        child_address=str(draft.get("home", "address") or ""),
        setting=str(draft.get("setting", "setting") or ""),
        bodies=_bodies(draft),
        areas=tuple(sorted(area.value for area in areas)),
        facts=_facts(draft, assessment),
        decision_letter_date=draft.letter_date,
        certificate_date=draft.certificate_date,
        knows_adviser_is_separate=bool(draft.get("dates", "knows")),
        story=draft.statements.get(StatementKind.STORY, ""),
        wish=draft.statements.get(StatementKind.WISH, ""),
        child_views=draft.statements.get(StatementKind.CHILD_VIEWS, ""),
        access_needs=_access_needs(draft),
        meeting_modes=tuple(MeetingMode(mode) for mode in draft.get("meeting", "modes") or ()),
        availability=str(draft.get("meeting", "availability") or ""),
        supporter=_supporter(draft),
        safety=_safety(draft),
        shares=shares_of(draft),
        agrees_to_tell_council=agrees_to_tell_council,
        young_person=_young_person(draft),
        alternative_person_statement=_ground(draft),
        asked_as_question=bool(draft.check and draft.check.get("question")),
    )


def areas_of(draft: Draft, assessment: Assessment | None, policy: Policy, law: LawVersion) -> frozenset[Area]:
    """Return the areas the check found; without a check, those that its rules come to from what the request says."""
    if assessment is not None:
        found = {area for matter in assessment.matters for area in (matter.area, *matter.also_areas) if area}
        return frozenset(found - {Area.OPEN})
    asker = Asker(draft.capacity) if draft.capacity else Asker.PARENT_CARER
    stage = Stage(draft.get("stage", "stage") or Stage.UNSURE)
    return certain_areas(asker, stage, _about(draft), _sides(draft), policy, law, draft.around.today)


def shares_of(draft: Draft) -> frozenset[tuple[StatementKind, PartyKind]]:
    """Return what the family shares with whom from the start; nothing unless it was ticked."""
    return frozenset(
        (kind, PartyKind(party)) for kind in draft.statements for party in draft.get("sharing", kind.value) or ()
    )


def _bodies(draft: Draft) -> tuple[Body, ...]:
    return tuple(
        Body(
            kind=kind,
            name=draft.party_name(kind),
            may_be_invited=kind is PartyKind.LOCAL_AUTHORITY or draft.get("invite", kind.value) == "yes",
        )
        for kind in draft.kinds
    )


def _about(draft: Draft) -> Subject:
    return Subject(draft.get("about", "about") or Subject.UNSURE)


def _sides(draft: Draft) -> list[frozenset[OtherSide]]:
    """Return who the other side may be, by the check's kinds: a request does not ask what kind of setting it is."""
    kinds = [[body for body, party in PARTY_OF_BODY.items() if party is kind] for kind in draft.kinds]
    return [frozenset(OtherSide(body) for body in bodies) for bodies in product(*kinds)]


def _facts(draft: Draft, assessment: Assessment | None) -> dict[str, Any]:
    """Return what the case keeps of the check: codes and dates, nothing that names anybody."""
    dates = {"decision_letter_date": draft.letter_date, "certificate_date": draft.certificate_date}
    facts: dict[str, Any] = {name: day.isoformat() for name, day in dates.items() if day}
    if draft.check is None or assessment is None:
        matter: dict[str, Any] = {"about": _about(draft).value}
        if len(sides := _sides(draft)) == 1:
            matter["against"] = sorted(sides[0])
        return facts | {"stage": draft.get("stage", "stage"), "matters": [matter]}
    asked = draft.check["answers"]
    facts["stage"] = asked.get("stage")
    facts["tried"] = sorted(asked.get("tried") or ())
    facts["gates"] = sorted({gate.code.value for gate in assessment.gates})
    facts["matters"] = [
        {
            "about": matter["about"],
            "against": sorted(matter["against"]),
            "answer": result.answer.value,
            "area": result.area.value if result.area else None,
            "codes": sorted(code.value for code in result.codes),
        }
        for matter, result in zip(asked.get("matters", ()), assessment.matters, strict=True)
    ]
    return facts


def _safety(draft: Draft) -> Safety:
    ways = tuple(way for way in draft.get("safe-ways", "ways") or () if way != "any")
    needs = draft.get("apart", "needs") or ()
    somebody = draft.get("must-not-learn", "anybody") == "yes"
    return Safety(
        safe_ways=ways,
        safe_times=str(draft.get("safe-ways", "times") or ""),
        must_not_learn=str(draft.get("must-not-learn", "who") or "") if somebody else "",
        hide_address="hide_address" in needs,
        wait_apart="wait_apart" in needs,
        attend_apart="attend_apart" in needs,
    )


def _access_needs(draft: Draft) -> str:
    chosen = [need for need in draft.get("access", "needs") or () if need != "none"]
    said = {"interpreter": draft.get("access", "language"), "other": draft.get("access", "details")}
    lines = [f"{ACCESS_NEEDS[need]}: {said[need]}" if said.get(need) else ACCESS_NEEDS[need] for need in chosen]
    return "\n".join(lines)


def _supporter(draft: Draft) -> str:
    comes = draft.get("supporter", "has_supporter") == "yes"
    return str(draft.get("supporter", "supporter") or "") if comes else ""


def _young_person(draft: Draft) -> Person | None:
    if not draft.needs_young_persons_yes:
        return None
    return Person(
        name=draft.child_name,
        email=str(draft.get("young-person", "email") or ""),
        phone=str(draft.get("young-person", "phone") or ""),
    )


def _ground(draft: Draft) -> str:
    ground = draft.get("acting", "ground")
    if not ground or draft.capacity is not Capacity.ALTERNATIVE_PERSON:
        return ""
    return "\n".join(part for part in (capitalised(GROUNDS[ground]), str(draft.get("acting", "details") or "")) if part)

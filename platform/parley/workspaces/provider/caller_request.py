"""From what a coordinator wrote down to the request that is sent, and to what is read back. Pure but for forms."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from parley.casework.domain import Capacity, PartyKind, StatementKind
from parley.casework.request import Body, MeetingMode, NewRequest, Person, Safety, is_young_person
from parley.eligibility.answers import Answers
from parley.eligibility.domain import Assessment
from parley.eligibility.result import Answer
from parley.eligibility.service import derived_facts
from parley.law.domain import SETTINGS, Area
from parley.law.domain import Body as Side
from parley.policy.domain import Asker
from parley.web.formatting import long_date, phone_display
from parley.workspaces.provider.caller_check import CallerCheck
from parley.workspaces.provider.caller_forms import DetailsForm, ReadBackForm
from parley.workspaces.provider.words import MODES, PARTIES
from parley.workspaces.safety_words import SAFE_WAYS

#: In what capacity each kind of caller asks. Nobody else can ask: a child's parent does, a professional tells them.
CAPACITIES: Mapping[Asker, Capacity] = {
    Asker.PARENT_CARER: Capacity.PARENT_CARER,
    Asker.YOUNG_PERSON: Capacity.YOUNG_PERSON,
    Asker.ALTERNATIVE_PERSON: Capacity.ALTERNATIVE_PERSON,
}

#: Which field of the form each problem of ``casework.request`` is mended in.
FIELD_OF_PROBLEM: Mapping[str, str] = {
    "contact": "phone",
    "child_date_of_birth": "born",
    "decision_letter_date": "letter",
    "certificate_date": "certificate",
    "alternative_person_statement": "ground",
    "young_person": "young_person_phone",
}

_OF_SIDE: Mapping[Side, PartyKind] = {
    **dict.fromkeys(SETTINGS, PartyKind.SETTING),
    Side.LOCAL_AUTHORITY: PartyKind.LOCAL_AUTHORITY,
    Side.ICB: PartyKind.ICB,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """What the bodies of this council's area are called."""

    council: str
    icb: str


def prefill(answers: Answers) -> dict[str, Any]:
    """Return what the check already knows of the details."""
    sides = {_OF_SIDE[side] for matter in answers.matters for side in matter.against if side in _OF_SIDE}
    return {
        "born": answers.date_of_birth,
        "letter": answers.decision_letter_date,
        "certificate": answers.certificate_date,
        "bodies": sorted(sides),
    }


def needs_young_person(answers: Answers, form: DetailsForm, today: dt.date) -> bool:
    """Tell whether a young person's own yes is needed before the request is sent on."""
    born = form.born.data or answers.date_of_birth
    return CAPACITIES.get(answers.asker) is Capacity.PARENT_CARER and is_young_person(born, today)


def assemble(check: CallerCheck, form: DetailsForm, said: ReadBackForm | None, named: Named) -> NewRequest:
    """Return the request. Before anything was read back, ``said`` is None and nobody has agreed to anything."""
    if check.answers is None or check.assessment is None:
        raise ValueError("a request begins from a finished check")
    answers = check.answers
    return NewRequest(
        capacity=CAPACITIES[answers.asker],
        asker=Person(name=str(form.asker_name.data), email=form.email.data or "", phone=form.phone.data or ""),
        child_name=str(form.child_name.data),
        child_date_of_birth=form.born.data,
        child_address=form.address.data or "",
        setting=form.setting.data or "",
        bodies=_bodies(form, said, named),
        areas=_areas(check.assessment),
        facts=_facts(answers, check.assessment, form),
        decision_letter_date=form.letter.data,
        certificate_date=form.certificate.data,
        knows_adviser_is_separate=bool(said and said.knows_adviser.data),
        story=form.story.data or "",
        wish=form.wish.data or "",
        child_views=form.child_views.data or "",
        access_needs=form.access_needs.data or "",
        meeting_modes=tuple(MeetingMode(mode) for mode in form.modes.data),
        availability=form.availability.data or "",
        supporter=form.supporter.data or "",
        safety=_safety(form),
        shares=_shares(form),
        agrees_to_tell_council=bool(said and said.tell_council.data),
        young_person=_young_person(form),
        alternative_person_statement=form.ground.data or "",
        asked_as_question=all(matter.answer is not Answer.YES for matter in check.assessment.matters),
        phone_only=not form.email.data,
    )


def read_back(form: DetailsForm, named: Named) -> list[tuple[str, str]]:
    """Return what is read to the caller, as names and values; what was left empty is left out."""
    safety = _safety(form)
    bodies = [PARTIES[PartyKind(kind)] for kind in form.bodies.data]
    lines = [
        ("Safe ways to reach you", ", ".join(SAFE_WAYS[way] for way in safety.safe_ways) or "Any way"),
        ("Safe times", safety.safe_times),
        ("Must not learn of this", safety.must_not_learn),
        ("To feel safe", ", ".join(choice.text for choice in form.apart.choices if choice.value in form.apart.data)),
        ("Your name", form.asker_name.data),
        ("Phone", phone_display(form.phone.data) if form.phone.data else ""),
        ("Email", form.email.data),
        ("Child or young person", form.child_name.data),
        ("Date of birth", long_date(form.born.data) if form.born.data else ""),
        ("Address", form.address.data),
        ("School or setting", form.setting.data),
        ("The disagreement is with", ", ".join(bodies)),
        ("Decision letter", long_date(form.letter.data) if form.letter.data else ""),
        ("Mediation certificate", long_date(form.certificate.data) if form.certificate.data else ""),
        ("What has happened", form.story.data),
        ("What you wish for", form.wish.data),
        ("What the child or young person says", form.child_views.data),
        ("Shared from the start", _shared_words(form, named)),
        ("What you need to take part", form.access_needs.data),
        ("Ways to meet", ", ".join(MODES[mode] for mode in form.modes.data)),
        ("Days and times", form.availability.data),
        ("Who comes with you", form.supporter.data),
        ("Acting for the young person", form.ground.data),
        ("The young person’s own phone", form.young_person_phone.data),
        ("The young person’s own email", form.young_person_email.data),
    ]
    return [(name, str(value)) for name, value in lines if value]


def _bodies(form: DetailsForm, said: ReadBackForm | None, named: Named) -> tuple[Body, ...]:
    names = {PartyKind.LOCAL_AUTHORITY: named.council, PartyKind.ICB: named.icb, PartyKind.SETTING: form.setting.data}
    asked = {
        PartyKind.SETTING: said.ask_setting.data if said else None,
        PartyKind.ICB: said.ask_icb.data if said else None,
    }
    kinds = [PartyKind(kind) for kind in form.bodies.data]
    return tuple(
        Body(
            kind=kind,
            name=names[kind] or "",
            may_be_invited=kind is PartyKind.LOCAL_AUTHORITY or asked.get(kind) == "yes",
        )
        for kind in kinds
    )


def _areas(assessment: Assessment) -> tuple[str, ...]:
    found = {area for matter in assessment.matters for area in (matter.area, *matter.also_areas) if area}
    return tuple(sorted(area.value for area in found if area is not Area.OPEN))


def _facts(answers: Answers, assessment: Assessment, form: DetailsForm) -> dict[str, Any]:
    dates = {"decision_letter_date": form.letter.data, "certificate_date": form.certificate.data}
    return derived_facts(answers, assessment) | {name: day.isoformat() for name, day in dates.items() if day}


def _safety(form: DetailsForm) -> Safety:
    needs = form.apart.data
    return Safety(
        safe_ways=tuple(way for way in form.safe_ways.data if way != "any"),
        safe_times=form.safe_times.data or "",
        must_not_learn=form.must_not_learn.data or "",
        hide_address="hide_address" in needs,
        wait_apart="wait_apart" in needs,
        attend_apart="attend_apart" in needs,
    )


def _shares(form: DetailsForm) -> frozenset[tuple[StatementKind, PartyKind]]:
    ticked = {StatementKind.STORY: form.share_story.data, StatementKind.WISH: form.share_wish.data}
    return frozenset((kind, PartyKind(party)) for kind, parties in ticked.items() for party in parties)


def _shared_words(form: DetailsForm, named: Named) -> str:
    texts = {"what has happened": form.share_story.data, "what you wish for": form.share_wish.data}
    names = {kind.value: named.council if kind is PartyKind.LOCAL_AUTHORITY else text for kind, text in PARTIES.items()}
    return "; ".join(
        f"{what} with {', '.join(names[party] for party in parties)}" for what, parties in texts.items() if parties
    )


def _young_person(form: DetailsForm) -> Person | None:
    if not (form.young_person_phone.data or form.young_person_email.data):
        return None
    return Person(
        name=str(form.child_name.data),
        email=form.young_person_email.data or "",
        phone=form.young_person_phone.data or "",
    )

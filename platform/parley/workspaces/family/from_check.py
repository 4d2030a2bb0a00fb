"""Between the check and a request begun from it: nothing is asked twice, and what is corrected counts. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from parley.casework.domain import Capacity, PartyKind
from parley.law.domain import Body
from parley.workspaces.family.draft import Draft, Raw
from parley.workspaces.family.steps.disagreement import BODY_KINDS

#: To which party of a case each body of the check belongs; what is not here is no party.
PARTY_OF_BODY: Mapping[str, PartyKind] = {
    Body.EARLY_YEARS: PartyKind.SETTING,
    Body.SCHOOL: PartyKind.SETTING,
    Body.INDEPENDENT_SCHOOL: PartyKind.SETTING,
    Body.COLLEGE: PartyKind.SETTING,
    Body.LOCAL_AUTHORITY: PartyKind.LOCAL_AUTHORITY,
    Body.ICB: PartyKind.ICB,
}


def prefilled(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the questions that a check's answers already answer, as sections of a draft."""
    sections: dict[str, Any] = {}
    if answers.get("asker") in set(Capacity):
        sections["who-you-are"] = _done(capacity=[answers["asker"]])
    against = {body for one in answers.get("matters", ()) for body in one["against"]}
    named = {PARTY_OF_BODY[body] for body in against & PARTY_OF_BODY.keys()}
    if named:
        sections["bodies"] = _done(bodies=[kind.value for kind in BODY_KINDS if kind in named])
    born = answers.get("date_of_birth")
    if born:
        # The name is still to be asked, so the date stands there and waits for it.
        sections["child"] = {"raw": _date("born", born), "done": False}
        sections["your-birth"] = _done(**_date("born", born))
    letters = [answers, *answers.get("matters", ())]
    letter = next((one["decision_letter_date"] for one in letters if one.get("decision_letter_date")), None)
    certificate = next((one["certificate_date"] for one in letters if one.get("certificate_date")), None)
    if letter:
        sections["letter"] = _done(has_letter=["yes"], **_date("letter", letter))
    if certificate:
        sections["certificate"] = _done(has_certificate=["yes"], **_date("certificate", certificate))
    return sections


def with_newer_facts(answers: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """Return a check's answers with what the request has added or corrected since: date of birth and letters."""
    newer: dict[str, Any] = {
        "date_of_birth": draft.born,
        "decision_letter_date": draft.letter_date,
        "certificate_date": draft.certificate_date,
    }
    dates = {name: day.isoformat() for name, day in newer.items() if isinstance(day, dt.date)}
    own = {"asker": draft.capacity.value} if draft.capacity else {}
    return {**answers, **dates, **own}


def _date(name: str, iso: str) -> Raw:
    year, month, day = iso.split("-")
    return {f"{name}-day": [str(int(day))], f"{name}-month": [str(int(month))], f"{name}-year": [year]}


def _done(**raw: list[str]) -> dict[str, Any]:
    return {"raw": raw, "done": True}

"""What provider pages say: results of acts, capacities, answers of a request's facts, bases of due dates. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from parley.casework.domain import Attention, Capacity, Channel, ClockBasis, ClockCode, PartyKind, StatementKind
from parley.casework.request import MeetingMode
from parley.casework.views import InvitationView
from parley.casework.wording import OWN_BASES
from parley.kernel.calendar import age_on
from parley.kernel.sentences import capitalised
from parley.policy.domain import Policy
from parley.web.formatting import long_date, phone_display

#: What the case page says after an act.
DONE: Mapping[str, str] = {
    "acknowledged": "You acknowledged the request. The family can see it.",
    "taken": "You look after this case now",
    "handed-over": "The case was handed over",
    "let-go": "Nobody looks after this case now",
    "asked": "Your question was sent",
    "answered": "It is recorded that they answered",
    "conflict": "The conflict of interest is recorded. Your administrator sees it.",
    "settled": "The conflict of interest is settled and the case handed over",
    "council-told": "The council can see the request now",
    "signposted": "The family is told of the other way, and the case is closed",
    "consent": "What the family said is recorded",
    "who-goes-on": "What the family said is recorded. If the request moves, it is on its way and not yours any more.",
    "withdrawn": "The request is withdrawn",
    "young-person-yes": "The young person’s yes is recorded. The request is with you now.",
    "goes-on": "It is recorded, and the case goes on",
    "young-person-elsewhere": "The young person’s yes is recorded. The request goes to another provider.",
    "young-person-no": "The young person’s no is recorded, and the case is closed",
    "invited": "The invitation is on its way",
    "renewed": "A new invitation is on its way",
    "revoked": "The invitation was taken back",
    "without": "The case goes on without this side",
    "ended": "The case is closed",
    "told": "It is recorded that you told them",
    "outcome": "The outcome is recorded, and every side can see it",
    "closed-with-outcome": "The case is closed",
    "another-meeting": "The case is open for another meeting. Suggest times.",
}

CAPACITIES: Mapping[Capacity, str] = {
    Capacity.PARENT_CARER: "Parent or carer",
    Capacity.YOUNG_PERSON: "Young person",
    Capacity.ALTERNATIVE_PERSON: "Acts for the young person",
    Capacity.OFFICER: "Officer",
    Capacity.DECISION_MAKER: "Can decide in the meeting",
    Capacity.SETTING_CONTACT: "Contact at the school or setting",
    Capacity.ICB_CONTACT: "Contact at the NHS body",
}

ATTENTION: Mapping[Attention, str] = {
    Attention.CONFLICT_OF_INTEREST: "Conflict of interest",
    Attention.DELIVERY: "Not delivered automatically",
}

STATEMENTS: Mapping[StatementKind, str] = {
    StatementKind.STORY: "What has happened",
    StatementKind.WISH: "What they wish for",
    StatementKind.CHILD_VIEWS: "What the child or young person says",
    StatementKind.ACTING_FOR: "On what ground they act for the young person",
}

PARTIES: Mapping[PartyKind, str] = {
    PartyKind.FAMILY: "The family",
    PartyKind.LOCAL_AUTHORITY: "The council",
    PartyKind.SETTING: "The school or setting",
    PartyKind.ICB: "The NHS body",
}

CHANNELS: Mapping[Channel, str] = {Channel.ONLINE: "online", Channel.PHONE: "by phone"}

MODES: Mapping[str, str] = {
    MeetingMode.IN_PERSON: "in person",
    MeetingMode.VIDEO: "by video",
    MeetingMode.PHONE: "by phone",
    MeetingMode.SEPARATE_ROOMS: "in separate rooms",
}

#: The rows of the table of who sees what when the council is told (``casework.domain.REQUEST_VISIBILITY``).
SEEN_ITEMS: Mapping[str, str] = {
    "who_asks": "Who asks",
    "child": "The child or young person, with date of birth and school",
    "area_and_bodies": "What it is about, and with whom",
    "stage_and_dates": "Where they stand with the council, and dates",
    "contact": "How to reach the family, and the address",
    "safety": "What keeps them safe",
    "access_needs": "What they need to take part",
    "story": "What has happened, in their words",
    "wish": "What they wish for",
    "documents": "Reports and letters",
}

#: An item of that table that is a statement, and so can be shared.
STATEMENT_ITEMS: Mapping[str, StatementKind] = {"story": StatementKind.STORY, "wish": StatementKind.WISH}

_STAGES: Mapping[str, str] = {
    "none": "No assessment or plan",
    "assessment_requested": "An assessment was asked for",
    "assessment_refused": "The council will not assess",
    "in_assessment": "Being assessed",
    "plan_refused": "The council will not make a plan",
    "draft_plan": "A draft plan",
    "plan_in_force": "A final plan",
    "in_review": "The plan is being reviewed",
    "reassessment": "Being reassessed",
    "plan_ceased": "The council ended the plan",
    "unsure": "Not sure",
}

_AREAS: Mapping[str, str] = {
    "A": "How duties are carried out (area A)",
    "B": "Special educational provision (area B)",
    "C": "Health or social care provision (area C)",
}


def basis_words(code: ClockCode | None, basis: ClockBasis | None, council: str) -> str:
    """Return in a few words what a due date rests on; "" for one that people agreed, which is nobody's rule or aim."""
    if basis is None or code in OWN_BASES:
        return ""
    return {
        ClockBasis.LAW: "set by law",
        ClockBasis.POLICY: f"rule of {council}",
        ClockBasis.CONTRACT: f"contract with {council}",
        ClockBasis.OUR_AIM: "our aim",
    }[basis]


def stage_words(facts: Mapping[str, Any]) -> str:
    """Return where the family stands with an assessment or a plan, "" when it was not said."""
    return _STAGES.get(str(facts.get("stage")), "")


def area_words(areas: tuple[str, ...], subjects: Sequence[str]) -> str:
    """Return the areas of disagreement; where it is in none, what the family said it is about."""
    if areas:
        return "; ".join(_AREAS.get(area, area) for area in areas)
    return "; ".join((*subjects, "Not placed in an area yet"))


def against_words(against: tuple[str, ...]) -> str:
    """Return with whom the disagreement is."""
    names = [PARTIES[PartyKind(kind)].lower().replace("nhs", "NHS") for kind in against]
    return capitalised(" and ".join(names)) or "Not said"


def born_words(born: dt.date | None, on: dt.date) -> str:
    """Return a date of birth with the age on ``on``."""
    return f"{long_date(born)} ({age_on(born, on)} years old)" if born else "Not given"


def council_ways(policy: Policy) -> list[tuple[str, str]]:
    """Return how a council is reached, as it publishes: what each way is called and for, and the way itself."""
    contact = policy.council_contact
    ways = contact.shown_ways if contact is not None else ()
    return [
        (
            f"{way.label or 'Contact'}{f', {way.use}' if way.use else ''}",
            phone_display(way.phone) or way.email or way.url,
        )
        for way in ways
    ]


def access_facts(needs: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return what the person needs to take part, as names and values; what was not said is left out."""
    given = needs or {}
    modes = " or ".join(MODES.get(mode, mode) for mode in given.get("modes", ()))
    facts = [
        ("Needs", str(given.get("needs", ""))),
        ("Would meet", modes),
        ("Days and times", str(given.get("availability", ""))),
        ("Supporter", str(given.get("supporter", ""))),
    ]
    return [(name, value) for name, value in facts if value]


def invitation_words(invitation: InvitationView, at: dt.datetime) -> tuple[str, str]:
    """Return how an invitation stands in a few words, and the tone (``components/status.html``)."""
    if invitation.returned_at:
        return "Not the right person", "bad"
    if invitation.revoked_at:
        return "Taken back", "neutral"
    if invitation.opened or invitation.accepted_at:
        return "Opened", "good"
    if at >= invitation.expires_at:
        return "Ran out", "bad"
    return ("Sent", "waiting") if invitation.sent_at else ("Being sent", "waiting")

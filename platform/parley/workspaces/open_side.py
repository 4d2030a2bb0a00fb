"""The open side of a case in words, as a council's officers read it.

Made here alone: the officers' own page shows it, and so does the page on which a coordinator looks at what the council
is about to be told, so that what was looked at is what is told.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from parley.casework.domain import Capacity, CaseState, Channel, PartyKind
from parley.casework.views import CaseView, PartyView, TimelineView
from parley.casework.wording import (
    ClockWords,
    HappeningWords,
    Names,
    answer_words,
    decline_words,
    due_dates,
    party_name,
    timeline_words,
)
from parley.kernel.calendar import age_on
from parley.kernel.sentences import capitalised
from parley.policy.domain import Policy
from parley.web.formatting import long_date
from parley.workspaces import rules
from parley.workspaces.contract_words import contract_words

_CAPACITIES: Mapping[Capacity, str] = {
    Capacity.PARENT_CARER: "parent or carer",
    Capacity.YOUNG_PERSON: "young person",
    Capacity.ALTERNATIVE_PERSON: "acts for the young person",
    Capacity.OFFICER: "officer",
    Capacity.DECISION_MAKER: "can decide in the meeting",
    Capacity.SETTING_CONTACT: "school or setting",
    Capacity.ICB_CONTACT: "NHS body",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class SideWords:
    """One side's answer, in words."""

    name: str
    answer: str
    tone: str
    reason: str
    words: str
    holding_until: dt.date | None
    answered_at: dt.datetime | None
    people: Sequence[str]
    not_asked: bool
    unavailable: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenSide:
    """What officers read of a case (``case/open_side.html``): names with values, what was shared, sides, dates."""

    request: Sequence[tuple[str, str]]
    shared: Sequence[tuple[str, str]]
    sides: Sequence[SideWords]
    clocks: Sequence[ClockWords]
    timeline: Sequence[tuple[TimelineView, HappeningWords]]


def open_side(view: CaseView, policy: Policy, names: Names, on: dt.date) -> OpenSide:
    """Return the open side of a case that was read for its council, as it reads on the London date ``on``."""
    return OpenSide(
        request=_request(view, policy, names, on),
        shared=[(rules.STATEMENTS[statement.kind], statement.body) for statement in view.statements],
        sides=side_words(view, names),
        clocks=due_dates(view.clocks, view.viewer, names, on),
        timeline=timeline_words(view, names),
    )


def side_words(view: CaseView, names: Names) -> list[SideWords]:
    """Return each side's answer besides the family's, in words."""
    return [_side(view, party, names) for party in view.parties if party.kind is not PartyKind.FAMILY]


def _side(view: CaseView, party: PartyView, names: Names) -> SideWords:
    answer, tone = answer_words(party, closed=view.state is CaseState.CLOSED)
    own = party.kind is PartyKind.LOCAL_AUTHORITY
    not_asked = not party.may_be_invited and not party.removed
    return SideWords(
        name=f"{names.council} (you)" if own else _name(party, names),
        answer="Not asked" if not_asked else answer,
        tone="neutral" if not_asked else tone,
        reason=decline_words(party.reason, names),
        words=party.words,
        holding_until=party.holding_until,
        answered_at=party.answered_at,
        people=[
            f"{member.name} ({_CAPACITIES[member.capacity]})"
            for member in view.members
            if member.party_id == party.id and member.name
        ],
        not_asked=not_asked,
        unavailable=party.unavailable,
    )


def _name(party: PartyView, names: Names) -> str:
    return capitalised(party_name(party, names))


def _request(view: CaseView, policy: Policy, names: Names, on: dt.date) -> list[tuple[str, str]]:
    of_family = {party.id for party in view.parties if party.kind is PartyKind.FAMILY}
    askers = [member for member in view.members if member.party_id in of_family]
    born = view.child.date_of_birth
    others = [_name(party, names) for party in view.parties if party.kind in {PartyKind.SETTING, PartyKind.ICB}]
    against_council = [names.council] if PartyKind.LOCAL_AUTHORITY.value in view.against else []
    pairs = [
        ("Child or young person", view.child.name),
        ("Date of birth", f"{long_date(born)} ({age_on(born, on)} years old)" if born else ""),
        ("School or setting", view.child.setting),
        ("Who asks", "\n".join(f"{member.name} ({_CAPACITIES[member.capacity]})" for member in askers)),
        ("About", "\n".join(rules.area_texts(policy, view.areas, view.facts) or rules.subject_texts(view.facts))),
        ("With", "\n".join([*against_council, *others])),
        ("Stage", rules.stage_text(policy, view.facts)),
        ("Decision letter dated", _date(view.facts.get("decision_letter_date"))),
        ("Asked on", f"{long_date(view.sent_at)}{' by phone' if view.channel is Channel.PHONE else ''}"),
        ("Who runs it", rules.who_runs_it(view, names)),
        ("Its provider’s contract", contract_words(view, names, on)),
        ("You were told on", long_date(view.council_told_at) if view.council_told_at else ""),
    ]
    if view.asked_as_question:
        pairs.append(("Sent as a question", "The check on this site did not say yes; the family asks all the same."))
    return [(name, value) for name, value in pairs if value]


def _date(iso: object) -> str:
    return long_date(dt.date.fromisoformat(iso)) if isinstance(iso, str) else ""

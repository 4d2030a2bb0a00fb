"""One case as its provider works on it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for

from parley.access.domain import Permission, requires
from parley.casework.allocation import AllocatedBecause
from parley.casework.domain import REQUEST_VISIBILITY, Attention, CaseState, PartyKind, Viewer
from parley.casework.service.coordinating import record_read
from parley.casework.views import CaseView, MemberView, PartyView
from parley.casework.wording import (
    answer_words,
    decline_words,
    due_dates,
    next_step,
    party_name,
    state_words,
    timeline_words,
)
from parley.kernel.sentences import capitalised
from parley.web import current
from parley.web.formatting import long_date
from parley.workspaces.contract_words import change_words, contract_words
from parley.workspaces.provider import possible, words
from parley.workspaces.provider.lists import coordinator_words
from parley.workspaces.provider.messages import partners
from parley.workspaces.provider.opening import Opened, opened
from parley.workspaces.provider.possible import Act
from parley.workspaces.provider.tasks import open_tasks_of
from parley.workspaces.rules import rules_text, subject_texts, who_runs_it
from parley.workspaces.safety_words import safe_ways_words, safety_wishes


@dataclasses.dataclass(frozen=True, kw_only=True)
class Link:
    """Something that can be done from here."""

    text: str
    href: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the family or of a body, as the page writes them; ``post`` is what they say that they are there."""

    name: str
    role: str
    post: str
    email: str
    phone: str
    may_write: bool
    may_ring: bool
    safe_ways: str
    safe_times: str
    must_not_learn: str
    wishes: Sequence[str]
    access: Sequence[tuple[str, str]]
    has_safety: bool
    follows_online: bool
    claim: str | None
    invitation: tuple[str, str] | None
    expires: dt.date | None
    manage: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Side:
    """A party besides the family, as the page writes it."""

    name: str
    kind: str
    answer: str
    tone: str
    words: str
    reason: str
    holding_until: dt.date | None
    answered_at: dt.datetime | None
    unavailable: str
    may_be_asked: str | None
    people: Sequence[Person]
    links: Sequence[Link]


@requires(Permission.WORKLIST_READ)
def case(authority_id: uuid.UUID, case_id: uuid.UUID) -> str:
    """Show the case: what is next, how to reach the family safely, what they said, who answered what."""
    found = opened(authority_id, case_id)
    view, names = found.view, found.names
    may_coordinate = current.actor().may(Permission.CASE_COORDINATE)
    page = render_template(
        "provider/case.html",
        view=view,
        desk=found.desk,
        state=state_words(view.standing, Viewer.PROVIDER, names, view.close_reason),
        next=next_step(view, names, current.today()),
        rules=rules_text(view),
        done=words.DONE.get(request.args.get("done", "")),
        coordinator=coordinator_words(found.desk.coordinator_id, found.desk.coordinator),
        family=[_person(found, member) for member in found.family()],
        child=_child_facts(view),
        request_facts=_request_facts(found),
        hand_over=url_for(".hand_over_report", council=authority_id) if _changes_over(view) else "",
        statements=_statements(found),
        sides=[_side(found, party, may_coordinate) for party in view.parties if party.kind is not PartyKind.FAMILY],
        clocks=due_dates(view.clocks, Viewer.PROVIDER, names, current.today()),
        timeline=timeline_words(view, names),
        tasks=open_tasks_of(view, found.desk),
        same_child=[
            (other, url_for("provider.case", authority_id=other.authority_id, case_id=other.case_id))
            for other in found.desk.same_child
        ],
        conflict=found.desk.attention is Attention.CONFLICT_OF_INTEREST,
        undelivered=found.desk.attention is Attention.DELIVERY,
        may_coordinate=may_coordinate,
        may_administer=current.actor().may(Permission.PROVIDER_ADMINISTER),
        partners=partners(found) if current.actor().may(Permission.CASE_CONFIDE) else [],
        **_offers(found, may_coordinate),
    )
    # After the page is made, so that what failed to be shown is not recorded as read.
    record_read(current.session(), actor=current.actor(), at=current.now(), authority_id=authority_id, case_id=case_id)
    return page


def _offers(found: Opened, may_coordinate: bool) -> dict[str, Link | list[Link] | None]:
    """Return the act the case waits for, and the others."""
    offered = possible.acts(found.view, found.desk) if may_coordinate else []
    main = possible.main_act(found.view)
    return {
        "main_act": _act_link(found, main) if main in offered and main else None,
        "other_acts": [_act_link(found, act) for act in offered if act is not main],
    }


def _act_link(found: Opened, act: Act) -> Link:
    return Link(text=possible.TITLES[act], href=_address(found, act.value))


def _address(found: Opened, endpoint: str, **more: uuid.UUID) -> str:
    values: dict[str, Any] = {"authority_id": found.view.authority_id, "case_id": found.view.id, **more}
    return url_for(f"provider.{endpoint}", **values)


def _person(found: Opened, member: MemberView) -> Person:
    safety = member.safety
    may_claim = found.view.state is not CaseState.CLOSED and not member.has_account
    of_family = member in found.family()
    return Person(
        name=member.name,
        role=words.CAPACITIES[member.capacity],
        post=member.role,
        email=member.email,
        phone=member.phone,
        may_write=safety is None or safety.allows("email"),
        may_ring=safety is None or safety.allows("phone", "text"),
        safe_ways=safe_ways_words(safety) if safety else "Any way",
        safe_times=safety.safe_times if safety else "",
        must_not_learn=safety.must_not_learn if safety else "",
        wishes=safety_wishes(safety) if safety else (),
        access=words.access_facts(member.access_needs),
        has_safety=safety is not None and safety != type(safety)(),
        follows_online=member.has_account,
        claim=_address(found, "claim_code", member_id=member.id) if of_family and may_claim else None,
        invitation=words.invitation_words(member.invitation, current.now()) if member.invitation else None,
        expires=member.invitation.expires_at.date()
        if member.invitation and member.invitation.is_open(current.now())
        else None,
        manage=_address(found, "invitation", member_id=member.id) if member.invitation and not of_family else None,
    )


def _side(found: Opened, party: PartyView, may_coordinate: bool) -> Side:
    answer, tone = answer_words(party, closed=found.view.state is CaseState.CLOSED)
    name = party_name(party, found.names)
    is_body = party.kind is not PartyKind.LOCAL_AUTHORITY
    asked = {True: "The family said yes to asking it", False: "The family has not said yes to asking it"}
    return Side(
        name=capitalised(name),
        kind=words.PARTIES[party.kind],
        answer=answer if party.may_be_invited or party.removed or party.answer else "Not asked",
        tone=tone,
        words=party.words,
        reason=decline_words(party.reason, found.names),
        holding_until=party.holding_until,
        answered_at=party.answered_at,
        unavailable=party.unavailable,
        may_be_asked=asked[party.may_be_invited] if is_body and not party.removed else None,
        people=[_person(found, member) for member in found.view.members if member.party_id == party.id],
        links=_side_links(found, party, name) if may_coordinate else [],
    )


def _side_links(found: Opened, party: PartyView, name: str) -> list[Link]:
    can = possible.for_party(found.view, party)
    links = []
    if can.invite:
        links.append(Link(text=f"Invite somebody at {name}", href=_address(found, "invite", party_id=party.id)))
    if can.go_on_without:
        links.append(Link(text=f"Go on without {name}", href=_address(found, "go_on_without", party_id=party.id)))
    is_body = party.kind in {PartyKind.SETTING, PartyKind.ICB}
    if is_body and not party.removed and found.view.state is not CaseState.CLOSED:
        href = _address(found, "consent", party_id=party.id)
        links.append(Link(text=f"Record what the family says about asking {name}", href=href))
    return links


def _child_facts(view: CaseView) -> list[tuple[str, str]]:
    child = view.child
    return [
        ("Name", child.name),
        ("Date of birth", words.born_words(child.date_of_birth, current.today())),
        ("School or setting", child.setting or "None given"),
        ("Address", child.address or "Not given"),
    ]


def _request_facts(found: Opened) -> list[tuple[str, str]]:
    view = found.view
    letter = view.facts.get("decision_letter_date")
    facts = [
        ("About", words.area_words(view.areas, subject_texts(view.facts))),
        ("With", words.against_words(view.against)),
        ("Stage", words.stage_words(view.facts)),
        ("Decision letter", long_date(dt.date.fromisoformat(letter)) if letter else ""),
        ("Sent", f"{long_date(view.sent_at)}, {words.CHANNELS[view.channel]}"),
        ("Why it is yours", who_runs_it(view, found.names)),
        ("Your contract", contract_words(view, found.names, current.today())),
        ("Who goes on", change_words(view.change) if view.change else ""),
        ("Sent as", "A question, after a check that did not say yes" if view.asked_as_question else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _changes_over(view: CaseView) -> bool:
    """Tell whether the case's contract ended early, or another provider's did and the case was taken over so."""
    ended = view.contract.early is not None and view.contract.is_over(current.today())
    return ended or view.allocated_because is AllocatedBecause.MOVED


def _statements(found: Opened) -> list[tuple[str, str, str]]:
    parties = {party.id: party_name(party, found.names) for party in found.view.parties}
    shown = []
    for statement in found.view.statements:
        readers = sorted(parties[party] for party in statement.shared_with if party in parties)
        seen_by = f"You and {', '.join(readers)}" if readers else "Only you: the family has not shared it"
        shown.append((words.STATEMENTS[statement.kind], statement.body, seen_by))
    return shown


def seen_by_council(preview: CaseView, council: str) -> list[dict[str, object]]:
    """Return the rows of the table of who sees what, as it stands for the council once it is told."""
    shared = {statement.kind for statement in preview.statements}
    rows: list[dict[str, object]] = []
    for item, text in words.SEEN_ITEMS.items():
        rule = REQUEST_VISIBILITY[item][Viewer.LOCAL_AUTHORITY]
        statement = words.STATEMENT_ITEMS.get(item)
        if rule == "share":
            sees = statement in shared if statement else False
            answer: object = "yes" if sees else {"kind": "no", "text": "Not shared by the family"}
        elif rule == "logistics":
            answer = {"kind": "no", "text": f"Only what a meeting needs, once {council} takes part"}
        else:
            answer = rule
        rows.append({"item": text, "answers": [answer]})
    return rows

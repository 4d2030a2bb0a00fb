"""What a council's pages show of a case, as the lines of an export: put together from the pages' own views."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from parley.casework.queries import council_view
from parley.casework.views import CaseView
from parley.casework.wording import Names, timeline_words
from parley.documents.queries import documents_of_case
from parley.meetings.queries import council_meeting
from parley.meetings.views import MeetingView
from parley.outcomes.queries import outcomes
from parley.policy.providers import contact_of
from parley.policy.queries import policy_of_version, version_of
from parley.tenancy import queries as tenancy

Line = Mapping[str, Any]


def lines_of_pages(
    session: Session, authority_id: uuid.UUID, case_id: uuid.UUID, at: dt.datetime
) -> dict[str, list[Line]]:
    """Return what the pages of an officer show of a case, by the table of the export. Raises NotFound as they do."""
    view = council_view(session, authority_id=authority_id, case_id=case_id)
    meeting = council_meeting(session, authority_id=authority_id, case_id=case_id)
    return {
        "cases": [_case(session, view)],
        "sides": list(_sides(view)),
        "people": list(_people(view)),
        "statements": [{"case": view.reference, "kind": shown.kind, "words": shown.body} for shown in view.statements],
        "dates": list(_dates(view)),
        "timeline": list(_timeline(session, view)),
        **(_meeting(view, meeting) if meeting else {}),
        **_outcomes(session, view, at),
        "documents": list(_documents(session, view)),
    }


def _case(session: Session, view: CaseView) -> Line:
    return {
        "reference": view.reference,
        "state": view.state,
        "state_since": view.state_since.isoformat(),
        "close_reason": view.close_reason,
        "asked": view.channel,
        "provider": view.provider.name,
        "provider_because": view.allocated_because,
        "rules_version": version_of(session, view.authority_id, view.policy_version_id).number,
        "law_version": view.law_version,
        "areas": list(view.areas),
        "against": list(view.against),
        "about": sorted({matter["about"] for matter in view.facts.get("matters", ())}),
        "stage": view.facts.get("stage"),
        "decision_letter_date": view.facts.get("decision_letter_date"),
        "asked_as_question": view.asked_as_question,
        "sent_at": view.sent_at.isoformat(),
        "council_told_at": view.council_told_at and view.council_told_at.isoformat(),
        "child_name": view.child.name,
        "date_of_birth": _day(view.child.date_of_birth) or "",
        "setting": view.child.setting,
        "assigned_to": view.assigned_name,
        "council_number": view.council_number,
    }


def _sides(view: CaseView) -> Iterator[Line]:
    for party in view.parties:
        yield {
            "case": view.reference,
            "id": str(party.id),
            "kind": party.kind,
            "name": party.name,
            "may_be_asked": party.may_be_invited,
            "left": party.removed,
            "asked": party.asked,
            "answer": party.answer,
            "reason": party.reason,
            "words": party.words,
            "holding_until": _day(party.holding_until),
            "answered_at": party.answered_at and party.answered_at.isoformat(),
            "unavailable": party.unavailable,
        }


def _people(view: CaseView) -> Iterator[Line]:
    for member in view.members:
        yield {
            "case": view.reference,
            "id": str(member.id),
            "side": str(member.party_id),
            "capacity": member.capacity,
            "name": member.name,
            "role": member.role,
            "is_rights_holder": member.is_rights_holder,
        }


def _dates(view: CaseView) -> Iterator[Line]:
    for clock in view.clocks:
        yield {
            "case": view.reference,
            "what": clock.code,
            "basis": clock.basis,
            "binds": clock.binds,
            "side": clock.party_id and str(clock.party_id),
            "due_on": _day(clock.due_on),
            "met_on": _day(clock.met_on),
            "stopped": clock.stopped,
        }


def _timeline(session: Session, view: CaseView) -> Iterator[Line]:
    policy = policy_of_version(session, view.authority_id, view.policy_version_id)
    words = policy.served_by(contact_of(view.provider)).words
    names = Names(
        council=tenancy.authority_by_id(session, view.authority_id).name,
        provider=words["provider"],
        service=words["service"],
        advice_service=words["advice_service"],
    )
    for entry, said in timeline_words(view, names):
        yield {
            "case": view.reference,
            "at": entry.at.isoformat(),
            "what": entry.happening,
            "by": entry.by,
            "words": said.title,
        }


def _meeting(view: CaseView, meeting: MeetingView) -> dict[str, list[Line]]:
    of_meeting = {"case": view.reference, "meeting": str(meeting.id)}
    led = meeting.mediator
    begins, ends = (meeting.period.begins_at, meeting.period.ends_at) if meeting.period else (None, None)
    shown = {
        "case": view.reference,
        "id": str(meeting.id),
        "state": meeting.state,
        "mode": meeting.mode,
        "begins_at": begins and begins.isoformat(),
        "ends_at": ends and ends.isoformat(),
        "for_everybody": meeting.for_everybody,
        "mediator": led.name if led else "",
        "register_body": led.registration.body if led else None,
        "register_number": led.registration.number if led else None,
        "registered_until": _day(led.registration.until) if led else None,
        "notice_waived": meeting.notice_waived,
        "decision_maker_present": meeting.decision_maker_present,
    }
    times = [
        {
            **of_meeting,
            "begins_at": slot.period.begins_at.isoformat(),
            "ends_at": slot.period.ends_at.isoformat(),
            "answers": {str(member): answer for member, answer in slot.answers.items()},
        }
        for slot in meeting.slots
    ]
    people = [
        {
            **of_meeting,
            "person": str(person.member_id),
            "arrives_at": person.arrives_at and person.arrives_at.isoformat(),
            "ends_at": person.ends_at and person.ends_at.isoformat(),
            "place": person.place,
            "link": person.link,
            "brings": person.brings,
            "attended": person.attended,
        }
        for person in meeting.people
    ]
    supporters = [{**of_meeting, "name": one.name, "relation": one.relation} for one in meeting.supporters]
    return {"meetings": [shown], "meeting_times": times, "meeting_people": people, "meeting_supporters": supporters}


def _outcomes(session: Session, view: CaseView, at: dt.datetime) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = {
        "outcomes": [],
        "agreed_points": [],
        "remaining_issues": [],
        "agreed_actions": [],
    }
    for outcome in outcomes(session, view, at=at):
        part = {"case": view.reference, "outcome": str(outcome.id)}
        confirmed = {str(by.party_id): {"at": by.at.isoformat(), "spoken": by.spoken} for by in outcome.confirmed_by}
        lines["outcomes"].append(
            {
                "case": view.reference,
                "id": str(outcome.id),
                "meeting": outcome.meeting_id and str(outcome.meeting_id),
                "kind": outcome.kind,
                "was_confirmed": outcome.was_confirmed,
                "recorded_at": outcome.recorded_at.isoformat(),
                "confirmed_by": confirmed,
            }
        )
        lines["agreed_points"] += [{**part, "words": words} for words in outcome.points]
        lines["remaining_issues"] += [{**part, "words": words} for words in outcome.remaining]
        lines["agreed_actions"] += [
            {
                **part,
                "side": str(action.owner_id),
                "what": action.what,
                "due_on": _day(action.facts.due_on),
                "state": action.facts.state,
                "state_since": action.facts.since.isoformat(),
                "state_by": action.facts.by,
                "done_at": action.facts.done_at and action.facts.done_at.isoformat(),
                "disputed": action.disputed,
            }
            for action in outcome.actions
        ]
    return lines


def _documents(session: Session, view: CaseView) -> Iterator[Line]:
    for document in documents_of_case(session, view):
        extension = document.file_name.rpartition(".")[2]
        yield {
            "case": view.reference,
            "id": str(document.id),
            "title": document.title,
            "file_name": document.file_name,
            "kind": document.kind,
            "size": document.size,
            "added_at": document.added_at.isoformat(),
            "side": document.party_id and str(document.party_id),
            "file": f"documents/{view.reference}/{document.id}.{extension}",
        }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None

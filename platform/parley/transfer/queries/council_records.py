"""The lines of an export, table by table: rows as a council may read them, opened, with the names that pages use."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parley.casework.domain import PartyKind
from parley.casework.models import Answer, Case, Child, Party, PartyMember, Statement
from parley.db.sealed import Opener, SealedText
from parley.documents.domain import KINDS
from parley.documents.models import Document
from parley.identity.models import Identity
from parley.kernel.clock import london_date
from parley.meetings.models import Attendance, Meeting
from parley.outcomes.models import AgreedAction, AgreedPoint, RemainingIssue
from parley.transfer.domain import DOCUMENTS
from parley.transfer.queries import council_statements as statements
from parley.transfer.queries.timeline_words import Served, TimelineWords

Record = dict[str, Any]

#: Rows fetched at once: enough to be quick, few enough to stay small.
FETCHED = 1_000

#: The memory in which PostgreSQL keeps the ids of a council's cases while it goes through a table.
WORKING_MEMORY = "64MB"


#: The side that an entry of the timeline names, in its codes as text.
_PARTY = re.compile(r'"party_id": "([0-9a-f-]{36})"')


class CouncilRecords:
    """Reads one council's export. Tables are to be read in the order of TABLES: later ones name what earlier ones read.

    The session is one on the login for exports, in the council's scope.
    """

    def __init__(self, session: Session, authority_id: uuid.UUID, council: str) -> None:
        """Take the session, the council's id and its name."""
        self._session, self._authority_id = session, authority_id
        self._openers: dict[SealedText, Opener] = {}
        self._references: dict[str, tuple[str, Served]] = {}
        self._timeline = TimelineWords(session, authority_id, council)
        self._sides: dict[str, tuple[PartyKind, str]] = {}
        session.execute(select(func.set_config("work_mem", WORKING_MEMORY, True)))

    def records(self, table: str) -> Iterator[Record]:
        """Yield the lines of ``table``, a name of TABLES."""
        record = _RECORDS[table]
        options = {"yield_per": FETCHED}
        with self._session.connection().execute(self._statement(table), execution_options=options) as rows:
            for row in rows:
                yield record(self, row)

    def count(self, table: str) -> int:
        """Return how many lines ``table`` has."""
        counted = select(func.count()).select_from(self._statement(table).order_by(None).subquery())
        return self._session.scalars(counted).one()

    def documents(self) -> Iterator[Any]:
        """Yield the row of each document whose content belongs to the export."""
        return iter(self._session.execute(statements.DOCUMENTS).all())

    def opened(self, column: SealedText, row_id: str | None, sealed: bytes | None) -> str:
        """Return a sealed text; "" where there is none."""
        if sealed is None or row_id is None:
            return ""
        opener = self._openers.get(column)
        if opener is None:
            opener = self._openers[column] = column.opener(self._session, self._authority_id)
        return opener(row_id, sealed)

    def reference(self, case_id: str) -> str:
        """Return the reference of a case that was read."""
        return self._references[case_id][0]

    def case(self, row: Any) -> Record:
        """Return a line of cases."""
        served = Served(version_id=row.policy_version_id, provider_id=row.provider_id)
        self._references[row.id] = (row.reference, served)
        return {
            "reference": row.reference,
            "state": row.state,
            "state_since": row.state_since,
            "close_reason": row.close_reason,
            "asked": row.channel,
            "provider": row.provider,
            "provider_because": row.allocated_because,
            "rules_version": row.number,
            "law_version": row.law_version,
            "areas": row.areas,
            "against": row.against,
            "about": sorted({matter["about"] for matter in row.facts.get("matters", ()) if matter.get("about")}),
            "stage": row.facts.get("stage"),
            "decision_letter_date": row.facts.get("decision_letter_date"),
            "asked_as_question": row.asked_as_question,
            "sent_at": row.sent_at,
            "council_told_at": row.council_told_at,
            "child_name": self.opened(Case.child_name, row.id, row.child_name_sealed),
            "date_of_birth": self.opened(Child.date_of_birth, row.child_id, row.date_of_birth_sealed),
            "setting": self.opened(Child.setting, row.child_id, row.setting_sealed),
            "assigned_to": self.opened(Identity.shown_as, row.assigned_id, row.shown_as_sealed),
            "council_number": self.opened(Case.council_number, row.id, row.council_number_sealed),
        }

    def side(self, row: Any) -> Record:
        """Return a line of sides."""
        name = self.opened(Party.name, row.id, row.name_sealed)
        self._sides[str(row.id)] = (row.kind, name)
        return {
            "case": self.reference(row.case_id),
            "id": row.id,
            "kind": row.kind,
            "name": name,
            "may_be_asked": row.may_be_invited,
            "left": row.left,
            "asked": row.asked,
            "answer": row.value,
            "reason": row.reason,
            "words": self.opened(Answer.words, row.answer_id, row.words_sealed),
            "holding_until": row.holding_until,
            "answered_at": row.answered_at,
            "unavailable": self.opened(Answer.unavailable, row.answer_id, row.unavailable_sealed),
        }

    def person(self, row: Any) -> Record:
        """Return a line of people."""
        return {
            "case": self.reference(row.case_id),
            "id": row.id,
            "side": row.party_id,
            "capacity": row.capacity,
            "name": self.opened(PartyMember.name, row.id, row.name_sealed),
            "role": self.opened(PartyMember.role, row.id, row.role_sealed),
            "is_rights_holder": row.is_rights_holder,
        }

    def statement(self, row: Any) -> Record:
        """Return a line of statements."""
        return {
            "case": self.reference(row.case_id),
            "kind": row.kind,
            "words": self.opened(Statement.body, row.id, row.body_sealed),
        }

    def date(self, row: Any) -> Record:
        """Return a line of dates."""
        return {
            "case": self.reference(row.case_id),
            "what": row.code,
            "basis": row.basis,
            "binds": row.binds,
            "side": row.party_id,
            "due_on": row.due_on,
            "met_on": london_date(row.met_at).isoformat() if row.met_at else None,
            "stopped": row.stopped_at is not None,
        }

    def happening(self, row: Any) -> Record:
        """Return a line of the timeline."""
        reference, served = self._references[row.case_id]
        named = _PARTY.search(row.codes)
        party = self._sides.get(named[1]) if named else None
        return {
            "case": reference,
            "at": row.at,
            "what": row.code,
            "by": row.by,
            "words": self._timeline.said(row.case_id, served, (row.code, row.by, row.codes), party),
        }

    def meeting(self, row: Any) -> Record:
        """Return a line of meetings."""
        led = row.mediator_id is not None
        return {
            "case": self.reference(row.case_id),
            "id": row.id,
            "state": row.state,
            "mode": row.mode,
            "begins_at": row.begins_at,
            "ends_at": row.ends_at,
            "for_everybody": self.opened(Meeting.for_everybody, row.id, row.for_everybody_sealed),
            "mediator": self.opened(Meeting.mediator_name, row.id, row.mediator_name_sealed) if led else "",
            "register_body": row.register_body if led else None,
            "register_number": row.register_number if led else None,
            "registered_until": row.registered_until if led else None,
            "notice_waived": row.notice_waived,
            "decision_maker_present": row.decision_maker_present,
        }

    def meeting_time(self, row: Any) -> Record:
        """Return a line of meeting_times."""
        return {
            "case": self.reference(row.case_id),
            "meeting": row.meeting_id,
            "begins_at": row.begins_at,
            "ends_at": row.ends_at,
            "answers": row.answers or {},
        }

    def meeting_person(self, row: Any) -> Record:
        """Return a line of meeting_people: their own place, or where everybody goes."""
        place = self.opened(Attendance.place, row.place_id, row.place_sealed)
        link = self.opened(Attendance.link, row.place_id, row.link_sealed)
        return {
            "case": self.reference(row.case_id),
            "meeting": row.meeting_id,
            "person": row.member_id,
            "arrives_at": row.arrives_at,
            "ends_at": row.ends_at,
            "place": place or self.opened(Meeting.place, row.meeting_id, row.common_place_sealed),
            "link": link or self.opened(Meeting.link, row.meeting_id, row.common_link_sealed),
            "brings": self.opened(Attendance.brings, row.place_id, row.brings_sealed),
            "attended": row.attended,
        }

    def supporter(self, row: Any) -> Record:
        """Return a line of meeting_supporters."""
        return {
            "case": self.reference(row.case_id),
            "meeting": row.meeting_id,
            "name": self.opened(Attendance.supporter_name, row.id, row.supporter_name_sealed),
            "relation": self.opened(Attendance.supporter_relation, row.id, row.supporter_relation_sealed),
        }

    def outcome(self, row: Any) -> Record:
        """Return a line of outcomes."""
        return {
            "case": self.reference(row.case_id),
            "id": row.id,
            "meeting": row.meeting_id,
            "kind": row.kind,
            "was_confirmed": row.was_confirmed,
            "recorded_at": row.recorded_at,
            "confirmed_by": row.confirmed or {},
        }

    def point(self, row: Any) -> Record:
        """Return a line of agreed_points."""
        return self._of_outcome(row, AgreedPoint.words)

    def issue(self, row: Any) -> Record:
        """Return a line of remaining_issues."""
        return self._of_outcome(row, RemainingIssue.words)

    def action(self, row: Any) -> Record:
        """Return a line of agreed_actions."""
        return {
            "case": self.reference(row.case_id),
            "outcome": row.outcome_id,
            "side": row.owner_id,
            "what": self.opened(AgreedAction.what, row.id, row.what_sealed),
            "due_on": row.due_on,
            "state": row.state,
            "state_since": row.state_since,
            "state_by": row.state_by,
            "done_at": row.done_at,
            "disputed": self.opened(AgreedAction.disputed, row.id, row.disputed_sealed),
        }

    def document(self, row: Any) -> Record:
        """Return a line of documents."""
        return {
            "case": self.reference(row.case_id),
            "id": row.id,
            "title": self.opened(Document.title, row.id, row.title_sealed),
            "file_name": self.opened(Document.file_name, row.id, row.file_name_sealed),
            "kind": row.kind,
            "size": row.size,
            "added_at": row.added_at,
            "side": row.party_id,
            "file": self.file_of(row),
        }

    def file_of(self, row: Any) -> str:
        """Return where a document lies in the export: never under a name that somebody typed."""
        return f"{DOCUMENTS}/{self.reference(row.case_id)}/{row.id}.{KINDS[row.kind].extensions[0]}"

    def rules(self, row: Any) -> Record:
        """Return a line of rules."""
        return {
            "version": row.number,
            "effective_from": row.effective_from,
            "reason": row.reason,
            "created_at": row.created_at,
            "document": row.document,
        }

    def act(self, row: Any) -> Record:
        """Return a line of acts_of_staff."""
        return {
            "at": row.at,
            "what": row.action,
            "officer": self.opened(Identity.shown_as, row.actor_id, row.shown_as_sealed),
            "case": self.reference(row.case_id) if row.case_id else None,
        }

    def _statement(self, table: str) -> statements.Query:
        return statements.rules_of(self._authority_id) if table == "rules" else _STATEMENTS[table]

    def _of_outcome(self, row: Any, words: SealedText) -> Record:
        return {
            "case": self.reference(row.case_id),
            "outcome": row.outcome_id,
            "words": self.opened(words, row.id, row.words_sealed),
        }


_STATEMENTS: Mapping[str, statements.Query] = {
    "cases": statements.CASES,
    "sides": statements.SIDES,
    "people": statements.PEOPLE,
    "statements": statements.STATEMENTS,
    "dates": statements.DATES,
    "timeline": statements.TIMELINE,
    "meetings": statements.MEETINGS,
    "meeting_times": statements.MEETING_TIMES,
    "meeting_people": statements.MEETING_PEOPLE,
    "meeting_supporters": statements.MEETING_SUPPORTERS,
    "outcomes": statements.OUTCOMES,
    "agreed_points": statements.AGREED_POINTS,
    "remaining_issues": statements.REMAINING_ISSUES,
    "agreed_actions": statements.AGREED_ACTIONS,
    "documents": statements.DOCUMENTS,
    "acts_of_staff": statements.ACTS_OF_STAFF,
}

_RECORDS: Mapping[str, Callable[[CouncilRecords, Any], Record]] = {
    "cases": CouncilRecords.case,
    "sides": CouncilRecords.side,
    "people": CouncilRecords.person,
    "statements": CouncilRecords.statement,
    "dates": CouncilRecords.date,
    "timeline": CouncilRecords.happening,
    "meetings": CouncilRecords.meeting,
    "meeting_times": CouncilRecords.meeting_time,
    "meeting_people": CouncilRecords.meeting_person,
    "meeting_supporters": CouncilRecords.supporter,
    "outcomes": CouncilRecords.outcome,
    "agreed_points": CouncilRecords.point,
    "remaining_issues": CouncilRecords.issue,
    "agreed_actions": CouncilRecords.action,
    "documents": CouncilRecords.document,
    "rules": CouncilRecords.rules,
    "acts_of_staff": CouncilRecords.act,
}

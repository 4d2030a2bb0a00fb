"""What a council may read, as one statement for each table of its export, over all of its cases.

They run on the login for exports (``parley.db.export_sight``), which sees no other rows. What depends on row and column
together is decided here, so that not even ciphertext of it is fetched: another side's words, a family's place.
"""

from typing import Any

from sqlalchemy import ColumnElement, Label, Select, Text, and_, case, cast, exists, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import distinct_on

from parley.audit.models import AuditEvent
from parley.casework.domain import CaseState, PartyKind
from parley.casework.models import (
    Answer,
    Case,
    CaseClock,
    Child,
    Invitation,
    Party,
    PartyMember,
    Statement,
    TimelineEntry,
)
from parley.documents.models import Document
from parley.identity.models import Identity
from parley.meetings.domain import MeetingState
from parley.meetings.models import Attendance, Meeting, MeetingSlot, MeetingSlotAnswer
from parley.outcomes.models import AgreedAction, AgreedPoint, Agreement, Outcome, RemainingIssue
from parley.policy.models import PolicyVersion
from parley.tenancy.models import Provider

Query = Select[*tuple[Any, ...]]


def _beside(model: Any, other: Any) -> ColumnElement[bool]:
    return and_(model.authority_id == other.authority_id, model.case_id == other.case_id)


def _id(column: Any) -> ColumnElement[Any]:
    """Return an id as text: it is only ever written down."""
    return cast(_plain(column), Text).label(column.key)


def _iso(column: Any) -> ColumnElement[Any]:
    """Return a date or a time as ISO 8601, which PostgreSQL writes faster than Python."""
    return func.to_json(_plain(column)).op("#>>")(text("'{}'")).label(column.key)


def _plain(column: Any) -> Any:
    return column.element if isinstance(column, Label) else column


def _only(condition: Any, column: Any) -> ColumnElement[Any]:
    """Return the column where the condition holds, else nothing."""
    return case((condition, column), else_=None).label(column.key)


CASES: Query = (
    select(
        _id(Case.id),
        Case.reference,
        Case.state,
        _iso(Case.state_since),
        Case.close_reason,
        Case.channel,
        Provider.name.label("provider"),
        _id(Case.provider_id),
        Case.allocated_because,
        _id(Case.policy_version_id),
        PolicyVersion.number,
        Case.law_version,
        Case.areas,
        Case.against,
        Case.facts,
        Case.asked_as_question,
        _iso(Case.sent_at),
        _iso(Case.council_told_at),
        Case.child_name_sealed,
        Case.council_number_sealed,
        _id(Case.assigned_id),
        Identity.shown_as_sealed,
        _id(Child.id.label("child_id")),
        Child.date_of_birth_sealed,
        Child.setting_sealed,
    )
    .join(Child, and_(Child.authority_id == Case.authority_id, Child.case_id == Case.id))
    .join(Provider, Provider.id == Case.provider_id)
    .outerjoin(
        PolicyVersion,
        and_(PolicyVersion.authority_id == Case.authority_id, PolicyVersion.id == Case.policy_version_id),
    )
    .outerjoin(Identity, and_(Identity.realm_id == Case.authority_id, Identity.id == Case.assigned_id))
    .order_by(Case.id)
)

_IS_COUNCIL = Party.kind == PartyKind.LOCAL_AUTHORITY
_BODIES = (PartyKind.SETTING, PartyKind.ICB)
_LAST_ANSWER = (
    select(
        _id(Answer.id),
        Answer.value,
        Answer.reason,
        Answer.words_sealed,
        _iso(Answer.holding_until),
        _iso(Answer.answered_at),
        Answer.unavailable_sealed,
    )
    .where(_beside(Answer, Party), Answer.party_id == Party.id)
    .order_by(Answer.answered_at.desc(), Answer.id.desc())
    .limit(1)
    .lateral("answered")
)
_LAST_INVITATION = (
    select(Invitation.id, Invitation.returned_at, Invitation.revoked_at)
    .where(_beside(Invitation, PartyMember), Invitation.member_id == PartyMember.id)
    .order_by(Invitation.made_at.desc())
    .limit(1)
    .lateral("invited")
)
#: A contact of a body was asked, and has neither given that back nor had it taken back (casework/sides.py).
_ASKED = case(
    (_LAST_INVITATION.c.id.is_(None), PartyMember.identity_id.is_not(None)),
    else_=and_(_LAST_INVITATION.c.returned_at.is_(None), _LAST_INVITATION.c.revoked_at.is_(None)),
)

SIDES: Query = (
    select(
        _id(Party.case_id),
        _id(Party.id),
        Party.kind,
        Party.name_sealed,
        Party.may_be_invited,
        Party.removed_at.is_not(None).label("left"),
        or_(
            Party.kind.not_in(_BODIES),
            exists(
                select(1)
                .select_from(PartyMember)
                .outerjoin(_LAST_INVITATION, true())
                .where(
                    _beside(PartyMember, Party),
                    PartyMember.party_id == Party.id,
                    PartyMember.left_at.is_(None),
                    _ASKED,
                )
            ),
        ).label("asked"),
        _LAST_ANSWER.c.id.label("answer_id"),
        _LAST_ANSWER.c.value,
        _only(_IS_COUNCIL, _LAST_ANSWER.c.reason),
        _only(_IS_COUNCIL, _LAST_ANSWER.c.words_sealed),
        _only(Case.state != CaseState.CLOSED, _LAST_ANSWER.c.holding_until),
        _LAST_ANSWER.c.answered_at,
        _only(_IS_COUNCIL, _LAST_ANSWER.c.unavailable_sealed),
    )
    .join(Case, and_(Case.authority_id == Party.authority_id, Case.id == Party.case_id))
    .outerjoin(_LAST_ANSWER, true())
    .order_by(Party.case_id, Party.id)
)

PEOPLE: Query = (
    select(
        _id(PartyMember.case_id),
        _id(PartyMember.id),
        _id(PartyMember.party_id),
        PartyMember.capacity,
        PartyMember.name_sealed,
        PartyMember.role_sealed,
        PartyMember.is_rights_holder,
    )
    .where(PartyMember.left_at.is_(None))
    .order_by(PartyMember.case_id, PartyMember.id)
)

STATEMENTS: Query = select(_id(Statement.case_id), _id(Statement.id), Statement.kind, Statement.body_sealed).order_by(
    Statement.case_id, Statement.id
)

DATES: Query = select(
    _id(CaseClock.case_id),
    CaseClock.code,
    CaseClock.basis,
    CaseClock.binds,
    _id(CaseClock.party_id),
    _iso(CaseClock.due_on),
    CaseClock.met_at,
    CaseClock.stopped_at,
).order_by(CaseClock.case_id, CaseClock.due_on, CaseClock.id)

#: The newest first: the provider that had a case at some moment is named by what happened to it next.
TIMELINE: Query = select(
    _id(TimelineEntry.case_id),
    _iso(TimelineEntry.at),
    TimelineEntry.code,
    TimelineEntry.by,
    # As text, because most entries have the codes of another one: each is read once.
    cast(TimelineEntry.codes, Text).label("codes"),
).order_by(TimelineEntry.case_id, TimelineEntry.at.desc(), TimelineEntry.id.desc())

_NEWEST = (
    select(Meeting.authority_id, Meeting.case_id, Meeting.id)
    .ext(distinct_on(Meeting.case_id))
    .order_by(Meeting.case_id, Meeting.id.desc())
    .subquery("newest")
)
_IS_NEWEST = and_(_NEWEST.c.authority_id == Meeting.authority_id, _NEWEST.c.id == Meeting.id)
_IS_FIXED = Meeting.state.in_((MeetingState.FIXED, MeetingState.HELD))

MEETINGS: Query = (
    select(
        _id(Meeting.case_id),
        _id(Meeting.id),
        Meeting.state,
        Meeting.mode,
        _iso(Meeting.begins_at),
        _iso(Meeting.ends_at),
        Meeting.for_everybody_sealed,
        Meeting.mediator_id,
        Meeting.mediator_name_sealed,
        Meeting.register_body,
        Meeting.register_number,
        _iso(Meeting.registered_until),
        Meeting.notice_waived,
        Meeting.decision_maker_present,
    )
    .join(_NEWEST, _IS_NEWEST)
    .order_by(Meeting.case_id)
)

#: What the council's people can do of each time: their answers by person.
_OWN_ANSWERS = (
    select(func.jsonb_object_agg(MeetingSlotAnswer.member_id, MeetingSlotAnswer.value))
    .where(_beside(MeetingSlotAnswer, MeetingSlot), MeetingSlotAnswer.slot_id == MeetingSlot.id)
    .scalar_subquery()
)
MEETING_TIMES: Query = (
    select(
        _id(MeetingSlot.case_id),
        _id(MeetingSlot.meeting_id),
        _iso(MeetingSlot.begins_at),
        _iso(MeetingSlot.ends_at),
        _OWN_ANSWERS.label("answers"),
    )
    .join(
        _NEWEST,
        and_(_NEWEST.c.authority_id == MeetingSlot.authority_id, _NEWEST.c.id == MeetingSlot.meeting_id),
    )
    .where(MeetingSlot.withdrawn_at.is_(None))
    .order_by(MeetingSlot.case_id, MeetingSlot.begins_at, MeetingSlot.id)
)

_TAKES_PART = and_(
    _beside(Party, PartyMember),
    Party.id == PartyMember.party_id,
    Party.removed_at.is_(None),
    Party.may_be_invited,
)
_ITS_PLACE = and_(
    _beside(Attendance, PartyMember), Attendance.member_id == PartyMember.id, Attendance.meeting_id == Meeting.id
)

MEETING_PEOPLE: Query = (
    select(
        _id(PartyMember.case_id),
        _id(Meeting.id.label("meeting_id")),
        _id(PartyMember.id.label("member_id")),
        _iso(func.coalesce(Attendance.arrives_at, Meeting.begins_at).label("arrives_at")),
        _iso(Meeting.ends_at),
        _id(Attendance.id.label("place_id")),
        _only(_IS_FIXED, Attendance.place_sealed),
        _only(_IS_FIXED, Attendance.link_sealed),
        _only(_IS_FIXED, Meeting.place_sealed).label("common_place_sealed"),
        _only(_IS_FIXED, Meeting.link_sealed).label("common_link_sealed"),
        Attendance.brings_sealed,
        Attendance.attended,
    )
    .join(Meeting, _beside(Meeting, PartyMember))
    .join(_NEWEST, _IS_NEWEST)
    .join(Party, _TAKES_PART)
    .outerjoin(Attendance, _ITS_PLACE)
    .where(_IS_COUNCIL, PartyMember.left_at.is_(None))
    .order_by(PartyMember.case_id, PartyMember.id)
)

MEETING_SUPPORTERS: Query = (
    select(
        _id(Attendance.case_id),
        _id(Meeting.id.label("meeting_id")),
        _id(Attendance.id),
        _only(Attendance.supporter_shared, Attendance.supporter_name_sealed),
        _only(Attendance.supporter_shared, Attendance.supporter_relation_sealed),
    )
    .join(Meeting, and_(_beside(Meeting, Attendance), Meeting.id == Attendance.meeting_id))
    .join(_NEWEST, _IS_NEWEST)
    .join(
        PartyMember, and_(PartyMember.authority_id == Attendance.authority_id, PartyMember.id == Attendance.member_id)
    )
    .join(Party, _TAKES_PART)
    .where(Party.kind == PartyKind.FAMILY, PartyMember.left_at.is_(None), Attendance.supporter_name_sealed.is_not(None))
    .order_by(Attendance.case_id, PartyMember.id)
)

OUTCOMES: Query = (
    select(
        _id(Outcome.case_id),
        _id(Outcome.id),
        _id(Outcome.meeting_id),
        Outcome.kind,
        Outcome.was_confirmed,
        _iso(Outcome.recorded_at),
        Agreement.confirmed,
    )
    .outerjoin(Agreement, and_(_beside(Agreement, Outcome), Agreement.outcome_id == Outcome.id))
    .order_by(Outcome.case_id, Outcome.id)
)


def _words(model: type[AgreedPoint | RemainingIssue]) -> Query:
    columns = _id(model.case_id), _id(model.id), _id(model.outcome_id), model.words_sealed
    return select(*columns).order_by(model.case_id, model.id)


AGREED_POINTS = _words(AgreedPoint)
REMAINING_ISSUES = _words(RemainingIssue)

AGREED_ACTIONS: Query = select(
    _id(AgreedAction.case_id),
    _id(AgreedAction.id),
    _id(AgreedAction.outcome_id),
    _id(AgreedAction.owner_id),
    AgreedAction.what_sealed,
    _iso(AgreedAction.due_on),
    AgreedAction.state,
    _iso(AgreedAction.state_since),
    AgreedAction.state_by,
    _iso(AgreedAction.done_at),
    AgreedAction.disputed_sealed,
).order_by(AgreedAction.case_id, AgreedAction.id)

DOCUMENTS: Query = select(
    _id(Document.case_id),
    _id(Document.id),
    _id(Document.party_id),
    Document.title_sealed,
    Document.file_name_sealed,
    Document.kind,
    Document.size,
    Document.pieces,
    _iso(Document.added_at),
).order_by(Document.case_id, Document.added_at, Document.id)

ACTS_OF_STAFF: Query = (
    select(
        _iso(AuditEvent.at),
        AuditEvent.action,
        _id(AuditEvent.actor_id),
        _id(AuditEvent.case_id),
        Identity.shown_as_sealed,
    )
    .join(Identity, and_(Identity.realm_id == AuditEvent.realm_id, Identity.id == AuditEvent.actor_id))
    .order_by(AuditEvent.at, AuditEvent.id)
)


def rules_of(authority_id: Any) -> Query:
    """Return the statement of every version of a council's rules, whose table has no wall: it names the council."""
    return (
        select(
            PolicyVersion.number,
            _iso(PolicyVersion.effective_from),
            PolicyVersion.reason,
            _iso(PolicyVersion.created_at),
            PolicyVersion.document,
        )
        .where(PolicyVersion.authority_id == authority_id)
        .order_by(PolicyVersion.number)
    )

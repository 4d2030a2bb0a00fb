"""What a case consists of, made within the database of the planned cases: one statement for each kind of row."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Date, Insert, Integer, Text, Uuid, case, cast, false, func, insert, literal, null, select
from sqlalchemy.sql import ColumnElement

from bench.plan import ORDER
from bench.planned import PLANNED, Council
from parley.casework.allocation import AllocatedBecause
from parley.casework.domain import (
    AnswerValue,
    Capacity,
    CaseState,
    Channel,
    ClockBasis,
    ClockCode,
    CloseReason,
    ConsentKind,
    ConsentMeans,
    ConsentState,
    ItemKind,
    PartyKind,
    ReferralState,
    StatementKind,
    Viewer,
)
from parley.casework.models import (
    Answer,
    Case,
    CaseClock,
    Child,
    Consent,
    Party,
    PartyMember,
    Referral,
    Share,
    Statement,
    TimelineEntry,
    WorklistEntry,
)
from parley.casework.timeline import Happening, viewers_of
from parley.db.base import Base

#: What people read of a case, by the state that it led to.
_STORY = {
    CaseState.SENT: (Happening.REQUEST_SENT, Viewer.FAMILY),
    CaseState.ACKNOWLEDGED: (Happening.ACKNOWLEDGED, Viewer.PROVIDER),
    CaseState.COUNCIL_TOLD: (Happening.COUNCIL_TOLD, Viewer.PROVIDER),
    CaseState.AGREED: (Happening.EVERYONE_AGREED, Viewer.LOCAL_AUTHORITY),
    CaseState.MEETING_ARRANGED: (Happening.MEETING_FIXED, Viewer.PROVIDER),
    CaseState.MEETING_HELD: (Happening.MEETING_HELD, Viewer.PROVIDER),
    CaseState.CLOSED: (Happening.WITHDRAWN, Viewer.FAMILY),
}

_CLOSED = PLANNED.c.stage == ORDER.index(CaseState.CLOSED)

#: Numbers of the parts that nothing else names; those below are the planned cases' own.
_CONSENTS, _REFERRAL, _SHARES, _CLOCKS, _HAPPENINGS = 0x20, 0x30, 0x40, 0x50, 0x60


def inserts(council: Council) -> Iterator[Insert]:
    """Yield the statements that write the planned cases of ``council``, in an order in which they may be run."""
    yield _worklist(council)
    yield _cases(council)
    for made in (_people(council), _statements(council), _clocks(council), _happened(council), _answers(council)):
        yield from made


def _into(council: Council, model: type[Base], *where: ColumnElement[bool], **values: Any) -> Insert:
    """Return what writes a row of ``model`` for each planned case ``where`` that holds, of these values."""
    columns = model.__table__.c
    values = {"authority_id": council.authority.id} | values
    if model not in (Case, WorklistEntry):
        values = {"case_id": PLANNED.c.id} | values
    shown = [_value(value, columns[name].type) for name, value in values.items()]
    return insert(model).from_select(list(values), select(*shown).select_from(PLANNED).where(*where))


def _value(value: Any, kind: Any) -> ColumnElement[Any]:
    if value is None:
        return null()
    return value if isinstance(value, ColumnElement) else literal(value, kind)


def _part(number: int) -> ColumnElement[uuid.UUID]:
    """Return the id of a part, as ``CasePlan.parts`` does. To draw one costs half of writing a row."""
    return cast(func.overlay(cast(PLANNED.c.id, Text), f"{number:02x}", 25, 2), Uuid)


def _reached(state: CaseState) -> ColumnElement[bool]:
    return PLANNED.c.stage >= ORDER.index(state)


def _later(days: int) -> ColumnElement[dt.datetime]:
    return PLANNED.c.sent + literal(dt.timedelta(days=days))


def _day(days: int) -> ColumnElement[dt.date]:
    return cast(PLANNED.c.sent, Date) + literal(days, Integer)


def _when(condition: ColumnElement[bool], value: Any) -> ColumnElement[Any]:
    """Return ``value`` where the condition holds, else nothing."""
    return case((condition, value), else_=null())


def _worklist(council: Council) -> Insert:
    return _into(
        council,
        WorklistEntry,
        provider_id=council.provider_id,
        case_id=PLANNED.c.id,
        reference=PLANNED.c.reference,
        state=PLANNED.c.state,
        channel=Channel.ONLINE,
        is_open=~_CLOSED,
        received_at=PLANNED.c.sent,
        next_due_on=PLANNED.c.provider_due_on,
        next_due_code=PLANNED.c.provider_due_code,
        next_due_basis=_when(PLANNED.c.provider_due_code.is_not(None), literal(ClockBasis.OUR_AIM.value)),
        coordinator_id=PLANNED.c.coordinator_id,
        name_sealed=PLANNED.c.listed_name,
        child_fingerprint=PLANNED.c.listed_fingerprint,
        updated_at=PLANNED.c.sent,
    )


def _cases(council: Council) -> Insert:
    told = _reached(CaseState.COUNCIL_TOLD)
    return _into(
        council,
        Case,
        id=PLANNED.c.id,
        reference=PLANNED.c.reference,
        state=PLANNED.c.state,
        state_since=PLANNED.c.sent,
        listed=PLANNED.c.listed,
        channel=Channel.ONLINE,
        version=1,
        close_reason=_when(_CLOSED, literal(CloseReason.WITHDRAWN.value)),
        closed_at=_when(_CLOSED, _later(50)),
        policy_version_id=council.policy_version_id,
        law_version="england-2014",
        provider_id=council.provider_id,
        allocated_because=AllocatedBecause.SOLE,
        areas=["A", "B"],
        against=["local_authority", "setting"],
        facts={"stage": "plan_in_force", "decision_letter_date": "2026-10-02"},
        asked_as_question=PLANNED.c.as_question,
        sent_at=PLANNED.c.sent,
        council_told_at=_when(told, _later(2)),
        assigned_id=PLANNED.c.assigned_id,
        next_due_on=PLANNED.c.council_due_on,
        next_due_code=PLANNED.c.council_due_code,
        child_name_sealed=PLANNED.c.child_name,
        child_fingerprint=PLANNED.c.child_fingerprint,
    )


def _people(council: Council) -> Iterator[Insert]:
    for kind, party_id, name in (
        (PartyKind.FAMILY, PLANNED.c.family_party_id, None),
        (PartyKind.LOCAL_AUTHORITY, PLANNED.c.council_party_id, PLANNED.c.council_name),
        (PartyKind.SETTING, PLANNED.c.setting_party_id, PLANNED.c.setting_name),
    ):
        yield _into(council, Party, id=party_id, kind=kind, name_sealed=name, may_be_invited=True)
    yield _into(
        council,
        PartyMember,
        id=PLANNED.c.asker_id,
        party_id=PLANNED.c.family_party_id,
        identity_id=PLANNED.c.parent_id,
        capacity=Capacity.PARENT_CARER,
        is_rights_holder=True,
        name_sealed=PLANNED.c.asker_name,
        email_sealed=PLANNED.c.asker_email,
        phone_sealed=PLANNED.c.asker_phone,
    )
    yield _into(
        council,
        PartyMember,
        id=PLANNED.c.contact_id,
        party_id=PLANNED.c.setting_party_id,
        capacity=Capacity.SETTING_CONTACT,
        is_rights_holder=False,
        name_sealed=PLANNED.c.contact_name,
        email_sealed=PLANNED.c.contact_email,
    )
    yield _into(
        council,
        Child,
        id=PLANNED.c.child_id,
        date_of_birth_sealed=PLANNED.c.date_of_birth,
        address_sealed=PLANNED.c.address,
        setting_sealed=PLANNED.c.childs_setting,
        given_by=PLANNED.c.asker_id,
    )
    for number, consent in enumerate((ConsentKind.TELL_COUNCIL, ConsentKind.TAKE_PART, ConsentKind.ASK_SETTING)):
        yield _into(
            council,
            Consent,
            id=_part(_CONSENTS + number),
            member_id=PLANNED.c.asker_id,
            kind=consent,
            state=ConsentState.GIVEN,
            means=ConsentMeans.ONLINE,
            text_version="1",
            at=PLANNED.c.sent,
        )
    yield _into(
        council,
        Referral,
        id=_part(_REFERRAL),
        provider_id=council.provider_id,
        state=ReferralState.SUBMITTED,
        made_at=PLANNED.c.sent,
        submitted_at=PLANNED.c.sent,
    )


def _statements(council: Council) -> Iterator[Insert]:
    for bit, (kind, statement_id, body) in enumerate(
        (
            (StatementKind.STORY, PLANNED.c.story_id, PLANNED.c.story),
            (StatementKind.WISH, PLANNED.c.wish_id, PLANNED.c.wish),
        )
    ):
        yield _into(
            council,
            Statement,
            id=statement_id,
            member_id=PLANNED.c.asker_id,
            kind=kind,
            body_sealed=body,
            written_at=PLANNED.c.sent,
        )
        yield _into(
            council,
            Share,
            PLANNED.c.shares.bitwise_and(1 << bit) != 0,
            id=_part(_SHARES + bit),
            item_kind=ItemKind.STATEMENT,
            item_id=statement_id,
            party_id=PLANNED.c.council_party_id,
            shared_by=PLANNED.c.asker_id,
            shared_at=PLANNED.c.sent,
        )


def _clocks(council: Council) -> Iterator[Insert]:
    told = _reached(CaseState.COUNCIL_TOLD)
    clocks = (
        (ClockCode.ACKNOWLEDGE_BY, Viewer.PROVIDER, _day(2), _reached(CaseState.ACKNOWLEDGED)),
        (ClockCode.TELL_COUNCIL_BY, Viewer.PROVIDER, _day(5), told),
        (ClockCode.ANSWER_BY, Viewer.LOCAL_AUTHORITY, PLANNED.c.answer_by, _reached(CaseState.AGREED)),
        (ClockCode.APPEAL_BY, Viewer.FAMILY, _day(61), false()),
    )
    for number, (code, binds, due_on, met) in enumerate(clocks):
        yield _into(
            council,
            CaseClock,
            *([told] if code is ClockCode.ANSWER_BY else []),
            id=_part(_CLOCKS + number),
            code=code,
            basis=ClockBasis.LAW if code is ClockCode.APPEAL_BY else ClockBasis.OUR_AIM,
            binds=binds.value,
            due_on=due_on,
            started_at=PLANNED.c.sent,
            met_at=_when(met, _later(1)),
        )


def _happened(council: Council) -> Iterator[Insert]:
    for days, (state, (happening, by)) in enumerate(_STORY.items()):
        yield _into(
            council,
            TimelineEntry,
            _reached(state),
            id=_part(_HAPPENINGS + days),
            at=_later(days),
            code=happening.value,
            by=by.value,
            viewers=sorted(viewers_of(happening)),
            codes={},
        )


def _answers(council: Council) -> Iterator[Insert]:
    for answer_id, party_id, words in (
        (PLANNED.c.council_answer_id, PLANNED.c.council_party_id, PLANNED.c.council_words),
        (PLANNED.c.setting_answer_id, PLANNED.c.setting_party_id, PLANNED.c.setting_words),
    ):
        yield _into(
            council,
            Answer,
            _reached(CaseState.AGREED),
            id=answer_id,
            party_id=party_id,
            value=AnswerValue.AGREED,
            words_sealed=words,
            answered_at=_later(3),
        )

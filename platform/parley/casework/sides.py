"""A case, its sides and its due dates, as far as one viewer may know them, from rows that were read."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from parley.casework.case_rows import MemberRow, People
from parley.casework.domain import CaseState, ClockCode, PartyKind, Viewer
from parley.casework.models import Answer, Case, Party
from parley.casework.views import CaseView, ClockView, PartyView
from parley.db.sealed import Opener
from parley.kernel.clock import london_date

#: Whose view holds contact, safety and what else is not the council's or an invited body's to know.
INNER = frozenset({Viewer.FAMILY, Viewer.PROVIDER})

#: The sides that are invited by a contact of theirs.
BODIES = frozenset({PartyKind.SETTING, PartyKind.ICB})


def view_of(case: Any, viewer: Viewer, **read: Any) -> CaseView:
    """Return a case as ``viewer`` sees it; ``case`` is the row, or has its columns.

    ``read`` is what hangs on the case, as far as the reader asks for it.
    """
    return CaseView(
        viewer=viewer,
        authority_id=case.authority_id,
        id=case.id,
        reference=case.reference,
        state=case.state,
        state_since=case.state_since,
        close_reason=case.close_reason,
        channel=case.channel,
        allocated_because=case.allocated_because,
        policy_version_id=case.policy_version_id,
        law_version=case.law_version,
        areas=tuple(case.areas),
        against=tuple(case.against),
        # A school or health body is told what it is about, and not what the family knows of its own standing.
        facts=case.facts if viewer is not Viewer.INVITED else {},
        asked_as_question=case.asked_as_question,
        sent_at=case.sent_at,
        council_told_at=case.council_told_at,
        **read,
    )


def parties_seen(
    session: Session, case: Case, rows: Iterable[Any], viewer: Viewer, people: People
) -> tuple[PartyView, ...]:
    """Return the sides of ``case``, each with its newest answer; ``rows`` are those of PARTIES."""
    newest = {row.id: row for row in rows}
    asked = {member.party_id for member in people.values() if _is_invited(member)}
    # What a council sees, and what a coordinator looks at before, is how it stands once the council is told.
    told = case.council_told_at is not None or viewer is Viewer.LOCAL_AUTHORITY
    asked |= {row.id for row in newest.values() if row.kind not in BODIES and told}
    opened = _PartyTexts(
        name=Party.name.opener(session, case.authority_id),
        words=Answer.words.opener(session, case.authority_id),
        unavailable=Answer.unavailable.opener(session, case.authority_id),
    )
    closed = case.state is CaseState.CLOSED
    return tuple(_party(row, opened, viewer, asked=row.id in asked, closed=closed) for row in newest.values())


def _is_invited(member: MemberRow) -> bool:
    """Tell whether a contact of a body was asked, and has neither given that back nor had it taken back."""
    if member.invitation_id is None:
        return member.identity_id is not None
    return member.returned_at is None and member.revoked_at is None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _PartyTexts:
    """What opens the sealed texts of a party and of its answer."""

    name: Opener
    words: Opener
    unavailable: Opener


def _party(row: Any, opened: _PartyTexts, viewer: Viewer, *, asked: bool, closed: bool) -> PartyView:
    """Return a side with its newest answer; ``row`` is one of PARTIES, whose answer's columns are empty for none."""
    own = row.kind.value == viewer.value
    may_read_words = viewer in INNER or own
    may_read_dates = own or viewer is Viewer.PROVIDER
    return PartyView(
        id=row.id,
        kind=row.kind,
        name=opened.name(row.id, row.name_sealed),
        may_be_invited=row.may_be_invited,
        removed=row.removed_at is not None,
        asked=asked,
        answer=row.value,
        reason=row.reason if may_read_words else None,
        words=opened.words(row.answer_id, row.words_sealed) if may_read_words else "",
        holding_until=None if closed else row.holding_until,
        answered_at=row.answered_at,
        unavailable=opened.unavailable(row.answer_id, row.unavailable_sealed) if may_read_dates else "",
    )


def clocks_seen(
    rows: Iterable[Any], viewer: Viewer, parties: Sequence[PartyView], me: MemberRow | None
) -> tuple[ClockView, ...]:
    """Return the due dates of a case that are for the viewer to know; ``rows`` are those of CLOCKS."""
    called = {party.id: party.name for party in parties}
    views = (
        ClockView(
            code=row.code,
            basis=row.basis,
            binds=Viewer(row.binds),
            due_on=row.due_on,
            met_on=london_date(row.met_at) if row.met_at else None,
            stopped=row.stopped_at is not None,
            party_id=row.party_id,
            party=called.get(row.party_id, "") if row.party_id else "",
            member_id=row.member_id,
        )
        for row in rows
    )
    return tuple(view for view in views if _sees_clock(view, viewer, me))


def _sees_clock(clock: ClockView, viewer: Viewer, me: MemberRow | None) -> bool:
    """Tell whether a due date is for the viewer to know.

    An invited body sees its own dates, the day of the meeting, for which whoever is still in the case is expected, and
    that it waits for a young person's own yes: when the family's appeal is due, or another body answers, is not its
    business. What one person of the family was asked is not the others' to know, nor the council's.
    """
    if viewer is Viewer.INVITED:
        own = clock.binds is Viewer.INVITED and me is not None and clock.party_id in {None, me.party_id}
        return own or clock.code in {ClockCode.MEETING_ON, ClockCode.YOUNG_PERSON_BY}
    return clock.member_id is None or viewer is Viewer.PROVIDER or (me is not None and clock.member_id == me.id)

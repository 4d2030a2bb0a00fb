"""A provider's mediators: their register entries, and when each of them is taken."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.casework.service.record import Act
from parley.kernel.clock import london_date
from parley.kernel.errors import Invalid, NotFound
from parley.meetings.domain import Period, Registration
from parley.meetings.models import Mediator, MediatorBooking, Meeting


@dataclasses.dataclass(frozen=True, kw_only=True)
class MediatorFacts:
    """What a provider keeps of a mediator. ``identity_id`` is whom they sign in as, if that is known."""

    name: str
    registration: Registration
    identity_id: uuid.UUID | None = None
    retired: bool = False


def save_mediator(
    session: Session,
    *,
    actor: Actor,
    at: dt.datetime,
    provider_id: uuid.UUID,
    facts: MediatorFacts,
    mediator_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Add a mediator to the provider's list, or change one with ``mediator_id``; return the id. Commits.

    A register entry may be incomplete or run out: such a mediator is listed and cannot be assigned. Raises Invalid
    without a name, NotFound for a mediator of another provider.
    """
    if not facts.name.strip():
        raise Invalid({"name": ["Enter the mediator’s name"]})
    if mediator_id is None:
        row = Mediator(realm_id=provider_id, register_body="", register_number="", updated_at=at)
        session.add(row)
    else:
        found = session.get(Mediator, (provider_id, mediator_id), with_for_update=True)
        if found is None:
            raise NotFound
        row = found
    row.name = facts.name.strip()
    row.identity_id = facts.identity_id
    row.register_body = facts.registration.body.strip()
    row.register_number = facts.registration.number.strip()
    row.registered_until = facts.registration.until
    row.retired_at = (row.retired_at or at) if facts.retired else None
    row.updated_at = at
    audit.record(
        session, at=at, actor=actor, action="mediator.saved", realm_id=provider_id, subject_id=row.id, codes={}
    )
    session.commit()
    return row.id


def book(act: Act, meeting: Meeting, mediator_id: uuid.UUID, period: Period) -> None:
    """Take the mediator's time for the meeting instead of whatever it took before. In the caller's transaction.

    The mediator's row is locked first, so that of two who take the same time at once the second waits and then sees
    the first one's booking (ASVS 2.3.4); a constraint would need an extension that not every PostgreSQL offers.
    Raises Invalid, naming "mediator", when they are taken, gone, or not registered on the day.
    """
    mediator = assignable(act, mediator_id, period.day)
    taken = act.session.scalar(
        select(MediatorBooking.meeting_id)
        .where(
            MediatorBooking.provider_id == act.case.provider_id,
            MediatorBooking.mediator_id == mediator_id,
            MediatorBooking.begins_at < period.ends_at,
            MediatorBooking.ends_at > period.begins_at,
            MediatorBooking.meeting_id != meeting.id,
        )
        .limit(1)
    )
    if taken is not None:
        message = f"{mediator.name} is taken by another meeting at that time. Choose another time or mediator"
        raise Invalid({"mediator": [message]})
    key = (act.case.provider_id, act.case.authority_id, meeting.id)
    booking = act.session.get(MediatorBooking, key)
    if booking is None:
        booking = MediatorBooking(
            provider_id=act.case.provider_id, authority_id=act.case.authority_id, meeting_id=meeting.id
        )
        act.session.add(booking)
    booking.mediator_id = mediator_id
    booking.begins_at, booking.ends_at = period.begins_at, period.ends_at


def assignable(act: Act, mediator_id: uuid.UUID, day: dt.date) -> Mediator:
    """Return the mediator, locked until the transaction ends. Raises Invalid unless registered on ``day`` and today."""
    mediator = act.session.get(
        Mediator, (act.case.provider_id, mediator_id), with_for_update=True, populate_existing=True
    )
    if mediator is None or mediator.retired_at is not None:
        raise Invalid({"mediator": ["Choose a mediator from your list"]})
    registration = Registration(
        body=mediator.register_body, number=mediator.register_number, until=mediator.registered_until
    )
    if not registration.is_valid_on(max(day, london_date(act.at))):
        message = f"The register entry of {mediator.name} is incomplete or has run out by the day of the meeting"
        raise Invalid({"mediator": [message]})
    return mediator


def free(session: Session, meeting: Meeting) -> None:
    """Free the time that the meeting's mediator was taken for. In the caller's transaction."""
    session.execute(
        delete(MediatorBooking).where(
            MediatorBooking.authority_id == meeting.authority_id, MediatorBooking.meeting_id == meeting.id
        )
    )

"""Feedback is the provider's to read, concerns are the lead's; the walls hold both, whatever a page does."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from parley.access.domain import Role
from parley.compartment import feedback, queries, safeguarding
from parley.compartment.domain import Rating, Told
from parley.db.scope import Side, safeguarding_scope
from parley.kernel.errors import Conflict, NotFound
from parley.kernel.ids import new_id
from support.factories import NOW, Factory, acting
from support.outcomes import ALL, HeldMeeting


def give(held: HeldMeeting, side: Side, words: str = "Too long.") -> None:
    with held.database.begin(held.scope(side)) as session:
        feedback.give_feedback(
            session, actor=held.actor(side), at=NOW, meeting_id=held.meeting_id, rating=Rating.POOR, words=words
        )


def raise_concern(held: HeldMeeting) -> None:
    with held.database.begin(held.scope(Side.PROVIDER)) as session:
        safeguarding.raise_concern(session, actor=held.mediator, at=NOW, body="A bruise.", told=Told.LEAD)


def test_feedback_is_read_by_who_gave_it_and_by_the_provider(held: HeldMeeting) -> None:
    for side in ALL:
        give(held, side, words=side.value)
    for side in ALL:
        with held.database.begin(held.scope(side)) as session:
            assert [said.words for said in queries.feedback(session)] == [side.value]
    with held.database.begin(held.scope(Side.PROVIDER)) as session:
        assert {said.words for said in queries.feedback(session)} == {side.value for side in ALL}


def test_each_person_is_heard_once_about_a_meeting(held: HeldMeeting) -> None:
    give(held, Side.FAMILY)
    with pytest.raises(Conflict):
        give(held, Side.FAMILY)


def test_nobody_gives_feedback_for_another_side(held: HeldMeeting) -> None:
    insert = text(
        "INSERT INTO compartment.feedback (authority_id, case_id, id, meeting_id, side, author_id, rating, given_at)"
        " VALUES (:authority, :case, :id, :meeting, 'family', :author, 'poor', now())"
    )
    values = {
        "authority": held.case.authority.id,
        "case": held.case.id,
        "id": new_id(),
        "meeting": held.meeting_id,
        "author": held.case.parent,
    }
    with held.database.begin(held.scope(Side.COUNCIL)) as session, pytest.raises(ProgrammingError, match="row-level"):
        session.execute(insert, values)


def test_whoever_writes_a_concern_cannot_read_it_back(held: HeldMeeting) -> None:
    raise_concern(held)
    others = [held.scope(side) for side in (*ALL, Side.PROVIDER)]
    for scope in [*others, held.scope(Side.PROVIDER, held.coordinator.identity_id)]:
        with held.database.begin(scope) as session:
            assert session.scalar(text("SELECT count(*) FROM compartment.safeguarding_concern")) == 0


def test_the_job_that_tells_the_lead_knows_neither_the_case_nor_the_concern(
    held: HeldMeeting, login_urls: dict[str, str]
) -> None:
    raise_concern(held)
    with psycopg.connect(login_urls["worker"]) as worker:
        query = "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = %s AND args->>'provider_id' = %s"
        (row,) = worker.execute(query, (safeguarding.TELL_OF_CONCERN, str(held.case.provider.id))).fetchall()
    assert row[0].keys() == {"authority_id", "provider_id", "notice_id"}
    assert row[0]["authority_id"] == str(held.case.authority.id)


def test_the_lead_reads_the_log_of_their_own_provider_and_nothing_else(held: HeldMeeting, make: Factory) -> None:
    raise_concern(held)
    lead = acting(Role.SAFEGUARDING_LEAD, held.case.provider)
    with held.database.begin(safeguarding_scope(held.case.provider.id, lead.identity_id)) as session:
        (entry,) = safeguarding.log(session)
    in_case = safeguarding_scope(
        held.case.provider.id, lead.identity_id, authority_id=held.case.authority.id, case_id=held.case.id
    )
    held.write()
    with held.database.begin(in_case) as session:
        assert safeguarding.read(session, actor=lead, at=NOW, concern_id=entry.id).body == "A bruise."
        safeguarding.take_up(session, actor=lead, at=NOW, concern_id=entry.id)
        for table in ("draft_agreement", "draft_copy", "feedback", "mediator_note", "private_message"):
            assert session.scalar(text(f"SELECT count(*) FROM compartment.{table}")) == 0, table  # noqa: S608
    with held.database.begin(safeguarding_scope(make.provider().id, lead.identity_id)) as session:
        assert safeguarding.log(session) == []
        with pytest.raises(NotFound):
            safeguarding.read(session, actor=lead, at=NOW, concern_id=entry.id)


def test_only_whoever_has_the_case_raises_a_concern_about_it(held: HeldMeeting, make: Factory) -> None:
    for side in ALL:
        with held.database.begin(held.scope(side)) as session, pytest.raises(ProgrammingError, match="row-level"):
            safeguarding.raise_concern(session, actor=held.actor(side), at=NOW, body="Let me in.", told=Told.NOBODY)

"""Sending a request, as the logins that pages really use; everything commits."""

import datetime as dt
import threading

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework import lists, queries, worklists
from parley.casework.allocation import straight_to
from parley.casework.domain import (
    Capacity,
    CaseState,
    Channel,
    ClockBasis,
    ClockCode,
    PartyKind,
    StatementKind,
)
from parley.casework.models import Case, Referral
from parley.casework.request import Person
from parley.casework.service import drafts, sending
from parley.casework.service.sending import Rules
from parley.casework.timeline import CaseNews
from parley.db.events import Subscriptions
from parley.db.scope import authority_scope, provider_case_scope, provider_scope
from parley.kernel.errors import Invalid, NotFound
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from support.factories import NOW, acting
from support.policies import policy_of
from support.requests import COUNCIL, SCHOOL, a_request

RULES = Rules(policy=policy_of("derby"), policy_version_id=new_id(), law=law_on(NOW.date()))


class Asking:
    """A family about to ask a council that commissions one provider."""

    def __init__(self, database, make):
        self.database = database
        self.authority = make.authority()
        self.provider = make.provider()
        make.commission(self.authority, self.provider)
        self.parent = acting(Role.FAMILY, self.authority)
        self.scope = authority_scope(self.authority.id)

    def draft(self):
        with self.database.begin(self.scope) as session:
            return drafts.start_draft(
                session, authority_id=self.authority.id, owner_id=self.parent.identity_id, at=NOW, answers={}
            ).id

    def send(self, draft_id=None, *, request=None, actor=None, scope=None, **how):
        draft_id = draft_id or self.draft()
        with self.database.begin(scope or self.scope) as session:
            return sending.send_request(
                session,
                actor=actor or self.parent,
                at=NOW,
                authority=self.authority,
                receiving=straight_to(self.provider.id),
                case_id=draft_id,
                request=request or a_request(),
                rules=RULES,
                **how,
            )

    def view(self, case_id):
        with self.database.begin(self.scope) as session:
            return queries.family_view(
                session, authority_id=self.authority.id, case_id=case_id, identity_id=self.parent.identity_id
            )


@pytest.fixture
def asking(database, make):
    return Asking(database, make)


def test_a_sent_request_is_a_numbered_case_with_its_provider(asking):
    first, second = asking.send(), asking.send()
    prefix = asking.authority.reference_prefix
    assert [first.reference, second.reference] == [f"{prefix}-2026-00001", f"{prefix}-2026-00002"]
    view = asking.view(first.id)
    assert view.state is CaseState.SENT
    assert view.me().name == "Ash Marsh"
    assert {party.kind for party in view.parties} == {PartyKind.FAMILY, PartyKind.LOCAL_AUTHORITY}


def test_each_of_two_siblings_has_a_case_of_their_own(asking):
    first = asking.view(asking.send(request=a_request(child_name="Rowan Marsh")).id)
    second = asking.view(asking.send(request=a_request(child_name="Robin Marsh")).id)
    assert (first.child.name, second.child.name) == ("Rowan Marsh", "Robin Marsh")
    assert first.reference != second.reference


def test_sending_twice_makes_one_case(asking):
    draft = asking.draft()
    assert asking.send(draft).id == asking.send(draft).id
    with asking.database.begin(asking.scope) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_two_clicks_at_once_make_one_case_and_no_error(asking):
    draft = asking.draft()
    barrier, sent, errors = threading.Barrier(2), [], []

    def click():
        barrier.wait()
        try:
            sent.append(asking.send(draft).reference)
        except Exception as error:  # noqa: BLE001  whatever went wrong in the thread must be seen here
            errors.append(error)

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(sent)) == 1


def test_families_of_one_council_do_not_wait_for_each_other(asking, monkeypatch):
    """While one request is being written, another is sent from beginning to end."""
    drafts_left, sent = [asking.draft()], []

    def meanwhile(session, news):
        if drafts_left:
            sent.append(asking.send(drafts_left.pop()))

    # Somebody who hears of the first within its transaction; waiting for that would end with the statement's timeout.
    monkeypatch.setattr(asking.database, "subscriptions", Subscriptions())
    asking.database.subscriptions.subscribe(CaseNews, meanwhile)
    first = asking.send()
    assert [case.reference for case in sent] != [first.reference]
    assert len(sent) == 1


def test_what_is_missing_keeps_the_draft(asking):
    draft = asking.draft()
    with pytest.raises(Invalid) as refused:
        asking.send(draft, request=a_request(child_name=""))
    assert list(refused.value.errors) == ["child_name"]
    with asking.database.begin(asking.scope) as session:
        drafts.load_draft(session, authority_id=asking.authority.id, draft_id=draft, owner_id=asking.parent.identity_id)


def test_nobody_can_send_another_persons_draft(asking):
    draft = asking.draft()
    with pytest.raises(NotFound):
        asking.send(draft, actor=acting(Role.FAMILY, asking.authority))


def test_job_audit_and_case_stand_or_fall_together(asking, admin_url):
    case = asking.send()
    with psycopg.connect(admin_url) as behind:
        (jobs,) = behind.execute(
            "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = %s AND args->>'case_id' = %s",
            ("casework.deliver_referral", str(case.id)),
        ).fetchone()
    with asking.database.begin(asking.scope) as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.case_id == case.id)).all()
        referral = session.scalars(select(Referral).where(Referral.case_id == case.id)).one()
    assert jobs == 1
    assert "case.request_sent" in actions
    assert referral.provider_id == asking.provider.id


def test_nothing_a_family_typed_is_readable_in_the_database(asking, admin_url):
    typed = ["Zephyrine", "Quillfeather", "canary@family.invalid", "+441332123123", "7 Canary Lane", "canary story"]
    request = a_request(
        asker=Person(name="Zephyrine", email=typed[2], phone=typed[3]),
        child_name="Quillfeather",
        child_address=typed[4],
        story=typed[5],
    )
    asking.send(request=request)
    with psycopg.connect(admin_url) as behind:
        tables = behind.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'jobs')"
        ).fetchall()
        for (table,) in tables:
            rows = behind.execute(f"SELECT row_to_json(t)::text FROM {table} t").fetchall()  # noqa: S608
            assert not any(word in row for (row,) in rows for word in typed), table


def test_dates_say_what_they_rest_on(asking):
    request = a_request(decision_letter_date=dt.date(2026, 10, 31), knows_adviser_is_separate=True)
    clocks = {clock.code: clock for clock in asking.view(asking.send(request=request).id).clocks}
    assert clocks[ClockCode.APPEAL_BY].due_on == dt.date(2026, 12, 31)
    assert clocks[ClockCode.APPEAL_BY].basis is ClockBasis.LAW
    assert clocks[ClockCode.ACKNOWLEDGE_BY].due_on == dt.date(2026, 11, 26)
    assert clocks[ClockCode.ACKNOWLEDGE_BY].basis is ClockBasis.OUR_AIM


def test_the_provider_sees_it_in_its_list_and_the_council_sees_nothing_yet(asking):
    case = asking.send()
    with asking.database.begin(provider_scope(asking.provider.id)) as session:
        rows = worklist(session, asking)
    assert [(row.case_id, row.child_name) for row in rows] == [(case.id, "Rowan Marsh")]
    with asking.database.begin(asking.scope) as session:
        with pytest.raises(NotFound):
            queries.council_view(session, authority_id=asking.authority.id, case_id=case.id)
        inbox = lists.council_inbox(
            session,
            authority_id=asking.authority.id,
            inbox=lists.Inbox.TEAM,
            officer_id=new_id(),
            on=NOW.date(),
            page=lists.Page(),
        )
        assert inbox.rows == []
        assert lists.search_council(session, authority_id=asking.authority.id, text="rowan  MARSH") == []


def test_story_and_wish_are_the_authors_until_shared(asking):
    request = a_request(
        bodies=(COUNCIL, SCHOOL),
        story="Our story",
        wish="Our wish",
        shares=frozenset({(StatementKind.WISH, PartyKind.LOCAL_AUTHORITY)}),
    )
    view = asking.view(asking.send(request=request).id)
    council = view.party(PartyKind.LOCAL_AUTHORITY).id
    shared = {statement.kind: statement.shared_with for statement in view.statements}
    assert shared == {StatementKind.STORY: frozenset(), StatementKind.WISH: frozenset({council})}


def test_a_parents_request_for_a_young_person_is_not_with_the_provider_yet(asking):
    request = a_request(
        child_date_of_birth=dt.date(2008, 1, 1),
        young_person=Person(name="Rowan Marsh", email="young@person.invalid"),
    )
    case = asking.send(request=request)
    assert case.state is CaseState.WAITING_FOR_YOUNG_PERSON
    with asking.database.begin(provider_scope(asking.provider.id)) as session:
        assert worklist(session, asking) == []
    with asking.database.begin(asking.scope) as session:
        assert session.scalars(select(Referral).where(Referral.case_id == case.id)).all() == []


def test_the_provider_reads_on_what_ground_somebody_acts_and_the_council_does_not(asking):
    ground = "as a deputy appointed by the Court of Protection"
    case = asking.send(
        request=a_request(capacity=Capacity.ALTERNATIVE_PERSON, alternative_person_statement=ground, story="It began")
    )
    scope = provider_case_scope(asking.provider.id, asking.authority.id, case.id)
    with asking.database.begin(scope) as session:
        view = queries.provider_view(session, authority_id=asking.authority.id, case_id=case.id)
        preview = queries.council_preview(session, authority_id=asking.authority.id, case_id=case.id)
    said = {statement.kind: statement.body for statement in view.statements}
    assert said == {StatementKind.ACTING_FOR: ground, StatementKind.STORY: "It began"}
    assert preview.statements == ()


def test_a_coordinator_enters_a_callers_request_through_the_providers_own_login(asking):
    case_id, coordinator = new_id(), acting(Role.COORDINATOR, asking.provider)
    scope = provider_case_scope(asking.provider.id, asking.authority.id, case_id)
    case = asking.send(case_id, actor=coordinator, scope=scope, channel=Channel.PHONE)
    assert case.state is CaseState.SENT
    again = asking.send(case_id, actor=coordinator, scope=scope, channel=Channel.PHONE)
    assert again.reference == case.reference


def test_a_provider_that_is_not_commissioned_can_enter_nothing(asking, make):
    stranger, case_id = make.provider(), new_id()
    asking.provider = stranger
    scope = provider_case_scope(stranger.id, asking.authority.id, case_id)
    with pytest.raises(ProgrammingError, match="row-level security"):
        asking.send(case_id, actor=acting(Role.COORDINATOR, stranger), scope=scope, channel=Channel.PHONE)


def test_a_case_without_a_holder_cannot_be_committed(asking, make):
    made = make.case(asking.authority, provider=asking.provider)
    with asking.database.begin(asking.scope) as session:
        case = session.get_one(Case, (asking.authority.id, made.id))
        columns = {column.key: getattr(case, column.key) for column in Case.__table__.columns}
        session.expunge(case)
        session.add(Case(**{**columns, "id": new_id(), "reference": "XXX-2026-99999"}))
        with pytest.raises(IntegrityError, match="case_has_a_holder_fkey"):
            session.commit()


def worklist(session, asking):
    return worklists.provider_worklist(
        session,
        provider_id=asking.provider.id,
        worklist=worklists.Worklist.OPEN,
        coordinator_id=new_id(),
        on=NOW.date(),
        page=lists.Page(),
    )

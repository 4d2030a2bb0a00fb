"""News of a case arrives once, through any outage, with nothing personal in it; what cannot arrive is seen."""

import datetime as dt
import json
import uuid
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from parley.access.domain import Role
from parley.casework.domain import CaseState, Viewer
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening, ProviderNotice
from parley.db.events import announce
from parley.db.scope import Login, authority_scope, platform_scope, provider_scope
from parley.jobs.domain import DELIVERY_DELAYS, Attempt
from parley.kernel.errors import NotFound
from parley.notifications import queries, service, tasks
from parley.notifications.decisions import MessageCode
from parley.notifications.domain import NotificationState, TaskReason, Trouble
from parley.notifications.models import Notification
from support.factories import NOW, acting
from support.post_office import PARENT, PostOffice


def test_the_family_reads_what_happened_and_what_is_next(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER, scope=case.provider_scope)
    with post.open():
        post.run_due()
    (message,) = post.inbox()
    assert message.recipients == (PARENT,)
    assert message.subject == f"{case.authority.name} disagreement resolution: update on your request {case.reference}"
    assert f"{case.provider.name} has your request {case.reference}" in message.text
    assert "What happens next" in message.text
    assert "0800 000 0000" in message.text
    assert f"https://{case.authority.host}/family/{case.id}" in message.text
    (sent,) = post.notifications(case)
    assert (sent.state, sent.sent_at, sent.attempts) == (NotificationState.SENT, NOW, 1)
    source = post.sources()
    assert f"Message-ID: <{sent.id}@parley.invalid>" in source
    assert "Auto-Submitted: auto-generated" in source


def test_a_message_is_rolled_back_with_what_it_tells(post: PostOffice) -> None:
    case = post.make.case()
    with post.database.begin(case.authority_scope) as session:
        row = case_for_update(session, case.authority.id, case.id)
        act = Act(session=session, case=row, actor=case.family_actor, by=Viewer.PROVIDER, at=NOW)
        act.happened(Happening.ACKNOWLEDGED)
        session.rollback()
    assert post.notifications(case) == []
    assert post.run_due() == 0


def test_mail_down_for_an_hour_arrives_later_and_nobody_sees_an_error(post: PostOffice) -> None:
    cases = [post.make.case() for _ in range(3)]
    for case in cases:
        post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    for _ in range(6):
        post.run_due()
        post.make_due()
    assert post.inbox() == ()
    assert {row.last_error for case in cases for row in post.notifications(case)} == {"unreachable"}
    with post.open():
        post.run_due()
    assert len(post.inbox(PARENT)) == 3
    for case in cases:
        (row,) = post.notifications(case)
        assert (row.state, row.attempts, row.last_error) == (NotificationState.SENT, 7, None)
        assert post.tasks(case) == []


def test_a_message_that_never_goes_out_becomes_a_task_and_is_counted(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    for _ in range(len(DELIVERY_DELAYS) + 1):
        post.run_due()
        post.make_due()
    (row,) = post.notifications(case)
    assert (row.state, row.attempts) == (NotificationState.FAILED_FOR_GOOD, len(DELIVERY_DELAYS) + 1)
    (task,) = post.tasks(case)
    assert (task.reason, task.member_id) == (TaskReason.MAIL_FAILED, case.parent)
    with post.database.begin(platform_scope(Login.OPERATOR)) as session:
        assert queries.troubles_since(session, NOW.date())[case.authority.id, Trouble.MAIL_FAILED] == 1


def test_a_mailbox_that_does_not_exist_is_not_tried_again(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    with post.refusing("550 no such mailbox"):
        post.run_due()
    (row,) = post.notifications(case)
    assert (row.state, row.last_error, row.attempts) == (NotificationState.FAILED_FOR_GOOD, "smtp_550", 1)
    assert [task.reason for task in post.tasks(case)] == [TaskReason.MAIL_FAILED]


def test_a_mailbox_that_is_full_for_now_is_tried_again(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    with post.refusing("452 mailbox full"):
        post.run_due()
    assert [(row.state, row.last_error) for row in post.notifications(case)] == [("waiting", "smtp_452")]
    post.make_due()
    with post.open():
        post.run_due()
    assert len(post.inbox(PARENT)) == 1


def test_a_plugins_notice_is_mailed_to_the_provider(post: PostOffice) -> None:
    case = post.make.case()
    with post.database.begin(authority_scope(case.authority.id, login=Login.WORKER)) as session:
        announce(
            session,
            ProviderNotice(
                authority_id=case.authority.id,
                case_id=case.id,
                provider_id=case.provider.id,
                at=NOW,
                mailbox="team-s@provider.invalid",
                reference=case.reference,
                council=case.authority.name,
                what_to_do="Acknowledge this request.",
                by_when=dt.date(2026, 11, 27),
                url="https://providers.example/cases/1",
                addressed_to="Team S",
            ),
        )
        session.commit()
    with post.open():
        post.run_due()
    (message,) = post.inbox("team-s@provider.invalid")
    assert message.subject.endswith(f"something to do for request {case.reference}")
    for said in (
        "Hello Team S",
        "Acknowledge this request.",
        "By 27 November 2026.",
        "https://providers.example/cases/1",
    ):
        assert said in message.text


def test_a_task_is_done_by_somebody_of_that_provider_and_by_nobody_else(post: PostOffice) -> None:
    case = post.make.case()
    post.change_parent(case, email="")
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    (task,) = post.tasks(case)
    stranger = post.make.provider()
    with post.database.begin(provider_scope(stranger.id)) as session:
        assert tasks.open_tasks(session, provider_id=case.provider.id, on=NOW.date()) == []
        with pytest.raises(NotFound):
            _complete(session, acting(Role.COORDINATOR, stranger), case.provider.id, task)
    coordinator = acting(Role.COORDINATOR, case.provider)
    with post.database.begin(provider_scope(case.provider.id)) as session:
        _complete(session, coordinator, case.provider.id, task)
    assert post.tasks(case) == []
    with post.database.begin(case.provider_scope) as session:
        (done,) = tasks.tasks_of_case(
            session, provider_id=case.provider.id, authority_id=case.authority.id, case_id=case.id
        )
    assert (done.done_at, done.done_by) == (NOW, coordinator.identity_id)


def _complete(session: Any, actor: Any, provider_id: uuid.UUID, task: tasks.TaskView) -> None:
    service.complete_task(
        session, actor=actor, at=NOW, provider_id=provider_id, authority_id=task.authority_id, task_id=task.id
    )


def test_nothing_personal_is_in_a_job_a_log_a_subject_or_a_letter(
    post: PostOffice, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = {"name": "Canary Quillfeather", "phone": "07700900555", "email": "canary.parent@family.invalid"}
    case = post.make.case(child_name="Canary Wrenfield", state=CaseState.COUNCIL_TOLD)
    post.change_parent(
        case, safety=json.dumps({"safe_ways": ["email"], "must_not_learn": "Canary Nightjar"}), **planted
    )
    for happening in Happening:
        if happening is not Happening.CLOCK_MISSED:
            post.happen(case, happening, by=Viewer.PROVIDER)
    with psycopg.connect(post.admin_url) as admin:
        jobs = str(admin.execute("SELECT args, lock, queueing_lock FROM jobs.procrastinate_jobs").fetchall())
        rows = str(admin.execute("SELECT codes, message, last_error FROM notification").fetchall())
    with post.open():
        post.run_due()
    assert len(post.inbox(planted["email"])) > 15
    letters = post.sources().replace(planted["email"], "")
    for canary in ("Canary", "Quillfeather", "Wrenfield", "Nightjar", "07700900555", "canary.parent"):
        for place in (jobs, rows, letters, "".join(capfd.readouterr())):
            assert canary not in place


def test_what_has_lost_its_job_is_given_up_where_it_is_seen(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    post.lose_jobs()
    post.clock.advance(dt.timedelta(hours=48))
    post.jobs.dates(Attempt(number=1, is_last=True))
    post.run_due()
    assert [row.state for row in post.notifications(case)] == [NotificationState.FAILED_FOR_GOOD]
    assert len(post.tasks(case)) == 1


def test_a_message_is_sent_once_however_often_its_job_runs(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    (row,) = post.notifications(case)
    first_try = post.jobs.tasks()[0].attempt(0)
    with post.open():
        for _ in range(3):
            post.jobs.send(first_try, authority_id=str(case.authority.id), notification_id=str(row.id))
    assert len(post.inbox()) == 1


def test_another_council_sees_no_message_of_this_one(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    other = post.make.authority()
    with post.database.begin(authority_scope(other.id)) as session:
        assert session.scalar(select(func.count()).select_from(Notification)) == 0
    with post.database.begin(case.provider_scope) as session:
        (message,) = queries.messages_of_case(session, authority_id=case.authority.id, case_id=case.id)
    assert (message.message, message.state) == (MessageCode.ACKNOWLEDGED, NotificationState.WAITING)

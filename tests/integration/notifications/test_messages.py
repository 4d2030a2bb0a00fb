"""News of a case reaches people: by mail or by a coordinator, as they wish, once, and with nothing personal in it."""

import datetime as dt
import json
import uuid
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from parley.access.domain import Role
from parley.casework.domain import Capacity, CaseState, Viewer
from parley.casework.models import PartyMember
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening, ProviderNotice
from parley.compartment.service import TELL_OF_MESSAGE
from parley.db.events import announce
from parley.db.scope import Login, Scope, authority_scope, platform_scope, provider_scope
from parley.jobs.domain import DELIVERY_DELAYS, Attempt
from parley.jobs.service import enqueue
from parley.kernel.errors import NotFound
from parley.notifications import queries, service
from parley.notifications.decisions import MessageCode
from parley.notifications.domain import NotificationState, RecipientKind, TaskReason, Trouble
from parley.notifications.models import Notification
from support.factories import NOW, MadeCase, acting
from support.post_office import PostOffice

PARENT = "parent@family.invalid"


def happen(
    post: PostOffice, case: MadeCase, happening: Happening, *, by: Viewer, scope: Scope | None = None, **codes: str
) -> None:
    """Let something happen in ``case``, as the use cases of casework do, and commit it."""
    with post.database.begin(scope or case.authority_scope) as session:
        row = case_for_update(session, case.authority.id, case.id)
        act = Act(session=session, case=row, actor=acting(Role.FAMILY, case.authority), by=by, at=post.clock.now())
        act.happened(happening, **codes)
        session.commit()


def change_parent(post: PostOffice, case: MadeCase, **columns: Any) -> None:
    with post.database.begin(case.authority_scope) as session:
        parent = session.get_one(PartyMember, (case.authority.id, case.parent))
        for name, value in columns.items():
            setattr(parent, name, value)
        session.commit()


def notifications(post: PostOffice, case: MadeCase) -> list[Notification]:
    with post.database.begin(case.authority_scope) as session:
        rows = session.scalars(
            select(Notification).where(Notification.case_id == case.id).order_by(Notification.id)
        ).all()
        return list(rows)


def tasks(post: PostOffice, case: MadeCase) -> list[queries.TaskView]:
    with post.database.begin(provider_scope(case.provider.id)) as session:
        return queries.open_tasks(session, provider_id=case.provider.id)


def test_the_family_reads_what_happened_and_what_is_next(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER, scope=case.provider_scope)
    with post.open():
        post.run_due()
    (message,) = post.inbox()
    assert message.recipients == (PARENT,)
    assert message.subject == f"{case.authority.name} disagreement resolution: update on your request {case.reference}"
    assert f"{case.provider.name} has your request {case.reference}" in message.text
    assert "What happens next" in message.text
    assert "0800 000 0000" in message.text
    assert f"https://{case.authority.host}/family/{case.id}" in message.text
    (sent,) = notifications(post, case)
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
    assert notifications(post, case) == []
    assert post.run_due() == 0


def test_mail_down_for_an_hour_arrives_later_and_nobody_sees_an_error(post: PostOffice) -> None:
    cases = [post.make.case() for _ in range(3)]
    for case in cases:
        happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    for _ in range(6):
        post.run_due()
        post.make_due()
    assert post.inbox() == ()
    assert {row.last_error for case in cases for row in notifications(post, case)} == {"unreachable"}
    with post.open():
        post.run_due()
    assert len(post.inbox(PARENT)) == 3
    for case in cases:
        (row,) = notifications(post, case)
        assert (row.state, row.attempts, row.last_error) == (NotificationState.SENT, 7, None)
        assert tasks(post, case) == []


def test_a_message_that_never_goes_out_becomes_a_task_and_is_counted(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    for _ in range(len(DELIVERY_DELAYS) + 1):
        post.run_due()
        post.make_due()
    (row,) = notifications(post, case)
    assert (row.state, row.attempts) == (NotificationState.FAILED_FOR_GOOD, len(DELIVERY_DELAYS) + 1)
    (task,) = tasks(post, case)
    assert (task.reason, task.member_id) == (TaskReason.MAIL_FAILED, case.parent)
    with post.database.begin(platform_scope(Login.OPERATOR)) as session:
        assert queries.troubles_since(session, NOW.date())[case.authority.id, Trouble.MAIL_FAILED] == 1


def test_a_mailbox_that_does_not_exist_is_not_tried_again(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    with post.refusing("550 no such mailbox"):
        post.run_due()
    (row,) = notifications(post, case)
    assert (row.state, row.last_error, row.attempts) == (NotificationState.FAILED_FOR_GOOD, "smtp_550", 1)
    assert [task.reason for task in tasks(post, case)] == [TaskReason.MAIL_FAILED]


def test_a_mailbox_that_is_full_for_now_is_tried_again(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    with post.refusing("452 mailbox full"):
        post.run_due()
    assert [(row.state, row.last_error) for row in notifications(post, case)] == [("waiting", "smtp_452")]
    post.make_due()
    with post.open():
        post.run_due()
    assert len(post.inbox(PARENT)) == 1


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"email": ""}, TaskReason.NO_EMAIL),
        ({"safety": json.dumps({"safe_ways": ["phone"]})}, TaskReason.NOT_BY_EMAIL),
        ({"safety": "not what anybody wrote"}, TaskReason.NOT_BY_EMAIL),
    ],
)
def test_who_cannot_or_must_not_be_mailed_is_told_by_a_coordinator(
    post: PostOffice, columns: dict[str, str], reason: TaskReason
) -> None:
    case = post.make.case()
    change_parent(post, case, **columns)
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER, scope=case.provider_scope)
    with post.open():
        post.run_due()
    assert post.inbox() == ()
    (task,) = tasks(post, case)
    assert (task.recipient, task.reason, task.case_id) == (RecipientKind.FAMILY, reason, case.id)
    assert task.words == "Tell the family: we have their request and what is next"


def test_wishes_that_changed_before_it_was_sent_are_kept(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    change_parent(post, case, safety=json.dumps({"safe_ways": ["phone"]}))
    with post.open():
        post.run_due()
    assert post.inbox() == ()
    assert [task.reason for task in tasks(post, case)] == [TaskReason.NOT_BY_EMAIL]
    assert [row.state for row in notifications(post, case)] == [NotificationState.CANCELLED]


def test_who_left_the_case_hears_no_more(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    change_parent(post, case, left_at=NOW)
    with post.open():
        post.run_due()
    assert post.inbox() == ()
    assert tasks(post, case) == []


def test_the_other_parents_case_hears_nothing(post: PostOffice) -> None:
    council = post.make.authority()
    provider = post.make.provider()
    post.make.commission(council, provider)
    one = post.make.case(council, provider=provider)
    other = post.make.case(council, provider=provider)
    change_parent(post, other, email="other.parent@elsewhere.invalid")
    happen(post, one, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    with post.open():
        post.run_due()
    assert [message.recipients for message in post.inbox()] == [(PARENT,)]


def test_the_council_hears_nothing_until_it_is_told_and_then_by_its_mailbox(post: PostOffice) -> None:
    case = post.make.case()
    for happening in Happening:
        if happening is not Happening.CLOCK_MISSED:
            happen(post, case, happening, by=Viewer.PROVIDER)
    with post.open():
        post.run_due()
        mailbox = case.authority.profile["team_mailbox"]
        assert post.inbox(mailbox) == ()
        told = post.make.case(case.authority, provider=case.provider, state=CaseState.COUNCIL_TOLD)
        happen(post, told, Happening.COUNCIL_TOLD, by=Viewer.PROVIDER, scope=told.provider_scope)
        post.run_due()
    (message,) = post.inbox(mailbox)
    assert f"has told you of a request for disagreement resolution, reference {told.reference}" in message.text


def test_a_council_without_a_mailbox_is_rung_for_what_it_must_know(post: PostOffice) -> None:
    council = post.make.authority(team_mailbox=None)
    case = post.make.case(council, state=CaseState.COUNCIL_TOLD)
    happen(post, case, Happening.COUNCIL_TOLD, by=Viewer.PROVIDER, scope=case.provider_scope)
    happen(post, case, Happening.EVERYONE_AGREED, by=Viewer.PROVIDER, scope=case.provider_scope)
    rung = [task.words for task in tasks(post, case) if task.recipient is RecipientKind.COUNCIL]
    assert rung == ["Ring the council: there is a request to answer, and by when"]


def test_an_invited_person_hears_only_after_confirming_their_mailbox(post: PostOffice) -> None:
    case = post.make.case(state=CaseState.COUNCIL_TOLD)
    school = post.make.party(case)
    post.make.member(case, school, email="head@school.invalid")
    waiting = post.make.member(case, school, email="office@school.invalid")
    with post.database.begin(case.authority_scope) as session:
        session.get_one(PartyMember, (case.authority.id, waiting)).identity_id = None
        session.commit()
    happen(post, case, Happening.MEETING_FIXED, by=Viewer.PROVIDER)
    with post.open():
        post.run_due()
    assert len(post.inbox("head@school.invalid")) == 1
    assert post.inbox("office@school.invalid") == ()


def test_what_one_act_brings_about_is_told_once(post: PostOffice) -> None:
    case = post.make.case(state=CaseState.COUNCIL_TOLD)
    with post.database.begin(case.provider_scope) as session:
        row = case_for_update(session, case.authority.id, case.id)
        act = Act(session=session, case=row, actor=case.family_actor, by=Viewer.PROVIDER, at=NOW)
        act.happened(Happening.ANSWERED, party="local_authority", value="agreed")
        act.happened(Happening.EVERYONE_AGREED)
        session.commit()
    with post.open():
        post.run_due()
    (message,) = post.inbox(PARENT)
    assert "Good news: everybody who was asked has agreed" in message.text


def test_a_young_person_who_has_not_answered_hears_nothing_but_the_question(post: PostOffice) -> None:
    case = post.make.case(state=CaseState.WAITING_FOR_YOUNG_PERSON)
    young = post.make.member(
        case, case.family, capacity=Capacity.YOUNG_PERSON, phone="07700 900123", name="Robin Marsh"
    )
    with post.database.begin(case.authority_scope) as session:
        row = case_for_update(session, case.authority.id, case.id)
        act = Act(session=session, case=row, actor=case.family_actor, by=Viewer.FAMILY, at=NOW)
        act.happened(Happening.REQUEST_SENT)
        act.happened(Happening.YOUNG_PERSON_ASKED)
        session.commit()
    with post.open():
        post.run_due()
    (message,) = post.inbox()
    assert message.recipients == (PARENT,)
    assert "It has not been sent on yet" in message.text
    (task,) = tasks(post, case)
    assert (task.recipient, task.member_id) == (RecipientKind.YOUNG_PERSON, young)


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
    change_parent(post, case, email="")
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    (task,) = tasks(post, case)
    stranger = post.make.provider()
    with post.database.begin(provider_scope(stranger.id)) as session:
        assert queries.open_tasks(session, provider_id=case.provider.id) == []
        with pytest.raises(NotFound):
            _complete(session, acting(Role.COORDINATOR, stranger), case.provider.id, task)
    coordinator = acting(Role.COORDINATOR, case.provider)
    with post.database.begin(provider_scope(case.provider.id)) as session:
        _complete(session, coordinator, case.provider.id, task)
    assert tasks(post, case) == []
    with post.database.begin(case.provider_scope) as session:
        (done,) = queries.tasks_of_case(
            session, provider_id=case.provider.id, authority_id=case.authority.id, case_id=case.id
        )
    assert (done.done_at, done.done_by) == (NOW, coordinator.identity_id)


def _complete(session: Any, actor: Any, provider_id: uuid.UUID, task: queries.TaskView) -> None:
    service.complete_task(
        session, actor=actor, at=NOW, provider_id=provider_id, authority_id=task.authority_id, task_id=task.id
    )


def test_nothing_personal_is_in_a_job_a_log_a_subject_or_a_letter(
    post: PostOffice, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = {"name": "Canary Quillfeather", "phone": "07700900555", "email": "canary.parent@family.invalid"}
    case = post.make.case(child_name="Canary Wrenfield", state=CaseState.COUNCIL_TOLD)
    change_parent(
        post, case, safety=json.dumps({"safe_ways": ["email"], "must_not_learn": "Canary Nightjar"}), **planted
    )
    for happening in Happening:
        if happening is not Happening.CLOCK_MISSED:
            happen(post, case, happening, by=Viewer.PROVIDER)
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
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    post.lose_jobs()
    post.clock.advance(dt.timedelta(hours=48))
    post.jobs.dates(Attempt(number=1, is_last=True))
    post.run_due()
    assert [row.state for row in notifications(post, case)] == [NotificationState.FAILED_FOR_GOOD]
    assert len(tasks(post, case)) == 1


def test_a_message_is_sent_once_however_often_its_job_runs(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    (row,) = notifications(post, case)
    first_try = post.jobs.tasks()[0].attempt(0)
    with post.open():
        for _ in range(3):
            post.jobs.send(first_try, authority_id=str(case.authority.id), notification_id=str(row.id))
    assert len(post.inbox()) == 1


def test_another_council_sees_no_message_of_this_one(post: PostOffice) -> None:
    case = post.make.case()
    happen(post, case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    other = post.make.authority()
    with post.database.begin(authority_scope(other.id)) as session:
        assert session.scalar(select(func.count()).select_from(Notification)) == 0
    with post.database.begin(case.provider_scope) as session:
        (message,) = queries.messages_of_case(session, authority_id=case.authority.id, case_id=case.id)
    assert (message.message, message.state) == (MessageCode.ACKNOWLEDGED, NotificationState.WAITING)


@pytest.mark.parametrize(
    ("channel", "by", "to"),
    [
        ("family_provider", "provider", "family"),
        ("family_provider", "family", "provider"),
        ("council_provider", "provider", "council"),
        ("council_provider", "council", "provider"),
    ],
)
def test_the_other_side_hears_that_a_private_message_waits_and_nobody_else_does(
    post: PostOffice, channel: str, by: str, to: str
) -> None:
    case = post.make.case(state=CaseState.COUNCIL_TOLD)
    post.make.member(case, case.family, email="second@family.invalid")
    ids = {"authority_id": case.authority.id, "case_id": case.id, "by": by, "channel": channel}
    with post.database.begin(case.authority_scope) as session:
        enqueue(session, TELL_OF_MESSAGE, member_id=case.parent if "family" in channel else "", **ids)
        session.commit()
    with post.open():
        post.run_due()
    mailboxes = {
        "family": PARENT,
        "provider": case.provider.profile["mailbox"],
        "council": case.authority.profile["team_mailbox"],
    }
    (message,) = post.inbox()
    assert message.recipients == (mailboxes[to],)

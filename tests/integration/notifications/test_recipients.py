"""News of a case reaches whom it concerns and nobody else: by mail or by a coordinator, as they wish."""

import json

import pytest

from parley.casework.domain import Capacity, CaseState, Viewer
from parley.casework.models import PartyMember
from parley.casework.service.record import Act, case_for_update
from parley.casework.timeline import Happening
from parley.compartment.service import TELL_OF_MESSAGE
from parley.jobs.service import enqueue
from parley.notifications.domain import NotificationState, RecipientKind, TaskReason
from support.factories import NOW
from support.post_office import PARENT, PostOffice


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
    post.change_parent(case, **columns)
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER, scope=case.provider_scope)
    with post.open():
        post.run_due()
    assert post.inbox() == ()
    (task,) = post.tasks(case)
    assert (task.recipient, task.reason, task.case_id) == (RecipientKind.FAMILY, reason, case.id)
    assert task.words == "Tell the family: we have their request and what is next"


def test_wishes_that_changed_before_it_was_sent_are_kept(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    post.change_parent(case, safety=json.dumps({"safe_ways": ["phone"]}))
    with post.open():
        post.run_due()
    assert post.inbox() == ()
    assert [task.reason for task in post.tasks(case)] == [TaskReason.NOT_BY_EMAIL]
    assert [row.state for row in post.notifications(case)] == [NotificationState.CANCELLED]


def test_who_left_the_case_hears_no_more(post: PostOffice) -> None:
    case = post.make.case()
    post.happen(case, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    post.change_parent(case, left_at=NOW)
    with post.open():
        post.run_due()
    assert post.inbox() == ()
    assert post.tasks(case) == []


def test_the_other_parents_case_hears_nothing(post: PostOffice) -> None:
    council = post.make.authority()
    provider = post.make.provider()
    post.make.commission(council, provider)
    one = post.make.case(council, provider=provider)
    other = post.make.case(council, provider=provider)
    post.change_parent(other, email="other.parent@elsewhere.invalid")
    post.happen(one, Happening.ACKNOWLEDGED, by=Viewer.PROVIDER)
    with post.open():
        post.run_due()
    assert [message.recipients for message in post.inbox()] == [(PARENT,)]


def test_the_council_hears_nothing_until_it_is_told_and_then_by_its_mailbox(post: PostOffice) -> None:
    case = post.make.case()
    for happening in Happening:
        # Of a request without a provider it is told the reference, and nothing else.
        if happening not in {Happening.CLOCK_MISSED, Happening.NOT_PLACED}:
            post.happen(case, happening, by=Viewer.PROVIDER)
    with post.open():
        post.run_due()
        mailbox = case.authority.profile["team_mailbox"]
        assert post.inbox(mailbox) == ()
        told = post.make.case(case.authority, provider=case.provider, state=CaseState.COUNCIL_TOLD)
        post.happen(told, Happening.COUNCIL_TOLD, by=Viewer.PROVIDER, scope=told.provider_scope)
        post.run_due()
    (message,) = post.inbox(mailbox)
    assert f"has told you of a request for disagreement resolution, reference {told.reference}" in message.text


def test_a_council_without_a_mailbox_is_rung_for_what_it_must_know(post: PostOffice) -> None:
    council = post.make.authority(team_mailbox=None)
    case = post.make.case(council, state=CaseState.COUNCIL_TOLD)
    post.happen(case, Happening.COUNCIL_TOLD, by=Viewer.PROVIDER, scope=case.provider_scope)
    post.happen(case, Happening.EVERYONE_AGREED, by=Viewer.PROVIDER, scope=case.provider_scope)
    rung = [task.words for task in post.tasks(case) if task.recipient is RecipientKind.COUNCIL]
    assert rung == ["Tell the council: there is a request to answer, and by when"]


def test_an_invited_person_hears_only_after_confirming_their_mailbox(post: PostOffice) -> None:
    case = post.make.case(state=CaseState.COUNCIL_TOLD)
    school = post.make.party(case)
    post.make.member(case, school, email="head@school.invalid")
    waiting = post.make.member(case, school, email="office@school.invalid")
    with post.database.begin(case.authority_scope) as session:
        session.get_one(PartyMember, (case.authority.id, waiting)).identity_id = None
        session.commit()
    post.happen(case, Happening.MEETING_FIXED, by=Viewer.PROVIDER)
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
    (task,) = post.tasks(case)
    assert (task.recipient, task.member_id) == (RecipientKind.YOUNG_PERSON, young)


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


def test_what_a_council_answered_it_need_not_be_told_any_more(post: PostOffice) -> None:
    council = post.make.authority(team_mailbox=None)
    case = post.make.case(council, state=CaseState.COUNCIL_TOLD, council_told_at=NOW)
    post.happen(case, Happening.COUNCIL_TOLD, by=Viewer.PROVIDER)
    post.happen(case, Happening.ANSWERED, by=Viewer.INVITED)
    assert [task.recipient for task in post.tasks(case)] == [RecipientKind.COUNCIL]
    post.happen(case, Happening.ANSWERED, by=Viewer.LOCAL_AUTHORITY)
    assert post.tasks(case) == []


def test_nobody_is_told_of_a_meeting_that_is_over(post: PostOffice) -> None:
    case = post.make.case(state=CaseState.AGREED)
    post.change_parent(case, email="")
    for happening, open_tasks in (
        (Happening.MEETING_PROPOSED, 1),
        (Happening.MEETING_FIXED, 1),
        (Happening.MEETING_MOVED, 1),
        (Happening.CLOSED, 1),
    ):
        post.happen(case, happening, by=Viewer.PROVIDER)
        assert len(post.tasks(case)) == open_tasks, happening
    assert post.tasks(case)[0].words == "Tell the family: the request is closed, why, and what else they can do"

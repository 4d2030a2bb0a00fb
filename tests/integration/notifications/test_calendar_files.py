"""Calendar entries in the mail: each person's own, updated and taken out; by phone for those mail does not reach."""

import datetime as dt
import email
import email.policy

import pytest
from icalendar import Calendar

from parley.access.domain import Role
from parley.casework.service import answers, body_answers, body_contacts, consents
from parley.kernel.ids import new_id
from parley.meetings.domain import OwnPlace
from parley.meetings.service import fixing
from parley.notifications.domain import RecipientKind, TaskReason
from support.factories import NOW, acting
from support.meetings import DAY, DERBY, HALL, Arranging, at_ten, with_own
from support.post_office import PARENT

DECIDER, TEACHER = "kim@council.invalid", "sam@school.invalid"
ROOM = "Side door, room 2"


@pytest.fixture
def arranging(post):
    """A case of a parent, a council that named its decider, and a school."""
    arranging = Arranging(post.make, decider_email=DECIDER)
    school = post.make.party(arranging.made)
    arranging.school, arranging.teachers_identity = school, new_id()
    arranging.teacher = post.make.member(arranging.made, school, email=TEACHER, identity_id=arranging.teachers_identity)
    return arranging


def entries(post, address):
    """Return what reached a person's calendar, oldest first: method, sequence, begins, where; the id besides."""
    found = []
    for path in sorted(post.folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if message["To"] != address:
            continue
        for part in message.iter_attachments():
            assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "meeting.ics")
            event = Calendar.from_ical(part.get_content()).events[0]
            method = part.get_param("method")
            found.append(
                (method, int(event["SEQUENCE"]), event.start, str(event.get("LOCATION", "")), str(event["UID"]))
            )
    return found


def deliver(post):
    with post.open():
        post.run_due()


def test_a_fixed_meeting_reaches_every_calendar_with_each_persons_own_place(post, arranging):
    own = {arranging.made.parent: OwnPlace(arrives=dt.time(9, 45), place=ROOM)}
    arranging.fixed(with_own(own))
    deliver(post)
    begins = at_ten().begins_at
    (parents,) = entries(post, PARENT)
    assert parents[:4] == ("REQUEST", 0, begins - dt.timedelta(minutes=15), ROOM)
    for address in (DECIDER, TEACHER):
        (others,) = entries(post, address)
        assert others[:4] == ("REQUEST", 0, begins, HALL)
    uids = {entries(post, address)[0][4] for address in (PARENT, DECIDER, TEACHER)}
    assert len(uids) == 3
    source = post.sources()
    assert "Rowan Marsh" not in source
    team = arranging.made.authority.profile["team_mailbox"]
    assert entries(post, team) == []
    assert post.inbox(team)


def test_moving_and_cancelling_change_the_same_entry(post, arranging):
    arranging.fixed()
    deliver(post)
    later = at_ten(DAY + dt.timedelta(days=1))
    arranging.move(later)
    deliver(post)
    arranging.cancel()
    deliver(post)
    found = entries(post, PARENT)
    assert [(method, sequence) for method, sequence, *_ in found] == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)]
    assert {uid for *_, uid in found} == {found[0][4]}
    assert found[1][2] == later.begins_at


def test_one_persons_new_room_is_told_to_that_person_alone(post, arranging):
    arranging.fixed()
    deliver(post)
    before = len(post.inbox())
    arrangement = with_own({arranging.teacher: OwnPlace(place=ROOM)})
    arranging.provider(fixing.change_places, arrangement=arrangement, seen=arranging.seen)
    deliver(post)
    assert len(post.inbox()) == before + 1
    assert entries(post, TEACHER)[-1][1:4] == (1, at_ten().begins_at, ROOM)


def test_a_withdrawal_takes_the_meeting_out_of_every_calendar(post, arranging):
    arranging.fixed()
    deliver(post)
    arranging.family(answers.withdraw, at=post.clock.now() + dt.timedelta(minutes=1))
    deliver(post)
    for address in (PARENT, DECIDER, TEACHER):
        assert [method for method, *_ in entries(post, address)] == ["REQUEST", "CANCEL"]


def school_is_taken_out(arranging):
    arranging.provider(answers.remove_party, party_id=arranging.school, policy=DERBY)


def family_no_longer_wants_it_asked(arranging):
    said = {"member_id": arranging.made.parent, "party_id": arranging.school, "agrees": False, "policy": DERBY}
    arranging.provider(consents.record_spoken_consent, **said)


def its_invitation_is_taken_back(arranging):
    arranging.provider(body_contacts.revoke_invitation, member_id=arranging.teacher)


def teacher_gives_the_place_back(arranging):
    actor = acting(Role.INVITED, arranging.made.authority, identity_id=arranging.teachers_identity)
    with arranging.make.database.begin(arranging.made.authority_scope) as session:
        body_answers.return_place(session, actor=actor, at=NOW, **arranging.ids, instead=None)


@pytest.mark.parametrize(
    "leave",
    [
        school_is_taken_out,
        family_no_longer_wants_it_asked,
        its_invitation_is_taken_back,
        teacher_gives_the_place_back,
    ],
)
def test_who_leaves_gets_the_meeting_out_of_their_calendar_and_hears_no_more_of_it(post, arranging, leave):
    arranging.fixed()
    deliver(post)
    leave(arranging)
    deliver(post)
    begins = at_ten().begins_at
    assert [entry[:4] for entry in entries(post, TEACHER)] == [
        ("REQUEST", 0, begins, HALL),
        ("CANCEL", 1, begins, ""),
    ]
    assert "no longer expected" in post.inbox(TEACHER)[0].text
    heard = len(post.inbox(TEACHER))
    arranging.move(at_ten(DAY + dt.timedelta(days=1)))
    arranging.cancel()
    deliver(post)
    assert len(post.inbox(TEACHER)) == heard
    assert [method for method, *_ in entries(post, PARENT)][-1] == "CANCEL"


def test_who_leaves_before_a_time_is_fixed_has_nothing_to_take_out(post, arranging):
    arranging.propose()
    deliver(post)
    heard = len(post.inbox(TEACHER))
    school_is_taken_out(arranging)
    deliver(post)
    assert len(post.inbox(TEACHER)) == heard


def test_who_comes_back_has_the_same_entry_again(post, arranging):
    arranging.fixed()
    family_no_longer_wants_it_asked(arranging)
    said = {"member_id": arranging.made.parent, "party_id": arranging.school, "agrees": True, "policy": DERBY}
    arranging.provider(consents.record_spoken_consent, **said)
    arranging.provider(fixing.change_places, arrangement=with_own({}), seen=arranging.seen)
    deliver(post)
    method, sequence, *_ = entries(post, TEACHER)[-1]
    assert (method, sequence) == ("REQUEST", 2)


def test_suggested_times_and_a_case_that_ends_without_a_meeting_bring_no_entry(post, arranging):
    arranging.propose()
    arranging.family(answers.withdraw, at=post.clock.now() + dt.timedelta(minutes=1))
    deliver(post)
    assert [entries(post, address) for address in (PARENT, DECIDER, TEACHER)] == [[], [], []]


def test_who_has_no_email_is_told_by_a_coordinator(post):
    arranging = Arranging(post.make)
    post.change_parent(arranging.made, email="")
    arranging.fixed()
    tasks = [task for task in post.tasks(arranging.made) if "when and where" in task.words]
    assert [(task.recipient, task.member_id, task.reason) for task in tasks] == [
        (RecipientKind.FAMILY, arranging.made.parent, TaskReason.NO_EMAIL),
        (RecipientKind.COUNCIL, arranging.decider, TaskReason.NO_EMAIL),
    ]


def test_who_must_not_be_emailed_is_not(post, arranging):
    post.change_parent(arranging.made, safety='{"safe_ways": ["phone"]}')
    arranging.fixed()
    deliver(post)
    assert post.inbox(PARENT) == ()

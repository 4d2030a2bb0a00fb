"""Who hears that a choice becomes a young person's own, in which words; found by the job that runs each morning."""

import datetime as dt
import pathlib
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import select

from parley.access.domain import Role
from parley.casework.domain import ClockCode, Viewer
from parley.casework.jobs import OWN_CHOICE, CaseworkJobs
from parley.casework.request import Person
from parley.casework.service import own_yes
from parley.casework.service.sending import Rules
from parley.jobs.domain import Attempt
from parley.jobs.worker import Worker
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from parley.notifications.decisions import MessageCode
from parley.notifications.models import Notification
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.gateway import Gateway
from parley.policy.queries import policy_of_version
from support.factories import acting
from support.family import served_council
from support.own_choice import THE_DAY, Growing, growing
from support.post_office import PARENT, PostOffice

WEEK, ONCE = dt.timedelta(weeks=1), Attempt(number=1, is_last=False)
OWN_MAILBOX = "rowan@family.example"


@pytest.fixture
def case(post: PostOffice) -> Growing:
    """A case whose child reaches the day, with nothing told of it yet."""
    return growing(post.make, served_council(post.make))


@pytest.fixture
def casework(post: PostOffice, tmp_path: pathlib.Path) -> CaseworkJobs:
    """The work on cases; no plugin is there to be called."""
    delivery = PluginDelivery(post.database, Gateway(tmp_path / "nobody.sock"), post.clock, {})
    return CaseworkJobs(
        post.database,
        post.clock,
        delivery,
        provider_case_url=lambda *_: "",
        external_url=lambda host, path: f"https://{host}{path}",
        send_invitation=lambda _: None,
    )


@pytest.fixture
def morning(post: PostOffice, casework: CaseworkJobs) -> Callable[[dt.datetime], None]:
    """Return a function that lets a morning come: the job looks at every council, and what it finds is told."""
    worker = Worker((*casework.tasks(), *post.jobs.tasks()), post.worker_url)

    def come(at: dt.datetime) -> None:
        post.clock.advance(at - post.clock.now())
        casework.own_choice(ONCE)
        worker.run_due()

    return come


def told(post: PostOffice, case: Growing) -> list[tuple[str, str]]:
    """Return who was sent which message of the case."""
    return [(str(one.recipient), one.message) for one in post.notifications(case.made)]


def test_some_weeks_before_the_parent_and_the_provider_are_told_what_happens_when(post, case, morning):
    with post.open():
        morning(THE_DAY - 7 * WEEK)
        assert told(post, case) == []
        morning(THE_DAY - 5 * WEEK)
        morning(THE_DAY - 4 * WEEK)
    assert sorted(told(post, case)) == [
        ("family", MessageCode.OWN_CHOICE_SOON),
        ("provider", MessageCode.PROVIDER_OWN_CHOICE_SOON),
    ]
    mail = read(post, case)
    for said in ("25 June 2027", "What happens next", "What was agreed before stays", "0800 000 0000"):
        assert said in mail
    assert "Rowan" not in post.sources()


def test_on_the_day_the_young_person_is_to_be_asked_and_nobody_else_hears_of_it(post, case, morning):
    with post.open():
        morning(THE_DAY)
    assert sorted(told(post, case)) == [
        ("family", MessageCode.OWN_CHOICE_BEGAN),
        ("provider", MessageCode.PROVIDER_OWN_CHOICE_BEGAN),
    ]
    (task,) = post.tasks(case.made)
    assert task.words == "Ask the young person: whether they agree that the request goes ahead; it is their decision"
    assert "say on your page how we can ask them" in read(post, case)


def test_until_they_said_yes_they_hear_nothing_but_that_question(post, case):
    case.look()
    case.parent(own_yes.ask_young_person, person=Person(name="Rowan", email=OWN_MAILBOX))
    post.happen(case.made, own_yes.Happening.MEETING_CANCELLED, by=Viewer.PROVIDER)
    assert OWN_MAILBOX not in addresses(post, case, MessageCode.MEETING_CANCELLED)
    answer(post, case, agrees=True)
    assert addresses(post, case, MessageCode.YOUNG_PERSON_GOES_ON) == [PARENT, OWN_MAILBOX]
    assert post.tasks(case.made) == []


def test_a_no_is_told_to_the_family_as_theirs_and_to_the_others_as_the_familys(post, case):
    case.look()
    answer(post, case, agrees=False)
    waiting = [one for one in post.notifications(case.made) if one.state == "waiting"]
    messages = {(str(one.recipient), one.message) for one in waiting}
    assert ("family", MessageCode.YOUNG_PERSON_DECLINED) in messages
    assert ("family", MessageCode.WITHDRAWN) not in messages
    assert {("council", MessageCode.PARTY_ENDED), ("provider", MessageCode.PROVIDER_WITHDRAWN)} <= messages


def test_nobody_is_said_to_be_late_while_a_case_is_on_hold(post, case, morning):
    with case.make.database.begin(case.made.authority_scope) as session:
        row = own_yes.begin_act(session, actor=case.made.family_actor, by=Viewer.PROVIDER, at=THE_DAY, **case.ids)
        policy = policy_of_version(session, case.made.authority.id, case.council.policy_version_id)
        row.start([own_yes.response_clock(ClockCode.ANSWER_BY, policy, THE_DAY.date())])
        session.commit()
    with post.open():
        morning(THE_DAY)
        post.clock.advance(8 * WEEK)
        post.jobs.dates(ONCE)
        post.run_due()
    assert {message for _, message in told(post, case)} == {
        MessageCode.OWN_CHOICE_BEGAN,
        MessageCode.PROVIDER_OWN_CHOICE_BEGAN,
        MessageCode.YOUNG_PERSON_LATE,
    }


def test_jobs_name_nothing_but_councils_and_cases(post, case, casework):
    post.clock.advance(THE_DAY - post.clock.now())
    casework.own_choice_at(ONCE, authority_id=str(case.made.authority.id))
    with psycopg.connect(post.worker_url) as worker:
        kept = worker.execute(
            "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = %s", [own_yes.OWN_CHOICE_IN]
        ).fetchall()
    assert [args for (args,) in kept] == [{"authority_id": str(case.made.authority.id), "case_id": str(case.made.id)}]
    assert OWN_CHOICE in {task.name for task in casework.tasks() if task.every}


def answer(post: PostOffice, case: Growing, *, agrees: bool) -> None:
    """Let the young person answer."""
    me = new_id()
    case.sign_young_person_up(me)
    with post.database.begin(case.made.authority_scope) as session:
        policy = policy_of_version(session, case.made.authority.id, case.council.policy_version_id)
        own_yes.young_person_answers(
            session,
            actor=acting(Role.FAMILY, case.made.authority, identity_id=me),
            at=THE_DAY + WEEK,
            agrees=agrees,
            rules=Rules(
                policy=policy,
                policy_version_id=case.council.policy_version_id,
                law=law_on(THE_DAY.date()),
            ),
            **case.ids,
        )


def read(post: PostOffice, case: Growing) -> str:
    """Return the one letter to the parent of the case: the job looks at every council, those of other tests too."""
    (letter,) = [one.text for one in post.inbox(PARENT) if case.made.reference in one.text]
    return letter


def addresses(post: PostOffice, case: Growing, code: MessageCode) -> list[str]:
    """Return who of the family is sent a message, by their address."""
    with post.database.begin(case.made.authority_scope) as session:
        asked = select(Notification).where(Notification.case_id == case.made.id, Notification.message == code.value)
        return sorted(one.address for one in session.scalars(asked))

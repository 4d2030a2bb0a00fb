"""When mail, sign-in, database, worker or a plugin fails: nobody sees an error they cannot use, nothing is lost.

These tests break the demonstration that the other tests use, and wait until it is whole again.
"""

import pytest
from playwright.sync_api import Browser

from parley.identity.issuers import ANSWER_KEPT_SECONDS
from parley.notifications.local_inbox import InboxMessage
from support.running import RunningParley, wait_until
from support.walker import Album, Walker, choose, walker
from support.walks import family, provider

pytestmark = pytest.mark.timeout(300)

PROVIDERS_MAILBOX = "sen@globalmediation.co.uk"


@pytest.fixture(scope="module")
def album() -> Album:
    """Pictures of what people see meanwhile."""
    return Album("parts-fail")


def test_mail_that_is_down_holds_nobody_up_and_all_of_it_arrives_later(
    parent: Walker, running_parley: RunningParley, browser: Browser
) -> None:
    coordinator = walker(browser, running_parley, None, "coordinator", site="providers")
    coordinator.staff_sign_in("coordinator1")
    with running_parley.without("inbox"):
        sent = family.asks(parent)
        parent.reads("Request sent")
        provider.opens(coordinator, sent.reference, view="New")
        provider.acknowledges(coordinator)
        coordinator.reads("You acknowledged the request")
        wait_until("mail was tried and failed", lambda: running_parley.jobs("notif", tried=True) >= 2)
        assert not _mails_about(sent, running_parley)
    running_parley.hurry()
    wait_until("all mail arrived", lambda: len(_mails_about(sent, running_parley)) >= 3)
    subjects = [(mail.recipients, mail.subject, mail.text) for mail in _mails_about(sent, running_parley)]
    assert len(set(subjects)) == len(subjects)
    coordinator.page.context.close()


@pytest.mark.usefixtures("parent")
def test_sign_in_that_is_down_says_so_and_shows_the_other_doors(
    running_parley: RunningParley, browser: Browser, album: Album
) -> None:
    # Another parent signed in before, so the council's sign-in service is known when it goes down.
    person = walker(browser, running_parley, album, "parent", phone=True)
    with running_parley.without("sign-in"):
        person.page.wait_for_timeout(1000 * ANSWER_KEPT_SECONDS)
        person.open("/sign-in")
        person.main.get_by_role("radio").first.check()
        person.press("Continue")
        person.reads("Other ways to continue", "Ask by phone")
        person.follow("Get a link by email")
        person.is_at("What is your email address?")
    person.page.context.close()


def test_a_database_that_restarts_in_the_middle_of_a_request_loses_nothing(
    parent: Walker, running_parley: RunningParley, album: Album
) -> None:
    parent.open("/requests/before")
    parent.press("Start now")
    question = parent.path
    choose("Email")(parent)
    held = running_parley.database()
    held.execute("BEGIN")
    held.execute("LOCK TABLE request_draft IN ACCESS EXCLUSIVE MODE")
    with parent.page.expect_event("load"):
        parent.main.get_by_role("button", name="Continue", exact=True).click(no_wait_after=True)
        wait_until("the page waits for the table", running_parley.is_held_up)
        running_parley.restart_database()
    held.close()
    parent.album = album
    parent.look()
    parent.album = None
    parent.reads("Sorry", "Try again", "What you typed")
    parent.press("Send again")
    parent.is_at("Is there anybody who must not learn of this request?")
    parent.open(question)
    assert parent.main.get_by_label("Email", exact=True).is_checked()


def test_a_worker_and_plugins_that_die_in_the_middle_of_a_delivery_deliver_it_once(
    parent: Walker, running_parley: RunningParley
) -> None:
    parent.open("/requests/before")
    family.writes(parent)
    with running_parley.database() as held, held.transaction():
        # Whoever writes down what came of the delivery has to wait here, and dies waiting.
        held.execute("LOCK TABLE plugin_call IN EXCLUSIVE MODE")
        sent = family.sends(parent)
        wait_until("the delivery is under way", running_parley.is_held_up)
        running_parley.kill("worker")
        running_parley.kill("plugins")
        wait_until("worker and plugins are back", lambda: all(map(running_parley.processes, ("worker", "plugins"))))
    wait_until("the provider has it", lambda: _notices_of(sent, running_parley), seconds=120)
    parent.open(sent.path)
    wait_until("its page says so", lambda: parent.open(sent.path) or "It was delivered" in parent.text)
    wait_until("nothing is under way", lambda: not running_parley.jobs("deliver"))
    assert len(_notices_of(sent, running_parley)) == 1


def _mails_about(sent: family.Sent, parley: RunningParley) -> list[InboxMessage]:
    return [mail for mail in parley.mail() if sent.reference in f"{mail.subject}{mail.text}"]


def _notices_of(sent: family.Sent, parley: RunningParley) -> list[InboxMessage]:
    """Return the messages by which the provider got the request."""
    return [mail for mail in _mails_about(sent, parley) if PROVIDERS_MAILBOX in mail.recipients]

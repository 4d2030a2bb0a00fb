"""One-time links: asked for, mailed by a job, opened by people and by scanners, forwarded, guessed."""

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.identity.domain import OutgoingLink
from parley.identity.jobs import tasks
from parley.identity.links import SEND_LINK
from parley.identity.models import Identity, OneTimeLink
from parley.jobs.domain import Attempt
from parley.tenancy.domain import Authority
from support.sign_in import MovedClock, Visitor, heading

Visit = Callable[..., Visitor]
Deliver = Callable[[], list[OutgoingLink]]


class MailDown(Exception):
    """The mail server does not take it."""


@pytest.fixture
def outbox() -> list[OutgoingLink]:
    return []


@pytest.fixture
def deliver(
    database: Database, derby: Authority, clock: MovedClock, outbox: list[OutgoingLink]
) -> Callable[..., list[OutgoingLink]]:
    """Return what runs the job for every link that waits at Derby, as the worker would; ``down`` fails the mail."""

    def run(*, down: bool = False) -> list[OutgoingLink]:
        def send(link: OutgoingLink) -> None:
            outbox.append(link)
            if down:
                raise MailDown

        def external_url(host: str, path: str) -> str:
            return f"http://{host}{path}"

        (job,) = (
            task for task in tasks(database, clock, external_url=external_url, send_mail=send) if task.name == SEND_LINK
        )
        with database.begin(authority_scope(derby.id)) as session:
            waiting = session.scalars(
                select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None)).order_by(OneTimeLink.id.desc()).limit(1)
            ).all()
        for link_id in waiting:
            try:
                job.run(Attempt(number=1, is_last=False), realm_id=str(derby.id), link_id=str(link_id))
            except MailDown:
                continue
        return outbox

    return run


def test_somebody_who_came_by_a_link_confirms_by_another_and_goes_on_where_they_were(
    visit: Visit, deliver: Deliver, clock: MovedClock
) -> None:
    parent, mailbox = visit(), new_mailbox()
    parent.send("/sign-in/email", email=mailbox, next="/private")
    first = parent.send(path_of(deliver()[-1]))
    assert first.headers["Location"] == "/private"
    for _ in range(3):
        clock.by += dt.timedelta(minutes=25)
        assert parent.is_signed_in()
    asked = parent.get("/private?page=2")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/account/confirm?next=%2Fprivate%3Fpage%3D2")
    page = parent.get(asked.headers["Location"])
    assert mailbox in page.text
    sent = parent.send(asked.headers["Location"], next="/private?page=2")
    assert sent.headers["Location"].startswith("/sign-in/code")
    done = parent.send(path_of(deliver()[-1]))
    assert done.headers["Location"] == "/private?page=2"
    assert parent.get("/private").status_code == 200


def path_of(link: OutgoingLink) -> str:
    return urlsplit(link.url).path


def new_mailbox() -> str:
    return f"parent-{dt.datetime.now(dt.UTC).timestamp():.6f}@family.example"


def ask(visitor: Visitor, mailbox: str, **form: str) -> None:
    answer = visitor.send("/sign-in/email", email=mailbox, **form)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in/code")


def test_a_parent_signs_in_by_a_link_in_the_browser_that_asked(visit: Visit, deliver: Deliver) -> None:
    parent, mailbox = visit(), new_mailbox()
    ask(parent, mailbox, next="/mine?from=link")
    (link,) = deliver()
    assert (link.to, link.valid_for) == (mailbox, dt.timedelta(minutes=15))
    assert heading(parent.get(path_of(link))) == "Sign in"
    done = parent.send(path_of(link))
    assert (done.status_code, done.headers["Location"]) == (303, "/mine?from=link")
    assert mailbox in parent.get("/mine").text


def test_opening_a_link_never_uses_it_up_however_often_scanners_do(visit: Visit, deliver: Deliver) -> None:
    parent, scanner = visit(), visit()
    ask(parent, new_mailbox())
    (link,) = deliver()
    for _ in range(5):
        assert scanner.get(path_of(link)).status_code == 200
        assert scanner.client.head(path_of(link), base_url=scanner.base_url).status_code == 200
        assert parent.get(path_of(link)).status_code == 200
    assert parent.send(path_of(link)).status_code == 303


def test_a_used_link_is_used(visit: Visit, deliver: Deliver) -> None:
    parent = visit()
    ask(parent, new_mailbox())
    (link,) = deliver()
    parent.get(path_of(link))
    token = parent.get("/sign-in/email").text.split('name="csrf_token" value="')[1].split('"')[0]
    first = parent.client.post(path_of(link), base_url=parent.base_url, data={"csrf_token": token})
    again = parent.client.post(path_of(link), base_url=parent.base_url, data={"csrf_token": token})
    assert (first.status_code, again.status_code) == (303, 410)
    assert heading(parent.get(path_of(link))) == "This link or code does not work"


def test_a_link_lasts_fifteen_minutes(visit: Visit, deliver: Deliver, clock: MovedClock) -> None:
    parent = visit()
    ask(parent, new_mailbox())
    (link,) = deliver()
    clock.by += dt.timedelta(minutes=16)
    assert parent.get(path_of(link)).status_code == 410


def test_a_forwarded_link_shows_a_code_and_signs_nobody_in(visit: Visit, deliver: Deliver) -> None:
    parent, friend = visit(), visit()
    ask(parent, new_mailbox())
    (link,) = deliver()
    page = friend.get(path_of(link))
    assert heading(page) == "Your code"
    assert "csrf_token" not in page.text
    assert friend.send(path_of(link), page="/sign-in/email").status_code == 410
    assert not friend.is_signed_in()
    assert parent.send(path_of(link)).status_code == 303, "and it still works where it belongs"


def test_the_code_shown_elsewhere_signs_in_where_the_person_began(visit: Visit, deliver: Deliver) -> None:
    laptop, phone = visit(), visit()
    mailbox = new_mailbox()
    ask(laptop, mailbox)
    (link,) = deliver()
    code = shown_code(phone, link)
    done = laptop.send("/sign-in/code", code=f" {code[:3].lower()} {code[3:]} ")
    assert done.status_code == 303
    assert mailbox in laptop.get("/mine").text
    assert phone.get(path_of(link)).status_code == 410


def test_a_code_is_worth_nothing_in_another_browser(visit: Visit, deliver: Deliver) -> None:
    laptop, phone, thief = visit(), visit(), visit()
    ask(laptop, new_mailbox())
    (link,) = deliver()
    code = shown_code(phone, link)
    ask(thief, new_mailbox())
    assert thief.send("/sign-in/code", code=code).status_code == 422
    assert not thief.is_signed_in()


def test_five_wrong_codes_void_the_link_and_its_code(visit: Visit, deliver: Deliver) -> None:
    laptop, phone = visit(), visit()
    ask(laptop, new_mailbox())
    (link,) = deliver()
    code = shown_code(phone, link)
    for _ in range(5):
        page = laptop.send("/sign-in/code", code="BBBBBB" if code != "BBBBBB" else "CCCCCC")
        assert page.status_code == 422
        assert "Enter the code as it is shown" in page.text
    assert laptop.send("/sign-in/code", code=code).status_code == 422
    assert laptop.get(path_of(link)).status_code == 410
    assert not laptop.is_signed_in()


def test_a_retried_mail_voids_the_link_in_the_one_before(
    visit: Visit, deliver: Callable[..., list[OutgoingLink]], clock: MovedClock
) -> None:
    parent = visit()
    ask(parent, new_mailbox())
    deliver(down=True)
    clock.by += dt.timedelta(hours=1)
    first, second = deliver()
    assert parent.get(path_of(first)).status_code == 410
    assert parent.send(path_of(second)).status_code == 303


def test_a_known_and_an_unknown_mailbox_look_the_same(visit: Visit, deliver: Deliver) -> None:
    known = new_mailbox()
    parent = visit()
    ask(parent, known)
    parent.send(path_of(deliver()[-1]))
    pages = []
    for mailbox in (known, new_mailbox()):
        stranger = visit()
        asked = stranger.send("/sign-in/email", email=mailbox)
        waiting = stranger.get("/sign-in/code")
        pages.append((asked.status_code, asked.headers["Location"], without_secrets(waiting.text)))
    assert pages[0] == pages[1]


def test_more_than_five_links_an_hour_for_one_mailbox_are_not_sent_and_nobody_is_told(
    visit: Visit, deliver: Deliver, database: Database, derby: Authority
) -> None:
    mailbox = new_mailbox()
    before = links_at(database, derby)
    for number in range(7):
        asker = visit()
        asker.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        ask(asker, mailbox)
    assert links_at(database, derby) - before == 5


def test_one_network_cannot_ask_for_links_without_end(visit: Visit, clock: MovedClock) -> None:
    asker = visit()
    asker.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2::3"
    for number in range(30):
        ask(asker, f"{number}-{new_mailbox()}")
    asker.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2::4"
    page = asker.send("/sign-in/email", email=new_mailbox())
    assert (page.status_code, heading(page)) == (429, "Too many tries in a short time")
    clock.by += dt.timedelta(hours=2)
    ask(asker, new_mailbox())


def test_a_link_of_one_council_is_unknown_at_another(visit: Visit, deliver: Deliver) -> None:
    parent = visit()
    ask(parent, new_mailbox())
    (link,) = deliver()
    assert visit("staffordshire.localhost").get(path_of(link)).status_code == 410


def test_a_mailbox_never_becomes_somebody_of_the_councils_sign_in(
    visit: Visit, deliver: Deliver, database: Database, derby: Authority
) -> None:
    officer, parent = visit(), visit()
    officer.sign_in("officer1", "/staff/sign-in")
    ask(parent, "officer1@derby.example")
    parent.send(path_of(deliver()[-1]))
    assert parent.get("/office").status_code == 403
    assert officer.get("/office").text.split()[0] != parent.get("/mine").text.split()[0]
    with database.begin(authority_scope(derby.id)) as session:
        link = session.scalars(select(Identity).where(Identity.issuer == "urn:parley:link")).all()
        assert all(re.fullmatch(r"[0-9a-f]{64}", identity.subject) for identity in link)


def test_something_that_is_no_address_is_asked_for_again(visit: Visit) -> None:
    page = visit().send("/sign-in/email", email="not an address\r\nBcc: all@example.com")
    assert page.status_code == 422
    assert "Enter an email address in the correct format" in page.text


@pytest.mark.parametrize("token", ["x", "x" * 2000, "%00", "..%2f..", "é"])
def test_a_made_up_link_is_a_link_that_does_not_work(visit: Visit, token: str) -> None:
    assert visit().get(f"/sign-in/link/{token}").status_code in {404, 410}


def shown_code(visitor: Visitor, link: OutgoingLink) -> str:
    found = re.search(r'id="code">([A-Z]{6})<', visitor.get(path_of(link)).text)
    assert found
    return found[1]


def without_secrets(page: str) -> str:
    return re.sub(r'(csrf_token" value|nonce)="[^"]*"', "", page)


def links_at(database: Database, authority: Authority) -> int:
    with database.begin(authority_scope(authority.id)) as session:
        return len(session.scalars(select(OneTimeLink.id)).all())

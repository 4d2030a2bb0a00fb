"""A fresh proof of who somebody is, before what is confidential or a download: asked for, given, and not given."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from parley.db.session import Database
from parley.identity.schemas import parse_sign_in
from parley.tenancy.domain import Authority
from support.hostile_issuer import HostileIssuer, as_json, hostile_issuer
from support.sign_in import TENANTS, MovedClock, Visitor, csrf_token, heading, load_doors, onward
from support.signin_server import SignInServer

Visit = Callable[..., Visitor]
CONFIRM = "/account/confirm?next=%2Fprivate"

#: Longer than what counts as fresh in these tests, and within what the issuer's clock may differ from ours.
A_WHILE = dt.timedelta(minutes=5, seconds=30)
#: The issuer says by the machine's own clock when somebody proved who they are.
REAL = dt.timedelta()


def _doors_at(port: int) -> tuple[object, ...]:
    """Return Derby's doors, at which a proof is fresh for five minutes."""
    doors = parse_sign_in(TENANTS / "derby" / "signin.toml", demo_signin_port=port)
    return tuple(dataclasses.replace(door, content={**door.content, "fresh_minutes": 5}) for door in doors)


@pytest.fixture
def parent(database: Database, derby: Authority, issuers: SignInServer, visit: Visit) -> Iterator[Visitor]:
    """A parent who signed in with the council's account, where a proof is fresh for five minutes."""
    load_doors(database, derby.id, _doors_at(issuers.port))
    person = visit()
    person.sign_in("parent1", choice="account")
    yield person
    as_it_was = parse_sign_in(TENANTS / "derby" / "signin.toml", demo_signin_port=issuers.port)
    load_doors(database, derby.id, as_it_was)


def confirming(person: Visitor, account: str, next_path: str = "/private") -> str:
    """Have the person go to the issuer to confirm; return the callback that it sends them to."""
    return person.sign_in_at(onward(person.send("/account/confirm", next=next_path)), account)


def test_who_proved_long_ago_does_so_again_and_comes_back_to_where_they_were(
    parent: Visitor, clock: MovedClock
) -> None:
    assert parent.get("/private").status_code == 200
    clock.by += A_WHILE
    before = parent.cookie()
    asked = parent.get("/private")
    assert (asked.status_code, asked.headers["Location"]) == (303, CONFIRM)
    assert parent.get("/mine").status_code == 200, "what is not confidential goes on"
    assert "Continue with your Derby City Council account" in parent.get(CONFIRM).text
    address = onward(parent.send(CONFIRM, next="/private"))
    assert parse_qs(urlsplit(address).query)["max_age"] == ["300"]
    done = parent.come_back(parent.sign_in_at(address, "parent1"))
    assert (done.status_code, done.headers["Location"]) == (303, "/private")
    clock.by = REAL
    assert parent.get("/private").status_code == 200
    assert parent.cookie() != before, "under a new secret"


def test_a_form_whose_page_they_were_let_into_is_taken_and_a_later_one_waits(
    parent: Visitor, clock: MovedClock
) -> None:
    token = csrf_token(parent.get("/account/sign-ins").text)
    clock.by += A_WHILE
    taken = parent.client.post("/private", base_url=parent.base_url, data={"csrf_token": token, "story": "in time"})
    assert "story=in time" in taken.text
    clock.by += dt.timedelta(minutes=25)
    parent.get("/mine")
    clock.by += dt.timedelta(minutes=15)
    later = {"csrf_token": token, "story": "kept <here>"}
    waiting = parent.client.post("/private", base_url=parent.base_url, data=later)
    assert (waiting.status_code, heading(waiting)) == (401, "Confirm that it is you to send this")
    assert 'value="kept &lt;here&gt;"' in waiting.text
    assert "/account/confirm?next=%2Faccount%2Fconfirmed" in waiting.text


def test_a_download_is_offered_after_confirming(parent: Visitor, clock: MovedClock) -> None:
    """A browser that is sent to a file gets it and stays where it was: at the issuer."""
    clock.by += A_WHILE
    asked = parent.get("/file").headers["Location"]
    assert asked == "/account/confirm?next=%2Faccount%2Fconfirmed%3Fnext%3D%252Ffile"
    after = parse_qs(urlsplit(asked).query)["next"][0]
    page = parent.get(str(parent.come_back(confirming(parent, "parent1", after)).headers["Location"]))
    assert '<a class="govuk-link" href="/file">Download the file</a>' in page.text
    clock.by = REAL
    assert parent.get("/file").status_code == 200


def test_another_account_confirms_nothing(parent: Visitor, visit: Visit, clock: MovedClock) -> None:
    clock.by += A_WHILE
    parent.issuer_browser.cookies.clear()
    page = parent.come_back(confirming(parent, "parent2"))
    assert (page.status_code, heading(page)) == (403, "That is another account")
    assert parent.get("/mine").status_code == 200
    assert parent.get("/private").status_code == 303


@pytest.mark.parametrize("said", [-3600, None], ids=["old", "missing"])
def test_an_issuer_that_did_not_ask_them_anew_confirms_nothing(
    parent: Visitor, database: Database, derby: Authority, clock: MovedClock, said: int | None
) -> None:
    clock.by += A_WHILE
    with hostile_issuer() as issuer:
        load_doors(database, derby.id, _doors_at(issuer.port))
        _lie(issuer)
        address = onward(parent.send(CONFIRM, next="/private"))
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        now = int(clock.now().timestamp())
        issuer.answer_token(
            id_token=issuer.sign(
                iss=f"{issuer.url}/derby-families",
                aud=asked["client_id"],
                nonce=asked["nonce"],
                auth_time=None if said is None else now + said,
            )
        )
        answer = f"/sign-in/callback?code=x&state={asked['state']}&iss={issuer.url}/derby-families"
        page = parent.get(answer)
    assert (page.status_code, heading(page)) == (403, "We could not confirm that it is you")
    assert parent.get("/mine").status_code == 200, "still signed in as before"
    assert parent.get("/private").status_code == 303


def _lie(issuer: HostileIssuer) -> None:
    issuer.metadata["issuer"] = f"{issuer.url}/derby-families"
    issuer.instead["/derby-families/.well-known/openid-configuration"] = lambda _: as_json(issuer.described())


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_confirming_leads_nowhere_else(parent: Visitor, wanted: str) -> None:
    assert "evil" not in parent.get("/account/confirmed", query_string={"next": wanted}).text
    done = parent.come_back(confirming(parent, "parent1", wanted))
    assert done.headers["Location"] == "/"


def test_who_is_not_signed_in_is_led_to_the_page_and_so_to_the_sign_in(visit: Visit) -> None:
    assert visit().get(CONFIRM).headers["Location"] == "/private"

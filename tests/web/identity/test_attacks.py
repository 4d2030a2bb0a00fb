"""What somebody hostile does to a sign-in on its way: refused, with a page, an audit event, and no session made."""

import datetime as dt
import uuid
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from parley.audit.models import AuditEvent
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.identity import issuers as issuers_known
from parley.identity.models import SignInSession
from parley.identity.schemas import parse_sign_in
from parley.tenancy.domain import Authority
from support.hostile_issuer import as_json, hostile_issuer
from support.sign_in import MovedClock, Visitor, heading, load_doors
from support.signin_server import ROOT, SignInServer, free_port

Visit = Callable[..., Visitor]
TENANTS = ROOT / "tenants"


def changed(callback: str, **parameters: str | None) -> str:
    """Return the callback with parameters changed; None takes one away."""
    parts = urlsplit(callback)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return parts._replace(query=urlencode({name: value for name, value in query.items() if value is not None})).geturl()


@pytest.fixture
def refusals(database: Database, derby: Authority) -> Callable[[], list[str]]:
    """Return a function that reads the reasons of refusals at Derby since the test began."""

    def events() -> dict[uuid.UUID, str]:
        with database.begin(authority_scope(derby.id)) as session:
            found = session.scalars(
                select(AuditEvent).where(AuditEvent.action == "sign_in.refuse").order_by(AuditEvent.id)
            )
            return {event.id: event.codes["reason"] for event in found}

    before = events().keys()
    return lambda: [reason for event_id, reason in events().items() if event_id not in before]


@pytest.fixture
def sessions(database: Database, derby: Authority) -> Callable[[], int]:
    """Return a function that counts sessions at Derby."""

    def count() -> int:
        with database.begin(authority_scope(derby.id)) as session:
            return len(session.scalars(select(SignInSession.id)).all())

    return count


TAMPERED: dict[str, dict[str, str | None]] = {
    "fapi2-ensure-authorization-response-with-invalid-state": {"state": "made-up"},
    "fapi2-ensure-authorization-response-with-missing-state": {"state": None},
    "state-empty": {"state": ""},
    "state-with-nul": {"state": "\x00"},
    "state-very-long": {"state": "x" * 5000},
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_an_answer_with_another_state_is_refused(
    visit: Visit,
    refusals: Callable[[], list[str]],
    sessions: Callable[[], int],
    change: dict[str, str | None],
) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    before = sessions()
    page = parent.come_back(changed(callback, **change))
    assert (page.status_code, heading(page)) == (400, "This sign-in has ended")
    assert refusals() == ["attempt_unknown"]
    assert sessions() == before
    assert not parent.is_signed_in()


@pytest.mark.parametrize(
    "change",
    [{"iss": None}, {"iss": "http://localhost:1/mixed-up"}],
    ids=["fapi2-remove-authorization-response-iss", "fapi2-invalid-authorization-response-iss"],
)
def test_an_answer_by_another_issuer_is_refused_and_cannot_be_tried_again(
    visit: Visit, refusals: Callable[[], list[str]], change: dict[str, str | None]
) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    page = parent.come_back(changed(callback, **change))
    assert (page.status_code, heading(page)) == (400, "We could not sign you in")
    assert parent.come_back(callback).status_code == 400
    assert refusals() == ["issuer_mismatch", "attempt_unknown"]


def test_a_replayed_answer_is_refused(visit: Visit, refusals: Callable[[], list[str]]) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    assert parent.come_back(callback).status_code == 303
    assert parent.come_back(callback).status_code == 400
    assert refusals() == ["attempt_unknown"]
    assert parent.is_signed_in(), "the session that was made stays"


def test_a_used_code_is_refused_by_the_issuer_and_so_by_us(visit: Visit, refusals: Callable[[], list[str]]) -> None:
    parent = visit()
    used = parent.answer_of("parent1", choice="account")
    parent.come_back(used)
    fresh = parent.answer_of("parent1", choice="account")
    code = parse_qs(urlsplit(used).query)["code"][0]
    assert parent.come_back(changed(fresh, code=code)).status_code == 400
    assert refusals() == ["code_refused"]


def test_an_answer_carried_to_another_browser_is_refused(visit: Visit, refusals: Callable[[], list[str]]) -> None:
    attacker, victim = visit(), visit()
    callback = attacker.answer_of("parent1", choice="account")
    victim.get("/sign-in")
    assert victim.come_back(callback).status_code == 400
    assert not victim.is_signed_in()
    assert refusals() == ["attempt_unknown"]


def test_another_persons_code_in_ones_own_answer_is_refused(visit: Visit, refusals: Callable[[], list[str]]) -> None:
    victim, attacker = visit(), visit()
    stolen = parse_qs(urlsplit(victim.answer_of("parent1", choice="account")).query)["code"][0]
    own = attacker.answer_of("parent2", choice="account")
    assert attacker.come_back(changed(own, code=stolen)).status_code == 400
    assert refusals() == ["code_refused"]


def test_a_sign_in_begun_at_derby_cannot_be_finished_at_staffordshire(visit: Visit) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    cookie = parent.cookie("parley-browser")
    elsewhere = Visitor(parent.client, parent.base_url.replace("derby", "staffordshire"), parent.issuer_browser)
    elsewhere.client.set_cookie("parley-browser", cookie, domain="staffordshire.localhost")
    page = elsewhere.come_back(callback)
    assert (page.status_code, heading(page)) == (400, "This sign-in has ended")
    assert not elsewhere.is_signed_in()


def test_a_families_answer_is_worth_nothing_at_the_staff_door(visit: Visit, refusals: Callable[[], list[str]]) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    assert parent.come_back(callback.replace("/sign-in/", "/staff/sign-in/")).status_code == 400
    assert refusals() == ["attempt_unknown"]


def test_an_answer_that_takes_too_long_is_refused(visit: Visit, clock: MovedClock) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    clock.by += dt.timedelta(minutes=11)
    assert heading(parent.come_back(callback)) == "This sign-in has ended"


@pytest.mark.parametrize("name", ["state", "code", "iss", "error"])
def test_an_answer_that_says_something_twice_is_refused(visit: Visit, name: str) -> None:
    parent = visit()
    callback = parent.answer_of("parent1", choice="account")
    assert parent.come_back(f"{callback}&{name}=x&{name}=y").status_code == 400
    assert not parent.is_signed_in()


def test_somebody_who_stops_at_the_issuer_is_offered_the_other_ways(
    visit: Visit, issuers: SignInServer, refusals: Callable[[], list[str]]
) -> None:
    parent = visit()
    state = parse_qs(urlsplit(parent.leave_for_issuer("/sign-in", choice="account")).query)["state"][0]
    answer = urlencode({"error": "access_denied", "state": state, "iss": issuers.issuer("derby-families")})
    page = parent.get(f"/sign-in/callback?{answer}")
    assert heading(page) == "You did not finish signing in"
    assert "/sign-in/email" in page.text
    assert "/sign-in/phone" in page.text
    assert refusals() == ["declined"]


def test_an_error_with_a_script_in_it_is_not_repeated(visit: Visit, issuers: SignInServer) -> None:
    parent = visit()
    state = parse_qs(urlsplit(parent.leave_for_issuer("/sign-in", choice="account")).query)["state"][0]
    script = "<script>alert(1)</script>"
    answer = urlencode(
        {"error": script, "error_description": script, "state": state, "iss": issuers.issuer("derby-families")}
    )
    page = parent.get(f"/sign-in/callback?{answer}")
    assert page.status_code == 502
    assert "alert(1)" not in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "/mine\r\nSet-Cookie: parley=x",
        "http:evil.example",
        " /mine",
    ],
)
def test_next_leads_nowhere_else(visit: Visit, wanted: str) -> None:
    parent = visit()
    done = parent.sign_in("parent1", choice="account", next=wanted)
    assert (done.status_code, done.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("path", ["/sign-in", "/staff/sign-in", "/sign-in/email", "/sign-in/code", "/sign-out"])
def test_no_other_site_can_begin_or_end_a_sign_in(visit: Visit, app: Flask, path: str) -> None:
    parent = visit()
    forged = parent.client.post(path, base_url=parent.base_url, data={"choice": "account", "email": "a@b.example"})
    assert forged.status_code == 400
    assert "onward" not in forged.text


def test_a_cookie_carried_to_another_council_opens_nothing(visit: Visit) -> None:
    parent, elsewhere = visit(), visit("staffordshire.localhost")
    parent.sign_in("parent1", choice="account")
    elsewhere.client.set_cookie("parley", parent.cookie(), domain="staffordshire.localhost")
    assert not elsewhere.is_signed_in()


@pytest.mark.usefixtures("platform", "global_mediation")
@pytest.mark.parametrize("host", ["providers.localhost", "operator.localhost"])
def test_a_cookie_carried_to_another_audience_opens_nothing(visit: Visit, host: str) -> None:
    parent, elsewhere = visit(), visit(host)
    parent.sign_in("parent1", choice="account")
    elsewhere.client.set_cookie("parley", parent.cookie(), domain=host)
    assert not elsewhere.is_signed_in()


@pytest.mark.parametrize(
    "cookie", ["", ".", "x", "0" * 32, "0" * 32 + ".", "0" * 32 + ".x", "é.é", "x" * 4000, "%00.%00"]
)
def test_a_cookie_of_nonsense_is_nobody(visit: Visit, cookie: str) -> None:
    parent = visit()
    assert parent.get("/mine", headers={"Cookie": f"parley={cookie}".encode().decode("latin-1")}).status_code == 303


def test_a_session_secret_handed_to_the_victim_beforehand_is_not_kept(visit: Visit) -> None:
    attacker, victim = visit(), visit()
    attacker.sign_in("parent2", choice="account")
    victim.client.set_cookie("parley", attacker.cookie(), domain="derby.localhost")
    victim.sign_in("parent1", choice="account")
    assert victim.cookie() != attacker.cookie()
    assert not attacker.is_signed_in(), "the planted session was replaced, so it ended"


def test_a_forwarded_host_is_not_believed(visit: Visit) -> None:
    parent = visit()
    token = parent.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    page = parent.client.post(
        "/sign-in",
        base_url=parent.base_url,
        data={"csrf_token": token, "choice": "account"},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    assert "evil.example" not in page.text
    assert "derby.localhost" in page.text


def test_when_the_issuer_is_down_the_page_says_so_and_shows_the_other_doors(
    visit: Visit, database: Database, derby: Authority, issuers: SignInServer
) -> None:
    path = TENANTS / "derby" / "signin.toml"
    load_doors(database, derby.id, parse_sign_in(path, demo_signin_port=free_port()))
    try:
        page = visit().send("/sign-in", choice="account")
    finally:
        load_doors(database, derby.id, parse_sign_in(path, demo_signin_port=issuers.port))
    assert (page.status_code, heading(page)) == (503, "The sign-in service is not answering")
    assert "/sign-in/email" in page.text
    assert "0800 064 4488" in page.text


def test_when_an_issuer_that_was_there_goes_down_nobody_is_sent_to_it(
    visit: Visit, database: Database, derby: Authority, issuers: SignInServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers_known, "ANSWER_KEPT_SECONDS", 0)
    path = TENANTS / "derby" / "signin.toml"
    parent = visit()
    try:
        with hostile_issuer() as issuer:
            issuer.metadata["issuer"] = f"{issuer.url}/derby-families"
            issuer.instead["/derby-families/.well-known/openid-configuration"] = lambda _: as_json(issuer.described())
            load_doors(database, derby.id, parse_sign_in(path, demo_signin_port=issuer.port))
            assert parent.leave_for_issuer("/sign-in", choice="account").startswith(issuer.url)
        page = parent.send("/sign-in", choice="account")
    finally:
        load_doors(database, derby.id, parse_sign_in(path, demo_signin_port=issuers.port))
    assert (page.status_code, heading(page)) == (503, "The sign-in service is not answering")
    assert "/sign-in/email" in page.text


def test_a_council_without_an_issuer_offers_the_other_doors_only(
    visit: Visit, database: Database, derby: Authority, issuers: SignInServer
) -> None:
    load_doors(database, derby.id, ())
    try:
        parent = visit()
        door, staff_door = parent.get("/sign-in"), parent.get("/staff/sign-in")
        pressed = parent.send("/staff/sign-in", page="/sign-in")
    finally:
        path = TENANTS / "derby" / "signin.toml"
        load_doors(database, derby.id, parse_sign_in(path, demo_signin_port=issuers.port))
    assert "Derby City Council account" not in door.text
    assert "Get a link by email" in door.text
    assert "has not been set up here yet" in staff_door.text
    assert heading(pressed) == "This way to sign in is not available"


def test_someone_without_a_group_gets_no_role_and_a_clear_page(visit: Visit) -> None:
    # Asked for without the scope that carries groups, so the ID token has none.
    officer = visit()
    address = officer.leave_for_issuer("/staff/sign-in").replace("+groups", "")
    callback = officer.sign_in_at(address, "officer1")
    page = officer.come_back(callback)
    assert (page.status_code, heading(page)) == (403, "Your account does not have access to this service")
    assert not officer.is_signed_in("/office")

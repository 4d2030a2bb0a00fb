"""Signing out from elsewhere: by the issuer over the back channel, or in another browser; and the page that says so."""

import datetime as dt
import pathlib
import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.identity import domain
from parley.identity.domain import DEFAULT_LIMITS, Browser, Environment, Limit, Limited, SignInKind, new_secret
from parley.identity.logout_tokens import LARGEST_LOGOUT_BODY
from parley.identity.schemas import ParsedSignIn
from parley.identity.sessions import Person, Place, Proof, begin_session
from parley.tenancy.domain import Authority
from support.factories import Factory
from support.hostile_issuer import CLIENT_ID, SESSION, SUBJECT, HostileIssuer, hostile_issuer
from support.sign_in import MovedClock, Visitor, heading, load_doors, sign_in_app, sign_in_settings
from support.signin_server import SignInServer, hidden_fields
from support.styleguide import served

Visit = Callable[..., Visitor]
ADDRESS = "/sign-in/backchannel-logout"


@pytest.fixture(scope="module")
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        yield running


@pytest.fixture(scope="module")
def council(database: Database, issuer: HostileIssuer) -> Authority:
    """A council whose families and staff both sign in at the issuer."""
    council = Factory(database).authority(name="Thornmere Council")
    door = {
        "issuer": issuer.url,
        "client_id": CLIENT_ID,
        "client_auth": "client_secret_basic",
        "client_secret": {"env": "A_SECRET"},
        "private_addresses": True,
    }
    staff = {**door, "roles_claim": "groups", "roles": {"officer": ["send"]}}
    load_doors(
        database,
        council.id,
        tuple(
            ParsedSignIn(
                kind=kind,
                environment=Environment.DEMONSTRATION,
                content={"label": "an account", "demonstration": content},
            )
            for kind, content in ((SignInKind.FAMILY, door), (SignInKind.STAFF, staff))
        ),
    )
    return council


@pytest.fixture
def site(database: Database, council: Authority, tmp_path: pathlib.Path) -> Flask:
    """The council's sign-in pages."""
    return sign_in_app(database, sign_in_settings(tmp_path), MovedClock(), {})


class SignedIn:
    """A browser that is signed in at the council, as somebody whom the issuer vouched for."""

    def __init__(
        self,
        app: Flask,
        database: Database,
        council: Authority,
        issuer: HostileIssuer,
        *,
        sid: str = SESSION,
        subject: str = SUBJECT,
        kind: SignInKind = SignInKind.FAMILY,
    ) -> None:
        self.client, self.url = app.test_client(), f"http://{council.host}:8000"
        now = dt.datetime.now(dt.UTC)
        role = Role.FAMILY if kind is SignInKind.FAMILY else Role.OFFICER
        person = Person(kind=kind, issuer=issuer.url, subject=subject, roles=frozenset({role}), shown_as="Somebody")
        browser = Browser(secret=new_secret(), device="A browser", network="127.0.0.1")
        place = Place(realm_id=council.id, host=council.host, browser=browser)
        proof = Proof(at=now, issuer_session=sid)
        with database.begin(authority_scope(council.id)) as session:
            begun = begin_session(session, person, place, proof, DEFAULT_LIMITS[kind], replaces=None, at=now)
            session.commit()
        self.client.set_cookie("parley", begun.cookie, domain=council.host)
        self.page = "/mine" if kind is SignInKind.FAMILY else "/office"

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.url)

    @property
    def is_in(self) -> bool:
        return self.get(self.page).status_code == 200


@pytest.fixture
def signed_in(site: Flask, database: Database, council: Authority, issuer: HostileIssuer) -> Callable[..., SignedIn]:
    """Return a function that signs somebody in."""
    return lambda **how: SignedIn(site, database, council, issuer, **how)


@pytest.fixture
def tell(site: Flask, council: Authority) -> Callable[..., TestResponse]:
    """Return a function that sends a logout token as the issuer would."""

    def send(token: str, *, address: str = ADDRESS) -> TestResponse:
        data = {"logout_token": token}
        return site.test_client().post(address, base_url=f"http://{council.host}:8000", data=data)

    return send


@pytest.fixture
def audited(database: Database, council: Authority) -> Callable[[str], list[str]]:
    """Return a function that reads what the audit of the council says of one action, by its codes."""

    def read(action: str) -> list[str]:
        with database.begin(authority_scope(council.id)) as session:
            events = session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id))
            return [event.codes.get("detail", event.codes["kind"]) for event in events]

    return read


def test_the_issuer_ends_the_session_it_names_at_once_and_the_next_page_says_so(
    issuer: HostileIssuer, signed_in: Callable[..., SignedIn], tell: Callable[..., TestResponse]
) -> None:
    """oidcc-client-test-rp-backchannel-rpinitlogout"""
    here, elsewhere, other = signed_in(), signed_in(sid="another"), signed_in(subject="parent2", sid="a-third")
    answer = tell(issuer.sign_logout())
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, b"", "no-store")
    assert "Set-Cookie" not in answer.headers
    assert here.get("/mine").headers["Location"] == "/sign-in?next=%2Fmine"
    door = here.get("/sign-in?next=%2Fmine")
    assert "Thornmere Council signed you out, so you are signed out here too." in door.text
    assert "signed you out" not in here.get("/sign-in").text, "it is said once"
    assert elsewhere.is_in
    assert other.is_in


def test_a_person_is_signed_out_of_every_session_where_none_is_named_and_at_that_door_alone(
    issuer: HostileIssuer, signed_in: Callable[..., SignedIn], tell: Callable[..., TestResponse]
) -> None:
    first, second, as_staff = signed_in(), signed_in(sid="another"), signed_in(kind=SignInKind.STAFF)
    assert tell(issuer.sign_logout(sid=None)).status_code == 200
    assert (first.is_in, second.is_in, as_staff.is_in) == (False, False, True)
    assert tell(issuer.sign_logout(sub=None), address="/staff/sign-in/backchannel-logout").status_code == 200
    assert not as_staff.is_in


def test_a_session_that_the_named_person_does_not_have_is_left_alone(
    issuer: HostileIssuer, signed_in: Callable[..., SignedIn], tell: Callable[..., TestResponse]
) -> None:
    somebody = signed_in(subject="parent3", sid="theirs")
    assert tell(issuer.sign_logout(sid="theirs")).status_code == 200
    assert somebody.is_in


def test_a_token_that_was_played_before_ends_nothing(
    issuer: HostileIssuer,
    signed_in: Callable[..., SignedIn],
    tell: Callable[..., TestResponse],
    audited: Callable[[str], list[str]],
) -> None:
    played = issuer.sign_logout(sid=None)
    assert tell(played).status_code == 200
    again = signed_in()
    answer = tell(played)
    assert (answer.status_code, answer.json) == (
        400,
        {"error": "invalid_request", "error_description": "proof_refused"},
    )
    assert again.is_in
    assert audited("sign_out.refuse")[-1] == "replayed"


def test_what_proves_nothing_ends_nothing_and_is_audited(
    issuer: HostileIssuer,
    signed_in: Callable[..., SignedIn],
    tell: Callable[..., TestResponse],
    audited: Callable[[str], list[str]],
) -> None:
    somebody = signed_in()
    for token, detail in (
        (issuer.sign_logout(nonce="x"), "claim_nonce"),
        ("", "DecodeError"),
        ("x" * LARGEST_LOGOUT_BODY, "too_large"),
    ):
        assert tell(token).status_code == 400
        assert audited("sign_out.refuse")[-1] == detail
    assert somebody.is_in


def test_the_door_takes_one_token_by_post_and_nothing_else(
    issuer: HostileIssuer, site: Flask, council: Authority, signed_in: Callable[..., SignedIn]
) -> None:
    somebody, token = signed_in(), issuer.sign_logout()
    client, url = site.test_client(), f"http://{council.host}:8000"
    assert client.get(ADDRESS, base_url=url, query_string={"logout_token": token}).status_code == 405
    assert client.post(ADDRESS, base_url=url, query_string={"logout_token": token}).status_code == 400
    assert client.post(ADDRESS, base_url=url, json={"logout_token": token}).status_code == 400
    assert client.post(ADDRESS, base_url=url, data={"logout_token": [token, token]}).status_code == 400
    assert somebody.is_in


def test_another_council_with_the_same_issuer_is_not_touched(
    issuer: HostileIssuer, site: Flask, database: Database, signed_in: Callable[..., SignedIn], council: Authority
) -> None:
    neighbour = Factory(database).authority()
    site.extensions["parley"].sites.forget()
    there = SignedIn(site, database, neighbour, issuer)
    here = signed_in()
    url = f"http://{neighbour.host}:8000"
    assert (
        site.test_client().post(ADDRESS, base_url=url, data={"logout_token": issuer.sign_logout()}).status_code == 400
    )
    url = f"http://{council.host}:8000"
    assert (
        site.test_client().post(ADDRESS, base_url=url, data={"logout_token": issuer.sign_logout()}).status_code == 200
    )
    assert (there.is_in, here.is_in) == (True, False)


def test_a_flood_is_told_to_come_back_and_not_written_down(
    issuer: HostileIssuer,
    tell: Callable[..., TestResponse],
    audited: Callable[[str], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = Limit(most=0, window=dt.timedelta(minutes=1))
    monkeypatch.setattr("parley.identity.limits.LIMITS", {**domain.LIMITS, Limited.SIGN_OUT_BY_NETWORK: few})
    before = audited("sign_out.refuse")
    assert tell(issuer.sign_logout()).status_code == 429
    assert audited("sign_out.refuse") == before


def test_signing_out_at_a_real_provider_signs_out_here_and_nowhere_else(
    app: Flask, visit: Visit, issuers: SignInServer
) -> None:
    laptop, phone = visit(), visit()
    for browser in (laptop, phone):
        browser.sign_in("parent1", choice="account")
    with served(app, issuers.web_port):
        asked = laptop.issuer_browser.get(f"{issuers.issuer('derby-families')}/session/end", timeout=10)
        form = re.search(r'<form[^>]* action="([^"]+)"', asked.text)
        assert form, asked.text
        sent = {**hidden_fields(asked.text), "logout": "yes"}
        laptop.issuer_browser.post(urljoin(asked.url, form[1]), data=sent, timeout=10).raise_for_status()
    assert laptop.get("/mine").status_code == 303
    assert "Derby City Council signed you out" in laptop.get("/sign-in").text
    assert phone.is_signed_in()


@pytest.mark.parametrize(
    "answer",
    ["", "?state=never-asked-for", "?state="],
    ids=[
        "oidcc-client-test-rp-init-logout-no-state",
        "oidcc-client-test-rp-init-logout-other-state",
        "oidcc-client-test-rp-init-logout",
    ],
)
def test_coming_back_from_the_issuers_sign_out_does_nothing_and_needs_nothing(visit: Visit, answer: str) -> None:
    """The session ended here before the person left for the issuer, so nothing that comes back is believed or used."""
    parent = visit()
    parent.sign_in("parent1", choice="account")
    page = parent.send("/sign-out", page="/account/sign-ins")
    assert "state=" not in page.text.split('id="further"')[1].split(">")[0]
    assert parent.get(f"/sign-in{answer}").status_code == 200
    assert not parent.is_signed_in()


def test_signing_out_everywhere_else_leaves_this_browser_and_the_others_are_told(visit: Visit) -> None:
    laptop, phone, tablet, stranger = visit(), visit(), visit(), visit()
    for browser in (laptop, phone, tablet):
        browser.sign_in("young_person1", choice="account")
    stranger.sign_in("parent2", choice="account")
    assert laptop.send("/account/sign-ins/end-others", page="/account/sign-ins").status_code == 303
    assert laptop.is_signed_in()
    assert stranger.is_signed_in()
    assert not phone.is_signed_in()
    assert "You signed this browser out from another one." in tablet.get("/sign-in").text
    assert "everywhere but here" not in laptop.get("/account/sign-ins").text
    assert heading(laptop.get("/account/sign-ins")) == "Where you are signed in"

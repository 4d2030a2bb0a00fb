"""The attack battery: a hostile issuer and a hostile way back, against the pages as a person's browser meets them.

Every attack is refused with a page that says so, an audit event, no session and no error of ours; after a mismatch of
issuers no request for a token is made. Every unusual but lawful sign-in is accepted. Ids are those of the OpenID
Foundation's relying-party suite (``oidcc-...``) and of FAPI 2.0's client tests (``fapi2-...``) where there is one.
"""

import dataclasses
import pathlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from werkzeug import Request, Response
from werkzeug.test import TestResponse

from parley.audit.models import AuditEvent
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.identity import doorway, transport
from parley.identity.domain import Environment, SignInKind
from parley.identity.issuers import IssuerDirectory
from parley.identity.models import SignInSession
from parley.identity.schemas import ParsedSignIn
from parley.tenancy.domain import Authority
from support.factories import Factory
from support.forgeries import CLAIMS, FORGERIES, INCOMPLETE, LAWFUL, LAWFUL_ANSWERS
from support.hostile_issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    CODE,
    EC,
    OTHER_RSA,
    RSA,
    HostileIssuer,
    as_json,
    half_hash,
    hostile_issuer,
)
from support.sign_in import MovedClock, Visitor, heading, load_doors, sign_in_app, sign_in_settings

DISCOVERY = "/.well-known/openid-configuration"
ENDED, NOT_TRUSTED, DOWN = "This sign-in has ended", "We could not sign you in", "The sign-in service is not answering"
STOPPED, WEAK = "You did not finish signing in", "This service needs a stronger sign-in"

Lie = Callable[[HostileIssuer], None]


@dataclasses.dataclass(frozen=True)
class Case:
    """One sign-in: what the issuer does, what the way back is changed to, and what the council's file says.

    ``back`` changes parameters of the answer (None takes one away); ``heading`` is what the person reads.
    """

    lie: Lie = lambda _: None
    back: dict[str, str | None] = dataclasses.field(default_factory=dict)
    file: dict[str, Any] = dataclasses.field(default_factory=dict)
    heading: str = NOT_TRUSTED
    asks_for_token: bool = True


def token(**changes: Any) -> Lie:
    """Return a lie about the ID token's claims."""
    return lambda issuer: issuer.answer_token(id_token=issuer.sign(**changes))


def forged(forge: Callable[[HostileIssuer], str]) -> Lie:
    return lambda issuer: issuer.answer_token(id_token=forge(issuer))


def answer(**members: Any) -> Lie:
    return lambda issuer: issuer.answer_token(**members)


def said(**metadata: Any) -> Lie:
    return lambda issuer: issuer.metadata.update(metadata)


def instead(path: str, response: Callable[[Request], Response]) -> Lie:
    return lambda issuer: issuer.instead.update({path: response})


def no_endpoint(name: str, value: Any) -> Case:
    return Case(said(**{name: value}), asks_for_token=False)


def redirected(path: str, status: int, *, asks_for_token: bool = True) -> Case:
    to = {"Location": "http://169.254.169.254/latest/meta-data"}
    return Case(instead(path, lambda _: Response("", status, to)), heading=DOWN, asks_for_token=asks_for_token)


def answered(path: str, status: int, body: bytes, *, heading: str = DOWN, asks_for_token: bool = True) -> Case:
    return Case(instead(path, lambda _: Response(body, status)), heading=heading, asks_for_token=asks_for_token)


def _signed_by(issuer: HostileIssuer) -> None:
    issuer.keys = [RSA, EC]
    issuer.answer_token(id_token=issuer.sign(header={"kid": None}))


def _spoilt_es256(issuer: HostileIssuer) -> None:
    issuer.keys = [EC]
    issuer.answer_token(id_token=issuer.sign(key=EC)[:-8] + "A" * 8)


def _signed_userinfo(**changes: Any) -> Lie:
    def lie(issuer: HostileIssuer) -> None:
        text = issuer.sign(**changes)
        issuer.instead["/userinfo"] = lambda _: Response(text, content_type="application/jwt")

    return lie


def before(**case: Any) -> Case:
    """Return an attack that is over before anything is asked of the token endpoint."""
    return Case(**case, asks_for_token=False)


WAY_BACK = {
    "fapi2-ensure-authorization-response-with-invalid-state": before(back={"state": "made-up"}, heading=ENDED),
    "fapi2-ensure-authorization-response-with-missing-state": before(back={"state": None}, heading=ENDED),
    "state-empty": before(back={"state": ""}, heading=ENDED),
    "fapi2-remove-authorization-response-iss": before(back={"iss": None}),
    "fapi2-invalid-authorization-response-iss": before(back={"iss": "http://localhost:1/mixed-up"}),
    "iss-empty": before(back={"iss": ""}),
    "code-missing": before(back={"code": None}),
    "code-empty": before(back={"code": ""}),
    "stopped-at-the-issuer": before(back={"code": None, "error": "access_denied"}, heading=STOPPED),
    "error-and-code": before(back={"error": "server_error"}),
    "error-with-a-script": before(back={"error": "<script>", "error_description": "<script>alert(1)</script>"}),
    "code-replayed": Case(instead("/token", lambda _: as_json({"error": "invalid_grant"}, 400))),
    "client-refused": Case(instead("/token", lambda _: as_json({"error": "invalid_client"}, 401))),
}
METADATA = {
    "oidcc-client-test-discovery-issuer-mismatch": no_endpoint("issuer", "http://localhost:1/other"),
    "issuer-missing": no_endpoint("issuer", None),
    "authorization-endpoint-a-script": no_endpoint("authorization_endpoint", "javascript:alert(1)"),
    "token-endpoint-missing": no_endpoint("token_endpoint", None),
    "jwks-a-file": no_endpoint("jwks_uri", "file:///etc/passwd"),
    "metadata-redirected-to-a-private-address": redirected(DISCOVERY, 302, asks_for_token=False),
    "metadata-of-ten-megabytes": answered(DISCOVERY, 200, b" " * 10_000_000, asks_for_token=False),
    "metadata-not-json": answered(DISCOVERY, 200, b"<html>", heading=NOT_TRUSTED, asks_for_token=False),
    "metadata-down": answered(DISCOVERY, 503, b"down", asks_for_token=False),
}
ENDPOINTS = {
    "token-redirected": redirected("/token", 307),
    "token-of-ten-megabytes": answered("/token", 200, b" " * 10_000_000),
    "token-not-json": answered("/token", 200, b"[[[", heading=NOT_TRUSTED),
    "keys-redirected": redirected("/jwks", 302),
    "keys-of-ten-megabytes": answered("/jwks", 200, b" " * 10_000_000),
    "keys-unreachable": answered("/jwks", 500, b"down"),
    "keys-of-nonsense": Case(instead("/jwks", lambda _: as_json({"keys": [7, None]}))),
    "oidcc-client-test-invalid-sig-es256": Case(_spoilt_es256, file={"signing_algorithms": ["ES256"]}),
    "oidcc-client-test-kid-absent-multiple-jwks": Case(_signed_by),
    "oidcc-client-test-userinfo-invalid-sub": Case(
        lambda issuer: issuer.userinfo.update(sub="somebody-else"), file={"userinfo": True}
    ),
    "userinfo-redirected": dataclasses.replace(redirected("/userinfo", 302), file={"userinfo": True}),
    "userinfo-signed-by-another": Case(_signed_userinfo(key=OTHER_RSA), file={"userinfo": True}),
    "userinfo-signed-for-another": Case(_signed_userinfo(aud="another"), file={"userinfo": True}),
    "weaker-than-asked-acr": Case(token(acr="password"), file={"acr_values": ["two-factor"]}, heading=WEAK),
    "weaker-than-asked-vot": Case(token(vot="Cl"), file={"vtr": ["Cl.Cm"]}, heading=WEAK),
}
ATTACKS: dict[str, Case] = {
    **WAY_BACK,
    **METADATA,
    **ENDPOINTS,
    **{name: Case(forged(forge)) for name, forge in FORGERIES.items()},
    **{name: Case(token(**changes)) for name, changes in CLAIMS.items()},
    **{name: Case(answer(**members)) for name, members in INCOMPLETE.items()},
}
#: After these the answer may be another issuer's, so the code in it is never sent anywhere.
MISMATCHES = {name for name in ATTACKS if "response-iss" in name or name in {"iss-empty", *METADATA}}

ACCEPTED: dict[str, Case] = {
    **{name: Case(token(**changes)) for name, changes in LAWFUL.items()},
    **{name: Case(answer(**members)) for name, members in LAWFUL_ANSWERS.items()},
    "oidcc-client-test-kid-absent-single-jwks": Case(token(header={"kid": None})),
    "no-iss-where-none-is-announced": Case(
        said(authorization_response_iss_parameter_supported=None), back={"iss": None}
    ),
    "oidcc-client-test-userinfo-signed": Case(_signed_userinfo(), file={"userinfo": True}),
    "as-strong-as-asked": Case(token(vot="Cm.Cl"), file={"vtr": ["Cl.Cm"]}),
    "a-parameter-nobody-asked-for": Case(back={"session_state": "x" * 300}),
    "signed-hashes-of-both": Case(token(at_hash=half_hash("an-access-token"), c_hash=half_hash(CODE))),
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        yield running


@pytest.fixture(autouse=True)
def honest(issuer: HostileIssuer) -> None:
    issuer.be_honest()


@pytest.fixture(scope="module")
def council(database: Database) -> Authority:
    """A council whose issuer is the hostile one."""
    return Factory(database).authority()


@pytest.fixture(scope="module")
def battery_app(database: Database, council: Authority, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: pathlib.Path = tmp_path_factory.mktemp("battery")
    return sign_in_app(database, sign_in_settings(folder), MovedClock(), {"HOSTILE_SECRET": CLIENT_SECRET})


@pytest.fixture
def person(battery_app: Flask, council: Authority) -> Iterator[Visitor]:
    """A parent who has not signed in, before pages that know nothing of the issuer yet."""
    with battery_app.app_context():
        doorway.install(dataclasses.replace(doorway.parts(), directory=IssuerDirectory()))
    with requests.Session() as browser:
        yield Visitor(battery_app.test_client(), f"http://{council.host}:8000", browser)


def behind(database: Database, council: Authority, issuer: HostileIssuer, **file: Any) -> None:
    """Put the issuer behind the council's door for families."""
    table = {
        "issuer": issuer.url,
        "client_id": CLIENT_ID,
        "client_auth": "client_secret_basic",
        "client_secret": {"env": "HOSTILE_SECRET"},
        "private_addresses": True,
    }
    content = {"label": "Council account", "demonstration": table | file}
    door = ParsedSignIn(kind=SignInKind.FAMILY, environment=Environment.DEMONSTRATION, content=content)
    load_doors(database, council.id, (door,))


def go(person: Visitor, issuer: HostileIssuer, case: Case) -> TestResponse:
    """Sign in as the case says; return the page at the end, which is the door's own when nobody was sent away."""
    left = person.send("/sign-in", choice="account")
    if 'id="onward"' not in left.text:
        return left
    # The request is read off the page that leads on; the issuer signs what was asked of it.
    address = left.text.split('id="onward" href="')[1].split('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(address).query)
    issuer.nonce = asked["nonce"][0]
    case.lie(issuer)
    given: dict[str, str | None] = {"code": CODE, "state": asked["state"][0], "iss": issuer.url}
    sent = {name: value for name, value in (given | case.back).items() if value is not None}
    return person.get(f"/sign-in/callback?{urlencode(sent)}")


def counted(database: Database, council: Authority) -> tuple[int, int]:
    """Return how many sessions and refusals the council has."""
    with database.begin(authority_scope(council.id)) as session:
        sessions = session.scalar(select(func.count()).select_from(SignInSession))
        refusals = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "sign_in.refuse")
        )
    return sessions or 0, refusals or 0


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused(
    database: Database, council: Authority, issuer: HostileIssuer, person: Visitor, name: str
) -> None:
    case = ATTACKS[name]
    behind(database, council, issuer, **case.file)
    if name in METADATA:
        case.lie(issuer)
    sessions, refusals = counted(database, council)
    page = go(person, issuer, case)
    assert page.status_code in {400, 403, 502, 503}
    assert heading(page) == case.heading
    assert "/sign-in/email" in page.text, "there is another way"
    assert "alert(1)" not in page.text
    assert not any(cookie.startswith("parley=") for cookie in page.headers.getlist("Set-Cookie"))
    assert counted(database, council) == (sessions, refusals + 1)
    assert (issuer.calls("/token") > 0) is case.asks_for_token
    if name in MISMATCHES:
        assert issuer.calls("/token") == 0


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_unusual_but_lawful_sign_in_is_accepted(
    database: Database, council: Authority, issuer: HostileIssuer, person: Visitor, name: str
) -> None:
    case = ACCEPTED[name]
    behind(database, council, issuer, **case.file)
    case.lie(issuer)
    sessions, refusals = counted(database, council)
    page = go(person, issuer, case)
    assert (page.status_code, page.headers["Location"]) == (303, "/"), page.text
    assert counted(database, council) == (sessions + 1, refusals)
    assert person.is_signed_in()


def test_an_endless_answer_keeps_nobody_waiting(
    database: Database, council: Authority, issuer: HostileIssuer, person: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 0.3)
    behind(database, council, issuer)
    page = go(person, issuer, Case(instead("/token", lambda _: Response(iter(lambda: b" ", b""), status=200))))
    assert heading(page) == DOWN


def test_the_battery_is_as_large_as_it_was_promised() -> None:
    assert len(ATTACKS) >= 45
    assert len(ACCEPTED) >= 8

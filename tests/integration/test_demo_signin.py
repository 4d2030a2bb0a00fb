"""The demonstration's sign-in server: as strict as a real one towards Parley, open to anybody who tries it."""

import base64
import hashlib
import json
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from support import signin_server
from support.signin_server import SignInServer, sign_in_as

KEY = ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": "ES256"})
VERIFIER = "a-code-verifier-of-the-length-that-the-standard-asks-for"


@pytest.fixture(scope="module")
def server() -> Iterator[SignInServer]:
    with signin_server.signin_server(client_keys={"derby-families": {"keys": [KEY.as_dict(private=False)]}}) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def _metadata(server: SignInServer, issuer: str) -> dict[str, Any]:
    address = f"{server.issuer(issuer)}/.well-known/openid-configuration"
    found: dict[str, Any] = requests.get(address, timeout=10).json()
    return found


def _request(server: SignInServer, issuer: str, **changes: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    parameters = {
        "client_id": f"parley-{issuer}",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": server.redirect_uri(issuer),
        "state": "a-state",
        "nonce": "a-nonce",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **changes,
    }
    kept = {name: value for name, value in parameters.items() if value}
    return f"{_metadata(server, issuer)['authorization_endpoint']}?{urlencode(kept)}"


def _query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def _claims(server: SignInServer, issuer: str, code: str, **proof: Any) -> dict[str, Any]:
    metadata = _metadata(server, issuer)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": server.redirect_uri(issuer),
        "code_verifier": VERIFIER,
        **proof.pop("form", {}),
    }
    answer = requests.post(metadata["token_endpoint"], data=form, timeout=10, **proof)
    assert answer.status_code == 200, answer.text
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    token = jwt.decode(answer.json()["id_token"], keys, algorithms=["RS256"])
    return dict(token.claims)


def _staff_claims(server: SignInServer, browser: requests.Session, scope: str) -> dict[str, Any]:
    back = sign_in_as(browser, _request(server, "derby-staff", scope=scope), "team_manager1")
    secret = server.secret("derby-staff")
    return _claims(server, "derby-staff", _query(back)["code"], auth=("parley-derby-staff", secret))


def test_a_family_signs_in_and_the_client_proves_itself_with_its_key(
    server: SignInServer, browser: requests.Session
) -> None:
    back = sign_in_as(browser, _request(server, "derby-families"), "parent1")
    assert back.startswith(f"http://derby.localhost:{server.web_port}/sign-in/callback?")
    answer = _query(back)
    issuer = server.issuer("derby-families")
    assert (answer["iss"], answer["state"]) == (issuer, "a-state")
    now = int(time.time())
    audience = _metadata(server, "derby-families")["token_endpoint"]
    assertion = jwt.encode(
        {"alg": "ES256", "kid": "test"},
        {
            "iss": "parley-derby-families",
            "sub": "parley-derby-families",
            "aud": audience,
            "iat": now,
            "exp": now + 60,
            "jti": uuid.uuid4().hex,
        },
        KEY,
    )
    proof = {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    claims = _claims(server, "derby-families", answer["code"], form=proof)
    assert claims["sub"] == "parent1"
    assert claims["iss"] == issuer
    assert claims["nonce"] == "a-nonce"
    assert "email" not in claims, "no e-mail address unless the scope asks for it"


def test_staff_bring_their_groups_and_an_address_when_asked(server: SignInServer, browser: requests.Session) -> None:
    claims = _staff_claims(server, browser, "openid email groups")
    assert claims["groups"] == ["send-officers", "send-team-managers"]
    assert claims["email"] == "team_manager1@derby.example"


def test_staff_bring_neither_when_not_asked(server: SignInServer, browser: requests.Session) -> None:
    claims = _staff_claims(server, browser, "openid")
    assert not {"groups", "email"} & claims.keys()


def test_a_request_without_pkce_is_turned_down(server: SignInServer, browser: requests.Session) -> None:
    address = _request(server, "derby-staff", code_challenge="", code_challenge_method="")
    back = signin_server.open_sign_in(browser, address).headers["Location"]
    assert _query(back)["error"] == "invalid_request"
    assert "code" not in _query(back)


def test_an_unregistered_return_address_is_never_used(server: SignInServer, browser: requests.Session) -> None:
    address = _request(server, "derby-staff", redirect_uri="http://elsewhere.localhost/callback")
    answer = signin_server.open_sign_in(browser, address)
    assert answer.status_code == 400
    assert "Demonstration sign-in" in answer.text


def test_any_name_makes_a_family_account_and_no_staff_account(server: SignInServer, browser: requests.Session) -> None:
    page = signin_server.open_sign_in(browser, _request(server, "staffordshire-families"))
    assert "code" in _query(signin_server.choose(browser, page, name="Somebody New"))
    page = signin_server.open_sign_in(browser, _request(server, "operators"))
    refused = browser.post(page.url, data={"name": "Somebody New"}, allow_redirects=False, timeout=10)
    assert refused.status_code == 422
    assert "type a name from the list" in refused.text


def test_going_back_without_signing_in_says_so_to_the_client(server: SignInServer, browser: requests.Session) -> None:
    page = signin_server.open_sign_in(browser, _request(server, "derby-families"))
    assert _query(signin_server.choose(browser, page, cancel="yes"))["error"] == "access_denied"


def test_sign_ins_at_two_issuers_stand_side_by_side_in_one_browser(
    server: SignInServer, browser: requests.Session
) -> None:
    sign_in_as(browser, _request(server, "derby-families"), "parent1")
    sign_in_as(browser, _request(server, "global-mediation-staff"), "coordinator1")
    again = signin_server.open_sign_in(browser, _request(server, "derby-families"))
    assert again.is_redirect, "still signed in at the first"


def test_signing_out_ends_the_sign_in(server: SignInServer, browser: requests.Session) -> None:
    address = _request(server, "derby-families")
    sign_in_as(browser, address, "parent1")
    end = _metadata(server, "derby-families")["end_session_endpoint"]
    home = f"http://derby.localhost:{server.web_port}/"
    page = browser.get(end, params={"client_id": "parley-derby-families", "post_logout_redirect_uri": home}, timeout=10)
    form = signin_server.hidden_fields(page.text) | {"logout": "yes"}
    done = browser.post(f"{end}/confirm", data=form, allow_redirects=False, timeout=10)
    assert done.headers["Location"].startswith(home)
    assert signin_server.open_sign_in(browser, address).status_code == 200, "asked again who they are"


def test_every_page_says_that_it_is_a_demonstration(server: SignInServer, browser: requests.Session) -> None:
    for issuer in server.issuers:
        page = signin_server.open_sign_in(browser, _request(server, issuer["name"]))
        assert "is not run by them" in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("mode", ["", "production"])
def test_it_starts_in_a_demonstration_only(mode: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    refused = subprocess.run(
        ["node", signin_server.SERVER],
        env=environ | {"PARLEY_MODE": mode},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert refused.returncode == 2
    assert "PARLEY_MODE=demonstration" in refused.stderr


def test_clients_secrets_are_no_secrets(server: SignInServer) -> None:
    text = json.dumps([issuer["client"] for issuer in server.issuers])
    for issuer in server.issuers:
        if issuer["client"]["auth"] == "client_secret_basic":
            assert f"demonstration-only-{issuer['name']}-not-a-secret" in text

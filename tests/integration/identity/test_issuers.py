"""What an issuer may do to us: be mistaken, be somebody else, be slow, be large, send us elsewhere. Real HTTP."""

import datetime as dt
import gzip
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug import Request, Response
from werkzeug.serving import make_ssl_devcert

from parley.identity import issuers, transport
from parley.identity.domain import ClientAuth, SignInReason, SignInRefused, Verified
from parley.identity.issuers import IssuerDirectory
from parley.identity.oidc import ClientProof, IssuerClient, sign_out_url
from support.hostile_issuer import OTHER_RSA, SUBJECT, HostileIssuer, as_json, hostile_issuer

CALLBACK = "http://derby.localhost/sign-in/callback"
DISCOVERY = "/.well-known/openid-configuration"
SECRET = ClientProof(secret="s" * 40)


@pytest.fixture
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        yield running


@pytest.fixture
def short_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 0.4)


def client(issuer: HostileIssuer, *, proof: ClientProof = SECRET, **config: Any) -> IssuerClient:
    return IssuerClient(issuer.config(**config), IssuerDirectory(), proof)


def redeem(asking: IssuerClient, issuer: HostileIssuer) -> Verified:
    return asking.redeem(
        code="a-code", verifier="v" * 43, nonce=issuer.nonce, redirect_uri=CALLBACK, now=dt.datetime.now(dt.UTC)
    )


def refused(action: Callable[[], object]) -> SignInRefused:
    with pytest.raises(SignInRefused) as found:
        action()
    return found.value


def test_the_authorisation_request_carries_state_nonce_and_an_s256_challenge_and_nothing_secret(
    issuer: HostileIssuer,
) -> None:
    asking = client(issuer, acr_values=("high",), extra=(("prompt", "select_account"),))
    address = asking.authorization_url(
        state="a-state", nonce="a-nonce", verifier="v" * 43, redirect_uri=CALLBACK, max_age=dt.timedelta(minutes=5)
    )
    assert parse_qs(urlsplit(address).query) == {
        "max_age": ["300"],
        "response_type": ["code"],
        "client_id": ["parley"],
        "scope": ["openid"],
        "redirect_uri": [CALLBACK],
        "state": ["a-state"],
        "nonce": ["a-nonce"],
        "code_challenge": [urlsafe_b64encode(sha256(b"v" * 43).digest()).rstrip(b"=").decode()],
        "code_challenge_method": ["S256"],
        "acr_values": ["high"],
        "prompt": ["select_account"],
    }


@pytest.mark.parametrize("said", ["http://localhost:1", "", None, ["x"]], ids=["other", "empty", "missing", "list"])
def test_oidcc_client_test_discovery_issuer_mismatch_makes_no_further_call(issuer: HostileIssuer, said: Any) -> None:
    issuer.metadata["issuer"] = said
    found = refused(lambda: redeem(client(issuer), issuer))
    assert found.reason is SignInReason.ISSUER_MISMATCH
    assert issuer.seen == [DISCOVERY]


def test_an_issuer_that_differs_by_a_slash_is_another_issuer(issuer: HostileIssuer) -> None:
    issuer.metadata["issuer"] = issuer.url + "/"
    assert refused(lambda: redeem(client(issuer), issuer)).reason is SignInReason.ISSUER_MISMATCH


@pytest.mark.parametrize(
    ("iss", "detail"),
    [(None, "iss_missing"), ("http://localhost:1", "iss_other"), ("", "iss_other")],
    ids=["fapi2-remove-authorization-response-iss", "fapi2-invalid-authorization-response-iss", "iss-empty"],
)
def test_an_answer_that_names_another_issuer_is_refused(issuer: HostileIssuer, iss: str | None, detail: str) -> None:
    found = refused(lambda: client(issuer).check_issuer(iss))
    assert (found.reason, found.detail) == (SignInReason.ISSUER_MISMATCH, detail)


def test_an_answer_without_iss_is_accepted_from_an_issuer_that_announces_none(issuer: HostileIssuer) -> None:
    issuer.metadata["authorization_response_iss_parameter_supported"] = None
    client(issuer).check_issuer(None)
    client(issuer).check_issuer(issuer.url)
    found = refused(lambda: client(issuer).check_issuer("http://localhost:1"))
    assert found.reason is SignInReason.ISSUER_MISMATCH


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("said", [None, "ftp://localhost/x", "/token", 7, "http://[", "javascript:alert(1)"])
def test_metadata_with_an_endpoint_that_is_no_address_is_refused(
    issuer: HostileIssuer, endpoint: str, said: Any
) -> None:
    issuer.metadata[endpoint] = said
    found = refused(lambda: redeem(client(issuer), issuer))
    assert found.reason is SignInReason.ISSUER_MISTAKEN
    assert issuer.seen == [DISCOVERY]


def test_a_bad_address_to_sign_out_at_is_left_out(issuer: HostileIssuer) -> None:
    issuer.metadata["end_session_endpoint"] = "javascript:alert(1)"
    assert redeem(client(issuer), issuer).end_session_endpoint is None


BROKEN: dict[str, Callable[[Request], Response]] = {
    "html": lambda _: Response("<html>", mimetype="text/html"),
    "list": lambda _: as_json([]),
    "empty": lambda _: Response(""),
    "nested-very-deep": lambda _: Response("[" * 200_000, mimetype="application/json"),
    "not-utf-8": lambda _: Response(b"\xff\xfe\xfa", mimetype="application/json"),
    "compressed-bomb": lambda _: Response(gzip.compress(b" " * 10_000_000), headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token", "/userinfo"])
def test_an_answer_that_cannot_be_read_is_refused(
    issuer: HostileIssuer, path: str, answer: Callable[[Request], Response]
) -> None:
    issuer.instead[path] = answer
    assert refused(lambda: redeem(client(issuer, userinfo=True), issuer)).reason is SignInReason.ISSUER_MISTAKEN


@pytest.mark.parametrize("keys", [None, "x", [7], [{"kty": "RSA"}], {"kid": "x"}])
def test_keys_that_cannot_be_read_are_refused(issuer: HostileIssuer, keys: Any) -> None:
    issuer.instead["/jwks"] = lambda _: as_json({"keys": keys})
    assert refused(lambda: redeem(client(issuer), issuer)).reason is SignInReason.ISSUER_MISTAKEN


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token", "/userinfo"])
@pytest.mark.parametrize("status", [500, 503, 404, 429])
def test_an_issuer_that_is_down_is_said_to_be_down(issuer: HostileIssuer, path: str, status: int) -> None:
    issuer.instead[path] = lambda _: Response("<html>down", status=status)
    assert refused(lambda: redeem(client(issuer, userinfo=True), issuer)).reason is SignInReason.ISSUER_UNREACHABLE


def test_nobody_at_the_address_is_said_to_be_down() -> None:
    with hostile_issuer() as gone:
        pass
    found = refused(lambda: redeem(client(gone), gone))
    assert found.reason is SignInReason.ISSUER_UNREACHABLE


class Watch:
    """A count of seconds that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def _leave(issuer: HostileIssuer, directory: IssuerDirectory) -> str:
    asking = IssuerClient(issuer.config(), directory, SECRET)
    return asking.authorization_url(state="a-state", nonce="a-nonce", verifier="v" * 43, redirect_uri=CALLBACK)


def test_nobody_is_sent_to_a_known_issuer_that_has_gone_down(issuer: HostileIssuer) -> None:
    watch = Watch()
    directory = IssuerDirectory(watch)
    _leave(issuer, directory)
    issuer.instead[DISCOVERY] = lambda _: Response("<html>down", status=503)
    watch.seconds += issuers.ANSWER_KEPT_SECONDS
    assert refused(lambda: _leave(issuer, directory)).reason is SignInReason.ISSUER_UNREACHABLE


def test_that_an_issuer_answers_and_that_it_does_not_are_each_believed_for_a_few_seconds(
    issuer: HostileIssuer,
) -> None:
    watch = Watch()
    directory = IssuerDirectory(watch)
    for _ in range(3):
        _leave(issuer, directory)
    assert issuer.calls(DISCOVERY) == 1
    issuer.instead[DISCOVERY] = lambda _: Response("<html>down", status=503)
    watch.seconds += issuers.ANSWER_KEPT_SECONDS
    for _ in range(3):
        refused(lambda: _leave(issuer, directory))
    assert issuer.calls(DISCOVERY) == 2
    del issuer.instead[DISCOVERY]
    watch.seconds += issuers.ANSWER_KEPT_SECONDS
    assert _leave(issuer, directory).startswith(issuer.url)


def test_an_issuer_that_went_down_meanwhile_can_still_finish_what_it_began(issuer: HostileIssuer) -> None:
    watch = Watch()
    directory = IssuerDirectory(watch)
    _leave(issuer, directory)
    issuer.instead[DISCOVERY] = lambda _: Response("<html>down", status=503)
    watch.seconds += issuers.ANSWER_KEPT_SECONDS
    refused(lambda: _leave(issuer, directory))
    assert redeem(IssuerClient(issuer.config(), directory, SECRET), issuer).subject == SUBJECT


def test_an_issuer_that_is_slow_to_show_that_it_answers_is_not_waited_for(
    issuer: HostileIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "ANSWER_SECONDS", 0.3)
    issuer.instead[DISCOVERY] = _drip
    began = time.monotonic()
    assert refused(lambda: _leave(issuer, IssuerDirectory())).reason is SignInReason.ISSUER_UNREACHABLE
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token"])
def test_an_answer_of_ten_megabytes_is_not_read_to_its_end(issuer: HostileIssuer, path: str) -> None:
    issuer.instead[path] = lambda _: Response(b" " * 10_000_000, mimetype="application/json")
    assert refused(lambda: redeem(client(issuer), issuer)).reason is SignInReason.ISSUER_UNREACHABLE


def _drip(_: Request) -> Response:
    def slowly() -> Iterator[bytes]:
        for _step in range(40):
            yield b" "
            time.sleep(0.05)

    return Response(slowly(), mimetype="application/json")


@pytest.mark.usefixtures("short_of_time")
@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token"])
def test_an_answer_that_drips_is_cut_off(issuer: HostileIssuer, path: str) -> None:
    issuer.instead[path] = _drip
    began = time.monotonic()
    assert refused(lambda: redeem(client(issuer), issuer)).reason is SignInReason.ISSUER_UNREACHABLE
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token", "/userinfo"])
def test_no_redirect_is_followed_not_even_to_itself(issuer: HostileIssuer, path: str, status: int) -> None:
    issuer.instead[path] = lambda _: Response("", status=status, headers={"Location": f"{issuer.url}/elsewhere"})
    assert refused(lambda: redeem(client(issuer, userinfo=True), issuer)).reason is SignInReason.ISSUER_UNREACHABLE
    assert issuer.calls("/elsewhere") == 0


def test_private_addresses_are_not_reached_unless_the_file_allows_them(issuer: HostileIssuer) -> None:
    found = refused(lambda: redeem(client(issuer, private_addresses=False), issuer))
    assert found.reason is SignInReason.ISSUER_UNREACHABLE
    assert issuer.seen == []


def test_plain_http_is_not_spoken_outside_a_demonstration(issuer: HostileIssuer) -> None:
    found = refused(lambda: redeem(client(issuer, plain_http=False), issuer))
    assert found.reason is SignInReason.ISSUER_UNREACHABLE
    assert issuer.seen == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return make_ssl_devcert(str(tmp_path_factory.mktemp("tls") / "localhost"), cn="localhost")


def test_over_tls_the_certificate_has_to_be_trusted(certificate: tuple[str, str]) -> None:
    with hostile_issuer(certificate) as issuer:
        assert refused(lambda: redeem(client(issuer), issuer)).reason is SignInReason.ISSUER_UNREACHABLE
        assert issuer.seen == []


@pytest.mark.usefixtures("short_of_time")
def test_over_tls_a_trusted_issuer_is_read_and_a_dripping_one_cut_off(certificate: tuple[str, str]) -> None:
    with hostile_issuer(certificate) as issuer, requests.Session() as session:
        transport.guard(session, transport.Reach(private_addresses=True))
        session.verify = certificate[0]
        assert session.get(issuer.url + DISCOVERY).json()["issuer"] == issuer.url
        issuer.instead["/jwks"] = _drip
        began = time.monotonic()
        with pytest.raises(requests.RequestException):
            session.get(issuer.url + "/jwks")
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b:1::1",
        "64:ff9b::a00:1",
    ],
)
def test_addresses_inside_a_network_are_told_from_public_ones(address: str) -> None:
    assert not transport.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4009:80b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_reached(address: str) -> None:
    assert transport.is_public(address)


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client"], ids=["code-replayed", "client-refused"])
def test_an_issuer_that_refuses_the_code_is_believed(issuer: HostileIssuer, error: str) -> None:
    issuer.instead["/token"] = lambda _: as_json({"error": error, "error_description": "<script>"}, status=400)
    found = refused(lambda: redeem(client(issuer), issuer))
    assert (found.reason, found.detail) == (SignInReason.CODE_REFUSED, error)


def test_what_an_issuer_writes_into_an_error_never_reaches_the_audit_as_it_is(issuer: HostileIssuer) -> None:
    issuer.instead["/token"] = lambda _: as_json({"error": "Ash Marsh <ash@family.invalid>" * 9}, status=400)
    assert refused(lambda: redeem(client(issuer), issuer)).detail.isalnum()


def test_made_up_keys_do_not_become_a_flood_of_requests_for_keys(issuer: HostileIssuer) -> None:
    directory = IssuerDirectory()
    issuer.answer_token(id_token=issuer.sign(key=OTHER_RSA, header={"kid": "made-up"}))
    for _ in range(20):
        asking = IssuerClient(issuer.config(), directory, SECRET)
        assert refused(lambda asking=asking: redeem(asking, issuer)).reason is SignInReason.PROOF_REFUSED
    assert issuer.calls("/jwks") == 1
    assert issuer.calls(DISCOVERY) == 1


def test_what_is_known_of_one_configuration_never_serves_another(issuer: HostileIssuer) -> None:
    directory = IssuerDirectory()
    for client_id in ("derby", "staffordshire"):
        directory.metadata(issuer.config(client_id=client_id))
    assert issuer.calls(DISCOVERY) == 2


def test_the_client_proves_itself_with_a_fresh_short_lived_assertion_each_time(issuer: HostileIssuer) -> None:
    key = ECKey.generate_key("P-256", {"kid": "our-key", "use": "sig", "alg": "ES256"}, private=True)
    asking = client(issuer, proof=ClientProof(key=key), client_auth=ClientAuth.PRIVATE_KEY, secret_variable=None)
    for _ in range(2):
        assert redeem(asking, issuer).subject == SUBJECT
    proofs = [jwt.decode(form["client_assertion"], key, algorithms=["ES256"]) for form in issuer.token_forms]
    first, second = (proof.claims for proof in proofs)
    assert proofs[0].header["kid"] == "our-key"
    assert (first["iss"], first["sub"], first["aud"]) == ("parley", "parley", f"{issuer.url}/token")
    assert 0 < first["exp"] - time.time() <= 60
    assert first["jti"] != second["jti"]
    assert {form["client_assertion_type"] for form in issuer.token_forms} == {
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    }
    assert not any("client_secret" in form for form in issuer.token_forms)


def test_the_code_is_sent_with_its_verifier_and_the_same_callback(issuer: HostileIssuer) -> None:
    redeem(client(issuer), issuer)
    (sent,) = issuer.token_forms
    assert sent == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "code_verifier": "v" * 43,
        "redirect_uri": CALLBACK,
    }


def test_signing_out_at_the_issuer_names_the_client_and_the_way_back() -> None:
    address = sign_out_url(
        "https://issuer.example/end?tenant=1",
        client_id="parley",
        id_token="an.id.token",
        post_logout_redirect_uri="https://derby.example/",
    )
    assert parse_qs(urlsplit(address).query) == {
        "tenant": ["1"],
        "client_id": ["parley"],
        "id_token_hint": ["an.id.token"],
        "post_logout_redirect_uri": ["https://derby.example/"],
    }


def test_a_proof_never_shows_its_secret() -> None:
    assert "ssss" not in repr(SECRET)

"""How strongly a person signed in and how surely they are who they say, and issuers without discovery. Real HTTP."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey
from werkzeug import Response

from parley.identity.domain import IdentityClaim, IssuerConfig, SignInReason, SignInRefused, Verified
from parley.identity.issuers import IssuerDirectory
from parley.identity.oidc import ClientProof, IssuerClient
from support.hostile_issuer import (
    ACCESS_TOKEN,
    CLIENT_ID,
    OTHER_RSA,
    SUBJECT,
    HostileIssuer,
    as_json,
    hostile_issuer,
    unsigned,
)

DISCOVERY = "/.well-known/openid-configuration"
CALLBACK = "http://derby.localhost/sign-in/callback"
IDENTITY_ISSUER = "https://identity.example/"
CLAIM = "https://vocab.example/v1/coreIdentityJWT"
KEY_ID = "did:web:identity.example#first"
#: The second key: not one that signs ID tokens.
IDENTITY_KEY = ECKey.generate_key("P-256", {"kid": KEY_ID}, private=True)
OTHER_KEY = ECKey.generate_key("P-256", {"kid": KEY_ID}, private=True)
NOW = int(time.time())


@pytest.fixture
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        yield running


def client(config: IssuerConfig) -> IssuerClient:
    return IssuerClient(config, IssuerDirectory(), ClientProof(secret="s" * 40))


def leave(config: IssuerConfig) -> dict[str, list[str]]:
    address = client(config).authorization_url(state="s", nonce="n", verifier="v" * 43, redirect_uri=CALLBACK)
    return parse_qs(urlsplit(address).query)


def redeem(config: IssuerConfig) -> Verified:
    return client(config).redeem(
        code="a-code", verifier="v" * 43, nonce="a-nonce", redirect_uri=CALLBACK, now=dt.datetime.now(dt.UTC)
    )


def refused(config: IssuerConfig) -> tuple[SignInReason, str]:
    with pytest.raises(SignInRefused) as found:
        redeem(config)
    return found.value.reason, found.value.detail


def test_vectors_of_trust_are_asked_for_and_one_of_them_has_to_come_back(issuer: HostileIssuer) -> None:
    config = issuer.config(vtr=("Cl.Cm", "Cl.Cm.P2"))
    assert leave(config)["vtr"] == ['["Cl.Cm","Cl.Cm.P2"]']
    for said in ("Cl.Cm", "Cm.Cl"):
        issuer.answer_token(id_token=issuer.sign(vot=said))
        assert redeem(config).subject == SUBJECT
    for said in (None, "", "Cl", "P2", ["Cl.Cm"], "Cl.Cm.Cx"):
        issuer.answer_token(id_token=issuer.sign(vot=said))
        assert refused(config) == (SignInReason.ASSURANCE, "vot")


def test_context_classes_asked_for_have_to_come_back(issuer: HostileIssuer) -> None:
    config = issuer.config(acr_values=("two-factor", "passkey"))
    issuer.answer_token(id_token=issuer.sign(acr="passkey"))
    assert redeem(config).subject == SUBJECT
    for said in (None, "password", "two-factor passkey"):
        issuer.answer_token(id_token=issuer.sign(acr=said))
        assert refused(config) == (SignInReason.ASSURANCE, "acr")


def identity(issuer: HostileIssuer, *, key: ECKey = IDENTITY_KEY, kid: str = KEY_ID, **changes: Any) -> str:
    """Return the claim that an identity was proved."""
    return issuer.sign(
        key=key, header={"kid": kid}, **{"iss": IDENTITY_ISSUER, "nonce": None, "vot": "P2", "name": "Ash"} | changes
    )


@pytest.fixture
def proving(issuer: HostileIssuer) -> IssuerConfig:
    """An issuer that says by a second key that identities are proved; that key is in a DID document."""
    method = {"id": KEY_ID, "type": "JsonWebKey", "publicKeyJwk": IDENTITY_KEY.as_dict(private=False, kid=None)}
    issuer.instead["/did.json"] = lambda _: as_json({"id": "did:web:identity.example", "verificationMethod": [method]})
    issuer.answer_token(id_token=issuer.sign(vot="Cl.Cm"))
    issuer.userinfo = {CLAIM: identity(issuer)}
    claim = IdentityClaim(name=CLAIM, issuer=IDENTITY_ISSUER, keys=f"{issuer.url}/did.json", levels=("P2", "P3"))
    return issuer.config(vtr=("Cl.Cm.P2",), userinfo=True, identity_claim=claim)


def test_a_proved_identity_is_asked_for_checked_by_its_own_key_and_not_kept(proving: IssuerConfig) -> None:
    assert json.loads(leave(proving)["claims"][0]) == {"userinfo": {CLAIM: None}}
    found = redeem(proving)
    assert found.subject == SUBJECT
    assert CLAIM not in found.claims


Forge = Callable[[HostileIssuer], Any]

NOT_PROVED: dict[str, tuple[Forge, SignInReason]] = {
    "missing": (lambda issuer: None, SignInReason.ASSURANCE),
    "no-token": (lambda issuer: {"vot": "P2"}, SignInReason.ASSURANCE),
    "a-lower-level": (lambda issuer: identity(issuer, vot="P1"), SignInReason.ASSURANCE),
    "no-level": (lambda issuer: identity(issuer, vot=None), SignInReason.ASSURANCE),
    "levels-as-list": (lambda issuer: identity(issuer, vot=["P2"]), SignInReason.ASSURANCE),
    "of-somebody-else": (lambda issuer: identity(issuer, sub="somebody-else"), SignInReason.PROOF_REFUSED),
    "of-another-client": (lambda issuer: identity(issuer, aud="another"), SignInReason.PROOF_REFUSED),
    "of-two-clients": (lambda issuer: identity(issuer, aud=[CLIENT_ID, "another"]), SignInReason.PROOF_REFUSED),
    "by-another-issuer": (lambda issuer: identity(issuer, iss=issuer.url), SignInReason.PROOF_REFUSED),
    "expired": (lambda issuer: identity(issuer, exp=NOW - 3600), SignInReason.PROOF_REFUSED),
    "never-expires": (lambda issuer: identity(issuer, exp=None), SignInReason.PROOF_REFUSED),
    "by-the-key-of-id-tokens": (lambda issuer: issuer.sign(iss=IDENTITY_ISSUER, vot="P2"), SignInReason.PROOF_REFUSED),
    "by-another-key": (lambda issuer: identity(issuer, key=OTHER_KEY), SignInReason.PROOF_REFUSED),
    "by-an-unknown-key": (lambda issuer: identity(issuer, kid="did:web:x#y"), SignInReason.PROOF_REFUSED),
    "unsigned": (lambda issuer: unsigned(issuer.claims(vot="P2"), alg="none"), SignInReason.PROOF_REFUSED),
}


@pytest.mark.parametrize(("forge", "reason"), NOT_PROVED.values(), ids=NOT_PROVED.keys())
def test_an_identity_that_is_not_proved_is_refused(
    issuer: HostileIssuer, proving: IssuerConfig, forge: Forge, reason: SignInReason
) -> None:
    issuer.userinfo = {CLAIM: forge(issuer)}
    assert refused(proving)[0] is reason


def test_keys_of_identities_that_cannot_be_read_are_the_issuers_mistake(
    issuer: HostileIssuer, proving: IssuerConfig
) -> None:
    issuer.instead["/did.json"] = lambda _: as_json({"verificationMethod": [{"id": "x"}]})
    assert refused(proving) == (SignInReason.ISSUER_MISTAKEN, "jwks")


def signed_userinfo(issuer: HostileIssuer, **changes: Any) -> Callable[[Any], Response]:
    text = issuer.sign(**{"groups": ["officers"]} | changes)
    return lambda _: Response(text, content_type="application/jwt; charset=utf-8")


def test_oidcc_client_test_userinfo_signed_is_read(issuer: HostileIssuer) -> None:
    issuer.instead["/userinfo"] = signed_userinfo(issuer)
    assert redeem(issuer.config(userinfo=True)).claims["groups"] == ["officers"]


@pytest.mark.parametrize(
    "changes",
    [{"iss": "http://localhost:1"}, {"aud": "another"}, {"sub": "somebody-else"}, {"key": OTHER_RSA}, {"iss": None}],
    ids=["iss", "aud", "sub", "signature", "no-iss"],
)
def test_signed_userinfo_is_held_to_its_issuer_client_and_subject(
    issuer: HostileIssuer, changes: dict[str, Any]
) -> None:
    issuer.instead["/userinfo"] = signed_userinfo(issuer, **changes)
    assert refused(issuer.config(userinfo=True))[0] is SignInReason.PROOF_REFUSED


def test_oidcc_client_test_userinfo_bearer_header_carries_the_token(issuer: HostileIssuer) -> None:
    carried = []

    def answer(request: Any) -> Response:
        carried.append((request.headers["Authorization"], request.get_data(), request.query_string))
        return as_json({"sub": SUBJECT})

    issuer.instead["/userinfo"] = answer
    redeem(issuer.config(userinfo=True))
    assert carried == [(f"Bearer {ACCESS_TOKEN}", b"", b"")]


def test_oidcc_client_test_client_secret_basic_is_in_the_header_and_nowhere_else(issuer: HostileIssuer) -> None:
    carried = []

    def answer(request: Any) -> Response:
        carried.append((request.authorization.type, request.authorization.username, request.authorization.password))
        assert "client_secret" not in request.form
        return as_json({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": issuer.sign()})

    issuer.instead["/token"] = answer
    redeem(issuer.config())
    assert carried == [("basic", CLIENT_ID, "s" * 40)]


MOVED = {
    "oidcc-client-test-discovery-openid-config": ("token_endpoint", "/token"),
    "oidcc-client-test-discovery-jwks-uri-keys": ("jwks_uri", "/jwks"),
}


@pytest.mark.parametrize(("member", "path"), MOVED.values(), ids=MOVED.keys())
def test_what_the_metadata_name_is_where_it_is_asked_for(issuer: HostileIssuer, member: str, path: str) -> None:
    issuer.metadata[member] = f"{issuer.url}/elsewhere?of=this"
    issuer.instead["/elsewhere"] = lambda _: as_json(issuer.token_answer() if path == "/token" else issuer.key_set())
    assert redeem(issuer.config()).subject == SUBJECT
    assert (issuer.calls("/elsewhere"), issuer.calls(path)) == (1, 0)


@pytest.fixture
def undiscovered(issuer: HostileIssuer) -> IssuerConfig:
    """An issuer whose metadata stand in the council's file."""
    described = issuer.described()
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "authorization_response_iss_parameter_supported")
    return issuer.config(metadata=tuple((name, described[name]) for name in names))


def test_an_issuer_without_discovery_is_used_as_the_file_describes_it(
    issuer: HostileIssuer, undiscovered: IssuerConfig
) -> None:
    assert leave(undiscovered)["client_id"] == [CLIENT_ID]
    assert redeem(undiscovered).subject == SUBJECT
    assert issuer.calls(DISCOVERY) == 0
    with pytest.raises(SignInRefused, match="iss_missing"):
        client(undiscovered).check_issuer(None)
    issuer.answer_token(id_token=issuer.sign(iss="http://localhost:1"))
    assert refused(undiscovered) == (SignInReason.PROOF_REFUSED, "claim_iss")


def test_nobody_is_sent_to_an_issuer_without_discovery_whose_keys_do_not_answer(
    issuer: HostileIssuer, undiscovered: IssuerConfig
) -> None:
    issuer.instead["/jwks"] = lambda _: Response("<html>down", status=503)
    with pytest.raises(SignInRefused) as found:
        leave(undiscovered)
    assert found.value.reason is SignInReason.ISSUER_UNREACHABLE


def test_a_made_up_code_is_tried_without_a_person(issuer: HostileIssuer) -> None:
    issuer.instead["/token"] = lambda _: as_json({"error": "invalid_grant"}, status=400)
    with pytest.raises(SignInRefused) as found:
        client(issuer.config()).try_code(
            "made-up", verifier="v" * 43, redirect_uri=CALLBACK, now=dt.datetime.now(dt.UTC)
        )
    assert found.value.detail == "invalid_grant"

"""ID tokens that must be refused, and unusual ones that must not: each names its id in the conformance suite.

``oidcc-...`` are modules of the OpenID Foundation's relying-party suite, ``fapi2-...`` clients' tests of FAPI 2.0.
"""

import datetime as dt
import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from parley.identity.domain import SignInReason, SignInRefused, Verified
from parley.identity.issuers import IssuerDirectory
from parley.identity.oidc import ClientProof, IssuerClient
from support.hostile_issuer import (
    ACCESS_TOKEN,
    CLIENT_ID,
    CODE,
    EC,
    OTHER_RSA,
    RSA,
    SUBJECT,
    HostileIssuer,
    as_json,
    half_hash,
    hostile_issuer,
    unsigned,
)

SECRET = "a-client-secret-that-is-long-enough-for-hs256"
NOW = int(time.time())


@pytest.fixture
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        yield running


def redeem(
    issuer: HostileIssuer,
    directory: IssuerDirectory | None = None,
    proved_since: dt.datetime | None = None,
    **config: Any,
) -> Verified:
    client = IssuerClient(issuer.config(**config), directory or IssuerDirectory(), ClientProof(secret=SECRET))
    return client.redeem(
        code=CODE,
        verifier="v" * 43,
        nonce=issuer.nonce,
        redirect_uri="http://derby.localhost/sign-in/callback",
        now=dt.datetime.now(dt.UTC),
        proved_since=proved_since,
    )


def refused(issuer: HostileIssuer, **config: Any) -> SignInRefused:
    with pytest.raises(SignInRefused) as found:
        redeem(issuer, **config)
    return found.value


def _hs256_with_the_public_key(issuer: HostileIssuer) -> str:
    signing_input = unsigned(issuer.claims(), alg="HS256", kid=RSA.kid).rstrip(".")
    mac = hmac.digest(RSA.as_pem(private=False), signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _hs256_with_the_client_secret(issuer: HostileIssuer) -> str:
    return jwt.encode({"alg": "HS256"}, issuer.claims(), OctKey.import_key(SECRET), algorithms=["HS256"])


def _key_in_the_header(issuer: HostileIssuer) -> str:
    return issuer.sign(key=OTHER_RSA, header={"kid": "mine", "jwk": OTHER_RSA.as_dict(private=False)})


def _tampered(issuer: HostileIssuer) -> str:
    head, _, signature = issuer.sign().split(".")
    return f"{head}.{unsigned(issuer.claims(sub='somebody-else')).split('.')[1]}.{signature}"


Forge = Callable[[HostileIssuer], str]

FORGERIES: dict[str, Forge] = {
    "oidcc-client-test-idtoken-sig-none": lambda issuer: unsigned(issuer.claims(), alg="none"),
    "fapi2-invalid-null-alg": lambda issuer: unsigned(issuer.claims(), alg="none", kid=RSA.kid),
    "alg-none-in-capitals": lambda issuer: unsigned(issuer.claims(), alg="NONE"),
    "alg-missing": lambda issuer: unsigned(issuer.claims(), kid=RSA.kid),
    "oidcc-client-test-invalid-sig-hs256-public-key": _hs256_with_the_public_key,
    "hs256-client-secret": _hs256_with_the_client_secret,
    "oidcc-client-test-invalid-sig-rs256": lambda issuer: issuer.sign(key=OTHER_RSA),
    "tampered-payload": _tampered,
    "fapi2-invalid-alternate-alg": lambda issuer: issuer.sign(header={"alg": "PS256"}),
    "unknown-kid": lambda issuer: issuer.sign(key=OTHER_RSA, header={"kid": "made-up"}),
    "key-in-the-header": _key_in_the_header,
    "critical-header": lambda issuer: issuer.sign().replace(
        issuer.sign().split(".")[0], unsigned({}, alg="RS256", kid=RSA.kid, crit=["b64x"], b64x=1).split(".")[0]
    ),
    "not-a-token": lambda issuer: "not a token",
    "too-long": lambda issuer: issuer.sign(padding="x" * 200_000),
    "payload-empty": lambda issuer: jwt.encode({"alg": "RS256", "kid": RSA.kid}, {}, RSA),
}

CLAIMS: dict[str, dict[str, Any]] = {
    "oidcc-client-test-invalid-iss": {"iss": "http://localhost:1/another-council"},
    "fapi2-invalid-missing-iss": {"iss": None},
    "iss-as-list": {"iss": ["http://localhost"]},
    "oidcc-client-test-invalid-aud": {"aud": "another-client"},
    "oidcc-client-test-missing-aud": {"aud": None},
    "fapi2-invalid-secondary-aud": {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
    "aud-list-without-azp": {"aud": [CLIENT_ID, "another"]},
    "aud-empty": {"aud": []},
    "azp-of-another-client": {"azp": "another-client"},
    "oidcc-client-test-nonce-invalid": {"nonce": "another-nonce"},
    "fapi2-invalid-missing-nonce": {"nonce": None},
    "nonce-as-list": {"nonce": ["a-nonce"]},
    "fapi2-invalid-expired-exp": {"exp": NOW - 3600},
    "fapi2-invalid-missing-exp": {"exp": None},
    "exp-as-text": {"exp": "tomorrow"},
    "exp-not-a-number": {"exp": float("nan")},
    "oidcc-client-test-missing-iat": {"iat": None},
    "iat-in-the-future": {"iat": NOW + 3600},
    "nbf-in-the-future": {"nbf": NOW + 3600},
    "oidcc-client-test-missing-sub": {"sub": None},
    "sub-blank": {"sub": "  "},
    "sub-too-long": {"sub": "x" * 256},
    "sub-a-number": {"sub": 7},
    "oidcc-client-test-invalid-athash": {"at_hash": half_hash("another-token")},
    "at-hash-a-number": {"at_hash": 7},
    "oidcc-client-test-invalid-chash": {"c_hash": half_hash("another-code")},
    "auth-time-as-text": {"auth_time": "yesterday"},
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_id_token_is_refused(issuer: HostileIssuer, forge: Forge) -> None:
    issuer.answer_token(id_token=forge(issuer))
    assert refused(issuer).reason is SignInReason.PROOF_REFUSED


@pytest.mark.parametrize("changes", CLAIMS.values(), ids=CLAIMS.keys())
def test_an_id_token_with_a_wrong_claim_is_refused(issuer: HostileIssuer, changes: dict[str, Any]) -> None:
    issuer.answer_token(id_token=issuer.sign(**changes))
    assert refused(issuer).reason is SignInReason.PROOF_REFUSED


def test_oidcc_client_test_invalid_sig_es256_is_refused(issuer: HostileIssuer) -> None:
    issuer.keys = [EC]
    token = issuer.sign(key=EC)
    issuer.answer_token(id_token=token[:-8] + ("A" * 8))
    assert refused(issuer, signing_algorithms=("ES256",)).reason is SignInReason.PROOF_REFUSED


def test_oidcc_client_test_kid_absent_multiple_jwks_is_refused(issuer: HostileIssuer) -> None:
    issuer.keys = [RSA, EC]
    issuer.answer_token(id_token=issuer.sign(header={"kid": None}))
    assert refused(issuer).reason is SignInReason.PROOF_REFUSED


def test_oidcc_client_test_userinfo_invalid_sub_is_refused(issuer: HostileIssuer) -> None:
    issuer.userinfo = {"sub": "somebody-else"}
    found = refused(issuer, userinfo=True)
    assert (found.reason, found.detail) == (SignInReason.PROOF_REFUSED, "userinfo_sub")


@pytest.mark.parametrize(
    "answer",
    [{"id_token": None}, {"id_token": ["x"]}, {"access_token": 7}, {"token_type": "mac"}, {"token_type": None}],
    ids=["no-id-token", "id-token-a-list", "access-token-a-number", "token-type-mac", "no-token-type"],
)
def test_an_incomplete_token_answer_is_refused(issuer: HostileIssuer, answer: dict[str, Any]) -> None:
    if "id_token" in answer and answer["id_token"] is None:
        issuer.instead["/token"] = lambda _: as_json({"access_token": "a", "token_type": "Bearer"})
    issuer.answer_token(**answer)
    assert refused(issuer).reason is SignInReason.PROOF_REFUSED


LAWFUL: dict[str, dict[str, Any]] = {
    "oidcc-client-test": {},
    "fapi2-valid-aud-as-array": {"aud": [CLIENT_ID]},
    "azp-that-is-us": {"azp": CLIENT_ID},
    "at-hash-right": {"at_hash": half_hash(ACCESS_TOKEN)},
    "c-hash-right": {"c_hash": half_hash(CODE)},
    "clock-a-little-slow": {"exp": NOW + 3600, "iat": NOW + 30},
    "claims-nobody-asked-for": {"roles": {"deep": [1, {"x": None}]}, "name": "Zoë 🙂"},
    "sub-of-255-characters": {"sub": "s" * 255},
}


@pytest.mark.parametrize("changes", LAWFUL.values(), ids=LAWFUL.keys())
def test_an_unusual_but_lawful_id_token_is_accepted(issuer: HostileIssuer, changes: dict[str, Any]) -> None:
    issuer.answer_token(id_token=issuer.sign(**changes))
    found = redeem(issuer)
    assert (found.issuer, found.subject) == (issuer.url, changes.get("sub", SUBJECT))


def test_an_id_token_that_ran_out_by_a_clock_a_little_slower_than_ours_is_accepted(issuer: HostileIssuer) -> None:
    # Signed against the time now: in a long run this file was read minutes ago.
    issuer.answer_token(id_token=issuer.sign(exp=int(time.time()) - 20))
    assert redeem(issuer).subject == SUBJECT


@pytest.mark.parametrize(
    "answer",
    [{"token_type": "bEARER"}, {"expires_in": None}, {"scope": "openid", "refresh_token": "unused"}],
    ids=["fapi2-token-type-case-insensitivity", "fapi2-token-endpoint-response-without-expires_in", "more-than-asked"],
)
def test_an_unusual_but_lawful_token_answer_is_accepted(issuer: HostileIssuer, answer: dict[str, Any]) -> None:
    issuer.answer_token(**answer)
    assert redeem(issuer).subject == SUBJECT


def test_oidcc_client_test_kid_absent_single_jwks_is_accepted(issuer: HostileIssuer) -> None:
    issuer.answer_token(id_token=issuer.sign(header={"kid": None}))
    assert redeem(issuer).subject == SUBJECT


def test_keys_of_a_kind_nobody_here_knows_do_not_hide_the_right_one(issuer: HostileIssuer) -> None:
    issuer.keys = [{"kty": "AKP", "kid": "pq-1", "alg": "ML-DSA-65", "pub": "x"}, RSA]
    assert redeem(issuer).subject == SUBJECT


def test_an_issuer_that_signs_with_es256_is_accepted_where_the_file_says_so(issuer: HostileIssuer) -> None:
    issuer.keys = [EC]
    issuer.answer_token(id_token=issuer.sign(key=EC))
    assert redeem(issuer, signing_algorithms=("ES256",)).subject == SUBJECT


def test_oidcc_client_test_scope_userinfo_claims_are_added_and_cannot_replace_who_it_is(issuer: HostileIssuer) -> None:
    issuer.userinfo = {"groups": ["officers"], "iss": "elsewhere", "aud": "elsewhere"}
    found = redeem(issuer, userinfo=True)
    assert found.claims["groups"] == ["officers"]
    assert (found.claims["iss"], found.claims["aud"]) == (issuer.url, CLIENT_ID)


def test_when_the_person_proved_it_is_kept_and_never_lies_in_the_future(issuer: HostileIssuer) -> None:
    issuer.answer_token(id_token=issuer.sign(auth_time=NOW - 600))
    assert redeem(issuer).auth_time == dt.datetime.fromtimestamp(NOW - 600, dt.UTC)
    issuer.answer_token(id_token=issuer.sign(auth_time=NOW + 10**9))
    assert redeem(issuer).auth_time <= dt.datetime.now(dt.UTC)


STALE: dict[str, Any] = {
    "missing": None,
    "too-old": NOW - 900,
    "true": True,
    "text": str(NOW),
    "not-a-number": float("nan"),
}


@pytest.mark.parametrize("said", STALE.values(), ids=STALE.keys())
def test_a_proof_asked_for_anew_has_to_say_that_it_is_new(issuer: HostileIssuer, said: Any) -> None:
    issuer.answer_token(id_token=issuer.sign(auth_time=said))
    found = refused(issuer, proved_since=dt.datetime.fromtimestamp(NOW - 300, dt.UTC))
    assert found.reason is SignInReason.PROOF_REFUSED
    assert "auth_time" in found.detail


def test_a_proof_made_since_it_was_asked_for_is_accepted_also_by_a_clock_a_little_slow(issuer: HostileIssuer) -> None:
    asked = dt.datetime.now(dt.UTC)
    for said in (NOW - 30, NOW + 30):
        issuer.answer_token(id_token=issuer.sign(auth_time=said))
        assert redeem(issuer, proved_since=asked - dt.timedelta(minutes=10)).subject == SUBJECT


@pytest.mark.parametrize("module", ["signing-key-rotation", "signing-key-rotation-just-before-signing"])
def test_oidcc_client_test_rotated_keys_are_found(issuer: HostileIssuer, module: str) -> None:
    moment = 0.0
    directory = IssuerDirectory(lambda: moment)
    assert redeem(issuer, directory).subject == SUBJECT
    fresh = OTHER_RSA.__class__.import_key({**OTHER_RSA.as_dict(private=True), "kid": "rsa-2"})
    issuer.keys = [fresh, RSA] if module == "signing-key-rotation" else [fresh]
    issuer.answer_token(id_token=issuer.sign(key=fresh))
    moment += 31
    assert redeem(issuer, directory).subject == SUBJECT

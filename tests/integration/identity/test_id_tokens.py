"""ID tokens that must be refused, and unusual ones that must not: each names its id in the conformance suite.

``oidcc-...`` are modules of the OpenID Foundation's relying-party suite, ``fapi2-...`` clients' tests of FAPI 2.0.
"""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest

from parley.identity.domain import SignInReason, SignInRefused, Verified
from parley.identity.issuers import IssuerDirectory
from parley.identity.oidc import ClientProof, IssuerClient
from support.forgeries import CLAIMS, FORGERIES, INCOMPLETE, LAWFUL, LAWFUL_ANSWERS, NOW, Forge
from support.hostile_issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    CODE,
    EC,
    OTHER_RSA,
    RSA,
    SUBJECT,
    HostileIssuer,
    hostile_issuer,
)


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
    client = IssuerClient(issuer.config(**config), directory or IssuerDirectory(), ClientProof(secret=CLIENT_SECRET))
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


@pytest.mark.parametrize("answer", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_an_incomplete_token_answer_is_refused(issuer: HostileIssuer, answer: dict[str, Any]) -> None:
    issuer.answer_token(**answer)
    assert refused(issuer).reason is SignInReason.PROOF_REFUSED


@pytest.mark.parametrize("changes", LAWFUL.values(), ids=LAWFUL.keys())
def test_an_unusual_but_lawful_id_token_is_accepted(issuer: HostileIssuer, changes: dict[str, Any]) -> None:
    issuer.answer_token(id_token=issuer.sign(**changes))
    found = redeem(issuer)
    assert (found.issuer, found.subject) == (issuer.url, changes.get("sub", SUBJECT))


def test_an_id_token_that_ran_out_by_a_clock_a_little_slower_than_ours_is_accepted(issuer: HostileIssuer) -> None:
    # Signed against the time now: in a long run this file was read minutes ago.
    issuer.answer_token(id_token=issuer.sign(exp=int(time.time()) - 20))
    assert redeem(issuer).subject == SUBJECT


@pytest.mark.parametrize("answer", LAWFUL_ANSWERS.values(), ids=LAWFUL_ANSWERS.keys())
def test_an_unusual_but_lawful_token_answer_is_accepted(issuer: HostileIssuer, answer: dict[str, Any]) -> None:
    issuer.answer_token(**answer)
    assert redeem(issuer).subject == SUBJECT


def test_oidcc_client_test_kid_absent_single_jwks_is_accepted(issuer: HostileIssuer) -> None:
    issuer.answer_token(id_token=issuer.sign(header={"kid": None}))
    assert redeem(issuer).subject == SUBJECT


def test_keys_of_a_kind_nobody_here_knows_do_not_hide_the_right_one(issuer: HostileIssuer) -> None:
    issuer.keys = [{"kty": "AKP", "kid": "pq-1", "alg": "ML-DSA-65", "pub": "x"}, RSA]
    assert redeem(issuer).subject == SUBJECT


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("RS256", RSA), ("PS256", RSA), ("ES256", EC)],
    ids=["oidcc-client-test-idtoken-sig-rs256", "ps256", "es256"],
)
def test_an_issuer_signs_with_what_the_file_says(issuer: HostileIssuer, algorithm: str, key: Any) -> None:
    issuer.keys = [RSA, EC]
    issuer.answer_token(id_token=issuer.sign(key=key, header={"alg": algorithm}))
    assert redeem(issuer, signing_algorithms=(algorithm,)).subject == SUBJECT


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
    assert found.reason is (SignInReason.PROOF_REFUSED if isinstance(said, str) else SignInReason.PROOF_OLD)
    assert "auth_time" in found.detail


def test_a_proof_made_since_it_was_asked_for_is_accepted_also_by_a_clock_a_little_slow(issuer: HostileIssuer) -> None:
    asked = dt.datetime.now(dt.UTC)
    for said in (NOW - 30, NOW + 30):
        issuer.answer_token(id_token=issuer.sign(auth_time=said))
        assert redeem(issuer, proved_since=asked - dt.timedelta(minutes=10)).subject == SUBJECT


@pytest.mark.parametrize(
    "module",
    ["oidcc-client-test-signing-key-rotation", "oidcc-client-test-signing-key-rotation-just-before-signing"],
)
def test_rotated_keys_are_found(issuer: HostileIssuer, module: str) -> None:
    moment = 0.0
    directory = IssuerDirectory(lambda: moment)
    assert redeem(issuer, directory).subject == SUBJECT
    fresh = OTHER_RSA.__class__.import_key({**OTHER_RSA.as_dict(private=True), "kid": "rsa-2"})
    issuer.keys = [fresh, RSA] if module.endswith("rotation") else [fresh]
    issuer.answer_token(id_token=issuer.sign(key=fresh))
    moment += 31
    assert redeem(issuer, directory).subject == SUBJECT

"""Logout tokens that must be refused, and unusual ones that must not: ids as in the conformance suite."""

import datetime as dt
import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator

import pytest

from parley.identity.domain import SignInReason, SignInRefused
from parley.identity.issuers import IssuerDirectory
from parley.identity.logout_tokens import LOGOUT_EVENT, SignedOutThere, read_logout_token
from support.hostile_issuer import CLIENT_ID, EC, OTHER_RSA, RSA, SESSION, SUBJECT, HostileIssuer, hostile_issuer
from support.hostile_issuer import unsigned as without_signature

NOW = int(time.time())


@pytest.fixture(scope="module")
def issuer() -> Iterator[HostileIssuer]:
    with hostile_issuer() as running:
        yield running


@pytest.fixture(scope="module")
def directory() -> IssuerDirectory:
    return IssuerDirectory()


def read(issuer: HostileIssuer, directory: IssuerDirectory, token: str) -> SignedOutThere:
    config = issuer.config()
    return read_logout_token(
        token, lambda unknown: directory.keys(config, unknown_key=unknown), config, now=dt.datetime.now(dt.UTC)
    )


def logout_claims(issuer: HostileIssuer) -> dict[str, object]:
    return issuer.claims(nonce=None, jti="one", sid=SESSION, events={LOGOUT_EVENT: {}})


def _hs256_with_the_public_key(issuer: HostileIssuer) -> str:
    signing_input = without_signature(logout_claims(issuer), alg="HS256", kid=RSA.kid).rstrip(".")
    mac = hmac.digest(RSA.as_pem(private=False), signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


Forge = Callable[[HostileIssuer], str]

FORGERIES: dict[str, Forge] = {
    "oidcc-client-test-rp-backchannel-rpinitlogout-alg-none": lambda issuer: without_signature(
        logout_claims(issuer), alg="none"
    ),
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg": lambda issuer: issuer.sign_logout(key=EC),
    "hs256-with-the-public-key": _hs256_with_the_public_key,
    "signed-with-another-key": lambda issuer: issuer.sign_logout(key=OTHER_RSA),
    "unknown-kid": lambda issuer: issuer.sign_logout(header={"kid": "nobody-knows"}),
    "oidcc-client-test-rp-backchannel-rpinitlogout-no-event": lambda issuer: issuer.sign_logout(events=None),
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event": lambda issuer: issuer.sign_logout(
        events={"http://schemas.openid.net/event/another": {}}
    ),
    "event-not-an-object": lambda issuer: issuer.sign_logout(events={LOGOUT_EVENT: True}),
    "events-a-list": lambda issuer: issuer.sign_logout(events=[LOGOUT_EVENT]),
    "oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce": lambda issuer: issuer.sign_logout(nonce="a-nonce"),
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud": lambda issuer: issuer.sign_logout(aud="another"),
    "second-audience": lambda issuer: issuer.sign_logout(aud=[CLIENT_ID, "another"]),
    "aud-missing": lambda issuer: issuer.sign_logout(aud=None),
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss": lambda issuer: issuer.sign_logout(
        iss="https://another.example"
    ),
    "iss-missing": lambda issuer: issuer.sign_logout(iss=None),
    "neither-sub-nor-sid": lambda issuer: issuer.sign_logout(sub=None, sid=None),
    "sub-not-text": lambda issuer: issuer.sign_logout(sub=7),
    "sid-empty": lambda issuer: issuer.sign_logout(sid=""),
    "sid-endless": lambda issuer: issuer.sign_logout(sid="x" * 256),
    "jti-missing": lambda issuer: issuer.sign_logout(jti=None),
    "expired": lambda issuer: issuer.sign_logout(iat=NOW - 400, exp=NOW - 120),
    "exp-missing": lambda issuer: issuer.sign_logout(exp=None),
    "iat-missing": lambda issuer: issuer.sign_logout(iat=None),
    "iat-in-the-future": lambda issuer: issuer.sign_logout(iat=NOW + 600, exp=NOW + 900),
    "good-for-a-year-and-old": lambda issuer: issuer.sign_logout(iat=NOW - 3600, exp=NOW + 31_536_000),
    "iat-not-a-number": lambda issuer: issuer.sign_logout(iat="now"),
    "another-kind-of-token": lambda issuer: issuer.sign_logout(header={"typ": "at+jwt"}),
    "an-id-token": lambda issuer: issuer.sign(),
    "not-a-token": lambda _: "%00.{}.",
    "nothing": lambda _: "",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_logout_token_that_proves_nothing_is_refused(
    issuer: HostileIssuer, directory: IssuerDirectory, forge: Forge
) -> None:
    with pytest.raises(SignInRefused) as refused:
        read(issuer, directory, forge(issuer))
    assert refused.value.reason is SignInReason.PROOF_REFUSED


LAWFUL: dict[str, Forge] = {
    "oidcc-client-test-rp-backchannel-rpinitlogout": lambda issuer: issuer.sign_logout(),
    "aud-as-a-list": lambda issuer: issuer.sign_logout(aud=[CLIENT_ID]),
    "type-not-said": lambda issuer: issuer.sign_logout(header={"typ": None}),
    "type-jwt": lambda issuer: issuer.sign_logout(header={"typ": "JWT"}),
    "another-event-beside": lambda issuer: issuer.sign_logout(events={LOGOUT_EVENT: {}, "urn:another": {}}),
    "a-clock-a-little-ahead": lambda issuer: issuer.sign_logout(iat=NOW + 30, exp=NOW + 150),
}


@pytest.mark.parametrize("make", LAWFUL.values(), ids=LAWFUL.keys())
def test_a_lawful_logout_token_is_read(issuer: HostileIssuer, directory: IssuerDirectory, make: Forge) -> None:
    said = read(issuer, directory, make(issuer))
    assert (said.subject, said.issuer_session) == (SUBJECT, SESSION)


def test_either_name_is_enough(issuer: HostileIssuer, directory: IssuerDirectory) -> None:
    assert read(issuer, directory, issuer.sign_logout(sub=None)).subject is None
    assert read(issuer, directory, issuer.sign_logout(sid=None)).issuer_session is None


def test_tokens_of_unknown_keys_do_not_flood_the_issuer(issuer: HostileIssuer, directory: IssuerDirectory) -> None:
    read(issuer, directory, issuer.sign_logout())
    asked = issuer.calls("/jwks")
    for number in range(20):
        with pytest.raises(SignInRefused):
            read(issuer, directory, issuer.sign_logout(header={"kid": f"made-up-{number}"}))
    assert issuer.calls("/jwks") - asked <= 1


def test_where_the_issuers_keys_cannot_be_had_it_is_told_to_try_again() -> None:
    with hostile_issuer() as gone:
        token = gone.sign_logout()
    with pytest.raises(SignInRefused) as refused:
        read(gone, IssuerDirectory(), token)
    assert refused.value.reason is SignInReason.ISSUER_UNREACHABLE

"""What a hostile issuer may put into a token, and what an unusual but lawful one does: by the id of the check for it.

``oidcc-...`` are modules of the OpenID Foundation's relying-party suite, ``fapi2-...`` clients' tests of FAPI 2.0.
"""

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from support.hostile_issuer import (
    ACCESS_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    CODE,
    OTHER_RSA,
    RSA,
    HostileIssuer,
    half_hash,
    unsigned,
)

NOW = int(time.time())


def _hs256_with_the_public_key(issuer: HostileIssuer) -> str:
    signing_input = unsigned(issuer.claims(), alg="HS256", kid=RSA.kid).rstrip(".")
    mac = hmac.digest(RSA.as_pem(private=False), signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _hs256_with_the_client_secret(issuer: HostileIssuer) -> str:
    return jwt.encode({"alg": "HS256"}, issuer.claims(), OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])


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
    "oidcc-client-test-invalid-sig-hs256": _hs256_with_the_public_key,
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

#: What the token endpoint may answer beside what it should: None leaves a member out.
INCOMPLETE: dict[str, dict[str, Any]] = {
    "no-id-token": {"id_token": None},
    "id-token-a-list": {"id_token": ["x"]},
    "no-access-token": {"access_token": None},
    "access-token-a-number": {"access_token": 7},
    "token-type-mac": {"token_type": "mac"},
    "no-token-type": {"token_type": None},
}

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

LAWFUL_ANSWERS: dict[str, dict[str, Any]] = {
    "fapi2-token-type-case-insensitivity": {"token_type": "bEARER"},
    "fapi2-token-endpoint-response-without-expires_in": {"expires_in": None},
    "more-than-asked": {"scope": "openid", "refresh_token": "unused"},
}

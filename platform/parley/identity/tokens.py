"""What an issuer signs, checked in every respect: the ID token, signed userinfo, the claim that an identity was proved.

Pure but for the keys, which come in as a function. Everything here raises SignInRefused and nothing else.
"""

import contextlib
import datetime as dt
import hmac
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from parley.identity.domain import IdentityClaim, IssuerConfig, SignInReason, SignInRefused, trust_asked
from parley.identity.issuers import UNREADABLE, word

#: How far an issuer's clock may differ from ours.
CLOCK_SKEW_SECONDS = 60
LONGEST_SUBJECT = 255

#: The keys that may have signed; with True, fetched anew because a token names one that is not known.
Keys = Callable[[bool], KeySet]


def check_id_token(
    id_token: str, keys: Keys, config: IssuerConfig, *, access_token: str, code: str, nonce: str, now: dt.datetime
) -> dict[str, Any]:
    """Return the ID token's claims after signature, every claim and the assurance were found right."""
    with refusing("claim_"):
        token = signed(id_token, keys, config.signing_algorithms)
        claims = _CodeFlowToken(
            token.claims,
            token.header,
            # Options of one's own replace Authlib's check of the issuer, so the value has to be named here.
            {"iss": {"essential": True, "value": config.issuer}},
            {"nonce": nonce, "client_id": config.client_id, "access_token": access_token, "code": code},
        )
        claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW_SECONDS)
    _check_assurance(config, claims)
    return dict(claims)


def check_fresh(claims: Mapping[str, Any], since: dt.datetime) -> None:
    """Refuse a proof older than what was asked for, and one that does not say how old it is."""
    said = _number(claims.get("auth_time"))
    if said is None:
        raise SignInRefused(SignInReason.PROOF_OLD, "auth_time_missing")
    if said < since.timestamp() - CLOCK_SKEW_SECONDS:
        raise SignInRefused(SignInReason.PROOF_OLD, "auth_time_too_old")


def read_signed_userinfo(text: str, keys: Keys, config: IssuerConfig) -> dict[str, Any]:
    """Return the claims of a userinfo answer that is a signed token (OpenID Connect Core, section 5.3.2)."""
    with refusing("userinfo_"):
        claims = signed(text, keys, config.signing_algorithms).claims
        if claims.get("iss") != config.issuer:
            raise InvalidClaimError("iss")
        if audience(claims) != [config.client_id]:
            raise InvalidClaimError("aud")
    return dict(claims)


def userinfo_claims(found: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return userinfo's claims, which must be about the same subject and cannot say anew who it is or by whom."""
    if found.get("sub") != subject:
        raise SignInRefused(SignInReason.PROOF_REFUSED, "userinfo_sub")
    return {name: value for name, value in found.items() if name not in _CodeFlowToken.REGISTERED_CLAIMS}


def check_identity(
    text: object, keys: Keys, wanted: IdentityClaim, *, client_id: str, subject: str, now: dt.datetime
) -> None:
    """Refuse somebody whose identity was not proved to a level that is ``wanted``, by the claim that says so.

    Nothing of what it says about the person is returned: names and dates of birth that nobody needs are not kept.
    """
    if not isinstance(text, str):
        raise SignInRefused(SignInReason.ASSURANCE, "identity_missing")
    with refusing("identity_"):
        claims = signed(text, keys, wanted.signing_algorithms).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": wanted.issuer},
            sub={"essential": True, "value": subject},
            exp={"essential": True},
        )
        registry.validate(claims)
        if audience(claims) != [client_id]:
            raise InvalidClaimError("aud")
    if claims.get("vot") not in wanted.levels:
        raise SignInRefused(SignInReason.ASSURANCE, "identity_level")


def auth_time(claims: Mapping[str, Any], now: dt.datetime) -> dt.datetime:
    """Return when the person proved who they are: what the issuer says, but never later than now."""
    said = _number(claims.get("auth_time"))
    if said is None:
        return now
    try:
        return min(now, dt.datetime.fromtimestamp(said, dt.UTC))
    except (OverflowError, ValueError, OSError):
        return now


class _CodeFlowToken(CodeIDToken):  # type: ignore[misc]  # Authlib carries no types
    """An ID token of the code flow, with the checks that Authlib does not make."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        """Raise a ClaimError for the first claim that is missing or wrong."""
        super().validate(now, leeway)
        subject = self["sub"]
        if not subject.strip() or len(subject) > LONGEST_SUBJECT:
            raise InvalidClaimError("sub")
        # An audience that we do not know of might hold the same token and play it to us.
        if audience(self) != [self.params["client_id"]]:
            raise InvalidClaimError("aud")
        code_hash = self.get("c_hash")
        if code_hash is not None:
            expected = create_half_hash(self.params["code"], self.header["alg"])
            if not hmac.compare_digest(expected, str(code_hash).encode()):
                raise InvalidClaimError("c_hash")


@contextlib.contextmanager
def refusing(prefix: str) -> Iterator[None]:
    """Turn whatever is wrong with a token into a refusal that names the claim, after ``prefix``, or the fault."""
    try:
        yield
    except ClaimError as error:
        raise SignInRefused(SignInReason.PROOF_REFUSED, f"{prefix}{word(error.claim)}") from error
    except (JoseError, *UNREADABLE) as error:
        raise SignInRefused(SignInReason.PROOF_REFUSED, word(type(error).__name__)) from error


def signed(text: str, keys: Keys, algorithms: Collection[str]) -> jwt.Token:
    """Return a token after its signature was found right; nothing that it says is checked yet.

    Only ``algorithms`` count, whatever the token says. Raises JoseError or one of ``UNREADABLE``.
    """
    registry = JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    try:
        return jwt.decode(text, keys(False), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(text, keys(True), registry=registry)


def audience(claims: Mapping[str, Any]) -> list[Any]:
    """Return whom a token is for, as a list whichever way the issuer wrote it."""
    said = claims.get("aud")
    return said if isinstance(said, list) else [said]


def _check_assurance(config: IssuerConfig, claims: Mapping[str, Any]) -> None:
    """Refuse a sign-in that was not made as strongly as was asked: asking alone binds no issuer."""
    if config.acr_values and claims.get("acr") not in config.acr_values:
        raise SignInRefused(SignInReason.ASSURANCE, "acr")
    if config.vtr and trust_asked(claims.get("vot")) not in {trust_asked(one) for one in config.vtr}:
        raise SignInRefused(SignInReason.ASSURANCE, "vot")


def _number(said: object) -> float | None:
    """Return a claim that should be a number of seconds, or None where it is none: text, true, or NaN."""
    if isinstance(said, bool) or not isinstance(said, (int, float)):
        return None
    return None if isinstance(said, float) and not math.isfinite(said) else said

"""What an issuer says when somebody signed out there: a logout token (OpenID Connect Back-Channel Logout 1.0).

Anybody may send one, so nothing of it is believed before all of it was checked. Nothing here touches the database.
"""

import dataclasses
import datetime as dt

from authlib.oauth2.claims import JWTClaims
from joserfc.errors import InvalidClaimError, MissingClaimError

from parley.identity.domain import LOGOUT_TOKEN_LIFETIME, IssuerConfig
from parley.identity.tokens import CLOCK_SKEW_SECONDS, LONGEST_SUBJECT, Keys, audience, refusing, signed

#: The one event that makes a token a logout token (section 2.4).
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

#: The largest body that is read; a logout token is about one kilobyte.
LARGEST_LOGOUT_BODY = 16 * 1024

#: What a token may say it is. Issuers that say nothing more than "a JWT" are lawful; other kinds of token are not.
_TYPES = frozenset({"logout+jwt", "application/logout+jwt", "jwt"})
_ESSENTIAL = ("iss", "aud", "iat", "exp", "jti", "events")
_TEXTS = ("sub", "sid", "jti")


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedOutThere:
    """Whom a checked logout token names: a person, one session of theirs at the issuer, or both; never neither."""

    issuer: str
    token_id: str
    subject: str | None
    issuer_session: str | None


def read_logout_token(token: str, keys: Keys, config: IssuerConfig, *, now: dt.datetime) -> SignedOutThere:
    """Return what ``token`` says after signature and every claim were found right (section 2.6).

    Whether it was played before is for the caller to ask. Raises SignInRefused, with PROOF_REFUSED for a token that
    is not to be believed and another reason where the issuer's ``keys`` could not be had.
    """
    with refusing("claim_"):
        found = signed(token, keys, config.signing_algorithms)
        claims = _LogoutToken(found.claims, found.header, {"iss": {"essential": True, "value": config.issuer}})
        claims.params["client_id"] = config.client_id
        claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW_SECONDS)
    return SignedOutThere(
        issuer=config.issuer,
        token_id=claims["jti"],
        subject=claims.get("sub"),
        issuer_session=claims.get("sid"),
    )


class _LogoutToken(JWTClaims):  # type: ignore[misc]  # Authlib carries no types
    """A logout token's claims."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        """Raise a ClaimError for the first claim that is missing, wrong, or of another kind of token."""
        for name in _ESSENTIAL:
            if name not in self:
                raise MissingClaimError(name)
        super().validate(now, leeway)
        if str(self.header.get("typ", "jwt")).lower() not in _TYPES:
            raise InvalidClaimError("typ")
        if audience(self) != [self.params["client_id"]]:
            raise InvalidClaimError("aud")
        # What makes it impossible to play an ID token as a logout token, and the other way round.
        if "nonce" in self:
            raise InvalidClaimError("nonce")
        events = self["events"]
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
            raise InvalidClaimError("events")
        if now is not None and now - self["iat"] > LOGOUT_TOKEN_LIFETIME.total_seconds() + leeway:
            raise InvalidClaimError("iat")
        for name in _TEXTS:
            self._check_text(name)
        if "sub" not in self and "sid" not in self:
            raise MissingClaimError("sub")

    def _check_text(self, name: str) -> None:
        value = self.get(name, "-")
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SUBJECT:
            raise InvalidClaimError(name)

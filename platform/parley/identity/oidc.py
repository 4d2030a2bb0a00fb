"""The OpenID Connect client: Authlib's, with the guards it leaves to its user.

Nothing here touches the database or a page. Every function that speaks to an issuer raises SignInRefused and nothing
else: an issuer may be down, mistaken or hostile, and none of that may become an error page of ours.
"""

import contextlib
import dataclasses
import datetime as dt
import hmac
import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet
from joserfc.jws import JWSRegistry

from parley.identity.domain import ClientAuth, IssuerConfig, SignInReason, SignInRefused, Verified
from parley.identity.transport import GuardedSession, Reach, guard

#: How long what an issuer says of itself is believed, and how soon its keys may be asked for again when a token names
#: one that is not known: a rotated key is found at once, a made-up one costs the issuer no flood.
METADATA_SECONDS = 600.0
KEYS_FLOOR_SECONDS = 30.0
#: How long an issuer has to show that it answers before a browser is sent there, and how long what it showed counts:
#: short enough that a person neither waits long nor meets an issuer that has just gone down.
ANSWER_SECONDS = 3.0
ANSWER_KEPT_SECONDS = 5.0
#: How far an issuer's clock may differ from ours.
CLOCK_SKEW_SECONDS = 60
#: How long our own proof to the issuer is good for.
ASSERTION_SECONDS = 60
CLIENT_ALGORITHM = "ES256"

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LONGEST_SUBJECT = 255
#: What reading a hostile answer can raise in the libraries: wrong types, numbers too large, lists too deep.
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClientProof:
    """What Parley proves itself with at one issuer: a secret, or a key."""

    secret: str | None = dataclasses.field(default=None, repr=False)
    key: ECKey | None = dataclasses.field(default=None, repr=False)


class IssuerDirectory:
    """What issuers say of themselves, kept per configuration for a few minutes. Safe to share between threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start empty; ``monotonic`` counts seconds."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._metadata: dict[IssuerConfig, tuple[float, dict[str, Any]]] = {}
        self._keys: dict[IssuerConfig, tuple[float, KeySet]] = {}
        self._silent: dict[IssuerConfig, tuple[float, SignInRefused]] = {}

    def metadata(self, config: IssuerConfig) -> dict[str, Any]:
        """Return the issuer's metadata, once it says it is the issuer that was configured. Raises SignInRefused."""
        now = self._monotonic()
        with self._lock:
            known = self._metadata.get(config)
        if known and now - known[0] < METADATA_SECONDS:
            return known[1]
        return self._ask(config)

    def answering(self, config: IssuerConfig) -> dict[str, Any]:
        """Return the metadata of an issuer that answers now, or did a few seconds ago. Raises SignInRefused.

        What is merely remembered is no ground to send a browser there: at an issuer that is down it shows a page of
        its own making, on which nobody reads what else there is to do. That one is down counts for as long, so that
        people do not wait for it one after the other.
        """
        now = self._monotonic()
        with self._lock:
            silent, known = self._silent.get(config), self._metadata.get(config)
        if silent and now - silent[0] < ANSWER_KEPT_SECONDS:
            raise SignInRefused(silent[1].reason, silent[1].detail)
        if known and now - known[0] < ANSWER_KEPT_SECONDS:
            return known[1]
        try:
            return self._ask(config, within=ANSWER_SECONDS)
        except SignInRefused as refused:
            with self._lock:
                self._silent[config] = (self._monotonic(), refused)
            raise

    def keys(self, config: IssuerConfig, *, unknown_key: bool = False) -> KeySet:
        """Return the issuer's keys; with ``unknown_key``, fetched anew unless that was done just now.

        Raises SignInRefused when they cannot be had.
        """
        now = self._monotonic()
        with self._lock:
            known = self._keys.get(config)
        if known and now - known[0] < (KEYS_FLOOR_SECONDS if unknown_key else METADATA_SECONDS):
            return known[1]
        found = _fetch_json(config, self.metadata(config)["jwks_uri"])
        try:
            keys = KeySet.import_key_set({"keys": found["keys"]})
        except (JoseError, *_UNREADABLE) as error:
            raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "jwks") from error
        with self._lock:
            self._keys[config] = (now, keys)
        return keys

    def _ask(self, config: IssuerConfig, *, within: float | None = None) -> dict[str, Any]:
        """Ask the issuer what it says of itself, check it and remember it."""
        found = _fetch_json(config, config.issuer.rstrip("/") + "/.well-known/openid-configuration", within=within)
        if found.get("issuer") != config.issuer:
            raise SignInRefused(SignInReason.ISSUER_MISMATCH, "metadata")
        for name in _ENDPOINTS:
            if not _is_address(config, found.get(name)):
                raise SignInRefused(SignInReason.ISSUER_MISTAKEN, name)
        with self._lock:
            self._metadata[config] = (self._monotonic(), found)
        return found


class IssuerClient:
    """One sign-in's conversation with one issuer. Made anew each time; holds nothing of another's."""

    def __init__(self, config: IssuerConfig, directory: IssuerDirectory, proof: ClientProof) -> None:
        """Take the configuration, the shared directory, and what we prove ourselves with."""
        self._config = config
        self._directory = directory
        self._proof = proof

    def authorization_url(
        self, *, state: str, nonce: str, verifier: str, redirect_uri: str, max_age: dt.timedelta | None = None
    ) -> str:
        """Return where to send the browser: code flow with state, nonce and PKCE S256.

        ``max_age`` asks that the person prove anew who they are where they did longer ago than that; whether they did
        is for ``redeem`` to check. Raises SignInRefused, also when the issuer is known but does not answer now.
        """
        metadata = self._directory.answering(self._config)
        extra = dict(self._config.extra)
        if max_age is not None:
            extra["max_age"] = str(int(max_age.total_seconds()))
        if self._config.acr_values:
            extra["acr_values"] = " ".join(self._config.acr_values)
        with self._session(redirect_uri) as session:
            url, _state = session.create_authorization_url(
                metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce, **extra
            )
        return str(url)

    def check_issuer(self, answered_by: str | None) -> None:
        """Refuse an answer that another issuer sent (RFC 9207): before anything else of it is used.

        ``answered_by`` is the callback's ``iss``; it may be missing only where the metadata does not announce it.
        """
        announced = self._directory.metadata(self._config).get("authorization_response_iss_parameter_supported")
        if answered_by is None and announced is True:
            raise SignInRefused(SignInReason.ISSUER_MISMATCH, "iss_missing")
        if answered_by is not None and answered_by != self._config.issuer:
            raise SignInRefused(SignInReason.ISSUER_MISMATCH, "iss_other")

    def redeem(
        self,
        *,
        code: str,
        verifier: str,
        nonce: str,
        redirect_uri: str,
        now: dt.datetime,
        proved_since: dt.datetime | None = None,
    ) -> Verified:
        """Exchange ``code`` for an ID token, check it in every respect, and return what it says.

        With ``proved_since`` (when the request was made, less its ``max_age``) the token has to say when the person
        proved who they are, and that has to be no earlier (OpenID Connect Core, section 3.1.3.7, 13).
        """
        metadata = self._directory.metadata(self._config)
        with self._session(redirect_uri) as session:
            token = self._fetch_token(session, metadata["token_endpoint"], code, verifier, now)
            claims = self._checked(token, code=code, nonce=nonce, now=now)
            if proved_since is not None:
                _check_fresh(claims, proved_since)
            if self._config.userinfo:
                claims |= self._userinfo(session, metadata, str(claims["sub"]))
        end_session = metadata.get("end_session_endpoint")
        return Verified(
            issuer=self._config.issuer,
            subject=str(claims["sub"]),
            auth_time=_auth_time(claims, now),
            claims=claims,
            id_token=str(token["id_token"]),
            end_session_endpoint=end_session if _is_address(self._config, end_session) else None,
        )

    def _session(self, redirect_uri: str) -> GuardedSession:
        config = self._config
        by_key = config.client_auth is ClientAuth.PRIVATE_KEY
        return GuardedSession(
            _reach(config),
            client_id=config.client_id,
            client_secret=self._proof.key if by_key else self._proof.secret,
            token_endpoint_auth_method=config.client_auth.value,
            scope=" ".join(config.scopes),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _fetch_token(
        self, session: GuardedSession, endpoint: str, code: str, verifier: str, now: dt.datetime
    ) -> Mapping[str, Any]:
        if self._proof.key is not None:
            headers = {"kid": self._proof.key.kid}
            claims = {"exp": int(now.timestamp()) + ASSERTION_SECONDS}
            session.register_client_auth_method(PrivateKeyJWT(headers=headers, claims=claims, alg=CLIENT_ALGORITHM))
        try:
            with _reaching("token"):
                token: Mapping[str, Any] = session.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=session.redirect_uri,
                )
        except OAuthError as error:
            raise SignInRefused(SignInReason.CODE_REFUSED, _word(error.error)) from error
        except _UNREADABLE as error:
            raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "token_answer") from error
        if not all(isinstance(token.get(name), str) for name in ("id_token", "access_token", "token_type")):
            raise SignInRefused(SignInReason.PROOF_REFUSED, "token_incomplete")
        if token["token_type"].lower() != "bearer":
            raise SignInRefused(SignInReason.PROOF_REFUSED, "token_type")
        return token

    def _checked(self, token: Mapping[str, Any], *, code: str, nonce: str, now: dt.datetime) -> dict[str, Any]:
        """Return the ID token's claims after signature and every claim were found right."""
        config = self._config
        try:
            signed = self._verify_signature(token["id_token"])
            claims = _CodeFlowToken(
                signed.claims,
                signed.header,
                # Options of one's own replace Authlib's check of the issuer, so the value has to be named here.
                {"iss": {"essential": True, "value": config.issuer}},
                {
                    "nonce": nonce,
                    "client_id": config.client_id,
                    "access_token": token["access_token"],
                    "code": code,
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=CLOCK_SKEW_SECONDS)
        except ClaimError as error:
            raise SignInRefused(SignInReason.PROOF_REFUSED, f"claim_{_word(error.claim)}") from error
        except (JoseError, *_UNREADABLE) as error:
            raise SignInRefused(SignInReason.PROOF_REFUSED, _word(type(error).__name__)) from error
        return dict(claims)

    def _verify_signature(self, id_token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(self._config.signing_algorithms), strict_check_header=False)
        try:
            return jwt.decode(id_token, self._directory.keys(self._config), registry=registry)
        except InvalidKeyIdError:
            keys = self._directory.keys(self._config, unknown_key=True)
            return jwt.decode(id_token, keys, registry=registry)

    def _userinfo(self, session: GuardedSession, metadata: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """Return the userinfo claims, which must be about the same subject (OpenID Connect Core, section 5.3.2)."""
        address = metadata.get("userinfo_endpoint")
        if not _is_address(self._config, address):
            raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "userinfo_endpoint")
        with _reaching("userinfo"):
            answer = session.get(address)
            answer.raise_for_status()
            found = _object(answer)
        if found.get("sub") != subject:
            raise SignInRefused(SignInReason.PROOF_REFUSED, "userinfo_sub")
        return {name: value for name, value in found.items() if name not in _CodeFlowToken.REGISTERED_CLAIMS}


class _CodeFlowToken(CodeIDToken):  # type: ignore[misc]  # Authlib carries no types
    """An ID token of the code flow, with the checks that Authlib does not make."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        """Raise a ClaimError for the first claim that is missing or wrong."""
        super().validate(now, leeway)
        subject = self["sub"]
        if not subject.strip() or len(subject) > _LONGEST_SUBJECT:
            raise InvalidClaimError("sub")
        # An audience that we do not know of might hold the same token and play it to us.
        audience = self["aud"]
        if (audience if isinstance(audience, list) else [audience]) != [self.params["client_id"]]:
            raise InvalidClaimError("aud")
        code_hash = self.get("c_hash")
        if code_hash is not None:
            expected = create_half_hash(self.params["code"], self.header["alg"])
            if not hmac.compare_digest(expected, str(code_hash).encode()):
                raise InvalidClaimError("c_hash")


def sign_out_url(end_session_endpoint: str, *, client_id: str, id_token: str, post_logout_redirect_uri: str) -> str:
    """Return where a person signs out at the issuer too (OpenID Connect RP-Initiated Logout 1.0)."""
    parameters = {"client_id": client_id, "post_logout_redirect_uri": post_logout_redirect_uri}
    if id_token:
        parameters["id_token_hint"] = id_token
    joined = "&" if urlsplit(end_session_endpoint).query else "?"
    return f"{end_session_endpoint}{joined}{urlencode(parameters)}"


def _reach(config: IssuerConfig) -> Reach:
    return Reach(plain_http=config.plain_http, private_addresses=config.private_addresses)


def _fetch_json(config: IssuerConfig, url: str, *, within: float | None = None) -> dict[str, Any]:
    with _reaching("metadata"), requests.Session() as session:
        guard(session, _reach(config), within=within)
        answer = session.get(url, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return _object(answer)


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except _UNREADABLE:
        found = None
    if not isinstance(found, dict):
        raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "not_json")
    return found


@contextlib.contextmanager
def _reaching(what: str) -> Iterator[None]:
    """Turn every failure to reach the issuer into a refusal that says what could not be reached."""
    try:
        yield
    except requests.RequestException as error:
        raise SignInRefused(SignInReason.ISSUER_UNREACHABLE, f"{what}_{_word(type(error).__name__)}") from error


def _is_address(config: IssuerConfig, value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ({"https", "http"} if config.plain_http else {"https"}) and bool(parts.hostname)


def _check_fresh(claims: Mapping[str, Any], since: dt.datetime) -> None:
    """Refuse a proof older than what was asked for, and one that does not say how old it is."""
    said = _number(claims.get("auth_time"))
    if said is None:
        raise SignInRefused(SignInReason.PROOF_REFUSED, "auth_time_missing")
    if said < since.timestamp() - CLOCK_SKEW_SECONDS:
        raise SignInRefused(SignInReason.PROOF_REFUSED, "auth_time_too_old")


def _auth_time(claims: Mapping[str, Any], now: dt.datetime) -> dt.datetime:
    """Return when the person proved who they are: what the issuer says, but never later than now."""
    said = _number(claims.get("auth_time"))
    if said is None:
        return now
    try:
        return min(now, dt.datetime.fromtimestamp(said, dt.UTC))
    except (OverflowError, ValueError, OSError):
        return now


def _number(said: object) -> float | None:
    """Return a claim that should be a number of seconds, or None where it is none: text, true, or NaN."""
    if isinstance(said, bool) or not isinstance(said, (int, float)):
        return None
    return None if isinstance(said, float) and not math.isfinite(said) else said


def _word(text: object) -> str:
    """Return ``text`` as a word that may stand in the audit: what an issuer sends is not ours to repeat."""
    return re.sub(r"[^A-Za-z0-9_]", "", str(text))[:40]

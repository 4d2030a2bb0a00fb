"""The OpenID Connect client: Authlib's, with the guards it leaves to its user.

Nothing here touches the database or a page. Every function that speaks to an issuer raises SignInRefused and nothing
else (``issuers``).
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, KeySet

from parley.identity import tokens
from parley.identity.domain import CLIENT_ALGORITHM, ClientAuth, IssuerConfig, SignInReason, SignInRefused, Verified
from parley.identity.issuers import UNREADABLE, IssuerDirectory, is_address, reach_of, reaching, read_object, word
from parley.identity.transport import GuardedSession

#: How long our own proof to the issuer is good for.
ASSERTION_SECONDS = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClientProof:
    """What Parley proves itself with at one issuer: a secret, or a key."""

    secret: str | None = dataclasses.field(default=None, repr=False)
    key: ECKey | None = dataclasses.field(default=None, repr=False)


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
        if self._config.vtr:
            extra["vtr"] = json.dumps(self._config.vtr, separators=(",", ":"))
        if self._config.identity_claim is not None:
            extra["claims"] = json.dumps({"userinfo": {self._config.identity_claim.name: None}}, separators=(",", ":"))
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
            claims = tokens.check_id_token(
                token["id_token"],
                self._keys,
                self._config,
                access_token=token["access_token"],
                code=code,
                nonce=nonce,
                now=now,
            )
            if proved_since is not None:
                tokens.check_fresh(claims, proved_since)
            if self._config.userinfo:
                claims |= self._userinfo(session, metadata, str(claims["sub"]), now)
        end_session = metadata.get("end_session_endpoint")
        return Verified(
            issuer=self._config.issuer,
            subject=str(claims["sub"]),
            auth_time=tokens.auth_time(claims, now),
            claims=claims,
            id_token=str(token["id_token"]),
            end_session_endpoint=end_session if is_address(self._config, end_session) else None,
        )

    def try_code(self, code: str, *, verifier: str, redirect_uri: str, now: dt.datetime) -> None:
        """Send ``code`` to the token endpoint and do nothing with the answer: an issuer that refuses a made-up code
        and not the client has accepted our proof. Raises SignInRefused with the issuer's own error as detail.
        """
        endpoint = self._directory.metadata(self._config)["token_endpoint"]
        with self._session(redirect_uri) as session:
            self._fetch_token(session, endpoint, code, verifier, now)

    def _session(self, redirect_uri: str) -> GuardedSession:
        config = self._config
        by_key = config.client_auth is ClientAuth.PRIVATE_KEY
        return GuardedSession(
            reach_of(config),
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
            with reaching("token"):
                token: Mapping[str, Any] = session.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=session.redirect_uri,
                )
        except OAuthError as error:
            raise SignInRefused(SignInReason.CODE_REFUSED, word(error.error)) from error
        except UNREADABLE as error:
            raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "token_answer") from error
        if not all(isinstance(token.get(name), str) for name in ("id_token", "access_token", "token_type")):
            raise SignInRefused(SignInReason.PROOF_REFUSED, "token_incomplete")
        if token["token_type"].lower() != "bearer":
            raise SignInRefused(SignInReason.PROOF_REFUSED, "token_type")
        return token

    def _keys(self, unknown_key: bool) -> KeySet:
        return self._directory.keys(self._config, unknown_key=unknown_key)

    def _userinfo(
        self, session: GuardedSession, metadata: Mapping[str, Any], subject: str, now: dt.datetime
    ) -> dict[str, Any]:
        """Return the userinfo claims, after the claim that an identity was proved, if one is asked for, was checked."""
        config, wanted = self._config, self._config.identity_claim
        address = metadata.get("userinfo_endpoint")
        if not is_address(config, address):
            raise SignInRefused(SignInReason.ISSUER_MISTAKEN, "userinfo_endpoint")
        with reaching("userinfo"):
            answer = session.get(address)
            answer.raise_for_status()
        if answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/jwt":
            found = tokens.read_signed_userinfo(answer.text, self._keys, config)
        else:
            found = read_object(answer)
        claims = tokens.userinfo_claims(found, subject)
        if wanted is not None:

            def keys(unknown_key: bool) -> KeySet:
                return self._directory.keys(config, unknown_key=unknown_key, at=wanted.keys)

            tokens.check_identity(
                claims.pop(wanted.name, None), keys, wanted, client_id=config.client_id, subject=subject, now=now
            )
        return claims


def sign_out_url(end_session_endpoint: str, *, client_id: str, id_token: str, post_logout_redirect_uri: str) -> str:
    """Return where a person signs out at the issuer too (OpenID Connect RP-Initiated Logout 1.0)."""
    parameters = {"client_id": client_id, "post_logout_redirect_uri": post_logout_redirect_uri}
    if id_token:
        parameters["id_token_hint"] = id_token
    joined = "&" if urlsplit(end_session_endpoint).query else "?"
    return f"{end_session_endpoint}{joined}{urlencode(parameters)}"

"""An OpenID issuer over real HTTP that lies as it is told to. Correct unless a test changes something."""

import base64
import contextlib
import dataclasses
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from parley.identity.domain import ClientAuth, IssuerConfig
from parley.identity.logout_tokens import LOGOUT_EVENT

CLIENT_ID = "parley"
CLIENT_SECRET = "a-client-secret-that-is-long-enough-for-hs256"
CODE = "a-code"
ACCESS_TOKEN = "an-access-token"
SUBJECT = "parent1"
#: What the issuer calls its session with that person.
SESSION = "a-session-at-the-issuer"

#: Made once: an RSA key takes longer than a test.
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}, private=True)
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}, private=True)
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}, private=True)

Answer = Callable[[Request], Response]


@dataclasses.dataclass
class HostileIssuer:
    """What the issuer says, all of it a test's to change. ``seen`` counts requests by path."""

    port: int
    scheme: str = "http"
    metadata: dict[str, Any] = dataclasses.field(default_factory=dict)
    keys: list[Any] = dataclasses.field(default_factory=lambda: [RSA])
    token: dict[str, Any] = dataclasses.field(default_factory=dict)
    userinfo: dict[str, Any] = dataclasses.field(default_factory=dict)
    #: Takes over the answer at a path entirely.
    instead: dict[str, Answer] = dataclasses.field(default_factory=dict)
    nonce: str = "a-nonce"
    seen: list[str] = dataclasses.field(default_factory=list)
    token_forms: list[dict[str, str]] = dataclasses.field(default_factory=list)

    @property
    def url(self) -> str:
        """The issuer's identifier."""
        return f"{self.scheme}://localhost:{self.port}"

    def config(self, **changes: Any) -> IssuerConfig:
        """Return how a council would describe this issuer."""
        described = IssuerConfig(
            issuer=self.url,
            client_id=CLIENT_ID,
            client_auth=ClientAuth.BASIC,
            secret_variable="HOSTILE_SECRET",
            key_variable=None,
            scopes=("openid",),
            signing_algorithms=("RS256",),
            acr_values=(),
            extra=(),
            name_claim=None,
            roles_claim=None,
            roles=(),
            userinfo=False,
            private_addresses=True,
            plain_http=True,
        )
        return dataclasses.replace(described, **changes)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a right ID token, changed; a claim set to None is left out."""
        now = int(time.time())
        right = {"iss": self.url, "sub": SUBJECT, "aud": CLIENT_ID, "exp": now + 300, "iat": now, "nonce": self.nonce}
        return {name: value for name, value in (right | changes).items() if value is not None}

    def sign(self, *, key: Any = RSA, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return an ID token of ``claims(**changes)``."""
        full = {"alg": "ES256" if key.key_type == "EC" else "RS256", "kid": key.kid} | (header or {})
        full = {name: value for name, value in full.items() if value is not None}
        registry = JWSRegistry(algorithms=[full["alg"]], strict_check_header=False)
        return jwt.encode(full, self.claims(**changes), key, registry=registry)

    def be_honest(self) -> None:
        """Forget every lie, and what was asked."""
        honest = HostileIssuer(self.port, scheme=self.scheme)
        self.__dict__.update(vars(honest))

    def sign_logout(self, *, key: Any = RSA, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return a right logout token, changed as ``sign`` changes an ID token."""
        right = {"nonce": None, "jti": secrets.token_urlsafe(8), "sid": SESSION, "events": {LOGOUT_EVENT: {}}}
        return self.sign(key=key, header={"typ": "logout+jwt"} | (header or {}), **(right | changes))

    def calls(self, path: str) -> int:
        """Return how often ``path`` was asked for."""
        return self.seen.count(path)

    def answer_token(self, **values: Any) -> None:
        """Answer the token endpoint with ``values`` beside the usual ones; None leaves one out."""
        self.token = values

    def described(self) -> dict[str, Any]:
        """Return what the issuer says of itself."""
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/end",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata
        return {name: value for name, value in said.items() if value is not None}

    def token_answer(self) -> dict[str, Any]:
        """Return what the token endpoint answers."""
        usual: dict[str, Any] = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 300}
        if "id_token" not in self.token:
            usual["id_token"] = self.sign()
        return {name: value for name, value in (usual | self.token).items() if value is not None}

    def key_set(self) -> dict[str, Any]:
        """Return the issuer's public keys."""
        return {"keys": [key if isinstance(key, dict) else key.as_dict(private=False) for key in self.keys]}

    def _answer(self, request: Request) -> Response:
        self.seen.append(request.path)
        if request.method == "POST":
            self.token_forms.append(request.form.to_dict())
        if request.path in self.instead:
            return self.instead[request.path](request)
        said = {
            "/.well-known/openid-configuration": self.described,
            "/jwks": self.key_set,
            "/token": self.token_answer,
            "/userinfo": lambda: {"sub": SUBJECT} | self.userinfo,
        }
        return as_json(said[request.path]())


def as_json(value: Any, status: int = 200) -> Response:
    """Return an answer that holds ``value``."""
    return Response(json.dumps(value), status=status, mimetype="application/json")


def unsigned(claims: dict[str, Any], **header: Any) -> str:
    """Return a token that nobody signed."""
    return f"{_part(header)}.{_part(claims)}."


def half_hash(text: str, algorithm: str = "RS256") -> str:
    """Return what at_hash and c_hash hold for ``text``."""
    return str(create_half_hash(text, algorithm).decode())


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextlib.contextmanager
def hostile_issuer(certificate: tuple[str, str] | None = None) -> Iterator[HostileIssuer]:
    """Run an issuer inside the block; with ``certificate`` (files of certificate and key), over TLS."""

    class Quiet(WSGIRequestHandler):
        def log(self, *_arguments: Any) -> None:
            """Say nothing: what an issuer is asked belongs in no log."""

    running: list[HostileIssuer] = []

    def application(environ: Any, start_response: Any) -> Any:
        return running[0]._answer(Request(environ))(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet, ssl_context=certificate)
    issuer = HostileIssuer(server.server_port, scheme="https" if certificate else "http")
    running.append(issuer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

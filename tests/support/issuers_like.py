"""Issuers that behave as well-known ones are documented to, as a process of a test's own."""

import contextlib
import dataclasses
import json
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

from joserfc.jwk import ECKey

from support.signin_server import ROOT, free_port

SERVER = pathlib.Path(__file__).with_suffix(".mjs")
SECRET = "a-secret-that-only-these-tests-know-of"
IDENTITY_ISSUER = "https://identity.example/"
KEY_ID = "did:web:identity.example#first"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """A client of one of the issuers: where its sign-ins come back to, and the key that proves it, if one does."""

    client_id: str
    redirect_uri: str
    key: ECKey | None = None

    def metadata(self) -> dict[str, Any]:
        """Return what the issuer knows of the client."""
        known = {
            "client_id": self.client_id,
            "redirect_uris": [self.redirect_uri],
            "post_logout_redirect_uris": [self.redirect_uri.partition("/sign-in")[0] + "/"],
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        }
        if self.key is None:
            return known | {"client_secret": SECRET, "token_endpoint_auth_method": "client_secret_basic"}
        return known | {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "jwks": {"keys": [self.key.as_dict(private=False)]},
        }


@contextlib.contextmanager
def issuers_like(clients: dict[str, list[Wanted]]) -> Iterator[dict[str, str]]:
    """Run an issuer for each kind that ``clients`` names inside the block; give the kinds' issuer identifiers."""
    key = ECKey.generate_key("P-256", private=True)
    method = {"id": KEY_ID, "type": "JsonWebKey", "publicKeyJwk": key.as_dict(private=False)}
    identity_keys = {
        "private": key.as_dict(private=True),
        "kid": KEY_ID,
        "issuer": IDENTITY_ISSUER,
        "did": {"id": KEY_ID.partition("#")[0], "verificationMethod": [method]},
    }
    wanted = {
        like: {
            "like": like,
            "port": free_port(),
            "clients": [client.metadata() for client in known],
            "identityKeys": identity_keys,
        }
        for like, known in clients.items()
    }
    command = ["node", SERVER, json.dumps(wanted)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            # What the library warns of in a development server comes before it.
            if not any(line == b"listening\n" for line in iter(process.stdout.readline, b"")):
                raise RuntimeError("the issuers did not start")
            yield {like: f"http://localhost:{one['port']}" for like, one in wanted.items()}
        finally:
            process.terminate()

"""A device that keeps passkeys, in software: answers what a browser would, and can be told to answer wrongly."""

import dataclasses
import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclasses.dataclass
class Authenticator:
    """Holds one passkey. What a test changes in it comes out in the next answer."""

    origin: str
    rp_id: str
    key: ec.EllipticCurvePrivateKey = dataclasses.field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = dataclasses.field(default_factory=lambda: secrets.token_bytes(16))
    user: bytes = b""
    count: int = 0
    flags: int = PRESENT | VERIFIED
    counts: bool = True

    def make(self, options: str) -> str:
        """Return the answer to ``options``, as JSON: a new passkey for the user they name."""
        asked = json.loads(options)
        self.user = base64url_to_bytes(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(cose)
        data = self._data(self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(
            {
                "clientDataJSON": bytes_to_base64url(self._client_data("webauthn.create", asked["challenge"])),
                "attestationObject": bytes_to_base64url(attestation),
                "transports": ["internal"],
            }
        )

    def use(self, options: str) -> str:
        """Return the answer to ``options``, as JSON: a proof that this device and its owner are there."""
        if self.counts:
            self.count += 1
        client_data = self._client_data("webauthn.get", json.loads(options)["challenge"])
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": bytes_to_base64url(client_data),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": bytes_to_base64url(self.user),
            }
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _credential(self, response: dict[str, Any]) -> str:
        named = bytes_to_base64url(self.credential_id)
        return json.dumps(
            {
                "id": named,
                "rawId": named,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "clientExtensionResults": {},
                "response": response,
            }
        )

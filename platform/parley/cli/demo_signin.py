"""Who can sign in to a demonstration, and where: read from the sign-in server's own file."""

import dataclasses
import json
import os
import pathlib
from typing import Any

from joserfc.jwk import ECKey

from parley.cli.checkout import ROOT

FOLDER: pathlib.Path = ROOT / "demo" / "signin"


@dataclasses.dataclass(frozen=True)
class Issuer:
    """An organisation's stand-in sign-in: whom it is for, at which site, the accounts it lists, its client's secret.

    ``begins`` is the page of the site where these people begin. ``secret`` is None where the client proves itself with
    a key instead.
    """

    name: str
    people: str
    site: str
    begins: str
    accounts: tuple[str, ...]
    secret: str | None

    @property
    def variable(self) -> str:
        """The environment variable by which the tenants' files name the client's secret or key."""
        return f"{self.name.replace('-', '_').upper()}_SIGNIN_{'SECRET' if self.secret else 'KEY'}"


def issuers() -> tuple[Issuer, ...]:
    """Return the issuers of the demonstration, in the order of the file."""
    listed = json.loads((FOLDER / "accounts.json").read_text(encoding="utf-8"))["issuers"]
    return tuple(
        Issuer(
            name=issuer["name"],
            people=issuer["title"],
            site=issuer["site"],
            # A council's staff and its families share a host.
            begins="/council" if issuer["redirect_paths"] == ["/staff/sign-in/callback"] else "/",
            accounts=tuple(account["id"] for account in issuer["accounts"]),
            secret=issuer["client"].get("secret"),
        )
        for issuer in listed
    )


def make_client_keys(folder: pathlib.Path) -> bool:
    """Make, in ``folder``, the keys of clients that prove themselves with one; tell whether any was missing.

    Leaves one private JWK per client, and what the sign-in server may see of all of them in one file.
    """
    missing = [issuer for issuer in issuers() if issuer.secret is None and not _key_file(folder, issuer).exists()]
    for issuer in missing:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        _write(_key_file(folder, issuer), json.dumps(key.as_dict(private=True)))
    if missing or not public_keys_file(folder).exists():
        public = {issuer.name: _public_keys(folder, issuer) for issuer in issuers() if issuer.secret is None}
        _write(public_keys_file(folder), json.dumps(public, indent=2))
    return bool(missing)


def client_environment(folder: pathlib.Path) -> dict[str, str]:
    """Return the variables that the tenants' files and the sign-in server read clients' secrets and keys from.

    In production the same variables hold real secrets; those of the demonstration open nothing but itself.
    """
    named = {issuer.variable: issuer.secret or _key_file(folder, issuer).read_text() for issuer in issuers()}
    return named | {"SIGNIN_KEYS_FILE": str(public_keys_file(folder))}


def public_keys_file(folder: pathlib.Path) -> pathlib.Path:
    """Return the file of public keys that the sign-in server reads."""
    return folder / "signin-public-keys.json"


def _public_keys(folder: pathlib.Path, issuer: Issuer) -> dict[str, Any]:
    key = ECKey.import_key(json.loads(_key_file(folder, issuer).read_text()))
    return {"keys": [key.as_dict(private=False)]}


def _key_file(folder: pathlib.Path, issuer: Issuer) -> pathlib.Path:
    return folder / f"{issuer.name}-signin.jwk"


def _write(path: pathlib.Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)

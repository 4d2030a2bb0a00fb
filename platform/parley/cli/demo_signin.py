"""Who can sign in to a demonstration, and where: read from the sign-in server's own file."""

import dataclasses
import json
import pathlib

from parley.cli.checkout import ROOT

FOLDER: pathlib.Path = ROOT / "demo" / "signin"


@dataclasses.dataclass(frozen=True)
class Issuer:
    """An organisation's stand-in sign-in: whom it is for, at which site, and the accounts it lists."""

    name: str
    people: str
    site: str
    accounts: tuple[str, ...]


def issuers() -> tuple[Issuer, ...]:
    """Return the issuers of the demonstration, in the order of the file."""
    listed = json.loads((FOLDER / "accounts.json").read_text(encoding="utf-8"))["issuers"]
    return tuple(
        Issuer(
            name=issuer["name"],
            people=issuer["title"],
            site=issuer["site"],
            accounts=tuple(account["id"] for account in issuer["accounts"]),
        )
        for issuer in listed
    )

"""Ready-made ways to describe well-known kinds of issuers: what a file need not say where it names one. Pure.

Each is documented in docs/sign-in.md, with what of it was tried and what was not.
"""

import enum
from collections.abc import Mapping
from typing import Any


class Profile(enum.StrEnum):
    """A kind of issuer whose ways are known."""

    GENERIC = "generic"
    MICROSOFT_ENTRA = "microsoft_entra"
    """Microsoft Entra External ID, for families, and Entra ID, for staff."""
    GOVUK_ONE_LOGIN = "govuk_one_login"
    PAIRWISE = "pairwise"
    """Any issuer that knows a person by another name at each of its clients."""


#: Keys of an issuer's table by profile, each used where the file does not say otherwise.
PRESETS: Mapping[Profile, Mapping[str, Any]] = {
    Profile.GENERIC: {},
    # Publishes no address for a client's keys, so that a secret is the way in; says nothing of acr, iss or auth_time.
    Profile.MICROSOFT_ENTRA: {
        "client_auth": "client_secret_basic",
        "signing_algorithms": ["RS256"],
        "subjects": "pairwise",
    },
    # Two factors are what "Cl.Cm" asks for: a password and a code.
    Profile.GOVUK_ONE_LOGIN: {
        "client_auth": "private_key_jwt",
        "signing_algorithms": ["ES256"],
        "subjects": "pairwise",
        "vtr": ["Cl.Cm"],
    },
    Profile.PAIRWISE: {"subjects": "pairwise"},
}


def with_preset(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return an issuer's table with what its profile says besides; a profile nobody knows says nothing."""
    named = table.get("profile")
    preset = PRESETS[Profile(named)] if named in set(Profile) else {}
    return {**preset, **table}

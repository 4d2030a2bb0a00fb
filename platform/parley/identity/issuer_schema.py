"""One issuer in a tenant's file: parsed and checked."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate, validates_schema

from parley.access.domain import Role
from parley.identity.domain import (
    SIGNING_ALGORITHMS,
    ClientAuth,
    Environment,
    IdentityClaim,
    IssuerConfig,
    Subjects,
    identity_asked,
)
from parley.identity.profiles import Profile, with_preset

#: Parameters of an authorisation request that Parley itself decides; a file may not set them.
RESERVED_PARAMETERS = frozenset(
    "acr_values claims client_id code_challenge code_challenge_method max_age nonce redirect_uri request request_uri"
    " response_mode response_type scope state vtr".split()
)

_ENVIRONMENT_NAME = validate.Regexp(
    re.compile(r"^(?!PARLEY_)[A-Z][A-Z0-9_]*$"),
    error="Allowed: the name of an environment variable in capitals that does not begin with PARLEY_.",
)
#: A vector of trust as GOV.UK One Login takes it: how the sign-in is protected, and how surely an identity is proved.
_VECTOR = validate.Regexp(
    re.compile(r"^(P[0-3]\.)?C[a-z](\.C[a-z])*(\.P[0-3])?$"),
    error='Allowed: a vector of trust such as "Cl.Cm" or "Cl.Cm.P2".',
)
_BY_REFERENCE = 'Allowed: { env = "NAME" }, naming an environment variable. A secret is never written in a file.'
_Schemes = frozenset[str]


class Strict(Schema):
    """What it does not know, it refuses."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "Not a key of this file; see tenants/README.md."}


class ReferenceSchema(Strict):
    """A secret, by reference to the environment variable that holds it; ``expires`` is the last day it works."""

    error_messages = {"type": _BY_REFERENCE}

    env = fields.String(required=True, validate=_ENVIRONMENT_NAME)
    expires = fields.Date()


class MetadataSchema(Strict):
    """What an issuer without discovery says of itself, as its people wrote it down. Names are discovery's own."""

    authorization_endpoint = fields.String(required=True)
    token_endpoint = fields.String(required=True)
    jwks_uri = fields.String(required=True)
    userinfo_endpoint = fields.String()
    end_session_endpoint = fields.String()
    authorization_response_iss_parameter_supported = fields.Boolean()


class IdentityClaimSchema(Strict):
    """The claim that a person's identity was proved, whose issuer and keys are not those of the ID token."""

    name = fields.String(required=True, validate=validate.Length(min=1))
    issuer = fields.String(required=True, validate=validate.Length(min=1))
    keys = fields.String(required=True)


class IssuerSchema(Strict):
    """An issuer: https only, secrets by reference."""

    profile = fields.Enum(Profile, by_value=True, load_default=Profile.GENERIC)
    issuer = fields.String(required=True)
    metadata = fields.Nested(MetadataSchema)
    client_id = fields.String(required=True, validate=validate.Length(min=1, max=200))
    client_auth = fields.Enum(ClientAuth, by_value=True, required=True)
    client_secret = fields.Nested(ReferenceSchema)
    client_key = fields.Nested(ReferenceSchema)
    scopes = fields.List(fields.String(), load_default=lambda: ["openid"])
    signing_algorithms = fields.List(
        fields.String(
            validate=validate.OneOf(SIGNING_ALGORITHMS, error="Allowed: {choices}. Others prove nothing to us.")
        ),
        load_default=lambda: ["RS256"],
        validate=validate.Length(min=1),
    )
    subjects = fields.Enum(Subjects, by_value=True, load_default=Subjects.PUBLIC)
    acr_values = fields.List(fields.String(), load_default=list)
    vtr = fields.List(fields.String(validate=_VECTOR), load_default=list)
    extra = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    name_claim = fields.String(load_default=None)
    roles_claim = fields.String(load_default=None)
    roles = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), load_default=dict)
    userinfo = fields.Boolean(load_default=False)
    identity_claim = fields.Nested(IdentityClaimSchema)
    private_addresses = fields.Boolean(load_default=False)

    schemes: _Schemes = frozenset({"https"})

    @pre_load
    def fill_in(self, data: Any, **_: Any) -> Any:
        """Take from the profile what the file does not say."""
        return with_preset(data) if isinstance(data, Mapping) else data

    @validates_schema
    def issuer_is_an_address(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse what cannot be an issuer identifier (OpenID Connect Discovery, section 3)."""
        if not self._is_address(data["issuer"], bare=True):
            raise ValidationError({"issuer": [f"{self._allowed()} without query or fragment."]})

    @validates_schema
    def addresses_are_addresses(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse explicit metadata and keys that lead nowhere, or that somebody on the way could alter."""
        given = {
            ("metadata", name): value for name, value in data.get("metadata", {}).items() if isinstance(value, str)
        }
        if "identity_claim" in data:
            given["identity_claim", "keys"] = data["identity_claim"]["keys"]
        problems: dict[str, dict[str, list[str]]] = {}
        for (table, name), value in given.items():
            if not self._is_address(value):
                problems.setdefault(table, {})[name] = [f"{self._allowed()}."]
        if problems:
            raise ValidationError(problems)

    @validates_schema
    def secret_fits(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask for a secret exactly where the client authenticates with one."""
        by_secret = data["client_auth"] is ClientAuth.BASIC
        wrong = "client_key" if by_secret else "client_secret"
        if wrong in data:
            other = ClientAuth.PRIVATE_KEY if by_secret else ClientAuth.BASIC
            raise ValidationError({wrong: [f"Allowed only with client_auth = {other}."]})
        if by_secret and "client_secret" not in data:
            raise ValidationError({"client_secret": [_BY_REFERENCE]})

    @validates_schema
    def request_is_ours(self, data: Mapping[str, Any], **_: Any) -> None:
        """Keep the guards of the request out of the file's reach."""
        if "openid" not in data["scopes"]:
            raise ValidationError({"scopes": ['Allowed: a list that contains "openid".']})
        taken = sorted(RESERVED_PARAMETERS & data["extra"].keys())
        if taken:
            raise ValidationError({"extra": [f"Not allowed here, Parley sets it: {', '.join(taken)}."]})

    @validates_schema
    def identity_is_checked(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask for the claim that says so wherever a proved identity is asked for, and only there."""
        asked = bool(identity_asked(data["vtr"]))
        if asked and "identity_claim" not in data:
            named = "Is required with a P in vtr: without the claim nobody would know whether an identity was proved."
            raise ValidationError({"identity_claim": [named]})
        if "identity_claim" in data and not asked:
            raise ValidationError({"identity_claim": ["Allowed only with a level such as P2 in vtr."]})
        if asked and not data["userinfo"]:
            raise ValidationError({"userinfo": ["Allowed with identity_claim: true; the claim is read there."]})

    def _is_address(self, value: str, *, bare: bool = False) -> bool:
        try:
            parts = urlsplit(value)
        except ValueError:
            return False
        extra = parts.username or parts.fragment or (parts.query if bare else "")
        return parts.scheme in self.schemes and bool(parts.hostname) and not extra

    def _allowed(self) -> str:
        return f"Allowed: an {' or '.join(sorted(self.schemes))} address"


class DemonstrationIssuerSchema(IssuerSchema):
    """The demonstration's own issuer: plain http on this machine."""

    schemes: _Schemes = frozenset({"http", "https"})


def issuer_of(environment: Environment, loaded: Mapping[str, Any]) -> IssuerConfig:
    """Return what a schema of this module loaded, typed."""
    secret, key = loaded.get("client_secret", {}), loaded.get("client_key", {})
    return IssuerConfig(
        issuer=loaded["issuer"],
        metadata=tuple(sorted(loaded.get("metadata", {}).items())),
        client_id=loaded["client_id"],
        client_auth=loaded["client_auth"],
        secret_variable=secret.get("env"),
        key_variable=key.get("env"),
        secret_expires=secret.get("expires") or key.get("expires"),
        scopes=tuple(loaded["scopes"]),
        signing_algorithms=tuple(loaded["signing_algorithms"]),
        subjects=loaded["subjects"],
        acr_values=tuple(loaded["acr_values"]),
        vtr=tuple(loaded["vtr"]),
        extra=tuple(sorted(loaded["extra"].items())),
        name_claim=loaded["name_claim"],
        roles_claim=loaded["roles_claim"],
        roles=tuple((Role(role), tuple(groups)) for role, groups in sorted(loaded["roles"].items())),
        userinfo=loaded["userinfo"],
        identity_claim=_identity_claim(loaded),
        private_addresses=loaded["private_addresses"],
        plain_http=environment is Environment.DEMONSTRATION,
    )


def _identity_claim(loaded: Mapping[str, Any]) -> IdentityClaim | None:
    table = loaded.get("identity_claim")
    return IdentityClaim(**table, levels=tuple(sorted(identity_asked(loaded["vtr"])))) if table else None

"""signin.toml and the ``[signin]`` section of other tenant files: parsed, checked, never holding a real secret."""

import dataclasses
import datetime as dt
import pathlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from parley.access.domain import Role
from parley.identity.domain import (
    DEFAULT_LIMITS,
    ROLES_OF_KIND,
    SIGNING_ALGORITHMS,
    ClientAuth,
    Environment,
    IssuerConfig,
    SessionLimits,
    SignInConfig,
    SignInKind,
)
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem, problems_from, read_toml

#: Where the demonstration's sign-in server listens unless the settings say otherwise.
DEMO_SIGNIN_PORT = 8100

#: Parameters of an authorisation request that Parley itself decides; a file may not set them.
RESERVED_PARAMETERS = frozenset(
    "client_id code_challenge code_challenge_method max_age nonce redirect_uri request request_uri response_mode"
    " response_type scope state acr_values".split()
)

_ENVIRONMENT_NAME = validate.Regexp(
    re.compile(r"^(?!PARLEY_)[A-Z][A-Z0-9_]*$"),
    error="Allowed: the name of an environment variable in capitals that does not begin with PARLEY_.",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ParsedSignIn:
    """One door of one environment, as its file says it: what is stored, and what ``config_of`` makes usable."""

    kind: SignInKind
    environment: Environment
    content: Mapping[str, Any]

    @property
    def config(self) -> SignInConfig:
        """Return it typed."""
        return config_of(self.kind, self.environment, self.content)


_BY_REFERENCE = 'Allowed: { env = "NAME" }, naming an environment variable. A secret is never written in a file.'


class _Strict(Schema):
    """What it does not know, it refuses."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "Not a key of this file; see tenants/README.md."}


class ReferenceSchema(_Strict):
    """A secret, by reference to the environment variable that holds it."""

    error_messages = {"type": _BY_REFERENCE}

    env = fields.String(required=True, validate=_ENVIRONMENT_NAME)


class IssuerSchema(_Strict):
    """An issuer: https only, secrets by reference."""

    issuer = fields.String(required=True)
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
    acr_values = fields.List(fields.String(), load_default=list)
    extra = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    name_claim = fields.String(load_default=None)
    roles_claim = fields.String(load_default=None)
    roles = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), load_default=dict)
    userinfo = fields.Boolean(load_default=False)
    private_addresses = fields.Boolean(load_default=False)

    schemes = frozenset({"https"})

    @validates_schema
    def issuer_is_an_address(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse what cannot be an issuer identifier (OpenID Connect Discovery, section 3)."""
        parts = urlsplit(data["issuer"])
        if parts.scheme not in self.schemes or not parts.hostname or parts.query or parts.fragment or parts.username:
            allowed = " or ".join(sorted(self.schemes))
            raise ValidationError({"issuer": [f"Allowed: an {allowed} address without query or fragment."]})

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


class DemonstrationIssuerSchema(IssuerSchema):
    """The demonstration's own issuer: plain http on this machine."""

    schemes = frozenset({"http", "https"})


class DoorSchema(_Strict):
    """One door: what it is called, how long a sign-in lasts, and an issuer per environment."""

    label = fields.String(required=True, validate=validate.Length(min=3, max=80))
    idle_minutes = fields.Integer(validate=validate.Range(5, 240))
    longest_hours = fields.Integer(validate=validate.Range(1, 24))
    live = fields.Nested(IssuerSchema)
    test = fields.Nested(IssuerSchema)
    demonstration = fields.Nested(DemonstrationIssuerSchema)

    def __init__(self, kind: SignInKind, **options: Any) -> None:
        """Take whom the door is for, which decides the roles it may give."""
        super().__init__(**options)
        self._kind = kind

    @validates_schema
    def roles_fit(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask for roles where people have any, and only for roles of this door."""
        problems = {
            environment: found
            for environment in Environment
            if environment in data and (found := _role_problems(self._kind, data[environment]))
        }
        if problems:
            raise ValidationError({environment.value: found for environment, found in problems.items()})


class CouncilSignInSchema(_Strict):
    """tenants/<council>/signin.toml: the families' door and the staff door. Either may be missing."""

    family = fields.Nested(lambda: DoorSchema(SignInKind.FAMILY))
    staff = fields.Nested(lambda: DoorSchema(SignInKind.STAFF))


def parse_sign_in(path: pathlib.Path, *, demo_signin_port: int = DEMO_SIGNIN_PORT) -> tuple[ParsedSignIn, ...]:
    """Return the doors in a council's signin.toml. Raises ConfigurationError naming every problem.

    ``{demo_signin_port}`` in the issuer of a demonstration stands for ``demo_signin_port``.
    """
    data = _with_port(read_toml(path), demo_signin_port)
    _check(path, CouncilSignInSchema(), data)
    return tuple(door for kind, table in data.items() for door in _doors(SignInKind(kind), table))


def parse_sign_in_section(
    path: pathlib.Path, kind: SignInKind, *, demo_signin_port: int = DEMO_SIGNIN_PORT
) -> tuple[ParsedSignIn, ...]:
    """Return the doors in the ``[signin]`` section of a provider's or the platform's file; none without a section.

    Raises ConfigurationError naming every problem. See ``parse_sign_in`` for ``demo_signin_port``.
    """
    section = _with_port(read_toml(path), demo_signin_port).get("signin")
    if section is None:
        return ()
    if not isinstance(section, dict):
        problem = ConfigurationProblem(file=str(path), key="signin", found=repr(section), allowed="Allowed: a table.")
        raise ConfigurationError([problem])
    _check(path, Schema.from_dict({"signin": fields.Nested(lambda: DoorSchema(kind))})(), {"signin": section})
    return tuple(_doors(kind, section))


def config_of(kind: SignInKind, environment: Environment, content: Mapping[str, Any]) -> SignInConfig:
    """Return a door's stored content typed. Raises marshmallow's ValidationError for content no file could hold."""
    loaded = DoorSchema(kind).load(content)
    default = DEFAULT_LIMITS[kind]
    return SignInConfig(
        kind=kind,
        environment=environment,
        label=loaded["label"],
        limits=SessionLimits(
            idle=dt.timedelta(minutes=loaded["idle_minutes"]) if "idle_minutes" in loaded else default.idle,
            longest=dt.timedelta(hours=loaded["longest_hours"]) if "longest_hours" in loaded else default.longest,
        ),
        issuer=_issuer(environment, loaded[environment.value]),
    )


def _with_port(data: dict[str, Any], port: int) -> dict[str, Any]:
    """Return ``data`` with the port put into every demonstration issuer (a table named ``demonstration``)."""
    for key, value in data.items():
        if isinstance(value, dict):
            data[key] = _with_port(value, port)
            issuer = value.get("issuer")
            if key == Environment.DEMONSTRATION and isinstance(issuer, str):
                value["issuer"] = issuer.replace("{demo_signin_port}", str(port))
    return data


def _check(path: pathlib.Path, schema: Schema, data: Mapping[str, Any]) -> None:
    try:
        schema.load(data)
    except ValidationError as error:
        raise ConfigurationError(problems_from(path, data, error.messages_dict)) from None


def _doors(kind: SignInKind, table: Mapping[str, Any]) -> list[ParsedSignIn]:
    """Split a door's table into one content per environment it names."""
    shared = {key: value for key, value in table.items() if key not in set(Environment)}
    return [
        ParsedSignIn(kind=kind, environment=environment, content={**shared, environment.value: table[environment]})
        for environment in Environment
        if environment.value in table
    ]


def _issuer(environment: Environment, loaded: Mapping[str, Any]) -> IssuerConfig:
    return IssuerConfig(
        issuer=loaded["issuer"],
        client_id=loaded["client_id"],
        client_auth=loaded["client_auth"],
        secret_variable=loaded.get("client_secret", {}).get("env"),
        key_variable=loaded.get("client_key", {}).get("env"),
        scopes=tuple(loaded["scopes"]),
        signing_algorithms=tuple(loaded["signing_algorithms"]),
        acr_values=tuple(loaded["acr_values"]),
        extra=tuple(sorted(loaded["extra"].items())),
        name_claim=loaded["name_claim"],
        roles_claim=loaded["roles_claim"],
        roles=tuple((Role(role), tuple(groups)) for role, groups in sorted(loaded["roles"].items())),
        userinfo=loaded["userinfo"],
        private_addresses=loaded["private_addresses"],
        plain_http=environment is Environment.DEMONSTRATION,
    )


def _role_problems(kind: SignInKind, issuer: Mapping[str, Any]) -> dict[str, list[str]]:
    roles, claim = issuer["roles"], issuer["roles_claim"]
    if kind is SignInKind.FAMILY:
        taken = {"roles": bool(roles), "roles_claim": bool(claim)}
        return {key: ["Not allowed: families have one role."] for key, given in taken.items() if given}
    problems: dict[str, list[str]] = {}
    if not claim:
        problems["roles_claim"] = ["Is required: the claim that lists a person's groups."]
    allowed = sorted(ROLES_OF_KIND[kind])
    unknown = sorted(roles.keys() - set(allowed))
    if unknown or not roles:
        problems["roles"] = [f"Allowed keys, at least one: {', '.join(allowed)}."]
    return problems

"""signin.toml and the ``[signin]`` section of other tenant files: parsed, checked, never holding a real secret."""

import dataclasses
import datetime as dt
import pathlib
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from parley.identity.domain import (
    DEFAULT_LIMITS,
    ROLES_OF_KIND,
    Environment,
    SessionLimits,
    SignInConfig,
    SignInKind,
)
from parley.identity.issuer_schema import DemonstrationIssuerSchema, IssuerSchema, Strict, issuer_of
from parley.identity.membership import ADMINISTERS, PasskeyDoor
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem, problems_from, read_toml

#: Where the demonstration's sign-in server listens unless the settings say otherwise.
DEMO_SIGNIN_PORT = 8100


@dataclasses.dataclass(frozen=True, kw_only=True)
class ParsedSignIn:
    """One door of one environment, as its file says it: what is stored, and what ``config_of`` makes usable."""

    kind: SignInKind
    environment: Environment
    content: Mapping[str, Any]

    @property
    def has_issuer(self) -> bool:
        """Tell whether an issuer is behind it; people come in by passkey where none is."""
        return self.environment.value in self.content

    @property
    def config(self) -> SignInConfig:
        """Return it typed, where it has an issuer."""
        return config_of(self.kind, self.environment, self.content)


class DoorSchema(Strict):
    """One door: what it is called, how long a sign-in lasts, and an issuer per environment."""

    label = fields.String(required=True, validate=validate.Length(min=3, max=80))
    idle_minutes = fields.Integer(validate=validate.Range(5, 240))
    longest_hours = fields.Integer(validate=validate.Range(1, 24))
    passkeys = fields.Boolean(load_default=False)
    fresh_minutes = fields.Integer(validate=validate.Range(5, 480))
    live = fields.Nested(IssuerSchema)
    test = fields.Nested(IssuerSchema)
    demonstration = fields.Nested(DemonstrationIssuerSchema)

    def __init__(self, kind: SignInKind, **options: Any) -> None:
        """Take whom the door is for, which decides the roles it may give."""
        super().__init__(**options)
        self._kind = kind

    @validates_schema
    def passkeys_fit(self, data: Mapping[str, Any], **_: Any) -> None:
        """Let only those come by passkey whom somebody invites one by one: staff of a provider, and operators."""
        if data["passkeys"] and self._kind not in ADMINISTERS:
            raise ValidationError({"passkeys": ["Allowed only for providers and the platform."]})

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


class CouncilSignInSchema(Strict):
    """tenants/<council>/signin.toml: the families' door and the staff door. Either may be missing."""

    family = fields.Nested(lambda: DoorSchema(SignInKind.FAMILY))
    staff = fields.Nested(lambda: DoorSchema(SignInKind.STAFF))


def parse_sign_in(path: pathlib.Path, *, demo_signin_port: int = DEMO_SIGNIN_PORT) -> tuple[ParsedSignIn, ...]:
    """Return the doors in a council's signin.toml. Raises ConfigurationError naming every problem.

    ``{demo_signin_port}`` in the issuer of a demonstration stands for ``demo_signin_port``.
    """
    data = _plain(read_toml(path), demo_signin_port)
    _check(path, CouncilSignInSchema(), data)
    return tuple(door for kind, table in data.items() for door in _doors(SignInKind(kind), table))


def parse_sign_in_section(
    path: pathlib.Path, kind: SignInKind, *, demo_signin_port: int = DEMO_SIGNIN_PORT
) -> tuple[ParsedSignIn, ...]:
    """Return the doors in the ``[signin]`` section of a provider's or the platform's file; none without a section.

    Raises ConfigurationError naming every problem. See ``parse_sign_in`` for ``demo_signin_port``.
    """
    section = _plain(read_toml(path), demo_signin_port).get("signin")
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
    return SignInConfig(
        kind=kind,
        environment=environment,
        label=loaded["label"],
        limits=_limits(kind, loaded),
        issuer=issuer_of(environment, loaded[environment.value]),
    )


def passkey_door_of(kind: SignInKind, environment: Environment, content: Mapping[str, Any]) -> PasskeyDoor | None:
    """Return the door in ``content`` if people come in by passkey there, None where an issuer is behind it.

    Never both: whoever an organisation takes out of its own accounts must not come in by another way.
    """
    loaded = DoorSchema(kind).load(content)
    if not loaded["passkeys"] or environment.value in loaded:
        return None
    return PasskeyDoor(kind=kind, label=loaded["label"], limits=_limits(kind, loaded))


def _limits(kind: SignInKind, loaded: Mapping[str, Any]) -> SessionLimits:
    default = DEFAULT_LIMITS[kind]
    return SessionLimits(
        idle=dt.timedelta(minutes=loaded["idle_minutes"]) if "idle_minutes" in loaded else default.idle,
        longest=dt.timedelta(hours=loaded["longest_hours"]) if "longest_hours" in loaded else default.longest,
        fresh=dt.timedelta(minutes=loaded["fresh_minutes"]) if "fresh_minutes" in loaded else default.fresh,
    )


def _plain(value: Any, port: int, *, demonstration: bool = False) -> Any:
    """Return ``value`` as it is stored: dates as text, and the port put into every address of a demonstration."""
    if isinstance(value, dict):
        return {
            key: _plain(inner, port, demonstration=demonstration or key == Environment.DEMONSTRATION)
            for key, inner in value.items()
        }
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.replace("{demo_signin_port}", str(port)) if demonstration and isinstance(value, str) else value


def _check(path: pathlib.Path, schema: Schema, data: Mapping[str, Any]) -> None:
    try:
        schema.load(data)
    except ValidationError as error:
        raise ConfigurationError(problems_from(path, data, error.messages_dict)) from None


def _doors(kind: SignInKind, table: Mapping[str, Any]) -> list[ParsedSignIn]:
    """Split a door's table into one content per environment it names, or per environment at all with passkeys."""
    shared = {key: value for key, value in table.items() if key not in set(Environment)}
    named = {
        environment: {environment.value: table[environment]} for environment in Environment if environment in table
    }
    environments = list(Environment) if shared.get("passkeys") else list(named)
    return [
        ParsedSignIn(kind=kind, environment=environment, content={**shared, **named.get(environment, {})})
        for environment in environments
    ]


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

"""The files that describe tenants: council.toml and providers/*.toml. Unknown keys are errors."""

import pathlib
import re
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from parley.kernel.configuration import ConfigurationError, ConfigurationProblem, problems_from, read_toml
from parley.kernel.periods import parse_period

SLUG = validate.Regexp(re.compile(r"^[a-z][a-z0-9-]*$"), error="Allowed: lower-case letters, digits and hyphens.")
COLOUR = validate.Regexp(re.compile(r"^#[0-9a-f]{6}$"), error="Allowed: a colour such as #1d3b6d.")
HOST = validate.Regexp(
    re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"), error="Allowed: a host name in lower case, without a port."
)
MEETING_LINK = validate.Regexp(
    re.compile(r"^https://[^\s{}]+\{meeting\}[^\s{}]*$"),
    error="Allowed: an https:// address with {meeting} where the name of the room stands.",
)


class TenantSchema(Schema):
    """Base of all tenant files: what it does not know, it refuses."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "Not a key of this file; see tenants/README.md."}


class BrandSchema(TenantSchema):
    """How a council's pages look: its own name and colour, never GOV.UK's."""

    masthead = fields.String(required=True, validate=COLOUR)
    masthead_text = fields.String(validate=COLOUR)
    accent = fields.String(validate=COLOUR)
    link = fields.String(validate=COLOUR)
    link_hover = fields.String(validate=COLOUR)


class PublishedContactSchema(TenantSchema):
    """A published way to reach an organisation, and where it was published."""

    label = fields.String(required=True)
    phone = fields.String(load_default=None)
    phone_from_mobile = fields.String(load_default=None)
    email = fields.Email(load_default=None)
    url = fields.Url(load_default=None, schemes={"https"})
    hours = fields.String(load_default=None)
    source = fields.String(required=True)
    read_on = fields.Date(required=True)


class CouncilSchema(TenantSchema):
    """council.toml: who the council is. Its rules are in policy.toml."""

    name = fields.String(required=True, validate=validate.Length(min=3))
    short_name = fields.String(required=True, validate=validate.Length(min=3))
    gss_code = fields.String(
        required=True,
        validate=validate.Regexp(r"^E(06|07|08|09|10)\d{6}$", error="Allowed: a GSS code such as E06000015."),
    )
    region = fields.String(required=True, validate=SLUG)
    reference_prefix = fields.String(
        required=True, validate=validate.Regexp(r"^[A-Z]{3,4}$", error="Allowed: three or four capital letters.")
    )
    hosts = fields.List(fields.String(validate=HOST), load_default=list)
    brand = fields.Nested(BrandSchema, required=True)
    contact = fields.Nested(PublishedContactSchema, load_default=None)
    privacy = fields.Nested(PublishedContactSchema, load_default=None)
    policy_second_person = fields.Boolean(load_default=False)
    team_mailbox = fields.Email(load_default=None)


def _period(value: str) -> None:
    try:
        parse_period(value)
    except ValueError:
        raise ValidationError('Allowed: a period such as "2 months" or "3 years".') from None


class ProviderRetentionSchema(TenantSchema):
    """How long a provider keeps what it answers for, from the day on which a case is closed."""

    compartment = fields.String(load_default=None, validate=_period)
    concerns = fields.String(load_default=None, validate=_period)
    list_entry = fields.String(load_default=None, validate=_period)


class ProviderSchema(TenantSchema):
    """providers/*.toml: an organisation that councils commission."""

    name = fields.String(required=True)
    contact = fields.Nested(PublishedContactSchema, required=True)
    mailbox = fields.Email(required=True)
    safeguarding_mailbox = fields.Email(load_default=None)
    meeting_link = fields.String(load_default=None, validate=MEETING_LINK)
    retention = fields.Nested(ProviderRetentionSchema, load_default=None)
    signin = fields.Dict(keys=fields.String(), load_default=None)


def parse(path: pathlib.Path, schema: Schema) -> dict[str, Any]:
    """Return the validated content of ``path``. Raises ConfigurationError naming every problem."""
    data = read_toml(path)
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise ConfigurationError(problems_from(path, data, error.messages_dict)) from None
    return loaded


def require_slug(path: pathlib.Path, slug: str) -> None:
    """Raise ConfigurationError unless ``slug`` (a file or folder name) can name a tenant in addresses."""
    try:
        SLUG(slug)
    except ValidationError as error:
        problem = ConfigurationProblem(file=str(path), key="(name)", found=repr(slug), allowed=str(error.messages[0]))
        raise ConfigurationError([problem]) from None

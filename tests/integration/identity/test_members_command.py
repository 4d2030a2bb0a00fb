"""`parley members`: whoever runs the platform lets the first people in, and ends their access."""

import json
import pathlib
import re
import uuid

import pytest
from click.testing import CliRunner, Result

from parley.access.domain import Role
from parley.cli.members import members
from parley.db.scope import PLATFORM_REALM, platform_scope
from parley.db.session import Database
from parley.identity import members as use_cases
from parley.identity.domain import SignInKind
from parley.tenancy.domain import ProviderOrganisation
from parley.tenancy.service import ensure_platform_key
from support.deployment import deployment, environment_of
from support.factories import NOW, Factory
from support.memberships import PasskeyRealm

SOMEBODY = ("--name", "Robin Vale", "--email", "robin@provider.example")


@pytest.fixture
def provider(make: Factory) -> ProviderOrganisation:
    """A provider whose people come in by passkey."""
    made = make.provider()
    PasskeyRealm(make, made.id, SignInKind.PROVIDER).open_door()
    return made


@pytest.fixture
def environ(tmp_path: pathlib.Path, login_urls: dict[str, str]) -> dict[str, str]:
    return environment_of(deployment(tmp_path, login_urls))


def run(environ: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(members, arguments, env=environ)


def test_a_providers_first_administrator_is_invited_listed_and_their_access_ended(
    provider: ProviderOrganisation, make: Factory, environ: dict[str, str]
) -> None:
    whose = ("--provider", provider.slug)
    invited = run(environ, "invite", *whose, "--role", "provider_administrator", *SOMEBODY)
    assert invited.exit_code == 0, invited.output
    found = re.search(r"[0-9a-f-]{36}", invited.output)
    assert found
    listed = run(environ, "list", *whose, "--json")
    assert json.loads(listed.output) == [{"id": found[0], "roles": ["provider_administrator"], "joined": False}]
    assert "Robin" not in run(environ, "list", *whose).output
    last = run(environ, "end", *whose, found[0])
    assert last.exit_code == 2
    assert "Nobody else here could let people in" in last.output
    other = run(environ, "invite", *whose, "--role", "mediator", "--name", "Other", "--email", "other@provider.example")
    (other_id,) = re.findall(r"[0-9a-f-]{36}", other.output)
    assert run(environ, "end", *whose, other_id).exit_code == 0
    assert other_id not in run(environ, "list", *whose).output


def test_operators_are_invited_to_the_platform(make: Factory, database: Database, environ: dict[str, str]) -> None:
    with database.begin(platform_scope()) as session:
        ensure_platform_key(session, NOW)
    realm = PasskeyRealm(make, PLATFORM_REALM, SignInKind.OPERATOR)
    realm.open_door()
    done = run(environ, "invite", "--operators", "--role", "operator", *SOMEBODY)
    assert done.exit_code == 0, done.output
    (membership_id,) = re.findall(r"[0-9a-f-]{36}", done.output)
    with database.begin(platform_scope()) as session:
        token = realm.token(uuid.UUID(membership_id))
        opened = use_cases.open_invitation(session, realm_id=PLATFORM_REALM, token=token, at=make.clock.now())
    assert opened.roles == {Role.OPERATOR}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", "operator", *SOMEBODY), "say whose people are meant"),
        (("--provider", "{slug}", "--operators", "--role", "operator", *SOMEBODY), "say whose people are meant"),
        (("--provider", "made-up", "--role", "mediator", *SOMEBODY), "there is no provider made-up"),
        (("--provider", "{slug}", "--role", "officer", *SOMEBODY), "officer is none here. Allowed: coordinator"),
        (
            ("--provider", "{slug}", "--role", "mediator", "--name", "R", "--email", "nobody"),
            "Invalid value for --email",
        ),
        (("--provider", "{closed}", "--role", "mediator", *SOMEBODY), "nobody comes in by passkey there"),
    ],
    ids=["nobody", "both", "unknown", "role", "email", "issuer"],
)
def test_what_cannot_be_is_said_and_nothing_is_done(
    provider: ProviderOrganisation,
    make: Factory,
    environ: dict[str, str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    slugs = {"slug": provider.slug, "closed": make.provider().slug}
    done = run(environ, "invite", *(argument.format(**slugs) for argument in arguments))
    assert done.exit_code == 2
    assert said in done.output

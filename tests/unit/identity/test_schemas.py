"""signin.toml: what it may say, and how it is told what it may not."""

import datetime as dt
import pathlib
import re
import textwrap

import pytest

from parley.access.domain import Role
from parley.identity.domain import ClientAuth, Environment, SignInKind
from parley.identity.schemas import DoorSchema, IssuerSchema, parse_sign_in, parse_sign_in_section
from parley.kernel.configuration import ConfigurationError

TENANTS = pathlib.Path(__file__).resolve().parents[3] / "tenants"

LIVE = """
[family]
label = "Council account"
[family.live]
issuer = "https://sso.council.example/families"
client_id = "parley"
client_auth = "private_key_jwt"
"""

STAFF = """
[staff]
label = "Council staff account"
[staff.live]
issuer = "https://login.example/tenant/v2.0"
client_id = "parley"
client_auth = "client_secret_basic"
client_secret = { env = "COUNCIL_STAFF_SECRET" }
roles_claim = "groups"
[staff.live.roles]
officer = ["7d1c"]
"""


@pytest.fixture
def written(tmp_path: pathlib.Path):
    def write(text: str) -> pathlib.Path:
        path = tmp_path / "signin.toml"
        path.write_text(textwrap.dedent(text))
        return path

    return write


def problems(path: pathlib.Path) -> str:
    with pytest.raises(ConfigurationError) as found:
        parse_sign_in(path)
    return str(found.value)


def test_a_short_file_gets_safe_defaults(written) -> None:
    (door,) = parse_sign_in(written(LIVE))
    config = door.config
    assert (config.kind, config.environment) == (SignInKind.FAMILY, Environment.LIVE)
    assert (config.limits.idle, config.limits.longest) == (dt.timedelta(minutes=30), dt.timedelta(hours=12))
    issuer = config.issuer
    assert issuer.client_auth is ClientAuth.PRIVATE_KEY
    assert issuer.scopes == ("openid",)
    assert issuer.signing_algorithms == ("RS256",)
    assert not issuer.plain_http
    assert not issuer.private_addresses


def test_staff_are_given_roles_by_their_groups(written) -> None:
    (door,) = parse_sign_in(written(STAFF))
    assert door.config.issuer.roles == ((Role.OFFICER, ("7d1c",)),)
    assert door.config.issuer.secret_variable == "COUNCIL_STAFF_SECRET"


def test_a_live_and_a_test_issuer_stand_side_by_side(written) -> None:
    test = LIVE.split("[family.live]")[1].replace("council.example", "test.council.example")
    doors = parse_sign_in(written(f"{LIVE}\n[family.test]{test}"))
    assert {door.environment: door.config.issuer.issuer for door in doors} == {
        Environment.LIVE: "https://sso.council.example/families",
        Environment.TEST: "https://sso.test.council.example/families",
    }


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('client_secret = "plain"', "family.live.client_secret: found 'plain'. Allowed: { env ="),
        ("[family.live.client_secret]\ndemonstration = 'x'", "client_secret.env: is missing"),
        ('client_secret = { env = "PARLEY_X" }', "client_secret.env: found 'PARLEY_X'. Allowed: the name of"),
        ('signing_algorithms = ["none"]', "signing_algorithms.0: found 'none'. Allowed: RS256"),
        ('signing_algorithms = ["HS256"]', "signing_algorithms.0: found 'HS256'. Allowed: RS256"),
        ("signing_algorithms = []", "signing_algorithms: found []"),
        ('scopes = ["email"]', "scopes: found ['email']. Allowed: a list that contains \"openid\""),
        ("extra = { redirect_uri = 'https://evil' }", "extra: found {'redirect_uri'"),
        ('client_ID = "x"', "client_ID: found 'x'. Not a key of this file"),
        ('roles_claim = "groups"', "roles_claim: found 'groups'. Not allowed: families have one role"),
    ],
)
def test_what_a_file_may_not_say_is_named(written, change: str, named: str) -> None:
    found = problems(written(LIVE + change))
    assert "signin.toml" in found
    assert named in found


ONE_LOGIN = """
[family]
label = "GOV.UK One Login"
[family.live]
profile = "govuk_one_login"
issuer = "https://oidc.account.example/"
client_id = "parley"
"""
PROVED = """
vtr = ["Cl.Cm.P2"]
userinfo = true
[family.live.identity_claim]
name = "https://vocab.account.example/v1/coreIdentityJWT"
issuer = "https://identity.account.example/"
keys = "https://identity.account.example/.well-known/did.json"
"""


def test_a_profile_says_what_the_file_leaves_out_and_the_file_has_the_last_word(written) -> None:
    (door,) = parse_sign_in(written(ONE_LOGIN))
    issuer = door.config.issuer
    assert (issuer.client_auth, issuer.vtr, issuer.subjects) == (ClientAuth.PRIVATE_KEY, ("Cl.Cm",), "pairwise")
    assert issuer.signing_algorithms == ("ES256",)
    (own,) = parse_sign_in(written(ONE_LOGIN + 'vtr = ["Cl"]\n'))
    assert own.config.issuer.vtr == ("Cl",)


def test_a_proved_identity_names_the_claim_and_its_levels(written) -> None:
    (door,) = parse_sign_in(written(ONE_LOGIN + PROVED))
    claim = door.config.issuer.identity_claim
    assert claim is not None
    assert (claim.levels, claim.issuer) == (("P2",), "https://identity.account.example/")


def test_an_issuer_without_discovery_is_described_in_the_file(written) -> None:
    table = {"authorization_endpoint": "a", "token_endpoint": "t", "jwks_uri": "k?v=1"}
    lines = [f'{name} = "https://sso.council.example/{end}"' for name, end in table.items()]
    (door,) = parse_sign_in(written("\n".join([LIVE, "[family.live.metadata]", *lines])))
    assert dict(door.config.issuer.metadata)["jwks_uri"] == "https://sso.council.example/k?v=1"


def test_the_last_day_of_a_secret_is_kept_as_it_is_written(written) -> None:
    dated = STAFF.replace('_SECRET" }', '_SECRET", expires = 2027-05-01 }')
    (door,) = parse_sign_in(written(dated))
    assert door.content["live"]["client_secret"]["expires"] == "2027-05-01"
    assert door.config.issuer.secret_expires == dt.date(2027, 5, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ONE_LOGIN.replace("govuk_one_login", "myspace"), "profile: found 'myspace'"),
        (ONE_LOGIN + 'vtr = ["P2"]\n', "vtr.0: found 'P2'. Allowed: a vector of trust"),
        (ONE_LOGIN + 'vtr = ["Cl.Cm.P2"]\n', "identity_claim: is missing. Is required with a P in vtr"),
        (ONE_LOGIN + PROVED.replace(".P2", ""), "Allowed only with a level such as P2 in vtr"),
        (ONE_LOGIN + PROVED.replace("userinfo = true", ""), "userinfo: is missing. Allowed with identity_claim: true"),
        (ONE_LOGIN + PROVED.replace("https://identity.account.example/.w", "http://x/.w"), "keys: found 'http://x/.w"),
        (LIVE + "[family.live.metadata]\njwks_uri = 'https://x/k'", "metadata.token_endpoint: is missing"),
        (
            LIVE + "[family.live.metadata]\njwks_uri='http://x/k'\ntoken_endpoint='https://x/t'\n"
            "authorization_endpoint='https://x/a'",
            "metadata.jwks_uri: found 'http://x/k'. Allowed: an https address",
        ),
        (LIVE + "extra = { max_age = '0' }", "Not allowed here, Parley sets it: max_age"),
    ],
)
def test_what_an_issuer_may_not_say_is_named(written, text: str, named: str) -> None:
    assert named in problems(written(text))


@pytest.mark.parametrize(
    "issuer",
    ["http://sso.council.example", "https://u:p@x.example", "https://x.example/?a=b", "sso.example", "https://"],
)
def test_a_live_issuer_is_an_https_address(written, issuer: str) -> None:
    found = problems(written(LIVE.replace("https://sso.council.example/families", issuer)))
    assert "family.live.issuer" in found
    assert "Allowed: an https address" in found


def test_a_role_of_another_door_is_refused(written) -> None:
    found = problems(written(STAFF.replace("officer =", "operator =")))
    assert "staff.live.roles" in found
    assert "Allowed keys, at least one: commissioner, officer, region_commissioner, team_manager" in found


def test_staff_need_the_claim_that_lists_their_groups(written) -> None:
    found = problems(written(STAFF.replace('roles_claim = "groups"', "")))
    assert "staff.live.roles_claim: is missing" in found


def test_every_problem_is_named_at_once(written) -> None:
    found = problems(written(LIVE.replace("private_key_jwt", "tls") + STAFF.replace("COUNCIL_STAFF_SECRET", "lower")))
    assert "family.live.client_auth" in found
    assert "staff.live.client_secret.env" in found


def test_a_section_that_is_missing_is_no_door_and_one_that_is_no_table_is_a_problem(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "provider.toml"
    path.write_text('name = "A provider"\n')
    assert parse_sign_in_section(path, SignInKind.PROVIDER) == ()
    path.write_text("signin = 7\n")
    with pytest.raises(ConfigurationError, match="signin: found 7"):
        parse_sign_in_section(path, SignInKind.PROVIDER)


@pytest.mark.parametrize("path", sorted(TENANTS.glob("*/signin.toml")), ids=lambda path: path.parent.name)
def test_every_councils_own_file_is_right(path: pathlib.Path) -> None:
    for door in parse_sign_in(path, demo_signin_port=8100):
        assert "{" not in door.config.issuer.issuer


def test_a_demonstrations_issuers_move_with_its_port() -> None:
    doors = parse_sign_in(TENANTS / "derby" / "signin.toml", demo_signin_port=8199)
    assert {door.config.issuer.issuer for door in doors} == {
        "http://localhost:8199/derby-families",
        "http://localhost:8199/derby-staff",
    }


def test_the_providers_and_the_platforms_own_sections_are_right() -> None:
    (provider,) = parse_sign_in_section(TENANTS / "providers" / "global-mediation.toml", SignInKind.PROVIDER)
    (operators,) = parse_sign_in_section(TENANTS / "platform.toml", SignInKind.OPERATOR)
    assert {role for role, _ in provider.config.issuer.roles} == {
        Role.COORDINATOR,
        Role.MEDIATOR,
        Role.PROVIDER_ADMINISTRATOR,
        Role.SAFEGUARDING_LEAD,
    }
    assert operators.config.limits.longest == dt.timedelta(hours=4)


def test_every_key_is_documented() -> None:
    text = (TENANTS / "README.md").read_text(encoding="utf-8").partition("## `signin.toml`")[2]
    documented = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE))))
    assert documented == {*DoorSchema(SignInKind.FAMILY).fields, *IssuerSchema().fields}

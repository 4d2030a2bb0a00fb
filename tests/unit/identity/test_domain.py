"""The pure rules of sign-in."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.access.domain import Role
from parley.identity.devices import device_name
from parley.identity.domain import (
    ROLES_OF_KIND,
    ClientAuth,
    IssuerConfig,
    SignInKind,
    SignInReason,
    SignInRefused,
    digest,
    network_of,
    new_secret,
    roles_from_claims,
    safe_next,
    short_code,
    typed_code,
)
from parley.identity.wording import REFUSALS

STAFF = IssuerConfig(
    issuer="https://sso.council.example",
    client_id="parley",
    client_auth=ClientAuth.PRIVATE_KEY,
    secret_variable=None,
    key_variable=None,
    scopes=("openid",),
    signing_algorithms=("RS256",),
    acr_values=(),
    extra=(),
    name_claim=None,
    roles_claim="groups",
    roles=((Role.OFFICER, ("send-officers", "send-leads")), (Role.TEAM_MANAGER, ("send-leads",))),
    userinfo=False,
    private_addresses=False,
    plain_http=False,
)


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (["send-officers"], {Role.OFFICER}),
        (["send-leads", "canteen"], {Role.OFFICER, Role.TEAM_MANAGER}),
        ("send-officers", {Role.OFFICER}),
    ],
)
def test_groups_give_the_roles_that_the_file_says(groups: Any, roles: set[Role]) -> None:
    assert roles_from_claims(STAFF, SignInKind.STAFF, {"groups": groups}) == roles


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({}, "groups_missing"),
        ({"groups": None}, "groups_missing"),
        ({"_claim_names": {"groups": "src1"}, "_claim_sources": {}}, "groups_overflowed"),
        ({"groups": ["send-officers"], "_claim_names": {"groups": "src1"}}, "groups_overflowed"),
        ({"groups": []}, "no_known_group"),
        ({"groups": ["Send-Officers", "send-officers "]}, "no_known_group"),
        ({"groups": {"send-officers": True}}, "groups_unreadable"),
        ({"groups": [["send-officers"]]}, "groups_unreadable"),
        ({"groups": 7}, "groups_unreadable"),
    ],
)
def test_a_missing_overflowed_or_odd_groups_claim_gives_no_role(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        roles_from_claims(STAFF, SignInKind.STAFF, claims)
    assert (refused.value.reason, refused.value.detail) == (SignInReason.NO_ROLE, why)


def test_a_families_role_needs_no_group_and_no_group_changes_it() -> None:
    family = dataclasses.replace(STAFF, roles_claim=None, roles=())
    assert roles_from_claims(family, SignInKind.FAMILY, {"groups": ["send-officers"]}) == {Role.FAMILY}


def test_no_role_is_given_at_two_doors() -> None:
    given_by = [role for roles in ROLES_OF_KIND.values() for role in roles]
    assert len(given_by) == len(set(given_by)) == len(Role)


def test_every_reason_to_refuse_has_words() -> None:
    assert set(REFUSALS) == set(SignInReason)


@pytest.mark.parametrize("wanted", ["/", "/mine", "/mine?step=2#end", "/caf%C3%A9", "/a//b"])
def test_a_path_on_this_host_is_kept(wanted: str) -> None:
    assert safe_next(wanted, "/start") == wanted


@pytest.mark.parametrize(
    "wanted",
    [None, "", "mine", "//evil", "///evil", "/\\evil", "\\\\evil", "/\tx", "/\r\nx", "/ x", "/x\x7f", "https://evil/"]
    + ["/" + "x" * 2000],
)
def test_anything_else_is_not(wanted: str | None) -> None:
    assert safe_next(wanted, "/start") == "/start"


@given(st.text())
def test_whatever_is_wanted_the_way_leads_to_a_path_of_this_host(wanted: str) -> None:
    path = safe_next(wanted, "/start")
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path


def test_secrets_are_new_each_time_and_stored_as_a_digest() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(first) >= 43
    assert len(digest(first)) == 32


def test_a_short_code_is_six_letters_that_cannot_be_misread_and_belongs_to_its_token() -> None:
    codes = {short_code(f"token-{number}") for number in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 6 and not set(code) & set("AEIOULY0123456789") for code in codes)
    assert short_code("one token") == short_code("one token")


@pytest.mark.parametrize("typed", ["bcdfgh", " BCD FGH ", "bcd-fgh", "b.c.d.f.g.h"])
def test_a_code_may_be_typed_in_any_way(typed: str) -> None:
    assert typed_code(typed) == "BCDFGH"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_household(address: str | None, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/130.0 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/27.0 Chrome/125.0", "Samsung Internet on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/130.0 Safari/537.36", "Chrome on Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("curl/8", "A browser"),
        (None, "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str | None, name: str) -> None:
    assert device_name(user_agent) == name

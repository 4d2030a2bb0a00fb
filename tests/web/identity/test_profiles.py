"""Each ready-made profile of signin.toml, against an independent OpenID provider that behaves as the real one does."""

import json
import pathlib
from collections.abc import Callable, Iterator

import pytest
import requests
from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.identity.models import Identity
from parley.identity.schemas import parse_sign_in
from parley.tenancy.domain import Authority
from support.factories import Factory
from support.issuers_like import IDENTITY_ISSUER, SECRET, Wanted, issuers_like
from support.sign_in import MovedClock, Visitor, heading, load_doors, sign_in_app, sign_in_settings
from support.signin_server import open_sign_in

KEY = ECKey.generate_key("P-256", {"kid": "ours-1", "use": "sig", "alg": "ES256"}, private=True)
ENVIRON = {"COUNCIL_SECRET": SECRET, "COUNCIL_KEY": json.dumps(KEY.as_dict(private=True))}

#: What a council's file says beside the issuer and the client, as docs/sign-in.md has it.
ENTRA = 'profile = "microsoft_entra"\nclient_secret = { env = "COUNCIL_SECRET" }\n'
ONE_LOGIN = 'profile = "govuk_one_login"\nclient_key = { env = "COUNCIL_KEY" }\n'
PROVED = """
vtr = ["Cl.Cm.P2"]
userinfo = true
[family.demonstration.identity_claim]
name = "https://vocab.account.gov.uk/v1/coreIdentityJWT"
issuer = "%s"
keys = "%s/did.json"
"""
PAIRWISE = 'profile = "pairwise"\nclient_auth = "client_secret_basic"\nclient_secret = { env = "COUNCIL_SECRET" }\n'

Door = Callable[..., None]


@pytest.fixture(scope="module")
def councils(database: Database) -> tuple[Authority, Authority]:
    make = Factory(database)
    return make.authority(), make.authority()


@pytest.fixture(scope="module")
def issuers(councils: tuple[Authority, Authority]) -> Iterator[dict[str, str]]:
    """Issuers of every kind, at each of which both councils have a client."""

    def clients(key: ECKey | None = None) -> list[Wanted]:
        return [
            Wanted(client_id=f"{council.slug}-{door}", redirect_uri=f"http://{council.host}:8000{path}", key=key)
            for council in councils
            for door, path in (("family", "/sign-in/callback"), ("staff", "/staff/sign-in/callback"))
        ]

    with issuers_like(
        {"microsoft_entra": clients(), "govuk_one_login": clients(KEY), "pairwise": clients()}
    ) as running:
        yield running


@pytest.fixture(scope="module")
def profile_app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: pathlib.Path = tmp_path_factory.mktemp("profiles")
    return sign_in_app(database, sign_in_settings(folder), MovedClock(), ENVIRON)


@pytest.fixture
def open_door(database: Database, tmp_path: pathlib.Path) -> Door:
    """Return a function that gives a council a door as its file describes it."""

    def load(council: Authority, issuer: str, says: str, *, door: str = "family") -> None:
        path = tmp_path / f"{council.slug}.toml"
        head = f'[{door}]\nlabel = "Council account"\n[{door}.demonstration]\nprivate_addresses = true\n'
        path.write_text(f'{head}issuer = "{issuer}"\nclient_id = "{council.slug}-{door}"\n{says}')
        load_doors(database, council.id, parse_sign_in(path))

    return load


@pytest.fixture
def come(profile_app: Flask) -> Iterator[Callable[..., tuple[Visitor, TestResponse]]]:
    """Return a function that signs somebody in; it gives their browser and the page at the end."""
    browsers: list[requests.Session] = []

    def sign_in(council: Authority, account: str, door: str = "/sign-in") -> tuple[Visitor, TestResponse]:
        browsers.append(requests.Session())
        visitor = Visitor(profile_app.test_client(), f"http://{council.host}:8000", browsers[-1])
        form = {} if "staff" in door else {"choice": "account"}
        there = open_sign_in(browsers[-1], f"{visitor.leave_for_issuer(door, **form)}&login_hint={account}")
        assert there.is_redirect, there.text
        return visitor, visitor.come_back(str(there.headers["Location"]))

    yield sign_in
    for browser in browsers:
        browser.close()


Come = Callable[..., tuple[Visitor, TestResponse]]


def subjects(database: Database, council: Authority) -> set[str]:
    with database.begin(authority_scope(council.id)) as session:
        return {identity.subject for identity in session.query(Identity)}


def test_a_pairwise_issuer_knows_a_person_by_one_name_at_one_council_and_by_another_at_another(
    database: Database, councils: tuple[Authority, Authority], issuers: dict[str, str], open_door: Door, come: Come
) -> None:
    known = []
    for council in councils:
        open_door(council, issuers["pairwise"], PAIRWISE)
        for _ in range(2):
            visitor, page = come(council, "parent1")
            assert page.status_code == 303, page.text
            assert visitor.is_signed_in()
        known.append(subjects(database, council))
    assert [len(found) for found in known] == [1, 1]
    assert known[0].isdisjoint(known[1])


def test_one_login_is_signed_in_with_by_a_key_and_two_factors(
    database: Database, councils: tuple[Authority, Authority], issuers: dict[str, str], open_door: Door, come: Come
) -> None:
    council, _ = councils
    before = subjects(database, council)
    open_door(council, issuers["govuk_one_login"], ONE_LOGIN)
    visitor, page = come(council, "parent1")
    assert page.status_code == 303, page.text
    (subject,) = subjects(database, council) - before
    assert subject.startswith("urn:fdc:gov.uk:2022:")
    signed_out = visitor.send("/sign-out", page="/account/sign-ins")
    assert f"{issuers['govuk_one_login']}/session/end?" in signed_out.text
    weak, page = come(council, "weak_parent")
    assert (page.status_code, heading(page)) == (403, "This service needs a stronger sign-in")
    assert not weak.is_signed_in()


def test_one_login_proves_an_identity_by_its_second_key(
    councils: tuple[Authority, Authority], issuers: dict[str, str], open_door: Door, come: Come
) -> None:
    council, issuer = councils[0], issuers["govuk_one_login"]
    open_door(council, issuer, ONE_LOGIN + PROVED % (IDENTITY_ISSUER, issuer))
    visitor, page = come(council, "parent1")
    assert page.status_code == 303, page.text
    assert visitor.is_signed_in()
    _, unproved = come(council, "unproved_parent")
    assert (unproved.status_code, heading(unproved)) == (403, "This service needs a stronger sign-in")


def test_entra_signs_families_in_without_saying_who_answers(
    councils: tuple[Authority, Authority], issuers: dict[str, str], open_door: Door, come: Come
) -> None:
    council, _ = councils
    open_door(council, issuers["microsoft_entra"], ENTRA)
    visitor, page = come(council, "parent1")
    assert page.status_code == 303, page.text
    assert visitor.is_signed_in()


def test_entra_gives_staff_the_roles_of_their_groups_and_none_when_there_are_too_many(
    councils: tuple[Authority, Authority], issuers: dict[str, str], open_door: Door, come: Come
) -> None:
    council, _ = councils
    roles = 'roles_claim = "groups"\n[staff.demonstration.roles]\nofficer = ["send-officers"]\n'
    open_door(council, issuers["microsoft_entra"], ENTRA + roles, door="staff")
    officer, page = come(council, "officer1", "/staff/sign-in")
    assert page.status_code == 303, page.text
    assert officer.is_signed_in("/office")
    many, page = come(council, "officer_in_many_groups", "/staff/sign-in")
    assert (page.status_code, heading(page)) == (403, "Your account does not have access to this service")
    assert not many.is_signed_in("/office")

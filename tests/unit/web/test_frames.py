"""Which frame a request gets."""

import datetime as dt
import uuid

import pytest

from parley.access.domain import Actor, ActorKind, Realm, RealmKind, Role
from parley.tenancy.domain import Authority, AuthorityState
from parley.web.brand import BrandInvalid
from parley.web.frames import Menu, Surroundings, frame_for, surroundings_of
from parley.web.runtime import SignedIn
from parley.web.shell import Link
from parley.web.sites import Audience, Site

MENUS = {
    Surroundings.FAMILY: Menu(sign_in=Link(text="Sign in", href="/sign-in")),
    Surroundings.COUNCIL_STAFF: Menu(home="/work", links=(Link(text="Requests", href="/work"),), wide=True),
}


def council_site(**profile: object) -> Site:
    """Return the site of a council with ``profile``."""
    council = Authority(
        id=uuid.uuid4(),
        slug="derby",
        name="Derby City Council",
        gss_code="E06000015",
        reference_prefix="DER",
        state=AuthorityState.LIVE,
        hosts=("derby.localhost",),
        profile=profile,
    )
    return Site(audience=Audience.COUNCIL, host="derby.localhost", authority=council)


def person(*roles: Role) -> SignedIn:
    """Return somebody signed in with ``roles``."""
    realm = Realm(kind=RealmKind.AUTHORITY, id=uuid.uuid4())
    actor = Actor(kind=ActorKind.PERSON, realm=realm, identity_id=uuid.uuid4(), roles=frozenset(roles))
    return SignedIn(
        actor=actor,
        session_id=uuid.uuid4(),
        shown_as="You",
        fresh_until=dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        idle=dt.timedelta(minutes=30),
    )


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ((Role.FAMILY,), Surroundings.FAMILY),
        ((Role.OFFICER,), Surroundings.COUNCIL_STAFF),
        ((Role.TEAM_MANAGER,), Surroundings.COUNCIL_STAFF),
        ((Role.COMMISSIONER,), Surroundings.COUNCIL_STAFF),
        ((Role.INVITED,), Surroundings.INVITED),
    ],
)
def test_on_a_councils_host_the_role_decides(roles: tuple[Role, ...], kind: Surroundings) -> None:
    assert surroundings_of(council_site(), person(*roles)) is kind


def test_nobody_signed_in_on_a_councils_host_gets_the_family_frame_with_its_exit() -> None:
    frame = frame_for(council_site(), None, menus=MENUS, demonstration=True)
    assert frame.owner == "Derby City Council"
    assert frame.exit_to
    assert frame.sign_in
    assert frame.demonstration_text.startswith("This is a demonstration. Derby City Council does not run it")


def test_staff_get_their_menu_and_no_exit() -> None:
    frame = frame_for(council_site(), person(Role.OFFICER), menus=MENUS, demonstration=False)
    assert frame.exit_to is None
    assert frame.wide
    assert frame.account
    assert frame.account.name == "You"
    assert frame.sign_in is None
    assert frame.home == "/work"


def test_the_councils_colours_and_published_contact_come_from_its_file() -> None:
    site = council_site(brand={"masthead": "#1d4f7c"}, contact={"label": "SEND team", "phone": "01332 640000"})
    frame = frame_for(site, None, menus={}, demonstration=False)
    assert frame.brand.masthead == "#1d4f7c"
    assert frame.contact
    assert (frame.contact.name, frame.contact.phone) == ("SEND team", "01332 640000")


def test_colours_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(BrandInvalid):
        frame_for(council_site(brand={"masthead": "#ffffff"}), None, menus={}, demonstration=False)


def test_the_providers_host_is_in_the_name_of_whose_people_sign_in_there() -> None:
    site = Site(audience=Audience.PROVIDER, host="providers.localhost")
    frame = frame_for(site, person(Role.COORDINATOR), menus=MENUS, demonstration=True, provider="Global Mediation")
    assert frame.owner == "Global Mediation"
    assert "Global Mediation does not run it" in frame.demonstration_text


@pytest.mark.parametrize(
    ("audience", "kind"),
    [
        (Audience.FRONT, Surroundings.FRONT),
        (Audience.PROVIDER, Surroundings.PROVIDER),
        (Audience.OPERATOR, Surroundings.OPERATOR),
    ],
)
def test_other_hosts_have_frames_of_their_own_in_parleys_name(audience: Audience, kind: Surroundings) -> None:
    site = Site(audience=audience, host="x.localhost")
    assert surroundings_of(site, None) is kind
    frame = frame_for(site, None, menus=MENUS, demonstration=True)
    assert frame.owner == "Parley"
    assert "No council or provider runs it" in frame.demonstration_text

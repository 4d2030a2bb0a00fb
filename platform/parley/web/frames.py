"""Which frame a request gets: from its site and from who is signed in, with each kind's menu handed in as data."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from parley.access.domain import Permission, Role
from parley.tenancy.domain import AuthorityState
from parley.web.brand import Brand
from parley.web.runtime import SignedIn
from parley.web.shell import NEUTRAL, NEUTRAL_PAGE, Account, Contact, Frame, Link
from parley.web.sites import Audience, Site

#: Where the sign-out button posts to, on every site.
SIGN_OUT = "/sign-out"

FOOTER = (
    Link(text="Accessibility statement", href="/about/accessibility"),
    Link(text="Privacy", href="/about/privacy"),
    Link(text="Cookies", href="/about/cookies"),
    Link(text="Contact", href="/about/contact"),
)

#: Beside those, for whoever is signed in.
SIGN_INS = Link(text="Where you are signed in", href="/account/sign-ins")

_STAFF = frozenset({Role.OFFICER, Role.TEAM_MANAGER, Role.COMMISSIONER, Role.REGION_COMMISSIONER})


class Surroundings(enum.StrEnum):
    """The kinds of frame. A council's own host has three, by who is signed in."""

    FRONT = "front"
    FAMILY = "family"
    COUNCIL_STAFF = "council_staff"
    INVITED = "invited"
    PROVIDER = "provider"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Menu:
    """What one kind of frame offers: its start page, its navigation, where to sign in, and whether it may go wide."""

    home: str = "/"
    links: tuple[Link, ...] = ()
    sign_in: Link | None = None
    wide: bool = False
    service: str = NEUTRAL.service


def surroundings_of(site: Site, person: SignedIn | None) -> Surroundings:
    """Return which kind of frame this is. Nobody signed in on a council's host is somebody's family."""
    if site.audience is Audience.COUNCIL:
        roles = person.actor.roles if person else frozenset()
        if roles & _STAFF:
            return Surroundings.COUNCIL_STAFF
        return Surroundings.INVITED if Role.INVITED in roles else Surroundings.FAMILY
    kinds = {Audience.PROVIDER: Surroundings.PROVIDER, Audience.OPERATOR: Surroundings.OPERATOR}
    return kinds.get(site.audience, Surroundings.FRONT)


def frame_for(
    site: Site,
    person: SignedIn | None,
    *,
    menus: Mapping[Surroundings, Menu],
    demonstration: bool,
    form_targets: tuple[str, ...] = (),
    kind: Surroundings | None = None,
    provider: str | None = None,
) -> Frame:
    """Return the frame of a page on ``site`` for ``person``, of the ``kind`` that site and person suggest unless given.

    ``menus`` holds what each kind offers (a kind that is absent offers nothing). ``form_targets`` are origins that
    forms may lead to beside this host. The council's name, colours and contact come from its council.toml; on the
    providers' host, which serves several, ``provider`` is whose people the person is of.
    """
    kind = kind or surroundings_of(site, person)
    menu = menus.get(kind, Menu())
    council = site.authority
    profile: Mapping[str, Any] = council.profile if council else {}
    return Frame(
        owner=council.name if council else provider or NEUTRAL.owner,
        service=menu.service,
        home=menu.home,
        brand=_brand(tuple(sorted((profile.get("brand") or {}).items()))),
        navigation=tuple(link for link in menu.links if link.needs is None or _may(person, link.needs)),
        account=Account(name=person.shown_as, sign_out=SIGN_OUT) if person else None,
        sign_in=None if person else menu.sign_in,
        footer=(*FOOTER, SIGN_INS) if person else FOOTER,
        footer_text=(
            f"This service is provided for {council.name}. Disagreement resolution is carried out by a provider that "
            "is independent of the council."
            if council
            else NEUTRAL.footer_text
        ),
        contact=contact_of(profile.get("contact")),
        privacy=contact_of(profile.get("privacy")),
        exit_to=NEUTRAL_PAGE if kind is Surroundings.FAMILY else None,
        demonstration=demonstration,
        trial=council is not None and council.state is AuthorityState.DEMO,
        form_targets=form_targets,
        wide=menu.wide,
    )


def _may(person: SignedIn | None, permission: Permission) -> bool:
    return person is not None and person.actor.may(permission)


@lru_cache(maxsize=512)
def _brand(colours: tuple[tuple[str, str], ...]) -> Brand:
    """Return the brand of these colours, checked once and not at every request."""
    return Brand.of(dict(colours))


def contact_of(published: Mapping[str, Any] | None) -> Contact | None:
    """Return the contact that a tenant file publishes (keys label, phone, hours, email, url), or None."""
    if not published:
        return None
    return Contact(
        name=published["label"],
        phone=published.get("phone"),
        hours=published.get("hours"),
        email=published.get("email"),
        href=published.get("url"),
    )

"""What the request at hand is about. For pages only: nothing below a page reads it."""

import datetime as dt
import uuid

from flask import g, request

from parley.access.domain import Actor
from parley.db.session import Session
from parley.kernel.clock import Clock, london_date
from parley.web.runtime import SignedIn, runtime
from parley.web.sites import Site


def site() -> Site:
    """Return the site the request came to."""
    found: Site = g.site
    return found


def authority_id() -> uuid.UUID:
    """Return the council whose site it is. Raises LookupError on any other site."""
    return site().council.id


def session() -> Session:
    """Return the request's database session, scoped to the site (and, for a provider's case page, to the case)."""
    found: Session = g.session
    return found


def signed_in() -> SignedIn | None:
    """Return who is signed in, or None."""
    found: SignedIn | None = g.get("signed_in")
    return found


def person() -> SignedIn:
    """Return who is signed in, on a page that requires it."""
    found = signed_in()
    if found is None:
        raise LookupError(f"{request.endpoint} needs a signed-in person but is not marked so")
    return found


def actor() -> Actor:
    """Return who acts, on a page that requires a signed-in person."""
    return person().actor


def identity_id() -> uuid.UUID:
    """Return the identity of who acts, on a page that requires a signed-in person."""
    found = actor().identity_id
    if found is None:
        raise LookupError(f"{request.endpoint} is for people and not for the system itself")
    return found


def clock() -> Clock:
    """Return the clock."""
    return runtime().clock


def now() -> dt.datetime:
    """Return the present moment, in UTC."""
    return clock().now()


def today() -> dt.date:
    """Return the present date in England."""
    return london_date(now())


def external_url(path: str) -> str:
    """Return the address under which a browser elsewhere, or a calendar, opens ``path`` of the site at hand.

    Flask's own external addresses would name the audience, which stands where Flask expects a subdomain.
    """
    return runtime().settings.external_url(site().host, path)

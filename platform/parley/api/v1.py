"""Version 1 of the API: what it consists of, and how it becomes part of an application."""

from flask import Flask, request
from flask_wtf import CSRFProtect

from parley.api import directory, eligibility, reading
from parley.api.openapi import ParleyApi
from parley.web.sites import Audience

PREFIX = "/api/v1"

#: The largest body an operation takes. A check with every field filled and twenty disagreements is under 20 kB.
LARGEST_BODY = 64 * 1024


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Serve the API, its description and its pages from ``app``.

    ``csrf`` does not ask the API for a token: a browser's cookie gives no right here, so another site gains nothing by
    having a request sent.
    """
    earlier = set(app.blueprints)
    api = describe(app)
    for name in set(app.blueprints) - earlier:
        csrf.exempt(app.blueprints[name])
    app.register_blueprint(reading.blueprint(api.document()))


def describe(app: Flask) -> ParleyApi:
    """Add version 1 to ``app``; return it with its description. Needs nothing of the app but that it is a Flask app."""
    api = ParleyApi(app)
    for resource in (directory.blueprint(), eligibility.blueprint()):
        resource.before_request(_take_small_bodies_only)
        api.register_blueprint(resource, url_prefix=PREFIX, subdomain=Audience.COUNCIL)
    return api


def _take_small_bodies_only() -> None:
    """Have a larger body refused before it is read."""
    request.max_content_length = LARGEST_BODY

"""An app in which everything can go wrong that an error page is for, without any database."""

from flask import Flask, abort, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from parley.access.domain import public
from parley.kernel.errors import Conflict, Invalid, NotFound, Refused
from parley.web import shell
from parley.web.assets import Assets
from parley.web.lifecycle import UnknownSite
from support.styleguide import FAMILY, styleguide_app

BUILT = Assets({"parley.css": "parley.0123456789ab.css", "parley.js": "p.js", "icon.svg": "i.svg"})


def app_with_failures(frame: shell.Frame = FAMILY) -> Flask:
    """Return the style guide's app with a route for each way to fail, at pages and below /api."""
    app = styleguide_app(frame, assets=BUILT)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    failures = {
        "gone": lambda: abort(410),
        "missing": lambda: abort(404),
        "not-yours": lambda: raise_(NotFound("secret words")),
        "refused": lambda: raise_(Refused("Only the team manager may do that.")),
        "conflict": lambda: raise_(Conflict("The council answered in the meantime.", code="answered")),
        "invalid": lambda: raise_(Invalid({"name": ["Enter your name"]})),
        "unknown-host": lambda: raise_(UnknownSite()),
        "broken": lambda: 1 // 0,
        "often": lambda: raise_(TooManyRequests(retry_after=60)),
        "unreachable": lambda: raise_(OperationalError("SELECT 1", {}, Exception("connection refused"))),
    }
    for name, view in failures.items():
        app.add_url_rule(f"/{name}", name, public("a test")(view), methods=["GET", "POST"])
        app.add_url_rule(f"/api/{name}", f"api-{name}", public("a test")(view))
    app.add_url_rule("/echo", "echo", lambda: request.form.get("story", ""), methods=["POST"])
    return app


def raise_(error: Exception) -> None:
    """Raise ``error`` where only an expression may stand."""
    raise error

"""The pages that every footer leads to: accessibility statement, privacy, cookies, contact."""

import datetime as dt
from collections.abc import Callable

from flask import Blueprint, current_app, render_template

from parley.access.domain import public

_WHY = "says what the service is and does with data, before anybody signs in"

#: When the accessibility statement was last brought in line with the checks in tests/e2e.
STATEMENT_DATE = dt.date(2026, 11, 24)


def blueprint(*, sign_in_cookie: Callable[[], str]) -> Blueprint:
    """Return the routes, to be registered once for each audience (under a name of its own).

    ``sign_in_cookie`` tells the name of the cookie that holds a sign-in.
    """
    routes = Blueprint("about", __name__, url_prefix="/about")

    @routes.get("/cookies")
    @public(_WHY)
    def cookies() -> str:
        return render_template(
            "about/cookies.html",
            sign_in_cookie=sign_in_cookie(),
            form_cookie=current_app.config["SESSION_COOKIE_NAME"],
        )

    @routes.get("/accessibility")
    @public(_WHY)
    def accessibility() -> str:
        return render_template("about/accessibility.html", statement_date=STATEMENT_DATE)

    @routes.get("/privacy")
    @public(_WHY)
    def privacy() -> str:
        return render_template("about/privacy.html")

    @routes.get("/contact")
    @public(_WHY)
    def contact() -> str:
        return render_template("about/contact.html")

    return routes

"""The style guide served alone: the shell, the error pages and the specimens, without any database."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server

from parley.kernel.clock import FixedClock
from parley.web import about, errors, security, shell, styleguide
from parley.web.assets import STATIC_FOLDER, Assets
from parley.web.brand import Brand
from parley.web.frames import FOOTER
from parley.web.shell import Account, Frame, Link
from support import compiled_templates

FAMILY = Frame(
    owner="Derby City Council",
    service="SEND disagreement resolution",
    brand=Brand(masthead="#00505c", accent="#f2a900"),
    navigation=(
        Link(text="Can this help me?", href="/styleguide/question"),
        Link(text="My request", href="/styleguide/status"),
    ),
    sign_in=Link(text="Sign in", href="/sign-in"),
    footer=FOOTER,
    footer_text="This service is provided for Derby City Council. Disagreement resolution in Derby is carried out by "
    "Global Mediation, which is independent of the council.",
    contact=styleguide.SERVICE,
    exit_to=shell.NEUTRAL_PAGE,
    demonstration=True,
)

STAFF = Frame(
    owner="Derby City Council",
    service="SEND disagreement resolution",
    brand=FAMILY.brand,
    navigation=(
        Link(text="Requests", href="/styleguide/list"),
        Link(text="Insight", href="/insight"),
    ),
    account=Account(name="An officer", sign_out="/sign-out"),
    footer=FOOTER,
    demonstration=True,
    wide=True,
)


def styleguide_app(frame: Frame = FAMILY, *, assets: Assets | None = None, secure: bool = False) -> Flask:
    """Return an app that shows the specimens within ``frame``."""
    app = Flask("styleguide", static_folder=str(STATIC_FOLDER), static_url_path="/static")
    app.config.update(SECRET_KEY="only for the style guide's tests")
    shell.init_app(
        app,
        frame=lambda: frame,
        clock=FixedClock(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)),
        assets=assets or Assets.load(),
        csrf=CSRFProtect(),
        bytecode=compiled_templates.FOLDER,
    )
    security.init_app(app, secure=secure)
    errors.init_app(app, front="http://localhost:8000/")
    app.register_blueprint(shell.blueprint())
    app.register_blueprint(styleguide.blueprint())
    app.register_blueprint(about.blueprint(sign_in_cookie=lambda: "parley"))
    return app


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve ``app`` on ``port`` of this machine, any free one by default, and yield its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

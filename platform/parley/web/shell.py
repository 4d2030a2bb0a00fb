"""The frame around every page, as data: whose site it is, where its navigation leads, how to reach a person.

``app.py`` decides the frame from the host and the person, and hands it over as a function; templates only show it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask_wtf import CSRFProtect

from parley.access.domain import Permission, public
from parley.kernel.clock import Clock, london_date
from parley.web import field_params, formatting, signed_out
from parley.web.assets import Assets
from parley.web.brand import Brand

TEMPLATES = Path(__file__).parent / "templates"
BRAND_PATH = "/brand/"

# Where "Exit this page" goes unless an audience says otherwise: a page that anybody might have open.
NEUTRAL_PAGE = "https://www.bbc.co.uk/weather"


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry of a navigation. It is shown as current on ``href`` and, with ``section``, on all below it.

    ``needs`` is the permission without which it would lead to a refusal, and so is not offered.
    """

    text: str
    href: str
    section: bool = False
    needs: Permission | None = None

    def is_current(self, path: str) -> bool:
        """Tell whether the page at ``path`` is this entry, or within its section."""
        return path == self.href or (self.section and path.startswith(self.href.rstrip("/") + "/"))


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody to reach: the service, the council's SEND team, the provider."""

    name: str
    phone: str | None = None
    hours: str | None = None
    email: str | None = None
    href: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """The person who is signed in: the words shown, and where the sign-out button posts to."""

    name: str
    sign_out: str


#: What every page of a council says that is tried out before it opens.
TRIAL = (
    "This site is being tried out and is not open yet. Do not use it for a real disagreement: what is typed here is "
    "deleted before it opens."
)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What surrounds the content of a page.

    ``owner`` is whose site it is ("Derby City Council"); ``service`` what it is for; ``privacy`` whom to ask about what
    is held about one. ``exit_to`` puts "Exit this
    page" on it (family pages). ``demonstration`` puts the notice that the owner does not run this, ``trial`` that it is
    not open yet. ``form_targets`` are other origins that this site's forms may lead to (a council's single sign-on),
    for the content security policy.
    ``wide`` widens the page for staff who work with lists.
    """

    owner: str
    service: str
    home: str = "/"
    brand: Brand = field(default_factory=Brand)
    navigation: tuple[Link, ...] = ()
    account: Account | None = None
    sign_in: Link | None = None
    footer: tuple[Link, ...] = ()
    footer_text: str = "This service runs on Parley."
    contact: Contact | None = None
    privacy: Contact | None = None
    exit_to: str | None = None
    demonstration: bool = False
    trial: bool = False
    form_targets: tuple[str, ...] = ()
    wide: bool = False

    @property
    def notice(self) -> str:
        """Return what every page of a demonstration or a trial says above all else; "" for a site that is open."""
        if self.demonstration:
            return self.demonstration_text
        return TRIAL if self.trial else ""

    @property
    def demonstration_text(self) -> str:
        """Return what every page of a demonstration says."""
        if self.owner == NEUTRAL.owner:
            return "This is a demonstration. No council or provider runs it or will see what you type."
        return f"This is a demonstration. {self.owner} does not run it and will not see what you type."


NEUTRAL = Frame(owner="Parley", service="SEND disagreement resolution")

FrameSource = Callable[[], Frame]


class _Template(jinja2.Template):
    """A template whose macros are made once: no page here has globals of its own, which Jinja would look for at each
    import of each page."""

    def _get_default_module(self, _context: object = None) -> Any:
        return super()._get_default_module()


def init_app(
    app: Flask,
    *,
    frame: FrameSource,
    clock: Clock,
    assets: Assets,
    csrf: CSRFProtect,
    bytecode: Path | None = None,
) -> None:
    """Give ``app`` the shell: templates, filters, the frame, the built files, the brand style sheet, CSRF checks.

    Call it before anything touches ``app.jinja_env``. ``frame`` is called at most once a request. ``bytecode`` is a
    folder that only this process's user may write to: compiled templates kept there make the first page faster.
    """
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_environment.template_class = _Template
    app.jinja_loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(TEMPLATES),
            jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    if bytecode is not None:
        bytecode.mkdir(mode=0o700, parents=True, exist_ok=True)
        app.jinja_env.bytecode_cache = jinja2.FileSystemBytecodeCache(str(bytecode))
    app.jinja_env.filters.update(formatting.FILTERS)
    app.jinja_env.filters.update(field_params.FILTERS)
    app.jinja_env.globals.update(asset_url=assets.url, brand_address=brand_address, navigation=navigation)
    app.extensions["parley_frame"] = frame
    signed_out.init_app(app)

    @app.context_processor
    def shell_context() -> dict[str, object]:
        return {"frame": current_frame(), "today": london_date(clock.now())}

    # The browser sends no Referer here (Referrer-Policy: no-referrer), so the check for one would refuse everybody.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    # A token lives as long as the sign-in session that holds it: a page left open overnight still sends.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)


def current_frame() -> Frame:
    """Return the frame of this request, told once."""
    if "parley_frame" not in g:
        source: FrameSource = current_app.extensions["parley_frame"]
        g.parley_frame_asked = True
        g.parley_frame = source()
    frame: Frame = g.parley_frame
    return frame


def settle_frame() -> None:
    """Have a frame for a page that says what failed: the site's, or the neutral one if it was the frame."""
    if "parley_frame_asked" in g:
        settle_for_neutral_frame()


def settle_for_neutral_frame() -> None:
    """Use the neutral frame if none is known yet: for pages that say that the frame itself could not be told."""
    g.setdefault("parley_frame", NEUTRAL)


def brand_address(brand: Brand) -> str:
    """Return where the style sheet with a brand's colours is served; the name changes with the colours."""
    return f"{BRAND_PATH}{brand.digest}.css"


def blueprint() -> Blueprint:
    """Return the shell's own routes, to be registered once for each audience (under a name of its own)."""
    routes = Blueprint("shell", __name__)
    routes.add_url_rule(f"{BRAND_PATH}<digest>.css", "brand_style_sheet", brand_style_sheet)
    return routes


@public("the council's colours, which every page shows")
def brand_style_sheet(digest: str) -> Response:
    """Serve the colours of this host's owner; a digest of other colours is not found."""
    brand = current_frame().brand
    if digest != brand.digest:
        abort(404)
    response = Response(brand.style_sheet, mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


def navigation() -> list[tuple[Link, bool]]:
    """Return the frame's navigation, each entry with whether it is the current one."""
    return [(link, link.is_current(request.path)) for link in current_frame().navigation]

"""Response headers that hold for every page, and the nonce that lets exactly one inline script run.

The policy allows nothing that is not served from this host: no inline style or script (GOV.UK Frontend's one-line
snippet carries the nonce), no frames, no plugins, no outside images. A page is never stored by a browser or a proxy
unless its view says otherwise, because nearly every page shows something personal.
"""

import secrets
from collections.abc import MutableMapping

from flask import Flask, Response, g

from parley.web.shell import current_frame

_YEAR = 31_536_000
_PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

#: What every response says unless its view said otherwise.
_FIXED = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _PERMISSIONS),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def init_app(app: Flask, *, secure: bool) -> None:
    """Set the headers on every response of ``app``. ``secure`` says that the site is served over HTTPS only."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    fixed = dict(_FIXED)
    if secure:
        fixed["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"

    @app.after_request
    def harden(response: Response) -> Response:
        said = {name.casefold() for name in response.headers.keys()}
        wanted = {"Content-Security-Policy": _policy(secure=secure), **fixed}
        response.headers.extend({name: value for name, value in wanted.items() if name.casefold() not in said})
        return response


def harden_file(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """Set what a static file needs, as WhiteNoise asks for it: no guessing of its type, no use by other sites."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def csp_nonce() -> str:
    """Return the nonce of this response, made when first asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def _policy(*, secure: bool) -> str:
    """Return the content security policy of this response.

    ``form-action`` names the frame's other origins as well, because browsers also apply it to where a form's answer
    redirects, and a sign-in form leads to the council's own sign-on.
    """
    frame = current_frame() if "parley_frame" in g else None
    targets = " ".join(("'self'", *(frame.form_targets if frame else ())))
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    rules = [
        "default-src 'none'",
        "base-uri 'none'",
        "connect-src 'self'",
        f"form-action {targets}",
        "frame-ancestors 'none'",
        "img-src 'self'",
        f"script-src 'self'{nonce}",
        "style-src 'self'",
    ]
    if secure:
        rules.append("upgrade-insecure-requests")
    return "; ".join(rules)

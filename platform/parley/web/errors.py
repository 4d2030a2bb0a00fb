"""What a person sees when something goes wrong: what happened, what to do, and that nothing is lost.

Pages get HTML in the site's own frame; whatever lies under ``/api/`` gets problem+json (RFC 9457). Domain errors
raised by services are answered here too, so a view need not catch them.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from parley.kernel.errors import Conflict, DomainError, Invalid, NotFound, Refused
from parley.web.lifecycle import SuspendedSite, UnknownSite
from parley.web.problems import problem
from parley.web.shell import settle_for_neutral_frame

# Never shown again on the "page expired" page: the token itself, and what a browser must not write into a page.
_NOT_KEPT = frozenset({"csrf_token", "password", "code"})

# What an error's own response says beside its page: which methods would do, and when to come back.
_KEPT_HEADERS = frozenset({"allow", "retry-after"})

_DOMAIN_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFound, 404),
    (Refused, 403),
    (Conflict, 409),
    (Invalid, 422),
)


@dataclass(frozen=True, kw_only=True)
class ErrorWords:
    """The words of an error page: its title, what happened, what to do."""

    title: str
    happened: str
    to_do: str


WORDS = {
    400: ErrorWords(
        title="We could not understand that request",
        happened="Something in the address or in what was sent does not fit.",
        to_do="Go back and try again. Nothing that you saved before is lost.",
    ),
    403: ErrorWords(
        title="You cannot open this page",
        happened="You are signed in, but this page is for people with another role.",
        to_do="If you think you should see it, ask the person who runs the service for your organisation.",
    ),
    404: ErrorWords(
        title="Page not found",
        happened="There is no page at this address, or it is not one that you can open.",
        to_do="If you typed the address, check it. If you followed a link, it may have expired or been used already.",
    ),
    405: ErrorWords(
        title="This page cannot be used that way",
        happened="The address is right, but it does not accept what was sent to it.",
        to_do="Go back to the page before and use its buttons.",
    ),
    409: ErrorWords(
        title="This changed while you were looking at it",
        happened="Somebody, perhaps you in another window, has changed it since you opened the page.",
        to_do="Open the page again to see how things stand now. What was saved is kept.",
    ),
    410: ErrorWords(
        title="This link is no longer valid",
        happened="It has expired, or it was used already.",
        to_do="Ask for a new one where you asked for this one.",
    ),
    413: ErrorWords(
        title="That file is too large",
        happened="What you sent is larger than this service can take.",
        to_do="Send a smaller file, or several files one at a time. What you saved before is kept.",
    ),
    422: ErrorWords(
        title="Some answers need another look",
        happened="What was sent cannot be used as it is.",
        to_do="Go back, check your answers and try again.",
    ),
    429: ErrorWords(
        title="Too many tries in a short time",
        happened="To protect people, this service limits how often something can be tried.",
        to_do="Wait a few minutes, then try again. Nothing that you saved is lost.",
    ),
    500: ErrorWords(
        title="Sorry, there is a problem with the service",
        happened="Something went wrong on our side. It has been recorded.",
        to_do="Try again in a few minutes. Answers that you saved before this page are kept.",
    ),
    503: ErrorWords(
        title="Sorry, the service is unavailable",
        happened="A part of the service is being restarted or cannot be reached.",
        to_do="Try again in a few minutes. Answers that you saved before this page are kept.",
    ),
}

SUSPENDED = "This council’s service is paused. No request that was sent is lost, and no date set by law moves."


Answer = tuple[Response | str, int]


def init_app(app: Flask, *, front: str) -> None:
    """Answer every error of ``app``. ``front`` is the address of the page that lists the councils."""

    def unknown_site(_error: UnknownSite) -> Answer:
        settle_for_neutral_frame()
        if _is_api():
            return _problem(404, "No council or provider is served under this host name.")
        return render_template("errors/unknown_host.html", host=request.host, front=front), 404

    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(UnknownSite, unknown_site)
    app.register_error_handler(SuspendedSite, _suspended)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _server_error)


def _csrf_failed(_error: CSRFError) -> Answer:
    if _is_api():
        return _problem(400, "The request carries no valid token against cross-site requests.")
    return render_template("errors/expired.html", typed=typed_values(), may_resend=_sent_from_here()), 400


def _suspended(_error: SuspendedSite) -> Answer:
    return _problem(503, SUSPENDED) if _is_api() else _page(503, SUSPENDED)


def _domain_error(error: DomainError) -> Answer:
    status = next((code for kind, code in _DOMAIN_STATUS if isinstance(error, kind)), 400)
    if _is_api():
        errors = {"errors": error.errors} if isinstance(error, Invalid) else {}
        return _problem(status, error.message, code=error.code, **errors)
    # A page that was never there and one that is not this person's must read the same, byte for byte.
    return _page(status, None if status == 404 else error.message)


def _http_error(error: HTTPException) -> Answer | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    answer, _ = _problem(status, error.description) if _is_api() else _page(status)
    response = answer if isinstance(answer, Response) else Response(answer, mimetype="text/html")
    for name, value in error.get_headers(request.environ):
        if name.lower() in _KEPT_HEADERS:
            response.headers[name] = value
    return response, status


def _server_error(_error: InternalServerError) -> Answer:
    # Flask has logged the exception with its traceback. The frame may be what failed, so it is not asked again.
    settle_for_neutral_frame()
    return _problem(500) if _is_api() else _page(500)


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _page(status: int, message: str | None = None) -> Answer:
    """Return the error page; ``message`` replaces what happened with a service's own words for the person."""
    words = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    return render_template("errors/error.html", words=words, message=message, status=status), status


def _problem(status: int, detail: str | None = None, **members: Any) -> Answer:
    return problem(status, detail, **members), status


def _sent_from_here() -> bool:
    """Tell whether the browser says that one of our own pages sent this form.

    Only then may the page offer to send it again: a form that another site sent must never become ours by a click.
    """
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def typed_values() -> list[tuple[str, str]]:
    """Return what was typed into the form of this request, in order, without secrets and files."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]

"""What a person sees when something goes wrong: what happened, what to do, what they typed, and a way back.

Pages get HTML in the site's own frame; whatever lies under ``/api/`` gets problem+json (RFC 9457). Domain errors
raised by services are answered here too, so a view need not catch them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from parley.db.session import UNAVAILABLE
from parley.kernel.errors import Conflict, DomainError, Invalid, NotFound, Refused
from parley.web import typed
from parley.web.fair_use import SiteBusy
from parley.web.lifecycle import UnknownSite, end_transaction
from parley.web.problems import problem
from parley.web.shell import settle_for_neutral_frame, settle_frame

_log = structlog.get_logger(__name__)

# What an error's own response says beside its page: which methods would do, and when to come back.
_KEPT_HEADERS = frozenset({"allow", "retry-after"})

#: Errors after which the same form may go through: it was not looked at, or what failed may be whole again.
_SEND_AGAIN = frozenset({413, 429, 500, 502, 503, 504})

#: Errors with which the page that was open is still the place to go on.
_GO_ON_THERE = frozenset({400, 409, 422}) | _SEND_AGAIN

#: When to try again what failed because the database was being restarted: it is back within seconds.
_DATABASE_BACK_SECONDS = "5"

_SAFE_METHODS = frozenset({"GET", "HEAD"})

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
        to_do="Choose a smaller file, or send several files one at a time. What you saved before is kept.",
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

#: Of a site that is full for a moment: nobody tried anything too often.
BUSY = ErrorWords(
    title="This site is very busy at the moment",
    happened="It is answering as many people at once as it can. Nothing is wrong with what you sent.",
    to_do="Wait a few seconds, then try again. Nothing that you saved is lost.",
)


Answer = tuple[Response | str, int]


def init_app(app: Flask, *, front: str, forget: Callable[[], None] = lambda: None) -> None:
    """Answer every error of ``app``. ``front`` is the address of the page that lists the councils.

    ``forget`` has a page that is not there forget what it began to be about.
    """

    def unknown_site(_error: UnknownSite) -> Answer:
        settle_for_neutral_frame()
        if _is_api():
            return _problem(404, "No council or provider is served under this host name.")
        return render_template("errors/unknown_host.html", host=request.host, front=front), 404

    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(UnknownSite, unknown_site)

    def domain_error(error: DomainError) -> Answer:
        if isinstance(error, NotFound):
            forget()
        return _domain_error(error)

    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _server_error)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _database_unavailable)


def _csrf_failed(_error: CSRFError) -> Answer:
    if _is_api():
        return _problem(400, "The request carries no valid token against cross-site requests.")
    page = render_template(
        "errors/expired.html",
        typed=typed.typed_values(),
        written=typed.written(),
        # The token is what failed, so this is what the browser says.
        may_resend=typed.sent_from_here(),
        back=_way_back(),
    )
    return page, 400


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
    words = BUSY if isinstance(error, SiteBusy) else None
    answer, _ = _problem(status, error.description) if _is_api() else _page(status, words=words)
    response = answer if isinstance(answer, Response) else Response(answer, mimetype="text/html")
    for name, value in error.get_headers(request.environ):
        if name.lower() in _KEPT_HEADERS:
            response.headers[name] = value
    return response, status


def _server_error(_error: InternalServerError) -> Answer:
    # Flask has logged the exception with its traceback.
    end_transaction()
    settle_frame()
    return _problem(500) if _is_api() else _page(500)


def _database_unavailable(_error: Exception) -> Answer:
    """Say that the database cannot be reached; nothing on this page is read from it."""
    _log.exception("database-unavailable")
    end_transaction()
    settle_frame()
    answer, status = _problem(503) if _is_api() else _page(503)
    response = answer if isinstance(answer, Response) else Response(answer, mimetype="text/html")
    response.headers["Retry-After"] = _DATABASE_BACK_SECONDS
    return response, status


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _page(status: int, message: str | None = None, *, words: ErrorWords | None = None) -> Answer:
    """Return the error page; ``message`` replaces what happened with a service's own words for the person.

    ``words`` replaces those of the status.

    What was typed is on it, if one of our own pages sent it.
    """
    words = words or WORDS.get(status, WORDS[500 if status >= 500 else 400])
    is_ours = request.method not in _SAFE_METHODS and typed.sent_from_here()
    page = render_template(
        "errors/error.html",
        words=words,
        message=message,
        typed=typed.typed_values() if is_ours else [],
        written=typed.written() if is_ours else [],
        may_resend=is_ours and status in _SEND_AGAIN,
        file_box=typed.file_box() if is_ours else None,
        back=_way_back() if status in _GO_ON_THERE else None,
    )
    return page, status


def _way_back() -> str | None:
    """Return the page that the form was on, or the nearest one above it; for a page that failed, itself."""
    if request.method in _SAFE_METHODS:
        return request.full_path.rstrip("?")
    try:
        adapter = current_app.create_url_adapter(request)
    except HTTPException:
        return None
    path = request.path
    while path and adapter is not None and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if path == request.path and query else path or None


def _problem(status: int, detail: str | None = None, **members: Any) -> Answer:
    return problem(status, detail, **members), status

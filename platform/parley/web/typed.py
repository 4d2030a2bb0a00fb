"""What was typed into the form of the request at hand: kept by every page that has to say that it was not taken.

It goes back to the browser it came from and nowhere else: it is not stored, and no log may hold it.
"""

from flask import g, request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData
from wtforms import ValidationError

CSRF_BOX = "csrf_token"

#: Never in an answer: the token itself, and what gets somebody in.
_SECRET = frozenset({CSRF_BOX, "password", "code"})

#: Boxes that say what the page had shown, so that a form can be sent again; nobody typed them.
OURS = frozenset(
    {
        "asked",
        "attempt",
        "had",
        "instead_of",
        "message_id",
        "next",
        "officer",
        "organisation",
        "passkey",
        "question",
        "rows",
        "seen",
        "step",
        "version",
    }
)

#: How much of a body that is too large is looked at. Boxes that come before the file are within it.
_LEADING_BYTES = 64 * 1024

Pairs = list[tuple[str, str]]


def typed_values() -> Pairs:
    """Return what the form holds, in order, without secrets and files: what has to be sent to send it again."""
    return [(name, value) for name, value in _sent() if name not in _SECRET]


def written() -> Pairs:
    """Return what was typed for people to read and copy: without empty boxes and those that carry our own marks."""
    return [(name, value) for name, value in typed_values() if value and name not in OURS]


def sent_from_here() -> bool:
    """Tell whether one of our own pages sent this form: its token fits, or the browser says so.

    Only then may a page show it or offer to send it: a form that another site sent must never become ours by a click.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        validate_csrf(dict(_sent()).get(CSRF_BOX))
    except ValidationError:
        return False
    return True


def file_box() -> str | None:
    """Return the name of the box whose file made this form too large; None for a form that was read or had none."""
    return _leading()[1] if "typed_leading" in g else None


def _sent() -> Pairs:
    try:
        return list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return _leading()[0]


def _leading() -> tuple[Pairs, str | None]:
    """Return what comes before the first file of a form that is too large to be read whole, and that file's box.

    Pages that take files therefore ask for the file last.
    """
    if "typed_leading" not in g:
        boundary = request.mimetype_params.get("boundary", "")
        is_form = request.mimetype == "multipart/form-data" and boundary.isascii() and boundary
        # Not request.stream, which refuses to be read at all beyond the limit.
        beginning = request.environ["wsgi.input"].read(_LEADING_BYTES) if is_form else b""
        g.typed_leading = _boxes_before_files(boundary.encode(), beginning) if is_form else ([], None)
    leading: tuple[Pairs, str | None] = g.typed_leading
    return leading


def _boxes_before_files(boundary: bytes, beginning: bytes) -> tuple[Pairs, str | None]:
    decoder = MultipartDecoder(boundary)
    found: Pairs = []
    name, value = "", b""
    try:
        decoder.receive_data(beginning)
        while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
            if isinstance(event, File):
                return found, event.name
            if isinstance(event, Field):
                name, value = event.name, b""
            elif isinstance(event, Data):
                value += event.data
                if not event.more_data:
                    found.append((name, value.decode("utf-8", "replace")))
    except ValueError:
        # Not a form after all; what could be read until then is kept.
        return found, None
    return found, None

"""Problems as machines read them (RFC 9457): for every kind one address that never changes and leads to a page."""

from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify

#: Where the pages about problems lie, on every host whose API answers with them. The address is given as a path, so
#: that a client compares one text at every council and in every deployment.
PROBLEM_PATH = "/api/problems/"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class ProblemKind:
    """One kind of problem: its status, the last part of its address, and what a client can do about it."""

    status: int
    slug: str
    title: str
    to_do: str

    @property
    def address(self) -> str:
        """The problem's ``type``."""
        return PROBLEM_PATH + self.slug


_KINDS = (
    ProblemKind(
        status=400,
        slug="malformed-request",
        title="The request could not be understood",
        to_do="Send what the description of the operation asks for. A body is a JSON document in UTF-8.",
    ),
    ProblemKind(
        status=401,
        slug="not-signed-in",
        title="Nobody is signed in",
        to_do="Say who you are, as the description of the operation asks.",
    ),
    ProblemKind(
        status=403,
        slug="not-allowed",
        title="This is not yours to do",
        to_do="Ask the people who run the service for your organisation whether you should have the permission.",
    ),
    ProblemKind(
        status=404,
        slug="not-found",
        title="There is nothing at this address",
        to_do="Check the address and the host. What exists and is not yours to see is answered like this too.",
    ),
    ProblemKind(
        status=405,
        slug="method-not-allowed",
        title="This address does not take that method",
        to_do="Use one of the methods in the Allow header.",
    ),
    ProblemKind(
        status=409,
        slug="conflict",
        title="Things have changed, or do not allow this",
        to_do="Read how things stand now, then decide again.",
    ),
    ProblemKind(
        status=410,
        slug="gone",
        title="This is no longer here",
        to_do="Forget the address; ask for a new one where you got it.",
    ),
    ProblemKind(
        status=413,
        slug="too-large",
        title="The body is too large",
        to_do="Send less in one request. The description of the operation says how much is taken.",
    ),
    ProblemKind(
        status=415,
        slug="wrong-content-type",
        title="The body is not of a type that is taken here",
        to_do="Send JSON, and say so: Content-Type: application/json.",
    ),
    ProblemKind(
        status=422,
        slug="invalid-content",
        title="The content cannot be used as it is",
        to_do="Mend every field under “errors”; a field inside a list is named by its place, as in matters.0.about.",
    ),
    ProblemKind(
        status=429,
        slug="too-many-requests",
        title="Too many requests in a short time",
        to_do="Wait for the seconds in the Retry-After header, then go on more slowly.",
    ),
    ProblemKind(
        status=500,
        slug="internal-error",
        title="Something went wrong on our side",
        to_do="Try again later with the same request. It has been recorded here.",
    ),
    ProblemKind(
        status=503,
        slug="unavailable",
        title="The service is not available now",
        to_do="Try again in a few minutes.",
    ),
)

PROBLEMS = {kind.status: kind for kind in _KINDS}
PROBLEMS_BY_SLUG = {kind.slug: kind for kind in _KINDS}


def kind_of(status: int) -> ProblemKind:
    """Return the kind of problem that an HTTP error status stands for."""
    return PROBLEMS.get(status) or PROBLEMS[500 if status >= 500 else 400]


def problem_document(status: int, detail: str | None = None, **members: Any) -> dict[str, Any]:
    """Return what says what went wrong, the same over the web and from the command line.

    ``members`` are further ones, as ``code`` and ``errors``.
    """
    kind = kind_of(status)
    body = {"type": kind.address, "title": kind.title, "status": status, **members}
    return body | {"detail": detail} if detail else body


def problem(status: int, detail: str | None = None, **members: Any) -> Response:
    """Return ``problem_document`` as a response."""
    response = jsonify(problem_document(status, detail, **members))
    response.status_code = status
    response.mimetype = MEDIA_TYPE
    return response

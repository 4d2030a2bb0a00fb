"""JSON in and out, the same for every operation."""

import json
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


def sent_document() -> Any:
    """Return the JSON that was sent.

    Raises UnsupportedMediaType when it does not say that it is JSON, BadRequest when it is none, and
    RequestEntityTooLarge.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        # Not the parser's own words alone: a body of ten thousand brackets is no JSON that anybody needs either.
        raise BadRequest(f"The body is not JSON: {error}.") from None


def answered(document: dict[str, Any]) -> Response:
    """Return ``document`` as JSON, its members in their own order."""
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")

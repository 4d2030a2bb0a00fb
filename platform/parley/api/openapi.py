"""The description of the API, as OpenAPI 3.1, made from the code that answers."""

import json
from typing import Any, ClassVar

from flask import Flask
from flask_smorest import Api
from marshmallow import Schema, fields

from parley.web.problems import MEDIA_TYPE

VERSION = "1.0.0"

ABOUT = """\
The interface of Parley, for programs. Every council has it on its own host, and there it is about that council alone.

Whatever goes wrong is answered as `application/problem+json` (RFC 9457). Its `type` never changes and leads to a page
that says what to do; `errors`, where there are any, names every field that has to be mended.
"""


class ProblemSchema(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "The kind of problem; the address of a page about it"})
    title = fields.String(required=True, metadata={"description": "The kind of problem in words"})
    status = fields.Integer(required=True)
    detail = fields.String(metadata={"description": "What went wrong this time"})
    code = fields.String(metadata={"description": "The cause, for programs"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with each field; a field in a list is named as in matters.0.about"},
    )


class ParleyApi(Api):  # type: ignore[misc]
    """flask-smorest's Api: its description of problems is ours, and answering errors is left to ``parley.web``."""

    ERROR_SCHEMA: ClassVar[type[Schema]] = ProblemSchema

    def __init__(self, app: Flask) -> None:
        """Take the application whose operations are described."""
        super().__init__(
            app,
            spec_kwargs={
                "title": "Parley",
                "version": VERSION,
                "openapi_version": "3.1.0",
                "info": {"description": ABOUT},
                "servers": [{"url": "/", "description": "The council whose host this is"}],
            },
        )

    def document(self) -> dict[str, Any]:
        """Return the description."""
        described: dict[str, Any] = self.spec.to_dict()
        return described

    def _register_error_handlers(self) -> None:
        """Register none: flask-smorest's would answer for the whole application, pages included."""

    def _register_pagination_header(self) -> None:
        """Describe none: what this API lists goes on from a cursor."""

    def _register_responses(self) -> None:
        """Describe every error as a problem; flask-smorest has one content type for these and for answers."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = Api.DEFAULT_RESPONSE_CONTENT_TYPE


def as_text(document: dict[str, Any]) -> str:
    """Return the description as it is served and committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

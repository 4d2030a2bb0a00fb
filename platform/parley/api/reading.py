"""What people read about the API: its description, and a page for every kind of problem."""

from typing import Any

from flask import Blueprint, Response, abort, render_template

from parley.access.domain import public
from parley.api.openapi import as_text
from parley.web.problems import PROBLEM_PATH, PROBLEMS_BY_SLUG
from parley.web.sites import Audience

_WHY = "says how programs talk to this site"


def blueprint(document: dict[str, Any]) -> Blueprint:
    """Return the pages about the API that ``document`` describes."""
    routes = Blueprint("api_pages", __name__, subdomain=Audience.COUNCIL, template_folder="templates")
    text = as_text(document)

    @routes.get("/api/v1/openapi.json")
    @public(_WHY)
    def description() -> Response:
        return Response(text, mimetype="application/json")

    @routes.get("/api")
    @public(_WHY)
    def about() -> str:
        return render_template(
            "api/about.html", info=document["info"], operations=_operations(document), problems=PROBLEMS_BY_SLUG
        )

    @routes.get(f"{PROBLEM_PATH}<slug>")
    @public(_WHY)
    def problem(slug: str) -> str:
        if slug not in PROBLEMS_BY_SLUG:
            abort(404)
        return render_template("api/problem.html", kind=PROBLEMS_BY_SLUG[slug])

    return routes


def _operations(document: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]

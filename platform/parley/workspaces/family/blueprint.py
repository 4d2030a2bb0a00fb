"""The addresses of the family pages, on every council's host."""

from flask import Blueprint

from parley.web.sites import Audience
from parley.workspaces.family import check, home, request, status

_READ, _ASK, _SEND = ["GET"], ["GET", "POST"], ["POST"]

_CASE = "/requests/<uuid:case_id>"
_DRAFT = "/requests/drafts/<uuid:draft_id>"
_SHARE = f"{_CASE}/words/<uuid:statement_id>/<uuid:party_id>"


def blueprint() -> Blueprint:
    """Return the family pages."""
    pages = Blueprint("family", __name__, subdomain=Audience.COUNCIL, template_folder="templates")
    pages.add_url_rule("/", "home", home.home, methods=_READ)
    pages.add_url_rule("/check", "check", check.start, methods=_READ)
    pages.add_url_rule("/check/result", "result", check.result, methods=_READ)
    pages.add_url_rule("/check/another", "add_matter", check.add_matter, methods=_SEND)
    pages.add_url_rule("/check/without/<int:index>", "remove_matter", check.remove_matter, methods=_SEND)
    pages.add_url_rule("/check/start-again", "start_again", check.start_again, methods=_SEND)
    pages.add_url_rule("/check/<path>", "question", check.question, methods=_ASK)
    pages.add_url_rule("/requests", "own_requests", request.own_requests, methods=_READ)
    pages.add_url_rule("/requests/before", "before", request.before, methods=_READ)
    pages.add_url_rule("/requests/new", "new", request.new, methods=_SEND)
    pages.add_url_rule("/requests/claim", "claim", status.claim, methods=_ASK)
    pages.add_url_rule(_DRAFT, "overview", request.overview, methods=_READ)
    pages.add_url_rule(f"{_DRAFT}/answers", "check_answers", request.check_answers, methods=_ASK)
    pages.add_url_rule(f"{_DRAFT}/delete", "delete", request.delete, methods=_ASK)
    pages.add_url_rule(f"{_DRAFT}/<slug>", "step", request.step, methods=_ASK)
    pages.add_url_rule(_CASE, "case", status.case, methods=_READ)
    pages.add_url_rule(f"{_CASE}/sent", "sent", status.sent, methods=_READ)
    pages.add_url_rule(f"{_CASE}/withdraw", "withdraw", status.withdraw, methods=_ASK)
    pages.add_url_rule(f"{_CASE}/your-say", "your_say", status.your_say, methods=_ASK)
    pages.add_url_rule(f"{_SHARE}/share", "share", status.share, methods=_SEND)
    pages.add_url_rule(f"{_SHARE}/stop", "stop_sharing", status.stop_sharing, methods=_SEND)
    pages.add_url_rule("/your-answer/<token>", "your_answer", status.your_answer, methods=_READ)
    pages.add_url_rule("/your-answer/<token>/take-up", "take_up", status.take_up, methods=_SEND)
    return pages

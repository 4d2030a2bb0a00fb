"""The addresses of the family pages, on every council's host."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from parley.web.sites import Audience
from parley.workspaces.family import (
    check,
    documents,
    home,
    meetings,
    messages,
    outcome,
    own_yes,
    request,
    rules,
    status,
    who_goes_on,
)

_READ, _ASK, _SEND = ["GET"], ["GET", "POST"], ["POST"]

_CASE = "/requests/<uuid:case_id>"
_CASE_DOCUMENT = f"{_CASE}/documents/<uuid:document_id>"
_DRAFT = "/requests/drafts/<uuid:draft_id>"
_DRAFT_DOCUMENT = f"{_DRAFT}/documents/<uuid:document_id>"
_WORDS = f"{_CASE}/words/<uuid:statement_id>/<uuid:party_id>"

#: Each page: its address, its endpoint, its view, how it may be asked for.
PAGES: tuple[tuple[str, str, Callable[..., Any], list[str]], ...] = (
    ("/", "home", home.home, _READ),
    ("/rules", "rules", rules.rules, _READ),
    ("/rules/<int:number>", "rules_of_version", rules.rules_of_version, _READ),
    ("/check", "check", check.start, _READ),
    ("/check/result", "result", check.result, _READ),
    ("/check/another", "add_matter", check.add_matter, _SEND),
    ("/check/without/<int:index>", "remove_matter", check.remove_matter, _SEND),
    ("/check/start-again", "start_again", check.start_again, _SEND),
    ("/check/<path>", "question", check.question, _ASK),
    ("/requests", "own_requests", request.own_requests, _READ),
    ("/requests/before", "before", request.before, _READ),
    ("/requests/new", "new", request.new, _SEND),
    ("/requests/claim", "claim", status.claim, _ASK),
    (_DRAFT, "overview", request.overview, _READ),
    (f"{_DRAFT}/answers", "check_answers", request.check_answers, _ASK),
    (f"{_DRAFT}/delete", "delete", request.delete, _ASK),
    (f"{_DRAFT}/documents", "draft_documents", documents.of_draft, _ASK),
    (f"{_DRAFT_DOCUMENT}/remove", "remove_from_draft", documents.remove_from_draft, _SEND),
    (f"{_DRAFT}/<slug>", "step", request.step, _ASK),
    (_CASE, "case", status.case, _READ),
    (f"{_CASE}/sent", "sent", status.sent, _READ),
    (f"{_CASE}/withdraw", "withdraw", status.withdraw, _ASK),
    (f"{_CASE}/who-goes-on", "who_goes_on", who_goes_on.who_goes_on, _ASK),
    (f"{_CASE}/your-say", "your_say", status.your_say, _ASK),
    (f"{_CASE}/young-person", "ask_young_person", own_yes.ask, _ASK),
    (f"{_CASE}/acting", "act_for_young_person", own_yes.act_for, _ASK),
    (f"{_WORDS}/share", "share", status.share, _SEND),
    (f"{_WORDS}/stop", "stop_sharing", status.stop_sharing, _SEND),
    (f"{_CASE}/messages", "messages", messages.messages, _ASK),
    (f"{_CASE}/documents", "documents", documents.of_case, _ASK),
    (f"{_CASE_DOCUMENT}/file", "document", documents.download, _READ),
    (f"{_CASE_DOCUMENT}/remove", "remove_document", documents.remove, _SEND),
    (f"{_CASE_DOCUMENT}/<uuid:party_id>/share", "share_document", documents.share, _SEND),
    (f"{_CASE_DOCUMENT}/<uuid:party_id>/stop", "stop_sharing_document", documents.stop_sharing, _SEND),
    ("/your-answer/<token>", "your_answer", status.your_answer, _READ),
    ("/your-answer/<token>/take-up", "take_up", status.take_up, _SEND),
)


def blueprint() -> Blueprint:
    """Return the family pages."""
    pages = Blueprint("family", __name__, subdomain=Audience.COUNCIL, template_folder="templates")
    for address, endpoint, view, methods in PAGES:
        pages.add_url_rule(address, endpoint, view, methods=methods)
    meetings.add_pages(pages)
    outcome.add_pages(pages)
    return pages

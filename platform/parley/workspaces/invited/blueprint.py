"""The addresses of invitations, on a council's own host."""

from flask import Blueprint

from parley.web.sites import Audience
from parley.workspaces.invited import case, links, meetings, outcome

#: The name of these pages, by which the frame around them is chosen.
NAME = "invited"

BOTH = ["GET", "POST"]


def blueprint() -> Blueprint:
    """Return the pages of invited contacts."""
    pages = Blueprint(NAME, __name__, subdomain=Audience.COUNCIL, url_prefix="/invited", template_folder="templates")
    pages.add_url_rule("", "again", links.again)
    pages.add_url_rule("/<token>", "invitation", links.invitation)
    pages.add_url_rule("/<token>/send-code", "send_code", links.send_code, methods=["POST"])
    pages.add_url_rule("/<token>/code", "code", links.code, methods=BOTH)
    pages.add_url_rule("/<token>/not-me", "give_back", links.give_back, methods=BOTH)
    pages.add_url_rule("/<token>/renew", "renew", links.renew, methods=["POST"])
    one = "/cases/<uuid:case_id>"
    pages.add_url_rule(one, "case", case.case)
    pages.add_url_rule(f"{one}/answer", "choose", case.choose)
    pages.add_url_rule(f"{one}/answer/<any(agree, decline, holding):kind>", "answer", case.answer, methods=BOTH)
    pages.add_url_rule(f"{one}/not-me", "give_back_place", case.give_back_place, methods=BOTH)
    meetings.add_pages(pages)
    outcome.add_pages(pages)
    return pages

"""The addresses of the council workspace, on a council's own host."""

from flask import Blueprint

from parley.web.sites import Audience
from parley.workspaces.council import (
    answering,
    case,
    contracts,
    early_end,
    figures,
    hand_over,
    listing,
    meetings,
    messages,
    officers,
    outcome,
    placing,
    records,
    ringing,
    rules,
)

BOTH = ["GET", "POST"]


def blueprint() -> Blueprint:
    """Return the workspace's pages."""
    council = Blueprint(
        "council", __name__, subdomain=Audience.COUNCIL, url_prefix="/council", template_folder="templates"
    )
    council.add_url_rule("", "start", listing.start)
    council.add_url_rule("/cases", "cases", listing.cases)
    council.add_url_rule("/search", "search", listing.search, methods=BOTH)
    council.add_url_rule("/rules", "rules", rules.rules)
    council.add_url_rule("/families-to-ring", "to_ring", ringing.to_ring)
    council.add_url_rule("/families-to-ring/<uuid:task_id>", "ring", ringing.ring, methods=BOTH)
    council.add_url_rule("/placing", "placing", placing.waiting)
    council.add_url_rule("/placing/<uuid:case_id>", "place", placing.place, methods=BOTH)
    council.add_url_rule("/contracts", "contracts", contracts.contracts)
    one_contract = "/contracts/<uuid:commission_id>"
    council.add_url_rule(f"{one_contract}/early-end", "early_end", early_end.early_end, methods=BOTH)
    council.add_url_rule(f"{one_contract}/hand-over", "hand_over_report", hand_over.hand_over)
    council.add_url_rule(f"{one_contract}/hand-over.csv", "hand_over_csv", hand_over.hand_over_csv)
    council.add_url_rule(f"{one_contract}/early-end/ask", "ask_families", early_end.ask_families, methods=BOTH)
    council.add_url_rule(
        f"{one_contract}/early-end/take-back", "take_early_end_back", early_end.take_early_end_back, methods=["POST"]
    )
    council.add_url_rule("/records", "records", records.records)
    council.add_url_rule("/figures", "figures", figures.council_figures)
    council.add_url_rule("/figures.csv", "figures_csv", figures.council_csv)
    council.add_url_rule("/figures/count", "count_again", figures.count_again, methods=["POST"])
    council.add_url_rule("/region", "region_figures", figures.region_figures)
    council.add_url_rule("/region.csv", "region_figures_csv", figures.region_csv)
    one = "/cases/<uuid:case_id>"
    council.add_url_rule(one, "case", case.case)
    council.add_url_rule(f"{one}/answer", "choose", answering.choose)
    council.add_url_rule(f"{one}/answer/<any(agree, decline, holding):kind>", "answer", answering.answer, methods=BOTH)
    council.add_url_rule(f"{one}/take", "take", officers.take, methods=["POST"])
    council.add_url_rule(f"{one}/hand-over", "hand_over", officers.hand_over, methods=BOTH)
    council.add_url_rule(f"{one}/number", "number", officers.number, methods=BOTH)
    council.add_url_rule(f"{one}/messages", "messages", messages.messages, methods=BOTH)
    meetings.add_pages(council)
    outcome.add_pages(council)
    return council

"""The addresses of the provider workspace, on the providers' host."""

from flask import Blueprint

from parley.web.sites import Audience
from parley.workspaces.provider import (
    acts,
    case,
    concerns,
    contacts,
    coordinators,
    drafting,
    entering,
    family_acts,
    lists,
    mediators,
    meeting_times,
    meetings,
    messages,
    notes,
    outcome,
    passing,
    questions,
    tasks,
    young_people,
)

_CASE = "/cases/<uuid:authority_id>/<uuid:case_id>"
_BOTH = ("GET", "POST")


def blueprint() -> Blueprint:
    """Return the pages. An address that names a council and a case opens its transaction for that one case."""
    pages = Blueprint("provider", __name__, subdomain=Audience.PROVIDER, template_folder="templates")
    add = pages.add_url_rule
    add("/", "worklist", lists.worklist)
    add("/late", "late", lists.late)
    add("/tasks", "tasks", tasks.tasks)
    add(_CASE, "case", case.case)
    add(f"{_CASE}/coordinator", "coordinator", coordinators.coordinator, methods=_BOTH)
    add(f"{_CASE}/hand-over", "hand_over", coordinators.hand_over, methods=_BOTH)
    add(f"{_CASE}/acknowledge", "acknowledge", acts.acknowledge, methods=_BOTH)
    add(f"{_CASE}/tell-council", "tell_council", acts.tell_council, methods=_BOTH)
    add(f"{_CASE}/ask", "ask", questions.ask, methods=_BOTH)
    add(f"{_CASE}/answered/<uuid:member_id>", "answered", questions.answered, methods=_BOTH)
    add(f"{_CASE}/messages/<uuid:member_id>", "family_messages", messages.family_messages, methods=_BOTH)
    add(f"{_CASE}/messages/council", "council_messages", messages.council_messages, methods=_BOTH)
    add(f"{_CASE}/signpost", "signpost", acts.signpost, methods=_BOTH)
    add(f"{_CASE}/conflict-of-interest", "conflict_of_interest", acts.conflict_of_interest, methods=_BOTH)
    add(f"{_CASE}/end", "end", acts.end, methods=_BOTH)
    add(f"{_CASE}/without/<uuid:party_id>", "go_on_without", acts.go_on_without, methods=_BOTH)
    add(f"{_CASE}/invite/<uuid:party_id>", "invite", contacts.invite, methods=_BOTH)
    add(f"{_CASE}/invitation/<uuid:member_id>", "invitation", contacts.invitation, methods=_BOTH)
    add(f"{_CASE}/tasks/<uuid:task_id>", "told", tasks.told, methods=_BOTH)
    add("/young-people", "find_young_person", young_people.find, methods=_BOTH)
    add("/young-people/<uuid:authority_id>/<uuid:case_id>", "ask_young_person", young_people.ask, methods=_BOTH)
    add("/enter", "enter", entering.choose_council, methods=_BOTH)
    add("/enter/<uuid:authority_id>/<uuid:case_id>", "enter_request", entering.enter_request, methods=_BOTH)
    add("/entered/<uuid:authority_id>/<uuid:case_id>", "entered", entering.entered)
    family_acts.add_pages(pages)
    meetings.add_pages(pages)
    meeting_times.add_pages(pages)
    mediators.add_pages(pages)
    outcome.add_pages(pages)
    drafting.add_pages(pages)
    notes.add_pages(pages)
    concerns.add_pages(pages)
    passing.add_pages(pages)
    return pages

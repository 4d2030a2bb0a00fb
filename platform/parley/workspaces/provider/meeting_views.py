"""The addresses of the pages about meetings, and the block on the page of the case."""

from flask import Blueprint

from parley.workspaces.provider import mediators, meeting_times, meetings

_MEETING = "/cases/<uuid:authority_id>/<uuid:case_id>/meeting"
_BOTH = ("GET", "POST")


def add_pages(pages: Blueprint) -> None:
    """Add them to the provider's pages."""
    pages.context_processor(lambda: {"meeting_block": meetings.block})
    add = pages.add_url_rule
    add(_MEETING, "meeting", meetings.meeting)
    add(f"{_MEETING}/calendar.ics", "meeting_calendar", meetings.calendar)
    add(f"{_MEETING}/times", "meeting_propose", meeting_times.propose, methods=_BOTH)
    add(f"{_MEETING}/times/<uuid:member_id>", "meeting_answers", meeting_times.answers, methods=_BOTH)
    add(f"{_MEETING}/mediator", "meeting_mediator", meeting_times.mediator, methods=_BOTH)
    add(f"{_MEETING}/fix", "meeting_fix", meeting_times.fix, methods=_BOTH)
    add(f"{_MEETING}/places", "meeting_places", meeting_times.places, methods=_BOTH)
    add(f"{_MEETING}/move", "meeting_move", meeting_times.move, methods=_BOTH)
    add(f"{_MEETING}/new-times", "meeting_new_times", meeting_times.new_times, methods=_BOTH)
    add(f"{_MEETING}/cancel", "meeting_cancel", meetings.cancel, methods=_BOTH)
    add(f"{_MEETING}/held", "meeting_held", meetings.held, methods=_BOTH)
    add(f"{_MEETING}/needs/<uuid:member_id>", "meeting_needs", meetings.needs, methods=_BOTH)
    add(f"{_MEETING}/preparation/<uuid:member_id>", "meeting_preparation", meetings.preparation, methods=_BOTH)
    add("/mediators", "mediators", mediators.mediators)
    add("/mediators/add", "add_mediator", mediators.add, methods=_BOTH)
    add("/mediators/<uuid:mediator_id>", "change_mediator", mediators.change, methods=_BOTH)

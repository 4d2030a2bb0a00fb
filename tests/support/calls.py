"""A caller's request as a coordinator types it: the check, the details, what was said yes to."""

from typing import Any

from werkzeug.test import TestResponse

from support.family import Served
from support.provider import Staff

CHECK = {
    "risk_now": "no",
    "asker": "parent_carer",
    "lives_in_area": "yes",
    "send": "yes",
    "stage": "plan_in_force",
    "appeal": "none",
    "matters.0.against": ["school"],
    "matters.0.about": "educational_provision",
    "matters.0.in_plan": "yes",
    "educated": "school",
}
ASKED = [*CHECK, "date_of_birth", "decision_letter_date", "tried"]
DETAILS = {
    "safe_ways": ["phone"],
    "asker_name": "Ash Marsh",
    "phone": "01632 960 001",
    "child_name": "Rowan Marsh",
    "born-day": "4",
    "born-month": "5",
    "born-year": "2016",
    "bodies": ["setting"],
    "setting": "Oak Hill School",
    "story": "The help stopped 🙂",
}
SAID = {"read_back": "yes", "take_part": "yes", "tell_council": "yes", "ask_setting": "no"}


def begin_call(coordinator: Staff, council: Served) -> str:
    """Choose the council; return the address of the request that is being entered."""
    answer = coordinator.post("/enter", council=council.authority.id)
    return str(answer.headers["Location"])


def sends(coordinator: Staff, entry: str, go: str, **changed: Any) -> TestResponse:
    """Send everything typed so far, to the step ``go``."""
    return coordinator.post(entry, **{"asked": ASKED, **CHECK, **DETAILS, **SAID, "go": go, **changed})

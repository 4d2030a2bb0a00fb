"""What the people of a provider do on its own host."""

import re
from collections.abc import Mapping

from support.walker import Walker, choose, choose_in

#: The check of a caller whose child's plan says what the school does not give; the second part opens with the first.
CALLERS_CHECK: Mapping[str, str] = {
    "Is anyone at risk": "No",
    "Who are you?": "A parent or carer",
    "Does the child or young person live": "Yes",
    "Are there special educational needs?": "Yes",
    "What stage are things at?": "There is a final plan, and no review at the moment",
    "Have you appealed to the SEND Tribunal?": "No",
    "Who do you disagree with?": "A school",
    "What is the disagreement about?": "Special educational support",
}
OPENED_BY_IT: Mapping[str, str] = {
    "Is this support written in the plan?": "Yes",
    "Where does education take place?": "School",
}


def opens(person: Walker, reference: str, *, view: str = "Open") -> None:
    """Open a case from one list over all councils' cases, by its reference."""
    person.open("/")
    person.follow(view)
    row = person.main.get_by_role("listitem").filter(has_text=reference)
    while not row.count():
        person.follow("Next")
    with person.page.expect_event("load"):
        row.get_by_role("link").first.click()
    person.look()
    person.reads(reference)


def acknowledges(coordinator: Walker) -> None:
    """Acknowledge the request of the case that is open, and take it."""
    coordinator.follow_button("Acknowledge the request")
    coordinator.press("Acknowledge")


def tells_council(coordinator: Walker) -> None:
    """Tell Derby's officers of the case that is open, having looked at what they will see."""
    coordinator.follow_button("Tell the council")
    coordinator.reads("What Derby City Council will see")
    choose("I looked at what the council will see from now on")(coordinator)
    coordinator.press("Tell Derby City Council")


def invites(coordinator: Walker, body: str, email: str) -> None:
    """Invite somebody at a body to the case that is open."""
    coordinator.follow(f"Invite somebody at {body}")
    coordinator.fill({"Name": "Head of School", "Work email address": email})
    coordinator.press("Send the invitation")


def enters_a_call(coordinator: Walker) -> str:
    """Write down a caller's request from the choice of a council to reading it back; return its reference."""
    coordinator.open("/enter")
    choose("Derby City Council")(coordinator)
    coordinator.press("Continue")
    for part in (CALLERS_CHECK, OPENED_BY_IT):
        choose_in(part)(coordinator)
        coordinator.press("Continue")
    choose("Any of these is safe")(coordinator)
    coordinator.fill(
        {
            "Caller’s name": "Jo Hill",
            "Phone number": "01332 496 001",
            "Full name of the child or young person": "Robin Hill",
            "Nursery, school or college (optional)": "Oak Hill School",
            "What has happened? (optional)": "The help stopped in September.",
        }
    )
    born = coordinator.group("Date of birth")
    for box, typed in (("Day", "4"), ("Month", "5"), ("Year", "2016")):
        born.get_by_label(box, exact=True).fill(typed)
    coordinator.press("Continue to reading back")
    choose("I read the request back and the caller said that it is right")(coordinator)
    said_yes = "The caller said yes"
    choose_in({"Going ahead": said_yes, "Telling the council": said_yes, "Asking the school or setting": "No"})(
        coordinator
    )
    coordinator.press("Send the request")
    coordinator.is_at("Request entered")
    return _found(r"[A-Z]{3}-\d{4}-\d{5}", coordinator)


def makes_a_code(coordinator: Walker) -> str:
    """Make the code by which the caller of the request just entered can follow it online; return it."""
    coordinator.follow("Give the caller a code")
    coordinator.press("Make a code")
    return _found(r"(?<=Code )\w{3} \w{3}", coordinator)


def _found(pattern: str, person: Walker) -> str:
    found = re.search(pattern, person.text)
    assert found, person.text
    return found[0]

"""What somebody at a school or health body does who was invited to one case."""

import re

from support.running import link_in
from support.walker import Walker


def opens_invitation(person: Walker, email: str, reference: str) -> None:
    """Open the link to a case that was mailed, and show by a code that the mailbox is theirs."""
    invitation = f"invites you to take part in disagreement resolution in request {reference}"
    person.open(link_in(person.parley.wait_for_mail(email, invitation)))
    person.is_at("You are invited to answer")
    before = person.parley.mail(email)
    person.press("Send me a code")
    found = re.search(r"Your code is (\w+)", person.parley.wait_for_mail(email, "Your code is", after=before).text)
    assert found
    person.fill({"Code": found[1]})
    person.press("Continue")


def agrees(person: Walker, body: str) -> None:
    """Answer the invitation that is open with a yes."""
    person.follow_button(f"Answer for {body}")
    person.follow("Yes, we take part")
    person.fill({"Your name": "Head of School", "What you are there": "Head teacher"})
    person.group("Are you the one to answer?").get_by_role("checkbox").check()
    person.press("See what the family will read")
    person.press("Send")

"""What came of a meeting: written down by its mediator, confirmed by each side, and carried out."""

import datetime as dt

from playwright.sync_api import expect

from support.running import wait_until
from support.walker import Walker, choose, date


def is_drafted(mediator: Walker, *, agreed: str, action: str, by: str, due: dt.date, still_open: str) -> None:
    """Write a draft in the case that is open, in which ``by`` does ``action`` and one thing stays open."""
    mediator.follow("The draft, and who has confirmed it")
    mediator.follow_button("Write a draft")
    choose("Some things were agreed, and some were not")(mediator)
    mediator.fill({"What was agreed": agreed, "Action 1: what is to be done": action, "What is still open": still_open})
    mediator.main.get_by_label("Action 1: who does it").select_option(label=by)
    date(due, "Action 1: by when")(mediator)
    mediator.press("Save the draft")


def copies_are_given(mediator: Walker) -> None:
    """Give each side its copy of the draft that is open."""
    mediator.follow_button("Give each side its copy")
    mediator.press("Give each side its copy")


def is_confirmed(person: Walker) -> None:
    """Confirm one's own copy, from one's own page of the case."""
    person.follow("See whether your copy is there")
    choose("I confirm it")(person)
    person.press("Send your answer")


def is_printed(person: Walker, *, says: tuple[str, ...]) -> None:
    """Open what is still open from the outcome's page; on paper it says so, and has nothing of the screen around it."""
    person.follow("A page with what is still open, to print")
    person.is_at("Disagreement resolution: what is still open")
    person.reads(*says)
    person.page.emulate_media(media="print")
    for furniture in (person.page.get_by_role("navigation"), person.main.get_by_role("button")):
        for one in furniture.all():
            expect(one).to_be_hidden()
    expect(person.main).to_be_visible()
    person.page.emulate_media(media="screen")


def comes_to_be_open(person: Walker, page: str) -> None:
    """Wait until what everybody confirmed is open, and read it, from the person's own page of the case."""
    link = "Read the outcome and what was agreed"

    def there() -> bool:
        person.page.goto(person.parley.url(person.site, page))
        return person.main.get_by_role("link", name=link).count() > 0

    wait_until("the outcome is open", there)
    person.look()
    person.follow(link)

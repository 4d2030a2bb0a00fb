"""How a meeting comes about: suggested, answered, fixed; and that it was held."""

import datetime as dt
import re

from support.running import RunningParley
from support.walker import Walker, choose, date

_WHEN_AND_WHERE = re.compile("^See when and where")


def adds_mediator(coordinator: Walker, name: str, account: str) -> None:
    """Add somebody who leads meetings, who has signed in before, unless they are listed already."""
    coordinator.open("/mediators")
    if name in coordinator.text:
        return
    coordinator.follow_button("Add a mediator")
    coordinator.fill({"Name": name, "Whose register": "Civil Mediation Council", "Number in the register": "Example 1"})
    date(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=365))(coordinator)
    signs_in_as = coordinator.main.get_by_label("Signs in as")
    signs_in_as.select_option(label=signs_in_as.get_by_role("option", name=account).inner_text())
    coordinator.press("Save")


def suggests(coordinator: Walker, day: dt.date) -> None:
    """Suggest two times on one day to everybody in the case that is open."""
    coordinator.follow("Arrange a meeting")
    coordinator.follow("Suggest times")
    choose("In person")(coordinator)
    for row, (begins, ends) in (("First time", ("10am", "12pm")), ("Second time (optional)", ("14:00", "16:00"))):
        date(day, row)(coordinator)
        coordinator.group(row).get_by_label("Begins").fill(begins)
        coordinator.group(row).get_by_label("Ends").fill(ends)
    coordinator.press("Suggest these times")


def answers(person: Walker, *, whose: str = "I") -> None:
    """Say, from one's own page of the case, that the first time suits and the second does not."""
    person.follow("See the suggested times")
    person.follow_button("Say which times suit")
    first, second = person.main.get_by_role("group").all()
    first.get_by_label(f"{whose} can come", exact=True).check()
    second.get_by_label(f"{whose} cannot come", exact=True).check()
    person.press("Send")


def fixes(coordinator: Walker, mediator: str, *, place: str) -> None:
    """Assign a mediator to the meeting of the case that is open, and fix its first time at one place for everybody."""
    coordinator.follow("See the suggested times")
    coordinator.follow("Assign a mediator")
    choices = coordinator.main.get_by_label("Mediator", exact=True)
    choices.select_option(label=choices.get_by_role("option", name=mediator).first.inner_text())
    coordinator.press("Assign")
    coordinator.follow("Fix the time and place")
    coordinator.group("Which time?").get_by_role("radio").first.check()
    coordinator.fill({"Where, or how the call is made": place})
    coordinator.press("Fix the meeting")


def keeps_the_date(person: Walker, place: str) -> None:
    """Read, from one's own page of the case, when and where it is; the calendar entry says as much and leads back."""
    person.follow(_WHEN_AND_WHERE)
    person.reads(place)
    link = person.main.get_by_role("link", name=re.compile("^Add it to")).first.get_attribute("href")
    entry = person.fetch(str(link))
    lines = entry.text.replace("\r\n ", "").splitlines()
    assert entry.kind.startswith("text/calendar")
    assert f"URL:{person.page.url}" in lines
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1
    assert "Marsh" not in entry.text


def time_passes(parley: RunningParley, case_id: str) -> None:
    """Let it be an hour after the meeting of a case."""
    with parley.database() as connection:
        connection.execute(
            "UPDATE meeting SET begins_at = now() - interval '3 hours', ends_at = now() - interval '1 hour'"
            " WHERE case_id = %s",
            (case_id,),
        )


def was_held(coordinator: Walker) -> None:
    """Record that the meeting of the case that is open was held, and that everybody came."""
    coordinator.follow(_WHEN_AND_WHERE)
    coordinator.follow("It was held")
    for person in coordinator.group("Who was there?").get_by_role("checkbox").all():
        person.check()
    coordinator.group("Was somebody there who could decide for the council?").get_by_label("Yes", exact=True).check()
    coordinator.press("Record that it was held")

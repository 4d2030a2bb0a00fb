"""What a council's officers do in their workspace."""

from support.walker import Walker, choose


def finds(officer: Walker, reference: str) -> None:
    """Find a case by its reference and open it."""
    officer.open("/council/cases")
    officer.main.get_by_label("Find a case").fill(reference)
    officer.press("Find")


def agrees(officer: Walker, *, unavailable: str = "") -> None:
    """Answer the case that is open with a yes that names who can decide, and read it as the family will."""
    officer.follow_button("Answer")
    officer.follow("Yes, the council takes part")
    officer.fill(
        {
            "Name of the person who can decide": "Head of SEND",
            "Their work email address": "head.of.send@derby.example",
            "Dates that do not work (optional)": unavailable,
        }
    )
    officer.press("See what the family will read")
    officer.press("Send")


def declines(officer: Walker, words: str) -> None:
    """Answer the case that is open with a no, and read it as the family will."""
    officer.follow_button("Answer")
    officer.follow("No, the council does not take part")
    choose("Another way is the right one")(officer)
    officer.fill({"The reason, in words for the family": words})
    officer.press("See what the family will read")
    officer.reads(words)
    officer.press("Send")

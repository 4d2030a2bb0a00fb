"""A council's staff see how each of its rules is known, also what families are not shown."""

from collections.abc import Callable

from support.factories import Factory
from support.family import served_council, words
from support.staff import Officer


def test_staff_see_what_is_doubtful_and_that_families_do_not(visit: Callable[..., Officer], make: Factory) -> None:
    officer = visit(served_council(make, "rutland"))
    officer.sign_in(make)
    said = words(officer.get("/council/rules"))
    assert "KIDS and The Together Trust" in said
    assert "Doubtful; families do not see it" in said
    assert "Not seen so far: who gives mediation advice; who mediates" in said


def test_nobody_else_sees_that_page(visit: Callable[..., Officer]) -> None:
    assert visit().get("/council/rules").status_code in (302, 303, 403)

"""Signing in, from the door through a real OpenID provider to the first page, as each kind of person."""

import pytest

from support.sign_in import Visitor, heading


def test_a_parent_signs_in_with_the_councils_account_and_goes_on_to_the_page_they_wanted(visit) -> None:
    parent = visit()
    wanted = parent.get("/mine?step=2")
    assert wanted.status_code == 303
    door = wanted.headers["Location"]
    assert door == "/sign-in?next=%2Fmine%3Fstep%3D2"
    done = parent.sign_in("parent1", door, choice="account", next="/mine?step=2")
    assert (done.status_code, done.headers["Location"]) == (303, "/mine?step=2"), done.text
    page = parent.get("/mine")
    assert page.status_code == 200
    assert " family " in page.text

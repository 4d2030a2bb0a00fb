"""How much each page about a meeting asks of the database."""

import pytest
from flask import Flask

from parley.db.scope import Login
from support.family import Family
from support.meetings import Arranging
from support.provider import Staff
from support.staff import Officer
from support.statements import statements_of


@pytest.mark.parametrize("fixed", [False, True])
def test_pages_about_a_meeting_stay_within_their_statements(
    app: Flask, parent: Family, officer: Officer, coordinator: Staff, arranging: Arranging, *, fixed: bool
) -> None:
    arranging.fixed() if fixed else arranging.propose()
    made, database = arranging.made, app.extensions["parley"].database
    pages = (
        (parent, f"/requests/{made.id}/meeting", Login.APP, 17),
        (officer, f"/council/cases/{made.id}/meeting", Login.APP, 16),
        (coordinator, f"/cases/{made.authority.id}/{made.id}/meeting", Login.PROVIDER, 17),
    )
    for person, path, login, most in pages:
        person.get(path)
        with statements_of(database, login) as seen:
            assert person.get(path).status_code == 200
        assert len(seen) <= most, "\n".join(seen)

"""How often pages ask the database: a list six times at most, a case nine times, whatever number of rows there is.

A read that is audited adds one statement, and a provider's page of a case its row in the provider's own list. Setting
the scope counts as the statement it is; the directory of councils, which a process reads every few seconds for all of
its pages, does not.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.db.scope import Login
from support.factories import Factory
from support.family import Family, Served
from support.provider import Staff, case_path, sent, sign_in_staff
from support.staff import Officer, told_case
from support.statements import statements_of

MOST_IN_A_LIST = 6
#: What comes next in each request hangs on its sides, the people asked there, and its due dates: a statement each.
MOST_IN_A_FAMILYS_LIST = MOST_IN_A_LIST + 2
MOST_FOR_ONE = 9
MOST_FOR_A_PROVIDERS_CASE = MOST_FOR_ONE + 1
AUDIT = "INSERT INTO audit_event"

Open = Callable[[str], Any]


@pytest.fixture
def coordinator(app: Flask, council: Served, make: Factory) -> Staff:
    """A coordinator of the council's provider, who is signed in."""
    assert council.provider is not None
    return sign_in_staff(app.test_client(), make, council.provider, Role.COORDINATOR, name="Cam Coordinator")


def asked_by(app: Flask, open_page: Open, path: str) -> list[str]:
    """Return the statements of a page that opens, in one transaction, once the process knows what it keeps."""
    open_page(path)
    with statements_of(app.extensions["parley"].database, *Login) as seen:
        assert open_page(path).status_code == 200
    scopes = [statement for statement in seen if "set_config('parley.realm'" in statement]
    assert len(scopes) == 1, "\n".join(seen)
    return seen


def without_audit(seen: list[str]) -> list[str]:
    """Return the statements that are not the record of a read; there is at most one of those."""
    rest = [statement for statement in seen if not statement.startswith(AUDIT)]
    assert len(seen) - len(rest) <= 1
    return rest


@pytest.mark.parametrize("view", ["mine", "unassigned", "team", "due", "closed"])
def test_a_councils_list(app: Flask, officer: Officer, council: Served, make: Factory, view: str) -> None:
    colleague = Officer(app.test_client(), council)
    colleague.sign_in(make)
    path = f"/council/cases?view={view}"
    told_case(make, council, assigned_id=colleague.identity_id)
    few = asked_by(app, officer.get, path)
    for number in range(30):
        told_case(make, council, assigned_id=(officer.identity_id, colleague.identity_id, None)[number % 3])
    many = asked_by(app, officer.get, path)
    assert len(many) <= MOST_IN_A_LIST, "\n".join(many)
    # A view that showed nobody's names when it was empty asks for them now, once.
    assert len(many) <= len(few) + 1


@pytest.mark.parametrize("view", ["new", "open", "mine", "late", "closed"])
def test_a_providers_list(app: Flask, coordinator: Staff, council: Served, make: Factory, view: str) -> None:
    told_case(make, council)
    few = asked_by(app, coordinator.get, f"/?view={view}")
    for _ in range(30):
        told_case(make, council)
    many = asked_by(app, coordinator.get, f"/?view={view}")
    assert len(many) <= MOST_IN_A_LIST, "\n".join(many)
    assert len(many) == len(few)


def test_a_familys_list(app: Flask, parent: Family, council: Served, make: Factory) -> None:
    told_case(make, council, parent_identity=parent.identity_id)
    few = asked_by(app, parent.get, "/requests")
    for _ in range(5):
        told_case(make, council, parent_identity=parent.identity_id)
    many = asked_by(app, parent.get, "/requests")
    assert len(many) <= MOST_IN_A_FAMILYS_LIST, "\n".join(many)
    assert len(many) == len(few)


def test_a_case_as_its_council_sees_it(app: Flask, officer: Officer, council: Served, make: Factory) -> None:
    made = told_case(make, council, assigned_id=officer.identity_id)
    few = asked_by(app, officer.get, f"/council/cases/{made.id}")
    for _ in range(5):
        make.party(made)
    many = asked_by(app, officer.get, f"/council/cases/{made.id}")
    assert any(statement.startswith(AUDIT) for statement in many)
    assert len(without_audit(many)) <= MOST_FOR_ONE, "\n".join(many)
    assert len(many) == len(few)


def test_a_case_as_its_family_sees_it(app: Flask, parent: Family, council: Served, make: Factory) -> None:
    made = told_case(make, council, parent_identity=parent.identity_id)
    few = asked_by(app, parent.get, f"/requests/{made.id}")
    for _ in range(5):
        make.member(made, make.party(made))
    many = asked_by(app, parent.get, f"/requests/{made.id}")
    assert len(without_audit(many)) <= MOST_FOR_ONE, "\n".join(many)
    assert len(many) == len(few)


def test_a_case_as_its_provider_sees_it(app: Flask, coordinator: Staff, council: Served, make: Factory) -> None:
    case = sent(make, council)
    many = asked_by(app, coordinator.get, case_path(case))
    assert len(without_audit(many)) <= MOST_FOR_A_PROVIDERS_CASE, "\n".join(many)

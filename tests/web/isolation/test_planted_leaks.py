"""Routes that leak are found: each of these is planted, and the trying of every address says so."""

from collections.abc import Callable
from typing import Any

import flask
import pytest

from parley.access.domain import Permission, requires
from parley.casework import queries
from parley.casework.models import Case
from parley.db.scope import authority_scope
from parley.kernel.errors import NotFound, Refused
from parley.web.runtime import runtime
from support.everybody import Everybody
from support.exploration import Exploration
from support.trying import differs, example_of, never_was

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("isolation")]

OWN_CASE = "council /requests/<uuid:case_id>"


@pytest.fixture
def told(explored: Exploration, everybody: Everybody) -> Callable[[str], str]:
    """Return what a person is told of the family's case that they are not told of nothing."""
    example = example_of(explored, everybody, OWN_CASE, "GET")

    def tried(name: str) -> str:
        return differs(example, everybody.people[name], {"case_id": never_was(example.values["case_id"])})

    return tried


@pytest.mark.parametrize("name", ["parent next door", "parent there"])
def test_without_a_leak_there_is_nothing_to_tell(told: Callable[[str], str], name: str) -> None:
    assert told(name) == ""


def test_a_route_that_takes_anybody_for_a_member_is_found(
    told: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def whoever_comes_first(people: queries.People, _identity_id: object) -> Any:
        if not people:
            raise NotFound
        return next(iter(people.values()))

    monkeypatch.setattr(queries, "_own_place", whoever_comes_first)
    assert told("parent next door") == "got the page"


@requires(Permission.FAMILY_ASK)
def _in_the_scope_of_whoever_it_belongs_to(case_id: Any) -> str:
    """Show the case without asking the site's own scope, as a route that opens a session of its own might."""
    for authority in runtime().sites._by_host.values():
        with runtime().database.begin(authority_scope(authority.id)) as session:
            if (case := session.get(Case, (authority.id, case_id))) is not None:
                return case.reference
    raise NotFound


@requires(Permission.FAMILY_ASK)
def _by_another_status(case_id: Any) -> str:
    """Show nothing, and tell by its refusal that there is something."""
    for authority in runtime().sites._by_host.values():
        with runtime().database.begin(authority_scope(authority.id)) as session:
            if session.get(Case, (authority.id, case_id)) is not None:
                raise Refused("This is not yours.", code="not-yours")
    raise NotFound


@pytest.mark.parametrize(
    ("view", "said"),
    [(_in_the_scope_of_whoever_it_belongs_to, "got the page"), (_by_another_status, "+403 FORBIDDEN")],
)
def test_a_route_that_forgets_its_scope_is_found(
    app: flask.Flask, told: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, view: Any, said: str
) -> None:
    monkeypatch.setitem(app.view_functions, "family.case", view)
    for name in ("parent next door", "parent there"):
        assert said in told(name)


def test_an_address_that_nobody_comes_to_fails_by_its_name(explored: Exploration, everybody: Everybody) -> None:
    with pytest.raises(pytest.fail.Exception, match="GET council /new/<uuid:thing_id>: no link or form leads there"):
        example_of(explored, everybody, "council /new/<uuid:thing_id>", "GET")

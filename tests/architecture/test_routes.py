"""Every address says who may open it, and what anybody may open is on a list that a person has read."""

import pathlib
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from parley.access.domain import Permission, access_mark
from parley.app import create_app
from parley.cli.permissions import page
from parley.settings import Mode
from parley.web.fair_use import counted_as
from parley.web.lifecycle import MACHINE_PATHS
from parley.web.sites import Audience
from support.deployment import NOWHERE, deployment

PERMISSIONS_PAGE = pathlib.Path(__file__).parents[2] / "docs" / "permissions.md"
PUBLIC_ROUTES = pathlib.Path(__file__).with_name("public_routes.txt")


@pytest.fixture(scope="module", params=list(Mode))
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application as it would be served, for a demonstration and in production."""
    built = create_app(deployment(tmp_path_factory.mktemp("app"), NOWHERE, mode=request.param))
    yield built
    built.extensions["parley"].database.dispose()


def _address(rule: Rule) -> str:
    return f"{rule.subdomain} {rule.rule}"


def _rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_address_belongs_to_an_audience(app: Flask) -> None:
    assert {rule.subdomain for rule in _rules(app)} <= {audience.value for audience in Audience}


def test_every_address_says_who_may_open_it(app: Flask) -> None:
    unmarked = [_address(rule) for rule in _rules(app) if access_mark(app.view_functions[rule.endpoint]) is None]
    assert unmarked == []


def test_a_mark_is_either_a_permission_or_a_reason(app: Flask) -> None:
    for rule in _rules(app):
        mark = access_mark(app.view_functions[rule.endpoint])
        assert mark is not None
        assert isinstance(mark.permission, Permission) != bool(mark.public_because), _address(rule)


def test_what_anybody_may_open_is_on_the_list(app: Flask) -> None:
    """A line too few and somebody opened a page without anybody looking; one too many and it was closed or renamed."""
    listed = {line for line in PUBLIC_ROUTES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"}
    here = {
        _address(rule)
        for rule in _rules(app)
        if (mark := access_mark(app.view_functions[rule.endpoint])) and mark.permission is None
    }
    demonstration_only = {line.removeprefix("demonstration: ") for line in listed if line.startswith("demonstration: ")}
    expected = {line for line in listed if not line.startswith("demonstration: ")}
    if not app.extensions["parley"].settings.is_production:
        expected |= demonstration_only
    assert sorted(here) == sorted(expected)


def test_the_page_of_who_may_do_what_is_true(app: Flask) -> None:
    assert PERMISSIONS_PAGE.read_text(encoding="utf-8") == page(app), "run: parley permissions > docs/permissions.md"


def test_machines_are_answered_under_any_host_and_nothing_else_is(app: Flask) -> None:
    assert {rule.rule for rule in _rules(app) if rule.subdomain == Audience.MACHINE} == MACHINE_PATHS


def test_a_page_that_names_a_case_is_never_for_anybody(app: Flask) -> None:
    open_to_all = [
        _address(rule)
        for rule in _rules(app)
        if "case_id" in rule.arguments
        and (mark := access_mark(app.view_functions[rule.endpoint]))
        and mark.permission is None
    ]
    assert open_to_all == []


def test_every_operation_of_the_api_and_every_answer_of_a_check_is_counted(app: Flask) -> None:
    uncounted = {
        _address(rule)
        for rule in _rules(app)
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.rule.startswith("/api/v1/") or (rule.rule.startswith("/check/") and method == "POST")
        if counted_as(app.view_functions[rule.endpoint], method) is None
    }
    assert uncounted == {"council /api/v1/openapi.json"}

"""`parley law`: the versions, and all that one of them says."""

import json
from datetime import date

from click.testing import CliRunner, Result

from parley.cli.law import law
from parley.law.england_2014 import ENGLAND_2014
from support.planted_law import ID, plant


def run(*arguments: str) -> Result:
    return CliRunner().invoke(law, list(arguments))


def test_versions_are_listed_and_the_one_in_force_is_marked(monkeypatch):
    plant(monkeypatch, begins=date(2199, 9, 1))
    assert [line.split()[:2] for line in run("list").stdout.splitlines()] == [["*", "england-2014"], [ID, "since"]]
    told = json.loads(run("list", "--json").stdout)
    assert [(one["version"], one["effective_from"], one["in_force"]) for one in told] == [
        ("england-2014", "2014-09-01", True),
        (ID, "2199-09-01", False),
    ]


def test_a_version_is_shown_with_everything_it_says_and_where_that_is_written():
    told = json.loads(run("show", "--json").stdout)
    assert told["version"] == "england-2014"
    ids = {name: [entry["id"] for entry in part] for name, part in told.items() if isinstance(part, list)}
    assert set(ids["gates"]) == set(ENGLAND_2014.gates)
    assert set(ids["rows"]) == set(ENGLAND_2014.rows)
    assert set(ids["time_limits"]) == set(ENGLAND_2014.limits)
    assert set(ids["cases_between_the_rules"]) == set(ENGLAND_2014.cases)
    out = run("show").stdout
    assert "family to contact the mediation adviser: 2 months from the date on the decision letter" in out
    assert "tell the family the date and place: 5 working days before the meeting" in out
    assert "no-certificate: This service does not give a mediation certificate. (Children and Families Act 2014" in out


def test_the_version_of_a_day_is_found(monkeypatch):
    plant(monkeypatch, begins=date(2029, 9, 1))
    assert "england-2014" in run("show", "--on", "2029-08-31").stdout.splitlines()[0]
    assert ID in run("show", "--on", "2029-09-01").stdout.splitlines()[0]
    assert ID in run("show", ID).stdout.splitlines()[0]


def test_a_version_that_is_not_there_is_told():
    result = run("show", "england-1999")
    assert result.exit_code == 1
    assert "england-1999" in result.output
    assert "parley law list" in result.output
    assert run("show", "--on", "2014-08-31").exit_code == 1

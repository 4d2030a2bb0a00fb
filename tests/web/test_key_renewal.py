"""A council's data key is renewed by the command of docs/operate.md while gunicorn serves, and no page fails."""

import datetime as dt
import json
import pathlib
from collections.abc import Iterator

import pytest

from parley.kernel.clock import SystemClock
from parley.renewal.domain import Owner
from parley.renewal.service import Order, begin
from support.factories import OPERATOR
from support.keyed import KeyedDeployment
from support.served import asked_all_the_time, gunicorn


@pytest.fixture
def here(tmp_path: pathlib.Path, own_database: str) -> Iterator[KeyedDeployment]:
    """The deployment, which nobody serves yet."""
    deployed = KeyedDeployment(tmp_path, own_database)
    yield deployed
    deployed.database.dispose()


def announced(here: KeyedDeployment) -> str:
    """Announce another key for the council as if that were minutes ago; return the arguments of the command."""
    council = here.council.authority
    owner = Owner(id=council.id, name=council.name)
    told = {"author": "ops", "reason": "In a dump", "announced": dt.timedelta(minutes=-2)}
    begin(here.database, Order(owner=owner, actor=OPERATOR, clock=SystemClock(), **told))
    return council.slug


def test_pages_are_read_and_written_before_meanwhile_and_after(here: KeyedDeployment) -> None:
    first, second = here.case("One."), here.case("Two.")
    number = f"/council/cases/{first.id}/number"
    here.officer.follow_path_from(number, number, {"number": "SEN 7"})
    slug = announced(here)
    assert "is being renewed" in here.keys("status")
    assert "goes on where it was" in here.doctor()["data keys"]
    with gunicorn(here.environ) as port:
        visitor = here.visitor(port)
        pages = {f"/council/cases/{case.id}": case.child_name for case in (first, second)}
        with asked_all_the_time(visitor, pages) as came:
            here.officer.follow_path_from(number, number, {"number": "SEN 8"})
            arguments = ("renew", "council", slug, "--reason", "In a dump", "--json", "--yes")
            printed = here.keys(*arguments)
            said = json.loads(printed[printed.index("{") :])
            assert (said["finished"], said["version"], said["left"]["rows"]) == (True, 2, {})
            asked = len(came)
            while len(came) < asked + 2 * len(pages):
                assert visitor.get("/readyz")[0] == 200
        assert [one for one in came if one[1:] != (200, True)] == []
    assert here.officer.post_from(here.officer.get("/council/search"), "/council/search", q="SEN 8").status_code == 303
    assert "data keys" not in here.doctor()
    assert json.loads(here.keys("status", "--json"))[0]["renewed_now"] == []


def test_the_command_says_what_there_would_be_to_do_and_refuses_what_it_cannot_begin(here: KeyedDeployment) -> None:
    here.case("One.")
    slug = here.council.authority.slug
    assert "Nothing was changed" in here.keys("renew", "council", slug, "--reason", "In a dump", "--dry-run")
    assert "No council is called nowhere" in here.keys("renew", "council", "nowhere", "--reason", "x", code=2)
    assert "Which provider?" in here.keys("renew", "provider", "--reason", "x", code=2)
    assert "Upgrade them first" in here.keys("renew", "council", slug, "--reason", "In a dump", code=2, answer="n\n")
    assert json.loads(here.keys("status", "--json"))[0]["renewed_now"] == []

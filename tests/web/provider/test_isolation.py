"""A provider's hold on a case, its sign-in and its commission end what its people see.

That they see nothing of another provider's is tried for every address in tests/web/isolation.
"""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from parley.access.domain import Role
from parley.casework.models import WorklistEntry
from parley.db.scope import authority_scope
from parley.kernel.ids import new_id
from support.factories import NOW, Factory
from support.family import Served, served_council, without_secrets
from support.provider import HOST, Staff, case_path, sent

PATHS = ("", "/acknowledge", "/tell-council", "/coordinator", "/ask", "/messages/council")


def nowhere() -> str:
    """Return the address of a case that never was."""
    return f"/cases/{new_id()}/{new_id()}"


def same_as_nothing(member: Staff, path: str) -> bool:
    """Tell whether ``path`` answers byte for byte as an address where there never was anything."""
    there, nothing = member.get(path), member.get(nowhere())
    assert there.status_code == nothing.status_code == 404
    return without_secrets(there) == without_secrets(nothing)


@pytest.mark.parametrize("path", PATHS)
def test_when_the_hold_has_ended_the_case_is_gone(
    coordinator: Staff, council: Served, make: Factory, path: str
) -> None:
    case = sent(make, council)
    assert coordinator.get(case_path(case)).status_code == 200
    with make.database.begin(authority_scope(council.authority.id)) as session:
        entry = session.get_one(WorklistEntry, (coordinator.provider.id, council.authority.id, case.id))
        entry.held_until = NOW
        session.commit()
    assert same_as_nothing(coordinator, f"{case_path(case)}{path}")
    assert case.reference not in coordinator.get("/").text


def test_a_cookie_that_claims_another_realm_opens_nothing(
    staff: Callable[..., Staff], council: Served, make: Factory
) -> None:
    other = make.provider()
    make.commission(council.authority, other)
    stranger, case = staff(Role.COORDINATOR, at=other), sent(make, council)
    cookie = stranger.client.get_cookie("parley", domain=HOST)
    assert cookie
    assert council.provider
    forged = f"{council.provider.id.hex}.{cookie.value.partition('.')[2]}"
    stranger.client.set_cookie("parley", forged, domain=HOST)
    for path in (case_path(case), "/"):
        page = stranger.get(path)
        assert page.status_code in {302, 303, 401}
        assert case.reference not in page.text


def test_a_council_that_no_longer_commissions_is_offered_no_more_and_refused(
    coordinator: Staff, council: Served, make: Factory
) -> None:
    ended = served_council(make)
    make.commission(ended.authority, coordinator.provider, ends_on=dt.date(2026, 11, 23))
    assert ended.authority.name not in coordinator.get("/enter").text
    assert coordinator.get(f"/enter/{ended.authority.id}/{uuid.uuid4()}").status_code == 404

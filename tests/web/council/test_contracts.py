"""Those who answer for a council's contracts read them as they were published, and no case."""

import datetime as dt
from collections.abc import Callable

import pytest

from parley.access.domain import Role
from parley.tenancy.domain import ContractStanding
from support.factories import Factory
from support.family import Served, words
from support.staff import Officer


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.COMMISSIONER])
def test_a_contract_is_shown_with_what_was_agreed_in_it(
    visit: Callable[..., Officer], make: Factory, council: Served, role: Role
) -> None:
    other = make.provider(name="Northern Helpers")
    make.commission(
        council.authority,
        other,
        standing=ContractStanding.TO_BE_CONFIRMED,
        starts_on=dt.date(2027, 4, 1),
        may_be_extended_to=dt.date(2031, 3, 31),
        capacity=12,
        languages=("English", "Punjabi"),
    )
    officer = visit()
    officer.sign_in(make, role=role)
    said = words(officer.get("/council/contracts"))
    assert f"Disagreement resolution: {council.provider.name} In force" in said
    assert "Disagreement resolution: Northern Helpers To be confirmed From 1 April 2027" in said
    assert "May be extended to 31 March 2031, if the council decides so" in said
    assert "Open cases at a time 12 Languages English, Punjabi" in said


def test_officers_without_that_task_do_not_read_contracts(visit: Callable[..., Officer], make: Factory) -> None:
    officer = visit()
    officer.sign_in(make)
    assert officer.get("/council/contracts").status_code == 403

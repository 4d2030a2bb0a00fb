"""Requests as families hand them in, with everything said that must be said; a test changes what it is about."""

import dataclasses
import datetime as dt
from typing import Any

from parley.casework.domain import Capacity, PartyKind
from parley.casework.request import Body, NewRequest, Person

COUNCIL = Body(kind=PartyKind.LOCAL_AUTHORITY)
SCHOOL = Body(kind=PartyKind.SETTING, name="Oak Hill School", may_be_invited=True)

USUAL = NewRequest(
    capacity=Capacity.PARENT_CARER,
    asker=Person(name="Ash Marsh", email="parent@family.invalid"),
    child_name="Rowan Marsh",
    child_date_of_birth=dt.date(2016, 2, 29),
    bodies=(COUNCIL,),
    areas=("A",),
    agrees_to_tell_council=True,
)


def a_request(**changes: Any) -> NewRequest:
    """Return the usual request with ``changes``."""
    return dataclasses.replace(USUAL, **changes)

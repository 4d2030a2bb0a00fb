"""A case, and the desk where its documents are."""

import pytest

from parley.casework.domain import CaseState
from parley.db.session import Database
from support.document_desk import Desk
from support.factories import Factory, MadeCase


@pytest.fixture
def case(make: Factory) -> MadeCase:
    """A case that the council knows of."""
    return make.case(state=CaseState.COUNCIL_TOLD)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Where the documents are."""
    return Desk(database)

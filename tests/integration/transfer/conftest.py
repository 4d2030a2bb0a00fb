"""A council whose records are taken out."""

from collections.abc import Iterator

import pytest

from parley.db.keys import Vault
from parley.db.session import Database, engine_for
from support.database import logins_of, migrated_database
from support.factories import COMPARTMENT_KEY, MASTER_KEY, Factory
from support.leaving_council import Leaving, leaving_council


@pytest.fixture(scope="module")
def here_url(database_server: str) -> Iterator[str]:
    """The superuser's address of the deployment that the council leaves."""
    with migrated_database(database_server) as url:
        yield url


@pytest.fixture(scope="module")
def here(here_url: str) -> Iterator[Database]:
    """That deployment."""
    engines = {login: engine_for(url) for login, url in logins_of(here_url).items() if login != "owner"}
    opened = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def leaving(here: Database, here_url: str) -> Leaving:
    """The council, with one of everything."""
    return leaving_council(Factory(here), here, logins_of(here_url)["worker"])


@pytest.fixture(scope="module")
def staying(here: Database, here_url: str) -> Leaving:
    """Another council of the same deployment, with one of everything too."""
    return leaving_council(Factory(here), here, logins_of(here_url)["worker"])

"""Another deployment than the test's: its own database, its own master key, the same providers and regions by name."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import text

from parley.db.keys import Vault
from parley.db.scope import platform_scope
from parley.db.session import Database, engine_for
from parley.tenancy import queries as tenancy
from parley.tenancy import service
from support.database import logins_of, migrated_database
from support.factories import NOW, OPERATOR
from support.leaving_council import Leaving

MASTER_KEY = b"the other deployment's own key.."
COMPARTMENT_KEY = b"and its compartment's own key..."


@dataclasses.dataclass(frozen=True)
class Elsewhere:
    """The deployment, and the superuser's address of its database."""

    database: Database
    admin_url: str

    def rows(self) -> dict[str, int]:
        """Return how many rows each table of the open side has."""
        with psycopg.connect(self.admin_url) as admin:
            tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            return {
                name: admin.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchall()[0][0] for (name,) in tables
            }


@contextmanager
def elsewhere(database_server: str, leaving: Leaving, here: Database) -> Iterator[Elsewhere]:
    """Give a deployment into which ``leaving`` can move."""
    with migrated_database(database_server) as admin_url:
        engines = {login: engine_for(url) for login, url in logins_of(admin_url).items() if login != "owner"}
        database = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
        know_the_same(database, leaving, here)
        try:
            yield Elsewhere(database, admin_url)
        finally:
            database.dispose()


def know_the_same(database: Database, leaving: Leaving, here: Database) -> None:
    """Load what the council's records name."""
    with here.begin(platform_scope()) as session:
        named = text("SELECT r.slug FROM region r JOIN local_authority a ON a.region_id = r.id WHERE a.id = :id")
        region = session.scalars(named, {"id": leaving.council.authority.id}).one()
        providers = tenancy.providers(session)
    with database.begin(platform_scope()) as session:
        service.save_region(session, slug=region, name="Elsewhere")
        # So that no id is the same by chance of order.
        service.save_provider(session, actor=OPERATOR, at=NOW, slug="another", content={"name": "Another"})
        for one in providers:
            content = {"name": one.name, **one.profile}
            service.save_provider(session, actor=OPERATOR, at=NOW, slug=one.slug, content=content)

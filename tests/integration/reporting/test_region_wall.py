"""Whoever reads for a region reads figures of its councils, and is refused everything else."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, ProgrammingError

from parley.db.scope import Login, Scope, authority_scope, platform_scope, region_scope
from parley.db.session import Database
from parley.reporting.models import MeasureRow
from parley.reporting.queries import councils_of_region, provider_names, region_figures, years_counted
from parley.tenancy.domain import Authority
from parley.tenancy.queries import commissions, region_of
from support.factories import NOW, Factory
from support.figures import keep_row
from support.models import declared

#: What the login may read: figures, and what councils, regions and providers are called.
READS = {"measure_row", "region", "local_authority", "provider"}


@pytest.fixture
def counted(make: Factory, database: Database) -> Authority:
    """A council of which something was counted."""
    return _counted(make, database, make.region())


def _counted(make: Factory, database: Database, region_id: uuid.UUID) -> Authority:
    authority, provider = make.authority(region_id=region_id), make.provider()
    make.commission(authority, provider)
    with database.begin(authority_scope(authority.id)) as session:
        [commission] = commissions(session, authority.id)
    keep_row(database, authority, commission.id, provider_id=provider.id, counts={"requests": 7})
    return authority


def _region(database: Database, authority: Authority) -> Scope:
    with database.begin(authority_scope(authority.id)) as session:
        return region_scope(region_of(session, authority.id).id)


def test_a_region_reads_the_figures_of_all_of_its_councils(
    make: Factory, database: Database, counted: Authority
) -> None:
    scope = _region(database, counted)
    neighbour = _counted(make, database, scope.region_id)
    with database.begin(scope) as session:
        assert {row.authority_id for row in region_figures(session, 2026)} == {counted.id, neighbour.id}
        assert years_counted(session) == [2026]
        assert {name for _, name, _ in councils_of_region(session, scope.region_id)} == {counted.name, neighbour.name}
        assert provider_names(session)


def test_it_reads_no_other_regions(make: Factory, database: Database, counted: Authority) -> None:
    elsewhere = _counted(make, database, make.region())
    with database.begin(_region(database, counted)) as session:
        found = session.scalars(sa.select(MeasureRow.authority_id)).all()
    assert counted.id in found
    assert elsewhere.id not in found


def test_a_region_that_is_not_reads_nothing(database: Database, counted: Authority) -> None:
    with database.begin(region_scope(counted.id)) as session:
        assert session.scalars(sa.select(MeasureRow.authority_id)).all() == []


def test_without_a_region_reading_is_an_error(database: Database, counted: Authority) -> None:
    for scope in (platform_scope(Login.REGION), authority_scope(counted.id, login=Login.REGION)):
        with database.begin(scope) as session, pytest.raises(DBAPIError):
            session.scalars(sa.select(MeasureRow.authority_id)).all()


@pytest.mark.parametrize("name", sorted(set(declared()) - READS))
def test_every_other_table_is_refused(database: Database, name: str) -> None:
    """Whatever the scope says besides: with the council's and a case's settings too."""
    scope = Scope(
        login=Login.REGION,
        realm_id=uuid.uuid4(),
        authority_id=uuid.uuid4(),
        provider_id=uuid.uuid4(),
        case_id=uuid.uuid4(),
        region_id=uuid.uuid4(),
    )
    with database.begin(scope) as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(sa.select(sa.literal(1)).select_from(declared()[name].__table__))


@pytest.mark.parametrize("column", ["profile", "reference_prefix", "state", "created_at"])
def test_of_a_council_it_reads_the_name_alone(database: Database, counted: Authority, column: str) -> None:
    with database.begin(_region(database, counted)) as session, pytest.raises(ProgrammingError, match="denied"):
        session.execute(sa.text(f"SELECT {column} FROM local_authority"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE measure_row SET counts = '{}'",
        "DELETE FROM measure_row",
        "INSERT INTO measure_row SELECT * FROM measure_row",
        "UPDATE local_authority SET region_id = region_id",
        "SELECT args FROM jobs.procrastinate_jobs",
        "SELECT 1 FROM compartment.private_message",
    ],
)
def test_it_changes_nothing_and_reads_no_job_and_no_confidence(
    database: Database, counted: Authority, change: str
) -> None:
    with database.begin(_region(database, counted)) as session, pytest.raises(ProgrammingError, match="denied"):
        session.execute(sa.text(change))


def test_a_councils_own_pages_cannot_change_what_was_counted(database: Database, counted: Authority) -> None:
    for change in ("UPDATE measure_row SET counts = '{}'", "DELETE FROM measure_row"):
        with (
            database.begin(authority_scope(counted.id)) as session,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            session.execute(sa.text(change))


def test_a_council_cannot_read_for_its_region_on_its_own_login(
    make: Factory, database: Database, counted: Authority
) -> None:
    region_id = _region(database, counted).region_id
    neighbour = _counted(make, database, region_id)
    scope = Scope(login=Login.APP, realm_id=counted.id, authority_id=counted.id, region_id=region_id)
    with database.begin(scope) as session:
        found = session.scalars(sa.select(MeasureRow.authority_id)).all()
    assert set(found) == {counted.id}
    assert neighbour.id not in found


def test_the_quarter_of_a_row_is_a_day_on_which_quarters_begin(database: Database, counted: Authority) -> None:
    with database.begin(_region(database, counted)) as session:
        [row] = region_figures(session, 2026)
    assert (row.quarter.begins, row.counted_at) == (dt.date(2026, 7, 1), NOW)

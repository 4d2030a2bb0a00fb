"""The walls that the models announce are the walls that stand in the migrated database, and no login is above them."""

import pytest

from parley.db.base import Wall
from support.models import declared, record_of, tables_behind
from support.walls import platform_tables, wall_problems

#: The column that a key of a table behind each wall begins with: a row can then never point across.
LEADING = {
    Wall.AUTHORITY: "authority_id",
    Wall.CASE: "authority_id",
    Wall.COMPARTMENT: "authority_id",
    Wall.REALM: "realm_id",
    Wall.SAFEGUARDING: "provider_id",
}


def test_the_walls_in_the_database_have_no_hole(admin_url: str) -> None:
    assert wall_problems(admin_url) == []


@pytest.mark.parametrize("table", sorted(declared()))
def test_every_table_says_what_it_holds_for_whom_and_behind_which_wall(table: str) -> None:
    assert record_of(table), f"{table}: its model states no __record__"


def test_every_table_without_a_wall_has_a_reason_of_its_own() -> None:
    reasons = platform_tables()
    assert all(len(reason) > 20 for reason in reasons.values())
    assert len(set(reasons.values())) == len(reasons)


@pytest.mark.parametrize("table", [table.fullname for table in tables_behind(*LEADING)])
def test_keys_begin_with_whose_row_it_is(table: str) -> None:
    model = declared()[table]
    leading = LEADING[model.__record__.wall]
    keys = [list(model.__table__.primary_key.columns), *_references(table)]
    assert {key[0].name for key in keys} == {leading}


@pytest.mark.parametrize("table", [table.fullname for table in tables_behind(Wall.PROVIDER)])
def test_keys_of_a_providers_rows_name_the_authority_too(table: str) -> None:
    assert "authority_id" in declared()[table].__table__.primary_key.columns


def _references(table: str) -> list[list[object]]:
    """Return the columns of each foreign key to another table behind a wall."""
    return [
        list(key.columns)
        for key in declared()[table].__table__.foreign_key_constraints
        if key.referred_table.fullname not in platform_tables()
    ]

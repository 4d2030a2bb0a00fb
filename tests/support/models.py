"""Every table that Parley's models declare."""

import importlib
import pkgutil

from sqlalchemy import Table

import parley
from parley.db.base import Base, Record, Wall


def declared() -> dict[str, type[Base]]:
    """Return the model of each table, by the table's full name, of every capability there is."""
    for module in pkgutil.walk_packages(parley.__path__, "parley."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}


def record_of(table: str) -> Record | None:
    """Return what the model of ``table`` says it holds, or None if it says nothing."""
    return getattr(declared()[table], "__record__", None)


def tables_behind(*walls: Wall) -> list[Table]:
    """Return the tables behind any of ``walls``, by name."""
    return [
        model.__table__
        for _, model in sorted(declared().items())
        if getattr(model, "__record__", None) and model.__record__.wall in walls
    ]

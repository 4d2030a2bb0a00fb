"""The kit reads a plugin's source for foreign imports and for clocks."""

import pathlib

import pytest

from parley.plugin_api.testing.source_checks import clock_reads, foreign_imports


@pytest.mark.parametrize(
    ("line", "is_foreign"),
    [
        ("import json", False),
        ("import marshmallow.fields", False),
        ("from parley.plugin_api.contracts import Referral", False),
        ("from parley.plugin_api import hookimpl", False),
        ("from parley_global_mediation.config import DOMAIN", False),
        ("from parley import casework", True),
        ("import parley", True),
        ("from parley.plugin_api_internals import x", True),
        ("from parley.db import session", True),
        ("import sqlalchemy", True),
        ("import no_such_package", True),
        ("def later():\n    import flask", True),
    ],
)
def test_only_the_standard_library_the_declared_and_the_public_interface_may_be_imported(
    tmp_path: pathlib.Path, line: str, is_foreign: bool
) -> None:
    (tmp_path / "module.py").write_text(line)
    found = foreign_imports(tmp_path, package="parley_global_mediation", distribution="parley-global-mediation")
    assert bool(found) is is_foreign, found


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        ("now = datetime.datetime.now(UTC)", ["module.py:1 datetime.now"]),
        ("now = dt.date.today()", ["module.py:1 date.today"]),
        ("time.sleep(1)", ["module.py:1 time.sleep"]),
        ("now = ctx.clock.now()", []),
        ("day = dt.date(2026, 11, 24)", []),
    ],
)
def test_asking_the_machine_for_the_time_is_found(tmp_path: pathlib.Path, line: str, reads: list[str]) -> None:
    (tmp_path / "module.py").write_text(line)
    assert clock_reads(tmp_path) == reads

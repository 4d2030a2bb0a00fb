"""Whatever is enqueued anywhere is run by the worker, and nothing else is."""

import ast
import dataclasses
import importlib
import pathlib
from collections.abc import Iterator

import pytest

import parley
from parley.app import all_tasks
from parley.db.session import Database
from parley.jobs.domain import Task
from parley.kernel.clock import SystemClock
from parley.settings import SettingsError, load_settings

SOURCES = pathlib.Path(parley.__file__).parent


@pytest.fixture
def tasks(database: Database, tmp_path: pathlib.Path) -> list[Task]:
    return all_tasks(load_settings({"PARLEY_DATA": str(tmp_path)}), database, SystemClock())


def enqueued() -> Iterator[tuple[str, str]]:
    """Yield the module and the value of the task's name of every call of ``enqueue`` in the program."""
    for path in SOURCES.rglob("*.py"):
        module = ".".join(("parley", *path.relative_to(SOURCES).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enqueue":
                name = eval(ast.unparse(node.args[1]), vars(importlib.import_module(module)))  # noqa: S307  our own
                yield module, name


def test_every_job_has_its_task(tasks: list[Task]) -> None:
    known = {task.name for task in tasks}
    found = set(enqueued())
    assert found
    assert {(module, name) for module, name in found if name not in known} == set()


def test_no_two_tasks_share_a_name(tasks: list[Task]) -> None:
    names = [task.name for task in tasks]
    assert len(names) == len(set(names))


def test_every_task_is_either_enqueued_or_periodic(tasks: list[Task]) -> None:
    called = {name for _, name in enqueued()}
    assert {task.name for task in tasks if task.every is None} <= called


def test_a_worker_does_not_start_without_a_usable_mail_server(database: Database, tmp_path: pathlib.Path) -> None:
    settings = load_settings({"PARLEY_DATA": str(tmp_path)})
    with pytest.raises(SettingsError, match="PARLEY_SMTP_URL"):
        all_tasks(dataclasses.replace(settings, smtp_url="smtp://mail.example"), database, SystemClock())

"""Supervisors for these tests; each test starts its own."""

import tempfile
from collections.abc import Callable, Iterator

import pytest

from parley.plugin_host.discovery import PluginTarget
from parley.plugin_host.limits import Limits
from support.plugin_supervisor import RunningSupervisor, target


@pytest.fixture
def serve() -> Iterator[Callable[..., RunningSupervisor]]:
    """Start a supervisor for hostile plugins by name, always beside the steady one; ends with the test."""
    running: list[RunningSupervisor] = []

    def start(*names: str, targets: tuple[PluginTarget, ...] = (), limits: Limits | None = None) -> RunningSupervisor:
        listed = (target("steady", "steady:plugin"), *(target(name, f"hostile:{name}") for name in names), *targets)
        supervisor = RunningSupervisor(listed, folder, limits or Limits())
        supervisor.start()
        running.append(supervisor)
        return supervisor

    with tempfile.TemporaryDirectory() as folder:
        yield start
        for supervisor in running:
            supervisor.stop()

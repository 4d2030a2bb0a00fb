"""A plugin supervisor in a thread, with real plugin processes from tests/plugins_fixtures."""

import asyncio
import datetime as dt
import pathlib
import threading
import uuid
from typing import Any

from parley.plugin_api.contracts import Referral, Service
from parley.plugin_host.discovery import PluginTarget
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.limits import Limits
from parley.plugin_host.results import Failed, FailureKind, HookResult
from parley.plugin_host.supervisor import Supervisor

FIXTURES = str(pathlib.Path(__file__).parents[1] / "plugins_fixtures")


class RunningSupervisor:
    """A supervisor that serves, the gateway to it, and what it logged."""

    def __init__(self, targets: tuple[PluginTarget, ...], folder: str, limits: Limits) -> None:
        self.socket_path = pathlib.Path(folder) / "plugins.sock"
        self.gateway = Gateway(self.socket_path)
        self.logged: list[tuple[str, dict[str, object]]] = []
        self.supervisor = Supervisor(
            targets, socket_path=self.socket_path, limits=limits, log=lambda *entry: self.logged.append(entry)
        )
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.supervisor.serve(stop=self._stop, ready=self._ready.set)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def submit(
        self,
        plugin: str,
        *,
        authority: str = "derby",
        seconds: float = 15.0,
        referral: Referral | None = None,
        **config: Any,
    ) -> HookResult:
        """Submit ``referral`` (or a usual one) through ``plugin``, with ``config``."""
        return self.gateway.call_one(
            plugin,
            "provider_submit",
            authority=authority,
            config=config,
            idempotency_key="key-1",
            deadline=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds),
            referral=referral or a_referral(),
        )

    def pids(self, plugin: str) -> dict[str, int]:
        """Return the processes of ``plugin`` by council."""
        status = self.gateway.status()
        assert status is not None
        processes: dict[str, int] = status["plugins"][plugin]["processes"]
        return processes


def a_referral() -> Referral:
    """Return a referral with a council and a reference."""
    return Referral(
        referral_id=uuid.UUID("0190c3f0-0000-7000-8000-000000000001"),
        reference="DER-2026-00001",
        council="Derby City Council",
        service=Service.DISAGREEMENT_RESOLUTION,
    )


def target(name: str, value: str) -> PluginTarget:
    """Return a target in tests/plugins_fixtures."""
    return PluginTarget(name=name, value=value, distribution="fixtures", version="0.1", path=(FIXTURES,))


def failure(result: HookResult) -> tuple[FailureKind, str]:
    """Return how a call failed, which it must have done."""
    assert isinstance(result, Failed), result
    return result.kind, result.code

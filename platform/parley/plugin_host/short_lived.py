"""A supervisor for a moment: to read what plugins say of themselves where no supervisor runs, as when tenants load."""

import asyncio
import contextlib
import pathlib
import tempfile
import threading
from collections.abc import Iterable, Iterator

from parley.plugin_host.discovery import PluginTarget
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.limits import Limits
from parley.plugin_host.process import Log
from parley.plugin_host.supervisor import Supervisor

START_SECONDS = 10.0


@contextlib.contextmanager
def short_lived_gateway(
    targets: Iterable[PluginTarget], *, log: Log, limits: Limits | None = None
) -> Iterator[Gateway]:
    """Serve ``targets`` on a socket in a folder of its own while the block runs; give the gateway to it."""
    with tempfile.TemporaryDirectory(prefix="parley-plugins-") as folder:
        path = pathlib.Path(folder) / "plugins.sock"
        serving = _Serving(Supervisor(targets, socket_path=path, log=log, limits=limits))
        serving.start()
        try:
            yield Gateway(path)
        finally:
            serving.stop()


class _Serving:
    """Runs a supervisor in a thread with an event loop of its own."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="plugin supervisor")

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise RuntimeError("the plugin supervisor did not start")

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._supervisor.serve(stop=self._stop, ready=self._ready.set)

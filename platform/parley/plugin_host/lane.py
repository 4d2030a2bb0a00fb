"""One plugin for one council: at most one process, one call at a time, ended when late, started again with patience.

A lane for each council keeps a plugin that hangs on one council's system from holding up another council, and keeps
two councils' configuration out of one memory.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Any

from parley.plugin_host.process import BadAnswer, PluginProcess, ProcessGone, StartRefused
from parley.plugin_host.results import FailureKind

#: The first restart is at once; then the wait doubles from this to the longest.
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 60.0

#: Calls that may stand in line for one process.
LONGEST_LINE = 32


class Lane:
    """Owns the process of one plugin for one council."""

    def __init__(self, new_process: Callable[[], PluginProcess], *, start_seconds: float) -> None:
        """Start nothing yet; ``new_process`` makes a process when one is needed."""
        self._new_process = new_process
        self._start_seconds = start_seconds
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._process: PluginProcess | None = None
        self._starting: asyncio.Task[PluginProcess] | None = None
        self._failures = 0
        self._not_before = 0.0
        self.last_used = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Return the process id while a process runs."""
        return self._process.pid if self._process else None

    @property
    def busy(self) -> bool:
        """Tell whether a call, or the start of a process, is under way."""
        return self._lock.locked() or (self._starting is not None and not self._starting.done())

    async def description(self) -> dict[str, Any]:
        """Return what the plugin says it is, starting it if need be; errors as ``PluginProcess.start``."""
        async with self._lock:
            return (await self._ready()).description

    async def call(self, message: dict[str, Any], *, seconds: float, secrets: Iterable[str]) -> dict[str, Any]:
        """Make one call that may take ``seconds`` in all, waiting and starting included. Always returns a result.

        StartRefused passes through, so that the supervisor can quarantine the plugin.
        """
        if self._waiting >= LONGEST_LINE:
            return failed(FailureKind.RETRYABLE, "busy", "too many calls are waiting for this plugin")
        self._waiting += 1
        under_way = False
        try:
            async with asyncio.timeout(seconds), self._lock:
                if (wait := self._not_before - time.monotonic()) > 0:
                    return failed(FailureKind.RETRYABLE, "restarting", "the plugin's process is to restart", wait)
                process = await self._ready()
                under_way = True
                answer = await process.call(message, secrets)
        except TimeoutError:
            if not under_way:
                return failed(FailureKind.TIMEOUT, "busy", "the plugin was not free before the deadline")
            await self._end_failed()
            return failed(FailureKind.TIMEOUT, "deadline", "the plugin did not answer before the deadline")
        except ProcessGone as error:
            await self._end_failed()
            kind = FailureKind.PERMANENT if error.code == "too_much_output" else FailureKind.RETRYABLE
            return failed(kind, error.code, error.message)
        except BadAnswer as error:
            await self._end_failed()
            return failed(FailureKind.CONTRACT, "bad_answer", str(error))
        finally:
            self._waiting -= 1
            self.last_used = time.monotonic()
        self._failures = 0
        return answer

    async def end(self) -> None:
        """End the process, if one runs or starts."""
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            (outcome,) = await asyncio.gather(starting, return_exceptions=True)
            if isinstance(outcome, PluginProcess):
                await outcome.kill()
        process, self._process = self._process, None
        if process is not None:
            await process.kill()

    async def _ready(self) -> PluginProcess:
        if self._process is not None and self._process.pid is not None:
            return self._process
        if self._process is not None:
            await self.end()
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        try:
            # A caller whose time runs out must not stop a start that the next caller can use.
            self._process = await asyncio.shield(self._starting)
        except asyncio.CancelledError:
            raise
        except BaseException:
            self._starting = None
            raise
        self._starting = None
        return self._process

    async def _start(self) -> PluginProcess:
        process = self._new_process()
        try:
            async with asyncio.timeout(self._start_seconds):
                await process.start()
        except TimeoutError:
            await process.kill()
            raise StartRefused(f"loading the plugin took more than {self._start_seconds:g} seconds") from None
        except BaseException:
            await process.kill()
            raise
        return process

    async def _end_failed(self) -> None:
        """End the process after a failure, and let the next one wait longer with each failure in a row."""
        if self._failures:
            wait = min(FIRST_WAIT_SECONDS * 2 ** (self._failures - 1), LONGEST_WAIT_SECONDS)
            self._not_before = time.monotonic() + wait
        self._failures += 1
        with contextlib.suppress(ProcessLookupError):
            await self.end()


def failed(kind: FailureKind, code: str, message: str, after: float | None = None) -> dict[str, Any]:
    """Return a failure as the supervisor answers it; ``after`` in seconds."""
    return {"result": "failed", "kind": kind.value, "code": code, "message": message, "after": after}

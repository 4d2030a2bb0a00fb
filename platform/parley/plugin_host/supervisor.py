"""The supervisor: one process that never imports plugin code, and starts, calls, bounds and ends those that do.

Clients (worker, web, command) speak to its Unix socket: one frame asks, one frame answers, in turn on each connection.
A question is ``{"op": "call" | "describe" | "status", ...}``; see ``parley.plugin_host.gateway`` for the other side.
"""

import asyncio
import contextlib
import datetime as dt
import os
import pathlib
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from parley.plugin_api.contracts import ProviderManifest, SharedField
from parley.plugin_api.hookspecs import HOOKS
from parley.plugin_api.manifest import only_declared, received_types
from parley.plugin_api.wire import ContractMismatch, decode, encode
from parley.plugin_host import frames
from parley.plugin_host.discovery import PluginTarget
from parley.plugin_host.lane import Lane, failed
from parley.plugin_host.limits import Limits, seconds_until
from parley.plugin_host.process import (
    BadAnswer,
    Log,
    PluginProcess,
    ProcessGone,
    StartRefused,
    lesser_user,
    run_as_root,
)
from parley.plugin_host.redaction import redact
from parley.plugin_host.results import FailureKind

#: The lane in which a plugin describes itself; no council's slug is empty.
_NO_COUNCIL = ""


class AlreadyRunning(Exception):
    """Another supervisor answers on the socket."""


class Supervisor:
    """Serves plugin calls on ``socket_path`` for ``targets``, each plugin and council in a process of its own.

    ``targets`` are what may run: `parley plugins serve` passes the admitted entry points, tests pass their own.
    ``log`` takes an event's name and its fields; it never gets personal data.
    """

    def __init__(
        self, targets: Iterable[PluginTarget], *, socket_path: pathlib.Path, log: Log, limits: Limits | None = None
    ) -> None:
        """Start nothing yet; two targets of one name are a mistake of the caller (ValueError)."""
        listed = tuple(targets)
        self._targets = {target.name: target for target in listed}
        if len(self._targets) != len(listed):
            raise ValueError("two plugins have the same name")
        self._socket_path = socket_path
        self._limits = limits or Limits()
        self._log = log
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._descriptions: dict[str, dict[str, Any]] = {}
        self._quarantined: dict[str, str] = {}

    async def serve(self, *, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until ``stop`` is set, then end every plugin process. Calls ``ready`` once the socket listens.

        Raises AlreadyRunning if another supervisor has the socket.
        """
        self._socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_stale(self._socket_path)
        previous_mask = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(self._attend, self._socket_path)
        finally:
            os.umask(previous_mask)
        if self._targets and run_as_root():
            self._log("plugins_run_as_root", {"why": "the lesser user cannot enter the folders they run from"})
        reaper = asyncio.create_task(self._end_idle())
        try:
            ready()
            await stop.wait()
        finally:
            reaper.cancel()
            server.close()
            await self.end_all()
            with contextlib.suppress(FileNotFoundError):
                self._socket_path.unlink()

    async def end_all(self) -> None:
        """End every plugin process."""
        await asyncio.gather(*(lane.end() for lane in self._lanes.values()))

    async def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Answer one question from a client."""
        match question.get("op"):
            case "call":
                return await self._call(question)
            case "describe":
                return await self._describe(str(question.get("plugin")))
            case "status":
                return self._status()
        return failed(FailureKind.CONTRACT, "bad_question", "the supervisor knows call, describe and status")

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(frames.pack(await self.answer(await frames.read(reader))))
                await writer.drain()
        except (frames.FrameClosed, frames.FrameError, ConnectionError):
            return
        finally:
            writer.close()

    async def _describe(self, name: str) -> dict[str, Any]:
        refusal = self._refusal(name)
        if refusal is not None:
            return refusal
        if name not in self._descriptions:
            lane = self._lane(name, _NO_COUNCIL)
            problem = await self._learn(name, lane, self._limits.start_seconds)
            await lane.end()
            if problem is not None:
                return problem
        return {"result": "ok", "version": self._targets[name].version, "value": self._descriptions[name]}

    async def _call(self, question: dict[str, Any]) -> dict[str, Any]:
        name = str(question.get("plugin"))
        refusal = self._refusal(name)
        if refusal is not None:
            return refusal
        try:
            call, deadline = _checked(question, self._limits.longest_call_seconds)
        except ContractMismatch as error:
            return self._versioned(name, failed(FailureKind.CONTRACT, "bad_question", str(error)))
        if not await self._make_room(name, call["authority"]):
            return self._versioned(name, failed(FailureKind.RETRYABLE, "busy", "all plugin processes are in use"))
        lane = self._lane(name, call["authority"])
        if name not in self._descriptions:
            problem = await self._learn(name, lane, seconds_until(deadline))
            if problem is not None:
                return problem
        secrets = self._secrets(name, call["config"])
        call["arguments"] = self._reduced(name, call["hook"], call["arguments"])
        try:
            answer = await lane.call(call, seconds=seconds_until(deadline), secrets=secrets)
        except StartRefused as error:
            return self._quarantine(name, str(error))
        if answer.get("result") == "failed":
            answer["message"] = redact(str(answer.get("message", "")), secrets)
            if answer.get("code") == "raised":
                self._log("plugin_raised", {"plugin": name, "hook": call["hook"], "authority": call["authority"]})
        return self._versioned(name, answer)

    def _versioned(self, name: str, answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "version": self._targets[name].version}

    def _refusal(self, name: str) -> dict[str, Any] | None:
        if name not in self._targets:
            return failed(FailureKind.PERMANENT, "not_installed", f"no plugin {name!r} may run here")
        if name in self._quarantined:
            return self._quarantine(name, self._quarantined[name])
        return None

    def _quarantine(self, name: str, reason: str) -> dict[str, Any]:
        if name not in self._quarantined:
            self._quarantined[name] = reason
            self._log("plugin_quarantined", {"plugin": name, "reason": reason})
        return self._versioned(name, failed(FailureKind.PERMANENT, "quarantined", reason))

    async def _learn(self, name: str, lane: Lane, seconds: float) -> dict[str, Any] | None:
        """Learn once what plugin ``name`` says it is, from its process in ``lane``; return the failure, if it fails."""
        try:
            async with asyncio.timeout(seconds):
                description = await lane.description()
            decode(description.get("manifest"), ProviderManifest, "manifest")
        except TimeoutError:
            return self._versioned(name, failed(FailureKind.TIMEOUT, "busy", "the plugin did not start in time"))
        except (StartRefused, ContractMismatch) as error:
            return self._quarantine(name, str(error))
        except (ProcessGone, BadAnswer) as error:
            return self._versioned(name, failed(FailureKind.RETRYABLE, "start_failed", str(error)))
        self._descriptions[name] = description
        return None

    def _lane(self, name: str, authority: str) -> Lane:
        key = (name, authority)
        if key not in self._lanes:
            target = self._targets[name]
            self._lanes[key] = Lane(
                lambda: PluginProcess(target, self._limits, self._log), start_seconds=self._limits.start_seconds
            )
        return self._lanes[key]

    async def _make_room(self, name: str, authority: str) -> bool:
        """Keep the number of processes bounded: end the longest idle one if need be, False if all are busy."""
        if (name, authority) in self._lanes and self._lanes[name, authority].pid is not None:
            return True
        running = [lane for lane in self._lanes.values() if lane.pid is not None or lane.busy]
        if len(running) < self._limits.most_processes:
            return True
        idle = sorted((lane for lane in running if not lane.busy), key=lambda lane: lane.last_used)
        if not idle:
            return False
        await idle[0].end()
        return True

    async def _end_idle(self) -> None:
        while True:
            await asyncio.sleep(min(self._limits.idle_seconds, 30.0))
            oldest = time.monotonic() - self._limits.idle_seconds
            for lane in list(self._lanes.values()):
                if not lane.busy and lane.last_used < oldest:
                    await lane.end()

    def _secrets(self, name: str, config: dict[str, Any]) -> tuple[str, ...]:
        properties = self._descriptions[name]["config_schema"].get("properties", {})
        return tuple(str(value) for key, value in config.items() if properties.get(key, {}).get("writeOnly"))

    def _reduced(self, name: str, hook: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call without what the plugin's manifest does not declare."""
        shared = decode(self._descriptions[name]["manifest"]["data_shared"], tuple[SharedField, ...])
        kinds = received_types(hook)
        return {
            key: encode(only_declared(shared, hook, decode(value, kinds[key], key)), kinds[key], key)
            for key, value in arguments.items()
        }

    def _status(self) -> dict[str, Any]:
        user = lesser_user()
        return {
            "result": "ok",
            "runs_as": user.pw_name if user else None,
            "as_root": run_as_root(),
            "plugins": {
                name: {
                    "version": target.version,
                    "quarantined": self._quarantined.get(name),
                    "processes": {
                        authority: lane.pid
                        for (plugin, authority), lane in self._lanes.items()
                        if plugin == name and lane.pid is not None
                    },
                }
                for name, target in self._targets.items()
            },
        }


def _checked(question: dict[str, Any], longest: float) -> tuple[dict[str, Any], dt.datetime]:
    """Return the call to pass on and when it must be over; ContractMismatch if the question is not well formed."""
    texts = {key: decode(question.get(key), str, key) for key in ("hook", "authority", "idempotency_key")}
    if texts["hook"] not in HOOKS:
        raise ContractMismatch("hook is none that the interface has")
    if not texts["authority"]:
        raise ContractMismatch("authority is empty")
    for key in ("config", "arguments"):
        if not isinstance(question.get(key), dict):
            raise ContractMismatch(f"{key} must be an object")
    kinds = received_types(texts["hook"])
    if set(question["arguments"]) != set(kinds):
        raise ContractMismatch(f"arguments of {texts['hook']} must be {', '.join(sorted(kinds)) or 'none'}")
    for key, value in question["arguments"].items():
        decode(value, kinds[key], key)
    now = dt.datetime.now(dt.UTC)
    deadline = min(decode(question.get("deadline"), dt.datetime, "deadline"), now + dt.timedelta(seconds=longest))
    call = {**texts, "deadline": deadline.isoformat(), "config": question["config"], "arguments": question["arguments"]}
    return call, deadline


def _remove_stale(path: pathlib.Path) -> None:
    if not path.exists():
        return
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
    raise AlreadyRunning(f"another supervisor answers on {path}")

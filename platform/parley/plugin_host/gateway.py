"""The one way to call a plugin: ask the supervisor, get a result as data. Never call it while a page renders."""

import datetime as dt
import pathlib
import socket
import time
from collections.abc import Mapping
from typing import Any

from parley.plugin_api import API_VERSION
from parley.plugin_api.manifest import received_types, returned_type
from parley.plugin_api.wire import ContractMismatch, decode, encode
from parley.plugin_host import frames
from parley.plugin_host.limits import seconds_until
from parley.plugin_host.results import CallRecord, Failed, FailureKind, HookResult, Ok, Unsupported

#: How long after a call's deadline the supervisor may take to end the process and say so.
GRACE_SECONDS = 3.0

_API = ".".join(str(part) for part in API_VERSION)


class Gateway:
    """Speaks to the supervisor on its Unix socket; one connection for each call, so threads can share a gateway."""

    def __init__(self, socket_path: pathlib.Path) -> None:
        """Remember where the supervisor listens; nothing is opened yet."""
        self._socket_path = socket_path

    def call_one(
        self,
        plugin: str,
        hook: str,
        *,
        authority: str,
        config: Mapping[str, Any],
        idempotency_key: str,
        deadline: dt.datetime,
        **arguments: object,
    ) -> HookResult:
        """Call ``hook`` of exactly one ``plugin`` for the council ``authority`` (slug).

        ``config`` is that council's, secrets filled in; ``arguments`` are the hook's contract values by name. At
        ``deadline`` (aware) the plugin's process is ended. A supervisor that does not run is a retryable failure.
        TypeError if the arguments are not the hook's: that is a mistake in Parley, not a plugin's.
        """
        kinds = received_types(hook)
        if set(arguments) != set(kinds):
            raise TypeError(f"{hook} takes {', '.join(kinds) or 'no arguments'}, not {', '.join(arguments)}")
        try:
            encoded = {name: encode(value, kinds[name], name) for name, value in arguments.items()}
        except ContractMismatch as error:
            raise TypeError(str(error)) from error
        question = {
            "op": "call",
            "plugin": plugin,
            "hook": hook,
            "authority": authority,
            "config": dict(config),
            "idempotency_key": idempotency_key,
            "deadline": deadline.isoformat(),
            "arguments": encoded,
        }
        started = time.monotonic()
        answer = self._ask(question, seconds_until(deadline))
        return _result(answer, hook, _Call(plugin, hook, authority, started))

    def describe(self, plugin: str, *, seconds: float = 30.0) -> HookResult:
        """Return Ok with the plugin's manifest, config_schema and hooks as JSON data, or Failed with the reason."""
        started = time.monotonic()
        answer = self._ask({"op": "describe", "plugin": plugin}, seconds)
        call = _Call(plugin, "describe", "", started)
        value = answer.get("value")
        if answer.get("result") == "ok" and isinstance(value, dict):
            return Ok(value=value, call=call.record("ok", "", answer))
        return _failed(answer, call)

    def check_config(
        self, plugin: str, *, authority: str, config: Mapping[str, Any], seconds: float
    ) -> tuple[tuple[str, str], ...]:
        """Return (key, message) for each thing that the plugin finds wrong with a council's ``config``.

        A plugin that fails at this counts as one problem of the whole configuration.
        """
        result = self.call_one(
            plugin,
            "provider_check_config",
            authority=authority,
            config=config,
            idempotency_key="check",
            deadline=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds),
        )
        match result:
            case Ok():
                return tuple((problem.key, problem.message) for problem in result.value)
            case Failed():
                return (("", f"the plugin could not check it: {result.message}"),)
        return ()

    def status(self) -> dict[str, Any] | None:
        """Return what the supervisor knows of each plugin, or None if it does not run."""
        answer = self._ask({"op": "status"}, 5.0)
        return answer if answer.get("result") == "ok" else None

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(seconds + GRACE_SECONDS)
                connection.connect(str(self._socket_path))
                frames.send(connection, question)
                return frames.receive(connection)
        except TimeoutError:
            return _failure(FailureKind.TIMEOUT, "supervisor_late", "the plugin supervisor did not answer in time")
        except frames.FrameError as error:
            return _failure(FailureKind.CONTRACT, "bad_frame", str(error))
        except (OSError, frames.FrameClosed):
            return _failure(FailureKind.RETRYABLE, "supervisor_down", "the plugin supervisor does not run")


class _Call:
    """What is known of a call before its answer."""

    def __init__(self, plugin: str, hook: str, authority: str, started: float) -> None:
        self._plugin = plugin
        self._hook = hook
        self._authority = authority
        self._started = started

    def record(self, result: str, code: str, answer: Mapping[str, Any]) -> CallRecord:
        version = answer.get("version")
        return CallRecord(
            authority=self._authority,
            plugin=self._plugin,
            version=version if isinstance(version, str) else "",
            hook=self._hook,
            api=_API,
            result=result,
            code=code,
            duration_ms=round((time.monotonic() - self._started) * 1000),
        )


def _result(answer: Mapping[str, Any], hook: str, call: _Call) -> HookResult:
    match answer.get("result"):
        case "ok":
            try:
                value = decode(answer.get("value"), returned_type(hook), "answer")
            except ContractMismatch as error:
                return _failed({**answer, **_failure(FailureKind.CONTRACT, "wrong_type", str(error))}, call)
            return Ok(value=value, call=call.record("ok", "", answer))
        case "unsupported":
            return Unsupported(call=call.record("unsupported", "", answer))
    return _failed(answer, call)


def _failed(answer: Mapping[str, Any], call: _Call) -> Failed:
    """Return the failure that ``answer`` is; an answer that is not even one is a broken contract."""
    try:
        kind = FailureKind(str(answer.get("kind")))
        code, message = decode(answer.get("code"), str), decode(answer.get("message"), str)
    except (ValueError, ContractMismatch):
        kind, code, message = FailureKind.CONTRACT, "bad_answer", "the answer is not one of the contract's"
    after = answer.get("after")
    wait = dt.timedelta(seconds=min(after, 86_400.0)) if isinstance(after, int | float) and after > 0 else None
    return Failed(kind=kind, code=code, message=message, after=wait, call=call.record(kind.value, code, answer))


def _failure(kind: FailureKind, code: str, message: str) -> dict[str, Any]:
    return {"result": "failed", "kind": kind.value, "code": code, "message": message, "after": None}

"""A plugin's process: load one plugin, then answer calls one after the other. Started by the supervisor only.

    python -s -P -m parley.plugin_host.child FD

On the socket FD: a start message comes first and is answered with a description or a reason for quarantine; then each
call is answered with its result. Standard output and error belong to the plugin; the supervisor reads and bounds them.
"""

import datetime as dt
import logging
import os
import socket
import sys
from typing import Any

import marshmallow

from parley.plugin_api.context import Config, PluginContext
from parley.plugin_api.contracts import ConfigProblem
from parley.plugin_api.errors import PluginError, Retryable
from parley.plugin_api.hookspecs import HOOKS
from parley.plugin_api.manifest import received_types, returned_type
from parley.plugin_api.wire import ContractMismatch, decode, encode
from parley.plugin_host import frames
from parley.plugin_host.confinement import Guard, NotAllowed, bound_cpu, limit_resources
from parley.plugin_host.http_client import GuardedHttpClient
from parley.plugin_host.limits import Limits
from parley.plugin_host.loading import LoadedPlugin, Quarantined, load_plugin
from parley.plugin_host.results import FailureKind

_DESCRIBING = frozenset({"provider_manifest", "provider_config_schema"})


class SystemClock:
    """The machine's clock, for plugins."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


def main(arguments: list[str]) -> None:
    """Serve calls on the socket whose descriptor is the only argument, until the supervisor closes it."""
    connection = socket.socket(fileno=int(arguments[0]))
    start = frames.receive(connection)
    limits = Limits(**start["limits"])
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    guard = Guard(private_addresses=limits.private_addresses)
    limit_resources(limits)
    guard.install()
    bound_cpu(guard, limits.cpu_seconds_per_call)
    try:
        plugin = load_plugin(start["name"], start["value"])
    except Quarantined as reason:
        frames.send(connection, {"quarantined": str(reason)[:2000]})
        return
    frames.send(connection, {"description": plugin.description()})
    del start
    while True:
        try:
            call = frames.receive(connection)
        except frames.FrameClosed:
            return
        bound_cpu(guard, limits.cpu_seconds_per_call)
        answer = perform(plugin, guard, call)
        guard.allow(())
        _flush()
        try:
            frames.send(connection, answer)
        except frames.FrameError:
            frames.send(connection, _failed(FailureKind.CONTRACT, "too_large", "the answer is too large"))
        if answer.get("code") == "out_of_memory":
            # What filled the memory may still be referred to; the next call deserves a clean process.
            os._exit(0)


def perform(plugin: LoadedPlugin, guard: Guard, call: dict[str, Any]) -> dict[str, Any]:
    """Return the result of ``call`` as JSON data; nothing that the plugin raises gets past here."""
    hook = call["hook"]
    if hook not in HOOKS or hook in _DESCRIBING:
        return _failed(FailureKind.CONTRACT, "no_such_hook", f"{hook} cannot be called")
    try:
        config = plugin.schema().load(call["config"])
    except marshmallow.ValidationError as error:
        return _config_refused(hook, error)
    if hook not in plugin.implemented:
        if hook == "provider_check_config":
            return {"result": "ok", "value": []}
        return {"result": "unsupported"}
    try:
        guard.allow(plugin.places(call["config"]))
        value = getattr(plugin.hooks, hook)(**_arguments(plugin, guard, call, config))
        return {"result": "ok", "value": encode(value, returned_type(hook), "answer")}
    except BaseException as error:  # a plugin may raise anything, SystemExit included
        return _failure(error, hook)


def _failure(error: BaseException, hook: str) -> dict[str, Any]:
    match error:
        case ContractMismatch():
            return _failed(FailureKind.CONTRACT, "wrong_type", str(error))
        case Retryable():
            after = error.after.total_seconds() if error.after else None
            return {**_failed(FailureKind.RETRYABLE, error.code, error.message), "after": after}
        case PluginError():
            return _failed(FailureKind.PERMANENT, error.code, error.message)
        case NotAllowed():
            return _failed(FailureKind.PERMANENT, "not_allowed", str(error))
        case MemoryError():
            return _failed(FailureKind.PERMANENT, "out_of_memory", "the plugin used all the memory it may")
    logging.getLogger("parley.plugin_host").error("%s raised", hook, exc_info=error)
    return _failed(FailureKind.PERMANENT, "raised", f"the plugin raised {type(error).__name__}")


def _arguments(plugin: LoadedPlugin, guard: Guard, call: dict[str, Any], config: Any) -> dict[str, Any]:
    hook = call["hook"]
    given = {name: decode(call["arguments"].get(name), kind, name) for name, kind in received_types(hook).items()}
    if hook == "provider_check_config":
        return {**given, "config": Config(config)}
    clock = SystemClock()
    deadline = decode(call["deadline"], dt.datetime, "deadline")
    context = PluginContext(
        authority=call["authority"],
        config=Config(config),
        http=GuardedHttpClient(guard, clock, deadline),
        clock=clock,
        log=logging.getLogger(f"plugin.{plugin.manifest.slug}"),
        idempotency_key=call["idempotency_key"],
        deadline=deadline,
    )
    return {**given, "ctx": context}


def _config_refused(hook: str, error: marshmallow.ValidationError) -> dict[str, Any]:
    problems = tuple(
        ConfigProblem(key=str(key), message=str(messages[0] if isinstance(messages, list) else messages))
        for key, messages in error.normalized_messages().items()  # type: ignore[no-untyped-call]
    )
    if hook == "provider_check_config":
        return {"result": "ok", "value": encode(problems, tuple[ConfigProblem, ...], "answer")}
    keys = ", ".join(sorted(problem.key for problem in problems))
    return _failed(FailureKind.PERMANENT, "config_invalid", f"the stored configuration is not valid: {keys}")


def _failed(kind: FailureKind, code: str, message: str) -> dict[str, Any]:
    return {"result": "failed", "kind": kind.value, "code": code, "message": message[:500], "after": None}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue


if __name__ == "__main__":
    main(sys.argv[1:])

"""`parley plugins`: which plugins are here, whether they can be used, and the supervisor that runs them."""

import asyncio
import contextlib
import dataclasses
import json
import logging
import pathlib
import signal
from collections.abc import Iterator
from typing import Any

import click

from parley.cli import LazyGroup, settings
from parley.plugin_host.discovery import Admission, Found, admit, installed_targets
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.limits import Limits
from parley.plugin_host.process import LESSER_USER_ADVICE
from parley.plugin_host.results import Failed, HookResult
from parley.plugin_host.short_lived import short_lived_gateway
from parley.plugin_host.supervisor import AlreadyRunning, Supervisor
from parley.settings import Settings

_log = logging.getLogger("parley.plugins")

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
_block = click.option("--block", multiple=True, metavar="NAME", help="Keep this plugin from starting; may be repeated.")


#: Each command is imported when it is called: `serve` must stay small, and only the stops need the database.
plugins = LazyGroup(
    lazy={
        "check": "parley.cli.plugins:check_plugins",
        "list": "parley.cli.plugins:list_plugins",
        "resume": "parley.cli.plugin_stops:resume",
        "serve": "parley.cli.plugins:serve_plugins",
        "suspend": "parley.cli.plugin_stops:suspend",
    },
    help="Integration plugins: list, check and serve them; stop one for a council and resume it.",
)


@click.command("list", help="List the installed plugins, and their state if the supervisor runs.")
@_as_json
@_block
def list_plugins(*, as_json: bool, block: tuple[str, ...]) -> None:
    """Print one line for each plugin that an installed distribution names."""
    config = settings()
    found = _found(config, block)
    status = Gateway(config.plugin_socket).status()
    rows = [_row(entry, status) for entry in found]
    if as_json:
        click.echo(json.dumps({"supervisor": status is not None, "plugins": rows}, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:<24} {row['distribution']} {row['version']:<10} {row['state']}")
    if not rows:
        click.echo("No plugin is installed.")
    if status is None:
        click.echo("The supervisor does not run; `parley plugins serve` starts it.")
    elif status["as_root"]:
        click.echo(f"Plugins run as root, since no lesser user can run them. {LESSER_USER_ADVICE}")
    elif status["runs_as"] is None:
        click.echo('Plugins run as the supervisor\'s own user; see docs/write-a-plugin.md, "Where the wall ends".')


@click.command("check", help="Start each plugin once and say whether it can be used; fails if one cannot.")
@_as_json
@_block
def check_plugins(*, as_json: bool, block: tuple[str, ...]) -> None:
    """Load each admitted plugin in a process of its own; exit status 1 if one is quarantined or ambiguous."""
    rows = _check(_found(settings(), block))
    if as_json:
        click.echo(json.dumps({"plugins": rows}, indent=2))
    else:
        for row in rows:
            click.echo(f"{row['name']:<24} {row['state']}" + (f": {row['reason']}" if row["reason"] else ""))
    if any(row["state"] in {"quarantined", Admission.AMBIGUOUS.value} for row in rows):
        raise click.exceptions.Exit(1)


@click.command("serve", help="Run the supervisor that starts plugin processes, until it is told to stop.")
@_block
def serve_plugins(*, block: tuple[str, ...]) -> None:
    """Serve the admitted plugins on the configured socket; SIGTERM and SIGINT end it and every plugin process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    config = settings()
    found = _found(config, block)
    for entry in found:
        _log_event("plugin_found", {"plugin": entry.target.name, "admission": entry.admission.value})
    supervisor = Supervisor(
        (entry.target for entry in found if entry.admission is Admission.ADMITTED),
        socket_path=config.plugin_socket,
        log=_log_event,
        limits=Limits(private_addresses=not config.is_production),
    )
    try:
        asyncio.run(_serve(supervisor, config.plugin_socket))
    except AlreadyRunning as error:
        raise click.ClickException(str(error)) from error


async def _serve(supervisor: Supervisor, socket_path: pathlib.Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await supervisor.serve(stop=stop, ready=lambda: _log_event("plugins_ready", {"socket": str(socket_path)}))


@contextlib.contextmanager
def plugins_at_hand(config: Settings) -> Iterator[Gateway]:
    """Give a gateway to the running supervisor, or to one that runs for as long as this block when there is none."""
    gateway = Gateway(config.plugin_socket)
    if gateway.status() is not None:
        yield gateway
        return
    admitted = [entry.target for entry in _found(config, ()) if entry.admission is Admission.ADMITTED]
    with short_lived_gateway(admitted, log=_log_event) as short_lived:
        yield short_lived


def _check(found: tuple[Found, ...]) -> list[dict[str, Any]]:
    admitted = [entry.target for entry in found if entry.admission is Admission.ADMITTED]
    with short_lived_gateway(admitted, log=_log_event) as gateway:
        answers = {target.name: gateway.describe(target.name) for target in admitted}
    return [_checked_row(entry, answers.get(entry.target.name)) for entry in found]


def _checked_row(entry: Found, answer: HookResult | None) -> dict[str, Any]:
    row = {**_identity(entry), "state": entry.admission.value, "reason": ""}
    if isinstance(answer, Failed):
        row |= {"state": "quarantined", "reason": answer.message}
    elif answer is not None:
        row["state"] = "usable"
    return row


def _row(entry: Found, status: dict[str, Any] | None) -> dict[str, Any]:
    row = {**_identity(entry), "state": entry.admission.value, "processes": {}}
    known = (status or {}).get("plugins", {}).get(entry.target.name)
    if known is not None:
        row["processes"] = known["processes"]
        row["state"] = f"quarantined: {known['quarantined']}" if known["quarantined"] else "served"
    return row


def _identity(entry: Found) -> dict[str, Any]:
    target = dataclasses.asdict(entry.target)
    return {key: target[key] for key in ("name", "distribution", "version")}


def _found(config: Settings, block: tuple[str, ...]) -> tuple[Found, ...]:
    return admit(installed_targets(), allowed=config.plugins, blocked=block)


def _log_event(event: str, fields: dict[str, object]) -> None:
    _log.info("%s %s", event, json.dumps(fields, default=str, sort_keys=True))

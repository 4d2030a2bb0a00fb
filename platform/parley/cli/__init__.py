"""The ``parley`` command."""

import importlib
import os
import sys
from collections.abc import Mapping

import click

from parley.db.keys import KeyFileError
from parley.kernel.configuration import ConfigurationError
from parley.settings import Settings, SettingsError, load_settings

#: Sub-command to where it is defined: imported when it is called, so that a small command starts fast.
COMMANDS = {
    "authority": "parley.cli.authority:authority",
    "confidential": "parley.cli.confidential:confidential",
    "db": "parley.cli.database:database",
    "demo": "parley.cli.demo:demo",
    "doctor": "parley.cli.doctor:doctor",
    "eligibility": "parley.cli.eligibility:eligibility",
    "inbox": "parley.cli.inbox:inbox",
    "keys": "parley.cli.keys:keys",
    "law": "parley.cli.law:law",
    "members": "parley.cli.members:members",
    "openapi": "parley.cli.openapi:openapi",
    "permissions": "parley.cli.permissions:permissions",
    "plugins": "parley.cli.plugins:plugins",
    "policy": "parley.cli.policy:policy",
    "reset": "parley.cli.reset:reset",
    "retention": "parley.cli.retention:retention",
    "run": "parley.cli.run:run",
    "signin": "parley.cli.signin:signin",
    "worker": "parley.cli.worker:worker",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when one of them is asked for."""

    def __init__(self, *, lazy: Mapping[str, str], help: str) -> None:  # noqa: A002  click's own name for it
        """Take sub-command name to ``module:attribute``."""
        super().__init__(name="parley", help=help)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all sub-commands."""
        return sorted(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the sub-command, or None when there is none of that name."""
        if cmd_name not in self._lazy:
            return None
        module, _, attribute = self._lazy[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{attribute} is not a command")
        return command


def settings() -> Settings:
    """Return the settings of this environment; end the program with what is wrong when there are none to be had."""
    return load_settings(os.environ)


def main() -> None:
    """Run the command line; what the person can mend is said plainly, and ends with exit code 2."""
    group = LazyGroup(lazy=COMMANDS, help="Parley: settling SEND disagreements without a tribunal.")
    try:
        group()
    except (SettingsError, ConfigurationError, KeyFileError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)

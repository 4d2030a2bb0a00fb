"""``parley demo``: what a demonstration shows before anybody typed anything."""

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.scope import Login
from parley.demonstration.loading import DemonstrationLoader
from parley.kernel.clock import SystemClock


@click.group("demo")
def demo() -> None:
    """Fill a demonstration. Refuses to run in production."""


@demo.command("load")
def load() -> None:
    """Make cases in every state, for the accounts of the demonstration's sign-in. Once: it adds, and replaces none."""
    config = settings()
    loader = DemonstrationLoader(open_database(Flask("parley"), config, *Login), config, SystemClock())
    for line in loader.load():
        click.echo(line)

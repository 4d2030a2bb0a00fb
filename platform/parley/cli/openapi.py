"""``parley openapi``: the description of the API, as every council's host serves it."""

import click
from flask import Flask

from parley.api import v1
from parley.api.openapi import as_text


@click.command("openapi")
def openapi() -> None:
    """Print the API's description (OpenAPI 3.1); docs/openapi.json holds it."""
    click.echo(as_text(v1.describe(Flask("parley")).document()), nl=False)

"""``parley policy``: what councils' rules may say, and what theirs do say."""

import click

from parley.policy.json_schema import as_text


@click.group("policy")
def policy() -> None:
    """Look at the rules of councils, tenants/<name>/policy.toml."""


@policy.command("schema")
def schema() -> None:
    """Print the shape of policy.toml as JSON Schema; tenants/policy.schema.json holds it, and editors read it there.

    A file that begins with "#:schema ../policy.schema.json" is completed and checked while it is typed, by any editor
    that knows TOML schemas.
    """
    click.echo(as_text(), nl=False)

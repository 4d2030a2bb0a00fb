"""``parley db``: logins and migrations."""

import click
from alembic import command

from parley.cli import settings
from parley.db import embedded
from parley.db.logins import logins_file, read_logins, write_logins
from parley.db.prepare import MightyLoginError, alembic_config, prepare, stored_passwords
from parley.settings import Settings


@click.group("db")
def database() -> None:
    """Make the database ready and look at its state."""


@database.command("prepare")
def prepare_command() -> None:
    """Create the logins, bring the schema up to date, and keep the addresses for this machine's processes."""
    config = settings()
    urls = prepare_database(config)
    click.echo(f"The database is ready; the addresses of {len(urls)} logins are in {logins_file(config)}.")


@database.command("revision")
@click.argument("number")
@click.argument("message")
def revision_command(number: str, message: str) -> None:
    """Write a draft of the next migration from what the models say beyond the database. For developers."""
    config = settings()
    urls = prepare_database(config)
    command.revision(alembic_config(urls["owner"]), message=message, rev_id=number, autogenerate=True)


@database.command("check")
def check_command() -> None:
    """Fail when the models and the migrated schema differ."""
    config = settings()
    command.check(alembic_config(prepare_database(config)["owner"]))


def admin_address(config: Settings) -> str:
    """Return DATABASE_URL, or the address of the embedded server, which is started if need be."""
    return config.admin_url or embedded.start(config.data / "postgres")


def prepare_database(config: Settings) -> dict[str, str]:
    """Create logins and migrate; return the address of each login. Logins named in the environment stay as named."""
    try:
        urls = prepare(admin_address(config), stored_passwords(config.data / "keys" / "roles.json"))
    except (MightyLoginError, embedded.EmbeddedServerError) as error:
        raise click.ClickException(str(error)) from None
    write_logins(config, urls)
    return urls | dict(read_logins(config))

"""``parley inbox``: where a demonstration's mail goes instead of to people."""

import signal
from urllib.parse import urlsplit

import click

from parley.cli import settings
from parley.notifications.local_inbox import serve


@click.command("inbox")
def inbox() -> None:
    """Take mail by SMTP on this machine and keep it as files. In a demonstration only."""
    config = settings()
    if config.is_production:
        raise click.ClickException("the local inbox keeps mail instead of delivering it; it is for demonstrations")
    address = urlsplit(config.smtp_url)
    with serve(config.data / "inbox", address.hostname or "127.0.0.1", address.port or 25):
        click.echo(f"Taking mail at {config.smtp_url}")
        signal.sigwait({signal.SIGTERM, signal.SIGINT})

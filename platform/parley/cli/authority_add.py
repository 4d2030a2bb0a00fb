"""``parley authority add``: a folder for a new council, to be filled in by docs/add-a-council.md."""

import json

import click

from parley.cli import settings
from parley.kernel.clock import SystemClock, london_date
from parley.tenants import adding


@click.command("add", short_help="Make the folder of a new council, with files to fill in.")
@click.argument("slug")
@click.option("--name", prompt="The council's whole name", help='As in "Exampleshire County Council".')
@click.option("--short-name", prompt="The name that families use", help='As in "Exampleshire".')
@click.option("--gss-code", prompt="Its GSS code", help="Its official code, as in E10000099.")
@click.option("--region", prompt="Its region (a file name in tenants/regions)", help="A file name in tenants/regions.")
@click.option("--prefix", prompt="How its case references begin", help="Three or four capital letters.")
@click.option("--page", prompt="The address of its page about disagreement resolution", help="An https address.")
@click.option("--masthead", default="#1d4f7c", show_default=True, help="The colour of its pages' heads.")
@click.option("--dry-run", is_flag=True, help="Print the files, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print an object: slug, files (path by name), written.")
def add(
    *,
    slug: str,
    name: str,
    short_name: str,
    gss_code: str,
    region: str,
    prefix: str,
    page: str,
    masthead: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make tenants/SLUG: four commented files that can be loaded as they are, to be filled in from the council's page.

    Asks for what is not given. A value that cannot be used is refused with its file, its key, what was found and what
    is allowed, and nothing is written. Exit code 2 then.

    \b
      parley authority add exampleshire
      parley authority add exampleshire --name "Exampleshire County Council" --short-name Exampleshire \\
        --gss-code E10000099 --region east-midlands --prefix EXA --page https://exampleshire.example/send
    """
    tenants = settings().tenants
    council = adding.NewCouncil(
        slug=slug,
        name=name,
        short_name=short_name,
        gss_code=gss_code,
        region=region,
        reference_prefix=prefix,
        masthead=masthead,
        page=page,
    )
    texts = adding.scaffold(council, tenants, london_date(SystemClock().now()))
    if not dry_run:
        adding.write(slug, texts, tenants)
    if as_json:
        files = {name: str(tenants / slug / name) for name in texts}
        click.echo(json.dumps({"slug": slug, "files": files, "written": not dry_run}, indent=2))
    elif dry_run:
        for file, text in texts.items():
            click.echo(f"{tenants / slug / file}\n\n{text}")
        click.echo("Nothing was written.")
    else:
        _say_what_next(slug, str(tenants / slug))


def _say_what_next(slug: str, folder: str) -> None:
    click.echo(f"{folder} is made, and can be loaded as it is. Next (docs/add-a-council.md):")
    for step in (
        f"read the council's page to its end, and fill in {folder}/policy.toml",
        f"parley policy lint {slug}",
        "parley authority load",
        f"parley authority check {slug}",
    ):
        click.echo(f"  - {step}")

"""``parley policy``: what councils' rules may say, and what theirs do say."""

import dataclasses
import json
import pathlib
import sys
from collections.abc import Sequence

import click

from parley.cli import settings
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.configuration import ConfigurationError
from parley.kernel.toml_lines import key_lines, line_of
from parley.law.versions import law_on
from parley.policy.json_schema import as_text
from parley.policy.lint import Caution, lint
from parley.policy.loading import load_policy_file
from parley.policy.problems import dotted
from parley.tenants.files import POLICY_FILE, council_folders

CAUTIONED, UNUSABLE = 1, 2


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found in one council's file: cautions with their lines, or why it cannot be read."""

    council: str
    file: str
    cautions: tuple[tuple[Caution, int | None], ...] = ()
    problems: tuple[str, ...] = ()


@policy.command("lint")
@click.argument("councils", nargs=-1, metavar="[COUNCIL]...")
@click.option(
    "--json", "as_json", is_flag=True, help="Print an array of objects: council, file, line, key, concern, text"
)
@click.option("--strict", is_flag=True, help="End with exit code 1 if there is anything to look at.")
def lint_command(councils: tuple[str, ...], *, as_json: bool, strict: bool) -> None:
    """Hold councils' rules against the law and the calendar, and warn; all councils unless some are named.

    Nothing is changed: what a council publishes stays as it was read. Exit code 2 if a file cannot be read.
    """
    looked = [_look(path) for path in _files(councils)]
    if as_json:
        click.echo(json.dumps([line for one in looked for line in _objects(one)], indent=2, ensure_ascii=False))
    else:
        for one in looked:
            _print(one)
    for problem in (problem for one in looked for problem in one.problems):
        click.echo(problem, err=True)
    if any(one.problems for one in looked):
        sys.exit(UNUSABLE)
    if strict and any(one.cautions for one in looked):
        sys.exit(CAUTIONED)


def _files(councils: Sequence[str]) -> list[pathlib.Path]:
    folders = {folder.name: folder for folder in council_folders(settings().tenants)}
    unknown = [name for name in councils if name not in folders]
    if unknown:
        raise click.UsageError(f"No council here is called {', '.join(unknown)}. There are: {', '.join(folders)}.")
    return [folders[name] / POLICY_FILE for name in councils or folders]


def _look(path: pathlib.Path) -> Looked:
    today = london_date(SystemClock().now())
    try:
        found = lint(load_policy_file(path), law_on(today), today)
    except ConfigurationError as error:
        return Looked(council=path.parent.name, file=str(path), problems=tuple(map(str, error.problems)))
    lines = key_lines(path.read_text(encoding="utf-8"))
    cautions = tuple((caution, line_of(caution.path, lines)) for caution in found)
    return Looked(council=path.parent.name, file=str(path), cautions=cautions)


def _objects(one: Looked) -> list[dict[str, object]]:
    return [
        {
            "council": one.council,
            "file": one.file,
            "line": line,
            "key": dotted(caution.path),
            "concern": caution.concern.value,
            "text": caution.text,
        }
        for caution, line in one.cautions
    ]


def _print(one: Looked) -> None:
    if not one.cautions and not one.problems:
        click.echo(f"{one.council}: nothing to look at")
    for caution, line in one.cautions:
        where = f"{one.file}:{line}" if line else one.file
        click.echo(f"{where}: {dotted(caution.path)}: {caution.text} [{caution.concern.value}]")

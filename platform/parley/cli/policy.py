"""``parley policy``: what councils' rules may say, what theirs do say, and making a file the rules that hold."""

import dataclasses
import datetime as dt
import getpass
import json
import pathlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click
from flask import Flask

from parley.app import open_database
from parley.cli import settings
from parley.db.session import Database
from parley.eligibility.simulation import Shift, simulate
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.configuration import ConfigurationError
from parley.kernel.errors import DomainError
from parley.kernel.toml_lines import key_lines, line_of
from parley.law.versions import law_on
from parley.policy.comparing import Change
from parley.policy.json_schema import as_text
from parley.policy.lint import Caution, lint
from parley.policy.loading import load_policy, load_policy_file
from parley.policy.problems import dotted
from parley.policy.queries import VersionRow
from parley.tenants import applying, simulating
from parley.tenants.files import POLICY_FILE, council_folders

CAUTIONED, UNUSABLE = 1, 2

T = TypeVar("T")


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


@policy.command("apply")
@click.argument("council")
@click.option("--reason", required=True, help="Why: what the council changed, or what was read wrongly.")
@click.option("--author", default=getpass.getuser, show_default="your account", help="The account that applies it.")
@click.option(
    "--effective", "since", type=click.DateTime(["%Y-%m-%d"]), help="The first day it holds; today if left out."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def apply_command(
    council: str, *, reason: str, author: str, since: dt.datetime | None, yes: bool, dry_run: bool
) -> None:
    """Make tenants/COUNCIL/policy.toml the newest version of its rules, after showing what changes.

    A version is never altered again: cases stay on the version they began under. Where the council's council.toml says
    policy_second_person, the version holds only after somebody else's `parley policy approve`.
    """
    now = SystemClock().now()
    today = london_date(now)
    first = since.date() if since else today
    if first < today:
        raise click.BadParameter(f"{first} has passed; today or later is possible.", param_hint="--effective")
    with _database() as database:
        draft = _or_usage(lambda: applying.draft_of(database, settings(), council))
        if not draft.changes:
            click.echo(f"{council}: the file says what version {draft.newest.number if draft.newest else 0} says.")
            return
        click.echo(f"{council}: after version {draft.newest.number if draft.newest else 0}, from {first}")
        for change in draft.changes:
            click.echo(_change(change))
        if dry_run or not (yes or click.confirm("Apply?")):
            click.echo("Nothing was changed.")
            return
        applied = applying.apply_draft(database, draft, at=now, today=today, author=author, reason=reason, since=first)
        click.echo(f"Version {applied.number} of {council}’s rules holds from {first} on")
        if applied.waits:
            click.echo(f"once somebody else has run: parley policy approve {council} {applied.number}")


@policy.command("approve")
@click.argument("council")
@click.argument("number", type=int)
@click.option("--approver", default=getpass.getuser, show_default="your account", help="The account that agrees.")
def approve_command(council: str, number: int, *, approver: str) -> None:
    """Agree, as a second person, to version NUMBER of a council's rules."""
    now = SystemClock().now()
    with _database() as database:
        _or_usage(
            lambda: applying.approve(database, council, number, at=now, today=london_date(now), approver=approver)
        )
    click.echo(f"Version {number} of {council}’s rules is agreed to.")


@policy.command("versions")
@click.argument("council")
def versions_command(council: str) -> None:
    """List the versions of a council's rules, the newest first: from when, by whom, why."""
    with _database() as database:
        for row in _or_usage(lambda: applying.versions_of(database, council)):
            click.echo(_version(row))


@policy.command("simulate")
@click.argument("council")
@click.option("--with", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
def simulate_command(council: str, *, file: pathlib.Path) -> None:
    """Show whose answer the rules in a file would change, by what is kept of the council's past checks and cases.

    Counts of disagreements, by reason; those under 5 are not shown, and no example points at so few.
    """
    other = load_policy(file.read_text(encoding="utf-8"), authority=council, file=str(file))
    today = london_date(SystemClock().now())
    with _database() as database:
        past = _or_usage(lambda: simulating.past_of(database, council))
    with click.progressbar(past, label="Answering again", file=sys.stderr) as counted:
        found = simulate(counted, other, law_on(today), today)
    click.echo(f"{council}: {found.total} disagreements of past checks and cases")
    if not found.shifts:
        click.echo("No answer would change.")
    for shift in found.shifts:
        click.echo(_shift(shift))


def _shift(shift: Shift) -> str:
    reason = shift.reason
    codes = [*(f"+{code.value}" for code in reason.comes), *(f"-{code.value}" for code in reason.goes)]
    example = f"\n      such as {shift.shown_example}" if shift.shown_example else ""
    return f"  {reason.was.value} -> {reason.now.value}: {shift.shown_count} ({', '.join(codes) or 'no code'}){example}"


def _version(row: VersionRow) -> str:
    second = f", agreed to by {row.approver}" if row.approver else ", waits for a second person" if row.waits else ""
    return f"{row.number:4}  from {row.since}  by {row.author or 'a load of all files'}{second}  {row.reason}"


def _change(change: Change) -> str:
    if change.was is None:
        return f"  + {change.key}: {change.now}"
    if change.now is None:
        return f"  - {change.key}: {change.was}"
    return f"  ~ {change.key}\n      was: {change.was}\n      now: {change.now}"


@contextmanager
def _database() -> Iterator[Database]:
    database = open_database(Flask("parley"), settings())
    try:
        yield database
    finally:
        database.dispose()


def _or_usage(do: Callable[[], T]) -> T:
    """Do it, or end with what the person can mend."""
    try:
        return do()
    except DomainError as error:
        raise click.UsageError(error.message) from error

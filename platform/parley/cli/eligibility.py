"""``parley eligibility``: the family's check on the command line, without a database."""

import json
import pathlib
import sys
from typing import Any

import click

from parley.cli import settings
from parley.eligibility.check import check
from parley.eligibility.schemas import dump_assessment
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.configuration import ConfigurationError
from parley.kernel.errors import Invalid
from parley.policy.domain import Policy
from parley.policy.loading import load_policy_file

UNUSABLE = 2


@click.command("eligibility")
@click.option("--authority", "slug", required=True, help="The council, by its short name, as in tenants/<name>.")
@click.argument("answers", type=click.Path(allow_dash=True), metavar="ANSWERS.json")
def eligibility(slug: str, answers: str) -> None:
    """Print what a council's family check answers to ANSWERS.json (or - for standard input), as JSON.

    Exit code 0 with the result; 2 with what is wrong with the answers, as problem JSON (RFC 9457).
    """
    try:
        policy = _policy_of(slug)
        assessment = check(_document(answers), policy, london_date(SystemClock().now()))
    except Invalid as invalid:
        _print(_problem(invalid))
        sys.exit(UNUSABLE)
    _print(dump_assessment(assessment))


def _policy_of(slug: str) -> Policy:
    """The policy in the council's folder. Raises Invalid where there is none or it cannot be used."""
    tenants: pathlib.Path = settings().tenants
    known = sorted(path.parent.name for path in tenants.glob("*/policy.toml"))
    if slug not in known:
        raise Invalid({"authority": [f"{slug!r} is not a council here. Must be one of: {', '.join(known)}."]})
    try:
        return load_policy_file(tenants / slug / "policy.toml")
    except ConfigurationError as error:
        raise Invalid({"authority": [str(problem) for problem in error.problems]}) from error


def _document(path: str) -> Any:
    """The JSON in the file, or on standard input for "-". Raises Invalid if there is none."""
    try:
        with click.open_file(path, encoding="utf-8") as text:
            return json.load(text)
    except OSError as error:
        raise Invalid({"answers": [f"{path} cannot be read: {error.strerror}."]}) from error
    except (ValueError, RecursionError) as error:
        raise Invalid({"answers": [f"This is not JSON: {error}."]}) from error


def _problem(invalid: Invalid) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": invalid.message,
        "code": invalid.code,
        "errors": invalid.errors,
    }


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))

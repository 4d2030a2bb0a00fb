"""``parley eligibility``: the family's check on the command line, without a database."""

import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import click

from parley.cli import settings
from parley.eligibility.check import Checked, check
from parley.eligibility.result import Tried
from parley.eligibility.schemas import dump_assessment
from parley.kernel.clock import SystemClock, london_date
from parley.kernel.configuration import ConfigurationError
from parley.kernel.errors import Invalid
from parley.policy.domain import Policy
from parley.policy.loading import load_policy_file
from parley.web.problems import problem_document

UNUSABLE = 2
#: The API's status for the same answers, so that a program that reads both compares one ``type``.
UNUSABLE_STATUS = 422


@click.command("eligibility")
@click.option("--authority", "slug", required=True, help="The council, by its short name, as in tenants/<name>.")
@click.option("--trace", "is_traced", is_flag=True, help="Say which rules were tried and which one decided.")
@click.option("--json", "as_json", is_flag=True, help="With --trace: print JSON, as without it, and the trace in it.")
@click.argument("answers", type=click.Path(allow_dash=True), metavar="ANSWERS.json")
def eligibility(slug: str, answers: str, is_traced: bool, as_json: bool) -> None:
    """Print what a council's family check answers to ANSWERS.json (or - for standard input), as JSON.

    With --trace it prints why in words instead: each rule that was tried, the one that decided, and where it is
    written. With --trace --json the result has the same as its "trace".

    Exit code 0 with the result; 2 with what is wrong with the answers, as problem JSON (RFC 9457): the same document
    as the API answers with, "type" included (/api/problems/invalid-content, a page on every council's host).
    """
    try:
        policy = _policy_of(slug)
        checked = check(_document(answers), policy, london_date(SystemClock().now()))
    except Invalid as invalid:
        _print(problem_document(UNUSABLE_STATUS, invalid.message, code=invalid.code, errors=invalid.errors))
        sys.exit(UNUSABLE)
    if is_traced and not as_json:
        click.echo("\n".join(_in_words(checked)))
        return
    _print(dump_assessment(checked.assessment, checked.explained() if is_traced else None))


def _in_words(checked: Checked) -> Iterator[str]:
    """The trace as a person reads it on a terminal."""
    explanation = checked.explained()
    yield f"Law: {explanation.law_title} ({explanation.law_version}, since {explanation.law_effective_from})"
    yield f"Policy: {checked.policy.authority}, version {explanation.policy_version}"
    yield "About the person and the council"
    in_the_way = [_line(one, "applies") for one in explanation.gates if one.applied]
    yield from in_the_way or ["  nothing stands in the way"]
    for number, (result, matter) in enumerate(zip(checked.assessment.matters, explanation.matters, strict=True), 1):
        yield f"Disagreement {number}: {result.answer}"
        yield from (_line(one, "fits" if one.applied else "does not fit") for one in matter.rows)
        yield from (_line(one, "council says") for one in matter.council)
        yield f"  Decided by {matter.decided_by.rule}: {matter.decided_by.citation}"


def _line(one: Tried, verdict: str) -> str:
    return f"  {one.rule:8}{verdict:14}{one.title}"


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


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))

"""``parley law``: which versions of the law are known, and all that one of them says."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import click

from parley.kernel.clock import SystemClock, london_date
from parley.law import versions
from parley.law.domain import Citation, LawVersion
from parley.law.versions import law_by_id, law_on


@click.group("law")
def law() -> None:
    """Look at the law that checks and cases go by. docs/law.md says how a change of law is entered."""


@law.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_versions(as_json: bool) -> None:
    """List the versions, the newest last; the one in force today is marked."""
    in_force = law_on(london_date(SystemClock().now()))
    ordered = sorted(versions.LAW_VERSIONS, key=lambda version: version.effective_from)
    if as_json:
        _print([_head(version) | {"in_force": version is in_force} for version in ordered])
        return
    for version in ordered:
        mark = "*" if version is in_force else " "
        click.echo(f"{mark} {version.id}  since {version.effective_from}  {version.title}")


@law.command("show")
@click.argument("version_id", required=False, metavar="[VERSION]")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The version of this day; today without it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(version_id: str | None, on: dt.datetime | None, as_json: bool) -> None:
    """Show who may ask, every gate, row and time limit, what the service never does, and where each is written.

    VERSION is one that `parley law list` names. Exit code 1 where there is none of that name or day.
    """
    day = on.date() if on else london_date(SystemClock().now())
    try:
        version = law_by_id(version_id) if version_id else law_on(day)
    except LookupError as error:
        raise click.ClickException(f"{error}; see parley law list") from error
    parts = {name: list(entries) for name, entries in _parts(version)}
    if as_json:
        _print(_head(version) | parts)
        return
    click.echo(f"{version.title} ({version.id}), since {version.effective_from}")
    for name, entries in parts.items():
        click.echo(f"\n{name.replace('_', ' ').capitalize()}")
        for entry in entries:
            click.echo(f"  {entry['id']}: {entry['text']} ({entry['citation']})")


def _head(version: LawVersion) -> dict[str, Any]:
    return {"version": version.id, "title": version.title, "effective_from": version.effective_from.isoformat()}


def _parts(version: LawVersion) -> Iterator[tuple[str, Iterator[dict[str, str]]]]:
    """All that a version says, by what kind of thing it is."""
    for name, texts in (
        ("who_may_ask", version.who),
        ("what_the_council_owes", version.duties),
        ("what_the_service_never_does", version.never),
    ):
        yield name, (_entry(text.id, text.text, text.citation) for text in texts.values())
    yield "gates", (_entry(gate.id, gate.title, gate.citation) for gate in version.gates.values())
    yield "rows", (_entry(row.id, row.title, row.citation) for row in version.rows.values())
    yield "areas", (_entry(area.area.value, area.label, area.citation) for area in version.areas.values())
    yield (
        "time_limits",
        (
            _entry(
                one.limit.value,
                f"{one.binds.value.replace('_', ' ')} to {one.what}: {one.period} "
                f"{'before' if one.back else 'from'} {one.starts}",
                one.citation,
            )
            for one in version.limits.values()
        ),
    )
    yield "cases_between_the_rules", (_entry(text.id, text.text, text.citation) for text in version.cases.values())


def _entry(entry_id: str, text: str, citation: Citation) -> dict[str, str]:
    return {"id": entry_id, "text": text, "citation": str(citation)}


def _print(document: Any) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))

"""A folder for a new council: commented files that can be used as they are, to be filled in from what it publishes."""

import dataclasses
import datetime as dt
import importlib.resources
import json
import pathlib
import string
import tempfile
from collections.abc import Iterator, Mapping

from parley.kernel.configuration import ConfigurationError, ConfigurationProblem, read_toml
from parley.kernel.toml_lines import key_lines, line_of
from parley.tenancy import schemas
from parley.tenants.files import COUNCIL_FILE, NOT_COUNCILS, council_folders, read_council, shared_names

#: The files of a council, in the order in which they are filled in.
FILES = (COUNCIL_FILE, "policy.toml", "signin.toml", "providers.toml")

PAGE_TITLE = "Disagreement resolution"


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewCouncil:
    """What has to be known of a council before its page is read."""

    slug: str
    name: str
    short_name: str
    gss_code: str
    region: str
    reference_prefix: str
    masthead: str
    page: str


def scaffold(council: NewCouncil, tenants: pathlib.Path, today: dt.date) -> dict[str, str]:
    """Return the text of each of a new council's files by its name. Nothing is written.

    Raises ConfigurationError, with file, key, what was found and what is allowed, for whatever cannot be used: the
    values themselves, a folder that is there already, and what is another council's.
    """
    _require_new(council.slug, tenants)
    texts = {name: _filled(name, council, today) for name in FILES}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / council.slug
        _write(folder, texts)
        problems = [*_problems(folder, tenants), *_taken(folder, tenants)]
    if problems:
        final = tenants / council.slug
        raise ConfigurationError(
            dataclasses.replace(one, file=str(final / pathlib.Path(one.file).name)) for one in problems
        )
    return texts


def write(slug: str, texts: Mapping[str, str], tenants: pathlib.Path) -> list[pathlib.Path]:
    """Write the files of ``scaffold`` to a new folder; return their paths. Raises FileExistsError if it is there."""
    return _write(tenants / slug, texts)


def _write(folder: pathlib.Path, texts: Mapping[str, str]) -> list[pathlib.Path]:
    folder.mkdir()
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def _require_new(slug: str, tenants: pathlib.Path) -> None:
    folder = tenants / slug
    schemas.require_slug(folder, slug)
    if slug in NOT_COUNCILS or folder.exists():
        taken = ", ".join(sorted({path.name for path in council_folders(tenants)} | NOT_COUNCILS))
        allowed = f"Allowed: a name that is not taken; there are {taken}."
        raise ConfigurationError(
            [ConfigurationProblem(file=str(folder), key="(name)", found=repr(slug), allowed=allowed)]
        )


def _filled(name: str, council: NewCouncil, today: dt.date) -> str:
    text = importlib.resources.files("parley.tenants").joinpath("scaffold", name).read_text(encoding="utf-8")
    quoted = {
        "name": council.name,
        "short_name": council.short_name,
        "gss_code": council.gss_code,
        "region": council.region,
        "prefix": council.reference_prefix,
        "masthead": council.masthead,
        "page": council.page,
        "page_title": PAGE_TITLE,
    }
    return string.Template(text).substitute(
        # A JSON string is a TOML string too.
        {key: json.dumps(value, ensure_ascii=False) for key, value in quoted.items()},
        plain_name=" ".join(council.name.split()),
        variable=f"{council.slug.replace('-', '_').upper()}_STAFF_SIGNIN_SECRET",
        today=today.isoformat(),
    )


def _problems(folder: pathlib.Path, tenants: pathlib.Path) -> tuple[ConfigurationProblem, ...]:
    try:
        read_council(
            folder,
            shared=shared_names(tenants),
            demo_signin_port=0,
        )
    except ConfigurationError as error:
        return error.problems
    return ()


def _taken(folder: pathlib.Path, tenants: pathlib.Path) -> Iterator[ConfigurationProblem]:
    """Yield a problem for each value that may be one council's alone and stands in another's file."""
    path = folder / COUNCIL_FILE
    ours, lines = read_toml(path), key_lines(path.read_text(encoding="utf-8"))
    for other in council_folders(tenants):
        try:
            theirs = read_toml(other / COUNCIL_FILE)
        except ConfigurationError:
            # That council's own trouble, which `parley authority load` names.
            continue
        for key in ("gss_code", "reference_prefix"):
            if ours[key] == theirs.get(key):
                allowed = f"It is {theirs.get('name', other.name)}’s ({other.name}); each council has its own."
                line = line_of((key,), lines)
                yield ConfigurationProblem(file=str(path), key=key, found=repr(ours[key]), allowed=allowed, line=line)

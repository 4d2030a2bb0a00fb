"""Configuration files: reading TOML, and saying everything that is wrong with it at once."""

import dataclasses
import pathlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parley.kernel.toml_lines import key_lines, line_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConfigurationProblem:
    """One thing wrong in a file: where, what was found (as text, None when absent) and what is allowed.

    ``line`` is counted from 1, None where it is not known.
    """

    file: str
    key: str
    found: str | None
    allowed: str
    line: int | None = None

    @property
    def where(self) -> str:
        """Return the file with its line, as editors and terminals understand it."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        """Return one readable line."""
        found = "is missing" if self.found is None else f"found {self.found}"
        return f"{self.where}: {self.key}: {found}. {self.allowed}"


class ConfigurationError(Exception):
    """A configuration file cannot be used; ``problems`` lists everything wrong with it."""

    def __init__(self, problems: Iterable[ConfigurationProblem]) -> None:
        """Keep the problems in the order they were met."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def read_toml(path: pathlib.Path) -> dict[str, Any]:
    """Return the table in ``path``. Raises ConfigurationError when it is missing or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = ConfigurationProblem(file=str(path), key="(file)", found=None, allowed="This file is required.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = ConfigurationProblem(
            file=str(path),
            key="(file)",
            found=f"text that is not TOML ({error})",
            allowed="Write valid TOML, in UTF-8.",
        )
    raise ConfigurationError([problem])


def problems_from(
    path: pathlib.Path, data: Mapping[str, Any], messages: Mapping[Any, Any]
) -> Iterator[ConfigurationProblem]:
    """Yield a problem for each leaf of a validation library's nested ``messages`` (key to message list or table)."""
    lines = key_lines(path.read_text(encoding="utf-8")) if path.exists() else {}
    for keys, message in _leaves(messages, ()):
        yield ConfigurationProblem(
            file=str(path),
            key=".".join(map(str, keys)) or "(file)",
            found=_value_at(data, keys),
            allowed=message,
            line=line_of(keys, lines),
        )


def _leaves(messages: Any, keys: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _leaves(inner, keys if key == "_schema" else (*keys, key))
    elif isinstance(messages, (list, tuple)):
        for message in messages:
            yield from _leaves(message, keys)
    else:
        yield keys, str(messages)


def _value_at(data: Any, keys: tuple[Any, ...]) -> str | None:
    for key in keys:
        if isinstance(data, Mapping) and key in data:
            data = data[key]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return repr(data)

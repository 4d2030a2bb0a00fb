"""What is wrong with a policy file, told so that the person who wrote it can mend it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.kernel.toml_lines import KeyPath


@dataclass(frozen=True, kw_only=True)
class PolicyProblem(ConfigurationProblem):
    """One fault of a policy file."""

    def __str__(self) -> str:
        """One line for a terminal or a log."""
        return f"{self.where}: {self.key}: found {self.found}; allowed: {self.allowed}"


class PolicyProblems(ConfigurationError):
    """A policy that cannot be used, with every problem at once, in the order of the file."""

    def __init__(self, problems: Iterable[PolicyProblem]) -> None:
        """Keep `problems` by line."""
        self.by_line = tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.key)))
        super().__init__(self.by_line)


def dotted(path: KeyPath) -> str:
    """A path as it reads in the file: `areas.listed[2].stages`, entries counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text or "the file"


def found_at(document: object, path: KeyPath) -> str:
    """What stands at `path`, shortened; `nothing` where there is no such key."""
    for part in path:
        if isinstance(document, Mapping) and part in document:
            document = document[part]
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        else:
            return "nothing"
    text = "a table" if isinstance(document, Mapping) else repr(document)
    return text if len(text) <= 80 else f"{text[:77]}..."

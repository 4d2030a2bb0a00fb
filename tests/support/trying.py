"""Trying an address: what somebody is told of a thing, and what of one that never was."""

import difflib
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from parley.identity.domain import new_secret
from parley.kernel.ids import new_id
from support.everybody import Everybody
from support.exploration import Example, Exploration
from support.isolation import Person, telling


def example_of(explored: Exploration, everybody: Everybody, name: str, method: str) -> Example:
    """Return the address with what it names of the family looked for. Fails by its name where nobody comes to it."""
    for found in explored.reached.get((name, method), ()):
        if everybody.is_about_family(found):
            return found
    what = "no link or form leads there. Have tests/support/every_stage.py make what it is for"
    return pytest.fail(f"{method} {name}: {what}")


def never_was(value: object) -> object:
    """Return a value as good as ``value`` that names nothing."""
    return new_id() if isinstance(value, uuid.UUID) else new_secret()


def differs(example: Example, person: Person, never: Mapping[str, Any], **foreign: Any) -> str:
    """Return how what ``person`` is told of something foreign differs from what they are told of nothing, or ""."""
    asked = {**example.values, **foreign}
    answer = example.opened_by(person, **foreign)
    there = telling(answer, asked.values())
    nothing = telling(example.opened_by(person, **never), {**asked, **never}.values())
    if answer.status_code == 200:
        return "got the page"
    return "\n".join(difflib.unified_diff(nothing, there, lineterm="", n=0))

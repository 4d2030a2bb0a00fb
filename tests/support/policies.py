"""The councils' own policies, loaded once, and a small one to change in tests."""

from functools import cache
from pathlib import Path

from parley.law.domain import Area
from parley.policy.domain import AreaEntry, Policy
from parley.policy.loading import load_policy, load_policy_file

TENANTS = Path(__file__).parents[2] / "tenants"
COUNCILS = sorted(path.parent.name for path in TENANTS.glob("*/policy.toml"))

SMALL = """\
format = 1
evidence = "page"

[sources.page]
title = "Disagreements"
owner = "Exampleshire Council"
url = "https://exampleshire.example/disagreements"
read = 2026-11-24
extent = "whole"

[vocabulary]
council = "Exampleshire Council"

[services.disagreement_resolution]
providers = ["helpers"]

[contacts.helpers]
name = "Helpers"
kind = "provider"

[[contacts.helpers.ways]]
phone = "01632 960000"

[areas]
kind = "open"
label = "any aspect of special educational provision"
"""


@cache
def policy_of(council: str) -> Policy:
    """The policy in a council's folder."""
    return load_policy_file(TENANTS / council / "policy.toml")


def areas_by_code(policy: Policy) -> dict[Area, AreaEntry]:
    """The areas of a council that lists one of each type."""
    return {entry.code: entry for entry in policy.areas.listed}


def small_policy(*changes: tuple[str, str], more: str = "") -> Policy:
    """`SMALL` with pieces of its text replaced and `more` after its end."""
    return load_policy(small_text(*changes, more=more), authority="exampleshire", file="exampleshire/policy.toml")


def small_text(*changes: tuple[str, str], more: str = "") -> str:
    """The text of `small_policy`."""
    text = SMALL
    for old, new in changes:
        assert old in text, f"{old!r} is not in the small policy"
        text = text.replace(old, new)
    return f"{text}\n{more}"

"""A region's file: what its councils buy together, with its evidence, and everything that is wrong with it."""

import pathlib

import pytest

from parley.law.domain import Service
from parley.policy.problems import PolicyProblems
from parley.policy.regions import read_region
from parley.tenancy.domain import ContractStanding
from support.policies import TENANTS

SOURCE = """
[sources.page]
title = "A page"
owner = "A council"
url = "https://council.example/page"
read = 2026-11-24
extent = "whole"
"""


def region(tmp_path: pathlib.Path, text: str) -> pathlib.Path:
    path = tmp_path / "north.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_two_tenders_of_the_east_midlands_are_told_apart():
    found = read_region(TENANTS / "regions" / "east-midlands.toml")
    newer, earlier = found.frameworks
    assert (found.name, newer.providers, earlier.providers) == (
        "East Midlands",
        ("Global Mediation",),
        ("KIDS", "The Together Trust"),
    )
    assert newer.standing is ContractStanding.CURRENT
    assert newer.services == (Service.DISAGREEMENT_RESOLUTION,)
    assert (earlier.standing, earlier.evidence["standing"]["status"]) == (ContractStanding.ENDED, "inferred")
    assert (newer.ends, newer.evidence["ends"]["status"]) == (None, "not_seen")


def test_a_region_without_a_contract_needs_no_evidence(tmp_path):
    assert read_region(region(tmp_path, 'name = "North"\n')).frameworks == ()


def test_everything_that_is_wrong_is_told_with_its_line(tmp_path):
    text = f"""{SOURCE}
[frameworks.Big]
evidence = "page"
name = "Big"

[frameworks.small]
name = "Small"
standing = "maybe"
provider = "helpers"
"""
    with pytest.raises(PolicyProblems) as raised:
        read_region(region(tmp_path, text))
    problems = {problem.key: problem for problem in raised.value.problems}
    assert set(problems) == {
        "name",
        "frameworks.Big",
        "frameworks.small",
        "frameworks.small.standing",
        "frameworks.small.provider",
    }
    assert problems["frameworks.small"].found == "no evidence"
    assert problems["frameworks.small.standing"].line == 15

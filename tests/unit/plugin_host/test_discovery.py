"""Which plugins are found, and which of them may start."""

import sys

import pytest

from parley.plugin_host.discovery import Admission, PluginTarget, admit, installed_targets


def target(name: str, distribution: str = "a") -> PluginTarget:
    return PluginTarget(name=name, value="module:plugin", distribution=distribution, version="1")


@pytest.mark.parametrize(
    ("allowed", "blocked", "admission"),
    [
        (None, (), Admission.ADMITTED),
        (("one", "two"), (), Admission.ADMITTED),
        (("two",), (), Admission.NOT_LISTED),
        ((), (), Admission.NOT_LISTED),
        (None, ("one",), Admission.BLOCKED),
        (("one",), ("one",), Admission.BLOCKED),
    ],
)
def test_the_list_allows_and_the_block_wins(
    allowed: tuple[str, ...] | None, blocked: tuple[str, ...], admission: Admission
) -> None:
    (found,) = admit([target("one")], allowed=allowed, blocked=blocked)
    assert found.admission is admission


def test_a_name_that_two_distributions_claim_starts_for_neither() -> None:
    found = admit([target("one", "a"), target("one", "b"), target("two")], allowed=None)
    assert [entry.admission for entry in found] == [Admission.AMBIGUOUS, Admission.AMBIGUOUS, Admission.ADMITTED]


def test_installed_plugins_are_found_without_importing_them() -> None:
    before = set(sys.modules)
    (found,) = [entry for entry in installed_targets() if entry.name == "global_mediation"]
    assert (found.value, found.distribution) == ("parley_global_mediation:plugin", "parley-global-mediation")
    assert not any(name.startswith("parley_global_mediation") for name in set(sys.modules) - before)

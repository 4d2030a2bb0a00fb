"""The public interface changes only on purpose: signatures are kept, documented, exercised, and used by a plugin."""

import dataclasses
import enum
import inspect
import json
import pathlib
import re
from typing import Any

import pytest

from parley.plugin_api import API_VERSION, contracts
from parley.plugin_api.hookspecs import HOOKS, ProviderHooks

ROOT = pathlib.Path(__file__).parents[2]
KEPT = pathlib.Path(__file__).with_name("hookspec-1.json")
DOCUMENT = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")


def shown(annotation: Any) -> str:
    text = (
        annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else str(annotation)
    )
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)


def hook_signature(hook: str) -> str:
    """Return ``hook`` with parameters and types, without the modules that the types come from."""
    specification = inspect.signature(getattr(ProviderHooks, hook))
    parameters = ", ".join(
        name if parameter.annotation is parameter.empty else f"{name}: {shown(parameter.annotation)}"
        for name, parameter in specification.parameters.items()
    )
    return f"{hook}({parameters}) -> {shown(specification.return_annotation)}"


def interface() -> dict[str, Any]:
    """Return the interface as data: version, hooks, contract types, enumerations."""
    types = [
        value
        for value in vars(contracts).values()
        if isinstance(value, type) and value.__module__ == contracts.__name__
    ]
    return {
        "version": list(API_VERSION),
        "hooks": {
            hook: {"signature": hook_signature(hook), "kind": facts.kind.value, "required": facts.required}
            for hook, facts in HOOKS.items()
        },
        "types": {
            kind.__name__: {
                field.name: shown(field.type)
                + ("" if field.default is dataclasses.MISSING else f" = {field.default!r}")
                for field in dataclasses.fields(kind)
            }
            for kind in types
            if dataclasses.is_dataclass(kind)
        },
        "enumerations": {
            kind.__name__: [member.value for member in kind] for kind in types if issubclass(kind, enum.Enum)
        },
    }


def test_the_interface_is_the_one_that_was_published() -> None:
    """Changed on purpose? Write the new one down, raise the version, and add a line to docs/write-a-plugin.md."""
    assert interface() == json.loads(KEPT.read_text(encoding="utf-8"))


def test_each_hook_has_facts_and_each_fact_a_hook() -> None:
    specified = {name for name, value in vars(ProviderHooks).items() if inspect.isfunction(value) and name[0] != "_"}
    assert specified == set(HOOKS)


def test_contract_types_are_frozen_and_keyword_only() -> None:
    for kind in vars(contracts).values():
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            parameters = kind.__dataclass_params__  # type: ignore[attr-defined]
            assert parameters.frozen, kind
            assert all(field.kw_only for field in dataclasses.fields(kind)), kind


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_is_documented_as_it_is(hook: str) -> None:
    facts = HOOKS[hook]
    section = DOCUMENT.split(f"\n## {hook}\n", 1)[1].split("\n## ", 1)[0]
    assert f"```\n{hook_signature(hook)}\n```" in section
    needed = "required" if facts.required else "optional"
    version = ".".join(str(part) for part in facts.since)
    assert f"\nKind: {facts.kind.value} · {needed} · versionadded {version}\n" in section
    docstring = inspect.getdoc(getattr(ProviderHooks, hook))
    assert docstring is not None
    assert f".. versionadded:: {version}" in docstring
    assert f"def {hook}(" in section, "an example"


def test_no_hook_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^## (\w+)$", DOCUMENT, re.MULTILINE)) == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_a_test_and_a_user(hook: str) -> None:
    users = [path.read_text(encoding="utf-8") for path in (ROOT / "plugins").glob("*/src/**/*.py")]
    assert any(re.search(rf"@hookimpl\n    def {hook}\(", source) for source in users), "no plugin uses it"
    kit = (ROOT / "platform/parley/plugin_api/testing/conformance.py").read_text(encoding="utf-8")
    assert f"hooks.{hook}" in kit, "the kit does not exercise it"


def test_the_public_interface_imports_nothing_else_of_parley() -> None:
    folder = ROOT / "platform" / "parley" / "plugin_api"
    imported = {
        module
        for path in folder.rglob("*.py")
        for module in re.findall(r"^\s*(?:from|import) (parley[\w.]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {module for module in imported if not f"{module}.".startswith("parley.plugin_api.")} == set()
    assert (folder / "py.typed").exists()

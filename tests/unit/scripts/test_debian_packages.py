"""What is said when a Debian package is missing, and what root does about it."""

import importlib.util
import pathlib
import subprocess
from types import ModuleType

import pytest

SCRIPT = pathlib.Path(__file__).parents[3] / "scripts" / "debian_packages.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a machine with apt-get that lacks one library and one file."""
    spec = importlib.util.spec_from_file_location("debian_packages", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    needed = {"run": {"libc6": "libc.so.6", "libnone1": "libnone.so.1"}, "test": {"browser": "/usr/bin/no-browser"}}
    monkeypatch.setattr(module, "NEEDED", needed)
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}")
    return module


def test_an_ordinary_user_is_told_the_exact_line(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.os, "geteuid", lambda: 1000)
    assert script.main("test") == 1
    said = capsys.readouterr().err
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends libnone1 browser" in said


def test_root_gets_what_is_missing_installed_and_nothing_else(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def run(command: list[str], **_options: object) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    monkeypatch.setattr(script.subprocess, "run", run)
    assert script.main("run") == 0
    assert [command[1] for command in ran] == ["update", "install"]
    assert ran[1][-2] == "libnone1"


def test_nothing_is_done_where_nothing_is_missing(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "NEEDED", {"run": {"libc6": "libc.so.6"}, "test": {}})
    monkeypatch.setattr(script.os, "geteuid", lambda: 1000)
    assert script.main("run") == 0

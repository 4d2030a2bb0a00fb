"""Under root, plugins run as another user wherever that user can enter the folders they run from."""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator

import pytest

from parley.cli import checkup
from parley.cli import welcome as welcoming
from parley.plugin_host import process
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.results import Ok
from parley.settings import Mode
from support.deployment import deployment
from support.plugin_supervisor import RunningSupervisor, target

Serve = Callable[..., RunningSupervisor]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as another user")


@pytest.fixture
def open_folder() -> Iterator[pathlib.Path]:
    """A folder that every user can enter; pytest's own ones are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        yield folder


@needs_root
def test_the_lesser_user_is_taken_when_it_can_enter_every_folder(
    open_folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = open_folder / "python"
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "prefix", str(open_folder))
    monkeypatch.setattr(sys, "base_prefix", str(open_folder))
    monkeypatch.setattr(process, "_source_root", lambda: str(open_folder))
    found = process.lesser_user()
    assert found is not None
    assert found.pw_name == "nobody"
    (open_folder / "closed").mkdir(mode=0o700)
    monkeypatch.setattr(sys, "prefix", str(open_folder / "closed"))
    assert process.lesser_user() is None


def test_an_ordinary_user_stays_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert process.lesser_user() is None


@needs_root
def test_a_plugin_runs_as_nobody(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the system's interpreter, since the one that runs the tests may lie in root's own folder."""
    system = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = "import sys; print(f'{sys.version_info.major}.{sys.version_info.minor}')"
    if system is None or subprocess.check_output([system, "-c", asked], text=True).strip() != version:
        pytest.skip(f"there is no system Python {version}")
    for attribute, value in (("executable", system), ("prefix", "/usr"), ("base_prefix", "/usr")):
        monkeypatch.setattr(sys, attribute, value)
    if process.lesser_user() is None:
        pytest.skip("this checkout lies where other users cannot enter")
    looks = target("looks", "hostile:looks")
    installed = sysconfig.get_path("purelib")
    result = serve(targets=(dataclasses.replace(looks, path=(*looks.path, installed)),)).submit("looks")
    assert isinstance(result, Ok)
    assert f"uid={process.pwd.getpwnam('nobody').pw_uid}" in result.value.provider_reference


@pytest.mark.parametrize(("mode", "is_well"), [(Mode.PRODUCTION, False), (Mode.DEMONSTRATION, True)])
def test_plugins_that_run_as_root_are_told_with_the_way_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, mode: Mode, is_well: bool
) -> None:
    served = {"result": "ok", "runs_as": None, "as_root": True, "plugins": {"steady": {"quarantined": None}}}
    monkeypatch.setattr(Gateway, "status", lambda _gateway: served)
    _, finding = checkup.plugins(deployment(tmp_path, {}, mode=mode))
    assert finding.ok is is_well
    assert "may enter every folder" in finding.found + finding.next_step


def test_a_start_says_that_plugins_run_as_root_and_only_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    settings = deployment(tmp_path, {})
    for as_root in (True, False):
        monkeypatch.setattr(welcoming, "run_as_root", lambda as_root=as_root: as_root)
        assert ("Plugins run as root" in welcoming.welcome(settings, seconds=1)) is as_root

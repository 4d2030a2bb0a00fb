"""Running a part of Parley as an ordinary user, from tests that root started."""

import os
import pathlib
import subprocess
import sys
import sysconfig
from typing import Any

import pytest

NOBODY = 65534

#: The virtual environment's own interpreter may lie below a home folder that nobody can enter.
INTERPRETERS = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "platform"


def run_as_nobody(arguments: list[str], *, home: pathlib.Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run Python with ``arguments`` as the user nobody, whose home is ``home``; skip when that cannot be done here."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; an ordinary user runs every other test as one")
    search_path = os.pathsep.join([str(SOURCE), sysconfig.get_paths()["purelib"]])
    for interpreter in INTERPRETERS:
        tried = _as_nobody([interpreter, "-c", "import psycopg, parley"], home, search_path)
        if tried.returncode == 0:
            return _as_nobody([interpreter, *arguments], home, search_path, **options)
    pytest.skip("no Python here that the user nobody can run with Parley's packages")


def _as_nobody(
    command: list[str], home: pathlib.Path, search_path: str, **options: Any
) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": search_path},
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
    except PermissionError:
        return subprocess.CompletedProcess(command, 126, "", "not permitted")

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


def run_as_nobody(arguments: list[str], *, home: pathlib.Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run Python with ``arguments`` as the user nobody, whose home is ``home``; skip when that cannot be done here."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; an ordinary user runs every other test as one")
    for interpreter in INTERPRETERS:
        python = _environment_of_nobody(interpreter, home)
        if _as_nobody([python, "-c", "import psycopg, parley"], home).returncode == 0:
            return _as_nobody([python, *arguments], home, **options)
    pytest.skip("no Python here that the user nobody can run with Parley's packages")


def _environment_of_nobody(interpreter: str, home: pathlib.Path) -> str:
    """Make a virtual environment in ``home`` that has this one's packages; return its interpreter."""
    folder = home / "environment"
    _as_nobody([interpreter, "-m", "venv", "--without-pip", "--clear", str(folder)], home)
    packages = folder / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    if packages.exists():
        # Added as a site folder and not to the search path, so that packages installed in place are found as well.
        line = f"import site; site.addsitedir({sysconfig.get_paths()['purelib']!r})\n"
        (packages / "tests.pth").write_text(line)
    return str(folder / "bin" / "python")


def _as_nobody(command: list[str], home: pathlib.Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
    except (PermissionError, FileNotFoundError):
        return subprocess.CompletedProcess(command, 126, "", "cannot be run")

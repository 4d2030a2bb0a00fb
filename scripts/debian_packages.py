"""Make sure the machine has the Debian packages that Parley's Python packages call into.

    python scripts/debian_packages.py run|test

Root gets what is missing installed; anybody else is told the exact line to run. Standard library only.
"""

import ctypes
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

#: Package -> what shows that it is there: a library (libmagic for file types, the rest for PDF) or a file.
NEEDED = {
    "run": {
        "libmagic1": "libmagic.so.1",
        "libpango-1.0-0": "libpango-1.0.so.0",
        "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
        "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
        "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    },
    "test": {
        "chromium": "/usr/bin/chromium",
        "wrk": "/usr/bin/wrk",
        "pgbouncer": "/usr/sbin/pgbouncer",
        "fonts-liberation": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    },
}


def main(purpose: str) -> int:
    """Return 0 when everything for ``purpose`` is there, else 1 after saying what to do."""
    wanted = NEEDED["run"] | (NEEDED["test"] if purpose == "test" else {})
    missing = [package for package, sign in wanted.items() if not _is_there(sign)]
    if not missing:
        return 0
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return _stop(f"These Debian packages are missing. Install them, then start again:\n\n    {_by_hand(install)}\n")
    sys.stdout.write(f"Installing Debian packages: {' '.join(missing)}\n")
    sys.stdout.flush()
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*install, "-qq"]):
        if subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode != 0:
            return _stop(f"That failed. Try it by hand and read what it says:\n\n    {_by_hand(install)}\n")
    return 0


def _is_there(sign: str) -> bool:
    if sign.startswith("/"):
        return pathlib.Path(sign).exists()
    try:
        ctypes.CDLL(sign)
    except OSError:
        return False
    return True


def _by_hand(install: list[str]) -> str:
    root = "" if os.geteuid() == 0 else "sudo "
    return f"{root}apt-get update && {root}{shlex.join(install)}"


def _stop(message: str) -> int:
    sys.stderr.write(message)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

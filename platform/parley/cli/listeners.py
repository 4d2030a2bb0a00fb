"""Which process holds a TCP port on this machine, read from /proc."""

import contextlib
import dataclasses
import os
import pathlib
import socket

_LISTENING = "0A"


@dataclasses.dataclass(frozen=True)
class Holder:
    """The process that listens on a port; unknown when it belongs to somebody else."""

    pid: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        """Say it as a person would."""
        if self.pid is None:
            return "a program of another user"
        return f"{self.name or 'a program'} (process {self.pid})"


def holder_of(port: int, host: str = "127.0.0.1") -> Holder | None:
    """Return who listens on ``port``, or None when it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((host, port))
            return None
    return _process_with(_listening_sockets(port)) or Holder()


def _listening_sockets(port: int) -> set[str]:
    """Return the inodes of the sockets that listen on ``port``."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in pathlib.Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(fields[9])
    return found


def _process_with(inodes: set[str]) -> Holder | None:
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdecimal():
            with contextlib.suppress(OSError):
                if any(_target(handle) in wanted for handle in (process / "fd").iterdir()):
                    return Holder(int(process.name), (process / "comm").read_text().strip())
    return None


def _target(handle: pathlib.Path) -> str:
    try:
        return os.readlink(handle)
    except OSError:
        return ""

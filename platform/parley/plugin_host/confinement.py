"""What a plugin's process does to itself before it loads the plugin: resource limits, and an audit hook that refuses.

The limits are the kernel's and hold against anything. The audit hook is Python's: it stops what a plugin or one of its
libraries does in the ordinary way (connect, start a process, write a file, read outside the installed packages), and
gives the refusal a name. It is no wall against code written to break out; docs/write-a-plugin.md says so, and
says what to put around the supervisor where that matters.
"""

import _posixsubprocess
import ctypes
import ipaddress
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from parley.plugin_host.limits import Limits

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

#: Read by libraries that are allowed: time zones, certificates, entropy.
_READABLE = ("/usr/share/zoneinfo/", "/etc/ssl/", "/usr/lib/ssl/", "/dev/null", "/dev/urandom")

_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_PROCESS_EVENTS = frozenset(
    {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn", "subprocess.Popen"}
    | {"os.kill", "os.killpg", "ctypes.dlopen", "resource.setrlimit", "resource.prlimit"}
)
_FILE_EVENTS = frozenset(
    {"os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}
    | {"os.utime", "os.chflags", "os.setxattr", "os.removexattr", "os.lockf"}
)
_SOCKET_EVENTS = frozenset({"socket.bind", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})


class NotAllowed(PermissionError):
    """The plugin did something its manifest does not declare or no plugin may do; the message names it."""


def limit_resources(limits: Limits) -> None:
    """Bound this process for good, and make it die with its supervisor.

    No new process or thread (where the process is not root's), no file written, no core dump, no more memory than
    ``limits`` says. CPU is bounded call by call: ``bound_cpu``.
    """
    supervisor = os.getppid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != supervisor:
        # The supervisor went away before the line above could tie this process to it.
        os._exit(1)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def bound_cpu(guard: "Guard", seconds: int) -> None:
    """Let this process use ``seconds`` more of processor time; the kernel ends it after that."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    with guard.lifted():
        limit = int(usage.ru_utime + usage.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


class Guard:
    """The audit hook of one plugin process. It refuses until told otherwise, and only the network can be opened."""

    def __init__(self, *, private_addresses: bool) -> None:
        """Allow no place; ``private_addresses`` as in Limits."""
        self._private_addresses = private_addresses
        self._places: frozenset[tuple[str, int]] = frozenset()
        self._addresses: set[tuple[str, int]] = set()
        self._lifted = False
        self._folders = tuple(
            os.path.realpath(folder) + os.sep for folder in {*sys.path, sys.prefix, sys.base_prefix} if folder
        )

    def install(self) -> None:
        """Start refusing; cannot be undone in this process."""
        sys.addaudithook(self._watch)
        # multiprocessing starts processes through this function without any audit event.
        _posixsubprocess.fork_exec = _refuse_process

    def lifted(self) -> "_Lifted":
        """Return a context in which the host's own code is not refused."""
        return _Lifted(self)

    def allow(self, places: Iterable[tuple[str, int]]) -> None:
        """Let the plugin connect to exactly ``places`` (host, port) from now on."""
        self._places = frozenset(places)
        self._addresses.clear()

    def allows(self, host: str, port: int) -> bool:
        """Tell whether the plugin may connect to ``host``:``port`` now."""
        return (host.lower(), port) in self._places

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._lifted:
            return
        if event in _PROCESS_EVENTS:
            raise NotAllowed(f"plugins may not use {event}")
        if event in _FILE_EVENTS:
            raise NotAllowed(f"plugins may not change files ({event})")
        if event in _SOCKET_EVENTS:
            raise NotAllowed(f"plugins may not use {event}")
        watcher = self._watchers.get(event)
        if watcher is not None:
            watcher(self, *arguments)

    def _watch_lookup(self, host: Any, port: Any, *_: Any) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        number = int(port) if isinstance(port, int) or str(port).isdecimal() else -1
        if not self.allows(name, number):
            raise NotAllowed("plugins may only connect to what their manifest reaches")
        with self.lifted():
            found = socket.getaddrinfo(name, number, type=socket.SOCK_STREAM)
        for *_rest, address in found:
            if not self._private_addresses and not ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
                raise NotAllowed("that name leads to an address inside a private network")
            self._addresses.add((str(address[0]), number))

    def _watch_connect(self, _socket: Any, address: Any) -> None:
        if not isinstance(address, tuple) or (str(address[0]), address[1]) not in self._addresses:
            raise NotAllowed("plugins may only connect to what their manifest reaches")

    def _watch_send(self, _socket: Any, address: Any) -> None:
        if address is not None:
            raise NotAllowed("plugins may not send datagrams")

    def _watch_open(self, path: Any, _mode: Any, flags: Any) -> None:
        if isinstance(path, int):
            return
        if isinstance(flags, int) and flags & _WRITING_FLAGS:
            raise NotAllowed("plugins may not write files")
        if not os.path.realpath(os.fsdecode(path)).startswith((*self._folders, *_READABLE)):
            raise NotAllowed("plugins may not read files outside the installed packages")

    _watchers: dict[str, Callable[..., None]] = {
        "socket.getaddrinfo": _watch_lookup,
        "socket.connect": _watch_connect,
        "socket.sendto": _watch_send,
        "socket.sendmsg": _watch_send,
        "open": _watch_open,
    }


class _Lifted:
    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def __enter__(self) -> None:
        self._guard._lifted = True

    def __exit__(self, *_: object) -> None:
        self._guard._lifted = False


def _refuse_process(*_: Any, **__: Any) -> NoReturn:
    raise NotAllowed("plugins may not start processes")

"""One plugin process, as the supervisor sees it: started, called, bounded, ended. asyncio only."""

import asyncio
import contextlib
import dataclasses
import os
import pathlib
import pwd
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterable
from typing import Any

import parley
from parley.plugin_host import frames
from parley.plugin_host.discovery import PluginTarget
from parley.plugin_host.limits import Limits
from parley.plugin_host.redaction import redact

LESSER_USER = "nobody"

#: A line of a plugin's output is shown to this length.
_LONGEST_LINE = 500

Log = Callable[[str, dict[str, object]], None]


class ProcessGone(Exception):
    """The process ended, or was ended, before it answered; ``code`` says how, ``message`` for an operator."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code
        self.message = message


class BadAnswer(Exception):
    """The process answered with something that is no message."""


class StartRefused(Exception):
    """The plugin cannot be used; the message is its reason for quarantine."""


def lesser_user() -> pwd.struct_passwd | None:
    """Return the user that plugin processes change to, or None where that cannot be.

    Only root can change users, and only a user who can enter the folders of the interpreter and of Parley can run
    them: a checkout below /root keeps plugins running as root, which `parley plugins list` says.
    """
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(LESSER_USER)
    except KeyError:
        return None
    needed = (os.path.realpath(sys.executable), sys.prefix, sys.base_prefix, _source_root())
    return user if all(_open_to_all(pathlib.Path(path)) for path in needed) else None


def run_as_root() -> bool:
    """Tell whether plugins started here would run as root, because no lesser user can run them."""
    return os.geteuid() == 0 and lesser_user() is None


#: What to do about it, for whoever started Parley.
LESSER_USER_ADVICE = (
    f"Keep Parley and its Python where the user {LESSER_USER} may enter every folder (not below /root), or start "
    "Parley as an ordinary user."
)


class PluginProcess:
    """A running plugin, for one council. Calls are made one at a time by its owner."""

    def __init__(self, target: PluginTarget, limits: Limits, log: Log) -> None:
        """Describe the process; nothing runs before ``start``."""
        self._target = target
        self._limits = limits
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.StreamReader | None = None
        self._drains: list[asyncio.Task[None]] = []
        self._output = _OutputBudget(limits)
        self.description: dict[str, Any] = {}

    @property
    def pid(self) -> int | None:
        """Return the process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the process and load the plugin; StartRefused, ProcessGone or BadAnswer if that fails."""
        ours, theirs = socket.socketpair()
        user = lesser_user()
        identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-s", "-P", "-m", "parley.plugin_host.child", str(theirs.fileno())),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=_environment(self._target.path),
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                **identity,
            )
        finally:
            theirs.close()
        self._drains = [
            asyncio.create_task(self._drain(self._process.pid, stream))
            for stream in (self._process.stdout, self._process.stderr)
            if stream
        ]
        self._reader, self._writer = await asyncio.open_connection(sock=ours)
        answer = await self._exchange(
            {"name": self._target.name, "value": self._target.value, "limits": dataclasses.asdict(self._limits)}
        )
        if "quarantined" in answer:
            raise StartRefused(redact(str(answer["quarantined"])))
        if not isinstance(answer.get("description"), dict):
            raise BadAnswer("the first answer holds no description")
        self.description = answer["description"]

    async def call(self, message: dict[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
        """Send one call and return its answer; ``secrets`` are kept out of whatever the plugin prints meanwhile.

        Raises ProcessGone or BadAnswer; the process must then be ended with ``kill``.
        """
        self._output = _OutputBudget(self._limits, secrets)
        return await self._exchange(message)

    async def kill(self) -> None:
        """End the process and everything in its session at once, and wait until it is gone."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        if self._writer is not None:
            self._writer.close()
        for drain in self._drains:
            drain.cancel()
        await asyncio.gather(*self._drains, return_exceptions=True)

    async def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        assert self._process is not None
        assert self._writer is not None
        assert self._reader is not None
        try:
            self._writer.write(frames.pack(message))
            await self._writer.drain()
            return await frames.read(self._reader)
        except frames.FrameError as error:
            raise BadAnswer(str(error)) from error
        except (frames.FrameClosed, ConnectionError) as error:
            if self._output.exceeded:
                raise ProcessGone("too_much_output", "the plugin printed too much and was stopped") from error
            ended = await self._process.wait()
            raise ProcessGone("process_died", f"the plugin's process ended ({_how(ended)})") from error

    async def _drain(self, pid: int, stream: asyncio.StreamReader) -> None:
        """Read what the plugin prints: log a little of it, redacted, and stop a process that prints without end."""
        rest = b""
        while chunk := await stream.read(65536):
            if not self._output.take(len(chunk)):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                return
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-_LONGEST_LINE:]
            for line in lines:
                self._log_line(line)
        if rest:
            self._log_line(rest)

    def _log_line(self, line: bytes) -> None:
        if self._output.may_log():
            text = redact(line[:_LONGEST_LINE].decode("utf-8", "replace"), self._output.secrets)
            self._log("plugin_output", {"plugin": self._target.name, "line": text})


class _OutputBudget:
    """How much a plugin may still print during one call."""

    def __init__(self, limits: Limits, secrets: Iterable[str] = ()) -> None:
        self._bytes = limits.output_bytes_per_call
        self._lines = limits.logged_lines_per_call
        self.secrets = tuple(secrets)
        self.exceeded = False

    def take(self, count: int) -> bool:
        self._bytes -= count
        self.exceeded = self.exceeded or self._bytes < 0
        return not self.exceeded

    def may_log(self) -> bool:
        self._lines -= 1
        return self._lines >= 0


def _environment(path: tuple[str, ...]) -> dict[str, str]:
    """Return everything a plugin's process has in its environment: nothing of the supervisor's own."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join((_source_root(), *path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _source_root() -> str:
    return str(pathlib.Path(parley.__path__[0]).parent)


def _open_to_all(path: pathlib.Path) -> bool:
    """Tell whether any user can enter every folder down to ``path`` and read it."""
    if not all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents):
        return False
    return bool(path.stat().st_mode & (stat.S_IXOTH if path.is_dir() else stat.S_IROTH))


def _how(ended: int) -> str:
    if ended >= 0:
        return f"exit status {ended}"
    try:
        return signal.Signals(-ended).name
    except ValueError:
        return f"signal {-ended}"

"""Keeping programs running: started in order, started again when they end, stopped in reverse order.

Every program is told by the kernel when this process dies, however it dies, and carries a mark in its environment by
which the next start finds what was left all the same.
"""

import contextlib
import dataclasses
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

#: Every program started here has this in its environment, with the data folder as its value.
MARK = "SUPERVISED_FOR_DATA"

#: How long a program waits, in seconds, before it is started again: the n-th time in a row, and from then on the last.
BACKOFF = (0.5, 1, 2, 5, 10, 30)
#: A program that ran for this long did start properly, and its next end counts as the first.
SETTLED_SECONDS = 60.0

#: setpriv (util-linux, on every Debian) asks the kernel for a signal when this process dies, and becomes the program.
_DIES_WITH_US = ("/usr/bin/setpriv", "--pdeathsig", "TERM", "--")

_LOG_KEPT_BYTES = 5_000_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running. ``stop_seconds`` is how long it may take to finish what it has begun."""

    name: str
    title: str
    command: Sequence[str]
    stop_seconds: float = 10.0


class Supervisor:
    """Runs programs until ``stop``. Not thread-safe: the kernel's word of a parent's death goes by thread."""

    def __init__(
        self, *, data: pathlib.Path, folder: pathlib.Path, environ: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        """Take the data folder, the folder that programs start in, their environment, and where to report."""
        self._logs = data / "logs"
        self._folder = folder
        self._environ = {**environ, MARK: str(data)}
        self._say = say
        self._running: dict[str, _Running] = {}

    def start(self, program: Program) -> None:
        """Start ``program`` now."""
        self._running[program.name] = _Running(program, self._spawn(program))

    def alive(self, name: str) -> bool:
        """Tell whether the program of that name runs now."""
        return self._running[name].process.poll() is None

    def log_end(self, name: str, lines: int = 15) -> str:
        """Return the last lines that the program wrote."""
        return "\n".join(self.log_of(name).read_text(errors="replace").splitlines()[-lines:])

    def log_of(self, name: str) -> pathlib.Path:
        """Return the file that the program's output goes to."""
        return self._logs / f"{name}.log"

    def mend(self) -> None:
        """Start again what has ended and waited long enough; say so once per end."""
        now = time.monotonic()
        for running in self._running.values():
            code = running.process.poll()
            if code is None:
                continue
            if running.again_at is None:
                if now - running.started_at > SETTLED_SECONDS:
                    running.ends = 0
                wait = BACKOFF[min(running.ends, len(BACKOFF) - 1)]
                running.ends += 1
                running.again_at = now + wait
                title, log = running.program.title, self.log_of(running.program.name)
                self._say(f"{title} ended ({_ending(code)}); starting it again in {wait:g} s. Its log: {log}")
            elif now >= running.again_at:
                running.process = self._spawn(running.program)
                running.started_at = now
                running.again_at = None

    def stop(self) -> None:
        """Stop every program, the last started first, and wait for each."""
        for running in reversed(self._running.values()):
            with contextlib.suppress(ProcessLookupError):
                running.process.terminate()
            try:
                running.process.wait(running.program.stop_seconds)
            except subprocess.TimeoutExpired:
                self._say(f"{running.program.title} did not stop within {running.program.stop_seconds:g} s; ending it.")
                running.process.kill()
                running.process.wait()
        self._running.clear()

    def _spawn(self, program: Program) -> "subprocess.Popen[bytes]":
        log = self.log_of(program.name)
        if log.exists() and log.stat().st_size > _LOG_KEPT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            return subprocess.Popen(
                [*_DIES_WITH_US, *program.command],
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C goes to this process alone, which then stops the programs in order.
                start_new_session=True,
            )


@dataclasses.dataclass
class _Running:
    program: Program
    process: "subprocess.Popen[bytes]"
    started_at: float = dataclasses.field(default_factory=time.monotonic)
    ends: int = 0
    again_at: float | None = None


def end_leftovers(data: pathlib.Path, *, seconds: float = 5.0) -> int:
    """End every program that an earlier, killed start for ``data`` left running; return how many there were."""
    found = set(_marked(data))
    for how in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + seconds
        for pid in _marked(data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        while list(_marked(data)) and time.monotonic() < deadline:
            time.sleep(0.05)
    return len(found)


def _marked(data: pathlib.Path) -> Iterator[int]:
    mark = f"{MARK}={data}".encode()
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    yield int(process.name)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

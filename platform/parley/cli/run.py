"""``parley run``: everything a demonstration needs, started on this machine and kept running until Ctrl-C."""

import contextlib
import functools
import http.client
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import click

from parley.cli import settings as read_settings
from parley.cli import start as steps
from parley.cli.checkout import ROOT
from parley.cli.demo_signin import FOLDER as SIGN_IN
from parley.cli.start import Start, StartError, parley_command
from parley.cli.supervision import Program, Supervisor
from parley.cli.welcome import welcome
from parley.db import embedded
from parley.settings import Settings

#: What a start does before any program runs, in order. Each takes the Start and raises StartError.
STEPS: tuple[tuple[str, Callable[[Start], None]], ...] = (
    ("Data folder", steps.make_data_folder),
    ("Programs left by an earlier start", steps.end_earlier_programs),
    ("Keys", steps.make_keys),
    ("Ports", steps.check_ports),
    ("Database", steps.start_database),
    ("Logins and schema", steps.prepare_database),
    ("Councils and providers", steps.load_councils),
    ("Demonstration cases", steps.load_cases),
)

READY_SECONDS = 60.0
WATCH_SECONDS = 0.5
#: Where gunicorn puts its heartbeat files. In memory, so that a slow disk never looks like a hung worker.
HEARTBEAT_FOLDER = "/dev/shm"  # noqa: S108


def programs(settings: Settings) -> tuple[Program, ...]:
    """Return the programs of a demonstration, in the order they start; they stop the other way round."""
    parley = parley_command()
    return (
        Program(name="inbox", title="The local inbox", command=[*parley, "inbox"]),
        Program(name="signin", title="The demonstration sign-in", command=["node", str(SIGN_IN / "server.mjs")]),
        Program(name="worker", title="The worker", command=[*parley, "worker"], stop_seconds=30),
        Program(name="plugins", title="Plugins", command=[*parley, "plugins", "serve"]),
        Program(
            name="web",
            title="The web server",
            command=[
                *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{settings.port}"),
                *("--worker-class", "gthread", "--workers", "2", "--threads", str(settings.web_threads)),
                *("--graceful-timeout", "5"),
                *("--worker-tmp-dir", HEARTBEAT_FOLDER, "--no-control-socket", "--log-level", "warning", "--preload"),
            ],
        ),
    )


@click.command("run")
def run() -> None:
    """Start a demonstration on this machine and keep it running. Ctrl-C stops it; what was stored stays."""
    settings = read_settings()
    if settings.is_production:
        raise click.ClickException("`parley run` is for demonstrations. For production see docs/operate.md.")
    began = time.monotonic()
    click.echo(f"Parley is starting, as a demonstration. Data: {settings.data}")
    stopping = _Stopping()
    try:
        with contextlib.ExitStack() as stack:
            start = Start(settings, _environ(settings), stack)
            supervisor = _start_everything(start, stopping)
            click.echo(welcome(settings, seconds=time.monotonic() - began))
            for warning in start.warnings:
                click.echo(click.style("Some files were kept out; the rest runs:", fg="yellow") + f"\n{warning}\n")
            _watch(start, supervisor, stopping)
            click.echo("\nStopping. ", nl=False)
        click.echo("Everything has stopped; what was stored is kept.")
    except _Stopped:
        click.echo("\nStopped before it was ready; what was stored is kept.")
    except StartError as error:
        click.echo(click.style(" failed", fg="red") + f"\n\n{error}\n\n{click.style(error.mend, bold=True)}\n")
        sys.exit(1)


class _Stopped(BaseException):
    """Somebody asked to stop while the start was still going on."""


class _Stopping:
    """Turns the signals that mean "stop" into an ordinary end; during the start they interrupt it."""

    def __init__(self) -> None:
        self.asked = False
        self.interrupts = True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self.interrupts:
            self.interrupts = False
            raise _Stopped


def _environ(settings: Settings) -> dict[str, str]:
    """Return the environment of every program: the settings as found, without the address that may create roles."""
    # The data folder is said outright, since a program may see another HOME.
    # Without compiled code kept, each program of each start would compile all of Parley again: seconds of it.
    left_out = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in left_out},
        "PARLEY_MODE": settings.mode.value,
        "PARLEY_DATA": str(settings.data),
        "PYTHONUNBUFFERED": "1",
    }


def _start_everything(start: Start, stopping: _Stopping) -> Supervisor:
    for title, step in STEPS:
        _timed(title, functools.partial(_run_step, start, step))
    supervisor = Supervisor(data=start.data, folder=ROOT, environ=start.environ, say=_say)
    start.stack.callback(supervisor.stop)
    for program in programs(start.settings):
        _timed(program.title, functools.partial(supervisor.start, program))
    _timed("First page", functools.partial(_wait_until_ready, start.settings, supervisor))
    stopping.interrupts = False
    return supervisor


def _run_step(start: Start, step: Callable[[Start], None]) -> str:
    start.skipped = False
    step(start)
    return "nothing to do" if start.skipped else "done"


def _timed(title: str, do: Callable[[], str | None]) -> None:
    click.echo(f"  {title} ".ljust(40, "."), nl=False)
    began = time.monotonic()
    outcome = do() or "done"
    click.echo(f" {outcome} ({time.monotonic() - began:.1f} s)")


def _wait_until_ready(settings: Settings, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(settings):
        if not supervisor.alive("web") or time.monotonic() > deadline:
            raise StartError(
                f"The web server does not come up. Its log ends:\n\n{supervisor.log_end('web')}",
                f"The whole log: {supervisor.log_of('web')}. `parley doctor` looks at each part.",
            )
        time.sleep(0.05)


def _is_ready(settings: Settings) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"{settings.base_domain}:{settings.port}"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _watch(start: Start, supervisor: Supervisor, stopping: _Stopping) -> None:
    """Mend what ends until somebody asks to stop."""
    folder = start.data / "postgres"
    while not stopping.asked:
        if start.settings.admin_url is None and not embedded.has_processes(folder):
            _say("The database ended; starting it again.")
            if embedded.start(folder) != start.admin_url:
                _say("Its port was taken meanwhile, so everything has to start again. Stop with Ctrl-C and start.")
        supervisor.mend()
        time.sleep(WATCH_SECONDS)


def _say(message: str) -> None:
    click.echo(f"[{time.strftime('%H:%M:%S')}] {message}")

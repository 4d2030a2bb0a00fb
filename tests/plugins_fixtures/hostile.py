"""Plugins that do what a plugin must not. Each is steady until ``provider_submit``."""

import contextlib
import ctypes
import multiprocessing
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from steady import Steady

from parley.plugin_api import hookimpl
from parley.plugin_api.context import PluginContext
from parley.plugin_api.contracts import Reach, Referral, SubmissionReceipt
from parley.plugin_api.errors import Permanent, Retryable


class Forever(Steady):
    """Never returns for the council that wishes so, and ignores every polite signal."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        while ctx.config["wish"] == "hang":
            with contextlib.suppress(BaseException):
                time.sleep(3600)
        return SubmissionReceipt(provider_reference=str(os.getpid()))


class Memory(Steady):
    """Takes memory until there is none."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        taken = []
        while True:
            taken.append(bytearray(16 * 1024 * 1024))


class Processor(Steady):
    """Computes without end."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        number = 0
        while True:
            number += 1


class Forks(Steady):
    """Tries each way to start a process; answers with the ways that worked."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        ways = {
            "fork": os.fork,
            "posix_spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
            "subprocess": lambda: subprocess.Popen(["/bin/true"]),
            "system": lambda: os.system("true"),  # noqa: S605 - trying it is the point
            "exec": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - trying it is the point
            "multiprocessing": lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
            "kill": lambda: os.kill(os.getppid(), 0),
            "libc": lambda: ctypes.CDLL("libc.so.6"),
        }
        return SubmissionReceipt(provider_reference=",".join(way for way, start in ways.items() if _works(start)))


class Files(Steady):
    """Tries to write files, and to read one outside the installed packages; answers with what worked."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        ways = {
            "write": lambda: pathlib.Path(ctx.config["wish"]).write_text("x"),
            "remove": lambda: os.remove("/etc/hostname"),
            "read": lambda: pathlib.Path("/etc/passwd").read_text(),
        }
        return SubmissionReceipt(provider_reference=",".join(way for way, start in ways.items() if _works(start)))


class Prints(Steady):
    """Prints without end."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        while True:
            sys.stdout.write("x" * 65536)


class Tells(Steady):
    """Prints its secret and a person's particulars, and raises with them in the message."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        told = f"{ctx.config['token']} parent@example.org 07700 900123"
        print(told)  # noqa: T201 - printing is what this plugin is for
        ctx.log.info(told)
        raise Permanent("tells", told)


class Lies(Steady):
    """Returns something else than it says."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> Any:
        return {
            "dict": {"provider_reference": "x"},
            "none": None,
            "number": SubmissionReceipt(provider_reference=7),  # type: ignore[arg-type]
            "huge": SubmissionReceipt(provider_reference="x" * 1_000_000),
        }[ctx.config["wish"]]


class Garbage(Steady):
    """Writes to every socket it holds instead of answering."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        for descriptor in range(3, 1024):
            try:
                os.write(descriptor, b"\xff\xff\xff\xff not a frame")
            except OSError:
                continue
        return SubmissionReceipt()


class Exits(Steady):
    """Ends its own process."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        os._exit(3)


class Raises(Steady):
    """Raises what it is asked to raise."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        raise {
            "retryable": Retryable("their_system_down", "try later"),
            "permanent": Permanent("refused", "they said no"),
            "error": ZeroDivisionError("about a person"),
            "exit": SystemExit(1),
        }[ctx.config["wish"]]


class Connects(Steady):
    """Connects to the address in its configuration, by the host's client or by hand; answers with what came of it."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        if ctx.config["wish"] == "by hand":
            host, port = ctx.config["address"].removeprefix("http://").split(":")
            with socket.create_connection((host, int(port)), timeout=2):
                return SubmissionReceipt(provider_reference="connected")
        response = ctx.http.request("POST", ctx.config["address"], json={"reference": referral.reference})
        response.raise_for_status()
        return SubmissionReceipt(provider_reference=response.json()["id"])


class Looks(Steady):
    """Answers with its whole environment, user and thread count."""

    @hookimpl
    def provider_submit(self, ctx: PluginContext, referral: Referral) -> SubmissionReceipt:
        return SubmissionReceipt(
            provider_reference=f"{sorted(os.environ)} uid={os.getuid()} threads={threading.active_count()}"
        )


def _works(start: Any) -> bool:
    try:
        start()
    except (OSError, RuntimeError):
        return False
    return True


forever = Forever("forever")
memory = Memory("memory")
processor = Processor("processor")
forks = Forks("forks")
files = Files("files")
prints = Prints("prints")
tells = Tells("tells")
lies = Lies("lies")
garbage = Garbage("garbage")
exits = Exits("exits")
raises = Raises("raises")
looks = Looks("looks")
connects = Connects("connects", reaches=(Reach(setting="address"),))
unreachable = Connects("unreachable")

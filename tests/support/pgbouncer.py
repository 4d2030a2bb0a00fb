"""PgBouncer before the test server, in transaction mode: whoever asks next gets the connection that is free."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import psycopg

from support.signin_server import free_port

CONFIGURATION = """
[databases]
* = host={host} port={server_port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = {connections}
auth_type = plain
auth_file = {passwords}
"""


@contextlib.contextmanager
def behind_pgbouncer(login_urls: Mapping[str, str], *, connections: int = 1) -> Iterator[dict[str, str]]:
    """Give the address of each login through a PgBouncer that has so many ``connections`` for each of them."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _served(login_urls, pathlib.Path(folder), connections)


def _served(login_urls: Mapping[str, str], folder: pathlib.Path, connections: int) -> Iterator[dict[str, str]]:
    port = free_port()
    server = urlsplit(next(iter(login_urls.values())))
    names = {name: urlsplit(url) for name, url in login_urls.items()}
    passwords, configuration = folder / "passwords", folder / "pgbouncer.ini"
    passwords.write_text("".join(f'"{url.username}" "{url.password}"\n' for url in names.values()))
    configuration.write_text(
        CONFIGURATION.format(
            connections=connections, host=server.hostname, server_port=server.port, port=port, passwords=passwords
        )
    )
    process = _start(configuration)
    through = {
        name: url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{port}").geturl()
        for name, url in names.items()
    }
    try:
        _wait_for(through["app"], process)
        yield through
    finally:
        process.terminate()
        process.wait(10)


def _start(configuration: pathlib.Path) -> "subprocess.Popen[bytes]":
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "pgbouncer is not here: make install-test"
    command = [program, "--quiet", str(configuration)]
    if os.geteuid() == 0:
        # It refuses to run as root.
        for path in (configuration.parent, *configuration.parent.iterdir()):
            shutil.chown(path, "nobody")
        command[1:1] = ["--user", "nobody"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        assert process.poll() is None, f"pgbouncer ended with {process.returncode}"
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, prepare_threshold=None):
            return
        time.sleep(0.1)
    raise AssertionError("pgbouncer does not answer")

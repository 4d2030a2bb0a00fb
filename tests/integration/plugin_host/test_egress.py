"""A plugin connects to what its manifest reaches, by whatever means, and to nothing else."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator

import pytest

from parley.plugin_host.limits import Limits
from parley.plugin_host.results import Failed, FailureKind, Ok
from support.plugin_supervisor import RunningSupervisor, failure

Serve = Callable[..., RunningSupervisor]


class ProviderSystem(http.server.BaseHTTPRequestHandler):
    """Answers every POST with the reference it was sent; 503 for one path, a redirect for another."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = {"/busy": 503, "/moved": 302, "/refuse": 403}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Retry-After", "7")
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(json.dumps({"id": f"THEIRS-{body['reference']}"}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@pytest.fixture
def system() -> Iterator[str]:
    """The address of a provider's system on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ProviderSystem)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_plugin_reaches_what_its_manifest_names(serve: Serve, system: str) -> None:
    running = serve("connects", limits=Limits(private_addresses=True))
    result = running.submit("connects", address=system)
    assert isinstance(result, Ok)
    assert result.value.provider_reference == "THEIRS-DER-2026-00001"
    assert isinstance(running.submit("connects", address=system, wish="by hand"), Ok)


def test_what_the_other_side_answers_decides_whether_to_try_again(serve: Serve, system: str) -> None:
    running = serve("connects", limits=Limits(private_addresses=True))
    busy = running.submit("connects", address=f"{system}/busy")
    assert failure(busy) == (FailureKind.RETRYABLE, "http_503")
    assert isinstance(busy, Failed)
    assert busy.after is not None
    assert busy.after.total_seconds() == 7
    assert failure(running.submit("connects", address=f"{system}/refuse")) == (FailureKind.PERMANENT, "http_403")
    assert failure(running.submit("connects", address=f"{system}/moved")) == (FailureKind.PERMANENT, "http_302")


def test_a_system_that_is_not_there_is_worth_another_try(serve: Serve) -> None:
    running = serve("connects", limits=Limits(private_addresses=True))
    assert failure(running.submit("connects", address="http://127.0.0.1:1")) == (FailureKind.RETRYABLE, "unreachable")


@pytest.mark.parametrize("wish", ["", "by hand"])
def test_a_plugin_reaches_nothing_that_its_manifest_does_not_name(serve: Serve, system: str, wish: str) -> None:
    running = serve("unreachable", limits=Limits(private_addresses=True))
    result = running.submit("unreachable", address=system, wish=wish)
    assert failure(result) == (FailureKind.PERMANENT, "not_allowed")


def test_a_plugin_reaches_no_private_address_where_they_are_refused(serve: Serve, system: str) -> None:
    result = serve("connects").submit("connects", address=system)
    assert failure(result) == (FailureKind.PERMANENT, "not_allowed")

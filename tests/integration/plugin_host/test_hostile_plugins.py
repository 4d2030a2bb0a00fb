"""A bad plugin costs nobody else anything: each test lets one misbehave and a steady one work beside it."""

import concurrent.futures
import pathlib
import time
from collections.abc import Callable

import psutil
import pytest

from parley.plugin_api.contracts import SubmissionReceipt
from parley.plugin_host.limits import Limits
from parley.plugin_host.results import Failed, FailureKind, HookResult, Ok
from support.plugin_supervisor import RunningSupervisor, failure

Serve = Callable[..., RunningSupervisor]

#: A warm call takes milliseconds; this leaves room for a busy machine and none for waiting on another plugin.
QUICK_SECONDS = 1.0


def beside(running: RunningSupervisor, plugin: str, **kwargs: object) -> HookResult:
    """Let ``plugin`` misbehave, hold meanwhile that another plugin answers quickly, and return what came of it."""
    running.submit("steady")
    with concurrent.futures.ThreadPoolExecutor() as threads:
        bad = threads.submit(running.submit, plugin, **kwargs)
        for _ in range(5):
            started = time.monotonic()
            assert isinstance(running.submit("steady"), Ok)
            assert time.monotonic() - started < QUICK_SECONDS
            time.sleep(0.1)
        return bad.result()


def test_a_plugin_that_never_returns_is_ended_at_the_deadline_alone(serve: Serve) -> None:
    running = serve("forever")
    started = time.monotonic()
    assert failure(beside(running, "forever", seconds=2.0, wish="hang")) == (FailureKind.TIMEOUT, "deadline")
    assert time.monotonic() - started < 5
    assert running.pids("forever") == {}
    assert "derby" in running.pids("steady")
    assert isinstance(running.submit("forever"), Ok), "the next call gets a new process at once"


def test_a_plugin_that_hangs_for_one_council_does_not_hold_up_another(serve: Serve) -> None:
    running = serve("forever")
    running.submit("forever", authority="staffordshire")
    with concurrent.futures.ThreadPoolExecutor() as threads:
        hung = threads.submit(running.submit, "forever", seconds=3.0, wish="hang")
        started = time.monotonic()
        assert isinstance(running.submit("forever", authority="staffordshire"), Ok)
        assert time.monotonic() - started < QUICK_SECONDS
        assert failure(hung.result()) == (FailureKind.TIMEOUT, "deadline")


def test_a_call_that_waits_behind_a_hung_one_gives_up_without_ending_it(serve: Serve) -> None:
    running = serve("forever")
    running.submit("forever")
    pid = running.pids("forever")["derby"]
    with concurrent.futures.ThreadPoolExecutor() as threads:
        hung = threads.submit(running.submit, "forever", seconds=3.0, wish="hang")
        time.sleep(0.3)
        assert failure(running.submit("forever", seconds=0.5)) == (FailureKind.TIMEOUT, "busy")
        assert psutil.pid_exists(pid)
        assert failure(hung.result()) == (FailureKind.TIMEOUT, "deadline")


def test_a_plugin_that_eats_memory_runs_out_of_its_own(serve: Serve) -> None:
    running = serve("memory", limits=Limits(memory_bytes=256 * 1024 * 1024))
    assert failure(beside(running, "memory")) == (FailureKind.PERMANENT, "out_of_memory")


def test_a_plugin_that_computes_without_end_is_ended_by_the_kernel(serve: Serve) -> None:
    running = serve("processor", limits=Limits(cpu_seconds_per_call=2))
    result = beside(running, "processor", seconds=30.0)
    assert failure(result) == (FailureKind.RETRYABLE, "process_died")
    assert isinstance(result, Failed)
    assert "SIGXCPU" in result.message


def test_a_plugin_cannot_start_a_process_or_signal_one(serve: Serve) -> None:
    running = serve("forks")
    result = beside(running, "forks")
    assert isinstance(result, Ok)
    assert result.value == SubmissionReceipt(provider_reference="")
    assert psutil.Process(running.pids("forks")["derby"]).children() == []


def test_a_plugin_cannot_write_a_file_or_read_one_that_is_not_its_own(serve: Serve, tmp_path: pathlib.Path) -> None:
    result = serve("files").submit("files", wish=str(tmp_path / "written"))
    assert isinstance(result, Ok)
    assert result.value == SubmissionReceipt(provider_reference="")
    assert list(tmp_path.iterdir()) == []


def test_a_plugin_that_prints_without_end_is_stopped(serve: Serve) -> None:
    running = serve("prints")
    assert failure(beside(running, "prints")) == (FailureKind.PERMANENT, "too_much_output")
    assert len([event for event, _ in running.logged if event == "plugin_output"]) <= Limits().logged_lines_per_call


def test_what_a_plugin_prints_or_says_is_redacted(serve: Serve) -> None:
    running = serve("tells")
    result = running.submit("tells", token="s3cret-token-value")
    running.submit("tells")
    assert isinstance(result, Failed)
    assert result.message == "[secret] [mailbox] [number]"
    shown = str(running.logged)
    assert "plugin_output" in shown
    for told in ("s3cret-token-value", "parent@example.org", "900123"):
        assert told not in shown


@pytest.mark.parametrize("wish", ["dict", "none", "number"])
def test_a_plugin_that_lies_about_its_types_breaks_the_contract_only(serve: Serve, wish: str) -> None:
    running = serve("lies")
    assert failure(running.submit("lies", wish=wish)) == (FailureKind.CONTRACT, "wrong_type")
    assert isinstance(running.submit("steady"), Ok)


def test_an_answer_that_is_too_long_breaks_the_contract(serve: Serve) -> None:
    assert failure(serve("lies").submit("lies", wish="huge")) == (FailureKind.CONTRACT, "too_large")


def test_a_plugin_that_writes_garbage_on_its_socket_is_ended(serve: Serve) -> None:
    running = serve("garbage")
    assert failure(beside(running, "garbage")) == (FailureKind.CONTRACT, "bad_answer")
    assert running.pids("garbage") == {}


def test_a_plugin_that_exits_may_be_called_again(serve: Serve) -> None:
    running = serve("exits")
    result = beside(running, "exits")
    assert failure(result) == (FailureKind.RETRYABLE, "process_died")
    assert isinstance(result, Failed)
    assert "exit status 3" in result.message


def test_a_plugin_that_keeps_dying_is_restarted_with_growing_patience(serve: Serve) -> None:
    running = serve("exits")
    codes = [running.submit("exits") for _ in range(4)]
    assert [failure(result)[1] for result in codes[:2]] == ["process_died", "process_died"]
    waiting = codes[2]
    assert failure(waiting) == (FailureKind.RETRYABLE, "restarting")
    assert isinstance(waiting, Failed)
    assert waiting.after is not None
    assert waiting.after.total_seconds() <= 0.5


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("retryable", (FailureKind.RETRYABLE, "their_system_down")),
        ("permanent", (FailureKind.PERMANENT, "refused")),
        ("error", (FailureKind.PERMANENT, "raised")),
        ("exit", (FailureKind.PERMANENT, "raised")),
    ],
)
def test_what_a_plugin_raises_comes_back_as_data(serve: Serve, wish: str, expected: tuple[FailureKind, str]) -> None:
    running = serve("raises")
    result = running.submit("raises", wish=wish)
    assert failure(result) == expected
    assert isinstance(result, Failed)
    assert "about a person" not in result.message
    assert set(running.pids("raises")) == {"derby"}, "an exception is no reason to end the process"


def test_a_plugin_sees_nothing_of_the_supervisors_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATABASE_URL_APP", "postgresql://secret")
    result = serve("looks").submit("looks")
    assert isinstance(result, Ok)
    assert "PARLEY" not in result.value.provider_reference
    assert "DATABASE" not in result.value.provider_reference

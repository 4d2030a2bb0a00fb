"""The gateway and the supervisor with plugins that behave, or that cannot be used at all."""

import asyncio
import concurrent.futures
import datetime as dt
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from parley.plugin_api.contracts import CancellationReceipt, CancelReason, ReferralReference
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.limits import Limits
from parley.plugin_host.results import CallRecord, Failed, FailureKind, HookResult, Ok, Unsupported
from parley.plugin_host.supervisor import AlreadyRunning, Supervisor
from support.plugin_supervisor import FIXTURES, RunningSupervisor, a_referral, target

#: Where a process started by hand finds Parley.
SOURCE = str(pathlib.Path(__file__).parents[3] / "platform")

Serve = Callable[..., RunningSupervisor]


def in_seconds(seconds: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)


def test_a_call_comes_back_typed_and_recorded_without_what_it_carried(serve: Serve) -> None:
    result = serve().submit("steady", token="s3cret-token-value")
    assert isinstance(result, Ok)
    assert result.call == CallRecord(
        authority="derby",
        plugin="steady",
        version="0.1",
        hook="provider_submit",
        api="1.0",
        result="ok",
        code="",
        duration_ms=result.call.duration_ms,
    )


def test_a_plugin_gets_only_what_its_manifest_declares(serve: Serve) -> None:
    result = serve().submit("steady")
    assert isinstance(result, Ok)
    assert result.value.provider_reference == "derby:DER-2026-00001:None", "the council's name is not declared"


def test_each_council_has_a_process_of_its_own(serve: Serve) -> None:
    running = serve()
    for authority in ("derby", "staffordshire", "derby"):
        result = running.submit("steady", authority=authority)
        assert isinstance(result, Ok)
        assert result.value.provider_reference.startswith(f"{authority}:")
    assert set(running.pids("steady")) == {"derby", "staffordshire"}


def test_an_optional_hook_that_is_absent_is_unsupported(serve: Serve) -> None:
    gateway = serve().gateway
    result = gateway.call_one(
        "steady", "provider_health", authority="derby", config={}, idempotency_key="k", deadline=in_seconds(10)
    )
    assert isinstance(result, Unsupported)
    assert result.call.result == "unsupported"


def test_a_referral_can_be_cancelled(serve: Serve) -> None:
    result = serve().gateway.call_one(
        "steady",
        "provider_cancel",
        authority="derby",
        config={},
        idempotency_key="k",
        deadline=in_seconds(10),
        reference=ReferralReference(referral_id=a_referral().referral_id),
        reason=CancelReason.DUPLICATE,
    )
    assert isinstance(result, Ok)
    assert result.value == CancellationReceipt()


def test_a_configuration_that_does_not_fit_never_reaches_the_plugin(serve: Serve) -> None:
    result = serve().submit("steady", no_such_key="x")
    assert isinstance(result, Failed)
    assert (result.kind, result.code) == (FailureKind.PERMANENT, "config_invalid")
    assert "no_such_key" in result.message


def test_arguments_that_are_not_the_hooks_are_a_mistake_of_ours() -> None:
    gateway = Gateway(pathlib.Path("/nonexistent"))
    with pytest.raises(TypeError, match="takes referral"):
        gateway.call_one(
            "steady", "provider_submit", authority="derby", config={}, idempotency_key="k", deadline=in_seconds(1)
        )
    with pytest.raises(TypeError, match="must be Referral"):
        gateway.call_one(
            "steady",
            "provider_submit",
            authority="derby",
            config={},
            idempotency_key="k",
            deadline=in_seconds(1),
            referral={"reference": "x"},
        )


def test_a_supervisor_that_does_not_run_is_worth_another_try(tmp_path: pathlib.Path) -> None:
    gateway = Gateway(tmp_path / "nobody.sock")
    result = gateway.call_one(
        "steady", "provider_health", authority="derby", config={}, idempotency_key="k", deadline=in_seconds(1)
    )
    assert isinstance(result, Failed)
    assert (result.kind, result.code) == (FailureKind.RETRYABLE, "supervisor_down")
    assert gateway.status() is None


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("broken", "broken_import:plugin", "packed without its parts"),
        ("absent", "no_such_module:plugin", "No module named"),
        ("a_class", "steady:Steady", "name an instance"),
        ("too_new", "steady:too_new", "api 1.9 does not load here"),
        ("other_major", "steady:other_major", "api 2.0 does not load here"),
        ("wrong_name", "steady:wrong_name", "differs from the entry point's name"),
        ("not_one", "os:path", "provider_manifest is required and missing"),
    ],
)
def test_a_plugin_that_cannot_be_used_is_quarantined_with_the_reason(
    serve: Serve, name: str, value: str, reason: str
) -> None:
    running = serve(targets=(target(name, value),))
    for result in (running.gateway.describe(name), running.submit(name)):
        assert isinstance(result, Failed)
        assert (result.kind, result.code) == (FailureKind.PERMANENT, "quarantined")
        assert reason in result.message
    assert isinstance(running.submit("steady"), Ok)


def test_a_plugin_that_never_finishes_loading_is_quarantined_and_holds_nobody_up(serve: Serve) -> None:
    running = serve(targets=(target("slow", "slow_import:plugin"),), limits=Limits(start_seconds=6.0))
    running.submit("steady")
    with concurrent.futures.ThreadPoolExecutor() as threads:
        slow = threads.submit(running.submit, "slow")
        assert isinstance(running.submit("steady", seconds=5.0), Ok)
        assert not slow.done()
        result = slow.result()
    assert isinstance(result, Failed)
    assert (result.kind, result.code) == (FailureKind.PERMANENT, "quarantined")
    assert "more than 6 seconds" in result.message
    assert running.pids("slow") == {}


def test_the_host_side_never_loads_a_plugin() -> None:
    script = (
        "import sys, parley.plugin_host.supervisor, parley.plugin_host.delivery, parley.plugin_host.jobs;"
        "print([name for name in sys.modules if 'global_mediation' in name or name == 'parley.plugin_host.loading'])"
    )
    printed = subprocess.check_output([sys.executable, "-c", script], env={"PYTHONPATH": SOURCE}, text=True)
    assert printed.strip() == "[]"


def test_a_plugin_that_is_not_installed_says_so(serve: Serve) -> None:
    result = serve().submit("nobody")
    assert isinstance(result, Failed)
    assert (result.kind, result.code) == (FailureKind.PERMANENT, "not_installed")


def test_a_description_holds_manifest_and_settings_as_json_schema(serve: Serve) -> None:
    result = serve().gateway.describe("steady")
    assert isinstance(result, Ok)
    assert result.value["manifest"]["slug"] == "steady"
    assert result.value["hooks"] == [
        "provider_cancel",
        "provider_config_schema",
        "provider_manifest",
        "provider_submit",
    ]
    schema = result.value["config_schema"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["token"]["writeOnly"] is True


def test_an_idle_process_is_ended_and_started_again_when_needed(serve: Serve) -> None:
    running = serve(limits=Limits(idle_seconds=0.2))
    running.submit("steady")
    ends = time.monotonic() + 10
    while running.pids("steady") and time.monotonic() < ends:
        time.sleep(0.05)
    assert running.pids("steady") == {}
    assert isinstance(running.submit("steady"), Ok)


def test_the_number_of_processes_is_bounded(serve: Serve) -> None:
    running = serve(limits=Limits(most_processes=2))
    for authority in ("derby", "staffordshire", "derbyshire"):
        assert isinstance(running.submit("steady", authority=authority), Ok)
    assert set(running.pids("steady")) == {"staffordshire", "derbyshire"}


def test_a_second_supervisor_on_one_socket_refuses_to_start(serve: Serve) -> None:
    first = serve()
    second = Supervisor((), socket_path=first.socket_path, log=lambda *_: None)
    with pytest.raises(AlreadyRunning):
        asyncio.run(second.serve(stop=asyncio.Event()))
    assert isinstance(first.submit("steady"), Ok)


def test_two_plugins_of_one_name_are_refused(tmp_path: pathlib.Path) -> None:
    twice = (target("steady", "steady:plugin"), target("steady", "steady:plugin"))
    with pytest.raises(ValueError, match="same name"):
        Supervisor(twice, socket_path=tmp_path / "s", log=lambda *_: None)


SUPERVISOR_ALONE = """
import asyncio, pathlib, sys
from parley.plugin_host.discovery import PluginTarget
from parley.plugin_host.supervisor import Supervisor

targets = [
    PluginTarget(name=name, value=value, distribution="fixtures", version="0.1", path=(sys.argv[2],))
    for name, value in (("steady", "steady:plugin"), ("forever", "hostile:forever"))
]

async def main():
    supervisor = Supervisor(targets, socket_path=pathlib.Path(sys.argv[1]), log=print)
    await supervisor.serve(stop=asyncio.Event(), ready=lambda: print("ready", flush=True))

asyncio.run(main())
"""


def test_plugin_processes_die_with_a_killed_supervisor_and_the_next_one_takes_over(tmp_path: pathlib.Path) -> None:
    command = [sys.executable, "-c", SUPERVISOR_ALONE, str(tmp_path / "plugins.sock"), FIXTURES]
    gateway = Gateway(tmp_path / "plugins.sock")

    def submit(plugin: str, **config: str) -> HookResult:
        return gateway.call_one(
            plugin,
            "provider_submit",
            authority="derby",
            config=config,
            idempotency_key="k",
            deadline=in_seconds(15),
            referral=a_referral(),
        )

    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": SOURCE}) as first:
        _wait_until_ready(first)
        submit("steady")
        with concurrent.futures.ThreadPoolExecutor() as threads:
            hung = threads.submit(submit, "forever", wish="hang")
            children = _wait_for_children(first.pid, 2)
            first.kill()
            result = hung.result()
        assert isinstance(result, Failed)
        assert (result.kind, result.code) == (FailureKind.RETRYABLE, "supervisor_down")
    psutil.wait_procs(children, timeout=5)
    assert not any(child.is_running() for child in children)
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": SOURCE}) as second:
        _wait_until_ready(second)
        assert isinstance(submit("steady"), Ok)
        second.kill()


def _wait_until_ready(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdout is not None
    assert b"ready\n" in iter(process.stdout.readline, b"")


def _wait_for_children(pid: int, count: int) -> list[psutil.Process]:
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        children = psutil.Process(pid).children()
        if len(children) >= count:
            return children
        time.sleep(0.05)
    raise AssertionError(f"fewer than {count} plugin processes started")

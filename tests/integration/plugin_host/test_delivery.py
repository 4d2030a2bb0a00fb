"""From a council's file to a recorded call: real database, real plugin processes."""

import datetime as dt
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from parley.audit.models import AuditEvent
from parley.db.scope import authority_scope, provider_scope
from parley.db.session import Database
from parley.jobs.domain import Attempt
from parley.kernel.clock import FixedClock
from parley.kernel.configuration import ConfigurationError
from parley.kernel.errors import NotFound
from parley.plugin_api.contracts import HealthState
from parley.plugin_host import jobs, queries, service
from parley.plugin_host.delivery import PluginDelivery
from parley.plugin_host.discovery import installed_targets
from parley.plugin_host.domain import BreakerState, EnabledPlugin, Waiting
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.models import PluginCall
from parley.plugin_host.results import Failed, FailureKind, HookResult, Ok
from parley.plugin_host.settings import FILE_NAME, PROVIDERS_FOLDER, check_settings
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.factories import OPERATOR, Factory
from support.plugin_supervisor import RunningSupervisor, a_referral

Serve = Callable[..., RunningSupervisor]


class Council:
    """A council with a provider, a file, and the plugins of one supervisor."""

    def __init__(self, make: Factory, database: Database, gateway: Gateway, folder: pathlib.Path) -> None:
        self.authority: Authority = make.authority()
        self.provider: ProviderOrganisation = make.provider()
        self.scope = authority_scope(self.authority.id)
        self.environ = {"STEADY_TOKEN": "s3cret-token-value"}
        # The deadline is real time, because a real process is ended at it.
        self.clock = FixedClock(dt.datetime.now(dt.UTC))
        self.database = database
        self.gateway = gateway
        self.folder = folder / self.authority.slug
        self.folder.mkdir()
        (folder / PROVIDERS_FOLDER).mkdir(exist_ok=True)
        (folder / PROVIDERS_FOLDER / f"{self.provider.slug}.toml").touch()

    def enable(self, plugin: str, *, state: str = "live", config: str = "") -> None:
        """Write a file that names ``plugin`` alone, and load it."""
        self.load(f'[{plugin}]\nstate = "{state}"\nprovider = "{self.provider.slug}"\n[{plugin}.config]\n{config}\n')

    def load(self, text: str) -> None:
        (self.folder / FILE_NAME).write_text(text)
        checked = check_settings(
            self.folder / FILE_NAME, self.gateway, authority=self.authority.slug, environ=self.environ
        )
        with self.database.begin(self.scope) as session:
            service.apply_settings(
                session, actor=OPERATOR, at=self.clock.now(), authority_id=self.authority.id, checked=checked
            )

    def delivery(self) -> PluginDelivery:
        return PluginDelivery(self.database, self.gateway, self.clock, self.environ)

    def submit(self, plugin: str) -> HookResult | Waiting:
        return self.delivery().deliver(
            plugin,
            "provider_submit",
            authority_id=self.authority.id,
            authority=self.authority.slug,
            idempotency_key="key-1",
            within=dt.timedelta(seconds=20),
            referral=a_referral(),
        )

    def enabled(self) -> EnabledPlugin:
        with self.database.begin(self.scope) as session:
            (found,) = queries.enabled_plugins(session, self.authority.id)
            return found

    def calls(self) -> list[PluginCall]:
        with self.database.begin(self.scope) as session:
            return list(session.scalars(select(PluginCall).order_by(PluginCall.id)))

    def audited(self) -> list[tuple[str, dict[str, Any]]]:
        with self.database.begin(self.scope) as session:
            rows = session.scalars(select(AuditEvent).where(AuditEvent.subject == "plugin").order_by(AuditEvent.id))
            return [(row.action, row.codes) for row in rows]

    def stop(self, plugin: str) -> None:
        with self.database.begin(self.scope) as session:
            service.suspend(session, actor=OPERATOR, at=self.clock.now(), authority_id=self.authority.id, plugin=plugin)

    def resume(self, plugin: str) -> None:
        with self.database.begin(self.scope) as session:
            service.resume(session, actor=OPERATOR, at=self.clock.now(), authority_id=self.authority.id, plugin=plugin)


@pytest.fixture
def council(make: Factory, database: Database, tmp_path: pathlib.Path) -> Callable[[RunningSupervisor], Council]:
    return lambda running: Council(make, database, running.gateway, tmp_path)


MakeCouncil = Callable[[RunningSupervisor], Council]


def test_global_mediation_is_enabled_and_answers_with_a_notice_to_mail(serve: Serve, council: MakeCouncil) -> None:
    derby = council(serve(targets=installed_targets()))
    derby.enable("global_mediation", config='mailbox = "sen@globalmediation.co.uk"')
    enabled = derby.enabled()
    assert (enabled.plugin, enabled.version, enabled.provider_id) == ("global_mediation", "1.0.0", derby.provider.id)
    with derby.database.begin(derby.scope) as session:
        assert queries.plugin_for_provider(session, derby.authority.id, derby.provider.id) == enabled
    result = derby.submit("global_mediation")
    assert isinstance(result, Ok)
    assert result.value.notice.mailbox == "sen@globalmediation.co.uk"
    (call,) = derby.calls()
    assert (call.plugin, call.version, call.hook, call.api, call.result, call.code) == (
        "global_mediation",
        "1.0.0",
        "provider_submit",
        "1.0",
        "ok",
        "",
    )


def test_a_secret_reaches_the_plugin_and_never_the_database(serve: Serve, council: MakeCouncil, admin_url: str) -> None:
    anyshire = council(serve("tells"))
    anyshire.enable("tells", config='token = { env = "STEADY_TOKEN" }')
    result = anyshire.submit("tells")
    assert isinstance(result, Failed)
    assert result.message.startswith("[secret]"), "the plugin had it, and told"
    stored = [dict(anyshire.enabled().config), *(vars(call) for call in anyshire.calls())]
    assert "s3cret-token-value" not in str(stored)


def test_a_secret_that_is_gone_is_said_by_name_and_can_be_mended(serve: Serve, council: MakeCouncil) -> None:
    anyshire = council(serve())
    anyshire.enable("steady", config='token = { env = "STEADY_TOKEN" }')
    anyshire.environ.clear()
    result = anyshire.submit("steady")
    assert isinstance(result, Failed)
    assert (result.kind, result.code) == (FailureKind.RETRYABLE, "secret_missing")
    assert result.message == "STEADY_TOKEN is not in the environment"


def test_the_plugin_gets_what_the_council_agreed_to_even_if_it_asks_for_more_now(
    serve: Serve, council: MakeCouncil
) -> None:
    anyshire = council(serve())
    anyshire.enable("steady")
    with anyshire.database.begin(anyshire.scope) as session:
        row = queries.enablement_for_update(session, anyshire.authority.id, "steady")
        assert row is not None
        row.manifest = {**row.manifest, "data_shared": []}
        session.commit()
    result = anyshire.submit("steady")
    assert isinstance(result, Ok)
    assert result.value.provider_reference == f"{anyshire.authority.slug}:None:None"


def test_a_configuration_that_the_plugin_refuses_changes_nothing(serve: Serve, council: MakeCouncil) -> None:
    derby = council(serve(targets=installed_targets()))
    derby.enable("global_mediation", config='mailbox = "sen@globalmediation.co.uk"')
    before = derby.enabled()
    with pytest.raises(ConfigurationError, match=r"global_mediation\.config\.mailbox: found 'x@example\.org'"):
        derby.enable("global_mediation", config='mailbox = "x@example.org"')
    with pytest.raises(ConfigurationError, match="a file name in tenants/providers"):
        derby.load('[global_mediation]\nstate="live"\nprovider="nobody"\nconfig={mailbox="sen@globalmediation.co.uk"}')
    assert derby.enabled() == before


def test_loading_again_audits_what_changed_and_nothing_else(serve: Serve, council: MakeCouncil) -> None:
    anyshire = council(serve())
    for state in ("live", "live", "suspended"):
        anyshire.enable("steady", state=state)
    anyshire.load("")
    anyshire.load("")
    assert anyshire.audited() == [
        ("plugin.enable", {"plugin": "steady", "version": "0.1", "state": "live"}),
        ("plugin.enable", {"plugin": "steady", "version": "0.1", "state": "suspended"}),
        ("plugin.remove", {"plugin": "steady", "version": "0.1"}),
    ]


def test_a_plugin_that_is_not_enabled_or_removed_cannot_be_called(serve: Serve, council: MakeCouncil) -> None:
    anyshire = council(serve())
    with pytest.raises(NotFound):
        anyshire.submit("steady")
    anyshire.enable("steady")
    anyshire.load("")
    with pytest.raises(NotFound):
        anyshire.submit("steady")
    assert anyshire.calls() == []


def test_calls_wait_while_an_operator_has_stopped_it_and_a_reload_does_not_start_it(
    serve: Serve, council: MakeCouncil
) -> None:
    anyshire = council(serve())
    anyshire.enable("steady")
    anyshire.stop("steady")
    anyshire.stop("steady")
    anyshire.enable("steady")
    assert anyshire.submit("steady") == Waiting(code="suspended", after=service.SUSPENDED_WAIT)
    assert anyshire.calls() == []
    anyshire.resume("steady")
    anyshire.resume("steady")
    assert isinstance(anyshire.submit("steady"), Ok)
    assert [action for action, _ in anyshire.audited()] == ["plugin.enable", "plugin.suspend", "plugin.resume"]


def test_calls_wait_while_the_councils_file_suspends_it(serve: Serve, council: MakeCouncil) -> None:
    anyshire = council(serve())
    anyshire.enable("steady", state="suspended")
    assert isinstance(anyshire.submit("steady"), Waiting)
    anyshire.enable("steady")
    assert isinstance(anyshire.submit("steady"), Ok)


def test_a_failing_plugin_is_left_alone_and_one_probe_brings_it_back(serve: Serve, council: MakeCouncil) -> None:
    running = serve("raises")
    anyshire, otherham = council(running), council(running)
    anyshire.enable("raises", config='wish = "retryable"')
    for _ in range(5):
        assert isinstance(anyshire.submit("raises"), Failed)
    waiting = anyshire.submit("raises")
    assert isinstance(waiting, Waiting)
    assert waiting.code == "breaker_open"
    assert len(anyshire.calls()) == 5
    otherham.enable("raises", config='wish = "permanent"')
    assert isinstance(otherham.submit("raises"), Failed), "another council's breaker is its own"
    anyshire.clock.advance(waiting.after)
    anyshire.enable("raises", config='wish = "permanent"')
    probe = anyshire.submit("raises")
    assert isinstance(probe, Failed)
    assert probe.kind is FailureKind.PERMANENT, "an answer, if a no: the other side is back"
    assert anyshire.enabled().breaker.state is BreakerState.CLOSED


def test_a_supervisor_that_is_down_opens_no_breaker(serve: Serve, council: MakeCouncil) -> None:
    running = serve()
    anyshire = council(running)
    anyshire.enable("steady")
    anyshire.gateway = Gateway(running.socket_path.with_name("nobody.sock"))
    for _ in range(6):
        result = anyshire.submit("steady")
        assert isinstance(result, Failed)
        assert result.code == "supervisor_down"
    assert anyshire.enabled().breaker.state is BreakerState.CLOSED


def test_health_is_asked_of_every_councils_plugins_and_kept(serve: Serve, council: MakeCouncil) -> None:
    derby = council(serve(targets=installed_targets()))
    derby.enable("global_mediation", config='mailbox = "sen@globalmediation.co.uk"')
    task, _ = jobs.tasks(derby.database, derby.clock, derby.delivery(), calls_kept=dt.timedelta(days=90))
    task.run(Attempt(number=1, is_last=False))
    enabled = derby.enabled()
    assert enabled.health is not None
    assert enabled.health.state is HealthState.OK
    assert enabled.health_at == derby.clock.now()


def test_another_council_and_the_provider_see_nothing_of_it(
    serve: Serve, council: MakeCouncil, database: Database
) -> None:
    running = serve()
    anyshire, otherham = council(running), council(running)
    anyshire.enable("steady")
    anyshire.submit("steady")
    assert len(anyshire.calls()) == 1
    assert otherham.calls() == []
    with database.begin(otherham.scope) as session:
        assert queries.enabled_plugins(session, anyshire.authority.id) == []
    with database.begin(provider_scope(anyshire.provider.id)) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("SELECT * FROM plugin_enablement"))

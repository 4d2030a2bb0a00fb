"""The operators' page: counts, states and errors, each with its next step, and never a case."""

import datetime as dt
import pathlib
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import ProgrammingError

from parley.access.domain import Role
from parley.app import create_app
from parley.casework.models import Case
from parley.db.keys import Vault
from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database, engine_for
from parley.identity import looking
from parley.identity.domain import SignInKind
from parley.jobs.service import enqueue
from parley.kernel.clock import FixedClock
from parley.notifications.domain import Trouble
from parley.notifications.service import count_trouble
from parley.plugin_host.domain import BreakerState
from parley.plugin_host.models import PluginEnablement
from parley.policy.loading import document_of
from parley.policy.service import apply_policy
from parley.tenancy import service as tenancy
from parley.tenancy.domain import SHARED_FILES
from support.database import logins_of
from support.deployment import deployment
from support.factories import COMPARTMENT_KEY, MASTER_KEY, NOW, OPERATOR, Factory
from support.family import Served, served_council, words
from support.policies import small_text
from support.signed_in import sign_in
from support.staff import told_case
from support.statements import statements_of

URL = "http://operator.localhost:8000"


@pytest.fixture
def urls(own_database: str) -> dict[str, str]:
    """A database of the test's own, so that counts are its own too."""
    return logins_of(own_database)


@pytest.fixture
def make(urls: dict[str, str]) -> Iterator[Factory]:
    """What makes things in it."""
    engines = {login: engine_for(url) for login, url in urls.items() if login != "owner"}
    database = Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY))
    with database.begin(platform_scope()) as session:
        tenancy.ensure_platform_key(session, NOW)
    yield Factory(database)
    database.dispose()


@pytest.fixture
def client(tmp_path: pathlib.Path, urls: dict[str, str], make: Factory) -> Iterator[FlaskClient]:
    """An operator's browser, signed in."""
    app = create_app(deployment(tmp_path, urls), clock=FixedClock(NOW))
    app.testing = True
    client = app.test_client()
    sign_in(client, make, platform_scope(), SignInKind.OPERATOR, Role.OPERATOR, host="operator.localhost", name="Op")
    yield client
    app.extensions["parley"].database.dispose()


def page(client: FlaskClient) -> str:
    answer = client.get("/", base_url=URL)
    assert answer.status_code == 200
    return words(answer)


def test_it_shows_each_council_its_policy_and_its_provider(client: FlaskClient, council: Served, make: Factory) -> None:
    served_council(make, "derbyshire", name="Derbyshire County Council")
    text = page(client)
    assert "Derby City Council Live Policy version 1, in force since 1 January 2026 Provider: Global Mediation" in text
    assert "Derbyshire County Council Live" in text
    assert "requests cannot be sent, families are signposted" in text


def test_a_council_without_a_policy_is_a_finding_with_its_next_step(client: FlaskClient, make: Factory) -> None:
    make.authority(name="Rutland County Council")
    text = page(client)
    assert "Rutland County Council has no policy in force" in text
    assert "parley authority load" in text


def test_files_that_were_kept_out_are_told_with_what_is_wrong(client: FlaskClient, make: Factory) -> None:
    line = "derby/policy.toml:12: areas.kind: found 'sorted'; allowed: one of: listed, open, none"
    with make.database.begin(platform_scope()) as session:
        tenancy.keep_file_troubles(session, at=NOW, troubles={"derby": [line], SHARED_FILES: ["regions"]})
    text = page(client)
    assert "The files of derby have problems. What was loaded before stays" in text
    assert "found 'sorted'; allowed: one of: listed, open, none" in text
    assert "Files that councils share have problems" in text


def test_a_sign_in_that_needs_mending_is_told_with_what_was_found(client: FlaskClient, make: Factory) -> None:
    trouble = "staff, client secret: ends on 01 December 2026, in 7 days. Get another."
    with make.database.begin(platform_scope(Login.WORKER)) as session:
        looking.keep(session, {"derby": [trouble], "rutland": []}, NOW)
    text = page(client)
    assert "The sign-in of derby has something to mend" in text
    assert trouble in text
    assert "parley signin check derby" in text
    assert "The sign-in of rutland" not in text


def test_a_version_that_waits_for_a_second_person_is_a_finding(
    client: FlaskClient, council: Served, make: Factory
) -> None:
    document = document_of(small_text(), file="policy.toml")
    with make.database.begin(platform_scope()) as session:
        applied = apply_policy(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=council.authority.id,
            document=document,
            reason="the page changed",
            file="policy.toml",
            author="operator1",
            needs_second_person=True,
        )
    text = page(client)
    assert f"Version {applied.number} of the rules of Derby City Council waits for a second person" in text
    assert f"parley policy approve {council.authority.slug} {applied.number}" in text
    assert "Policy version 1, in force" in text


def test_jobs_are_counted_and_a_missing_worker_is_said(client: FlaskClient, council: Served, make: Factory) -> None:
    with make.database.begin(authority_scope(council.authority.id)) as session:
        enqueue(session, "casework.deliver_referral", case_id=uuid.uuid4())
        session.commit()
    text = page(client)
    assert "No worker is alive." in text
    assert "Jobs waiting 1" in text


def test_failed_jobs_are_named_by_task_alone(
    client: FlaskClient, council: Served, make: Factory, own_database: str
) -> None:
    secret = uuid.uuid4()
    with make.database.begin(authority_scope(council.authority.id)) as session:
        enqueue(session, "notifications.send", notification_id=secret)
        session.commit()
    with psycopg.connect(own_database) as admin:
        # As a worker's own login does it: by the queue's own trigger, which looks for its types on the path.
        admin.execute("SET search_path TO jobs")
        admin.execute("UPDATE jobs.procrastinate_jobs SET status = 'doing'")
        admin.execute("UPDATE jobs.procrastinate_jobs SET status = 'failed'")
    text = page(client)
    assert "notifications.send (1)" in text
    assert str(secret) not in text


def test_jobs_that_nobody_takes_are_said_to_be_late(
    client: FlaskClient, council: Served, make: Factory, own_database: str
) -> None:
    with make.database.begin(authority_scope(council.authority.id)) as session:
        enqueue(session, "casework.deliver_referral", case_id=uuid.uuid4())
        session.commit()
    with psycopg.connect(own_database) as admin:
        admin.execute("UPDATE jobs.procrastinate_events SET at = %s", (NOW - dt.timedelta(minutes=9),))
        admin.execute("INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (%s)", (NOW,))
    text = page(client)
    assert "Jobs that are due are not taken." in text
    assert "Oldest that is due 24 November 2026 at 9:51am" in text


def test_troubles_are_counted_by_council(client: FlaskClient, council: Served, make: Factory) -> None:
    scope = authority_scope(council.authority.id, login=Login.WORKER)
    with make.database.begin(scope) as session:
        count_trouble(session, council.authority.id, Trouble.MAIL_FAILED, NOW)
        count_trouble(session, council.authority.id, Trouble.CLOCK_MISSED, NOW)
        count_trouble(session, council.authority.id, Trouble.CLOCK_MISSED, NOW - dt.timedelta(days=6))
        count_trouble(session, council.authority.id, Trouble.CLOCK_MISSED, NOW - dt.timedelta(days=7))
        session.commit()
    text = page(client)
    assert "2 dates missed 1 mail failed" in text
    assert "mail could not be delivered for good (1)" in text


@pytest.mark.parametrize(
    ("columns", "said", "command"),
    [
        ({"suspended_at": NOW}, "is stopped for Derby City Council by an operator", "parley plugins resume"),
        ({"state": "suspended"}, "is suspended in Derby City Council’s own file", "parley authority load"),
        (
            {"breaker_state": BreakerState.OPEN, "breaker_until": NOW + dt.timedelta(minutes=2)},
            "fails for Derby City Council and is given rest",
            "parley plugins list",
        ),
    ],
)
def test_a_plugin_that_is_not_called_says_why_and_what_to_do(
    client: FlaskClient, council: Served, make: Factory, columns: dict[str, object], said: str, command: str
) -> None:
    _enable(make, council, **columns)
    text = page(client)
    assert said in text
    assert command in text


def test_when_all_is_well_it_says_so(client: FlaskClient, council: Served, make: Factory, own_database: str) -> None:
    _enable(make, council)
    with psycopg.connect(own_database) as admin:
        admin.execute("INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (%s)", (NOW,))
    text = page(client)
    assert "Nothing needs attention" in text
    assert "global_mediation 1.0.0: called" in text


def test_no_case_is_on_it(client: FlaskClient, council: Served, make: Factory) -> None:
    case = told_case(make, council)
    answer = client.get("/", base_url=URL).text
    for private in (case.reference, case.child_name, str(case.id), "Ash Marsh"):
        assert private not in answer


def test_it_asks_with_the_operators_login_alone_which_cannot_read_a_case_or_a_plugins_settings(
    client: FlaskClient, council: Served, make: Factory
) -> None:
    _enable(make, council)
    database = client.application.extensions["parley"].database
    page(client)
    with statements_of(database, Login.APP, Login.PROVIDER, Login.COMPARTMENT, Login.WORKER) as elsewhere:
        page(client)
    assert elsewhere == []
    for column in (Case.id, PluginEnablement.config, PluginEnablement.id):
        with database.begin(platform_scope()) as session, pytest.raises(ProgrammingError, match="permission denied"):
            session.query(column).all()


def test_nobody_else_opens_it(client: FlaskClient, make: Factory) -> None:
    client.delete_cookie("parley", domain="operator.localhost")
    answer = client.get("/", base_url=URL)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
    sign_in(client, make, platform_scope(), SignInKind.OPERATOR, Role.COORDINATOR, host="operator.localhost", name="Op")
    assert client.get("/", base_url=URL).status_code == 403


def _enable(make: Factory, council: Served, **columns: object) -> None:
    assert council.provider is not None
    with make.database.begin(authority_scope(council.authority.id)) as session:
        session.add(
            PluginEnablement(
                **{
                    "authority_id": council.authority.id,
                    "plugin": "global_mediation",
                    "provider_id": council.provider.id,
                    "state": "live",
                    "version": "1.0.0",
                    "config": {"mailbox": {"env": "SECRET"}},
                    "manifest": {},
                    "config_schema": {},
                    "enabled_at": NOW,
                    "changed_at": NOW,
                    "breaker_state": BreakerState.CLOSED,
                    "breaker_recent": "",
                    "breaker_rests": 0,
                    **columns,
                }
            )
        )
        session.commit()

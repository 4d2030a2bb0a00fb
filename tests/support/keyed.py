"""A deployment with a case and an officer whose keys are changed by commands, in processes of their own."""

import pathlib
import subprocess

import psycopg
from click.testing import CliRunner

from parley.app import create_app
from parley.cli.key_checks import key_files, keys_in_use
from parley.cli.keys import keys
from parley.compartment.domain import MessageChannel
from parley.compartment.service import send_message
from parley.db.keys import Ring, key_id, read_master_keys
from parley.db.scope import Side, compartment_scope, platform_scope
from parley.db.session import Database
from parley.kernel.clock import SystemClock
from parley.kernel.ids import new_id
from parley.tenancy.service import ensure_platform_key
from support.database import logins_of
from support.deployment import deployment, environment_of
from support.factories import Factory, MadeCase
from support.family import served_council
from support.running import COMMAND
from support.served import Visitor, clean_environment
from support.staff import Officer, told_case


class KeyedDeployment:
    """A council with a case and an officer, in a database of its own, and commands that stand before it."""

    def __init__(self, folder: pathlib.Path, admin_url: str) -> None:
        self.admin_url = admin_url
        self.settings = deployment(folder, logins_of(admin_url))
        self.environ = environment_of(self.settings)
        # Another process than those that serve: it wraps what is new.
        self.app = create_app(self.settings)
        self.database: Database = self.app.extensions["parley"].database
        with self.database.begin(platform_scope()) as session:
            ensure_platform_key(session, SystemClock().now())
        self.make = Factory(self.database, SystemClock())
        self.council = served_council(self.make)
        self.officer = Officer(self.app.test_client(), self.council)
        self.officer.sign_in(self.make)

    def case(self, words: str) -> MadeCase:
        """Make a case in which the council's thread has these words."""
        case = told_case(self.make, self.council)
        scope = compartment_scope(
            case.authority.id, case.authority.id, case.id, side=Side.COUNCIL, person_id=self.officer.identity_id
        )
        with self.database.begin(scope) as session:
            channel = MessageChannel.COUNCIL_PROVIDER
            actor, now = self.officer.actor, SystemClock().now()
            send_message(session, actor=actor, at=now, channel=channel, body=words)
        return case

    def plant_case_keys(self, count: int) -> None:
        """Put keys of cases into the database, as many as a council has after years."""
        vault, council = self.database.vaults[Ring.COMPARTMENT], self.council.authority.id
        keys = (vault.new_wrapped_key() for _ in range(count))
        with psycopg.connect(self.admin_url) as admin, admin.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO compartment.case_key (authority_id, case_id, wrapped, wrapped_by, created_at)"
                " VALUES (%s, %s, %s, %s, now())",
                [(council, new_id(), key.wrapped, key.by) for key in keys],
            )

    def visitor(self, port: int) -> Visitor:
        """The officer's browser before a gunicorn."""
        host = self.council.authority.host
        cookie = self.officer.client.get_cookie("parley", domain=host)
        assert cookie
        return Visitor(port=port, host=host, cookie=cookie.value)

    def keys(self, *arguments: str, code: int = 0, answer: str | None = None) -> str:
        """Run ``parley keys``, ``answer`` being typed; return what it printed."""
        done = CliRunner().invoke(keys, arguments, env=self.environ, input=answer)
        assert done.exit_code == code, done.output
        return done.output

    def rotate(self, ring: str) -> str:
        """Run ``parley keys rotate`` in a process of its own; return what it printed."""
        command, environ = rotating(ring), clean_environment() | self.environ
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True).stdout

    def ids(self, ring: str) -> list[str]:
        """The ids of the keys in a ring's file, the newest first."""
        path = self.settings.master_key_file if ring == Ring.MASTER else self.settings.compartment_key_file
        return [key_id(key) for key in read_master_keys(path)]

    def doctor(self) -> dict[str, str]:
        """What ``parley doctor`` says of keys, and what to do where something is to be done."""
        found = [*key_files(self.settings), *keys_in_use(self.settings)]
        return {finding.part: finding.next_step or finding.found for finding in found}


def rotating(ring: str) -> list[str]:
    """Return the command that puts the newest master key of a ring in its place."""
    return [*COMMAND, "keys", "rotate", ring, "--reason", "Yearly", "--yes"]


def page_of(case: MadeCase) -> str:
    """Return the page with the council's messages about a case."""
    return f"/council/cases/{case.id}/messages"

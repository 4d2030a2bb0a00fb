"""A deployment whose tenants folder is a copy to break, with a database of its own."""

import dataclasses
import pathlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from parley.app import create_app
from parley.cli.plugins import plugins_at_hand
from parley.db.scope import authority_scope, platform_scope
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.policy.queries import current_policy
from parley.settings import Settings
from parley.tenancy import queries
from parley.tenancy.domain import Authority
from parley.tenants.loading import Loader
from support.database import logins_of, migrated_database
from support.deployment import deployment, environment_of
from support.factories import NOW
from support.policies import TENANTS

TODAY = NOW.date()


@dataclasses.dataclass
class Deployed:
    """A database of its own, and a copy of the tenants folder to break."""

    settings: Settings
    app: Flask

    @property
    def database(self) -> Database:
        return self.app.extensions["parley"].database

    def write(self, path: str, old: str, new: str) -> None:
        """Replace a piece of a file, which has to be there."""
        file = self.settings.tenants / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def load(self) -> list[ConfigurationProblem]:
        """Load the folder; return what was wrong."""
        with plugins_at_hand(self.settings) as gateway:
            loader = Loader(database=self.database, settings=self.settings, clock=FixedClock(NOW), gateway=gateway)
            try:
                list(loader.load())
            except ConfigurationError as error:
                return list(error.problems)
        return []

    def council(self, slug: str) -> Authority | None:
        with self.database.begin(platform_scope()) as session:
            return queries.authority_by_slug(session, slug)

    def version(self, slug: str) -> int:
        """The number of the council's policy version in force."""
        council = self.council(slug)
        assert council is not None
        with self.database.begin(authority_scope(council.id)) as session:
            return current_policy(session, council.id, TODAY).number

    def troubles(self) -> dict[str, tuple[str, ...]]:
        """What operators are told."""
        with self.database.begin(platform_scope()) as session:
            return {trouble.slug: trouble.problems for trouble in queries.file_troubles(session)}

    def environ(self) -> dict[str, str]:
        """The environment in which a command finds this deployment."""
        return environment_of(self.settings)


@contextmanager
def deployed_councils(database_server: str, folder: pathlib.Path) -> Iterator[Deployed]:
    """Give a database and a copy of the tenants folder; nothing is loaded yet."""
    with migrated_database(database_server) as admin:
        tenants = folder / "tenants"
        shutil.copytree(TENANTS, tenants)
        settings = dataclasses.replace(deployment(folder, logins_of(admin)), tenants=tenants)
        app = create_app(settings, clock=FixedClock(NOW))
        app.testing = True
        try:
            yield Deployed(settings, app)
        finally:
            app.extensions["parley"].database.dispose()

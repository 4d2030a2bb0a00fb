"""Bringing the database in line with the tenants folder. A broken file stops nobody but those it is about."""

import dataclasses
import os
import pathlib
import uuid
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from functools import partial
from typing import Any

from parley.db.scope import Scope, authority_scope, platform_scope, provider_scope
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.identity.schemas import ParsedSignIn, parse_sign_in_section
from parley.identity.service import load_sign_in_config
from parley.kernel.clock import Clock, london_date
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.kernel.toml_lines import key_lines, line_of
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.service import apply_settings
from parley.plugin_host.settings import FILE_NAME as PROVIDERS_FILE
from parley.plugin_host.settings import check_settings
from parley.policy.regions import read_region
from parley.policy.service import apply_policy
from parley.settings import Settings
from parley.tenancy import queries, schemas, service
from parley.tenancy.domain import SHARED_FILES, Authority
from parley.tenants.applying import PLATFORM_ACTOR, commission, loaded_names
from parley.tenants.commissioning import Shared
from parley.tenants.files import (
    COUNCIL_FILE,
    POLICY_FILE,
    CouncilFiles,
    Gathering,
    council_folders,
    read_council,
    told_later,
)

Troubles = dict[str, list[ConfigurationProblem]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Loader:
    """Loads the files of one tenants folder. ``gateway`` reaches the plugins, which check their own settings."""

    database: Database
    settings: Settings
    clock: Clock
    gateway: Gateway

    def load(self) -> Iterator[str]:
        """Load every file; yield a line for each thing loaded.

        What a broken file is about (a council, a provider, a region) keeps what was loaded before and does not stop
        the others. Operators are told on their page until a later load goes well. When all is done, ConfigurationError
        is raised with the problems of every file.
        """
        troubles: Troubles = {}
        folders = council_folders(self.settings.tenants)
        shared = yield from self._load_shared(troubles)
        for folder in folders:
            try:
                self._load_council(folder, shared)
            except ConfigurationError as error:
                troubles.setdefault(folder.name, []).extend(error.problems)
                yield f"council {folder.name}: kept as it was, its files have problems"
            else:
                yield f"council {folder.name}"
        with self.database.begin(platform_scope()) as session:
            told = {slug: [told_later(problem) for problem in problems] for slug, problems in troubles.items()}
            service.keep_file_troubles(session, at=self.clock.now(), troubles=told)
        if troubles:
            raise ConfigurationError(problem for problems in troubles.values() for problem in problems)

    def _load_shared(self, troubles: Troubles) -> Generator[str, None, Shared]:
        """Load the platform's sign-in, the regions with their frameworks, and the providers; return their ids."""
        tenants = self.settings.tenants
        with self.database.begin(platform_scope()) as session:
            service.ensure_platform_key(session, self.clock.now())
            shared = loaded_names(session)
        for path in sorted((tenants / "regions").glob("*.toml")):
            yield self._one(f"region {path.stem}", troubles, partial(self._load_region, path, shared))
        yield self._one("sign-in of operators", troubles, self._load_platform)
        for path in sorted((tenants / "providers").glob("*.toml")):
            yield self._one(f"provider {path.stem}", troubles, partial(self._load_provider, path, shared))
        return shared

    def _one(self, what: str, troubles: Troubles, load: Callable[[], None]) -> str:
        """Load something that councils share; say how it went."""
        try:
            load()
        except ConfigurationError as error:
            troubles.setdefault(SHARED_FILES, []).extend(error.problems)
            return f"{what}: kept as it was, its file has problems"
        return what

    def _load_region(self, path: pathlib.Path, shared: Shared) -> None:
        region = read_region(path)
        with self.database.begin(platform_scope()) as session:
            region_id = service.save_region(session, slug=path.stem, name=region.name)
        shared.regions[path.stem] = region_id
        for framework in region.frameworks:
            with self.database.begin(platform_scope()) as session:
                shared.frameworks[framework.slug] = service.save_framework(
                    session, region_id=region_id, framework=framework
                )

    def _load_platform(self) -> None:
        doors = self._section(self.settings.tenants / "platform.toml", SignInKind.OPERATOR)
        self._load_sign_in(platform_scope(), doors)

    def _load_provider(self, path: pathlib.Path, shared: Shared) -> None:
        content = schemas.parse(path, schemas.ProviderSchema())
        doors = self._section(path, SignInKind.PROVIDER)
        with self.database.begin(platform_scope()) as session:
            provider_id = service.save_provider(
                session, actor=PLATFORM_ACTOR, at=self.clock.now(), slug=path.stem, content=content
            )
        self._load_sign_in(provider_scope(provider_id), doors)
        shared.providers[path.stem] = provider_id

    def _load_council(self, folder: pathlib.Path, shared: Shared) -> None:
        """Read and check all of a council's files before the first of them changes anything."""
        found = Gathering()
        files = found.of(
            lambda: read_council(folder, shared=shared.names, demo_signin_port=self.settings.demo_signin_port)
        )
        plugins = found.of(
            lambda: check_settings(folder / PROVIDERS_FILE, self.gateway, authority=folder.name, environ=os.environ)
        )
        with self.database.begin(platform_scope()) as session:
            others = [council for council in queries.directory(session) if council.slug != folder.name]
        if files is not None:
            found.problems += _taken(folder / COUNCIL_FILE, files.content, others)
        if found.problems or files is None or plugins is None:
            raise ConfigurationError(found.problems)
        authority_id = self._save(folder, files, shared.regions)
        self._load_sign_in(authority_scope(authority_id), files.doors)
        commission(self.database, authority_id, london_date(self.clock.now()))
        with self.database.begin(authority_scope(authority_id)) as session:
            apply_settings(
                session, actor=PLATFORM_ACTOR, at=self.clock.now(), authority_id=authority_id, checked=plugins
            )

    def _save(self, folder: pathlib.Path, files: CouncilFiles, regions: Mapping[str, uuid.UUID]) -> uuid.UUID:
        """Save who the council is and its policy; return its id."""
        with self.database.begin(platform_scope()) as session:
            authority_id = service.save_authority(
                session,
                actor=PLATFORM_ACTOR,
                at=self.clock.now(),
                slug=folder.name,
                content=files.content,
                region_id=regions[files.content["region"]],
                hosts=[*files.content["hosts"], f"{folder.name}.{self.settings.base_domain}"],
            )
            apply_policy(
                session,
                actor=PLATFORM_ACTOR,
                at=self.clock.now(),
                authority_id=authority_id,
                document=files.document,
                reason="Loaded from the tenants folder.",
                file=str(folder / POLICY_FILE),
                needs_second_person=files.content["policy_second_person"],
            )
        return authority_id

    def _section(self, path: pathlib.Path, kind: SignInKind) -> tuple[ParsedSignIn, ...]:
        return parse_sign_in_section(path, kind, demo_signin_port=self.settings.demo_signin_port)

    def _load_sign_in(self, scope: Scope, doors: tuple[ParsedSignIn, ...]) -> None:
        with self.database.begin(scope) as session:
            load_sign_in_config(
                session, realm_id=scope.realm_id, parsed=doors, actor=PLATFORM_ACTOR, at=self.clock.now()
            )


def _taken(
    path: pathlib.Path, content: Mapping[str, Any], others: Collection[Authority]
) -> Iterator[ConfigurationProblem]:
    """Yield a problem for each thing that may be one council's alone and is another's."""
    for other in others:
        for key, theirs in (("gss_code", other.gss_code), ("reference_prefix", other.reference_prefix)):
            if content[key] == theirs:
                yield _of_another(path, key, theirs, other)
        for host in sorted(set(content["hosts"]) & set(other.hosts)):
            yield _of_another(path, "hosts", host, other)


def _of_another(path: pathlib.Path, key: str, value: str, other: Authority) -> ConfigurationProblem:
    allowed = f"It is {other.name}’s ({other.slug}); each council has its own."
    line = line_of((key,), key_lines(path.read_text(encoding="utf-8")))
    return ConfigurationProblem(file=str(path), key=key, found=repr(value), allowed=allowed, line=line)

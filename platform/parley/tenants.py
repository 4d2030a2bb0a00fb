"""Bringing the database in line with the tenants folder: each capability reads its own file of a council."""

import dataclasses
import os
import pathlib
import uuid
from collections.abc import Generator, Iterator

from parley.access.domain import Realm, RealmKind, system_actor
from parley.db.scope import PLATFORM_REALM, Scope, authority_scope, platform_scope, provider_scope
from parley.db.session import Database
from parley.identity.domain import SignInKind
from parley.identity.schemas import ParsedSignIn, parse_sign_in, parse_sign_in_section
from parley.identity.service import load_sign_in_config
from parley.kernel.clock import Clock, london_date
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.service import apply_settings
from parley.plugin_host.settings import FILE_NAME as PROVIDERS_FILE
from parley.plugin_host.settings import check_settings
from parley.policy.domain import ContactKind
from parley.policy.loading import Document, checked_document, policy_from_document
from parley.policy.service import apply_policy
from parley.settings import Settings
from parley.tenancy import schemas, service
from parley.tenancy.domain import Service, WantedCommission

PLATFORM_ACTOR = system_actor(Realm(kind=RealmKind.PLATFORM, id=PLATFORM_REALM))
POLICY_FILE = "policy.toml"
NOT_COUNCILS = frozenset({"regions", "providers"})


Ids = dict[str, uuid.UUID]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Loader:
    """Loads the files of one tenants folder. ``gateway`` reaches the plugins, which check their own settings."""

    database: Database
    settings: Settings
    clock: Clock
    gateway: Gateway

    def load(self) -> Iterator[str]:
        """Load every file; yield a line for each thing loaded.

        A council whose files are broken keeps what was loaded before and does not stop the others: when all is done,
        ConfigurationError is raised with the problems of every file.
        """
        problems: list[ConfigurationProblem] = []
        regions, providers = yield from self._load_shared()
        for folder in council_folders(self.settings.tenants):
            try:
                self._load_council(folder, regions, providers)
            except ConfigurationError as error:
                problems += error.problems
                yield f"council {folder.name}: kept as it was, its files have problems"
            else:
                yield f"council {folder.name}"
        if problems:
            raise ConfigurationError(problems)

    def _load_shared(self) -> Generator[str, None, tuple[Ids, Ids]]:
        """Load the platform's sign-in, the regions and the providers; return the ids of both by slug."""
        tenants = self.settings.tenants
        regions: Ids = {}
        providers: Ids = {}
        with self.database.begin(platform_scope()) as session:
            service.ensure_platform_key(session, self.clock.now())
            for path in sorted((tenants / "regions").glob("*.toml")):
                content = schemas.parse(path, schemas.RegionSchema())
                regions[path.stem] = service.save_region(session, slug=path.stem, name=content["name"])
                yield f"region {path.stem}"
        self._load_sign_in(platform_scope(), self._section(tenants / "platform.toml", SignInKind.OPERATOR))
        for path in sorted((tenants / "providers").glob("*.toml")):
            providers[path.stem] = self._load_provider(path)
            yield f"provider {path.stem}"
        return regions, providers

    def _load_provider(self, path: pathlib.Path) -> uuid.UUID:
        content = schemas.parse(path, schemas.ProviderSchema())
        doors = self._section(path, SignInKind.PROVIDER)
        with self.database.begin(platform_scope()) as session:
            provider_id = service.save_provider(
                session, actor=PLATFORM_ACTOR, at=self.clock.now(), slug=path.stem, content=content
            )
        self._load_sign_in(provider_scope(provider_id), doors)
        return provider_id

    def _load_council(self, folder: pathlib.Path, regions: Ids, providers: Ids) -> None:
        """Read and check all of a council's files before the first of them changes anything."""
        path = folder / "council.toml"
        schemas.require_slug(folder, folder.name)
        content = schemas.parse(path, schemas.CouncilSchema())
        if content["region"] not in regions:
            allowed = f"Allowed: a file name in tenants/regions, that is {', '.join(sorted(regions))}."
            problem = ConfigurationProblem(file=str(path), key="region", found=repr(content["region"]), allowed=allowed)
            raise ConfigurationError([problem])
        document = checked_document(folder / POLICY_FILE)
        commissions = _commissions(folder / POLICY_FILE, document, providers)
        doors = parse_sign_in(folder / "signin.toml", demo_signin_port=self.settings.demo_signin_port)
        plugins = check_settings(folder / PROVIDERS_FILE, self.gateway, authority=folder.name, environ=os.environ)
        with self.database.begin(platform_scope()) as session:
            authority_id = service.save_authority(
                session,
                actor=PLATFORM_ACTOR,
                at=self.clock.now(),
                slug=folder.name,
                content=content,
                region_id=regions[content["region"]],
                hosts=[*content["hosts"], f"{folder.name}.{self.settings.base_domain}"],
            )
            apply_policy(
                session,
                actor=PLATFORM_ACTOR,
                at=self.clock.now(),
                authority_id=authority_id,
                document=document,
                reason="Loaded from the tenants folder.",
                file=str(folder / POLICY_FILE),
            )
        self._load_sign_in(authority_scope(authority_id), doors)
        with self.database.begin(authority_scope(authority_id)) as session:
            service.set_commissions(
                session, authority_id=authority_id, wanted=commissions, on=london_date(self.clock.now())
            )
            apply_settings(
                session, actor=PLATFORM_ACTOR, at=self.clock.now(), authority_id=authority_id, checked=plugins
            )

    def _section(self, path: pathlib.Path, kind: SignInKind) -> tuple[ParsedSignIn, ...]:
        return parse_sign_in_section(path, kind, demo_signin_port=self.settings.demo_signin_port)

    def _load_sign_in(self, scope: Scope, doors: tuple[ParsedSignIn, ...]) -> None:
        with self.database.begin(scope) as session:
            load_sign_in_config(
                session, realm_id=scope.realm_id, parsed=doors, actor=PLATFORM_ACTOR, at=self.clock.now()
            )


def _commissions(path: pathlib.Path, document: Document, providers: Ids) -> list[WantedCommission]:
    """Return who provides what, as far as the policy evidences it: a provider nobody published is commissioned by
    nobody here, and an advice service that also mediates does not work here. Raises ConfigurationError for a provider
    that has no file.
    """
    policy = policy_from_document(document, authority=path.parent.name, file=str(path))
    wanted = [
        (kind, contact.key)
        for kind in Service
        for contact in policy.providers_of(kind)
        if contact.kind is ContactKind.PROVIDER
    ]
    problems = [
        ConfigurationProblem(
            file=str(path),
            key=f"services.{kind.value}.providers",
            found=repr(slug),
            allowed=f"Allowed: a file name in tenants/providers, that is {', '.join(sorted(providers))}.",
        )
        for kind, slug in wanted
        if slug not in providers
    ]
    if problems:
        raise ConfigurationError(problems)
    return [
        WantedCommission(service=kind, provider_id=providers[slug], starts_on=term.begins, ends_on=term.ends)
        for kind, slug in wanted
        for term in [policy.services[kind].term(slug)]
    ]


def council_folders(tenants: pathlib.Path) -> list[pathlib.Path]:
    """Return the folders of councils, by name."""
    return sorted(path for path in tenants.iterdir() if path.is_dir() and path.name not in NOT_COUNCILS)

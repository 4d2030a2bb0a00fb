"""Bringing the database in line with the tenants folder."""

import pathlib
import uuid
from collections.abc import Iterator

from parley.access.domain import Realm, RealmKind, system_actor
from parley.db.scope import PLATFORM_REALM, platform_scope
from parley.db.session import Database
from parley.kernel.clock import Clock
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.settings import Settings
from parley.tenancy import schemas, service

PLATFORM_ACTOR = system_actor(Realm(kind=RealmKind.PLATFORM, id=PLATFORM_REALM))
NOT_COUNCILS = frozenset({"regions", "providers"})


def load_tenants(database: Database, settings: Settings, clock: Clock) -> Iterator[str]:
    """Load every file of the tenants folder; yield a line for each thing loaded.

    A council whose files are broken keeps what was loaded before and does not stop the others: when all is done,
    ConfigurationError is raised with the problems of every file.
    """
    problems: list[ConfigurationProblem] = []
    regions: dict[str, uuid.UUID] = {}
    with database.begin(platform_scope()) as session:
        service.ensure_platform_key(session, clock.now())
        for path in sorted((settings.tenants / "regions").glob("*.toml")):
            content = schemas.parse(path, schemas.RegionSchema())
            regions[path.stem] = service.save_region(session, slug=path.stem, name=content["name"])
            yield f"region {path.stem}"
        for path in sorted((settings.tenants / "providers").glob("*.toml")):
            content = schemas.parse(path, schemas.ProviderSchema())
            service.save_provider(session, actor=PLATFORM_ACTOR, at=clock.now(), slug=path.stem, content=content)
            yield f"provider {path.stem}"
    for folder in council_folders(settings.tenants):
        try:
            _load_council(database, settings, clock, folder, regions)
        except ConfigurationError as error:
            problems += error.problems
            yield f"council {folder.name}: kept as it was, its files have problems"
        else:
            yield f"council {folder.name}"
    if problems:
        raise ConfigurationError(problems)


def council_folders(tenants: pathlib.Path) -> list[pathlib.Path]:
    """Return the folders of councils, by name."""
    return sorted(path for path in tenants.iterdir() if path.is_dir() and path.name not in NOT_COUNCILS)


def _load_council(
    database: Database, settings: Settings, clock: Clock, folder: pathlib.Path, regions: dict[str, uuid.UUID]
) -> None:
    path = folder / "council.toml"
    schemas.require_slug(folder, folder.name)
    content = schemas.parse(path, schemas.CouncilSchema())
    if content["region"] not in regions:
        allowed = f"Allowed: a file name in tenants/regions, that is {', '.join(sorted(regions))}."
        problem = ConfigurationProblem(file=str(path), key="region", found=repr(content["region"]), allowed=allowed)
        raise ConfigurationError([problem])
    with database.begin(platform_scope()) as session:
        service.save_authority(
            session,
            actor=PLATFORM_ACTOR,
            at=clock.now(),
            slug=folder.name,
            content=content,
            region_id=regions[content["region"]],
            hosts=[*content["hosts"], f"{folder.name}.{settings.base_domain}"],
        )

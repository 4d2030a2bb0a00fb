"""Reading a council's files, each by the capability it belongs to, and saying everything that is wrong with them."""

import contextlib
import dataclasses
import pathlib
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from parley.identity.schemas import ParsedSignIn, parse_sign_in
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.kernel.toml_lines import key_lines, line_of
from parley.policy.domain import ContactKind, Policy
from parley.policy.loading import Document, checked_document, policy_from_document
from parley.policy.regions import read_region
from parley.settings import SettingsError
from parley.tenancy import schemas
from parley.tenancy.domain import CommissionTerms, Service

COUNCIL_FILE = "council.toml"
POLICY_FILE = "policy.toml"
SIGN_IN_FILE = "signin.toml"
NOT_COUNCILS = frozenset({"regions", "providers"})

#: Files in which somebody may have put a secret by mistake: what was found in them is shown to nobody later.
MAY_HOLD_SECRETS = frozenset({SIGN_IN_FILE, "providers.toml", "platform.toml"})

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Commissioned:
    """A provider (a file name in ``providers/``) that a council's policy evidences for a service, and on what terms."""

    service: Service
    provider: str
    terms: CommissionTerms


@dataclasses.dataclass(frozen=True, kw_only=True)
class SharedNames:
    """What a council's files may name of what councils share: file names, and the frameworks within regions' files."""

    regions: frozenset[str]
    frameworks: frozenset[str]
    providers: frozenset[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilFiles:
    """What a council's files say, checked: nothing of it is in the database yet."""

    content: dict[str, Any]
    document: Document
    commissioned: tuple[Commissioned, ...]
    doors: tuple[ParsedSignIn, ...]


@dataclasses.dataclass
class Gathering:
    """Goes on reading after a problem, so that all of them are told at once."""

    problems: list[ConfigurationProblem] = dataclasses.field(default_factory=list)

    def of(self, read: Callable[[], T]) -> T | None:
        """Return what ``read`` returns; None, with its problems kept, where it raises ConfigurationError."""
        try:
            return read()
        except ConfigurationError as error:
            self.problems += error.problems
            return None


def council_folders(tenants: pathlib.Path) -> list[pathlib.Path]:
    """Return the folders of councils, by name. Raises SettingsError where there is no such folder."""
    if not tenants.is_dir():
        raise SettingsError(f"PARLEY_TENANTS: {tenants} is no folder. It holds councils, regions/ and providers/.")
    return sorted(path for path in tenants.iterdir() if path.is_dir() and path.name not in NOT_COUNCILS)


def shared_names(tenants: pathlib.Path) -> SharedNames:
    """Return the names of what councils share. A region whose file is broken has no frameworks as long as it is."""
    regions, providers = sorted((tenants / "regions").glob("*.toml")), (tenants / "providers").glob("*.toml")
    frameworks: set[str] = set()
    for path in regions:
        with contextlib.suppress(ConfigurationError):
            frameworks |= {framework.slug for framework in read_region(path).frameworks}
    return SharedNames(
        regions=frozenset(path.stem for path in regions),
        frameworks=frozenset(frameworks),
        providers=frozenset(path.stem for path in providers),
    )


def read_council(folder: pathlib.Path, *, shared: SharedNames, demo_signin_port: int) -> CouncilFiles:
    """Return what the files in ``folder`` say. Raises ConfigurationError with every problem of every file."""
    found = Gathering()
    found.of(lambda: schemas.require_slug(folder, folder.name))
    content = found.of(lambda: _content(folder / COUNCIL_FILE, shared.regions))
    document = found.of(lambda: checked_document(folder / POLICY_FILE))
    commissioned: tuple[Commissioned, ...] = ()
    if document is not None:
        policy = policy_from_document(document, authority=folder.name, file=str(folder / POLICY_FILE))
        commissioned = _commissioned(policy)
        found.problems += _unknown_names(folder / POLICY_FILE, policy, commissioned, shared)
    doors = found.of(lambda: parse_sign_in(folder / SIGN_IN_FILE, demo_signin_port=demo_signin_port))
    if found.problems or content is None or document is None or doors is None:
        raise ConfigurationError(found.problems)
    return CouncilFiles(content=content, document=document, commissioned=commissioned, doors=doors)


def told_later(problem: ConfigurationProblem) -> str:
    """Return a problem as a page or a log may keep it: without what was found where that may be a secret."""
    path = pathlib.Path(problem.file)
    if path.name in MAY_HOLD_SECRETS or path.parent.name == "providers":
        problem = dataclasses.replace(problem, found="something that is not repeated here")
    return str(problem)


def _content(path: pathlib.Path, regions: Collection[str]) -> dict[str, Any]:
    content = schemas.parse(path, schemas.CouncilSchema())
    if content["region"] not in regions:
        raise ConfigurationError(
            [_unknown(path, ("region",), content["region"], "a file name in tenants/regions", regions)]
        )
    return content


def _commissioned(policy: Policy) -> tuple[Commissioned, ...]:
    """Return who provides what, as far as the policy evidences it: a provider nobody published is commissioned by
    nobody here, and an advice service that also mediates does not work here.
    """
    return tuple(
        Commissioned(service=kind, provider=contact.key, terms=policy.services[kind].terms(contact.key))
        for kind in Service
        for contact in policy.providers_of(kind)
        if contact.kind is ContactKind.PROVIDER
    )


def _unknown_names(
    path: pathlib.Path, policy: Policy, commissioned: Collection[Commissioned], shared: SharedNames
) -> Iterator[ConfigurationProblem]:
    """Yield a problem for each thing beside the councils' folders that the policy names and that is not there."""
    for one in commissioned:
        if one.provider not in shared.providers:
            key = ("services", one.service.value, "providers")
            yield _unknown(path, key, one.provider, "a file name in tenants/providers", shared.providers)
    for kind, entry in policy.services.items():
        if entry.framework.value is not None and entry.framework.value not in shared.frameworks:
            key = ("services", kind.value, "framework")
            yield _unknown(path, key, entry.framework.value, "a framework of tenants/regions", shared.frameworks)


def _unknown(
    path: pathlib.Path, key: tuple[str, ...], found: str, what: str, names: Collection[str]
) -> ConfigurationProblem:
    return ConfigurationProblem(
        file=str(path),
        key=".".join(key),
        found=repr(found),
        allowed=f"Allowed: {what}, that is {', '.join(sorted(names))}.",
        line=line_of(key, key_lines(path.read_text(encoding="utf-8"))),
    )

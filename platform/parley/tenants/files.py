"""Reading a council's files, each by the capability it belongs to, and saying everything that is wrong with them."""

import dataclasses
import pathlib
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from parley.identity.schemas import ParsedSignIn, parse_sign_in
from parley.kernel.configuration import ConfigurationError, ConfigurationProblem
from parley.kernel.toml_lines import key_lines, line_of
from parley.policy.domain import ContactKind, Policy
from parley.policy.loading import Document, checked_document, policy_from_document
from parley.policy.records.services import Term
from parley.tenancy import schemas
from parley.tenancy.domain import Service

COUNCIL_FILE = "council.toml"
POLICY_FILE = "policy.toml"
SIGN_IN_FILE = "signin.toml"
NOT_COUNCILS = frozenset({"regions", "providers"})

#: Files in which somebody may have put a secret by mistake: what was found in them is shown to nobody later.
MAY_HOLD_SECRETS = frozenset({SIGN_IN_FILE, "providers.toml", "platform.toml"})

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Commissioned:
    """A provider (a file name in ``providers/``) that a council's policy evidences for a service, and its term."""

    service: Service
    provider: str
    term: Term


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
    """Return the folders of councils, by name."""
    return sorted(path for path in tenants.iterdir() if path.is_dir() and path.name not in NOT_COUNCILS)


def shared_names(tenants: pathlib.Path, folder: str) -> frozenset[str]:
    """Return the names of what councils share: ``regions`` or ``providers``."""
    return frozenset(path.stem for path in (tenants / folder).glob("*.toml"))


def read_council(
    folder: pathlib.Path, *, regions: Collection[str], providers: Collection[str], demo_signin_port: int
) -> CouncilFiles:
    """Return what the files in ``folder`` say. Raises ConfigurationError with every problem of every file."""
    found = Gathering()
    found.of(lambda: schemas.require_slug(folder, folder.name))
    content = found.of(lambda: _content(folder / COUNCIL_FILE, regions))
    document = found.of(lambda: checked_document(folder / POLICY_FILE))
    commissioned: tuple[Commissioned, ...] = ()
    if document is not None:
        policy = policy_from_document(document, authority=folder.name, file=str(folder / POLICY_FILE))
        commissioned = _commissioned(policy)
        found.problems += _unknown_names(folder / POLICY_FILE, policy, commissioned, regions, providers)
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
        raise ConfigurationError([_unknown(path, ("region",), content["region"], "regions", regions)])
    return content


def _commissioned(policy: Policy) -> tuple[Commissioned, ...]:
    """Return who provides what, as far as the policy evidences it: a provider nobody published is commissioned by
    nobody here, and an advice service that also mediates does not work here.
    """
    return tuple(
        Commissioned(service=kind, provider=contact.key, term=policy.services[kind].term(contact.key))
        for kind in Service
        for contact in policy.providers_of(kind)
        if contact.kind is ContactKind.PROVIDER
    )


def _unknown_names(
    path: pathlib.Path,
    policy: Policy,
    commissioned: Collection[Commissioned],
    regions: Collection[str],
    providers: Collection[str],
) -> Iterator[ConfigurationProblem]:
    """Yield a problem for each file beside the councils' folders that the policy names and that is not there."""
    for one in commissioned:
        if one.provider not in providers:
            yield _unknown(path, ("services", one.service.value, "providers"), one.provider, "providers", providers)
    for kind, entry in policy.services.items():
        if entry.framework.value is not None and entry.framework.value not in regions:
            yield _unknown(path, ("services", kind.value, "framework"), entry.framework.value, "regions", regions)


def _unknown(
    path: pathlib.Path, key: tuple[str, ...], found: str, folder: str, names: Collection[str]
) -> ConfigurationProblem:
    return ConfigurationProblem(
        file=str(path),
        key=".".join(key),
        found=repr(found),
        allowed=f"Allowed: a file name in tenants/{folder}, that is {', '.join(sorted(names))}.",
        line=line_of(key, key_lines(path.read_text(encoding="utf-8"))),
    )

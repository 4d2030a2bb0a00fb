"""Actors, roles and permissions: the one table, and the marks that views carry."""

import dataclasses
import enum
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "__parley_access__"


class RealmKind(enum.StrEnum):
    """What an identity belongs to."""

    AUTHORITY = "authority"
    PROVIDER = "provider"
    PLATFORM = "platform"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Realm:
    """Where an identity lives: one council, one provider, or the platform."""

    kind: RealmKind
    id: uuid.UUID


class Role(enum.StrEnum):
    """What a signed-in person is here for."""

    FAMILY = "family"
    OFFICER = "officer"
    TEAM_MANAGER = "team_manager"
    COMMISSIONER = "commissioner"
    REGION_COMMISSIONER = "region_commissioner"
    """Of the council that leads what its region commissions together."""
    COORDINATOR = "coordinator"
    MEDIATOR = "mediator"
    PROVIDER_ADMINISTRATOR = "provider_administrator"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    INVITED = "invited"
    OPERATOR = "operator"


class Permission(enum.StrEnum):
    """What a page or an operation lets a person do. What they see within it depends on the case besides."""

    FAMILY_ASK = "family.ask"
    """Make a request and follow one's own."""
    COUNCIL_ENTER = "council.enter"
    """Come in by the door of the council's staff; what lies behind it depends on the other permissions."""
    CASE_READ_OPEN = "case.read_open"
    """Read the open side of the council's cases."""
    CASE_ANSWER = "case.answer"
    """Answer for the council: agree, decline, hold, name who decides."""
    CASE_ASSIGN = "case.assign"
    """Give a case to an officer, or take it over."""
    CASE_PLACE = "case.place"
    """Say which provider takes a request that none could take; of the request its reference is shown."""
    CONTRACT_END = "contract.end"
    """Record that a contract with a provider ends early, and see to the cases that this leaves there."""
    RETENTION_READ = "retention.read"
    """Read what of the council's own records goes when, and what a legal hold keeps."""
    MEASURES_READ = "measures.read"
    """Read counts and times; never a case."""
    REGION_MEASURES_READ = "region_measures.read"
    """Read the counts and times of every council of the region; never a case."""
    WORKLIST_READ = "worklist.read"
    """See the provider's list over all councils that commission it."""
    CASE_COORDINATE = "case.coordinate"
    """Acknowledge, ask, signpost, tell the council, arrange."""
    CASE_CONFIDE = "case.confide"
    """Read and write the private messages between the provider and a side of a case."""
    CASE_ENTER = "case.enter"
    """Enter a request for a caller."""
    CASE_MEDIATE = "case.mediate"
    """Hold the meeting, write notes in the compartment, record the outcome."""
    PROVIDER_ADMINISTER = "provider.administer"
    """See what is late at one's own provider."""
    MEMBERS_ADMINISTER = "members.administer"
    """Invite colleagues, say what each may do, and end their access."""
    CONCERN_RAISE = "concern.raise"
    """Write a concern for somebody's safety into the provider's log, and not read it back."""
    CONCERN_READ = "concern.read"
    """Read the provider's log of concerns: its named safeguarding lead."""
    INVITATION_ANSWER = "invitation.answer"
    """Answer one invitation and see one case's open side."""
    PLATFORM_OPERATE = "platform.operate"
    """See counts, states and errors of the platform."""


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FAMILY: frozenset({Permission.FAMILY_ASK}),
    Role.OFFICER: frozenset(
        {
            Permission.COUNCIL_ENTER,
            Permission.CASE_READ_OPEN,
            Permission.CASE_ANSWER,
            Permission.CASE_ASSIGN,
            Permission.CASE_PLACE,
        }
    ),
    Role.TEAM_MANAGER: frozenset(
        {
            Permission.COUNCIL_ENTER,
            Permission.CASE_READ_OPEN,
            Permission.CASE_ANSWER,
            Permission.CASE_ASSIGN,
            Permission.CASE_PLACE,
            Permission.CONTRACT_END,
            Permission.RETENTION_READ,
            Permission.MEASURES_READ,
        }
    ),
    Role.COMMISSIONER: frozenset({Permission.COUNCIL_ENTER, Permission.MEASURES_READ}),
    Role.REGION_COMMISSIONER: frozenset({Permission.COUNCIL_ENTER, Permission.REGION_MEASURES_READ}),
    Role.COORDINATOR: frozenset(
        {
            Permission.WORKLIST_READ,
            Permission.CASE_COORDINATE,
            Permission.CASE_CONFIDE,
            Permission.CASE_ENTER,
            Permission.CONCERN_RAISE,
        }
    ),
    Role.MEDIATOR: frozenset(
        {Permission.WORKLIST_READ, Permission.CASE_CONFIDE, Permission.CASE_MEDIATE, Permission.CONCERN_RAISE}
    ),
    Role.PROVIDER_ADMINISTRATOR: frozenset(
        {
            Permission.WORKLIST_READ,
            Permission.PROVIDER_ADMINISTER,
            Permission.MEMBERS_ADMINISTER,
            Permission.CONCERN_RAISE,
        }
    ),
    Role.SAFEGUARDING_LEAD: frozenset({Permission.WORKLIST_READ, Permission.CONCERN_RAISE, Permission.CONCERN_READ}),
    Role.INVITED: frozenset({Permission.INVITATION_ANSWER}),
    Role.OPERATOR: frozenset({Permission.PLATFORM_OPERATE}),
}


class ActorKind(enum.StrEnum):
    """What acted."""

    PERSON = "person"
    MACHINE = "machine"
    SYSTEM = "system"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it. ``identity_id`` is the person's or client's identity in ``realm``; None for the system itself."""

    kind: ActorKind
    realm: Realm
    identity_id: uuid.UUID | None = None
    roles: frozenset[Role] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Tell whether any of the actor's roles carries ``permission``."""
        return any(permission in PERMISSIONS[role] for role in self.roles)


def system_actor(realm: Realm) -> Actor:
    """Return the actor of work that Parley does by itself (a job, a clock) for ``realm``."""
    return Actor(kind=ActorKind.SYSTEM, realm=realm)


class Fresh(enum.StrEnum):
    """What somebody has to prove anew who they are for, where they did so too long ago."""

    CONFIDENTIAL = "confidential"
    """To read what is said in confidence."""
    DOWNLOAD = "download"
    """To take a file away."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccessMark:
    """What a view says of itself: the permission it needs, or why anybody may open it.

    ``fresh`` says that the person must have proved who they are of late, and what for.
    """

    permission: Permission | None = None
    public_because: str | None = None
    fresh: Fresh | None = None


def requires(permission: Permission, *, fresh: Fresh | None = None) -> Callable[[View], View]:
    """Mark a view as open to signed-in people whose role carries ``permission``; the web layer enforces it.

    With ``fresh``, only to those who proved of late who they are: others do so first, and come back.
    """

    def mark(view: View) -> View:
        setattr(view, _MARK, AccessMark(permission=permission, fresh=fresh))
        return view

    return mark


def public(because: str) -> Callable[[View], View]:
    """Mark a view as open to anybody, saying why; the list of such views is short and tested."""

    def mark(view: View) -> View:
        setattr(view, _MARK, AccessMark(public_because=because))
        return view

    return mark


def access_mark(view: Callable[..., Any]) -> AccessMark | None:
    """Return the view's mark, or None for a view that nobody decided about (which is never served)."""
    mark = getattr(view, _MARK, None)
    return mark if isinstance(mark, AccessMark) else None

"""Making a council's file its newest policy version, and commissioning whom its versions name from when they hold."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy.orm import Session

from parley.access.domain import Realm, RealmKind, system_actor
from parley.db.scope import PLATFORM_REALM, authority_scope, platform_scope
from parley.db.session import Database
from parley.kernel.errors import NotFound
from parley.policy.comparing import Change, changes
from parley.policy.queries import VersionRow, versions, versions_to_come
from parley.policy.service import AppliedPolicy, apply_policy, approve_policy
from parley.settings import Settings
from parley.tenancy import queries, service
from parley.tenancy.domain import Authority, AuthorityState
from parley.tenants.commissioning import Shared, spans
from parley.tenants.files import POLICY_FILE, CouncilFiles, read_council, shared_names

PLATFORM_ACTOR = system_actor(Realm(kind=RealmKind.PLATFORM, id=PLATFORM_REALM))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Draft:
    """A council's files as they stand, beside its newest version."""

    council: Authority
    files: CouncilFiles
    newest: VersionRow | None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the file says otherwise than the newest version."""
        return changes(self.newest.document if self.newest else {}, self.files.document)


def council_called(database: Database, slug: str) -> Authority:
    """Return a council that was loaded. Raises NotFound."""
    with database.begin(platform_scope()) as session:
        council = queries.authority_by_slug(session, slug)
    if council is None:
        raise NotFound(
            f"No council called {slug} is loaded. `parley authority load` loads the folder.", code="no-council"
        )
    return council


def versions_of(database: Database, slug: str) -> list[VersionRow]:
    """Return every version of a council's rules, the newest first. Raises NotFound for a council that is not loaded."""
    council = council_called(database, slug)
    with database.begin(platform_scope()) as session:
        return versions(session, council.id)


def draft_of(database: Database, settings: Settings, slug: str) -> Draft:
    """Return a council's files, checked, beside its newest version. Raises ConfigurationError, NotFound."""
    council = council_called(database, slug)
    files = read_council(
        settings.tenants / slug,
        shared=shared_names(settings.tenants),
        demo_signin_port=settings.demo_signin_port,
    )
    newest = next(iter(versions_of(database, slug)), None)
    return Draft(council=council, files=files, newest=newest)


def apply_draft(
    database: Database, draft: Draft, *, at: dt.datetime, today: dt.date, author: str, reason: str, since: dt.date
) -> AppliedPolicy:
    """Make the draft the newest version, which holds from ``since`` on, and commission whom it names from then on."""
    with database.begin(platform_scope()) as session:
        applied = apply_policy(
            session,
            actor=PLATFORM_ACTOR,
            at=at,
            authority_id=draft.council.id,
            document=draft.files.document,
            reason=reason,
            file=str(POLICY_FILE),
            effective_from=since,
            author=author,
            needs_second_person=bool(draft.files.content["policy_second_person"]),
        )
    commission(database, draft.council.id, today)
    return applied


def approve(database: Database, slug: str, number: int, *, at: dt.datetime, today: dt.date, approver: str) -> None:
    """Give a second person's yes to a version, and commission whom it names. Raises NotFound, Conflict."""
    council = council_called(database, slug)
    with database.begin(platform_scope()) as session:
        approve_policy(session, actor=PLATFORM_ACTOR, at=at, authority_id=council.id, number=number, approver=approver)
    commission(database, council.id, today)


def commission(database: Database, authority_id: uuid.UUID, today: dt.date) -> None:
    """Commission whom the version that holds and those to come name, each from when it holds.

    A closed council commissions nobody. Whoever has its cases keeps them: a commission says who may be sent a new one.
    """
    with database.begin(platform_scope()) as session:
        is_closed = queries.authority_by_id(session, authority_id).state is AuthorityState.CLOSED
        held = [] if is_closed else versions_to_come(session, authority_id, today)
        shared = loaded_names(session)
    with database.begin(authority_scope(authority_id)) as session:
        service.set_commissions(session, authority_id=authority_id, wanted=spans(held, shared, today), on=today)


def loaded_names(session: Session) -> Shared:
    """Return what councils share, as it was loaded."""
    return Shared(
        regions={region.slug: region.id for region in queries.regions(session)},
        frameworks={framework.slug: framework.id for framework in queries.frameworks(session)},
        providers={provider.slug: provider.id for provider in queries.providers(session)},
    )

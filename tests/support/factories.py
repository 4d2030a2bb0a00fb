"""Makes councils, providers and cases for tests: real rows, through the logins that have the right, committed.

Everything has a default, so that a test states only what it is about. Every test makes its own council, so nothing
needs cleaning up. Made things are frozen values: their ids, and the scopes in which people work on them.
"""

import dataclasses
import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import update

from parley.access.domain import Actor, ActorKind, Realm, RealmKind, Role
from parley.casework.domain import (
    NEVER,
    Capacity,
    CaseState,
    Channel,
    ItemKind,
    PartyKind,
    ReferralState,
    StatementKind,
    council_list,
    reference,
)
from parley.casework.models import (
    Case,
    Child,
    Party,
    PartyMember,
    Referral,
    RequestDraft,
    Share,
    Statement,
    WorklistEntry,
)
from parley.db.scope import PLATFORM_REALM, Scope, authority_scope, platform_scope, provider_case_scope
from parley.db.sealed import search_fingerprint
from parley.db.session import Database
from parley.kernel.clock import Clock, FixedClock
from parley.kernel.ids import new_id
from parley.tenancy import queries, service
from parley.tenancy.domain import Authority, AuthorityState, ProviderOrganisation, Service
from parley.tenancy.models import LocalAuthority

#: When tests happen, unless they say otherwise: a Tuesday morning in term time.
NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)

#: Opens what tests sealed; fixed, because every process of a test run must have the same.
MASTER_KEY = b"a master key that is for tests.."
COMPARTMENT_KEY = b"the compartment's key for tests."

PLATFORM = Realm(kind=RealmKind.PLATFORM, id=PLATFORM_REALM)
OPERATOR = Actor(kind=ActorKind.PERSON, realm=PLATFORM, identity_id=new_id(), roles=frozenset({Role.OPERATOR}))

_numbers = itertools.count(1)


def at_realm(organisation: Authority | ProviderOrganisation) -> Realm:
    """Return the realm in which identities of ``organisation`` live."""
    kind = RealmKind.AUTHORITY if isinstance(organisation, Authority) else RealmKind.PROVIDER
    return Realm(kind=kind, id=organisation.id)


def acting(role: Role, at: Authority | ProviderOrganisation, *, identity_id: uuid.UUID | None = None) -> Actor:
    """Return a person of ``role`` at a council (families too) or a provider; a new one unless ``identity_id`` says."""
    return Actor(
        kind=ActorKind.PERSON, realm=at_realm(at), identity_id=identity_id or new_id(), roles=frozenset({role})
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class MadeCase:
    """A case that was made: the ids that tests need, and its people.

    ``family`` and ``council`` are party ids; ``parent`` is the parent's member id, ``parent_identity`` whom they sign
    in as. ``story`` is an unshared statement of theirs.
    """

    authority: Authority
    provider: ProviderOrganisation
    id: uuid.UUID
    reference: str
    child_name: str
    family: uuid.UUID
    parent: uuid.UUID
    parent_identity: uuid.UUID
    council: uuid.UUID
    story: uuid.UUID

    @property
    def family_actor(self) -> Actor:
        """The parent, signed in."""
        return acting(Role.FAMILY, self.authority, identity_id=self.parent_identity)

    @property
    def authority_scope(self) -> Scope:
        """The scope of the family's and the council's pages."""
        return authority_scope(self.authority.id)

    @property
    def provider_scope(self) -> Scope:
        """The scope of this case opened by its provider's staff."""
        return provider_case_scope(self.provider.id, self.authority.id, self.id)


class Factory:
    """Makes things in one database. Tests get one as the fixture ``make``."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        """Take the database, with the logins operator and app, and the clock that dates what is made."""
        self.database = database
        self.clock = clock or FixedClock(NOW)

    def region(self) -> uuid.UUID:
        """Make a region; return its id."""
        number = next(_numbers)
        with self.database.begin(platform_scope()) as session:
            return service.save_region(session, slug=f"region-{number}", name=f"Region {number}")

    def authority(
        self,
        *,
        name: str | None = None,
        hosts: Iterable[str] | None = None,
        state: AuthorityState = AuthorityState.LIVE,
        region_id: uuid.UUID | None = None,
        **profile: Any,
    ) -> Authority:
        """Make a council with a data key, served at ``council-<n>.localhost``; ``profile`` changes its council.toml."""
        number = next(_numbers)
        content = {
            "name": name or f"Council {number}",
            "short_name": name or f"Council {number}",
            "gss_code": f"E06{900000 + number}",
            "reference_prefix": _letters(number),
            "brand": {"masthead": "#1d3b6d"},
            "contact": None,
            "team_mailbox": f"send-team-{number}@council.invalid",
        }
        with self.database.begin(platform_scope()) as session:
            authority_id = service.save_authority(
                session,
                actor=OPERATOR,
                at=self.clock.now(),
                slug=f"council-{number}",
                content=content | profile,
                region_id=region_id or self.region(),
                hosts=hosts or [f"council-{number}.localhost"],
            )
            if state is not AuthorityState.LIVE:
                session.execute(update(LocalAuthority).where(LocalAuthority.id == authority_id).values(state=state))
                session.commit()
            return queries.authority_by_id(session, authority_id)

    def provider(self, *, name: str | None = None, **profile: Any) -> ProviderOrganisation:
        """Make a provider with a data key; ``profile`` changes its file's content."""
        number = next(_numbers)
        content = {
            "name": name or f"Provider {number}",
            "contact": {"label": "Mediation team", "phone": "0800 000 0000", "email": None},
            "mailbox": f"referrals-{number}@provider.invalid",
        }
        with self.database.begin(platform_scope()) as session:
            provider_id = service.save_provider(
                session, actor=OPERATOR, at=self.clock.now(), slug=f"provider-{number}", content=content | profile
            )
            return queries.provider_by_id(session, provider_id)

    def commission(
        self,
        authority: Authority,
        provider: ProviderOrganisation,
        *,
        service_kind: Service = Service.DISAGREEMENT_RESOLUTION,
        starts_on: dt.date | None = None,
        ends_on: dt.date | None = None,
    ) -> None:
        """Let ``authority`` commission ``provider``, without an end unless ``ends_on`` (the last day) says."""
        with self.database.begin(authority_scope(authority.id)) as session:
            service.save_commission(
                session,
                authority_id=authority.id,
                provider_id=provider.id,
                service=service_kind,
                starts_on=starts_on,
                ends_on=ends_on,
            )

    def draft(
        self, authority: Authority | None = None, *, owner_id: uuid.UUID | None = None, answers: Any = None
    ) -> RequestDraft:
        """Make a request that is being written, by a new person unless ``owner_id`` says who."""
        authority = authority or self.authority()
        now = self.clock.now()
        draft = RequestDraft(
            authority_id=authority.id,
            owner_id=owner_id or new_id(),
            answers=json.dumps(answers or {}),
            version=1,
            updated_at=now,
            expires_at=now + dt.timedelta(days=30),
        )
        self._write(authority_scope(authority.id), draft)
        return draft

    def case(
        self,
        authority: Authority | None = None,
        *,
        provider: ProviderOrganisation | None = None,
        state: CaseState = CaseState.SENT,
        child_name: str = "Rowan Marsh",
        parent_name: str = "Ash Marsh",
        parent_identity: uuid.UUID | None = None,
        case_id: uuid.UUID | None = None,
        held_until: dt.datetime | None = None,
        **columns: Any,
    ) -> MadeCase:
        """Make a case with its family, its council as a party, and an unshared story.

        Makes the council and a commissioned provider when none is given; ``columns`` changes columns of the case.
        ``held_until`` ends the provider's hold.
        """
        authority = authority or self.authority()
        if provider is None:
            provider = self.provider()
            self.commission(authority, provider)
        made = MadeCase(
            authority=authority,
            provider=provider,
            id=case_id or new_id(),
            reference=reference(authority.reference_prefix, self.clock.now().year, next(_numbers)),
            child_name=child_name,
            family=new_id(),
            parent=new_id(),
            parent_identity=parent_identity or new_id(),
            council=new_id(),
            story=new_id(),
        )
        self._write(
            made.authority_scope,
            self._worklist_entry(made, state, held_until),
            self._case(made, state, columns),
            Child(authority_id=authority.id, case_id=made.id, date_of_birth="2015-03-02", setting="Oak Hill School"),
        )
        self._write(made.authority_scope, *self._people(made, parent_name))
        if state is not CaseState.WAITING_FOR_YOUNG_PERSON:
            self._write(made.authority_scope, self._referral(made))
        return made

    def party(self, case: MadeCase, kind: PartyKind = PartyKind.SETTING, *, name: str = "Oak Hill School") -> uuid.UUID:
        """Add a party that may be invited to ``case``; return its id."""
        party = Party(authority_id=case.authority.id, case_id=case.id, kind=kind, name=name, may_be_invited=True)
        self._write(case.authority_scope, party)
        return party.id

    def member(
        self,
        case: MadeCase,
        party_id: uuid.UUID,
        *,
        name: str = "Sam Field",
        capacity: Capacity = Capacity.SETTING_CONTACT,
        identity_id: uuid.UUID | None = None,
        **columns: Any,
    ) -> uuid.UUID:
        """Add a person to a party of ``case``; return the member's id."""
        member = PartyMember(
            **{
                "authority_id": case.authority.id,
                "case_id": case.id,
                "party_id": party_id,
                "identity_id": identity_id or new_id(),
                "capacity": capacity,
                "is_rights_holder": False,
                "name": name,
                **columns,
            }
        )
        self._write(case.authority_scope, member)
        return member.id

    def share(
        self, case: MadeCase, party_id: uuid.UUID, item_id: uuid.UUID, *, kind: ItemKind = ItemKind.STATEMENT
    ) -> uuid.UUID:
        """Show an item of ``case`` to a party, by the parent; return the share's id."""
        share = Share(
            authority_id=case.authority.id,
            case_id=case.id,
            item_kind=kind,
            item_id=item_id,
            party_id=party_id,
            shared_by=case.parent,
            shared_at=self.clock.now(),
        )
        self._write(case.authority_scope, share)
        return share.id

    def _write(self, scope: Scope, *rows: object) -> None:
        with self.database.begin(scope) as session:
            session.add_all(rows)
            session.commit()

    def _worklist_entry(self, made: MadeCase, state: CaseState, held_until: dt.datetime | None) -> WorklistEntry:
        now = self.clock.now()
        return WorklistEntry(
            provider_id=made.provider.id,
            authority_id=made.authority.id,
            case_id=made.id,
            reference=made.reference,
            state=state,
            is_open=state is not CaseState.CLOSED,
            channel=Channel.ONLINE,
            received_at=now,
            next_due_on=NEVER,
            name=made.child_name,
            held_until=held_until,
            updated_at=now,
        )

    def _case(self, made: MadeCase, state: CaseState, columns: dict[str, Any]) -> Case:
        now = self.clock.now()
        told = state not in {CaseState.WAITING_FOR_YOUNG_PERSON, CaseState.SENT, CaseState.ACKNOWLEDGED}
        with self.database.begin(made.authority_scope) as session:
            fingerprint = search_fingerprint(session, made.authority.id, "case.child_name", made.child_name)
        return Case(
            **{
                "authority_id": made.authority.id,
                "id": made.id,
                "reference": made.reference,
                "state": state,
                "state_since": now,
                "channel": Channel.ONLINE,
                "policy_version_id": new_id(),
                "law_version": "england-2014",
                "provider_id": made.provider.id,
                "areas": ["A"],
                "against": ["local_authority"],
                "facts": {},
                "asked_as_question": False,
                "sent_at": now,
                "council_told_at": now if told else None,
                "listed": council_list(state, told=told),
                "next_due_on": NEVER,
                "child_name": made.child_name,
                "child_fingerprint": fingerprint,
                **columns,
            }
        )

    def _referral(self, made: MadeCase) -> Referral:
        return Referral(
            authority_id=made.authority.id,
            case_id=made.id,
            provider_id=made.provider.id,
            state=ReferralState.SUBMITTED,
            made_at=self.clock.now(),
            submitted_at=self.clock.now(),
        )

    def _people(self, made: MadeCase, parent_name: str) -> list[object]:
        of_case: dict[str, Any] = {"authority_id": made.authority.id, "case_id": made.id}
        return [
            Party(id=made.family, kind=PartyKind.FAMILY, name="", may_be_invited=True, **of_case),
            Party(
                id=made.council,
                kind=PartyKind.LOCAL_AUTHORITY,
                name=made.authority.name,
                may_be_invited=True,
                **of_case,
            ),
            PartyMember(
                id=made.parent,
                party_id=made.family,
                identity_id=made.parent_identity,
                capacity=Capacity.PARENT_CARER,
                is_rights_holder=True,
                name=parent_name,
                email="parent@family.invalid",
                **of_case,
            ),
            Statement(
                id=made.story,
                member_id=made.parent,
                kind=StatementKind.STORY,
                body="What happened, in our own words.",
                written_at=self.clock.now(),
                **of_case,
            ),
        ]


def _letters(number: int) -> str:
    """Return ``number`` as four capital letters: a reference prefix of its own for every council made."""
    return "".join(chr(ord("A") + number // 26**place % 26) for place in (3, 2, 1, 0))

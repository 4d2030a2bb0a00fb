"""Makes councils, providers and cases for tests: real rows, through the logins that have the right, committed.

Everything has a default, so that a test states only what it is about. Every test makes its own council, so nothing
needs cleaning up. Made things are frozen values: their ids, and the scopes in which people work on them.
"""

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import update

from parley.casework.domain import Capacity, CaseState, ItemKind, PartyKind, reference
from parley.casework.models import Child, Party, PartyMember, RequestDraft, Share
from parley.db.scope import Scope, authority_scope, platform_scope
from parley.db.sealed import search_fingerprint
from parley.db.session import Database
from parley.kernel.clock import Clock, FixedClock
from parley.kernel.ids import new_id
from parley.tenancy import queries, service
from parley.tenancy.domain import (
    Authority,
    AuthorityState,
    CommissionTerms,
    ProviderOrganisation,
    Service,
    WantedCommission,
)
from parley.tenancy.models import LocalAuthority
from support import case_rows
from support.case_rows import MadeCase
from support.people import OPERATOR, PLATFORM, acting, at_realm

__all__ = ["COMPARTMENT_KEY", "MASTER_KEY", "NOW", "OPERATOR", "PLATFORM", "Factory", "MadeCase", "acting", "at_realm"]

#: When tests happen, unless they say otherwise: a Tuesday morning in term time.
NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)

#: Opens what tests sealed; fixed, because every process of a test run must have the same.
MASTER_KEY = b"a master key that is for tests.."
COMPARTMENT_KEY = b"the compartment's key for tests."

_numbers = itertools.count(1)


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
            if state is not AuthorityState.DEMO:
                session.execute(
                    update(LocalAuthority)
                    .where(LocalAuthority.id == authority_id)
                    .values(state=state, went_live_at=self.clock.now())
                )
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
        **terms: Any,
    ) -> None:
        """Let ``authority`` commission ``provider``, without an end unless ``ends_on`` (the last day) says; ``terms``
        are further ones of the contract."""
        with self.database.begin(authority_scope(authority.id)) as session:
            service.save_commission(
                session,
                authority_id=authority.id,
                wanted=WantedCommission(
                    service=service_kind,
                    provider_id=provider.id,
                    terms=CommissionTerms(begins=starts_on, ends=ends_on, **terms),
                ),
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
        born: str = "2015-03-02",
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
            # Far above the numbers that requests get which a test sends through the pages.
            reference=reference(authority.reference_prefix, self.clock.now().year, 50_000 + next(_numbers)),
            child_name=child_name,
            family=new_id(),
            parent=new_id(),
            parent_identity=parent_identity or new_id(),
            council=new_id(),
            story=new_id(),
        )
        now = self.clock.now()
        with self.database.begin(made.authority_scope) as session:
            fingerprint = search_fingerprint(session, authority.id, "case.child_name", child_name)
        self._write(
            made.authority_scope,
            case_rows.worklist_entry(made, now, state, held_until),
            case_rows.case_row(made, now, state, fingerprint, columns),
            Child(authority_id=authority.id, case_id=made.id, date_of_birth=born, setting="Oak Hill School"),
        )
        self._write(made.authority_scope, *case_rows.people(made, now, parent_name))
        if state is not CaseState.WAITING_FOR_YOUNG_PERSON:
            self._write(made.authority_scope, case_rows.referral(made, now))
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


def _letters(number: int) -> str:
    """Return ``number`` as four capital letters: a reference prefix of its own for every council made."""
    return "".join(chr(ord("A") + number // 26**place % 26) for place in (3, 2, 1, 0))

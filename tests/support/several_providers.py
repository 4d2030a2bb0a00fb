"""Families who ask a council that has several providers, and what becomes of whom they asked."""

import uuid
from collections.abc import Sequence

from parley.access.domain import Role
from parley.casework.allocation import Receiver, Receiving, Terms, straight_to
from parley.casework.domain import PassedOnBecause
from parley.casework.models import Case
from parley.casework.service import drafts, passing, sending
from parley.casework.service.referral import current_referral
from parley.casework.service.sending import Rules
from parley.db.scope import Login, Scope, authority_scope, provider_case_scope
from parley.db.session import Database
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from parley.policy.domain import Allocation
from support.factories import NOW, Factory, acting
from support.policies import policy_of
from support.requests import a_request

RULES = Rules(policy=policy_of("derby"), policy_version_id=new_id(), law=law_on(NOW.date()))


class Asking:
    """Families who ask a council with a provider for each of ``capacities``."""

    def __init__(self, database: Database, make: Factory, capacities: Sequence[int | None]) -> None:
        self.database = database
        self.authority = make.authority()
        self.providers = [make.provider() for _ in capacities]
        for provider, capacity in zip(self.providers, capacities, strict=True):
            make.commission(self.authority, provider, capacity=capacity)
        self.capacities = capacities
        self.scope = authority_scope(self.authority.id)

    def receiving(self, rule: Allocation, chosen: int | None = None) -> Receiving:
        receivers = tuple(
            Receiver(provider_id=provider.id, capacity=capacity)
            for provider, capacity in zip(self.providers, self.capacities, strict=True)
        )
        if len(receivers) == 1:
            return straight_to(receivers[0].provider_id)
        return Receiving(receivers=receivers, rule=rule, chosen=None if chosen is None else self.providers[chosen].id)

    def draft(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Begin a request; return its id and whose it is."""
        owner = new_id()
        with self.database.begin(self.scope) as session:
            draft = drafts.start_draft(session, authority_id=self.authority.id, owner_id=owner, at=NOW, answers={})
            return draft.id, owner

    def send(self, receiving: Receiving, draft: tuple[uuid.UUID, uuid.UUID] | None = None) -> Case:
        draft_id, owner = draft or self.draft()
        with self.database.begin(self.scope) as session:
            return sending.send_request(
                session,
                actor=acting(Role.FAMILY, self.authority, identity_id=owner),
                at=NOW,
                authority=self.authority,
                receiving=receiving,
                case_id=draft_id,
                request=a_request(),
                rules=RULES,
            )

    def number(self, case: Case) -> int:
        """Return which of the providers has the case."""
        return [provider.id for provider in self.providers].index(case.provider_id)

    def held_by(self, number: int, case: Case) -> Scope:
        """Return the scope of the case opened by one of the providers."""
        return provider_case_scope(self.providers[number].id, self.authority.id, case.id)

    def pass_on(self, case: Case, because: PassedOnBecause = PassedOnBecause.NO_ROOM) -> None:
        """Pass a case on, as the provider that has it."""
        number = self.number(case)
        with self.database.begin(self.held_by(number, case)) as session:
            passing.pass_on(
                session,
                actor=acting(Role.COORDINATOR, self.providers[number]),
                at=NOW,
                authority_id=self.authority.id,
                case_id=case.id,
                because=because,
            )

    def find_next(self, case: Case, rule: Allocation = Allocation.ROTA) -> Case:
        """Do what the worker does then; return the case."""
        with self.database.begin(authority_scope(self.authority.id, login=Login.WORKER)) as session:
            referral_id = current_referral(session, session.get_one(Case, (self.authority.id, case.id))).id
            return passing.find_next(
                session,
                actor=acting(Role.OFFICER, self.authority),
                at=NOW,
                authority_id=self.authority.id,
                case_id=case.id,
                referral_id=referral_id,
                terms=Terms(receiving=self.receiving(rule), policy=RULES.policy),
            )

"""A council with several providers: each request goes to one by the council's rule, also when many come at once."""

import threading
import uuid
from collections import Counter
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework.allocation import AllocatedBecause, Receiver, Receiving, straight_to
from parley.casework.models import Case, Referral, WorklistEntry
from parley.casework.service import drafts, sending
from parley.casework.service.sending import Rules
from parley.db.scope import Login, authority_scope
from parley.db.session import Database
from parley.kernel.errors import Conflict
from parley.kernel.ids import new_id
from parley.law.versions import law_on
from parley.policy.domain import Allocation
from support.factories import NOW, Factory, acting
from support.policies import policy_of
from support.requests import a_request
from support.statements import statements_of

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


def test_a_rota_goes_round(database: Database, make: Factory) -> None:
    asking = Asking(database, make, [None, None, None])
    cases = [asking.send(asking.receiving(Allocation.ROTA)) for _ in range(4)]
    assert [asking.number(case) for case in cases] == [0, 1, 2, 0]
    assert {case.allocated_because for case in cases} == {AllocatedBecause.TURN}


def test_the_family_gets_whom_it_chose_while_there_is_room(database: Database, make: Factory) -> None:
    asking = Asking(database, make, [None, 1])
    cases = [asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=1)) for _ in range(2)]
    assert [(asking.number(case), case.allocated_because) for case in cases] == [
        (1, AllocatedBecause.CHOSEN),
        (0, AllocatedBecause.LEFT),
    ]


def test_the_one_with_the_most_room_takes_it(database: Database, make: Factory) -> None:
    asking = Asking(database, make, [2, 4])
    cases = [asking.send(asking.receiving(Allocation.CAPACITY)) for _ in range(4)]
    assert [asking.number(case) for case in cases] == [1, 1, 0, 1]


def test_who_has_the_case_and_why_is_kept_with_it_and_its_list_and_referral_are_theirs(
    database: Database, make: Factory
) -> None:
    asking = Asking(database, make, [None, None])
    case = asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=1))
    chosen = asking.providers[1].id
    with database.begin(asking.scope) as session:
        assert session.scalars(sa.select(WorklistEntry.provider_id)).all() == [chosen]
        assert session.scalars(sa.select(Referral.provider_id)).all() == [chosen]
        event = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.case_id == case.id, AuditEvent.action == "case.request_sent")
        ).one()
    assert event.codes == {"given_to": str(chosen), "allocated": "chosen"}


def test_with_nobody_who_has_room_nothing_is_sent_and_the_draft_is_kept(database: Database, make: Factory) -> None:
    asking = Asking(database, make, [1, 1])
    for _ in range(2):
        asking.send(asking.receiving(Allocation.ROTA))
    draft = asking.draft()
    with pytest.raises(Conflict, match="What you wrote is kept"):
        asking.send(asking.receiving(Allocation.ROTA), draft)
    with database.begin(asking.scope) as session:
        assert drafts.load_draft(session, authority_id=asking.authority.id, draft_id=draft[0], owner_id=draft[1])


def test_many_at_once_share_the_turns_and_nobody_takes_a_place_that_is_gone(database: Database, make: Factory) -> None:
    asking = Asking(database, make, [3, 3])
    waiting = [asking.draft() for _ in range(8)]
    barrier, taken, refused, wrong = threading.Barrier(len(waiting)), [], [], []

    def ask(draft: tuple[uuid.UUID, uuid.UUID]) -> None:
        barrier.wait()
        try:
            taken.append(asking.number(asking.send(asking.receiving(Allocation.ROTA), draft)))
        except Conflict as full:
            refused.append(full)
        except Exception as error:  # noqa: BLE001  whatever went wrong in the thread must be seen here
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(draft,)) for draft in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert Counter(taken) == {0: 3, 1: 3}
    assert len(refused) == 2


def test_sending_asks_no_more_of_the_database_where_there_is_one_provider(database: Database, make: Factory) -> None:
    alone, several = Asking(database, make, [None]), Asking(database, make, [None, None])
    seen = {}
    for asking in (alone, several):
        draft = asking.draft()
        with statements_of(database, Login.APP) as statements:
            asking.send(asking.receiving(Allocation.ROTA), draft)
        seen[asking] = statements
    assert not [statement for statement in seen[alone] if "commission" in statement]
    # The turns, how many cases each has, and the turn that was taken.
    assert len(seen[several]) == len(seen[alone]) + 3

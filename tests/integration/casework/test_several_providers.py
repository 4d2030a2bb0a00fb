"""A council with several providers: each request goes to one by the council's rule, also when many come at once."""

import threading
import uuid
from collections import Counter

import pytest
import sqlalchemy as sa

from parley.audit.models import AuditEvent
from parley.casework.allocation import AllocatedBecause
from parley.casework.models import Referral, WorklistEntry
from parley.casework.service import drafts
from parley.db.scope import Login
from parley.db.session import Database
from parley.kernel.errors import Conflict
from parley.policy.domain import Allocation
from support.factories import Factory
from support.several_providers import Asking
from support.statements import statements_of


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

"""Figures span both providers of a change-over: each counts its own days of a case that moved, and nothing twice."""

import datetime as dt

from parley.access.domain import Role
from parley.casework.change_over import ProviderChoice
from parley.casework.domain import CaseState
from parley.casework.service import answers, referral
from parley.db.scope import authority_scope, provider_case_scope
from parley.db.session import Database
from parley.kernel.clock import FixedClock
from parley.kernel.ids import new_id
from parley.reporting.models import MeasureRow
from support.changing_over import ChangingOver
from support.factories import NOW, Factory, acting
from support.family import council_of_several
from support.figures import count_now, counts_of
from support.provider import sent

AUTUMN, WINTER = dt.date(2026, 10, 1), dt.date(2027, 1, 1)


def test_a_case_that_moved_counts_for_each_provider_what_happened_there(database: Database, make: Factory) -> None:
    council, (former, taker) = council_of_several(make, "rota")
    parent = new_id()
    case = sent(make, council, owner_id=parent)
    about = {"authority_id": case.authority_id, "case_id": case.id}
    with database.begin(provider_case_scope(former.id, case.authority_id, case.id)) as session:
        referral.acknowledge(session, actor=acting(Role.COORDINATOR, former), at=NOW, **about)
    later = FixedClock(NOW + dt.timedelta(days=45))
    changing = ChangingOver(database, council, former, taker, clock=later)
    changing.ends()
    changing.asks()
    changing.says(case.id, parent, ProviderChoice.MOVE)
    assert changing.moves(case.id).state is CaseState.SENT
    with database.begin(provider_case_scope(taker.id, case.authority_id, case.id)) as session:
        referral.acknowledge(session, actor=acting(Role.COORDINATOR, taker), at=later.now(), **about)
    withdrawn_at = later.now() + dt.timedelta(days=1)
    with database.begin(authority_scope(case.authority_id)) as session:
        actor = acting(Role.FAMILY, council.authority, identity_id=parent)
        answers.withdraw(session, actor=actor, at=withdrawn_at, **about)
    count_now(database, council.authority, at=withdrawn_at + dt.timedelta(days=30))
    found = counts_of(database, council.authority)
    assert found[former.id, AUTUMN]["requests"] == 1
    assert found[former.id, AUTUMN]["acknowledge_due.kept"] == 1
    assert "ended" not in found[former.id, AUTUMN]
    assert "requests" not in found[taker.id, WINTER]
    assert found[taker.id, WINTER]["acknowledge_due.kept"] == 1
    assert found[taker.id, WINTER]["ended.withdrawn"] == 1
    # The contract that ended early ran to the day before.
    with database.begin(authority_scope(case.authority_id)) as session:
        rows = session.query(MeasureRow).filter_by(provider_id=former.id, quarter_begins=AUTUMN)
        assert rows.one().ends_on == later.now().date() - dt.timedelta(days=1)

"""A request that its provider cannot take: the next one has it, the former one is shut out, nothing private crosses."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, ProgrammingError

from parley.access.domain import Role
from parley.audit.models import AuditEvent
from parley.casework import placing, queries, worklists
from parley.casework.allocation import AllocatedBecause, Terms
from parley.casework.domain import CaseState, ClockCode, PassedOnBecause
from parley.casework.models import Case, FormerHolding, Referral, WorklistEntry
from parley.casework.service import passing, referral
from parley.casework.wording import Names, timeline_words
from parley.compartment import queries as private
from parley.compartment.domain import MessageChannel
from parley.compartment.models import PrivateMessage
from parley.compartment.service import send_message
from parley.db.scope import Scope, Side, compartment_scope, provider_scope
from parley.db.session import Database
from parley.kernel.errors import Conflict, Invalid, NotFound
from parley.kernel.ids import new_id
from parley.policy.domain import Allocation
from support.factories import NOW, Factory, acting
from support.several_providers import RULES, Asking


@pytest.fixture
def asking(database: Database, make: Factory) -> Asking:
    """A council with two providers."""
    return Asking(database, make, [None, None])


def passed_on(asking: Asking, because: PassedOnBecause = PassedOnBecause.NO_ROOM) -> Case:
    """Send a request to the first provider, which passes it on; return the case when the next one was looked for."""
    case = asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=0))
    asking.pass_on(case, because)
    return asking.find_next(case)


def test_the_next_provider_has_it_and_begins_anew(asking: Asking) -> None:
    case = passed_on(asking)
    assert (asking.number(case), case.state, case.allocated_because) == (1, CaseState.SENT, AllocatedBecause.LEFT)
    with asking.database.begin(asking.held_by(1, case)) as session:
        view = queries.provider_view(session, authority_id=case.authority_id, case_id=case.id)
        (row,) = worklists.rows_of(
            session, provider_id=asking.providers[1].id, cases=[(case.authority_id, case.id)]
        ).values()
    assert (row.child_name, row.next_due_code) == ("Rowan Marsh", ClockCode.ACKNOWLEDGE_BY)
    names = Names(council=asking.authority.name, provider=asking.providers[1].name)
    said = [words.title for _, words in timeline_words(view, names)]
    first, second = asking.providers
    assert said[:2] == [
        f"{second.name} took over the request",
        f"{first.name} passed the request on, because it has no room at present",
    ]


def test_the_former_one_is_shut_out_and_keeps_its_own_record(asking: Asking) -> None:
    case = passed_on(asking, PassedOnBecause.CONFLICT_OF_INTEREST)
    with asking.database.begin(asking.held_by(0, case)) as session:
        with pytest.raises(NotFound):
            queries.provider_view(session, authority_id=case.authority_id, case_id=case.id)
        assert session.scalars(sa.select(Referral)).all() == []
    with asking.database.begin(provider_scope(asking.providers[0].id)) as session:
        assert session.scalars(sa.select(WorklistEntry)).all() == []
        (kept,) = worklists.passed_on(session, provider_id=asking.providers[0].id, most=10)
    assert (kept.reference, kept.child_name) == (case.reference, "Rowan Marsh")
    assert kept.because is PassedOnBecause.CONFLICT_OF_INTEREST
    with asking.database.begin(provider_scope(asking.providers[1].id)) as session:
        assert worklists.passed_on(session, provider_id=asking.providers[1].id, most=10) == []


def test_looking_twice_changes_nothing(asking: Asking) -> None:
    case = passed_on(asking)
    with asking.database.begin(asking.scope) as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Referral))
    asking.find_next(case)
    with asking.database.begin(asking.scope) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Referral)) == before == 2


def test_nobody_gets_back_what_they_passed_on_and_the_council_is_asked(asking: Asking) -> None:
    case = passed_on(asking)
    asking.pass_on(case, PassedOnBecause.CONFLICT_OF_INTEREST)
    case = asking.find_next(case)
    assert case.state is CaseState.UNPLACED
    asking.find_next(case)
    with asking.database.begin(asking.scope) as session:
        (waiting,) = placing.unplaced(session, asking.authority.id)
        with pytest.raises(NotFound):
            queries.council_view(session, authority_id=case.authority_id, case_id=case.id)
    assert waiting.reference == case.reference
    assert [because for _, because in waiting.passed_on] == [
        PassedOnBecause.NO_ROOM,
        PassedOnBecause.CONFLICT_OF_INTEREST,
    ]


def place(asking: Asking, case: Case, provider: object) -> Case:
    with asking.database.begin(asking.scope) as session:
        return passing.place(
            session,
            actor=acting(Role.OFFICER, asking.authority),
            at=NOW,
            authority_id=asking.authority.id,
            case_id=case.id,
            provider_id=provider,
            terms=Terms(receiving=asking.receiving(Allocation.ROTA), policy=RULES.policy),
        )


def test_the_council_gives_it_to_one_of_its_providers_and_to_nobody_else(asking: Asking, make: Factory) -> None:
    case = passed_on(asking)
    asking.pass_on(case)
    case = asking.find_next(case)
    with pytest.raises(Invalid):
        place(asking, case, make.provider().id)
    placed = place(asking, case, asking.providers[0].id)
    assert (asking.number(placed), placed.state) == (0, CaseState.SENT)
    assert placed.allocated_because is AllocatedBecause.PLACED
    with asking.database.begin(asking.scope) as session:
        assert placing.unplaced(session, asking.authority.id) == []
        acts = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.case_id == case.id)).all()
    assert acts.count("case.taken_over") == 2
    with pytest.raises(Conflict):
        place(asking, case, asking.providers[1].id)


def test_once_the_council_was_told_a_request_is_not_passed_on(asking: Asking) -> None:
    case = asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=0))
    about = {"at": NOW, "authority_id": case.authority_id, "case_id": case.id}
    coordinator = acting(Role.COORDINATOR, asking.providers[0])
    with asking.database.begin(asking.held_by(0, case)) as session:
        referral.acknowledge(session, actor=coordinator, **about)
        referral.tell_council(session, actor=coordinator, policy=RULES.policy, **about)
    with pytest.raises(Conflict):
        asking.pass_on(case)


def private_side(asking: Asking, case: Case, number: int) -> Scope:
    return compartment_scope(
        asking.providers[number].id, case.authority_id, case.id, side=Side.PROVIDER, person_id=new_id()
    )


def write(asking: Asking, scope: Scope, body: str, member_id: object = None) -> None:
    with asking.database.begin(scope) as session:
        send_message(
            session,
            actor=acting(Role.COORDINATOR, asking.providers[0]),
            at=NOW,
            channel=MessageChannel.FAMILY_PROVIDER,
            body=body,
            member_id=member_id,
        )


def read(asking: Asking, scope: Scope) -> list[str]:
    with asking.database.begin(scope) as session:
        return [message.body for message in private.messages(session, reader=new_id())]


def test_what_was_said_in_confidence_stays_with_whom_it_was_said_to(asking: Asking) -> None:
    case = asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=0))
    member = new_id()
    family = compartment_scope(case.authority_id, case.authority_id, case.id, side=Side.FAMILY, person_id=member)
    first, second = private_side(asking, case, 0), private_side(asking, case, 1)
    write(asking, first, "A question of the first", member)
    write(asking, family, "An answer to the first")
    asking.pass_on(case)
    asking.find_next(case)
    write(asking, second, "A question of the second", member)
    write(asking, family, "An answer to the second")
    assert read(asking, first) == ["A question of the first", "An answer to the first"]
    assert read(asking, second) == ["A question of the second", "An answer to the second"]
    assert len(read(asking, family)) == 4
    with pytest.raises(ProgrammingError, match="row-level security"):
        write(asking, first, "One more of the first", member)


def test_the_new_provider_cannot_write_into_what_the_former_keeps(asking: Asking) -> None:
    case = asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=0))
    write(asking, private_side(asking, case, 0), "Kept", new_id())
    asking.pass_on(case)
    asking.find_next(case)
    with asking.database.begin(private_side(asking, case, 1)) as session:
        values = {
            "authority_id": case.authority_id,
            "case_id": case.id,
            "id": new_id(),
            "provider_id": asking.providers[0].id,
            "channel": MessageChannel.FAMILY_PROVIDER,
            "member_id": new_id(),
            "by": Side.PROVIDER,
            "author_id": new_id(),
            "sent_at": NOW,
        }
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(sa.insert(PrivateMessage).values(**values))


def test_a_provider_makes_itself_no_record_of_a_case_it_never_had(asking: Asking) -> None:
    case = asking.send(asking.receiving(Allocation.FAMILY_CHOICE, chosen=0))
    with asking.database.begin(asking.held_by(1, case)) as session, pytest.raises(DBAPIError, match="denied"):
        session.execute(
            sa.insert(FormerHolding).values(
                provider_id=asking.providers[1].id,
                authority_id=case.authority_id,
                case_id=case.id,
                held_until=NOW,
                reference=case.reference,
                held_from=NOW,
                because=PassedOnBecause.NO_ROOM,
            )
        )

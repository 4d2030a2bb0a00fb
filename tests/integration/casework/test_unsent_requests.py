"""A request that waits for a young person's own yes while its provider's contract ends goes to another on the yes."""

import dataclasses

import pytest
import sqlalchemy as sa

from parley.access.domain import Realm, RealmKind, Role, system_actor
from parley.casework import worklists
from parley.casework.allocation import Receiving
from parley.casework.domain import (
    CaseState,
    Channel,
    ClockCode,
    ConsentMeans,
)
from parley.casework.lists import Page
from parley.casework.models import Case, Referral
from parley.casework.placing import terms_of, unplaced
from parley.casework.request import Person
from parley.casework.service import own_yes, passing
from parley.casework.service.record import running_clocks
from parley.casework.service.sending import Rules
from parley.casework.worklists import Worklist
from parley.db.scope import Login, authority_scope, provider_case_scope, provider_scope
from parley.db.session import Database
from parley.law.versions import law_on
from parley.policy.queries import policy_of_version
from parley.tenancy.domain import ProviderOrganisation
from support.changing_over import ChangingOver
from support.factories import NOW, Factory, acting
from support.family import council_of_several
from support.provider import a_young_persons, sent


@pytest.fixture
def changing(database: Database, make: Factory) -> ChangingOver:
    """A council with a provider whose contract ends early, and one that can take over."""
    council, (former, taker) = council_of_several(make, "rota")
    return ChangingOver(database, council, former, taker)


def unsent(changing: ChangingOver, make: Factory, channel: Channel = Channel.ONLINE) -> Case:
    """Have a parent ask for a young person; return the request, which waits for their own yes."""
    young_person = Person(name="Rowan Marsh", email="rowan@family.example")
    return sent(make, changing.council, a_young_persons(young_person=young_person), channel=channel)


def says_yes(changing: ChangingOver, case: Case) -> None:
    """Record, at the provider, the young person's own yes, and do what the worker does then."""
    with changing.database.begin(provider_case_scope(case.provider_id, case.authority_id, case.id)) as session:
        policy = policy_of_version(session, case.authority_id, case.policy_version_id)
        own_yes.young_person_answers(
            session,
            actor=acting(Role.COORDINATOR, changing.former),
            at=NOW,
            authority_id=case.authority_id,
            case_id=case.id,
            agrees=True,
            rules=Rules(policy=policy, policy_version_id=case.policy_version_id, law=law_on(NOW.date())),
            means=ConsentMeans.SPOKEN,
        )


def finds_next(changing: ChangingOver, case: Case, receiving: Receiving | None = None) -> None:
    """Do what the worker does to find a provider."""
    with changing.database.begin(authority_scope(case.authority_id, login=Login.WORKER)) as session:
        terms = terms_of(session, case.authority_id, case.id, NOW.date())
        passing.find_next(
            session,
            actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=case.authority_id)),
            at=NOW,
            authority_id=case.authority_id,
            case_id=case.id,
            referral_id=None,
            terms=dataclasses.replace(terms, receiving=receiving) if receiving else terms,
        )


def seen_by(changing: ChangingOver, provider: ProviderOrganisation) -> list[str]:
    """Return the references that a provider's list and its record of what it had show."""
    about = {"provider_id": provider.id, "coordinator_id": None, "on": NOW.date(), "page": Page()}
    with changing.database.begin(provider_scope(provider.id)) as session:
        lists = [worklists.provider_worklist(session, worklist=one, **about) for one in Worklist]
        kept = worklists.passed_on(session, provider_id=provider.id, most=9)
        return sorted({row.reference for rows in (*lists, kept) for row in rows})


def test_a_young_persons_yes_sends_nothing_to_a_provider_whose_contract_has_ended(
    changing: ChangingOver, make: Factory
) -> None:
    case = unsent(changing, make)
    changing.ends()
    says_yes(changing, case)
    assert seen_by(changing, changing.former) == []
    finds_next(changing, case)
    finds_next(changing, case)
    with changing.database.begin(changing.scope) as session:
        case = session.get_one(Case, (case.authority_id, case.id))
        referrals = session.scalars(sa.select(Referral.provider_id).where(Referral.case_id == case.id)).all()
    assert (case.state, case.provider_id, referrals) == (CaseState.SENT, changing.taker.id, [changing.taker.id])
    # It was never the former one's, which keeps nothing of it.
    assert (seen_by(changing, changing.former), seen_by(changing, changing.taker)) == ([], [case.reference])
    assert {ClockCode.ACKNOWLEDGE_BY, ClockCode.TELL_COUNCIL_BY} <= _running(changing, case)


def test_where_no_other_provider_can_take_it_the_council_names_one(changing: ChangingOver, make: Factory) -> None:
    case = unsent(changing, make)
    changing.ends()
    says_yes(changing, case)
    finds_next(changing, case, Receiving(receivers=()))
    with changing.database.begin(changing.scope) as session:
        (waits,) = unplaced(session, case.authority_id)
    assert (waits.case_id, waits.passed_on) == (case.id, ())
    assert seen_by(changing, changing.former) == []


def test_what_a_provider_wrote_down_for_a_caller_stays_in_its_record(changing: ChangingOver, make: Factory) -> None:
    case = unsent(changing, make, Channel.PHONE)
    changing.ends()
    says_yes(changing, case)
    finds_next(changing, case)
    assert seen_by(changing, changing.former) == [case.reference]


def test_while_the_contract_runs_a_yes_sends_it_to_its_provider(changing: ChangingOver, make: Factory) -> None:
    case = unsent(changing, make)
    says_yes(changing, case)
    assert seen_by(changing, changing.former) == [case.reference]


def _running(changing: ChangingOver, case: Case) -> set[ClockCode]:
    with changing.database.begin(changing.scope) as session:
        return {clock.code for clock in running_clocks(session, case)}

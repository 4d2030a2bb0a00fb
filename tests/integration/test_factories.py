"""What the factories make is what the product would have written: readable by those who may, sealed for the rest."""

from sqlalchemy import select

from parley.casework.domain import CaseState
from parley.casework.models import Case, PartyMember, Share, WorklistEntry
from parley.db.scope import provider_scope
from parley.db.session import Database
from support.factories import Factory


def test_a_case_can_be_read_by_its_council_and_opened_by_its_provider(make: Factory, database: Database) -> None:
    made = make.case(child_name="Noor Hill", state=CaseState.COUNCIL_TOLD)
    with database.begin(made.authority_scope) as session:
        case = session.scalars(select(Case)).one()
        assert (case.child_name, case.council_told_at is not None) == ("Noor Hill", True)
        assert b"Noor" not in (case.child_name_sealed or b"")
    with database.begin(made.provider_scope) as session:
        assert session.scalars(select(Case.reference)).all() == [made.reference]
        assert session.scalars(select(PartyMember)).one().name == "Ash Marsh"
    with database.begin(provider_scope(made.provider.id)) as session:
        assert session.scalars(select(WorklistEntry)).one().name == "Noor Hill"


def test_what_a_test_adds_to_a_case_belongs_to_it(make: Factory, database: Database) -> None:
    made = make.case()
    school = make.party(made)
    teacher = make.member(made, school, name="Sam Field")
    make.share(made, school, made.story)
    with database.begin(made.authority_scope) as session:
        assert session.get_one(PartyMember, (made.authority.id, teacher)).party_id == school
        assert session.scalars(select(Share)).one().item_id == made.story


def test_two_councils_have_nothing_in_common(make: Factory, database: Database) -> None:
    provider = make.provider()
    here, there = make.case(provider=provider), make.case(provider=provider)
    assert here.authority.reference_prefix != there.authority.reference_prefix
    with database.begin(here.authority_scope) as session:
        assert session.scalars(select(Case.id)).all() == [here.id]


def test_a_draft_is_its_owners(make: Factory) -> None:
    authority = make.authority(name="Anytown Council")
    first, second = make.draft(authority), make.draft(authority)
    assert first.owner_id != second.owner_id
    assert make.authority(hosts=["a.example", "b.localhost"]).host == "a.example"

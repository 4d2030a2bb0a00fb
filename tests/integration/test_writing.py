"""What a session writes in one round trip is written as SQLAlchemy promises."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from parley.casework.domain import PartyKind, StatementKind
from parley.casework.models import Party, Statement
from parley.db.session import Database, Session
from support.factories import NOW, Factory, MadeCase


def a_party(case: MadeCase, name: str) -> Party:
    return Party(
        authority_id=case.authority.id, case_id=case.id, kind=PartyKind.SETTING, name=name, may_be_invited=True
    )


def parties_of(session: Session, case: MadeCase) -> int:
    asked = select(func.count()).select_from(Party).where(Party.case_id == case.id, Party.kind == PartyKind.SETTING)
    return session.scalar(asked) or 0


def test_new_rows_of_several_tables_are_there_and_their_text_opens(database: Database, make: Factory) -> None:
    case = make.case()
    with database.begin(case.authority_scope) as session:
        party = a_party(case, "Elm School")
        said = Statement(
            authority_id=case.authority.id,
            case_id=case.id,
            member_id=party.id,
            kind=StatementKind.STORY,
            body="What happened",
            written_at=NOW,
        )
        session.add_all([party, said])
        session.flush()
        session.expire_all()
        assert (session.get_one(Party, (case.authority.id, party.id)).name, said.body) == (
            "Elm School",
            "What happened",
        )


def test_a_row_that_is_there_already_is_refused_under_sqlalchemys_name(database: Database, make: Factory) -> None:
    case = make.case()
    with database.begin(case.authority_scope) as session:
        first = a_party(case, "Elm School")
        session.add(first)
        session.commit()
    with database.begin(case.authority_scope) as session:
        same, after = a_party(case, "Oak School"), a_party(case, "Ash School")
        same.id = first.id
        session.add_all([same, after])
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
        assert parties_of(session, case) == 1


def test_what_was_refused_within_a_savepoint_takes_nothing_else_with_it(database: Database, make: Factory) -> None:
    case = make.case()
    with database.begin(case.authority_scope) as session:
        first = a_party(case, "Elm School")
        session.add(first)
        session.flush()
        session.expunge(first)
        same = a_party(case, "Oak School")
        same.id = first.id
        with pytest.raises(IntegrityError):
            _add_within_savepoint(session, same)
        session.commit()
        assert parties_of(session, case) == 1


def test_rows_that_are_changed_beside_new_ones_are_counted(database: Database, make: Factory) -> None:
    case = make.case()
    with database.begin(case.authority_scope) as session:
        first = a_party(case, "Elm School")
        session.add(first)
        session.flush()
        first.name = "Elm Lane School"
        session.add(a_party(case, "Oak School"))
        session.commit()
        session.expire_all()
        assert first.name == "Elm Lane School"
        assert parties_of(session, case) == 2


def _add_within_savepoint(session: Session, row: Party) -> None:
    with session.begin_nested():
        session.add(row)

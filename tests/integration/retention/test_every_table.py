"""Of every table there is, whatever is about a case goes with it, and nothing of another case does."""

import uuid
from collections.abc import Iterator

import sqlalchemy as sa

from parley.access.domain import Realm, RealmKind, system_actor
from parley.db.scope import disposal_scope
from parley.db.session import Database
from parley.retention import service as retention
from parley.retention.domain import ClosedCase, Part
from support.factories import NOW, Factory
from support.models import declared
from support.planting import Planting


def test_of_every_table_about_a_case_every_row_goes_and_no_row_of_another(
    make: Factory, database: Database, admin: sa.Engine
) -> None:
    sides = []
    for _ in range(2):
        authority, provider = make.authority(), make.provider()
        planted = Planting(
            admin,
            authority_id=authority.id,
            realm_id=authority.id,
            provider_id=provider.id,
            case_id=uuid.uuid4(),
            author_id=uuid.uuid4(),
        )
        for name, model in declared().items():
            if "case_id" in model.__table__.columns and name not in {"audit_event", "sign_in_session", "legal_hold"}:
                planted.row(model.__table__)
        for name in ("clock_notice", "mediator_booking"):
            planted.row(declared()[name].__table__)
        sides.append((authority, planted))
    (authority, planted), (_, other) = sides
    with database.begin(disposal_scope(authority.id, planted.ids["case_id"])) as session:
        retention.dispose(
            session,
            actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority.id)),
            at=NOW,
            authority_id=authority.id,
            case=ClosedCase(
                id=planted.ids["case_id"],
                reference="EXA-2026-00001",
                closed_on=NOW.date(),
                held=False,
                gone=frozenset(),
                periods={},
            ),
            parts=tuple(Part),
        )
    kept = set(rows_left(admin, planted))
    assert kept == set()
    assert set(rows_left(admin, other)) >= {"case", "child", "clock_notice", "mediator_booking", "document_chunk"}


def rows_left(admin: sa.Engine, planted: Planting) -> Iterator[str]:
    about = {name for name, model in declared().items() if "case_id" in model.__table__.columns}
    with admin.connect() as connection:
        for name in sorted((about | {"case", "clock_notice", "mediator_booking"}) - {"audit_event", "sign_in_session"}):
            table = declared()[name].__table__
            mine = table.c.authority_id == planted.ids["authority_id"]
            if connection.scalar(sa.select(sa.func.count()).select_from(table).where(mine)):
                yield name

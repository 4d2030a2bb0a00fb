"""Of every sealed column there is, whether a council's export holds its text: the matrix, column by column."""

import pathlib
import zipfile
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from parley.db.keys import Vault
from parley.db.scope import authority_scope
from parley.db.sealed import SealedText
from parley.db.session import Database, psycopg_url
from parley.transfer.service.exporting import export_for_council
from support.database import logins_of
from support.factories import MASTER_KEY, NOW, OPERATOR, Factory
from support.leaving_council import Leaving, leaving_council
from support.models import declared

#: What a council reads; everything else that is sealed is not for it.
READ = {
    "agreed_action.disputed",
    "agreed_action.what",
    "agreed_point.words",
    "answer.unavailable",
    "answer.words",
    "attendance.brings",
    "attendance.link",
    "attendance.place",
    "case.child_name",
    "case.council_number",
    "child.date_of_birth",
    "child.setting",
    "document.file_name",
    "document.title",
    "identity.shown_as",
    "meeting.for_everybody",
    "meeting.link",
    "meeting.mediator_name",
    "meeting.place",
    "party.name",
    "party_member.name",
    "party_member.role",
    "remaining_issue.words",
    "statement.body",
}


def sealed_texts() -> Iterator[tuple[Any, str]]:
    """Yield each model outside the compartment with the name of each sealed text that it has."""
    for name, model in sorted(declared().items()):
        if not name.startswith("compartment."):
            yield from ((model, key) for key, value in vars(model).items() if isinstance(value, SealedText))


def test_the_export_holds_the_texts_that_a_council_reads_and_no_other(
    here: Database, here_url: str, tmp_path: pathlib.Path
) -> None:
    leaving = leaving_council(Factory(here), here, logins_of(here_url)["worker"])
    planted = _plant(here_url, leaving)
    assert planted > READ
    export_for_council(here, leaving.council.authority, tmp_path / "council.zip", actor=OPERATOR, at=NOW)
    with zipfile.ZipFile(tmp_path / "council.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert {name for name in planted if f"<{name}>".encode() in content} == READ


def _plant(admin_url: str, leaving: Leaving) -> set[str]:
    """Write into every sealed text of the council's rows which one it is; return those of which there is a row."""
    authority_id = leaving.council.authority.id
    engine = sa.create_engine(psycopg_url(admin_url), poolclass=sa.NullPool)
    info = {"scope": authority_scope(authority_id), "vault": Vault(MASTER_KEY)}
    planted = set()
    with Session(engine, info=info) as session:
        for model, text in sealed_texts():
            realm = model.authority_id if hasattr(model, "authority_id") else model.realm_id
            name = f"{model.__tablename__}.{text}"
            for row in session.scalars(sa.select(model).where(realm == authority_id)):
                setattr(row, text, f"<{name}>")
                planted.add(name)
        session.commit()
    engine.dispose()
    return planted

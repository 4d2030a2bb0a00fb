"""Planned cases in a temporary table: one wide row for each, with all that is not the same for every case.

``rows`` makes of them what a case consists of, within the database.
"""

import dataclasses
import functools
import uuid
from collections.abc import Iterable
from typing import Any

import psycopg
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.orm import Session

from bench.plan import CasePlan, Due
from parley.casework.domain import CaseState, council_list, reference
from parley.casework.models import Answer, Case, Child, Party, PartyMember, Statement, WorklistEntry
from parley.db.sealed import SealedText, search_fingerprint
from parley.tenancy.domain import Authority

#: Of a council's cases every so many are those of one parent; others have one each.
OWN_EVERY = 200

#: What is sealed in the parts of a case: each with its column here, that of its model, and the part's number.
_SEALED: tuple[tuple[str, SealedText, int], ...] = (
    ("date_of_birth", Child.date_of_birth, 1),
    ("address", Child.address, 1),
    ("childs_setting", Child.setting, 1),
    ("council_name", Party.name, 2),
    ("setting_name", Party.name, 3),
    ("asker_name", PartyMember.name, 4),
    ("asker_email", PartyMember.email, 4),
    ("asker_phone", PartyMember.phone, 4),
    ("contact_name", PartyMember.name, 5),
    ("contact_email", PartyMember.email, 5),
    ("story", Statement.body, 6),
    ("wish", Statement.body, 7),
    ("council_words", Answer.words, 8),
    ("setting_words", Answer.words, 9),
)
#: Columns with the ids of parts, and the parts' numbers.
PARTS = {
    "child_id": 1,
    "council_party_id": 2,
    "setting_party_id": 3,
    "asker_id": 4,
    "contact_id": 5,
    "story_id": 6,
    "wish_id": 7,
    "council_answer_id": 8,
    "setting_answer_id": 9,
    "family_party_id": 10,
}

PLANNED = Table(
    "planned_case",
    MetaData(),
    Column("id", Uuid),
    Column("stage", SmallInteger),
    Column("state", Text),
    Column("listed", Text),
    Column("reference", Text),
    Column("sent", DateTime(timezone=True)),
    Column("answer_by", Date),
    Column("council_due_on", Date),
    Column("council_due_code", Text),
    Column("provider_due_on", Date),
    Column("provider_due_code", Text),
    Column("parent_id", Uuid),
    Column("assigned_id", Uuid),
    Column("coordinator_id", Uuid),
    Column("as_question", Boolean),
    Column("shares", Integer),
    Column("child_name", LargeBinary),
    Column("child_fingerprint", LargeBinary),
    Column("listed_name", LargeBinary),
    Column("listed_fingerprint", LargeBinary),
    *(Column(name, Uuid) for name in PARTS),
    *(Column(name, LargeBinary) for name, *_ in _SEALED),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Council:
    """For whom cases are made, and who has them. ``parent`` has one in OWN_EVERY."""

    authority: Authority
    provider_id: uuid.UUID
    policy_version_id: uuid.UUID
    officers: tuple[uuid.UUID, ...]
    coordinators: tuple[uuid.UUID, ...]
    parent: uuid.UUID


def put(session: Session, council: Council, cases: Iterable[CasePlan]) -> None:
    """Put ``cases`` into the temporary table, which goes with the transaction."""
    PLANNED.create(session.connection())
    connection: psycopg.Connection[Any] = session.connection().connection.dbapi_connection
    wide = _Wide(session, council)
    names = ", ".join(column.name for column in PLANNED.c)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {PLANNED.name} ({names}) FROM STDIN (FORMAT BINARY)".encode()) as copy,
    ):
        copy.set_types([str(column.type.compile(session.get_bind().dialect)).lower() for column in PLANNED.c])
        for case in cases:
            copy.write_row(wide.row(case))


class _Wide:
    """Makes the wide rows of one council's cases."""

    def __init__(self, session: Session, council: Council) -> None:
        self._session, self._council = session, council
        authority_id, provider_id = council.authority.id, council.provider_id
        # Of few names; children of a name differ by when they were born.
        self._child = functools.cache(functools.partial(search_fingerprint, session, authority_id, "case.child_name"))
        self._listed = functools.partial(search_fingerprint, session, provider_id, "provider_worklist.child")
        self._seal_child = Case.child_name.sealer(session, authority_id)
        self._seal_listed = WorklistEntry.name.sealer(session, provider_id)
        self._sealers = [(name, column.sealer(session, authority_id), part) for name, column, part in _SEALED]

    def row(self, case: CasePlan) -> tuple[Any, ...]:
        """Return the values of ``case``, in the order of the table's columns."""
        council, due = self._council, Due.of(case)
        choice = int(case.chance * 1_000_000)
        told = case.reached(CaseState.COUNCIL_TOLD)
        words = _words(case, council.authority.name)
        parts = {number: case.part(number) for number in PARTS.values()}
        return (
            case.id,
            case.stage,
            case.state.value,
            council_list(case.state, told=told),
            reference(council.authority.reference_prefix, case.sent.year, 50_000 + case.number),
            case.sent,
            case.answer_by,
            due.council_on,
            due.council_code,
            due.provider_on,
            due.provider_code,
            council.parent if case.number % OWN_EVERY == 0 else case.part(11),
            _one_of((None, *council.officers), choice) if told else None,
            _one_of((None, *council.coordinators), choice),
            choice % 10 == 0,
            choice % 4,
            self._seal_child(case.id, case.child),
            self._child(case.child),
            self._seal_listed(case.id, case.child),
            self._listed(f"{case.child}|{case.born}"),
            *parts.values(),
            *(seal(parts[part], words[name]) if words[name] else None for name, seal, part in self._sealers),
        )


def _words(case: CasePlan, council: str) -> dict[str, str]:
    """Return what people wrote and are called, by column."""
    agreed = "We will come and listen." if case.reached(CaseState.AGREED) else ""
    return {
        "date_of_birth": case.born,
        "address": "4 Hidden Lane",
        "childs_setting": case.setting,
        "council_name": council,
        "setting_name": case.setting,
        "asker_name": f"Ash {case.child.partition(' ')[2]}",
        "asker_email": "ash@family.invalid",
        "asker_phone": "+441632960001",
        "contact_name": "Sam Field",
        "contact_email": "office@setting.invalid",
        "story": case.story,
        "wish": "We wish that the help begins, and that somebody tells us when.",
        "council_words": agreed,
        "setting_words": agreed,
    }


def _one_of(choices: tuple[uuid.UUID | None, ...], choice: int) -> uuid.UUID | None:
    return choices[choice % len(choices)]

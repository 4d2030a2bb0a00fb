"""Planned cases in a temporary table: one wide row for each, with all that is not the same for every case.

``rows`` makes of them what a case consists of, within the database. A row is a line of COPY's own text, which is
quicker than handing over forty values of it one by one.
"""

import dataclasses
import functools
import itertools
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
from parley.db.sealed import SealedText, realm_keys
from parley.tenancy.domain import Authority

#: Of a council's cases every so many are those of one parent; others have one each.
OWN_EVERY = 200

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
#: The part that is a parent of the case's own.
_PARENT = 11

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

#: No value, in COPY's text.
_NOTHING = r"\N"
#: Lines that are handed over at once.
_LINES = 50

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
    # Read many times and kept for moments: nothing of a row is put aside or compressed.
    postgresql_with={"toast_tuple_target": 8160},
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
    names = ", ".join(column.name for column in PLANNED.c)
    lines = map(_Wide(session, council).line, cases)
    with connection.cursor() as cursor, cursor.copy(f"COPY {PLANNED.name} ({names}) FROM STDIN".encode()) as copy:
        while some := "".join(itertools.islice(lines, _LINES)):
            copy.write(some)


class _Wide:
    """Makes the wide rows of one council's cases."""

    def __init__(self, session: Session, council: Council) -> None:
        self._council = council
        authority_id, provider_id = council.authority.id, council.provider_id
        # Keys are taken now: once COPY has begun, its connection answers nothing else.
        of_authority = realm_keys(session, authority_id).fingerprint
        of_provider = realm_keys(session, provider_id).fingerprint
        # Of few names; children of a name differ by when they were born.
        self._child = functools.cache(functools.partial(of_authority, "case.child_name"))
        self._listed = functools.partial(of_provider, "provider_worklist.child")
        self._seal_child = Case.child_name.sealer(session, authority_id)
        self._seal_listed = WorklistEntry.name.sealer(session, provider_id)
        self._sealers = [(name, column.sealer(session, authority_id), part) for name, column, part in _SEALED]

    def line(self, case: CasePlan) -> str:
        """Return the values of ``case`` in the order of the table's columns, as a line of COPY."""
        council, due = self._council, Due.of(case)
        choice = int(case.chance * 1_000_000)
        told = case.reached(CaseState.COUNCIL_TOLD)
        case_id, parts, words = str(case.id), case.parts(_PARENT), _words(case, council.authority.name)
        values = (
            case_id,
            str(case.stage),
            case.state,
            council_list(case.state, told=told),
            reference(council.authority.reference_prefix, case.sent.year, 50_000 + case.number),
            case.sent.isoformat(),
            case.answer_by.isoformat(),
            due.council_on.isoformat(),
            due.council_code or _NOTHING,
            due.provider_on.isoformat(),
            due.provider_code or _NOTHING,
            str(council.parent) if case.number % OWN_EVERY == 0 else parts[_PARENT],
            _one_of((None, *council.officers), choice) if told else _NOTHING,
            _one_of((None, *council.coordinators), choice),
            "t" if choice % 10 == 0 else "f",
            str(choice % 4),
            _bytes(self._seal_child(case_id, case.child)),
            _bytes(self._child(case.child)),
            _bytes(self._seal_listed(case_id, case.child)),
            _bytes(self._listed(f"{case.child}|{case.born}")),
            *(parts[number] for number in PARTS.values()),
            *(
                _bytes(seal(parts[part], words[name])) if words[name] else _NOTHING
                for name, seal, part in self._sealers
            ),
        )
        return "\t".join(values) + "\n"


def _bytes(value: bytes) -> str:
    """Return ``value`` as COPY reads it."""
    return rf"\\x{value.hex()}"


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


def _one_of(choices: tuple[uuid.UUID | None, ...], choice: int) -> str:
    chosen = choices[choice % len(choices)]
    return _NOTHING if chosen is None else str(chosen)

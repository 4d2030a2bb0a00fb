"""What hangs on a realm's data key: sealed columns as the models declare them, fingerprints, pieces of documents."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningDelete

from parley.casework.models import Case, Child, Invitation, WorklistEntry
from parley.db.base import Base
from parley.db.realm_keys import DIGEST_BYTES, HEADER_BYTES, RealmKeys, header_of
from parley.db.sealed import SealedText
from parley.documents.models import DocumentChunk
from parley.identity.domain import LINK_ISSUER
from parley.identity.models import AttemptLimit, Identity, OneTimeLink, SignInSession
from parley.renewal.domain import Left, Owner, RunningOut
from parley.tenancy.models import LocalAuthority, Provider

#: What a fingerprint of a row is: made with ``keys`` of the row and what was opened of it, by column; None for no more.
Maker = Callable[[RealmKeys, Any, Mapping[str, str]], bytes | str | None]

#: What a row lacks to make a fingerprint of: a child's date of birth is with its council.
BORN = "born"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lasting:
    """A fingerprint that is kept as long as its row."""

    column: str
    make: Maker
    is_behind: Callable[[bytes], ColumnElement[bool]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SealedTable:
    """A table with sealed text of realms: the column of the realm, the texts, and the fingerprints of them."""

    table: Table
    realm: Column[Any]
    texts: tuple[SealedText, ...]
    lasting: tuple[Lasting, ...]

    @property
    def keys(self) -> list[Column[Any]]:
        """The columns that tell one row from another."""
        return list(self.table.primary_key.columns)

    def is_behind(self, version: int) -> ColumnElement[bool]:
        """Return the condition of rows of which anything is not under ``version``, a later one than the first."""
        header = header_of(version)
        texts = [starts_otherwise(self.table.c[text.column], header) for text in self.texts]
        return or_(*texts, *(one.is_behind(header) for one in self.lasting))

    @property
    def is_of_listed(self) -> bool:
        """Whether its rows name children whose date of birth is with their council."""
        return self.table is WorklistEntry.__table__


@dataclasses.dataclass(frozen=True, kw_only=True)
class Passing:
    """A fingerprint of what runs out: ``is_over`` tells of which rows it did by a moment, ``until`` when it does."""

    column: ColumnElement[bytes | None]
    realm: ColumnElement[uuid.UUID]
    until: ColumnElement[dt.datetime]
    is_over: Callable[[dt.datetime], ColumnElement[bool]]

    def is_behind(self, version: int) -> ColumnElement[bool]:
        """Return the condition of rows whose fingerprint is not under ``version``."""
        return fingerprint_is_behind(self.column, header_of(version))


def starts_otherwise(column: ColumnElement[Any], header: bytes) -> ColumnElement[bool]:
    """Return the condition of values that begin otherwise; false or NULL for no value."""
    return func.substring(column, 1, HEADER_BYTES) != literal(header, LargeBinary)


def fingerprint_is_behind(column: ColumnElement[Any], header: bytes) -> ColumnElement[bool]:
    """Return the condition of fingerprints that were not made under the version of ``header``; an empty one is none."""
    length = func.octet_length(column)
    return and_(length > 0, or_(length != HEADER_BYTES + DIGEST_BYTES, starts_otherwise(column, header)))


def _of_text(column: str, text: str, context: str) -> Callable[[Table], Lasting]:
    """Return the fingerprint in ``column`` of what is opened of ``text``."""

    def make(keys: RealmKeys, row: Any, opened: Mapping[str, str]) -> bytes | None:
        return None if getattr(row, column) is None else keys.fingerprint(context, opened[text])

    return lambda table: Lasting(
        column=column, make=make, is_behind=lambda header: fingerprint_is_behind(table.c[column], header)
    )


def _listed_child(table: Table) -> Lasting:
    """Return the fingerprint of a child in a provider's list, which goes where the council's record of it has gone."""

    def make(keys: RealmKeys, row: Any, opened: Mapping[str, str]) -> bytes | None:
        if row.child_fingerprint is None or BORN not in opened:
            return None
        return keys.fingerprint("provider_worklist.child", f"{opened['name_sealed']}|{opened[BORN] or None}")

    column = table.c.child_fingerprint
    return Lasting(column=column.name, make=make, is_behind=lambda header: fingerprint_is_behind(column, header))


def _mailbox_as_subject(table: Table) -> Lasting:
    """Return the fingerprint by which who signs in by links is known: of the mailbox that they are shown as."""

    def make(keys: RealmKeys, row: Any, opened: Mapping[str, str]) -> str:
        if row.issuer != LINK_ISSUER:
            return str(row.subject)
        return keys.fingerprint("identity.mailbox", opened["shown_as_sealed"]).hex()

    def is_behind(header: bytes) -> ColumnElement[bool]:
        by_link = and_(table.c.issuer == LINK_ISSUER, table.c.shown_as_sealed.is_not(None))
        hexed, digits = header.hex(), 2 * (HEADER_BYTES + DIGEST_BYTES)
        subject = table.c.subject
        return and_(by_link, or_(func.length(subject) != digits, func.left(subject, len(hexed)) != hexed))

    return Lasting(column="subject", make=make, is_behind=is_behind)


def _mailbox_of_link(table: Table) -> Lasting:
    """Return the fingerprint of the mailbox that a link was asked for; a link that was used needs none."""

    def make(keys: RealmKeys, row: Any, opened: Mapping[str, str]) -> bytes:
        return keys.fingerprint("identity.mailbox", opened["mailbox_sealed"]) if opened["mailbox_sealed"] else b""

    column = table.c.mailbox_hash
    return Lasting(column=column.name, make=make, is_behind=lambda header: fingerprint_is_behind(column, header))


_LASTING: Mapping[Any, tuple[Callable[[Table], Lasting], ...]] = {
    Case.__table__: (
        _of_text("child_fingerprint", "child_name_sealed", "case.child_name"),
        _of_text("council_number_fingerprint", "council_number_sealed", "case.council_number"),
    ),
    WorklistEntry.__table__: (_listed_child,),
    Identity.__table__: (_mailbox_as_subject,),
    OneTimeLink.__table__: (_mailbox_of_link,),
}

#: Codes that somebody was given to type in, and that by which an issuer may end a sign-in. Neither is kept as text, so
#: they run out under the version that made them.
PASSING = (
    Passing(
        column=Invitation.__table__.c.code_hash,
        realm=Invitation.__table__.c.authority_id,
        until=func.coalesce(Invitation.code_expires_at, Invitation.expires_at),
        is_over=lambda at: or_(
            func.coalesce(Invitation.code_expires_at, Invitation.expires_at) <= at,
            Invitation.expires_at <= at,
            func.num_nonnulls(Invitation.accepted_at, Invitation.returned_at, Invitation.revoked_at) > 0,
        ),
    ),
    Passing(
        column=OneTimeLink.__table__.c.code_hash,
        realm=OneTimeLink.__table__.c.realm_id,
        until=OneTimeLink.__table__.c.expires_at,
        is_over=lambda at: or_(OneTimeLink.expires_at <= at, OneTimeLink.used_at.is_not(None)),
    ),
    Passing(
        column=SignInSession.__table__.c.issuer_session_hash,
        realm=SignInSession.__table__.c.realm_id,
        until=SignInSession.__table__.c.expires_at,
        is_over=lambda at: or_(SignInSession.expires_at <= at, SignInSession.ended_at.is_not(None)),
    ),
)


def sealed_tables() -> tuple[SealedTable, ...]:
    """Return every table of the open side with sealed text, as the models declare it."""
    found = []
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table)):
        texts = tuple(value for value in vars(mapper.class_).values() if isinstance(value, SealedText))
        table = mapper.local_table
        if texts and isinstance(table, Table) and table.schema is None:
            (realm,) = {text.realm for text in texts}
            lasting = tuple(make(table) for make in _LASTING.get(table, ()))
            found.append(SealedTable(table=table, realm=table.c[realm], texts=texts, lasting=lasting))
    return tuple(found)


def require_all_known(session: Session) -> None:
    """Raise LookupError where the database has a sealed column that this process knows nothing of.

    What it does not know it would not seal anew, and the former key would be destroyed nevertheless.
    """
    known = {f"{sealed.table.name}.{one.column}" for sealed in sealed_tables() for one in sealed.texts}
    there = text(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
        " AND NOT a.attisdropped AND a.attname LIKE '%\\_sealed'"
    )
    if unknown := sorted(set(session.scalars(there)) - known):
        raise LookupError(f"this release does not know these sealed columns, and may not overlook them: {unknown}")


def owner_called(session: Session, kind: str, slug: str) -> Owner | None:
    """Return the council or the provider ("council", "provider") of that name, or None."""
    model = LocalAuthority if kind == "council" else Provider
    row = session.execute(select(model.id, model.name).where(model.slug == slug)).first()
    return Owner(id=row.id, name=row.name) if row else None


def next_rows(
    sealed: SealedTable, realm_id: uuid.UUID, version: int, *, after: Sequence[Any] | None, most: int
) -> Select[Any]:
    """Return the next rows that are behind, in the order of their keys, held, but for those in others' hands."""
    named = {column.name for column in sealed.keys} | {text.row for text in sealed.texts}
    named |= {text.column for text in sealed.texts} | {one.column for one in sealed.lasting}
    if sealed.table is Identity.__table__:
        named.add("issuer")
    query = (
        select(*(sealed.table.c[name] for name in sorted(named)))
        .where(sealed.realm == realm_id, sealed.is_behind(version))
        .order_by(*sealed.keys)
        .limit(most)
        # What others refer to is not changed, but for whom somebody is known as.
        .with_for_update(key_share=sealed.table is not Identity.__table__, skip_locked=True)
    )
    if after is not None:
        last = (literal(value, column.type) for value, column in zip(after, sealed.keys, strict=True))
        query = query.where(tuple_(*sealed.keys) > tuple_(*last))
    return query


def born_of_listed(session: Session, authority_id: uuid.UUID, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the date of birth of each case's child as it is written, "" for none; in the scope of that council."""
    born = Child.date_of_birth.opener(session, authority_id)
    asked = select(Child.case_id, Child.id, Child.date_of_birth_sealed)
    asked = asked.where(Child.authority_id == authority_id, Child.case_id.in_(case_ids))
    return {row.case_id: born(row.id, row.date_of_birth_sealed) for row in session.execute(asked)}


def documents_behind(session: Session, realm_id: uuid.UUID, version: int) -> Sequence[uuid.UUID]:
    """Return the documents of which a piece is not under ``version``."""
    pieces = select(DocumentChunk.document_id).where(_piece_is_behind(realm_id, version))
    return session.scalars(pieces.distinct().order_by(DocumentChunk.document_id)).all()


def without_old_tries(realm_id: uuid.UUID, version: int) -> ReturningDelete[uuid.UUID]:
    """Return what deletes the counts of tries that nobody finds any more."""
    behind = fingerprint_is_behind(AttemptLimit.__table__.c.key_hash, header_of(version))
    return delete(AttemptLimit).where(AttemptLimit.realm_id == realm_id, behind).returning(AttemptLimit.realm_id)


def left_behind(session: Session, realm_id: uuid.UUID, version: int) -> Left:
    """Return what of the realm is not under ``version`` yet."""
    rows = {}
    for sealed in sealed_tables():
        of_realm = select(func.count()).select_from(sealed.table).where(sealed.realm == realm_id)
        rows[sealed.table.name] = session.scalars(of_realm.where(sealed.is_behind(version))).one()
    pieces = select(func.count()).select_from(DocumentChunk).where(_piece_is_behind(realm_id, version))
    rows[DocumentChunk.__tablename__] = session.scalars(pieces).one()
    running_out = _running_out(session, realm_id, version)
    return Left(rows={name: count for name, count in rows.items() if count}, running_out=running_out)


def _running_out(session: Session, realm_id: uuid.UUID, version: int) -> RunningOut:
    count, latest = 0, []
    for one in PASSING:
        behind = and_(one.realm == realm_id, one.is_behind(version))
        number, until = session.execute(select(func.count(), func.max(one.until)).where(behind)).one()
        count += number
        latest += [until] if until else []
    return RunningOut(count=count, until=max(latest, default=None))


def _piece_is_behind(realm_id: uuid.UUID, version: int) -> ColumnElement[bool]:
    piece = DocumentChunk.__table__.c
    return and_(piece.authority_id == realm_id, starts_otherwise(piece.sealed, header_of(version)))

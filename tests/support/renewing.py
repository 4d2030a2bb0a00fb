"""A deployment in which keys are renewed: a process that serves people, whoever runs the command, and what is kept."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from parley.access.domain import Role
from parley.casework import lists, worklists
from parley.casework.domain import Capacity, CaseState, Viewer
from parley.casework.models import Case, PartyMember, WorklistEntry
from parley.casework.service import invitations
from parley.casework.service.answers import set_council_number
from parley.casework.service.record import Act, case_for_update
from parley.db.realm_keys import RealmKeys, version_of
from parley.db.scope import authority_scope
from parley.db.sealed import realm_keys, search_fingerprint
from parley.db.session import Database
from parley.documents.models import Document, DocumentChunk
from parley.identity import links
from parley.identity.domain import DEFAULT_LIMITS, Browser, SignInKind
from parley.identity.models import OneTimeLink
from parley.identity.sessions import Person, Place, Proof, begin_session
from parley.kernel.clock import SystemClock
from parley.renewal.domain import Owner, Renewed
from parley.renewal.queries import sealed_tables
from parley.renewal.service import Order, Told, begin, renew
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.factories import NOW, OPERATOR, Factory, MadeCase, acting
from support.planting import key_of
from support.sides import Side

MAILBOX = "Parent@family.invalid"
ISSUER = "https://issuer.invalid"

Realm = Authority | ProviderOrganisation


@dataclasses.dataclass
class Running:
    """A deployment: a process that serves people, and whoever runs the command."""

    url: str
    serving: Database
    command: Database
    admin: sa.Engine
    make: Factory

    def order(self, realm: Realm, **instead: object) -> Order:
        """Return the order to renew the key of ``realm`` at once."""
        told = {"announced": dt.timedelta(), "clocks_apart": dt.timedelta(), "at_once": False} | instead
        return Order(
            owner=Owner(id=realm.id, name=realm.name),
            actor=OPERATOR,
            clock=SystemClock(),
            author="ops",
            reason="It was in a dump",
            **told,
        )

    def announced(self, realm: Realm) -> Order:
        """Announce another key, and let the process that serves people learn of it."""
        order = self.order(realm)
        begin(self.command, order)
        self.serving.vault.forget(realm.id)
        return order

    def renewed(self, realm: Realm, **instead: object) -> Renewed:
        """Renew the key of ``realm``."""
        self.announced(realm)
        return renew(self.command, self.order(realm, **instead), Told())

    def keys(self, realm: Realm) -> RealmKeys:
        """Return the realm's keys as they are now."""
        self.command.vault.forget(realm.id)
        with self.command.begin(authority_scope(realm.id)) as session:
            return realm_keys(session, realm.id)


def name_of(database: Database, case: MadeCase) -> str:
    with database.begin(case.authority_scope) as session:
        return session.scalars(sa.select(Case).where(Case.id == case.id)).one().child_name


def found(running: Running, case: MadeCase, text: str) -> list[str]:
    with running.serving.begin(case.authority_scope) as session:
        return [row.reference for row in lists.search_council(session, authority_id=case.authority.id, text=text)]


def number(running: Running, case: MadeCase, text: str) -> None:
    with running.serving.begin(case.authority_scope) as session:
        ids = {"authority_id": case.authority.id, "case_id": case.id}
        set_council_number(session, actor=case.family_actor, at=NOW, number=text, **ids)


def told_case(running: Running, authority: Authority | None = None, **columns: object) -> MadeCase:
    columns |= {"state": CaseState.COUNCIL_TOLD, "council_told_at": NOW}
    return running.make.case(authority, **columns)


#: A column of a row with a text that was put there, and what is authenticated with it: the text itself.
Planted = tuple[sa.Table, str, sa.ColumnElement[bool], str]


def plant_texts(running: Running, side: Side, realm: Realm, keys: RealmKeys) -> list[Planted]:
    """Put a text into every sealed column of the realm there is; return where, and what is authenticated with it."""
    planted = []
    for sealed in sealed_tables():
        row = side.planted.row(sealed.table)
        if row[sealed.realm.name] != realm.id:
            continue
        values = {}
        for text in sealed.texts:
            context = text.context(realm.id, row[text.row])
            values[text.column] = keys.seal(context, context.encode())
            planted.append((sealed.table, text.column, key_of(sealed.table, row), context))
        with running.admin.begin() as connection:
            connection.execute(sa.update(sealed.table).where(key_of(sealed.table, row)).values(values))
    return planted


def versions_of(running: Running, realm: Realm, column: sa.Column[Any]) -> list[int]:
    """Return under which version each value of a column is, by the ids of their rows."""
    owner = next(one.realm for one in sealed_tables() if one.table is column.table) if column.name != "sealed" else None
    owner = column.table.c.authority_id if owner is None else owner
    asked = sa.select(column).where(owner == realm.id, column.is_not(None)).order_by(*column.table.primary_key)
    with running.admin.connect() as connection:
        return [version_of(value) for value in connection.scalars(asked)]


def kill_after(running: Running, realm: Realm, table: str, rows: int) -> None:
    """Begin to renew the realm's key, or go on with it, and kill that once so many rows of a table were stored."""
    order = running.announced(realm)
    with pytest.raises(KeyboardInterrupt):
        renew(running.command, order, Told(done=_Killing(running, realm, table, rows)))


class _Killing:
    """Told of rows that are stored, it ends the run like Ctrl-C once ``rows`` of ``table`` are."""

    def __init__(self, running: Running, realm: Realm, table: str, rows: int) -> None:
        self.running, self.realm, self.table, self.rows = running, realm, table, rows

    def __call__(self, _count: int) -> None:
        """Look into the audit how many there are by now."""
        asked = sa.text(
            "SELECT coalesce(sum((codes->>'rows')::int), 0) FROM audit_event"
            " WHERE realm_id = :realm AND action = 'data_key.reseal' AND codes->>'table' = :table"
        )
        with self.running.admin.connect() as connection:
            if connection.scalar(asked, {"realm": self.realm.id, "table": self.table}) >= self.rows:
                raise KeyboardInterrupt


def digests_hold(running: Running, realm: Realm) -> bool:
    """Tell whether the digest of every document of the realm is that of its pieces."""
    with running.admin.connect() as connection:
        of_realm = sa.select(Document.id, Document.sha256).where(Document.authority_id == realm.id)
        for document, digest in connection.execute(of_realm).all():
            pieces = sa.select(DocumentChunk.sealed).where(DocumentChunk.document_id == document)
            content = b"".join(connection.scalars(pieces.order_by(DocumentChunk.number)))
            if hashlib.sha256(content).digest() != digest:
                return False
    return True


def everything(admin_url: str) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    with psycopg.connect(admin_url) as admin:
        tables = admin.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace IN ('public'::regnamespace, 'compartment'::regnamespace)"
        ).fetchall()
        return {
            table: sorted(row for (row,) in admin.execute(f"SELECT t::text FROM {table} t".encode()))
            for (table,) in tables
        }


def listed(running: Running, case: MadeCase, born: str = "2015-03-02") -> MadeCase:
    """Have the provider's list know the child by name and date of birth; return the case."""
    with running.serving.begin(case.authority_scope) as session:
        child = search_fingerprint(session, case.provider.id, "provider_worklist.child", f"{case.child_name}|{born}")
        entry = sa.update(WorklistEntry).where(WorklistEntry.case_id == case.id)
        session.execute(entry.values(child_fingerprint=child))
        session.commit()
    return case


def others(running: Running, case: MadeCase) -> list[str]:
    """Return which other cases the provider is shown as being of the same child."""
    with running.serving.begin(case.provider_scope) as session:
        ids = {"provider_id": case.provider.id, "authority_id": case.authority.id, "case_id": case.id}
        return [other.reference for other in worklists.on_the_desk(session, **ids).same_child]


BROWSER = Browser(secret="a browser's own", device="a browser", network="192.0.2.1")


def ask(running: Running, council: Authority, mailbox: str = MAILBOX) -> str:
    """Ask for a link to sign in by; return its token."""
    at = SystemClock().now()
    with running.serving.begin(authority_scope(council.id)) as session:
        asked = {"realm_id": council.id, "mailbox": mailbox, "host": council.hosts[0], "browser": BROWSER}
        links.ask_for_link(session, next_path="/", at=at, **asked)
        link = session.scalars(sa.select(OneTimeLink.id).order_by(OneTimeLink.created_at.desc()).limit(1)).one()
        minted = links.mint(session, realm_id=council.id, link_id=link, at=at)
    assert minted is not None
    return minted.token


def use(running: Running, council: Authority, token: str) -> uuid.UUID:
    """Sign in by a link; return as whom."""
    place = Place(realm_id=council.id, host=council.hosts[0], browser=BROWSER)
    with running.serving.begin(authority_scope(council.id)) as session:
        limits, at = DEFAULT_LIMITS[SignInKind.FAMILY], SystemClock().now()
        used = links.use_link(session, token=token, place=place, limits=limits, replaces=None, at=at)
    return used.session.identity_id


def begun_through_issuer(running: Running, council: Authority, issuer_session: str) -> None:
    """Sign an officer in through an issuer, which calls its own session so."""
    at = SystemClock().now()
    officer = Person(kind=SignInKind.STAFF, issuer=ISSUER, subject="officer", roles=frozenset({Role.OFFICER}))
    place, proof = (
        Place(realm_id=council.id, host=council.hosts[0], browser=BROWSER),
        Proof(at=at, issuer_session=issuer_session),
    )
    with running.serving.begin(authority_scope(council.id)) as session:
        begin_session(session, officer, place, proof, DEFAULT_LIMITS[SignInKind.STAFF], replaces=None, at=at)
        session.commit()


def offered(running: Running, case: MadeCase) -> str:
    """Let a caller take over a request; return the code that is read out."""
    member_id = running.make.member(case, case.family, name="A Caller", capacity=Capacity.PARENT_CARER)
    with running.serving.begin(case.authority_scope) as session:
        member = session.get_one(PartyMember, (case.authority.id, member_id))
        member.identity_id = None
        row = case_for_update(session, case.authority.id, case.id)
        actor = acting(Role.COORDINATOR, case.provider)
        act = Act(session=session, case=row, actor=actor, by=Viewer.PROVIDER, at=SystemClock().now())
        code = invitations.offer_claim(act, member)
        session.commit()
    return code


def claim(running: Running, case: MadeCase, code: str) -> None:
    """Take the request over with the code."""
    with running.serving.begin(case.authority_scope) as session:
        family, at = acting(Role.FAMILY, case.authority), SystemClock().now()
        ids = {"authority_id": case.authority.id, "reference": case.reference}
        invitations.claim(session, actor=family, at=at, code=code, **ids)

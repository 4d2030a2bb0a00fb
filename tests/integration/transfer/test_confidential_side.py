"""What was said in confidence goes to another deployment for its provider, and nobody reads it on the way."""

import dataclasses
import pathlib
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from parley.audit.models import AuditEvent
from parley.compartment.models import DraftAgreement, MediatorNote, PrivateMessage
from parley.db import keys
from parley.db.base import Base
from parley.db.confidential_mover import KEPT, REACH
from parley.db.keys import KeyFileError
from parley.db.realm_keys import RealmKeys
from parley.db.scope import (
    Login,
    Scope,
    Side,
    compartment_scope,
    confidential_mover_scope,
    platform_scope,
    provider_scope,
)
from parley.db.session import Database
from parley.kernel.errors import Conflict
from parley.retention.service import place_hold
from parley.tenancy import queries as tenancy
from parley.transfer.queries.confidential_rows import confidential_names, confidential_tables
from parley.transfer.sealed_stream import SealedFileError, public_key, public_text
from parley.transfer.service.arriving import bring_in
from parley.transfer.service.carrying import Carried, carry_out
from parley.transfer.service.confiding import (
    bring_confidential_in,
    carry_confidential_out,
    count_confidential,
    let_go,
    look_at_confidential,
)
from support.factories import NOW, OPERATOR
from support.leaving_council import SECRET, Leaving
from support.models import declared
from support.other_deployment import Elsewhere, elsewhere

ARRIVALS, OTHER = bytes(range(32)), bytes(range(1, 33))


@dataclasses.dataclass(frozen=True)
class Sealed:
    """The two files of the council: its open side, and its provider's confidential one."""

    open_side: pathlib.Path
    confidential: pathlib.Path
    carried: Carried


@pytest.fixture(scope="module")
def sealed(here: Database, leaving: Leaving, staying: Leaving, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Both files, made while no text may be opened."""
    folder, receiver = tmp_path_factory.mktemp("sealed"), public_key(public_text(ARRIVALS))
    council, provider = leaving.council.authority, leaving.council.provider
    open_side, confidential = folder / "council.sealed", folder / "confidential.sealed"
    carry_out(here, council, open_side, receiver, actor=OPERATOR, at=NOW)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(RealmKeys, "open", _never)
        carried = carry_confidential_out(here, provider, council, confidential, receiver, actor=OPERATOR, at=NOW)
    return Sealed(open_side, confidential, carried)


def _never(_key: bytes) -> None:
    raise AssertionError("a text was opened")


@pytest.fixture
def there(database_server: str, leaving: Leaving, here: Database, sealed: Sealed) -> Iterator[Elsewhere]:
    """The other deployment, with the council's open side."""
    with elsewhere(database_server, leaving, here) as found:
        bring_in(found.database, sealed.open_side, ARRIVALS, actor=OPERATOR, at=NOW)
        yield found


def arrive(there: Elsewhere, sealed: Sealed) -> Carried:
    return bring_confidential_in(there.database, sealed.confidential, ARRIVALS, actor=OPERATOR, at=NOW)[1]


def provider_there(there: Elsewhere, leaving: Leaving) -> uuid.UUID:
    with there.database.begin(platform_scope(Login.APP)) as session:
        (found,) = (one for one in tenancy.providers(session) if one.slug == leaving.council.provider.slug)
    return found.id


def test_the_same_is_there_by_count_and_hash_without_a_text_being_opened(
    there: Elsewhere, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RealmKeys, "open", _never)
    assert arrive(there, sealed) == sealed.carried
    counts = sealed.carried.counts
    assert min(counts[name] for name in ("private_message", "mediator_note", "draft_agreement", "draft_copy")) > 0
    assert counts["case_key"] == 1


def test_each_side_reads_there_what_it_read_here(
    here: Database, leaving: Leaving, there: Elsewhere, sealed: Sealed
) -> None:
    arrive(there, sealed)
    held = leaving.held
    sides = {
        Side.PROVIDER: (held.case.provider.id, held.mediator.identity_id, (MediatorNote.body, MediatorNote)),
        Side.COUNCIL: (held.case.authority.id, held.officer.identity_id, (PrivateMessage.body, PrivateMessage)),
    }
    for side, (realm_id, person_id, (_, model)) in sides.items():
        read = []
        for database, realm in ((here, realm_id), (there.database, _realm(there, leaving, realm_id))):
            scope = compartment_scope(realm, held.case.authority.id, held.case.id, side=side, person_id=person_id)
            with database.begin(scope) as session:
                read.append([row.body for row in session.scalars(select(model).order_by(model.id))])
        assert read[0] == read[1]
        assert any(SECRET in body for body in read[0])


def _realm(there: Elsewhere, leaving: Leaving, realm_id: uuid.UUID) -> uuid.UUID:
    return provider_there(there, leaving) if realm_id == leaving.council.provider.id else realm_id


def test_its_keys_are_wrapped_by_the_other_compartments_master_key(
    here: Database, leaving: Leaving, there: Elsewhere, sealed: Sealed
) -> None:
    arrive(there, sealed)
    case = leaving.held.case
    with psycopg.connect(there.admin_url) as admin:
        rows = admin.execute("SELECT wrapped, wrapped_by FROM compartment.case_key").fetchall()
    assert rows
    for wrapped, by in rows:
        for vault in here.vaults.values():
            with pytest.raises(KeyFileError):
                vault.unwrap(keys.WrappedKey(wrapped, by))
    scope = compartment_scope(
        provider_there(there, leaving), case.authority.id, case.id, side=Side.PROVIDER, person_id=uuid.uuid4()
    )
    with there.database.begin(scope) as session:
        assert session.scalars(select(DraftAgreement)).one().text


def test_nobody_reads_the_file_on_its_way(sealed: Sealed, leaving: Leaving) -> None:
    content = sealed.confidential.read_bytes()
    for word in (SECRET, leaving.council.authority.slug, str(leaving.held.case.id)):
        assert word.encode() not in content
    with pytest.raises(SealedFileError, match="another one"):
        look_at_confidential(sealed.confidential, OTHER)
    assert look_at_confidential(sealed.confidential, ARRIVALS)[1] == sealed.carried


def test_without_the_council_or_a_second_time_nothing_is_written(
    database_server: str, leaving: Leaving, here: Database, there: Elsewhere, sealed: Sealed
) -> None:
    with elsewhere(database_server, leaving, here) as empty:
        with pytest.raises(Conflict, match="Bring in the council first"):
            arrive(empty, sealed)
    arrive(there, sealed)
    with pytest.raises(Conflict, match="here already"):
        arrive(there, sealed)


def test_a_file_that_was_altered_leaves_nothing(there: Elsewhere, sealed: Sealed, tmp_path: pathlib.Path) -> None:
    content = sealed.confidential.read_bytes()
    for name, spoilt in {"cut off": content[:-40], "altered": content[:-20] + b"x" + content[-19:]}.items():
        (tmp_path / name).write_bytes(spoilt)
        with pytest.raises(SealedFileError):
            arrive(there, dataclasses.replace(sealed, confidential=tmp_path / name))
    assert kept(there.admin_url, sealed) == 0


def test_a_case_that_has_a_key_of_its_own_there_is_not_mixed_up(
    leaving: Leaving, there: Elsewhere, sealed: Sealed
) -> None:
    case = leaving.held.case
    with psycopg.connect(there.admin_url) as admin:
        wrapped = there.database.vaults[keys.Ring.COMPARTMENT].new_wrapped_key()
        admin.execute(
            "INSERT INTO compartment.case_key VALUES (%s, %s, %s, now(), %s)",
            (case.authority.id, case.id, wrapped.wrapped, wrapped.by),
        )
    with pytest.raises(Conflict, match="Somebody wrote in confidence"):
        arrive(there, sealed)
    assert kept(there.admin_url, sealed) == 0


def kept(admin_url: str, sealed: Sealed) -> int:
    """How many rows of the confidential side there are, keys left out."""
    with psycopg.connect(admin_url) as admin:
        return sum(admin.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0][0] for table in KEPT)


def test_both_sides_record_it_in_the_providers_audit_by_the_same_hash(
    here: Database, leaving: Leaving, there: Elsewhere, sealed: Sealed
) -> None:
    arrive(there, sealed)
    told = []
    for database, provider_id, action in (
        (here, leaving.council.provider.id, "confidential.carry_out"),
        (there.database, provider_there(there, leaving), "confidential.bring_in"),
    ):
        with database.begin(provider_scope(provider_id)) as session:
            told.append(session.scalars(select(AuditEvent).where(AuditEvent.action == action)).one().codes)
    assert told[0] == told[1] == {"cases": 1, "sealed": sealed.carried.sha256}


def test_what_is_there_is_let_go_here_and_nothing_else_is(
    database_server: str, leaving: Leaving, here: Database, there: Elsewhere, sealed: Sealed
) -> None:
    """Played at the other deployment, which the tests of this file do not share."""
    arrive(there, sealed)
    council = leaving.council.authority
    with there.database.begin(platform_scope(Login.APP)) as session:
        (provider,) = (one for one in tenancy.providers(session) if one.slug == leaving.council.provider.slug)
    told = {"actor": OPERATOR, "at": NOW}
    with pytest.raises(Conflict, match="Nothing was deleted"):
        let_go(there.database, provider, council, "0" * 64, **told)
    with there.database.begin(leaving.held.case.authority_scope) as session:
        place_hold(
            session,
            authority_id=council.id,
            reference=leaving.held.case.reference,
            by="operator1",
            reason="A claim was notified.",
            **told,
        )
    with pytest.raises(Conflict, match="legal hold"):
        let_go(there.database, provider, council, sealed.carried.sha256, **told)
    with psycopg.connect(there.admin_url) as admin:
        admin.execute("UPDATE legal_hold SET lifted_at = now()")
    assert let_go(there.database, provider, council, sealed.carried.sha256, **told) == sealed.carried
    assert kept(there.admin_url, sealed) == 0
    with psycopg.connect(there.admin_url) as admin:
        assert admin.execute("SELECT count(*) FROM compartment.case_key").fetchall() == [(0,)]
        assert admin.execute('SELECT count(*) FROM "case"').fetchall()[0][0] > 0


def test_of_another_provider_and_of_another_council_the_login_sees_nothing(
    here: Database, leaving: Leaving, staying: Leaving
) -> None:
    council, provider = leaving.council, leaving.council.provider
    other = staying.council.provider
    assert sum(count_confidential(here, provider, council.authority).counts.values()) > 0
    for whose, of in ((other, council.authority), (provider, staying.council.authority)):
        assert set(count_confidential(here, whose, of).counts.values()) == {0}


@pytest.mark.parametrize(
    "query",
    [
        'SELECT 1 FROM "case"',
        "SELECT 1 FROM statement",
        "SELECT 1 FROM party_member",
        "SELECT 1 FROM data_key",
        "SELECT name_sealed FROM provider_worklist",
        "SELECT reason_sealed FROM legal_hold",
        "SELECT 1 FROM audit_event",
        "DELETE FROM provider_worklist",
        "UPDATE compartment.mediator_note SET body_sealed = ''",
        "UPDATE compartment.case_key SET wrapped = ''",
    ],
)
def test_it_alters_nothing_and_reads_nothing_of_the_open_side(here: Database, leaving: Leaving, query: str) -> None:
    scope = confidential_mover_scope(leaving.council.provider.id, leaving.council.authority.id)
    with here.begin(scope) as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(query))


def test_every_table_of_the_confidential_side_is_carried() -> None:
    declared()
    assert {f"compartment.{name}" for name in confidential_names()} == {
        str(table) for table in Base.metadata.tables.values() if table.schema == "compartment"
    }
    assert {str(table) for table in confidential_tables()} == set(KEPT)
    assert set(KEPT) <= REACH.keys()


def test_a_login_without_the_compartments_key_cannot_begin(here: Database, leaving: Leaving) -> None:
    bare = Database({"confidential_mover": here.engine(Login.CONFIDENTIAL_MOVER)}, here.vault)
    with pytest.raises(Exception, match="compartment"):
        bare.session(Scope(login=Login.CONFIDENTIAL_MOVER, realm_id=leaving.council.provider.id))

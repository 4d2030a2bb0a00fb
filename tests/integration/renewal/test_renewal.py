"""A realm's data key gives its place to another: what is read, written and found before, meanwhile and after."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from parley.casework.models import Case, WorklistEntry
from parley.db.keys import Vault
from parley.db.realm_keys import SealBrokenError, version_of
from parley.db.scope import authority_scope, mover_scope, platform_scope
from parley.db.session import Database, engine_for, psycopg_url
from parley.db.wrapping import hold_data_key
from parley.documents import queries as documents
from parley.documents import service
from parley.documents.models import DocumentChunk
from parley.identity.back_channel import sign_out_by_issuer
from parley.identity.domain import SignInKind
from parley.identity.logout_tokens import SignedOutThere
from parley.identity.models import Identity
from parley.kernel.errors import Conflict, Invalid
from parley.renewal import resealing
from parley.renewal import service as renewing
from parley.renewal.service import Told, begin, rehearse, renew
from parley.tenancy import queries
from parley.tenancy.domain import AuthorityState
from parley.tenancy.service import ensure_platform_key
from parley.transfer.service.removing import count_to_remove
from support.database import logins_of, migrated_database
from support.document_desk import REPORT, Desk, parent
from support.factories import COMPARTMENT_KEY, MASTER_KEY, NOW, Factory
from support.renewing import (
    ISSUER,
    MAILBOX,
    Running,
    ask,
    begun_through_issuer,
    claim,
    digests_hold,
    everything,
    found,
    kill_after,
    listed,
    name_of,
    number,
    offered,
    others,
    plant_texts,
    told_case,
    use,
    versions_of,
)
from support.sides import plant_side


@pytest.fixture(scope="module")
def running(database_server: str) -> Iterator[Running]:
    """A deployment in a database where nobody else is at work, whom renewing a key would wait for."""
    with migrated_database(database_server) as url:
        yield from _running(url)


def _running(url: str) -> Iterator[Running]:
    engines = {login: engine_for(url) for login, url in logins_of(url).items() if login != "owner"}
    serving, command = (Database(engines, Vault(MASTER_KEY), Vault(COMPARTMENT_KEY)) for _ in range(2))
    admin = sa.create_engine(psycopg_url(url), poolclass=sa.NullPool)
    with serving.begin(platform_scope()) as session:
        ensure_platform_key(session, NOW)
    yield Running(url=url, serving=serving, command=command, admin=admin, make=Factory(serving))
    serving.dispose()


def test_every_sealed_column_and_piece_is_sealed_anew_and_nothing_opens_with_the_former_key(running: Running) -> None:
    side = plant_side(running.make, running.admin)
    for realm in (side.authority, side.provider):
        former = running.keys(realm)
        planted = plant_texts(running, side, realm, former)
        assert planted
        done = running.renewed(realm)
        assert (done.finished, done.unopened, done.resealed) == (True, (), len({table for table, *_ in planted}))
        now = running.keys(realm)
        assert now.versions == (2,)
        for table, column, key, context in planted:
            with running.admin.connect() as connection:
                stored = connection.scalar(sa.select(table.c[column]).where(key))
            assert now.open(context, stored) == context.encode()
            assert version_of(stored) == 2
            with pytest.raises(SealBrokenError):
                former.open(context, stored)


def test_in_the_middle_old_and_new_is_read_found_and_downloaded_and_a_killed_run_goes_on(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 1)
    council, desk = running.make.authority(), Desk(running.serving)
    first, second = (told_case(running, council, child_name=name) for name in ("Rowan Ash", "Wren Ash"))
    number(running, first, "SEN 7")
    files = [desk.add(parent(first)), desk.add(parent(second), content=REPORT + b"2")]
    kill_after(running, council, "case", 1)
    third = told_case(running, council, child_name="Robin Ash")
    number(running, third, "SEN 8")
    assert sorted(versions_of(running, council, Case.__table__.c.child_name_sealed)) == [1, 2, 2]
    for case, name in ((first, "Rowan Ash"), (second, "Wren Ash"), (third, "Robin Ash")):
        assert (name_of(running.serving, case), found(running, case, name)) == (name, [case.reference])
    assert (found(running, first, "sen 7"), found(running, third, "SEN  8")) == ([first.reference], [third.reference])
    kill_after(running, council, "document_chunk", 1)
    assert sorted(versions_of(running, council, DocumentChunk.__table__.c.sealed)) == [1] * 3 + [2] * 3
    assert [desk.read(parent(case), one) for case, one in zip((first, second), files, strict=True)] == [
        REPORT,
        REPORT + b"2",
    ]
    former = running.keys(council)
    assert running.renewed(council).finished
    for case, name in ((first, "Rowan Ash"), (second, "Wren Ash"), (third, "Robin Ash")):
        assert (name_of(running.serving, case), found(running, case, name)) == (name, [case.reference])
    assert (found(running, first, "sen 7"), found(running, third, "SEN  8")) == ([first.reference], [third.reference])
    assert desk.read(parent(first), files[0]) == REPORT
    assert digests_hold(running, council)
    kept = str(everything(running.url))
    for column, text in (("case.child_name", "Rowan Ash"), ("case.council_number", "SEN 7")):
        later, first_made = former.fingerprints(column, text)
        assert (later.hex() in kept, first_made.hex() in kept) == (True, False)


def test_a_download_that_began_before_goes_on_through_it(running: Running) -> None:
    case = told_case(running)
    desk, person = Desk(running.serving), parent(case)
    document = desk.add(person)
    with running.serving.begin(person.scope) as session:
        view = documents.document_of_case(session, person.view(session), document)
    pieces = service.contents(running.serving, person.scope, person.authority_id, view)
    content = next(pieces)
    assert running.renewed(case.authority).finished
    assert content + b"".join(pieces) == REPORT


def test_a_provider_finds_other_cases_of_the_child_throughout(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 1)
    provider = running.make.provider()
    cases = []
    for _ in range(2):
        council = running.make.authority()
        running.make.commission(council, provider)
        cases.append(listed(running, running.make.case(council, provider=provider, child_name="Rowan Ash")))
    assert others(running, cases[0]) == [cases[1].reference]
    kill_after(running, provider, "provider_worklist", 1)
    assert sorted(versions_of(running, provider, WorklistEntry.__table__.c.name_sealed)) == [1, 2]
    assert [others(running, case) for case in cases] == [[cases[1].reference], [cases[0].reference]]
    assert running.renewed(provider).finished
    assert [others(running, case) for case in cases] == [[cases[1].reference], [cases[0].reference]]
    with running.serving.begin(cases[0].provider_scope) as session:
        assert session.scalars(sa.select(WorklistEntry).limit(1)).one().name == "Rowan Ash"


def test_who_signs_in_by_links_stays_who_they_are(running: Running) -> None:
    council = running.make.authority()
    before = use(running, council, ask(running, council))
    running.announced(council)
    assert use(running, council, ask(running, council)) == before
    asked = ask(running, council)
    assert running.renewed(council, at_once=True).finished
    assert use(running, council, asked) == before
    assert use(running, council, ask(running, council, MAILBOX.lower())) == before
    with running.serving.begin(authority_scope(council.id)) as session:
        assert len(session.scalars(sa.select(Identity).where(Identity.realm_id == council.id)).all()) == 1


def test_a_code_that_was_read_out_is_waited_for_and_can_be_used(running: Running) -> None:
    case = told_case(running)
    code = offered(running, case)
    done = running.renewed(case.authority)
    assert (done.finished, done.left.count, done.left.running_out.count) == (False, 0, 1)
    assert done.left.running_out.until > NOW
    assert running.keys(case.authority).versions == (2, 1)
    claim(running, case, code)
    assert running.renewed(case.authority).finished


def test_an_issuer_ends_a_sign_in_of_before_by_its_own_name_for_it(running: Running) -> None:
    council = running.make.authority()
    begun_through_issuer(running, council, "its own name for it")
    done = running.renewed(council)
    assert (done.finished, done.left.running_out.count) == (False, 1)
    said = SignedOutThere(issuer=ISSUER, subject=None, issuer_session="its own name for it", token_id="1")
    with running.serving.begin(authority_scope(council.id)) as session:
        assert sign_out_by_issuer(session, realm_id=council.id, kind=SignInKind.STAFF, said=said, at=NOW) == 1
    assert running.renewed(council).finished


def test_codes_can_be_ended_instead(running: Running) -> None:
    case = told_case(running)
    code = offered(running, case)
    assert running.renewed(case.authority, at_once=True).finished
    with pytest.raises(Invalid):
        claim(running, case, code)


def test_a_process_that_meets_a_version_it_does_not_know_asks_for_it(running: Running) -> None:
    case = told_case(running)
    shown = name_of(running.serving, case)
    begin(running.command, running.order(case.authority))
    renew(running.command, running.order(case.authority), Told())
    assert name_of(running.serving, case) == shown


def test_a_new_version_seals_nothing_before_every_process_knows_it(running: Running) -> None:
    council = running.make.authority()
    begin(running.command, running.order(council, announced=dt.timedelta(minutes=2)))
    case = told_case(running, council)
    assert versions_of(running, council, Case.__table__.c.child_name_sealed) == [1]
    assert running.keys(council).sealing == 1
    waited: list[float] = []
    order = running.order(council, clocks_apart=dt.timedelta(seconds=30), pause=waited.append)
    renew(running.command, order, Told())
    assert 140 < waited[0] <= 150
    assert versions_of(running, council, Case.__table__.c.child_name_sealed) == [1]
    assert name_of(running.serving, case) == case.child_name


def test_work_that_began_before_is_waited_for(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "LONGEST_WORK", dt.timedelta())
    case = told_case(running)
    running.announced(case.authority)
    with running.serving.begin(case.authority_scope), pytest.raises(Conflict, match="still open"):
        renew(running.command, running.order(case.authority), Told())
    assert renew(running.command, running.order(case.authority), Told()).finished


def test_a_row_that_somebody_has_in_hand_is_sealed_anew_when_they_are_done(running: Running) -> None:
    case = told_case(running)
    running.announced(case.authority)
    with running.serving.begin(case.authority_scope) as session:
        session.rollback()

        def took(_count: int) -> None:
            """Begin to work on the case, after those at work before were waited for."""
            row = session.scalars(sa.select(Case).where(Case.id == case.id).with_for_update()).one()
            row.council_number = "In the middle"

        def done(_seconds: float) -> None:
            session.commit()

        order = running.order(case.authority, pause=done)
        assert renew(running.command, order, Told(to_do=took)).finished
    assert versions_of(running, case.authority, Case.__table__.c.council_number_sealed) == [2]
    assert versions_of(running, case.authority, Case.__table__.c.child_name_sealed) == [2]


def test_whoever_carries_or_removes_the_council_and_who_renews_its_key_wait_for_each_other(running: Running) -> None:
    council = running.make.authority()
    with running.serving.begin(mover_scope(council.id)) as session:
        hold_data_key(session, council.id)
        with pytest.raises(Conflict, match="has its key in hand"):
            begin(running.command, running.order(council))
    running.announced(council)
    with running.serving.begin(platform_scope()) as session:
        known = queries.authority_by_slug(session, council.slug)
    with pytest.raises(Conflict, match="being renewed"):
        count_to_remove(running.serving, dataclasses.replace(known, state=AuthorityState.SUSPENDED))
    with running.serving.begin(mover_scope(council.id)) as session, pytest.raises(Conflict, match="being renewed"):
        hold_data_key(session, council.id)


def test_a_rehearsal_seals_everything_and_leaves_nothing_changed(running: Running) -> None:
    case = told_case(running)
    Desk(running.serving).add(parent(case))
    before = everything(running.url)
    told: list[int] = []
    done = rehearse(running.command, running.order(case.authority), Told(to_do=told.append, done=told.append))
    # A document is one thing to do, and its pieces are counted.
    assert done.left.count - done.left.rows["document_chunk"] + 1 == done.resealed > 5
    assert told[0] == done.left.count
    assert everything(running.url) == before


def test_what_does_not_open_is_named_and_keeps_the_former_version(running: Running) -> None:
    broken = told_case(running)
    whole = told_case(running, broken.authority)
    with running.admin.begin() as admin:
        admin.execute(sa.update(Case).where(Case.id == broken.id).values(child_name_sealed=b"\x01" + bytes(40)))
    done = running.renewed(broken.authority)
    assert [(one.table, one.row) for one in done.unopened] == [("case", f"{broken.authority.id}/{broken.id}")]
    assert (done.finished, done.left.rows) == (False, {"case": 1})
    assert running.keys(broken.authority).versions == (2, 1)
    assert name_of(running.serving, whole) == whole.child_name


def test_each_batch_has_its_audit_event_and_no_text(running: Running) -> None:
    case = told_case(running)
    assert running.renewed(case.authority).finished
    with psycopg.connect(running.url) as admin:
        told = admin.execute(
            "SELECT action, codes FROM audit_event WHERE realm_id = %s AND action LIKE 'data_key.%%'",
            (case.authority.id,),
        ).fetchall()
    assert ("data_key.renew", {"version": 2}) in told
    assert ("data_key.reseal", {"version": 2, "table": "case", "rows": 1}) in told
    assert ("data_key.end_former", {"version": 2}) in told


def test_what_a_process_does_not_know_of_it_does_not_overlook(running: Running) -> None:
    council = running.make.authority()
    with running.admin.begin() as admin:
        admin.execute(sa.text("ALTER TABLE party ADD COLUMN later_sealed bytea"))
    with pytest.raises(LookupError, match=r"party\.later_sealed"):
        begin(running.command, running.order(council))
    with running.admin.begin() as admin:
        admin.execute(sa.text("ALTER TABLE party DROP COLUMN later_sealed"))


def test_a_council_is_renewed_again_and_again(running: Running) -> None:
    case = told_case(running)
    for version in (2, 3):
        done = running.renewed(case.authority)
        assert (done.finished, done.version) == (True, version)
        assert running.keys(case.authority).versions == (version,)
        assert name_of(running.serving, case) == case.child_name
    assert found(running, case, case.child_name) == [case.reference]

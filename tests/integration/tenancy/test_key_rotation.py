"""One master key takes another's place: what is opened before, meanwhile and after, and what a killed run leaves."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from parley.casework.models import Case
from parley.compartment import queries, service
from parley.compartment.domain import MessageChannel
from parley.db.keys import Ring, Vault, key_id
from parley.db.scope import PLATFORM_REALM, Scope, Side, authority_scope, compartment_scope, platform_scope
from parley.db.session import Database, engine_for
from parley.db.wrapping import wrap_new
from parley.kernel.clock import FixedClock
from parley.kernel.errors import Conflict
from parley.tenancy import rotation
from parley.tenancy.rotation import Progress, Rotated, Standing, Step
from parley.tenancy.service import ensure_platform_key
from support.database import logins_of
from support.factories import COMPARTMENT_KEY, MASTER_KEY, NOW, OPERATOR, Factory, MadeCase

NEW = b"the master key that comes next.."
OLD_ID, NEW_ID = key_id(MASTER_KEY), key_id(NEW)
OLDS = {Ring.MASTER: MASTER_KEY, Ring.COMPARTMENT: COMPARTMENT_KEY}


@pytest.fixture
def before(own_database: str) -> Iterator[Database]:
    """A process that began before there was a new key, and has opened whatever it opens."""
    yield (opened := process(own_database))
    opened.dispose()


@pytest.fixture
def between(own_database: str) -> Iterator[Database]:
    """A process that has the new key beside the old one, in both rings."""
    yield (opened := process(own_database, NEW))
    opened.dispose()


@pytest.fixture
def after(own_database: str) -> Iterator[Database]:
    """A process that never had the old key."""
    engines = {login: engine_for(url) for login, url in logins_of(own_database).items() if login != "owner"}
    yield (opened := Database(engines, Vault(NEW), Vault(NEW)))
    opened.dispose()


@pytest.fixture
def make(before: Database) -> Factory:
    """What makes things under the old keys."""
    with before.begin(platform_scope()) as session:
        ensure_platform_key(session, NOW)
    return Factory(before)


def process(admin_url: str, *newer: bytes) -> Database:
    engines = {login: engine_for(url) for login, url in logins_of(admin_url).items() if login != "owner"}
    return Database(engines, Vault(*newer, MASTER_KEY), Vault(*newer, COMPARTMENT_KEY))


def standing(database: Database, ring: Ring = Ring.MASTER) -> Standing:
    return rotation.standing(database, ring, database.vaults[ring])


def adopt(database: Database, ring: Ring = Ring.MASTER) -> bool:
    return rotation.adopt(
        database, ring, database.vaults[ring], to=NEW_ID, actor=OPERATOR, at=NOW, author="ops", reason="Yearly"
    )


def wrap_anew(
    database: Database,
    ring: Ring = Ring.MASTER,
    *,
    dry_run: bool = False,
    progress: Progress = lambda owner, count: None,
) -> Rotated:
    step = Step(
        actor=OPERATOR, clock=FixedClock(NOW), ring=ring, vault=database.vaults[ring], to=NEW_ID, dry_run=dry_run
    )
    return rotation.wrap_anew(database, step, progress)


def said(database: Database, case: MadeCase) -> list[str]:
    with database.begin(of_family(case)) as session:
        return [message.body for message in queries.messages(session, reader=case.parent)]


def say(database: Database, case: MadeCase, words: str) -> None:
    with database.begin(of_family(case)) as session:
        channel = MessageChannel.FAMILY_PROVIDER
        service.send_message(session, actor=case.family_actor, at=NOW, channel=channel, body=words)


def of_family(case: MadeCase) -> Scope:
    council = case.authority.id
    return compartment_scope(council, council, case.id, side=Side.FAMILY, person_id=case.parent)


def name_of(database: Database, case: MadeCase) -> str:
    with database.begin(authority_scope(case.authority.id)) as session:
        return session.query(Case).filter_by(id=case.id).one().child_name


def test_every_key_of_every_realm_is_wrapped_anew_and_says_so(
    make: Factory, between: Database, after: Database
) -> None:
    case, other = make.case(), make.case()
    assert standing(between).counts == {OLD_ID: 5}
    assert adopt(between)
    assert wrap_anew(between).wrapped_anew == 5
    now = standing(between)
    assert (now.wrapping, dict(now.counts), now.behind, now.former) == (NEW_ID, {NEW_ID: 5}, 0, {OLD_ID})
    for one in (case, other):
        assert name_of(after, one) == name_of(make.database, one)


def test_the_compartments_keys_go_by_their_own_master_key(make: Factory, between: Database, after: Database) -> None:
    case = make.case()
    say(make.database, case, "Between us.")
    adopt(between, Ring.COMPARTMENT)
    assert wrap_anew(between, Ring.COMPARTMENT).wrapped_anew == 1
    assert said(after, case) == ["Between us."]
    assert standing(between).counts == {OLD_ID: 5 - 2}


def test_a_process_that_began_before_goes_on_reading_what_it_read(make: Factory, between: Database) -> None:
    case = make.case()
    shown = name_of(make.database, case)
    adopt(between)
    wrap_anew(between)
    assert name_of(make.database, case) == shown


def test_nothing_is_wrapped_by_a_new_master_key_before_it_is_adopted_and_all_that_is_new_after(
    make: Factory, between: Database
) -> None:
    with between.begin(platform_scope()) as session:
        assert wrap_new(session).by == OLD_ID
    adopt(between)
    with between.begin(platform_scope()) as session:
        assert wrap_new(session).by == NEW_ID
    case = Factory(between).case()
    say(between, case, "By the compartment's own.")
    assert standing(between).counts[NEW_ID] == 2
    assert standing(between, Ring.COMPARTMENT).counts == {key_id(COMPARTMENT_KEY): 1}


def test_who_wraps_a_key_meanwhile_is_waited_for(make: Factory, between: Database, own_database: str) -> None:
    done: list[bool] = []
    adopting = threading.Thread(target=lambda: done.append(adopt(between)))
    with make.database.begin(platform_scope()) as session:
        by = wrap_new(session).by
        adopting.start()
        adopting.join(0.5)
        assert (by, done) == (OLD_ID, [])
        session.commit()
    adopting.join(30)
    assert done == [True]


def test_what_makes_keys_for_too_long_is_said_and_nothing_is_adopted(
    make: Factory, between: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "HOLD_UP", "50ms")
    with make.database.begin(platform_scope()) as session:
        wrap_new(session)
        with pytest.raises(Conflict, match="still running"):
            adopt(between)
    assert standing(between).wrapping == OLD_ID


def test_a_dry_run_wraps_everything_and_leaves_nothing_changed(
    make: Factory, between: Database, own_database: str
) -> None:
    make.case()
    stored = rows(own_database, "SELECT * FROM data_key ORDER BY realm_id")
    assert wrap_anew(between, dry_run=True).wrapped_anew == 3
    assert rows(own_database, "SELECT * FROM data_key ORDER BY realm_id") == stored


def test_a_run_that_was_killed_keeps_what_was_done_and_is_run_again(
    make: Factory, between: Database, after: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    council = make.authority()
    cases = [make.case(council) for _ in range(5)]
    for case in cases:
        say(make.database, case, str(case.id))
    adopt(between, Ring.COMPARTMENT)

    def killed(_owner: str, count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wrap_anew(between, Ring.COMPARTMENT, progress=killed)
    assert standing(between, Ring.COMPARTMENT).behind == 3
    assert [said(between, case) for case in cases] == [[str(case.id)] for case in cases]
    assert not adopt(between, Ring.COMPARTMENT)
    assert wrap_anew(between, Ring.COMPARTMENT).wrapped_anew == 3
    assert [said(after, case) for case in cases] == [[str(case.id)] for case in cases]


def test_a_key_that_does_not_open_is_named_and_the_others_go_on(
    make: Factory, between: Database, own_database: str
) -> None:
    lost = make.authority(name="Lostmere")
    make.case()
    with psycopg.connect(own_database) as admin:
        admin.execute("UPDATE data_key SET wrapped = %s WHERE realm_id = %s", (bytes(40), lost.id))
    adopt(between)
    done = wrap_anew(between)
    assert [(one.owner, one.key_id) for one in done.unopened] == [("Lostmere", lost.id)]
    assert done.wrapped_anew == 3
    assert standing(between).behind == 1


def test_a_key_that_somebody_holds_is_left_for_the_next_run(
    make: Factory, between: Database, own_database: str
) -> None:
    council = make.authority()
    adopt(between)
    with psycopg.connect(own_database) as admin:
        admin.execute("SELECT 1 FROM data_key WHERE realm_id = %s FOR UPDATE", (council.id,))
        assert wrap_anew(between).wrapped_anew == 1
        assert standing(between).behind == 1
    assert wrap_anew(between).wrapped_anew == 1


def test_rows_of_before_the_column_come_to_say_by_whom_they_are_wrapped(
    make: Factory, between: Database, own_database: str
) -> None:
    case = make.case()
    with psycopg.connect(own_database) as admin:
        admin.execute("UPDATE data_key SET wrapped_by = NULL")
    assert standing(between).counts == {None: 3}
    assert name_of(between, case) == name_of(make.database, case)
    adopt(between)
    wrap_anew(between)
    assert standing(between).counts == {NEW_ID: 3}


def test_a_master_key_that_is_not_at_hand_or_would_leave_keys_behind_is_refused(
    make: Factory, between: Database, after: Database
) -> None:
    make.authority()
    with pytest.raises(Conflict, match="is not in the key file"):
        rotation.require_adoptable(standing(between), between.vault, "00000000")
    with pytest.raises(Conflict, match=f"2 keys are wrapped by {OLD_ID}"):
        rotation.require_adoptable(standing(after), after.vault, NEW_ID)


def test_both_steps_are_in_the_audit_of_whose_keys_they_were(
    make: Factory, between: Database, own_database: str
) -> None:
    council = make.authority()
    adopt(between)
    wrap_anew(between)
    found = rows(own_database, "SELECT realm_id, action, codes FROM audit_event WHERE action LIKE '%key%'")
    assert (PLATFORM_REALM, "master_key.adopt", {"ring": "master", "master": NEW_ID, "former": OLD_ID}) in found
    assert (council.id, "data_key.wrap_anew", {"master": NEW_ID, "keys": 1}) in found


def rows(admin_url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(admin_url) as admin:
        return admin.execute(query.encode()).fetchall()

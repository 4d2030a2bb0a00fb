"""Renewing a realm's data key, while everything runs.

A new version is announced before it seals, so that every process knows it, searches by it and opens with it when the
first value is written under it. Then everything is sealed anew, and when nothing is under the former version any more,
and nobody who read something under it is still at work, that is deleted.
"""

import dataclasses
import datetime as dt
import os
import time
from collections.abc import Callable

from sqlalchemy import Select, delete, select, text
from sqlalchemy.orm import Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.keys import KEY_BYTES, Ring
from parley.db.models import DataKey
from parley.db.realm_keys import KeyVersion, RealmKeys
from parley.db.scope import PLATFORM_REALM, keys_scope, renewal_scope
from parley.db.sealed import realm_keys
from parley.db.session import Database
from parley.db.walls import ROLES
from parley.db.wrapping import take_data_key, versions_of, wrap_new
from parley.kernel.clock import Clock
from parley.kernel.errors import Conflict, NotFound
from parley.renewal.domain import ANNOUNCED, CLOCKS_APART, Left, Owner, Renewed, Unopened, Version
from parley.renewal.queries import left_behind, require_all_known
from parley.renewal.resealing import Progress, Step, drop_what_ran_out, reseal_all
from parley.tenancy import rotation

#: How often it is gone through what others had in hand the time before, and how long is waited in between.
ROUNDS = 10
BETWEEN_ROUNDS = dt.timedelta(seconds=1)
#: How long is waited at most for work that began under the former version, and how often it is looked.
LONGEST_WORK = dt.timedelta(minutes=10)
LOOKED = dt.timedelta(milliseconds=200)

#: Transactions of Parley's own processes that are open now, but for this one.
_OPEN = text(
    "SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'virtualxid' AND a.datname = current_database() AND a.usename = ANY (:roles)"
    " AND a.pid <> pg_backend_pid()"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Order:
    """Whose key is to be renewed, by whom, and how long is waited for what.

    ``announced`` is how long before it seals a new version is made known. ``at_once``: what runs out by itself is not
    waited for, and can be used no longer.
    """

    owner: Owner
    actor: Actor
    clock: Clock
    author: str
    reason: str
    at_once: bool = False
    announced: dt.timedelta = ANNOUNCED
    clocks_apart: dt.timedelta = CLOCKS_APART
    pause: Callable[[float], None] = time.sleep


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told:
    """Whom a run tells how it goes: what it does now, how much there is to seal anew, and how much was by now."""

    doing: Callable[[str], None] = lambda what: None
    to_do: Callable[[int], None] = lambda count: None
    done: Progress = lambda count: None


def rehearse(database: Database, order: Order, told: Told) -> Renewed:
    """Seal everything anew under a key that is thrown away, and take it back batch by batch. Changes nothing.

    Raises NotFound for a realm without a key, LookupError as ``require_all_known`` does.
    """
    with database.begin(renewal_scope(order.owner.id)) as session:
        _require_key(session, order.owner)
        present = realm_keys(session, order.owner.id)
        version = present.versions[0] + 1
        known = {one: KeyVersion(key=present.key(one)) for one in present.versions}
        keys = RealmKeys(known | {version: KeyVersion(key=os.urandom(KEY_BYTES))})
        left = left_behind(session, order.owner.id, version)
    told.to_do(left.count)
    step = Step(actor=order.actor, clock=order.clock, owner=order.owner, keys=keys, dry_run=True)
    done = reseal_all(database, step, told.done)
    return Renewed(version=version, resealed=done.rows, unopened=done.unopened, left=left, finished=False)


def renew(database: Database, order: Order, told: Told) -> Renewed:
    """Renew the realm's data key, or go on with it where a run before stopped.

    Raises as ``rehearse``; Conflict while an export or a removal has the key in hand, and when
    something that began before is at work for longer than this waits. Everything that was done stays done.
    """
    version = begin(database, order)
    told.doing("waiting until every process knows the new key")
    order.pause(max(0.0, (version.seals_from + order.clocks_apart - order.clock.now()).total_seconds()))
    _wait_for_open_work(database, order)
    step = _step(database, order)
    done, unopened = _everything(database, step, order, told)
    drop_what_ran_out(database, step, at_once=order.at_once)
    left = _left(database, order, version.number)
    finished = not left.count and not left.running_out.count
    if finished:
        told.doing("waiting for those who read what was there before")
        _wait_for_open_work(database, order)
        _end_former(database, order, version.number)
    return Renewed(version=version.number, resealed=done, unopened=unopened, left=left, finished=finished)


def begin(database: Database, order: Order) -> Version:
    """Announce a new version of the realm's key, or return the one that was announced before. Raises as ``renew``."""
    at = order.clock.now()
    with database.begin(renewal_scope(order.owner.id)) as session:
        _require_key(session, order.owner)
        if not take_data_key(session, order.owner.id):
            raise Conflict(
                "An export, an import or a removal has its key in hand. Run the same again when it is over: nothing was"
                " changed.",
                code="key-in-hand",
            )
        versions = versions_of(session, order.owner.id)
        if len(versions) == 1:
            new = wrap_new(session)
            session.add(
                DataKey(
                    realm_id=order.owner.id,
                    version=versions[0] + 1,
                    wrapped=new.wrapped,
                    wrapped_by=new.by,
                    created_at=at,
                    seals_from=at + order.announced,
                    author=order.author,
                    reason=order.reason,
                )
            )
            _audited(session, order, "data_key.renew", version=versions[0] + 1)
            session.commit()
        row = session.scalars(_newest(order.owner).limit(1)).one()
        session.info["vault"].forget(order.owner.id)
        return _version(row)


def under_way(database: Database) -> list[tuple[Owner, Version]]:
    """Return whose keys are being renewed now, by name, as the login for keys sees it."""
    found = []
    with database.begin(keys_scope(PLATFORM_REALM)) as session:
        for owner in rotation.owners(database, Ring.MASTER):
            rows = session.scalars(_newest(Owner(id=owner.id, name=owner.name)).limit(2)).all()
            if len(rows) > 1:
                found.append((Owner(id=owner.id, name=owner.name), _version(rows[0])))
    return found


def _everything(database: Database, step: Step, order: Order, told: Told) -> tuple[int, tuple[Unopened, ...]]:
    """Seal everything anew that opens, going through it until nothing is left in others' hands."""
    told.to_do(_left(database, order, step.keys.sealing).count)
    total = 0
    for _ in range(ROUNDS):
        done = reseal_all(database, step, told.done)
        total += done.rows
        if _left(database, order, step.keys.sealing).count == len(done.unopened):
            break
        order.pause(BETWEEN_ROUNDS.total_seconds())
    return total, done.unopened


def _left(database: Database, order: Order, version: int) -> Left:
    with database.begin(renewal_scope(order.owner.id)) as session:
        return left_behind(session, order.owner.id, version)


def _wait_for_open_work(database: Database, order: Order) -> None:
    """Wait until every transaction that is open now has ended. Raises Conflict when one lasts too long."""
    waited_for, waited = _open(database, order), dt.timedelta()
    while waited_for := waited_for & _open(database, order):
        if waited >= LONGEST_WORK:
            raise Conflict(
                f"{len(waited_for)} transactions that began before are still open. Run the same again: it goes on where"
                " it was.",
                code="still-at-work",
            )
        order.pause(LOOKED.total_seconds())
        waited += LOOKED


def _open(database: Database, order: Order) -> frozenset[str]:
    with database.begin(renewal_scope(order.owner.id)) as session:
        return frozenset(session.scalars(_OPEN, {"roles": list(ROLES.values())}))


def _step(database: Database, order: Order) -> Step:
    with database.begin(renewal_scope(order.owner.id)) as session:
        session.info["vault"].forget(order.owner.id)
        keys = realm_keys(session, order.owner.id)
    return Step(actor=order.actor, clock=order.clock, owner=order.owner, keys=keys)


def _end_former(database: Database, order: Order, version: int) -> None:
    """Delete every version before ``version``: what they sealed elsewhere, in a copy, stays sealed under them."""
    with database.begin(renewal_scope(order.owner.id)) as session:
        session.execute(delete(DataKey).where(DataKey.realm_id == order.owner.id, DataKey.version < version))
        _audited(session, order, "data_key.end_former", version=version)
        session.commit()
        session.info["vault"].forget(order.owner.id)


def _require_key(session: Session, owner: Owner) -> None:
    require_all_known(session)
    if not versions_of(session, owner.id):
        raise NotFound(f"{owner.name} has no data key here.", code="no-key")


def _newest(owner: Owner) -> Select[DataKey]:
    return select(DataKey).where(DataKey.realm_id == owner.id).order_by(DataKey.version.desc())


def _version(row: DataKey) -> Version:
    return Version(
        number=row.version,
        created_at=row.created_at,
        seals_from=row.seals_from or row.created_at,
        author=row.author or "",
        reason=row.reason or "",
    )


def _audited(session: Session, order: Order, action: str, *, version: int) -> None:
    audit.record(
        session,
        at=order.clock.now(),
        actor=order.actor,
        action=action,
        realm_id=order.owner.id,
        subject_id=order.owner.id,
        codes={"version": version},
    )

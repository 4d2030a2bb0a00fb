"""Another master key in the place of one: adopting it, and wrapping every key anew under it, while everything runs.

What is done is done for good batch by batch, so that a run that was killed is simply run again.
"""

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import bindparam, func, select, tuple_, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session

from parley.access.domain import Actor
from parley.audit import service as audit
from parley.db.keys import KeyFileError, Ring, Vault, WrappedKey
from parley.db.models import CaseKey, DataKey, KeyAdoption
from parley.db.scope import PLATFORM_REALM, keys_scope
from parley.db.session import Database
from parley.db.wrapping import adopted, wait_for_wrappers
from parley.kernel.clock import Clock
from parley.kernel.errors import Conflict
from parley.tenancy.models import LocalAuthority, Provider

#: Keys of one council that are wrapped anew in one transaction.
BATCH = 200

#: Whoever adopts a master key holds up those who make keys for so long at most, and tries so often.
HOLD_UP = "2s"
TRIES = 5


@dataclasses.dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose keys are wrapped anew together: a council, a provider, or the platform."""

    id: uuid.UUID
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """Which master key wraps keys of a ring now, which ever did, and how many keys each one wraps.

    ``counts`` has None for keys that do not say who wrapped them: they are older than that they do.
    """

    ring: Ring
    wrapping: str
    counts: Mapping[str | None, int]
    adoptions: Sequence[KeyAdoption]

    @property
    def behind(self) -> int:
        """How many keys do not say that they are wrapped by the master key that wraps now."""
        return sum(count for by, count in self.counts.items() if by != self.wrapping)

    @property
    def former(self) -> frozenset[str]:
        """The ids of the master keys that did wrap, and do not now."""
        return frozenset(one.former_id for one in self.adoptions) - {self.wrapping}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unopened:
    """A key that no master key at hand opens."""

    owner: str
    key_id: uuid.UUID
    because: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rotated:
    """What came of a run: how many keys were wrapped anew, and which could not be."""

    wrapped_anew: int
    unopened: tuple[Unopened, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """Who wraps anew, under which master key, and whether everything is taken back at the end of each batch."""

    actor: Actor
    clock: Clock
    ring: Ring
    vault: Vault
    to: str
    dry_run: bool


#: What tells one key from another: of which realm or case it is, and its version.
KeyName = tuple[uuid.UUID, int]

#: Told whose keys are being wrapped anew, and how many of theirs were by now.
Progress = Callable[[str, int], None]


def standing(database: Database, ring: Ring, vault: Vault) -> Standing:
    """Return how the keys of ``ring`` stand; ``vault`` has its master keys."""
    with database.begin(keys_scope(PLATFORM_REALM)) as session:
        wrapping = adopted(session, ring) or vault.master_ids[-1]
        adoptions = session.scalars(
            select(KeyAdoption).where(KeyAdoption.ring == ring).order_by(KeyAdoption.adopted_at)
        ).all()
    counts: Counter[str | None] = Counter()
    for owner in owners(database, ring):
        with database.begin(keys_scope(owner.id, authority_id=owner.id)) as session:
            model, whose, _ = _columns(ring)
            found = select(model.wrapped_by, func.count()).where(whose == owner.id).group_by(model.wrapped_by)
            counts.update({by: count for by, count in session.execute(found)})
    return Standing(ring=ring, wrapping=wrapping, counts=dict(counts), adoptions=adoptions)


def owners(database: Database, ring: Ring) -> list[Owner]:
    """Return everybody whose keys of ``ring`` there may be, by name: of cases councils alone."""
    with database.begin(keys_scope(PLATFORM_REALM)) as session:
        named = {id_: name for id_, name in session.execute(select(LocalAuthority.id, LocalAuthority.name))}
        if ring is Ring.MASTER:
            named |= {id_: name for id_, name in session.execute(select(Provider.id, Provider.name))}
            named[PLATFORM_REALM] = "the platform"
            # Found by their keys, so that none is left out.
            named = {realm: named.get(realm, str(realm)) for realm in session.scalars(select(DataKey.realm_id))}
    return sorted((Owner(id=id_, name=name) for id_, name in named.items()), key=lambda owner: owner.name)


def require_adoptable(now: Standing, vault: Vault, to: str) -> None:
    """Raise Conflict unless the master key ``to`` can take its place with every key that there is."""
    if not vault.holds(to):
        raise Conflict(
            f"{to} is not in the key file, which holds {', '.join(vault.master_ids)}.", code="key-not-in-file"
        )
    for by, count in now.counts.items():
        if by is not None and not vault.holds(by):
            raise Conflict(
                f"{count} keys are wrapped by {by}, which is not in the key file. Put it back into the file, below the"
                " others: nothing was changed.",
                code="key-not-in-file",
            )


def adopt(
    database: Database, ring: Ring, vault: Vault, *, to: str, actor: Actor, at: dt.datetime, author: str, reason: str
) -> bool:
    """Have every process wrap new keys of ``ring`` by the master key ``to`` from now on; tell whether that is news.

    Raises Conflict when others have such keys in hand for a long time.
    """
    for _ in range(TRIES):
        try:
            with database.begin(keys_scope(PLATFORM_REALM)) as session:
                wait_for_wrappers(session, ring, at_most=HOLD_UP)
                former = adopted(session, ring) or vault.master_ids[-1]
                if former == to:
                    return False
                session.add(
                    KeyAdoption(ring=ring, adopted_at=at, master_id=to, former_id=former, author=author, reason=reason)
                )
                audit.record(
                    session,
                    at=at,
                    actor=actor,
                    action="master_key.adopt",
                    realm_id=PLATFORM_REALM,
                    codes={"ring": ring.value, "master": to, "former": former},
                )
                session.commit()
                return True
        except OperationalError:
            continue
    raise Conflict(
        "Something that makes keys is still running, such as an import of a council. Run the same again when it is"
        " over: nothing was changed.",
        code="keys-in-hand",
    )


def wrap_anew(database: Database, step: Step, progress: Progress) -> Rotated:
    """Wrap every key of the ring anew that is not under ``step.to`` yet, in transactions of one owner's batch each.

    Keys that somebody else holds at the moment are left for the next run.
    """
    done, unopened = 0, []
    for owner in owners(database, step.ring):
        of_owner = 0
        for wrapped_anew, failed in _batches(database, step, owner):
            unopened += failed
            of_owner += wrapped_anew
            progress(owner.name, of_owner)
        done += of_owner
    return Rotated(wrapped_anew=done, unopened=tuple(unopened))


def _batches(database: Database, step: Step, owner: Owner) -> Iterator[tuple[int, list[Unopened]]]:
    """Wrap an owner's keys anew; yield after each batch, once it is stored, how many were, and which could not be."""
    after: KeyName | None = None
    while True:
        with database.begin(keys_scope(owner.id, authority_id=owner.id)) as session:
            found = _to_wrap(session, step, owner, after)
            if not found:
                return
            after = max(found)
            changed, failed = _wrapped(step, owner, found)
            _store(session, step, owner, changed)
            if not step.dry_run:
                session.commit()
        yield len(changed), failed


def _to_wrap(session: Session, step: Step, owner: Owner, after: KeyName | None) -> dict[KeyName, WrappedKey]:
    """Return an owner's next keys that are not under the master key, by id, and hold them."""
    model, whose, id_ = _columns(step.ring)
    query = (
        select(id_, model.version, model.wrapped, model.wrapped_by)
        .where(whose == owner.id, model.wrapped_by.is_distinct_from(step.to))
        .order_by(id_, model.version)
        .limit(BATCH)
        .with_for_update(key_share=True, skip_locked=True)
    )
    if after is not None:
        query = query.where(tuple_(id_, model.version) > after)
    return {(key_id, version): WrappedKey(wrapped, by) for key_id, version, wrapped, by in session.execute(query)}


def _wrapped(
    step: Step, owner: Owner, found: Mapping[KeyName, WrappedKey]
) -> tuple[dict[KeyName, WrappedKey], list[Unopened]]:
    """Return each key, wrapped by the new master key, and those that do not open."""
    changed, failed = {}, []
    for (key_id, version), wrapped in found.items():
        try:
            key = step.vault.unwrap(wrapped)
        except KeyFileError as error:
            failed.append(Unopened(owner=owner.name, key_id=key_id, because=str(error)))
        else:
            changed[key_id, version] = step.vault.wrap(key, step.to)
    return changed, failed


def _store(session: Session, step: Step, owner: Owner, changed: Mapping[KeyName, WrappedKey]) -> None:
    if not changed:
        return
    model, whose, id_ = _columns(step.ring)
    store = (
        update(model)
        .where(whose == owner.id, id_ == bindparam("key_id"), model.version == bindparam("key_version"))
        .values(wrapped=bindparam("new_wrapped"), wrapped_by=step.to)
    )
    rows = [
        {"key_id": key_id, "key_version": version, "new_wrapped": new.wrapped}
        for (key_id, version), new in changed.items()
    ]
    session.connection().execute(store, rows)
    audit.record(
        session,
        at=step.clock.now(),
        actor=step.actor,
        action=f"{model.__tablename__}.wrap_anew",
        realm_id=owner.id,
        subject_id=owner.id,
        codes={"master": step.to, "keys": len(changed)},
    )


def _columns(
    ring: Ring,
) -> tuple[type[DataKey] | type[CaseKey], InstrumentedAttribute[uuid.UUID], InstrumentedAttribute[uuid.UUID]]:
    """Return the table of a ring's keys, its column for whose they are, and the one that tells them apart."""
    if ring is Ring.MASTER:
        return DataKey, DataKey.realm_id, DataKey.realm_id
    return CaseKey, CaseKey.authority_id, CaseKey.case_id

"""Keys that Parley proves itself with: one takes another's place, and nobody meets a key that they do not know."""

import datetime as dt
import json
from collections.abc import Callable, Sequence

import pytest
from click.testing import CliRunner, Result

from parley.cli import signin_keys
from parley.db.scope import Login, Scope, authority_scope
from parley.db.session import Database
from parley.identity.domain import SignInReason, SignInRefused
from parley.identity.queries import public_keys
from parley.identity.signing_keys import KeyState, KnownKey, ensure_key, key_to_sign_with, keys_of, replace_key
from parley.kernel.clock import FixedClock
from parley.kernel.errors import Conflict
from parley.tenancy.domain import Authority
from support.factories import NOW, OPERATOR, Factory

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def council(database: Database, make: Factory) -> Authority:
    """A council with a key."""
    authority = make.authority()
    with database.begin(authority_scope(authority.id)) as session:
        ensure_key(session, authority.id, NOW)
        session.commit()
    return authority


def rotate(database: Database, council: Authority, at: dt.datetime, *, at_once: bool = False) -> KnownKey:
    # As the command does, with the operator's login.
    with database.begin(Scope(login=Login.OPERATOR, realm_id=council.id)) as session:
        return replace_key(session, realm_id=council.id, actor=OPERATOR, at=at, at_once=at_once)


def used(database: Database, council: Authority, at: dt.datetime) -> str:
    with database.begin(authority_scope(council.id)) as session:
        return str(key_to_sign_with(session, council.id, at).kid)


def published(database: Database, council: Authority, at: dt.datetime) -> set[str]:
    with database.begin(authority_scope(council.id)) as session:
        found = public_keys(session, council.id, at)
    assert all("d" not in key and key["alg"] == "ES256" for key in found)
    return {key["kid"] for key in found}


def states(database: Database, council: Authority, at: dt.datetime) -> Sequence[KeyState]:
    with database.begin(authority_scope(council.id)) as session:
        return [key.state for key in keys_of(session, council.id, at)]


def test_a_new_key_is_known_a_day_before_it_is_used_and_the_former_one_a_day_after(
    database: Database, council: Authority
) -> None:
    first, began = used(database, council, NOW), NOW + HOUR
    second = rotate(database, council, began).kid
    for at, in_use, known, said in (
        (began, first, {first, second}, [KeyState.COMING, KeyState.USED]),
        (began + DAY - HOUR, first, {first, second}, [KeyState.COMING, KeyState.USED]),
        (began + DAY, second, {first, second}, [KeyState.USED, KeyState.LEAVING]),
        (began + 2 * DAY, second, {second}, [KeyState.USED, KeyState.GONE]),
    ):
        assert used(database, council, at) == in_use
        assert published(database, council, at) == known
        assert states(database, council, at) == said


def test_a_key_that_may_have_leaked_is_neither_used_nor_published_from_then_on(
    database: Database, council: Authority
) -> None:
    coming = rotate(database, council, NOW).kid
    fresh = rotate(database, council, NOW + HOUR, at_once=True).kid
    assert used(database, council, NOW + HOUR) == fresh
    assert published(database, council, NOW + HOUR) == {fresh}
    assert used(database, council, NOW + 30 * DAY) == fresh != coming


def test_two_changes_do_not_run_over_each_other(database: Database, council: Authority) -> None:
    rotate(database, council, NOW)
    with pytest.raises(Conflict, match="used from"):
        rotate(database, council, NOW + HOUR)
    third = rotate(database, council, NOW + DAY).kid
    assert used(database, council, NOW + 2 * DAY) == third


def test_a_councils_keys_are_its_own(database: Database, council: Authority, make: Factory) -> None:
    other = make.authority()
    with database.begin(authority_scope(other.id)) as session, pytest.raises(SignInRefused) as refused:
        key_to_sign_with(session, council.id, NOW)
    assert (refused.value.reason, refused.value.detail) == (SignInReason.NOT_SET_UP, "signing_key")
    rotate(database, other, NOW)
    assert published(database, other, NOW).isdisjoint(published(database, council, NOW))


@pytest.fixture
def parley(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, on the tests' database."""
    monkeypatch.setattr(signin_keys, "open_database", lambda *_: database)
    monkeypatch.setattr(signin_keys, "settings", lambda: None)
    monkeypatch.setattr(signin_keys, "SystemClock", lambda: FixedClock(NOW + HOUR))
    monkeypatch.setattr(database, "dispose", lambda: None)
    return lambda *arguments: CliRunner().invoke(signin_keys.signing_keys, arguments)


def test_the_command_replaces_a_councils_key_and_lists_its_keys(
    council: Authority, make: Factory, parley: Callable[..., Result]
) -> None:
    rotated = parley("rotate", council.slug)
    assert "used in 24 hours" in rotated.output, rotated.output
    again = parley("rotate", council.slug)
    assert (again.exit_code, "A new key is published already" in again.output) == (2, True)
    listed = json.loads(parley("list", council.slug, "--json").output)
    assert [key["state"] for key in listed] == ["coming", "used"]
    leaked = parley("rotate", council.slug, "--at-once")
    assert f"parley signin check {council.slug}" in leaked.output
    assert "neither used nor published" in parley("list", council.slug).output
    provider = make.provider()
    assert "None: no sign-in" in parley("list", f"providers/{provider.slug}").output
    assert parley("list", "providers/nobody").exit_code == 2
    assert parley("list", "nowhere").exit_code == 2

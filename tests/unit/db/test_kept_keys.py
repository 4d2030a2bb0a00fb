"""A process keeps unwrapped keys for a minute and no longer, whichever key it is asked for."""

import uuid

import pytest

from parley.db.kept_keys import KEPT_SECONDS, KeptKeys
from parley.db.keys import KeyFileError, Vault, WrappedVersion

FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)


class Seconds:
    """A clock that is told how much time goes by."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds that went by."""
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """The clock of ``kept``."""
    return Seconds()


@pytest.fixture
def kept(seconds: Seconds) -> KeptKeys[bytes]:
    """Keys, of which one was put in at first and one half a minute later."""
    keys = KeptKeys[bytes](seconds)
    keys[FIRST] = b"first"
    seconds.now = KEPT_SECONDS / 2
    keys[SECOND] = b"second"
    return keys


def test_a_key_is_known_for_a_while(kept: KeptKeys[bytes]) -> None:
    assert (kept.get(FIRST), kept.get(SECOND), kept.get(uuid.UUID(int=3))) == (b"first", b"second", None)


def test_asking_for_one_drops_every_one_that_is_too_old(kept: KeptKeys[bytes], seconds: Seconds) -> None:
    seconds.now = KEPT_SECONDS
    assert kept.get(SECOND) == b"second"
    assert len(kept) == 1
    assert kept.get(FIRST) is None


def test_asking_for_it_keeps_none_longer(kept: KeptKeys[bytes], seconds: Seconds) -> None:
    seconds.now = KEPT_SECONDS - 1
    assert kept.get(FIRST) == b"first"
    seconds.now = KEPT_SECONDS
    assert kept.get(FIRST) is None


def test_one_that_is_put_in_again_is_kept_from_then(kept: KeptKeys[bytes], seconds: Seconds) -> None:
    kept[FIRST] = b"another"
    seconds.now = KEPT_SECONDS * 1.4
    assert kept.get(FIRST) == b"another"
    kept.forget(FIRST)
    assert len(kept) == 1


def test_a_vault_asks_again_and_says_that_a_key_is_gone(monkeypatch: pytest.MonkeyPatch, seconds: Seconds) -> None:
    vault = Vault(bytes(32))
    monkeypatch.setattr(vault, "_keys", KeptKeys(seconds))
    stored = {1: WrappedVersion(wrapped=vault.new_wrapped_key())}

    def load() -> dict[int, WrappedVersion]:
        if not stored:
            raise KeyFileError("gone")
        return stored

    key = vault.keys_of(FIRST, load)
    stored.clear()
    assert vault.keys_of(FIRST, load) is key
    seconds.now = KEPT_SECONDS
    with pytest.raises(KeyFileError, match="gone"):
        vault.keys_of(FIRST, load)

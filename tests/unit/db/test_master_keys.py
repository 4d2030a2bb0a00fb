"""Master keys: their names, their files, and a vault that holds more than one of them."""

import base64
import pathlib
import uuid

import pytest

from parley.db.keys import KeyFileError, Vault, WrappedKey, WrappedVersion, key_id, read_key_file, read_master_keys

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
REALM = uuid.UUID(int=1)


def write(path: pathlib.Path, *keys: bytes) -> pathlib.Path:
    path.write_text("".join(base64.b64encode(key).decode() + "\n" for key in keys))
    return path


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "master.key"


def test_a_key_has_a_short_name_of_its_own_that_is_no_part_of_it() -> None:
    assert key_id(OLD) != key_id(NEW)
    assert len(key_id(OLD)) == 8
    assert key_id(OLD) not in OLD.hex()


def test_what_any_of_its_master_keys_wrapped_a_vault_opens() -> None:
    by_old = Vault(OLD).new_wrapped_key()
    assert by_old.by == key_id(OLD)
    both = Vault(NEW, OLD)
    data_key = both.unwrap(by_old)
    by_new = both.wrap(data_key, key_id(NEW))
    assert (by_new.by, by_new.wrapped != by_old.wrapped) == (key_id(NEW), True)
    assert Vault(NEW).unwrap(by_new) == data_key


def test_a_key_that_does_not_say_who_wrapped_it_is_opened_by_the_one_that_did() -> None:
    wrapped = Vault(OLD).new_wrapped_key().wrapped
    assert Vault(NEW, OLD).unwrap(WrappedKey(wrapped, None)) == Vault(OLD).unwrap(WrappedKey(wrapped, None))
    with pytest.raises(KeyFileError, match=key_id(NEW)):
        Vault(NEW).unwrap(WrappedKey(wrapped, None))


def test_a_new_master_key_wraps_nothing_before_it_is_named() -> None:
    assert Vault(NEW, OLD).new_wrapped_key().by == key_id(OLD)
    assert Vault(NEW, OLD).new_wrapped_key(key_id(NEW)).by == key_id(NEW)


def test_a_master_key_that_is_missing_is_named_and_its_data_key_not_guessed_at() -> None:
    wrapped = Vault(NEW).new_wrapped_key()
    with pytest.raises(KeyFileError, match=rf"realm {REALM}.*{key_id(NEW)}"):
        Vault(OLD).keys_of(REALM, lambda: {1: WrappedVersion(wrapped=wrapped)})
    with pytest.raises(KeyFileError, match=key_id(NEW)):
        Vault(OLD).new_wrapped_key(key_id(NEW))


def test_a_process_reads_its_key_file_again_when_it_meets_a_new_master_key(path: pathlib.Path) -> None:
    vault = Vault.of_file(write(path, OLD))
    write(path, NEW, OLD)
    assert vault.master_ids == (key_id(OLD),)
    wrapped = Vault(NEW).new_wrapped_key()
    assert vault.keys_of(REALM, lambda: {1: WrappedVersion(wrapped=wrapped)}).key(1) == Vault(NEW).unwrap(wrapped)
    assert vault.master_ids == (key_id(NEW), key_id(OLD))


def test_what_a_process_has_opened_it_goes_on_reading_whatever_becomes_of_the_file(path: pathlib.Path) -> None:
    vault = Vault.of_file(write(path, OLD))
    wrapped = Vault(OLD).new_wrapped_key()
    opened = vault.keys_of(REALM, lambda: {1: WrappedVersion(wrapped=wrapped)})
    path.unlink()
    assert vault.keys_of(REALM, dict) is opened
    with pytest.raises(KeyFileError, match="no key file"):
        vault.holds(key_id(NEW))


def test_a_file_of_several_keys_is_read_in_its_order_and_one_of_one_as_before(path: pathlib.Path) -> None:
    assert read_master_keys(write(path, NEW, OLD)) == (NEW, OLD)
    assert read_master_keys(write(path, OLD)) == (read_key_file(path),) == (OLD,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no key"),
        ("\n \n", "holds no key"),
        (base64.b64encode(OLD[:16]).decode(), "line 1 holds 16 bytes"),
        (f"{base64.b64encode(OLD).decode()}\nZm9v\n", "line 2 holds 3 bytes"),
        (f"{base64.b64encode(OLD).decode()}\n" * 2, "the same key twice"),
        ("not base64!", "cannot be read as a key"),
        ("ключ", "cannot be read as a key"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name(path: pathlib.Path, text: str, said: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError, match=said) as refused:
        read_master_keys(path)
    assert str(path) in str(refused.value)


def test_where_one_key_is_wanted_several_are_refused(path: pathlib.Path) -> None:
    with pytest.raises(KeyFileError, match="holds 2 keys"):
        read_key_file(write(path, NEW, OLD))

"""Every sealed text there is opens in its own row, column and realm, and nowhere else."""

import uuid
from typing import Any

import pytest
from sqlalchemy.orm import Session

from parley.db.keys import Vault, WrappedVersion
from parley.db.realm_keys import SealBrokenError
from parley.db.scope import authority_scope
from parley.db.sealed import SealedText
from support.models import declared

REALM, OTHER_REALM = uuid.UUID(int=1), uuid.UUID(int=2)
ROW, OTHER_ROW = uuid.UUID(int=3), uuid.UUID(int=4)
WORDS = "Rowan, \N{SNOWMAN}"

SEALED = [
    (model, key)
    for _, model in sorted(declared().items())
    for key, value in vars(model).items()
    if isinstance(value, SealedText)
]
each = pytest.mark.parametrize(("model", "key"), SEALED, ids=[f"{model.__tablename__}.{key}" for model, key in SEALED])


@pytest.fixture
def session() -> Session:
    """Return a session that never reaches a database, whose vault knows the keys of both realms."""
    vault = Vault(bytes(32))
    for realm in (REALM, OTHER_REALM):
        vault.keys_of(realm, lambda: {1: WrappedVersion(wrapped=vault.new_wrapped_key())})
    return Session(info={"vault": vault, "scope": authority_scope(REALM)})


def sealed_in(session: Session, model: Any, key: str) -> bytes:
    """Return the ciphertext of WORDS as the column holds it in ROW of REALM."""
    text: SealedText = getattr(model, key)
    row = model(**{text.realm: REALM, text.row: ROW})
    text.write(session, row, WORDS)
    ciphertext: bytes = getattr(row, f"{key}_sealed")
    return ciphertext


def test_there_are_sealed_texts_to_try() -> None:
    assert len(SEALED) > 40


@each
def test_a_text_opens_where_it_was_sealed(session: Session, model: Any, key: str) -> None:
    sealed = sealed_in(session, model, key)
    assert WORDS.encode() not in sealed
    assert getattr(model, key).opener(session, REALM)(ROW, sealed) == WORDS


@each
def test_it_opens_in_no_other_row_and_in_no_other_realm(session: Session, model: Any, key: str) -> None:
    sealed = sealed_in(session, model, key)
    for realm, row in ((REALM, OTHER_ROW), (OTHER_REALM, ROW)):
        with pytest.raises(SealBrokenError):
            getattr(model, key).opener(session, realm)(row, sealed)


@each
def test_it_opens_in_no_other_column_of_the_same_realm_and_row(session: Session, model: Any, key: str) -> None:
    sealed = sealed_in(session, model, key)
    for other, its_key in SEALED:
        if (other, its_key) != (model, key):
            with pytest.raises(SealBrokenError):
                getattr(other, its_key).opener(session, REALM)(ROW, sealed)


@each
def test_under_another_key_it_does_not_open_even_where_it_belongs(session: Session, model: Any, key: str) -> None:
    sealed = sealed_in(session, model, key)
    other = session.info["vault"] = Vault(bytes(32))
    other.keys_of(REALM, lambda: {1: WrappedVersion(wrapped=other.new_wrapped_key())})
    with pytest.raises(SealBrokenError):
        getattr(model, key).opener(session, REALM)(ROW, sealed)

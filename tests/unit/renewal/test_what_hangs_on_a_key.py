"""Nothing is forgotten when a key is renewed: a column of bytes is sealed, a fingerprint, or known to be neither."""

import pytest
from sqlalchemy import LargeBinary

from parley.db.renewal_reach import realm_column
from parley.renewal.queries import PASSING, sealed_tables
from support.models import declared

MODELS = declared()

#: Columns of bytes that no realm's key was used for, and why.
OTHERS = {
    "data_key.wrapped": "wrapped by a master key",
    "document.sha256": "a digest of ciphertext, made anew with it",
    "document_chunk.sealed": "pieces of documents, sealed anew by the document",
    "passkey.credential_id": "what a device calls its key, in the open",
    "passkey.public_key": "public",
    "attempt_limit.key_hash": "counts that nobody finds any more are deleted",
    **{
        column: "a digest of a random secret, under no key"
        for column in (
            "eligibility_check.token_hash",
            "invitation.token_hash",
            "membership.token_hash",
            "one_time_link.browser_hash",
            "one_time_link.token_hash",
            "sign_in_attempt.browser_hash",
            "sign_in_attempt.state_hash",
            "sign_in_session.token_hash",
        )
    },
}


def test_every_column_of_bytes_is_known() -> None:
    renewed = {f"{sealed.table.name}.{text.column}" for sealed in sealed_tables() for text in sealed.texts}
    renewed |= {f"{sealed.table.name}.{one.column}" for sealed in sealed_tables() for one in sealed.lasting}
    renewed |= {f"{one.column.table}.{one.column.name}" for one in PASSING}
    there = {
        f"{model.__table__.name}.{column.name}"
        for model in MODELS.values()
        for column in model.__table__.columns
        if model.__table__.schema is None and isinstance(column.type, LargeBinary)
    }
    assert there == (renewed - {"identity.subject"}) | OTHERS.keys()


@pytest.mark.parametrize("sealed", sealed_tables(), ids=lambda sealed: sealed.table.name)
def test_the_wall_knows_whose_key_a_table_is_sealed_with(sealed) -> None:
    assert realm_column(sealed.table.name, frozenset(sealed.table.columns.keys())) == sealed.realm.name

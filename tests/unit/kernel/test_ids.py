"""Identifiers."""

import uuid

from parley.kernel.ids import new_id


def test_an_id_is_a_uuid_of_version_seven():
    made = new_id()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_ids_sort_in_the_order_they_were_made():
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)

"""What another deployment printed when it had written a council: the receipt by which its records may go here."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from parley.kernel.errors import Conflict
from parley.tenancy.domain import Authority
from parley.transfer.queries.carried_rows import Tally, carried_lines, carried_tables, tallied
from parley.transfer.queries.removal import codes_of
from parley.transfer.service.carrying import CARRY_OUT, Carried

#: What goes on by itself after a council was sealed, and says nothing that the other deployment lacks: that it was
#: sealed, and figures, which are counted anew every night there too.
_GOES_ON = frozenset({"audit_event", "measure_row"})

_SHA256 = re.compile("[0-9a-f]{64}")


def read_receipt(printed: str) -> Carried:
    """Return what the other deployment wrote, from what ``parley authority import --json`` printed there.

    Raises Conflict for anything else, for a dry run, and for a receipt that does not come to its own hash.
    """
    try:
        receipt = json.loads(printed)
        tables = {name: Tally(rows=int(one["rows"]), sha256=str(one["sha256"])) for name, one in _tables(receipt)}
        said, written = receipt["sha256"], receipt["written"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _not_one() from error
    carried = Carried(tables=tables)
    if written is not True or carried.sha256 != said:
        raise _not_one()
    return carried


def require_moved(session: Session, council: Authority, receipt: Carried) -> None:
    """Raise Conflict unless ``receipt`` is of the council as it was sealed here, and nothing changed here since."""
    if receipt.sha256 not in {codes.get("sealed") for codes in codes_of(session, council.id, CARRY_OUT)}:
        raise Conflict(f"{council.name} was not sealed here with what the receipt names.", code="not-sealed")
    changed = [
        table.name
        for table in carried_tables()
        if table.name not in _GOES_ON
        and receipt.tables.get(table.name) != tallied(carried_lines(session, table, council.id))
    ]
    if changed:
        raise Conflict(
            f"Something changed here since {council.name} was sealed ({', '.join(changed)}), which the other deployment"
            " does not have. Nothing was removed.",
            code="differs",
        )


def _tables(receipt: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the tables of a receipt. Raises ValueError for a hash that is none."""
    tables = list(receipt["tables"].items())
    if not all(_SHA256.fullmatch(str(one["sha256"])) for _, one in tables):
        raise ValueError(receipt["tables"])
    return tables


def _not_one() -> Conflict:
    return Conflict(
        "That is not what `parley authority import --json` printed when it had written a council.", code="no-receipt"
    )

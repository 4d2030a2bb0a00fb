"""Every form, sent as it stands and with words that no box wants: nothing fails, what is wrong is said, and what was
typed is given back."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from support.everybody import Everybody
from support.exploration import Exploration
from support.page_forms import WRONG, Form
from support.stored_rows import StoredRows
from support.trying import example_of
from support.url_map import NAMED

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("isolation")]

SENT = [name for name, method in NAMED if method == "POST"]

#: A way on, a page in answer, somebody was faster, or too much was asked for.
ANSWERED = frozenset({200, 303, 409, 429})


@pytest.mark.parametrize("name", SENT)
@pytest.mark.parametrize("typed", [Form.empty, Form.typed_wrongly], ids=["empty", "wrong"])
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    name: str, typed: Callable[[Form], dict[str, Any]], explored: Exploration, everybody: Everybody, rows: StoredRows
) -> None:
    example = example_of(explored, everybody, name, "POST")
    assert example.form
    filled = typed(example.form)
    answer = example.owner.post(example.path(), filled)
    rows.put_back()
    if answer.status_code in ANSWERED:
        return
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text
    assert "<title>Error: " in answer.text
    if WRONG in filled.values():
        assert WRONG in unescape(answer.text)

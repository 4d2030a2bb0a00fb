"""Who reads what somebody wrote, in both directions, over all that each person can reach by following links.

Every word is planted once, in one request that everybody takes part in: whom it is for finds it somewhere, and nobody
else finds it anywhere. Whatever is not in the table is for nobody else: deny by default.
"""

from collections.abc import Mapping

import pytest

from support.everybody import ASH, HERE, Everybody
from support.exploration import Exploration

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("isolation")]

FAMILY = {"parent here"}
COUNCIL = {"officer here", "team_manager here"}
#: Who works on a case, and may write to its sides.
CASEWORK = {"coordinator here", "mediator here", "other mediator here"}
PROVIDER = CASEWORK | {"provider_administrator here", "safeguarding_lead here"}

READERS: Mapping[str, set[str]] = {
    "story": FAMILY | PROVIDER,
    # Shared with the council; not with the other parent, who is in the same case.
    "wish": FAMILY | PROVIDER | COUNCIL,
    # Files of a request that is not sent, one's own, and those shared with the council and not any more.
    "draftpaper": FAMILY,
    "paper": FAMILY,
    "otherpaper": {"other parent here"},
    "message": FAMILY | CASEWORK,
    "othermessage": {"other parent here"} | CASEWORK,
    "councilmessage": COUNCIL | CASEWORK,
    "note": {"mediator here"},
    "concern": {"safeguarding_lead here"},
}


@pytest.mark.parametrize("kind", READERS)
def test_it_is_read_by_whom_it_is_for_and_by_nobody_else(kind: str, explored: Exploration) -> None:
    word = f"{ASH}{kind}"
    readers = {name for name, pages in explored.seen.items() if any(word in page for page in pages.values())}
    assert readers == READERS[kind]


def test_nothing_that_strangers_reach_names_a_request(everybody: Everybody, explored: Exploration) -> None:
    here = everybody.families[HERE].cases
    # Whoever holds a letter reads the reference that stands in it.
    strangers = [name for name, person in everybody.people.items() if not person.cases & here and name != "nobody here"]
    ids = {str(case_id) for case_id in here}
    told = [(name, path) for name in strangers for path, page in explored.seen[name].items() if has_any(page, ids)]
    assert len(strangers) > len(everybody.people) // 2
    assert told == []


def has_any(page: str, ids: set[str]) -> bool:
    """Tell whether a page has one of ``ids`` or the family's name in it."""
    return ASH in page or any(one in page for one in ids)

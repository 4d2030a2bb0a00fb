"""Every address that names something: who it is for gets it, and to everybody else it is one that never was.

The addresses come from the URL map, and what they name from the pages themselves: people follow the links and forms
that they are shown. So a new page is tried without anybody's remembering; one that nobody comes to fails by its name.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from support.calls import ASKED, CHECK
from support.everybody import Everybody
from support.exploration import Example, Exploration, named_by
from support.family import words
from support.stored_rows import StoredRows
from support.trying import differs, example_of, never_was
from support.url_map import NAMED, NAMED_PARTS

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("isolation")]

#: Any council and any id may stand there: the request is made when its form is sent.
TO_BE_MADE = "provider /enter/<uuid:authority_id>/<uuid:case_id>"
CASE = "provider /cases/<uuid:authority_id>/<uuid:case_id>"

#: What belongs to one person of a request, or to one side of it.
PARTS = frozenset({"document_id", "statement_id", "member_id", "copy_id"})

#: The boxes of a suggested time: how their names begin and end.
TIME_BOXES = (("day", "-day"), ("day", "-month"), ("day", "-year"), ("begins", ""), ("ends", ""))

#: Times that are suggested differ from each other.
ONE_TIME = {f"{box}_{number}{part}": "" for number in (1, 2, 3) for box, part in TIME_BOXES}

#: Questions that may be left out.
NO_DATES = {f"{of}-{part}": "" for of in ("date_of_birth", "decision_letter_date") for part in ("day", "month", "year")}

#: What is typed into forms that take more than any words.
TYPED: Mapping[str, Mapping[str, Any]] = {
    "council /council/contracts/<uuid:commission_id>/early-end": {
        **{f"on-{part}": typed for part, typed in (("day", "24"), ("month", "11"), ("year", "2026"))},
        "because": "ended",
    },
    f"{CASE}/meeting/times": ONE_TIME,
    f"{CASE}/meeting/new-times": ONE_TIME,
    # The button that saves, not the one that asks for more boxes.
    f"{CASE}/draft": {"step": "", "kind": "partial"},
    "provider /enter/<uuid:authority_id>/<uuid:case_id>": {
        **{
            f"{date}-{part}": ""
            for date in ("date_of_birth", "decision_letter_date")
            for part in ("day", "month", "year")
        },
        **CHECK,
        **{"asked": ASKED, "go": "details"},
    },
}

#: What sending a form answers, where it is not a way on (303).
ANSWERS: Mapping[str, int] = {
    # What will be sent is shown first.
    "council /council/cases/<uuid:case_id>/answer/<any(agree, decline, holding):kind>": 200,
    "council /invited/cases/<uuid:case_id>/answer/<any(agree, decline, holding):kind>": 200,
    "provider /enter/<uuid:authority_id>/<uuid:case_id>": 200,
    # A code to read out, shown once.
    f"{CASE}/claim-code/<uuid:member_id>": 200,
    # Whoever did this has no page to go on to.
    "council /invited/<token>/not-me": 200,
    "council /invited/<token>/renew": 200,
    "council /invited/cases/<uuid:case_id>/not-me": 200,
    # The code that would do is in a mailbox.
    "council /invited/<token>/code": 422,
    # The passkey that would do is in a device.
    "provider /sign-in/<slug>/join/<token>": 422,
    "operator /sign-in/join/<token>": 422,
}

#: What is recorded of a refusal, whether there is something or not.
RECORDED: Mapping[str, set[str]] = {
    name: {"public.audit_event"}
    for name in (
        "council /sign-in/link/<token>",
        "provider /sign-in/<slug>/join/<token>",
        "operator /sign-in/join/<token>",
    )
}

every_address = pytest.mark.parametrize(("name", "method"), NAMED)


@pytest.fixture
def example(name: str, method: str, explored: Exploration, everybody: Everybody) -> Example:
    """The address with what it names of the family that is looked for, as somebody comes to it whom it is for."""
    return example_of(explored, everybody, name, method)


@every_address
def test_who_it_is_for_gets_it(example: Example, name: str, method: str, rows: StoredRows) -> None:
    answer = example.opened_by(example.owner, TYPED.get(name))
    rows.put_back()
    wanted = 200 if method == "GET" else ANSWERS.get(name, 303)
    assert answer.status_code == wanted, words(answer)


@every_address
def test_to_everybody_else_it_never_was(
    example: Example, name: str, method: str, everybody: Everybody, rows: StoredRows
) -> None:
    never = {named: never_was(value) for named, value in example.values.items() if named in named_by(example.rule)}
    strangers = everybody.strangers_to(example)
    assert strangers or everybody.is_for_whoever_holds_it(example)
    told = [f"{person.name}: {difference}" for person in strangers if (difference := differs(example, person, never))]
    changed = rows.put_back()
    assert told == []
    assert changed <= RECORDED.get(name, set())


@pytest.mark.parametrize(("name", "method"), [one for one in NAMED_PARTS if one[0] != TO_BE_MADE])
def test_a_part_of_something_else_is_a_part_that_never_was(
    example: Example, name: str, method: str, explored: Exploration, rows: StoredRows
) -> None:
    """One's own request, under another's council, or with another's part in its address, is nothing."""
    told = []
    for part in named_by(example.rule):
        never = {part: never_was(example.values[part])}
        for foreign in explored.others(example, part):
            if difference := differs(example, example.owner, never, **{part: foreign}):
                told.append(f"{part}: {difference}")
    changed = rows.put_back()
    assert told == []
    assert changed == set()


@pytest.mark.parametrize(("name", "method"), NAMED_PARTS)
def test_what_is_one_persons_in_a_request_is_nothing_to_others_in_it(
    example: Example, name: str, method: str, explored: Exploration, everybody: Everybody, rows: StoredRows
) -> None:
    """Another parent, another mediator, another school: they are in the request, and nothing leads them there."""
    never = {part: never_was(value) for part, value in example.values.items() if part in PARTS}
    others = everybody.in_the_same_case(example) if never else []
    told = [
        f"{person.name}: {difference}"
        for person in others
        if not explored.leads(person, example) and (difference := differs(example, person, never))
    ]
    changed = rows.put_back()
    assert told == []
    assert changed == set()

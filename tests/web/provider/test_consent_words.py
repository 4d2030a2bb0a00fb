"""What somebody agrees to is the same, word for word, whether a page shows it or a coordinator reads it aloud."""

import pytest
from flask import Flask

from parley.casework.consent_texts import consent_text
from parley.casework.domain import Capacity, CaseState, Channel, ConsentKind
from parley.casework.wording import Names
from support.asking import ANSWERS
from support.calls import begin_call, sends
from support.factories import Factory
from support.family import Family, Served, words
from support.provider import Staff, a_young_persons, case_path, sent


@pytest.fixture
def names(council: Served) -> Names:
    return Names(council=council.authority.name, provider="Global Mediation")


@pytest.fixture
def draft(parent: Family, make: Factory) -> str:
    """The address of a request in which every question is answered, and which is not sent yet."""
    answers = {
        slug: {"raw": {name.replace("__", "-"): _listed(value) for name, value in form.items()}, "done": True}
        for slug, form in ANSWERS.items()
    }
    made = make.draft(parent.council.authority, owner_id=parent.identity_id, answers=answers)
    return f"/requests/drafts/{made.id}"


def test_what_is_agreed_to_by_sending_is_read_out_to_a_caller(
    parent: Family, draft: str, coordinator: Staff, council: Served, names: Names
) -> None:
    shown = words(parent.get(f"{draft}/answers"))
    spoken = words(sends(coordinator, begin_call(coordinator, council), "read"))
    for kind in (ConsentKind.TAKE_PART, ConsentKind.TELL_COUNCIL):
        assert consent_text(kind, names) in shown
        assert f"“{consent_text(kind, names)}”" in spoken


def test_whether_a_school_may_be_asked_is_asked_in_the_same_words(
    parent: Family, draft: str, coordinator: Staff, council: Served, names: Names, make: Factory
) -> None:
    text = consent_text(ConsentKind.ASK_SETTING, names, body="Oak Hill School")
    assert text in words(parent.get(f"{draft}/invite"))
    assert f"“{text}”" in words(sends(coordinator, begin_call(coordinator, council), "read"))
    case = sent(make, council)
    asked = coordinator.get(case_path(case)).text.partition(f"{case_path(case)}/consent/")[2].partition('"')[0]
    assert f"“{text}”" in words(coordinator.get(case_path(case, f"consent/{asked}")))


def test_a_young_person_reads_what_another_is_read(
    app: Flask, coordinator: Staff, council: Served, names: Names, make: Factory
) -> None:
    text = consent_text(ConsentKind.PARENT_MAY_ASK, names)
    app.extensions["parley"].sites.forget()
    young = Family(app.test_client(), council)
    young.sign_in(make)
    online = make.case(
        council.authority,
        provider=council.provider,
        state=CaseState.WAITING_FOR_YOUNG_PERSON,
        policy_version_id=council.policy_version_id,
    )
    make.member(
        online, online.family, capacity=Capacity.YOUNG_PERSON, identity_id=young.identity_id, is_rights_holder=True
    )
    assert text in words(young.get(f"/requests/{online.id}/your-say"))
    called = sent(make, council, a_young_persons(), channel=Channel.PHONE)
    assert f"“{text}”" in words(coordinator.get(case_path(called, "young-person")))


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]

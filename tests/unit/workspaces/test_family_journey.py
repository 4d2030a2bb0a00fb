"""The questions of a request: their order, what they fill in, and the request they make."""

import datetime as dt
from typing import Any

import pytest

from parley.casework.domain import Capacity, PartyKind, StatementKind
from parley.casework.request import problems
from parley.law.versions import law_on
from parley.policy.domain import DEFAULT_WORDS
from parley.workspaces.family import journey, summary
from parley.workspaces.family.assembling import areas_of, assemble, shares_of
from parley.workspaces.family.draft import Around, Draft, digest_of
from parley.workspaces.family.from_check import prefilled
from parley.workspaces.family.request import MENDED_IN
from parley.workspaces.family.steps.step import Section, Step
from support.asking import ANSWERS
from support.policies import policy_of

TODAY = dt.date(2026, 11, 24)
AROUND = Around(
    council="Derby City Council",
    provider="Global Mediation",
    icb="the NHS board",
    words={**DEFAULT_WORDS, "provider": "Global Mediation"},
    today=TODAY,
)


def raw_of(form: dict[str, Any]) -> dict[str, list[str]]:
    """An answer as the browser sends it."""
    return {name.replace("__", "-"): value if isinstance(value, list) else [value] for name, value in form.items()}


def draft(*without: str, check: dict[str, Any] | None = None, **changed: dict[str, Any]) -> Draft:
    """A draft in which everything was answered, but for the questions `without`."""
    answers = ANSWERS | {slug.replace("__", "-"): form for slug, form in changed.items()}
    sections: dict[str, Any] = {
        slug: {"raw": raw_of(form), "done": True} for slug, form in answers.items() if slug not in without
    }
    if check is not None:
        sections["check"] = check
    return journey.open_draft(sections, AROUND)


def test_safety_comes_before_everything_else() -> None:
    assert [step.section for step in journey.STEPS[:3]] == [Section.SAFETY] * 3
    assert journey.STEPS[3].section != Section.SAFETY


def test_every_question_has_a_name_of_its_own() -> None:
    assert len(journey.BY_SLUG) == len(journey.STEPS)


@pytest.mark.parametrize("step", journey.STEPS, ids=lambda step: step.slug)
def test_every_text_is_filled_whoever_asks(step: type[Step]) -> None:
    for capacity in Capacity:
        asked = draft(who__you__are={"capacity": capacity.value})
        for text in (journey.heading_of(step, asked), journey.lead_of(step, asked)):
            assert text is None or "{" not in text


@pytest.mark.parametrize("step", journey.STEPS, ids=lambda step: step.slug)
def test_what_a_choice_reveals_is_asked_for(step: type[Step]) -> None:
    assert journey.filled_form(step, draft()).revealed_names() == step.left_empty.keys()


def test_a_box_that_was_revealed_and_left_empty_says_what_to_do() -> None:
    asked = journey.filled_form(journey.BY_SLUG["access"], draft(access={"needs": ["interpreter", "other"]}))
    assert not asked.validate()
    assert asked.errors == {"language": ["Enter the language"], "details": ["Say what you need"]}


def test_a_complete_draft_makes_a_request_that_can_be_sent() -> None:
    whole = draft()
    assert journey.unanswered(whole) == []
    request = assemble(whole, None, areas=frozenset(), agrees_to_tell_council=True)
    assert problems(request, TODAY) == {}
    assert request.safety.hide_address
    assert request.safety.safe_ways == ("email",)
    assert [(body.kind, body.may_be_invited) for body in request.bodies] == [
        (PartyKind.LOCAL_AUTHORITY, True),
        (PartyKind.SETTING, True),
    ]
    assert request.facts["stage"] == "plan_in_force"
    assert request.facts["matters"] == [{"about": "educational_provision"}]


@pytest.mark.parametrize(
    ("about", "bodies", "areas"),
    [
        ("educational_provision", ["local_authority", "setting"], {"A", "B"}),
        ("educational_provision", ["setting"], {"B"}),
        ("duties", ["local_authority"], {"A"}),
        # An independent school has other duties than any other, and nobody asked which kind of school it is.
        ("duties", ["setting"], set()),
        ("health_provision", ["icb"], {"C"}),
        ("transport", ["local_authority"], set()),
        ("unsure", ["local_authority"], set()),
    ],
)
def test_without_a_check_a_request_is_in_the_areas_that_hold_whatever_was_not_asked(
    about: str, bodies: list[str], areas: set[str]
) -> None:
    asked = draft(about={"about": about}, stage={"stage": "in_assessment"}, bodies={"bodies": bodies})
    assert areas_of(asked, None, policy_of("derby"), law_on(TODAY)) == areas


def test_without_a_check_the_other_side_is_kept_where_its_kind_is_known() -> None:
    asked = draft(about={"about": "duties"}, bodies={"bodies": ["local_authority", "icb"]})
    request = assemble(asked, None, areas=frozenset(), agrees_to_tell_council=True)
    assert request.facts["matters"] == [{"about": "duties", "against": ["icb", "local_authority"]}]


def test_every_problem_of_a_request_leads_to_a_question() -> None:
    nothing = journey.open_draft({}, AROUND)
    found = problems(assemble(nothing, None, areas=frozenset(), agrees_to_tell_council=True), TODAY)
    assert found.keys() <= MENDED_IN.keys()
    assert set(MENDED_IN.values()) <= journey.BY_SLUG.keys()


def test_an_answer_that_a_change_made_unusable_is_asked_again_and_kept() -> None:
    changed = draft(bodies={"bodies": ["local_authority", "icb"]})
    assert [step.slug for step in journey.unanswered(changed)] == ["invite"]
    assert changed.raw("invite") == {"setting": ["yes"]}


def test_what_is_shared_names_only_what_was_written() -> None:
    shared = draft(wish={"wish": ""}, sharing={"wish": ["local_authority"], "story": ["setting"]})
    assert shares_of(shared) == {(StatementKind.STORY, PartyKind.SETTING)}


def test_a_letter_that_is_taken_back_leaves_no_date() -> None:
    without = draft(letter={**ANSWERS["letter"], "has_letter": "no"})
    request = assemble(without, None, areas=frozenset(), agrees_to_tell_council=True)
    assert request.decision_letter_date is None
    assert "dates" not in [step.slug for step in journey.applicable(without)]


def test_a_check_fills_in_what_it_knows() -> None:
    answers = {
        "asker": "parent_carer",
        "date_of_birth": "2016-02-29",
        "decision_letter_date": "2026-10-02",
        "certificate_date": "2026-10-20",
        "matters": [{"about": "decision", "against": ["local_authority", "school", "other"]}],
    }
    filled = journey.open_draft(prefilled(answers), AROUND)
    assert filled.capacity is Capacity.PARENT_CARER
    assert filled.kinds == (PartyKind.LOCAL_AUTHORITY, PartyKind.SETTING)
    assert filled.letter_date == dt.date(2026, 10, 2)
    assert filled.certificate_date == dt.date(2026, 10, 20)
    assert filled.raw("child")["born-year"] == ["2016"]
    assert not filled.is_done("child")


def test_empty_boxes_make_no_difference_to_what_is_kept() -> None:
    assert digest_of({"story": [" "]}) == digest_of({})
    assert digest_of({"story": ["a"]}) != digest_of({"story": ["b"]})


def test_what_was_typed_is_read_back_in_words() -> None:
    lines = {line.name: line.value for group in summary.groups(draft()) for line in group.lines}
    assert lines["Date of birth"] == "29 February 2016"
    assert lines["Which language?"] == "Polski"
    assert lines["Phone number"] == "Not given"
    assert lines["Who may read your story?"] == "Nobody but the provider"


def test_nobody_but_the_provider_sees_safety_contact_or_unshared_words() -> None:
    rows = {sight.item: sight.answers for sight in summary.sights(draft())}
    assert rows["What keeps you safe"] == ("yes", "no", "no")
    assert rows["How to reach you, and the address"] == ("yes", "no", "no")
    assert rows["Your story"] == ("yes", "ask", "ask")
    assert rows["What you wish for"] == ("yes", {"kind": "yes", "text": "You share it"}, "ask")

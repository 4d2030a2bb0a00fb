"""What families and staff are told of a council's rules: each with its page, and nothing filled in."""

import pytest

from parley.kernel.sentences import listed
from parley.law.versions import law_on
from parley.workspaces.rule_sections import sections_of
from parley.workspaces.rules_told import Section
from support.answers import TODAY
from support.policies import COUNCILS, policy_of, small_policy


def told(policy) -> dict[str, Section]:
    return {section.key: section for section in sections_of(policy, law_on(TODAY))}


def texts(section: Section) -> str:
    return " ".join(text for one in section.said for text in (*one.texts, one.aside))


@pytest.mark.parametrize("council", COUNCILS)
def test_everything_a_family_is_told_has_a_page_and_may_be_shown(council):
    for section in told(policy_of(council)).values():
        for one in section.said:
            assert one.evidence.shown
            assert one.source is not None
            assert all(text and text[0] == text[0].upper() for text in one.texts)


@pytest.mark.parametrize("council", COUNCILS)
def test_every_council_answers_or_is_silent_on_the_same_questions(council):
    sections = told(policy_of(council))
    for key, name in (
        ("who-runs-it", "who runs it"),
        ("steps", "how asking goes on"),
        ("times", "when you meet"),
        ("meeting", "languages and interpreters"),
    ):
        section = sections[key]
        silent = (*section.not_stated, *section.not_seen, *section.unsure)
        assert (name in [one.name for one in section.said]) != (name in silent)


def test_what_a_page_does_not_say_is_told_apart_from_what_was_not_seen():
    assert "ages" in told(policy_of("derby"))["who-can-ask"].not_stated
    assert "ages" in told(policy_of("derbyshire"))["who-can-ask"].not_seen


def test_doubtful_rules_are_for_staff_and_said_to_be_so():
    section = told(policy_of("rutland"))["who-runs-it"]
    assert "KIDS" not in texts(section)
    assert section.unsure[0] == "who runs it"
    (provider,) = [one for one in section.known if one.name == "who runs it"]
    assert provider.texts == ("KIDS and The Together Trust.",)
    assert provider.standing.startswith("Doubtful; families do not see it. A later tender")


def test_what_was_only_inferred_has_not_been_found_published():
    guessed = ('kind = "open"', 'kind = "open"')
    policy = small_policy(guessed, more='[who]\nages = { value = "0 to 25", status = "inferred" }')
    section = told(policy)["who-can-ask"]
    assert "ages" in section.not_seen
    assert [one.texts for one in section.known if one.name == "ages"] == [("0 to 25.",)]


def test_derbys_steps_and_areas_are_told_in_its_own_words():
    sections = told(policy_of("derby"))
    (steps,) = [one for one in sections["steps"].said if one.name == "how asking goes on"]
    assert steps.texts[1] == "Global Mediation tells Derby City Council that you have asked."
    assert [one.name for one in sections["what-for"].said] == ["area 1", "area 2", "area 3"]
    assert "Until it does, we work with times of our own" in sections["times"].note


def test_a_family_is_no_party_to_leicesters_fourth_area_and_its_window_for_provision_is_told():
    said = texts(told(policy_of("leicester"))["what-for"])
    assert "A family is no party to this one." in said
    assert "Also about special educational support during an assessment" in said
    assert "while you wait for an appeal" in said


def test_each_service_has_its_own_door_and_its_own_duties():
    said = {one.name: one.texts for one in told(policy_of("leicester"))["mediation"].said}
    assert said["whom to contact for advice"] == ("SENDIASS.",)
    assert said["who has to come to mediation"] == ("The council.",)
    derby = {one.name: one.texts for one in told(policy_of("derby"))["who-runs-it"].said}
    assert derby["whom to contact first"] == ("Global Mediation.",)


def test_lincolnshires_longer_list_of_appeals_comes_with_a_caution():
    assert "The law’s own list is shorter" in texts(told(policy_of("lincolnshire"))["mediation"])
    assert "The law’s own list is shorter" not in texts(told(policy_of("west-northamptonshire"))["mediation"])


def test_a_promise_of_somebody_else_is_not_the_councils():
    assert "It is not the council’s promise." in texts(told(policy_of("nottinghamshire"))["meeting"])


def test_pages_that_differ_are_both_told():
    said = texts(told(policy_of("nottinghamshire"))["words"])
    assert "Global Mediation alone" in said
    assert "Elsewhere: KIDS and The Together Trust" in said


def test_a_published_date_is_told_with_what_it_is_counted_from():
    more = """
[[deadlines]]
id = "adviser"
label = "Contact the adviser"
service = "mediation_advice"
counts = [{ period = "2 months", since = "decision_letter" }, { period = "1 month", since = "certificate" }]
"""
    said = texts(told(small_policy(more=more))["times"])
    assert "2 months from the date of the decision letter or 1 month from the date of the mediation certificate" in said
    assert "whichever is later" in said


@pytest.mark.parametrize(("names", "text"), [((), ""), (("a",), "a"), (("a", "b", "c"), "a, b and c")])
def test_names_are_listed_as_people_say_them(names, text):
    assert listed(names) == text

"""What changes between two documents of a policy reads as the file does."""

import pytest

from parley.policy.comparing import Change, changes
from parley.policy.loading import document_of
from support.policies import SMALL, small_text

BEFORE = document_of(SMALL, file="policy.toml")


def changed(*pieces: tuple[str, str], more: str = "") -> tuple[Change, ...]:
    return changes(BEFORE, document_of(small_text(*pieces, more=more), file="policy.toml"))


def test_the_same_document_has_no_changes():
    assert changed() == ()


@pytest.mark.parametrize(
    ("pieces", "more", "change"),
    [
        ([('kind = "open"', 'kind = "none"')], "", Change("areas.kind", "open", "none")),
        ([], '[times]\nmeeting = "not_stated"', Change("times.meeting", None, "not_stated")),
        (
            [],
            '[who]\nages = { value = "0 to 25", status = "inferred", note = "a guess" }',
            Change("who.ages", None, "“0 to 25” (status: inferred, note: a guess)"),
        ),
        ([], "[who]\nplan_needed = false", Change("who.plan_needed", None, "no")),
        (
            [('phone = "01632 960000"', 'phone = "01632 960000"\nlabel = "Ring"')],
            "",
            Change("contacts.helpers.ways[01632 960000].label", None, "Ring"),
        ),
        ([("read = 2026-11-24", "read = 2026-12-01")], "", Change("sources.page.read", "2026-11-24", "2026-12-01")),
        (
            [('["helpers"]', '"not_seen"')],
            "",
            Change("services.disagreement_resolution.providers", "helpers", "not_seen"),
        ),
    ],
)
def test_a_change_names_its_key_and_what_was_and_is(pieces, more, change):
    assert changed(*pieces, more=more) == (change,)


def test_what_is_gone_is_told_last():
    found = changed(('label = "any aspect of special educational provision"', 'between = ["school"]'))
    assert found == (
        Change("areas.between", None, "school"),
        Change("areas.label", "“any aspect of special educational provision”", None),
    )


def test_a_new_council_is_all_new():
    assert all(change.was is None for change in changes({}, BEFORE))

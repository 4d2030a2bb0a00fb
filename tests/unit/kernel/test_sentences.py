"""Names and words at the beginning of a sentence."""

from parley.kernel.sentences import capitalised


def test_only_the_first_letter_changes() -> None:
    assert capitalised("a board of Derby") == "A board of Derby"


def test_what_has_no_capital_stays_as_it_is() -> None:
    assert [capitalised(text) for text in ("", "7 days", "محمد")] == ["", "7 days", "محمد"]

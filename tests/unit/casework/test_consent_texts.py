"""The words that people agree to: all there, filled, and never changed under the same version."""

import hashlib
import json

import pytest

from parley.casework.consent_texts import BODY_TEXTS, CONSENT_TEXTS, TEXTS, body_consent_text, consent_text
from parley.casework.domain import ConsentKind
from parley.casework.wording import Names

NAMES = Names(council="Derby City Council", provider="Global Mediation")

#: What each version said when it was first used. A change of words is a new version, with a line of its own here.
DIGESTS = {
    "2026-11": "35b1b06ef66c07c1",
    "2026-11-24": "35b1b06ef66c07c1",
    "2026-11-24.2": "b7e61ef2a5fc2b97",
    "2026-11-24.3": "443f9dbef783d470",
}
BODY_DIGESTS = dict.fromkeys(("2026-11-24", "2026-11-24.2", "2026-11-24.3"), "eb75b1a0fdf0d6e0")


@pytest.mark.parametrize("kind", ConsentKind)
def test_every_consent_has_words_that_name_who_is_told(kind: ConsentKind) -> None:
    text = consent_text(kind, NAMES, body="Oak Hill School")
    assert "{" not in text
    assert text[0].isupper()
    assert "Global Mediation" in text


def test_a_body_is_named_to_whoever_says_that_it_may_be_asked() -> None:
    assert "Global Mediation asks Oak Hill School to take part." in consent_text(
        ConsentKind.ASK_SETTING, NAMES, body="Oak Hill School"
    )


def test_a_body_agrees_to_words_of_its_own() -> None:
    text = body_consent_text(NAMES, "the school or setting")
    assert "{" not in text
    assert text != consent_text(ConsentKind.TAKE_PART, NAMES)
    assert "speak for the school or setting" in text


def test_the_words_of_a_version_never_change() -> None:
    assert CONSENT_TEXTS in TEXTS
    assert CONSENT_TEXTS in BODY_TEXTS
    assert {version: _hash(text) for version, text in BODY_TEXTS.items()} == BODY_DIGESTS
    assert {version: _digest(version) for version in TEXTS} == DIGESTS


def _digest(version: str) -> str:
    words = json.dumps({kind.value: text for kind, text in TEXTS[version].items()}, sort_keys=True)
    return _hash(words)


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]

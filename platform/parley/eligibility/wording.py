"""Filling our texts with a council's own words. Pure."""

from collections.abc import Mapping

from parley.law.domain import LawVersion
from parley.policy.domain import Policy


def fill(text: str, words: Mapping[str, str]) -> str:
    """`text` with the names in braces replaced from `words`, every sentence beginning with a capital letter."""
    sentences = text.format_map(words).split(". ")
    return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def words_of(policy: Policy, law: LawVersion) -> Mapping[str, str]:
    """What the names in braces stand for: the council's own words, and the law's figures."""
    return {**policy.words, "upper_age": str(law.upper_age)}

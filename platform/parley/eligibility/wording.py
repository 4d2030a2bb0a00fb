"""Filling our texts with a council's own words. Pure."""

from collections.abc import Mapping


def fill(text: str, words: Mapping[str, str]) -> str:
    """`text` with the names in braces replaced from `words`, every sentence beginning with a capital letter."""
    sentences = text.format_map(words).split(". ")
    return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)

"""Why a case went to the provider that has it, in words for each side. Pure."""

from collections.abc import Mapping

from parley.casework.allocation import AllocatedBecause

_WORDS: Mapping[AllocatedBecause, str] = {
    AllocatedBecause.CHOSEN: "{Family} chose {provider}.",
    AllocatedBecause.RANG: "{Family} rang {provider}.",
    AllocatedBecause.TURN: (
        "{council} has several providers. They take requests in turn, and it was the turn of {provider}."
    ),
    AllocatedBecause.ROOM: "{council} has several providers. {provider} had the most room when the request came.",
    AllocatedBecause.LEFT: "{council} has several providers. {provider} was the only one that could take the request.",
    AllocatedBecause.NEXT: (
        "{council} has several providers. The one that {family} chose could not take the request, so it went to the "
        "next on the council’s list, {provider}."
    ),
    AllocatedBecause.PLACED: "{council} asked {provider} to take the request.",
    AllocatedBecause.MOVED: "{Family} said that {provider} takes the request over.",
}


def allocation_words(because: AllocatedBecause, words: Mapping[str, str]) -> str:
    """Return in a sentence why the provider has the case; "" where the council has no other.

    ``words`` are those of ``casework.wording.Names`` for the reader.
    """
    text = _WORDS.get(because)
    return text.format_map(words) if text else ""

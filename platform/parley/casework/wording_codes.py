"""What the codes of a happening stand for, in words: parties, answers, items, dates. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from parley.casework import wording_texts as texts
from parley.casework.change_over import ProviderChoice
from parley.casework.domain import AnswerValue, ItemKind, PartyKind, PassedOnBecause
from parley.casework.timeline import LET_GO_BY, TAKEN_BY
from parley.casework.views import TimelineView

#: Who is asked, where nobody in particular is named.
INVITED = "who was invited"

_ANSWERS = {AnswerValue.AGREED.value: "agreed to take part", AnswerValue.DECLINED.value: "said no"}

#: Why a provider passed a case on, after what it did.
_PASSED_ON: Mapping[str, str] = {
    PassedOnBecause.CONFLICT_OF_INTEREST.value: ", because it could not be neutral in it",
    PassedOnBecause.NO_ROOM.value: ", because it has no room at present",
    PassedOnBecause.CONTRACT_ENDED.value: ", because its contract ended early",
}


#: Who goes on with a case, as its family said.
_GOES_ON: Mapping[str, str] = {
    ProviderChoice.STAY.value: "{provider} goes on",
    ProviderChoice.MOVE.value: "another provider goes on",
}


#: On what ground somebody acts for a young person who cannot make a decision.
GROUNDS: Mapping[str, str] = {
    "deputy_or_attorney": "as a deputy appointed by the Court of Protection, or an attorney",
    "parent": "as their parent, and there is no deputy or attorney",
}


_SIDES = {kind.value: texts.PARTIES[kind] for kind in PartyKind} | {"provider": "{provider}"}
_CLOCKS = {code.value: for_all for code, (for_all, _own) in texts.CLOCKS.items()}


def with_provider_then(
    timeline: Sequence[TimelineView], providers: Mapping[str, str], now: str
) -> Iterator[tuple[TimelineView, str]]:
    """Yield what happened, oldest first, each with the name of the provider that had the case then.

    ``providers`` are the names, by id, of those that a timeline names; ``now`` is called the one that has the case.
    """
    then = next((providers.get(entry.codes[LET_GO_BY], now) for entry in timeline if LET_GO_BY in entry.codes), now)
    for entry in timeline:
        yield entry, then
        then = providers.get(entry.codes.get(TAKEN_BY, ""), then)


def code_words(codes: Mapping[str, str], words: Mapping[str, str], parties: Mapping[str, str]) -> dict[str, str]:
    """Return the words for what ``codes`` name; a code that is missing leaves its place empty or general.

    ``words`` are the reader's own (``wording.Names.words``), ``parties`` the name of each party, and of each provider
    that had or has the case, by its id.
    """
    party = parties.get(codes.get("party_id", "")) or _side(codes.get("party", ""), words)
    clock = _CLOCKS.get(codes.get("clock", ""), "something was due")
    is_document = codes.get("item_kind") == ItemKind.DOCUMENT.value
    author = "you" if words["family"] == "you" else "it"
    day = _day(codes.get("on", ""))
    return {
        "party": party or "one side",
        "answered": _ANSWERS.get(codes.get("value", ""), "answered"),
        "item": "a document" if is_document else f"something {author} wrote",
        "clock": clock.format_map({**words, "party": party or INVITED}),
        "for_day": f" for {day}" if day else "",
        "to_day": f" to {day}" if day else "",
        "at_wish": _at_wish(codes.get("asked_by", ""), words),
        "let_go_by": parties.get(codes.get(LET_GO_BY, "")) or "the provider",
        "taken_by": parties.get(codes.get(TAKEN_BY, "")) or "another provider",
        "ground": GROUNDS.get(codes.get("ground", ""), "not stated"),
        "goes_on": _GOES_ON.get(codes.get("value", ""), "").format_map(words),
        "because": _PASSED_ON.get(codes.get("because", ""), ""),
    }


def _side(named: str, words: Mapping[str, str]) -> str:
    """Return what a code that names a party's kind, or the provider, calls it; "" for none."""
    return _SIDES.get(named, "").format_map(words)


def _at_wish(asked_by: str, words: Mapping[str, str]) -> str:
    """Return at whose wish something was done: a party's kind, or the provider."""
    side = words["family"] if asked_by == PartyKind.FAMILY else _side(asked_by, words)
    return f", because {side} asked" if side else ""


def _day(iso: str) -> str:
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return ""
    return f"{day.day} {day:%B %Y}"

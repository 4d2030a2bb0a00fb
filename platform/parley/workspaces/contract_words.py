"""That the contract of a case's provider is over, and what it means for the case, in words for each side. Pure."""

import datetime as dt
from collections.abc import Mapping

from parley.casework.change_over import ChangeView, ProviderChoice
from parley.casework.domain import CaseState, Viewer
from parley.casework.views import CaseView
from parley.casework.wording import Names
from parley.kernel.sentences import capitalised
from parley.tenancy.domain import ContractEnd, EarlyEndBecause
from parley.web.formatting import long_date

#: In which a case is with no provider, or nothing more is done in it.
_NOBODYS = frozenset({CaseState.UNPLACED, CaseState.WAITING_FOR_YOUNG_PERSON, CaseState.CLOSED})

#: By how it ended; None is by its own last day. An invited body is told by whoever has the case, and not of contracts.
_WORDS: Mapping[EarlyEndBecause | None, Mapping[Viewer, str]] = {
    None: {
        Viewer.FAMILY: (
            "The contract between {council} and {provider} ended on {last}. That changes nothing for your request: "
            "{provider} keeps it and goes on with it until it is finished."
        ),
        Viewer.PROVIDER: (
            "Your contract with {council} ended on {last}. This case stays with you until it is finished. New requests "
            "do not come to you."
        ),
        Viewer.LOCAL_AUTHORITY: (
            "The contract with {provider} ended on {last}. This case stays with it until it is finished. New requests "
            "do not go there."
        ),
    },
    EarlyEndBecause.ENDED: {
        Viewer.FAMILY: (
            "The contract between {council} and {provider} ended early: since {on} no new requests go there. "
            "{provider} keeps your request and can go on with it. It goes to nobody else unless you say so."
        ),
        Viewer.PROVIDER: (
            "{council} recorded that your contract ended early: since {on} no new requests come to you. This case "
            "stays with you, unless the family wants it to go to another provider."
        ),
        Viewer.LOCAL_AUTHORITY: (
            "The contract with {provider} ended early: since {on} no new requests go there. This case stays with it, "
            "unless the family wants it to go to another provider."
        ),
    },
    EarlyEndBecause.FAILED: {
        Viewer.FAMILY: (
            "{provider} has not been able to go on with its work for {council} since {on}. That is nothing that you "
            "did. What you sent is safe, and your request goes to nobody else unless you say so. If something cannot "
            "wait, ring {council}."
        ),
        Viewer.PROVIDER: (
            "{council} recorded that you cannot go on, since {on}. This case stays with you until the family says what "
            "should become of it."
        ),
        Viewer.LOCAL_AUTHORITY: (
            "{provider} has not been able to go on since {on}. This case stays there until the family says what should "
            "become of it."
        ),
    },
}


def contract_words(view: CaseView, names: Names, today: dt.date) -> str:
    """Return, for the view's reader, that the contract is over under which the case's provider has it.

    "" where it is not over on the London date ``today``, where the case waits for another provider, or is closed.
    """
    contract = view.contract
    if contract.on is None or not contract.is_over(today) or view.state in _NOBODYS:
        return ""
    text = _WORDS[contract.early].get(view.viewer, "")
    days = {"on": long_date(contract.on), "last": long_date(contract.on - dt.timedelta(days=1))}
    return capitalised(text.format_map(names.words(view.viewer) | days))


def elsewhere_words(contract: ContractEnd, names: Names, today: dt.date) -> str:
    """Return for a young person before their own yes that their request then goes to another provider; "" where the
    one that they are asked about still takes new requests."""
    if not contract.is_over(today):
        return ""
    return (
        f"{names.provider} takes no new requests any more. If you say yes, another provider that works with "
        f"{names.council} takes this one in its place. You are told which, and can still stop at any time."
    )


def cannot_go_on(view: CaseView, today: dt.date) -> bool:
    """Tell whether the case's provider cannot go on, so that a family asks its council."""
    return view.contract.early is EarlyEndBecause.FAILED and view.contract.is_over(today)


def change_words(change: ChangeView) -> str:
    """Return for provider staff what the family was asked about another provider, and what it said."""
    name = change.new_provider.name
    said = {
        None: f"It has not said yet whether {name} takes the request over.",
        ProviderChoice.STAY: "It said that you go on.",
        ProviderChoice.MOVE: f"It said that {name} takes the request over, which happens now.",
    }
    return f"The family was asked on {long_date(change.asked_at)}. {said[change.choice]}"

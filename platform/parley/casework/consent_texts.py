"""What people are asked to agree to, word for word: shown on pages and read aloud on the phone from here alone. Pure.

A consent is kept with the version of the words that were said, so a change of words is a new version; the words of an
earlier one stay, and say what somebody agreed to then.
"""

from collections.abc import Mapping

from parley.casework.domain import ConsentKind, PartyKind
from parley.casework.wording import Names
from parley.kernel.sentences import capitalised

#: The version of the words that are used now; every consent is recorded with the one that was used.
CONSENT_TEXTS = "2026-11-24.3"

#: Which consent lets a body be asked.
ASKING: Mapping[PartyKind, ConsentKind] = {
    PartyKind.SETTING: ConsentKind.ASK_SETTING,
    PartyKind.ICB: ConsentKind.ASK_ICB,
}

# What families agreed to from the first version on; later versions added words for others.
_FAMILY: dict[ConsentKind, str] = {
    ConsentKind.TAKE_PART: (
        "Disagreement resolution is voluntary, free and confidential. {provider} is independent of {council}. You "
        "can stop at any time and need not say why. It does not contact a mediation adviser for you, and it does "
        "not change any date for an appeal."
    ),
    ConsentKind.TELL_COUNCIL: (
        "{provider} tells {council} that you asked, who you are, who it is about, and what it is about. It does "
        "not pass on your phone number, your address, what keeps you safe, or what you said in your own words, "
        "unless you want it to."
    ),
    ConsentKind.ASK_SETTING: (
        "{provider} asks {body} to take part. One named person there is told the name of the child or young "
        "person and what the disagreement is about, and not what you said in your own words unless you want that. "
        "They may say no. You can change your mind later; what they were told before cannot be untold."
    ),
    ConsentKind.ASK_ICB: (
        "{provider} asks {body} to take part. One named person there is told the name of the child or young "
        "person and what the disagreement is about, and not what you said in your own words unless you want that. "
        "They may say no. You can change your mind later; what they were told before cannot be untold."
    ),
    ConsentKind.PARENT_MAY_ASK: (
        "A parent or carer asked {provider} to help settle a disagreement about your support. You have reached "
        "school leaving age, so it is your choice whether that goes ahead. If you say no, it ends here and nobody "
        "else is told. If you say yes, {provider} tells {council} who asks, for whom and what it is about. You can "
        "still stop at any time and need not say why."
    ),
}

#: Added by the third version.
_GO_ON: dict[ConsentKind, str] = {
    ConsentKind.GO_ON: (
        "A parent or carer asked {provider} to help settle a disagreement about your support, and it has begun. You "
        "have reached school leaving age, so it is your choice now whether it goes on. If you say yes, {provider} goes "
        "on with {council} and whoever else takes part, from where it stands. If you say no, it ends, and they are "
        "told that it was withdrawn and not why. You can still stop at any time and need not say why."
    ),
}

#: Added by the fourth version.
_CHANGE: dict[ConsentKind, str] = {
    ConsentKind.CHANGE_PROVIDER: (
        "{body} takes your request over from {provider} and goes on with it. {body} then reads your request, what you "
        "wrote in it, your documents, how to reach you and what keeps you safe, who takes part, what everybody "
        "answered and what was agreed.\n\nWhat you and {provider} wrote to each other in confidence stays with "
        "{provider}, and so do a mediator’s notes and drafts: nobody else reads them, and {provider} deletes them when "
        "their time is over. {provider} does not see your request any more."
    ),
}

#: The words for people of a family, by version. Braces are filled with names: {provider}, {council}, and {body}, who is
#: asked to take part, or takes the request over.
TEXTS: Mapping[str, Mapping[ConsentKind, str]] = {
    "2026-11": _FAMILY,
    "2026-11-24": _FAMILY,
    "2026-11-24.2": _FAMILY | _GO_ON,
    "2026-11-24.3": _FAMILY | _GO_ON | _CHANGE,
}

_BODY = (
    "Taking part is voluntary and confidential. {provider} is independent of {body}, of the family and of "
    "{council}. Somebody who can speak for {body} comes to a meeting. What is agreed there counts only once every "
    "side has confirmed its own copy, and is not legally binding. You can stop at any time and need not say why. "
    "Taking part does not change any date for an appeal."
)

#: To what a school or health body agrees through its contact when it takes part (``ConsentKind.TAKE_PART``), by
#: version. The first version had no words for it.
BODY_TEXTS: Mapping[str, str] = {"2026-11-24": _BODY, "2026-11-24.2": _BODY, "2026-11-24.3": _BODY}


def consent_text(kind: ConsentKind, names: Names, *, body: str = "", version: str = CONSENT_TEXTS) -> str:
    """Return the words of one consent. ``body`` is what the school or health body is called, where one is asked.

    Raises KeyError for a version that never was.
    """
    return capitalised(TEXTS[version][kind].format(provider=names.provider, council=names.council, body=body))


def body_consent_text(names: Names, body: str, *, version: str = CONSENT_TEXTS) -> str:
    """Return to what ``body`` agrees when it takes part. Raises KeyError for a version without words for it."""
    return capitalised(BODY_TEXTS[version].format(provider=names.provider, council=names.council, body=body))

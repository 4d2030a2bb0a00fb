"""What is read out to a person before their spoken yes or no is recorded, for the text version in ``casework``. Pure.

A change of what is read out is a new version (``casework.request.CONSENT_TEXTS``).
"""

from parley.casework.wording import Names


def tell_council(names: Names) -> str:
    """Return the words about the council being told."""
    return (
        f"“We will tell {names.council} that you asked, who you are, who it is about, and what it is about. We do not "
        "pass on your phone number, your address, what keeps you safe, or what you told us in your own words, unless "
        "you want us to. Is that all right?”"
    )


def take_part(names: Names) -> str:
    """Return the words about taking part."""
    return (
        f"“Disagreement resolution is voluntary, free and confidential. {names.provider} is independent of the "
        "council. You can stop at any time and need not say why. It does not contact a mediation adviser for you, and "
        "it does not change any date for an appeal. Do you want to go ahead?”"
    )


def ask_body(names: Names, body: str) -> str:
    """Return the words about a body being asked to take part."""
    return (
        f"“May we ask {body} to take part? We would tell one named person there your child’s name and what the "
        "disagreement is about, and not what you told us in your own words unless you want us to. They may say no. You "
        "can change your mind later; what they were told before cannot be untold.”"
    )


def young_person(names: Names) -> str:
    """Return the words to a young person about a request a parent made for them."""
    return (
        f"“Somebody has asked {names.provider} for help to settle a disagreement about your support. Because of your "
        "age it is your choice whether that goes ahead. If you say no, it ends here and nobody else is told. If you "
        "say yes, you can still change your mind at any time. Do you agree?”"
    )

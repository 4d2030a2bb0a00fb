"""How a person is reached safely, in words for whoever contacts them. Pure."""

from collections.abc import Mapping

from parley.casework.request import Safety

SAFE_WAYS: Mapping[str, str] = {"email": "email", "phone": "phone call", "text": "text message", "post": "letter"}


def safe_ways_words(safety: Safety) -> str:
    """Return by which ways the person may be reached."""
    if not safety.safe_ways:
        return "Any way"
    ways = [SAFE_WAYS.get(way, way) for way in safety.safe_ways]
    return f"Only by {' or '.join(ways)}"


def safety_wishes(safety: Safety) -> list[str]:
    """Return what else keeps the person safe, each in a sentence."""
    wishes = {
        "Hide the address from everybody": safety.hide_address,
        "Let them wait in a room of their own": safety.wait_apart,
        "Let them take part from another room, or by phone or video": safety.attend_apart,
    }
    return [sentence for sentence, wished in wishes.items() if wished]

"""What may be said in confidence, and between whom. Pure."""

import enum

#: Long enough for what people need to say, short enough to be read.
LONGEST = 5000


class MessageChannel(enum.StrEnum):
    """Between whom a private message passes. There is none between family and council: that is the open side."""

    FAMILY_PROVIDER = "family_provider"
    COUNCIL_PROVIDER = "council_provider"


def message_problems(body: str) -> dict[str, list[str]]:
    """Return what keeps ``body`` from being sent: field to messages for people."""
    if not body.strip():
        return {"body": ["Write your message"]}
    if len(body) > LONGEST:
        return {"body": [f"Your message must be {LONGEST:,} characters or fewer"]}
    return {}

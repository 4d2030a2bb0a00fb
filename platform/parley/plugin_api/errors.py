"""How a plugin says that a call did not work. Anything else it raises is ``Permanent`` and alerts an operator."""

import datetime as dt
import re

#: Codes are for machines and counts: short, stable, never personal.
CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class PluginError(Exception):
    """A call did not do what was asked.

    ``code`` is stable snake_case for counts and support; ``message`` is for an engineer. Neither may hold anything
    about a person: the host redacts what it recognises, and cannot recognise a name.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep ``code`` (snake_case, at most 64 characters) and ``message``; ValueError if the code is not one."""
        if not CODE.fullmatch(code):
            raise ValueError(f"{code!r} is not a code: lower-case letters, digits and underscores, 64 at most")
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Retryable(PluginError):
    """The same call with the same idempotency key may work later: time-outs, 429, 5xx."""

    def __init__(self, code: str, message: str, *, after: dt.timedelta | None = None) -> None:
        """As ``PluginError``; ``after`` is the shortest wait the other side asked for (its Retry-After)."""
        super().__init__(code, message)
        self.after = after


class Permanent(PluginError):
    """The same call will not work until somebody changes something: refused credentials, 4xx, a malformed answer."""

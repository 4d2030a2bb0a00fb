"""Errors that services raise for people to read.

A page turns each into the right answer (a field error, a 404, a page that says what to do); the API turns each into
problem+json (RFC 9457). ``code`` is stable and safe to log; ``message`` is for the person and may be shown as it is.
"""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Something the person can understand and usually do something about."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        """Say what happened and what to do next in ``message``; ``code`` narrows the class's own code."""
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """There is nothing here for this person. Also raised for what exists but is not theirs to know of."""

    code = "not-found"

    def __init__(self, message: str = "We could not find that page.", *, code: str | None = None) -> None:
        """Use the default message unless a person is known to have a right to hear more."""
        super().__init__(message, code=code)


class Refused(DomainError):
    """The person is known, may know that the thing exists, and may not do this to it."""

    code = "refused"


class Conflict(DomainError):
    """The thing changed, or was already done, since the person saw it."""

    code = "conflict"


class Invalid(DomainError):
    """What was typed cannot be used as it is; ``errors`` names each field and says how to mend it."""

    code = "invalid"

    def __init__(
        self,
        errors: Mapping[str, Sequence[str]],
        message: str = "Some answers need another look.",
        *,
        code: str | None = None,
    ) -> None:
        """Keep ``errors``: field name to one or more messages for people."""
        super().__init__(message, code=code)
        self.errors = {field: list(messages) for field, messages in errors.items()}

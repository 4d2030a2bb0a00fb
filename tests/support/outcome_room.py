"""Everybody who was at a meeting, before the whole application."""

import dataclasses
from collections.abc import Callable

from support.family import Family
from support.outcomes import HeldMeeting
from support.provider import Staff
from support.staff import Officer


@dataclasses.dataclass
class Room:
    """Everybody who was at the meeting, each with a browser; and the worker."""

    held: HeldMeeting
    parent: Family
    officer: Officer
    mediator: Staff
    coordinator: Staff
    work: Callable[[], int]

    def own(self, page: str = "") -> str:
        """Return the address of the family's page."""
        return f"/requests/{self.held.case.id}/{page}".rstrip("/")

    def councils(self, page: str = "") -> str:
        """Return the address of the council's page."""
        return f"/council/cases/{self.held.case.id}/{page}".rstrip("/")

    def providers(self, page: str = "") -> str:
        """Return the address of the provider's page."""
        return f"/cases/{self.held.case.authority.id}/{self.held.case.id}/{page}".rstrip("/")

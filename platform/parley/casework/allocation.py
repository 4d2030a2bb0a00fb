"""Which of several providers takes a case, by the council's rule. Pure.

Every rule passes over a provider that has no room, or that has had the case and passed it on.
"""

import dataclasses
import enum
import uuid
from collections.abc import Collection, Sequence

from parley.policy.domain import Allocation, Policy


class AllocatedBecause(enum.StrEnum):
    """Why a case went to the provider that has it; kept with the case and shown to its sides."""

    SOLE = "sole"
    """The council has no other provider."""
    CHOSEN = "chosen"
    """The family chose it."""
    RANG = "rang"
    """The family rang it, and it wrote the request down."""
    TURN = "turn"
    """It was its turn."""
    ROOM = "room"
    """It has the most room."""
    LEFT = "left"
    """It is the only one that can take the case."""
    NEXT = "next"
    """The one that the family chose cannot take it, and this is the next that the council names."""
    PLACED = "placed"
    """No rule found one, and the council gave it to this one."""
    MOVED = "moved"
    """The contract of the one before ended early, and the family said that this one goes on."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receiver:
    """A provider that may take a case. ``capacity`` is how many it takes at a time, None where nobody said."""

    provider_id: uuid.UUID
    capacity: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receiving:
    """Who may take a request, in the council's order, and by what rule; what the family said to that.

    ``rang`` is true of a request that its provider wrote down for a caller: it is that provider's.
    """

    receivers: tuple[Receiver, ...]
    rule: Allocation = Allocation.FAMILY_CHOICE
    chosen: uuid.UUID | None = None
    rang: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Terms:
    """By what another provider is found for a case: who may take it today, and the policy that the case goes by."""

    receiving: Receiving
    policy: Policy


def straight_to(provider_id: uuid.UUID) -> Receiving:
    """Return that a request goes to this provider, which the council has alone."""
    return Receiving(receivers=(Receiver(provider_id=provider_id),))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Candidate:
    """A receiver as it stands at this moment: how many open cases it has, and when its last turn was."""

    receiver: Receiver
    open_cases: int
    turn: int

    @property
    def room(self) -> float:
        """How many more cases it takes; endless where nobody said."""
        capacity = self.receiver.capacity
        return float("inf") if capacity is None else capacity - self.open_cases


@dataclasses.dataclass(frozen=True, kw_only=True)
class Allocated:
    """Whose a case becomes, and why."""

    provider_id: uuid.UUID
    because: AllocatedBecause

    @property
    def codes(self) -> dict[str, str]:
        """How the timeline and the audit keep it; nothing where the council has one provider."""
        if self.because is AllocatedBecause.SOLE:
            return {}
        return {"given_to": str(self.provider_id), "allocated": self.because.value}


def without_choice(receiving: Receiving) -> Allocated | None:
    """Return whose the case becomes where there is nothing to choose, else None."""
    if receiving.rang:
        return Allocated(provider_id=receiving.receivers[0].provider_id, because=AllocatedBecause.RANG)
    if len(receiving.receivers) == 1:
        return Allocated(provider_id=receiving.receivers[0].provider_id, because=AllocatedBecause.SOLE)
    return None


def allocate(
    rule: Allocation,
    candidates: Sequence[Candidate],
    *,
    chosen: uuid.UUID | None = None,
    passed_by: Collection[uuid.UUID] = (),
) -> Allocated | None:
    """Return which of the ``candidates``, in the council's order, takes the case, and why; None if nobody can.

    ``chosen`` is the family's choice, if it made one. ``passed_by`` are those that have had the case already.
    """
    able = [one for one in candidates if one.room > 0 and one.receiver.provider_id not in passed_by]
    if not able:
        return None
    ids = [one.receiver.provider_id for one in able]
    if rule is Allocation.FAMILY_CHOICE and chosen in ids and chosen is not None:
        return Allocated(provider_id=chosen, because=AllocatedBecause.CHOSEN)
    if len(able) == 1:
        return Allocated(provider_id=ids[0], because=AllocatedBecause.LEFT)
    match rule:
        case Allocation.ROTA:
            picked, because = min(able, key=lambda one: one.turn), AllocatedBecause.TURN
        case Allocation.CAPACITY:
            picked, because = max(able, key=lambda one: (one.room, -one.turn)), AllocatedBecause.ROOM
        case Allocation.FAMILY_CHOICE | Allocation.COUNCIL_ALLOCATES:
            picked, because = able[0], AllocatedBecause.NEXT
    return Allocated(provider_id=picked.receiver.provider_id, because=because)

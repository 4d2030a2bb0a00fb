"""Tables of the open side of a case, and of requests not yet sent."""

from parley.casework.models.case import (
    Answer,
    Case,
    CaseClock,
    CaseCounter,
    Child,
    Consent,
    Party,
    PartyMember,
    Referral,
    RequestDraft,
    Share,
    Statement,
    TimelineEntry,
    WorklistEntry,
)
from parley.casework.models.change_over import ChangeOver
from parley.casework.models.holding import FormerHolding
from parley.casework.models.invitation import Invitation

__all__ = [
    "Answer",
    "Case",
    "CaseClock",
    "CaseCounter",
    "ChangeOver",
    "Child",
    "Consent",
    "FormerHolding",
    "Invitation",
    "Party",
    "PartyMember",
    "Referral",
    "RequestDraft",
    "Share",
    "Statement",
    "TimelineEntry",
    "WorklistEntry",
]

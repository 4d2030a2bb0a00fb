"""Asking the family something: the one way by which a question leaves, whatever page or job asks.

What is asked is private between family and provider, and the open side keeps no word of it: here stands only that
something was asked, and by when an answer would help.
"""

import datetime as dt
import uuid

from parley.access.domain import Actor
from parley.casework.service.referral import ask_for_information
from parley.db.session import Session
from parley.policy.domain import Policy


def ask_family(
    session: Session, *, actor: Actor, at: dt.datetime, authority_id: uuid.UUID, case_id: uuid.UUID, policy: Policy
) -> None:
    """Record that the family was asked; it is told so, without what was asked, in the way it can be reached. Commits.

    Raises Conflict for a closed case.
    """
    ask_for_information(session, actor=actor, at=at, authority_id=authority_id, case_id=case_id, policy=policy)

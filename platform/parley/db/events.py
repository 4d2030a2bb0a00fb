"""News from a lower capability to higher ones, within one transaction.

A service announces what happened; what was subscribed in app.py runs at once, in the same transaction, and may do
database work only: if it fails, nothing happened. Work that takes time or speaks to the outside is enqueued as a job.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

News = TypeVar("News")
Subscriber = Callable[[Session, Any], None]


class Subscriptions:
    """Who wants to hear of what."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._by_type: dict[type, list[Subscriber]] = defaultdict(list)

    def subscribe(self, kind: type[News], subscriber: Callable[[Session, News], None]) -> None:
        """Have ``subscriber`` called with the session and each announced value of exactly the type ``kind``."""
        self._by_type[kind].append(subscriber)

    def tell(self, session: Session, news: object) -> None:
        """Call everybody subscribed to ``news``, in the order of subscription."""
        for subscriber in self._by_type[type(news)]:
            subscriber(session, news)


def announce(session: Session, news: object) -> None:
    """Tell everybody subscribed that ``news`` happened, in the session's transaction."""
    subscriptions: Subscriptions = session.info["subscriptions"]
    subscriptions.tell(session, news)

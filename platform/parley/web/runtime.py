"""What a web process is made of, handed to it by create_app."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Protocol

from flask import Flask, current_app

from parley.access.domain import Actor
from parley.db.scope import Scope
from parley.db.session import Database, Session
from parley.kernel.clock import Clock
from parley.settings import Settings
from parley.web.fair_use import FairUse, SharedThreads
from parley.web.sites import Site, SiteDirectory

_KEY = "parley"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The person behind a request: who acts, and in which sign-in session.

    ``shown_as`` is what the page header calls the person (never logged); ``case_id`` binds an invited person to the
    one case they were invited to. ``fresh_until`` is how long their last proof of who they are counts as fresh, and
    ``idle`` how long they may open no page.
    """

    actor: Actor
    session_id: uuid.UUID
    shown_as: str
    fresh_until: dt.datetime
    idle: dt.timedelta
    case_id: uuid.UUID | None = None

    def is_fresh(self, at: dt.datetime, *, sending: bool) -> bool:
        """Tell whether the proof counts as fresh at ``at``, to open a page or, with ``sending``, to send its form.

        A form is taken for as long as its page may have been open in a session that did not end: nobody is asked
        between a page that they were let into and what they typed there.
        """
        return at < self.fresh_until + (self.idle if sending else dt.timedelta())


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedOut:
    """Whose browser presents a sign-in that was ended from elsewhere: by the issuer behind it, or by the person."""

    by_issuer: bool


class SignInReader(Protocol):
    """How the web layer learns who is signed in, without knowing how sign-in works (identity hands this in)."""

    def __call__(
        self, database: Database, scope: Scope, site: Site, token: str, now: dt.datetime
    ) -> tuple[Session, SignedIn | SignedOut | None]:
        """Return a session begun with ``scope``, and who holds ``token`` on ``site`` at ``now``, or None.

        Where it was theirs until somebody ended it elsewhere, by whom: their next page says so.
        """
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Runtime:
    """Everything a request may need that is not the request."""

    settings: Settings
    database: Database
    clock: Clock
    sites: SiteDirectory
    open_signed_in: SignInReader
    fair_use: FairUse
    threads: SharedThreads
    readiness: tuple[Callable[[], str | None], ...] = ()


def install(app: Flask, runtime: Runtime) -> None:
    """Make ``runtime`` the app's own."""
    app.extensions[_KEY] = runtime


def runtime() -> Runtime:
    """Return the running app's runtime."""
    return runtime_of(current_app)


def runtime_of(app: Flask) -> Runtime:
    """Return the runtime of ``app``, also where no request is being answered yet."""
    found = app.extensions[_KEY]
    if not isinstance(found, Runtime):
        raise TypeError("create_app did not install a runtime")
    return found

"""A council that comes in the place of others: what that means for each of them, and doing it (decision 12).

No row moves and no key changes. A predecessor takes no new requests; what was begun is finished on its own site, under
its own rules and references, behind the walls that it had.
"""

import dataclasses
import datetime as dt

from parley.casework.holdings import Holdings, holdings_of
from parley.db.scope import authority_scope, platform_scope
from parley.db.session import Database
from parley.identity.domain import Environment, SignInKind
from parley.identity.queries import door
from parley.kernel.errors import Conflict
from parley.policy.queries import current_policy
from parley.policy.terms import Lineage
from parley.tenancy import life
from parley.tenancy.domain import Authority, AuthorityState, Step, require_step
from parley.tenants.applying import PLATFORM_ACTOR, commission, council_called


@dataclasses.dataclass(frozen=True, kw_only=True)
class Succession:
    """What becomes of one predecessor. ``is_done`` if it was closed in favour of this successor before."""

    council: Authority
    holdings: Holdings
    is_done: bool
    cautions: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Merger:
    """Closes councils in favour of ``successor``. Each step can be repeated: a run that was cut short is run again."""

    database: Database
    successor: Authority
    environment: Environment
    today: dt.date

    def plan(self, slug: str) -> Succession:
        """Return what closing the council called ``slug`` means. Changes nothing. Raises NotFound, Conflict."""
        council = council_called(self.database, slug)
        self._require(council)
        with self.database.begin(authority_scope(council.id)) as session:
            holdings = holdings_of(session, council.id)
        return Succession(
            council=council,
            holdings=holdings,
            is_done=council.state is AuthorityState.CLOSED,
            cautions=self._cautions(council, holdings),
        )

    def close(self, succession: Succession, *, at: dt.datetime, author: str, reason: str) -> None:
        """Close the predecessor, then end its commissions: nobody can send it a request from then on."""
        if not succession.is_done:
            with self.database.begin(platform_scope()) as session:
                life.close(
                    session,
                    actor=PLATFORM_ACTOR,
                    at=at,
                    authority_id=succession.council.id,
                    successor_id=self.successor.id,
                    author=author,
                    reason=reason,
                )
        commission(self.database, succession.council.id, self.today)

    def _require(self, council: Authority) -> None:
        """Raise Conflict, with what to do, unless the council may be closed in favour of the successor."""
        if council.id == self.successor.id:
            raise Conflict(f"{council.name} cannot come in its own place.", code="own-successor")
        if council.state is AuthorityState.CLOSED and council.successor_id == self.successor.id:
            return
        require_step(council.name, council.state, Step.CLOSE)
        wanted = {AuthorityState.LIVE} if council.went_live else {AuthorityState.LIVE, AuthorityState.DEMO}
        if self.successor.state not in wanted:
            raise Conflict(
                f"{self.successor.name} is {self.successor.state}; families of {council.name} would be led to pages "
                f"that are not open. `parley authority go-live {self.successor.slug}` comes first.",
                code="successor-not-open",
            )
        with self.database.begin(authority_scope(self.successor.id)) as session:
            policy = current_policy(session, self.successor.id, self.today).policy
        named = [
            one
            for one in policy.relatives
            if one.lineage is Lineage.PREDECESSOR and one.gss_code == council.gss_code and one.evidence.shown
        ]
        if not named:
            raise Conflict(
                f"The rules of {self.successor.name} do not name {council.name} as its predecessor. Write "
                f'[[relatives]] with lineage = "predecessor" and gss_code = "{council.gss_code}" in its policy.toml, '
                "with where that was published, and apply it.",
                code="no-relative",
            )
        since = named[0].since
        if since is not None and since > self.today:
            raise Conflict(f"{self.successor.name} comes in its place on {since}, and not before.", code="too-early")

    def _cautions(self, council: Authority, holdings: Holdings) -> tuple[str, ...]:
        """Return what does not stand in the way and should be looked at."""
        cautions = []
        if holdings.open_cases and self._issuer(council) != self._issuer(self.successor):
            cautions.append(
                f"its staff sign in elsewhere than those of {self.successor.name}: whoever is to finish its open cases "
                f"needs the issuer under [staff] in {council.slug}/signin.toml"
            )
        if holdings.unsent_requests:
            cautions.append("what families began and did not send can be read and copied there, and not sent")
        return tuple(cautions)

    def _issuer(self, council: Authority) -> str | None:
        with self.database.begin(authority_scope(council.id)) as session:
            staff = door(session, council.id, SignInKind.STAFF, self.environment)
        return staff.issuer.issuer if staff else None

"""As many councils as England has, each with the published rules of one of those in ``tenants``, people, and cases."""

import dataclasses
import time
from collections.abc import Callable, Sequence

from flask import Flask

from bench.generate import Made, Wanted, generate_all
from bench.scenes import Asked, Cast, coordinator_of, sign_in_all
from bench.stand import Deployed, Stand
from parley.app import create_app
from parley.kernel.clock import SystemClock
from support.factories import Factory
from support.family import served_council
from support.policies import COUNCILS

#: England's local authorities with duties for special educational needs.
AUTHORITIES = 153


@dataclasses.dataclass(frozen=True, kw_only=True)
class England:
    """Councils that share one provider. ``casts`` are their people, ``made`` the cases of each, in the same order."""

    deployed: Deployed
    app: Flask
    casts: Sequence[Cast]
    made: Sequence[Sequence[Made]]
    seconds: float
    """How long it took to make all of it."""

    @property
    def number_of_cases(self) -> int:
        """Of all councils."""
        return sum(map(len, self.made))

    def pages(self, of: Callable[[Cast, Sequence[Made]], Sequence[Asked]], *, each: int) -> tuple[Asked, ...]:
        """Return what ``of`` opens at every council in turn, at most ``each`` pages a council."""
        councils = [of(cast, made)[:each] for cast, made in zip(self.casts, self.made, strict=True)]
        return tuple(asked[turn] for turn in range(max(map(len, councils))) for asked in councils if turn < len(asked))


def england(
    here: Stand, name: str, *, councils: int, cases: int, progress: Callable[[int], None] = lambda done: None
) -> England:
    """Make a deployment of ``councils`` with ``cases`` each. ``progress`` hears how many cases there are so far.

    No connection to it is open afterwards.
    """
    began = time.monotonic()
    deployed = here.deploy(name)
    app = create_app(deployed.settings)
    database, clock = app.extensions["parley"].database, SystemClock()
    make = Factory(database, clock)
    coordinator = coordinator_of(app, make, make.provider(name="Global Mediation"))
    served = [
        served_council(make, COUNCILS[number % len(COUNCILS)], provider=coordinator.provider)
        for number in range(councils)
    ]
    app.extensions["parley"].sites.forget()
    casts = [sign_in_all(app, make, one, coordinator, officers=2) for one in served]
    wanted = [Wanted(council=cast.council, count=cases, seed=number) for number, cast in enumerate(casts)]
    with here.loading():
        with deployed.unindexed():
            made = generate_all(database, wanted, at=clock.now(), progress=progress)
        deployed.tidy()
    database.dispose()
    return England(deployed=deployed, app=app, casts=casts, made=made, seconds=time.monotonic() - began)

"""``make bench``: how fast pages are, beside the least that such a page could cost on the same machine.

First counts how many checks one process assesses in a second. Then makes a database of its own with ten thousand cases
at one council, serves Parley as in production, and measures each page right after its floor, in several rounds. Exits
with 1 when a target is missed. Takes less than six minutes.
"""

import argparse
import contextlib
import os
import pathlib
import sys
import time
from collections.abc import Callable

TESTS = pathlib.Path(__file__).resolve().parents[1]
# A script's own folder comes first, and would hide what lies beside it; what it shares with tests lies above.
sys.path[0] = str(TESTS)

from bench import assessing, floor, report, scenes  # noqa: E402
from bench.generate import Made, generate  # noqa: E402
from bench.load import raw_request, send  # noqa: E402
from bench.stand import Server, Stand, floor_server, parley_server, stand  # noqa: E402
from parley.app import create_app  # noqa: E402
from parley.cli.plugins import plugins_at_hand  # noqa: E402
from parley.db.scope import Login  # noqa: E402
from parley.kernel.clock import SystemClock  # noqa: E402
from parley.tenants.loading import Loader  # noqa: E402
from support.statements import statements_of  # noqa: E402

CASES = 10_000
ROUNDS = 5
SECONDS = 2.0
#: Requests sent in a round at most: more than a machine answers in its seconds.
SENDINGS = 1_500
RESULTS = TESTS.parent / ".bench" / "latest.json"


def main() -> int:
    """Measure, report, and return the exit code."""
    wanted = _arguments()
    began = time.monotonic()
    checks = assessing.rates()
    with stand() as here:
        cast, cases = _fill(here, wanted.cases)
        played = scenes.scenes(cast, cases, SENDINGS * wanted.rounds)
        here.tidy()
        counted = {scene.name: _statements(cast, scene) for scene in played}
        _say(f"Ready after {time.monotonic() - began:.0f} s; {wanted.rounds} rounds of {len(played)} pages.")
        with floor_server(here) as floors, parley_server(here) as parley:
            before = scenes.number_of_cases(cast)
            rounds = _measure(here, floors, parley, played, wanted.rounds)
            memory = {"parley": parley.peak_memory(), "floor": floors.peak_memory()}
            _check_sent(rounds["sending a request"], scenes.number_of_cases(cast) - before)
        results = [
            report.Result(scene=scene, rounds=rounds[scene.name], statements=counted[scene.name]) for scene in played
        ]
    report.save(RESULTS, results, checks, memory, wanted.cases)
    return _told(results, checks, memory, wanted.cases, time.monotonic() - began)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES, help="cases at the council that is measured")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is measured")
    return parser.parse_args()


def _fill(here: Stand, count: int) -> tuple[scenes.Cast, list[Made]]:
    """Load the tenants folder and make the cases."""
    app = create_app(here.settings)
    database, clock = app.extensions["parley"].database, SystemClock()
    with plugins_at_hand(here.settings) as gateway:
        list(Loader(database=database, settings=here.settings, clock=clock, gateway=gateway).load())
    cast = scenes.gather(app)
    parent = cast.family.identity_id
    if parent is None:
        raise LookupError("the family is not signed in")
    cases = generate(
        database, cast.council, count, at=clock.now(), parent=parent, progress=_bar(count, "Writing cases")
    )
    return cast, cases


def _statements(cast: scenes.Cast, scene: scenes.Scene) -> int:
    """Return how many statements a page sends, once the process knows what it keeps (policies, keys)."""
    client, database = cast.app.test_client(use_cookies=False), cast.app.extensions["parley"].database
    first, counted = scene.asked[0], scene.asked[-1]
    # Twice first, so that the directory of councils, which is read every few seconds, is not counted.
    for asked in (first, counted if not scene.once else first):
        asked.by(client)
    with statements_of(database, Login.APP, Login.PROVIDER) as seen:
        status = counted.by(client)
    if status not in (200, 303):
        raise LookupError(f"{scene.name} is answered with {status}")
    return len(seen)


def _measure(
    here: Stand, floors: Server, parley: Server, played: list[scenes.Scene], rounds: int
) -> dict[str, list[report.Round]]:
    host, items = "floor", floor.item_ids(here.floor_admin, scenes.OPENED)
    floor_requests = {
        "list": [raw_request("GET", "/list", host)],
        "detail": [raw_request("GET", f"/detail/{one}", host) for one in items],
        "create": [raw_request("POST", "/create", host, form={"title": "A title"})],
    }
    requests = {scene.name: [asked.raw() for asked in scene.asked] for scene in played}
    for scene in played:
        # A process that has answered before: what it keeps is kept, and its pages are compiled.
        send(parley.port, requests[scene.name][:SENDINGS], seconds=1, once=scene.once)
    measured: dict[str, list[report.Round]] = {scene.name: [] for scene in played}
    show = _bar(rounds * len(played), "Measuring")
    for number in range(rounds):
        for scene in played:
            own = requests[scene.name]
            if scene.once:
                share = len(own) // rounds
                own = own[number * share : (number + 1) * share]
            measured[scene.name].append(
                report.Round(
                    floor=send(floors.port, floor_requests[scene.floor], seconds=SECONDS),
                    page=send(parley.port, own, seconds=SECONDS, once=scene.once),
                )
            )
            show(sum(map(len, measured.values())))
    return measured


def _check_sent(rounds: list[report.Round], more: int) -> None:
    """Raise LookupError unless every request that was answered is there: a fast answer that keeps nothing is none."""
    answered = sum(one.page.requests for one in rounds)
    if more < answered:
        raise LookupError(f"{answered} requests were answered as sent, and {more} more cases are there")


def _told(
    results: list[report.Result], checks: list[assessing.Rate], memory: dict[str, float], cases: int, seconds: float
) -> int:
    missed = [line for measured in (*results, *checks) for line in measured.misses]
    _say(f"\n{cases:,} cases at one council; medians of {len(results[0].rounds)} rounds; ratios of the same round.\n")
    _say(report.table(results))
    _say(f"\n{assessing.table(checks)}")
    _say(f"\nPeak memory of a worker: {memory['parley']:.0f} MB (floor {memory['floor']:.0f} MB).")
    busy = os.getloadavg()[0]
    if busy > 2 * (os.cpu_count() or 1):
        _say(f"This machine is busy with other things (load {busy:.1f}): figures are only indicative.")
    for line in missed:
        _say(f"MISSED  {line}")
    _say(f"{'Missed' if missed else 'Met'} the targets in {seconds:.0f} s. All of it: {RESULTS}")
    return 1 if missed else 0


def _bar(count: int, what: str) -> Callable[[int], None]:
    """Return what shows on a terminal how many of ``count`` are done."""

    def show(done: int) -> None:
        filled = 30 * done // count
        sys.stderr.write(f"\r{what} [{'#' * filled}{' ' * (30 - filled)}] {done:,} of {count:,}")
        sys.stderr.write("\n" if done >= count else "")
        sys.stderr.flush()

    return show if sys.stderr.isatty() else lambda done: None


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

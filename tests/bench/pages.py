"""Pages beside the least that such a page could cost on the same machine: each right after its floor, several times."""

import time

from bench import floor, scenes
from bench.generate import Made, Wanted, generate
from bench.load import raw_request, send, warm
from bench.options import Options, Run, bar, say
from bench.report import Part, Result, Round, table
from bench.stand import Deployed, Server, floor_server, parley_server
from parley.app import create_app
from parley.cli.plugins import plugins_at_hand
from parley.db.scope import Login
from parley.kernel.clock import SystemClock
from parley.tenants.loading import Loader
from support.statements import statements_of

#: Requests sent in a round at most: more than a machine answers in its seconds.
SENDINGS = 1_500
#: Requests that a process answers before any round.
WARMING = 100


def measure(run: Run) -> Part:
    """Measure every page at one council of the tenants folder."""
    began, options = time.monotonic(), run.options
    deployed = run.here.deploy("pages")
    floor_admin, floor_login = run.here.floor()
    cast, cases = _fill(deployed, options.cases)
    played = scenes.scenes(cast, cases, SENDINGS * options.rounds + WARMING + 1)
    deployed.tidy()
    counted = {scene.name: _statements(cast, scene) for scene in played}
    say(f"Pages: ready after {time.monotonic() - began:.0f} s; {options.rounds} rounds of {len(played)} pages.")
    with floor_server(floor_login) as floors, parley_server(deployed) as parley:
        before = scenes.number_of_cases(cast)
        rounds = _measure(floor_admin, floors, parley, played, options)
        memory = {"parley": parley.peak_memory(), "floor": floors.peak_memory()}
        _check_sent(rounds["sending a request"], scenes.number_of_cases(cast) - before)
    cast.make.database.dispose()
    results = [Result(scene=scene, rounds=rounds[scene.name], statements=counted[scene.name]) for scene in played]
    return Part(
        name="pages",
        figures=(),
        wrong=[line for result in results for line in result.misses],
        told=f"{options.cases:,} cases at one council; medians of {options.rounds} rounds; ratios of the same round.\n"
        f"{table(results)}\n"
        f"Peak memory of a worker: {memory['parley']:.0f} MB (floor {memory['floor']:.0f} MB).",
        found={"pages": [result.as_json() for result in results], "peak_memory_mb": memory},
    )


def _fill(deployed: Deployed, count: int) -> tuple[scenes.Cast, list[Made]]:
    """Load the tenants folder and make the cases."""
    app = create_app(deployed.settings)
    database, clock = app.extensions["parley"].database, SystemClock()
    with plugins_at_hand(deployed.settings) as gateway:
        list(Loader(database=database, settings=deployed.settings, clock=clock, gateway=gateway).load())
    cast = scenes.gather(app)
    wanted, show, done = Wanted(council=cast.council, count=count), bar(count, "Writing cases"), 0

    def written(more: int) -> None:
        nonlocal done
        done += more
        show(done)

    cases = generate(database, wanted, at=clock.now(), progress=written)
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
    floor_admin: str, floors: Server, parley: Server, played: list[scenes.Scene], options: Options
) -> dict[str, list[Round]]:
    host, items = "floor", floor.item_ids(floor_admin, scenes.OPENED)
    floor_requests = {
        "list": [raw_request("GET", "/list", host)],
        "detail": [raw_request("GET", f"/detail/{one}", host) for one in items],
        "create": [raw_request("POST", "/create", host, form={"title": "A title"})],
    }
    requests = {scene.name: [asked.raw() for asked in scene.asked] for scene in played}
    for scene in played:
        # Of what can be sent once alone, some that no round sends.
        own = requests[scene.name]
        warm(parley.port, own[-WARMING:] if scene.once else (own * WARMING)[:WARMING])
    measured: dict[str, list[Round]] = {scene.name: [] for scene in played}
    rounds = options.rounds
    show = bar(rounds * len(played), "Measuring pages")
    for number in range(rounds):
        for scene in played:
            own = requests[scene.name]
            if scene.once:
                own = own[number * SENDINGS : (number + 1) * SENDINGS]
            measured[scene.name].append(
                Round(
                    floor=send(floors.port, floor_requests[scene.floor], seconds=options.seconds),
                    page=send(parley.port, own, seconds=options.seconds, once=scene.once),
                )
            )
            show(sum(map(len, measured.values())))
    return measured


def _check_sent(rounds: list[Round], more: int) -> None:
    """Raise LookupError unless every request that was answered is there: a fast answer that keeps nothing is none."""
    answered = sum(one.page.requests for one in rounds)
    if more < answered:
        raise LookupError(f"{answered} requests were answered as sent, and {more} more cases are there")

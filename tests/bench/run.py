"""``make bench``: how fast Parley is, in parts, each beside something measured in the same minutes on the same machine.

    checks   how many checks one process assesses in a second
    pages    each page beside the least that such a page could cost
    size     many councils beside one, 1.5 million cases beside 15,000
    walls    the database's walls beside none, and that every plan goes by the column they hang on
    noise    what other councils notice of one that asks for all it can get
    memory   what a process keeps for each council

All of them, unless some are named. Makes databases of its own in the folder for temporary files, 25 GB for all of
England at full size, and removes them at the end, also after Ctrl-C. Exits with 1 when a goal is missed. docs/speed.md
says how to read it.
"""

import argparse
import contextlib
import dataclasses
import os
import pathlib
import signal
import sys
import time
from collections.abc import Callable

TESTS = pathlib.Path(__file__).resolve().parents[1]
# A script's own folder comes first, and would hide what lies beside it; what it shares with tests lies above.
sys.path[0] = str(TESTS)

from bench import assessing, memory, noise, options, pages, report, size, walled  # noqa: E402
from bench.stand import stand  # noqa: E402

PARTS: dict[str, Callable[[options.Run], report.Part]] = {
    "checks": assessing.measure,
    "pages": pages.measure,
    "walls": walled.measure,
    "noise": noise.measure,
    "memory": memory.measure,
    # Last, because it takes longest.
    "size": size.measure,
}
RESULTS = TESTS.parent / ".bench" / "latest.json"


def main() -> int:
    """Measure, report, and return the exit code."""
    names, results, wanted = _arguments()
    # Asked to stop, it stops as by Ctrl-C: in order, and leaving nothing.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    parts = []
    with stand() as here:
        run = options.Run(here, wanted)
        for name in names:
            parts.append(PARTS[name](run))
            options.say(f"\n{parts[-1]}\n")
    report.save(results, parts, dataclasses.asdict(wanted))
    options.say(f"All of it: {results}")
    return _told(parts, time.monotonic() - began)


def _arguments() -> tuple[list[str], pathlib.Path, options.Options]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which parts: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--councils", type=int, default=options.AUTHORITIES, help="councils where many are measured")
    parser.add_argument("--cases", type=int, default=options.CASES, help="cases at each of them")
    parser.add_argument("--rounds", type=int, default=options.ROUNDS, help="how often each thing is measured")
    parser.add_argument("--seconds", type=float, default=options.SECONDS, help="for how long each time")
    parser.add_argument("--results", type=pathlib.Path, default=RESULTS, help="the file for programs (%(default)s)")
    given = vars(parser.parse_args())
    parts, results = given.pop("parts"), given.pop("results")
    if unknown := set(parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}")
    return [name for name in PARTS if not parts or name in parts], results, options.Options(**given)


def _told(parts: list[report.Part], seconds: float) -> int:
    missed = [f"{part.name}: {line}" for part in parts for line in part.misses]
    busy = os.getloadavg()[0]
    if busy > 2 * (os.cpu_count() or 1):
        options.say(f"This machine is busy with other things (load {busy:.1f}): figures are only indicative.")
    for line in missed:
        options.say(f"MISSED  {line}")
    options.say(f"{'Missed some' if missed else 'Met all'} goals in {seconds:.0f} s.")
    return 1 if missed else 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())

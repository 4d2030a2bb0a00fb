"""What a process keeps for each council: its rules, its key, its hosts, and what pages of it left behind."""

from collections.abc import Sequence

from bench.generate import Made
from bench.load import warm
from bench.options import Run
from bench.report import Figure, Part
from bench.scenes import Asked, Cast
from bench.stand import parley_server

#: At most, for each council.
WANTED_KB = 200
#: How often the first council's pages are opened before anything is read, so that what is kept once is there.
WARM_TIMES = 60
#: How often each page is opened at every council.
TIMES = 3


def measure(run: Run) -> Part:
    """Measure one process that has served one council, and then all of them."""
    england = run.few
    first, everywhere = _pages(england.casts[0], england.made[0]), england.pages(_pages, each=100)
    with parley_server(england.deployed, workers=1) as served:
        warm(served.port, [asked.raw() for asked in first] * WARM_TIMES)
        before = served.memory()
        warm(served.port, [asked.raw() for asked in everywhere] * TIMES)
        after = served.memory()
    others = max(1, len(england.casts) - 1)
    return Part(
        name="memory",
        figures=[
            Figure(
                name="memory of a worker for each council",
                rounds=[(after - before) / others],
                wanted=WANTED_KB,
                at_most=True,
                unit=" kB",
            ),
            Figure(name=f"memory of a worker that serves {len(england.casts)}", rounds=[after / 1024], unit=" MB"),
        ],
    )


def _pages(cast: Cast, made: Sequence[Made]) -> tuple[Asked, ...]:
    """Return what people open at a council: what is about its rules, its lists, and a case."""
    return (
        *cast.opens(cast.family, "/", "/check/asker", "/requests"),
        *cast.family_pages(made)[:1],
        *cast.inbox(),
        *cast.case_pages(made)[:1],
    )

"""What other councils notice of one that asks for all it can get: they wait hardly longer, and only it is refused."""

from concurrent.futures import ThreadPoolExecutor

from bench.england import England
from bench.load import Measured, send, warm
from bench.options import Options, Run, bar
from bench.report import Figure, Part
from bench.stand import Server, parley_server

#: How many connections the noisy council keeps busy, and how many the others together.
NOISY, OTHERS = 32, 4
#: How much longer the slowest of the others may wait, at most.
P99_RATIO = 3.0
#: How much longer than the others are measured the noise lasts: it begins before them and ends after them.
AROUND_SECONDS = 2


def measure(run: Run) -> Part:
    """Measure the others in quiet and in noise, in turn."""
    england, options = run.few, run.options
    quiet: list[Measured] = []
    noisy: list[Measured] = []
    noise: list[Measured] = []
    show = bar(options.rounds, "Measuring noise")
    with parley_server(england.deployed) as served:
        warm(served.port, _pages(england))
        for number in range(options.rounds):
            quiet.append(_others(served, england, options))
            with ThreadPoolExecutor(1) as threads:
                making = threads.submit(_noise, served, england, options)
                noisy.append(_others(served, england, options))
                noise.append(making.result())
            show(number + 1)
    wrong = []
    if any(one.refused for one in noisy + quiet):
        wrong.append(f"other councils were told to wait {sum(one.refused for one in noisy + quiet):,} times")
    if not any(one.refused for one in noise):
        wrong.append("the noisy council was never told to wait: there was no noise")
    return Part(
        name="noise",
        figures=[
            Figure(
                name=f"others' p99 beside a council at {NOISY} connections, as times of that in quiet",
                rounds=[loud.p99_ms / calm.p99_ms for loud, calm in zip(noisy, quiet, strict=True)],
                wanted=P99_RATIO,
                at_most=True,
            ),
            Figure(name="others' p99 in quiet", rounds=[one.p99_ms for one in quiet], unit=" ms"),
            Figure(name="others' p99 in noise", rounds=[one.p99_ms for one in noisy], unit=" ms"),
        ],
        told=f"Told to wait: the noisy council {_sum(noise, 'refused')} times of {_sum(noise, 'requests')}, the others"
        f" {_sum(noisy, 'refused')} times of {_sum(noisy, 'requests')}.",
        wrong=wrong,
    )


def _sum(measured: list[Measured], what: str) -> str:
    return f"{sum(getattr(one, what) for one in measured):,}"


def _others(served: Server, england: England, options: Options) -> Measured:
    """Open pages at every council but the first."""
    return send(served.port, _pages(england), seconds=options.seconds, connections=OTHERS, may_be_refused=True)


def _pages(england: England) -> list[bytes]:
    return [
        asked.raw()
        for of in (
            lambda cast, _made: cast.inbox(),
            lambda cast, made: cast.family_pages(made),
            lambda cast, made: cast.case_pages(made),
        )
        for asked in england.pages(of, each=1)[1:]
    ]


def _noise(served: Server, england: England, options: Options) -> Measured:
    """Open the first council's list over and over."""
    inbox = [asked.raw() for asked in england.casts[0].inbox()]
    seconds = options.seconds + AROUND_SECONDS
    return send(served.port, inbox, seconds=seconds, connections=NOISY, may_be_refused=True)

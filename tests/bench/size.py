"""What size costs: many councils beside one, and many cases beside few, with the same pages in the same minutes.

The servers compared run side by side, and are asked in turn: what slows the machine slows each of them.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from bench.england import England
from bench.load import Measured, send, warm
from bench.options import Options, Run, bar
from bench.report import Figure, Part
from bench.scenes import Asked
from bench.stand import Server, parley_server

#: At 153 councils as at one, and at most.
P99_RATIO = 1.1
#: The speed of 1.5 million cases as a share of that of 15,000, at least.
SPEED_RATIO = 0.9

#: All of England: this many cases, made within this many seconds on two processors.
WHOLE, WRITING_SECONDS = 1_500_000, 300

#: The slowest in a hundred differ much from one moment to the next: so many times the rounds of other parts.
ROUNDS_MORE = 2

Of = Callable[[Measured], float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Side:
    """A deployment that is served, and what is asked of each of its pages."""

    server: Server
    england: England

    def asked(self, page: str, seconds: float) -> Measured:
        """Ask for a page, at every council in turn."""
        return send(self.server.port, (asked.raw() for asked in PAGES[page](self.england)), seconds=seconds)


#: Each page that is measured, by name: what opens it at every council.
PAGES: dict[str, Callable[[England], Sequence[Asked]]] = {
    "council inbox": lambda england: england.pages(lambda cast, _made: cast.inbox(), each=1),
    "family page": lambda england: england.pages(lambda cast, made: cast.family_pages(made), each=1),
    "case page": lambda england: england.pages(lambda cast, made: cast.case_pages(made), each=3),
    "provider's case page": lambda england: england.pages(lambda cast, made: cast.held_case(made), each=1),
    "provider list": lambda england: england.casts[0].provider_list(),
}
#: Pages of which nobody may notice how many councils there are beside their own.
AT_ONE_COUNCIL = ("council inbox", "family page")


def measure(run: Run) -> Part:
    """Measure both: how long the slowest wait at how many councils, and how many pages a second of how many cases."""
    options = run.options
    few, one = run.few, run.england("one", councils=1, cases=options.cases)
    many = run.england("all", councils=options.councils, cases=options.cases)
    waits: dict[str, list[float]] = {name: [] for name in AT_ONE_COUNCIL}
    speeds: dict[str, list[float]] = {name: [] for name in PAGES}
    with (
        parley_server(few.deployed) as few_served,
        parley_server(one.deployed) as one_served,
        parley_server(many.deployed) as many_served,
    ):
        all_of_them = Side(server=many_served, england=many)
        alone, little = Side(server=one_served, england=one), Side(server=few_served, england=few)
        for side in (all_of_them, alone, little):
            for page in PAGES:
                warm(side.server.port, (asked.raw() for asked in PAGES[page](side.england)))
        rounds = ROUNDS_MORE * options.rounds
        show = bar(rounds, "Measuring size")
        for number in range(rounds):
            for page, ratios in waits.items():
                ratios.append(_ratio(page, all_of_them, alone, lambda one: one.p99_ms, options, number))
            for page, ratios in speeds.items():
                ratios.append(_ratio(page, all_of_them, little, lambda one: one.rate, options, number))
            show(number + 1)
    return Part(name="size", figures=_figures(many, few, waits, speeds))


def _ratio(page: str, first: Side, second: Side, of: Of, options: Options, number: int) -> float:
    """Return what ``of`` says of the first side as a share of the second's; they take turns in going first."""
    order = (first, second) if number % 2 else (second, first)
    measured = {id(side): of(side.asked(page, options.seconds)) for side in order}
    return measured[id(first)] / measured[id(second)]


def _figures(
    many: England, few: England, waits: Mapping[str, Sequence[float]], speeds: Mapping[str, Sequence[float]]
) -> list[Figure]:
    is_whole = many.number_of_cases >= WHOLE
    return [
        Figure(
            name=f"writing {many.number_of_cases:,} cases at {len(many.casts)} councils",
            rounds=[many.seconds],
            wanted=WRITING_SECONDS if is_whole else None,
            at_most=True,
            unit=" s",
        ),
        *(
            Figure(
                name=f"{page}: p99 at {len(many.casts)} councils beside that at one",
                rounds=rounds,
                wanted=P99_RATIO,
                at_most=True,
            )
            for page, rounds in waits.items()
        ),
        *(
            Figure(
                name=f"{page}: speed with {many.number_of_cases:,} cases beside that with {few.number_of_cases:,}",
                rounds=rounds,
                wanted=SPEED_RATIO,
            )
            for page, rounds in speeds.items()
        ),
    ]
